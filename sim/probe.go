package sim

import (
	"encoding/json"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
)

// Probe is what a model makes of one point. Parts that do not apply are missing in JSON.
type Probe struct {
	Y           [2]float64    `json:"y"`
	F           float64       `json:"F"`
	Grad        [2]float64    `json:"grad"`
	Reconstruct *[2]float64   `json:"reconstruct,omitempty"`
	Latents     []ProbeLatent `json:"latents,omitempty"`
	Best        *int          `json:"best,omitempty"` // which of the latents has the least energy
	Free        *float64      `json:"free,omitempty"` // the free energy of the latents at β: between their mean and their least
	Path        []Point       `json:"path"`           // to the manifold: r(y), r(r(y)), … or down the gradient
	Slice       Slice         `json:"slice"`
	Across      Across        `json:"across"`
}

// ProbeLatent is the energy of one value of the latent variable.
type ProbeLatent struct {
	Z float64    `json:"z"`
	E float64    `json:"E"`
	Y [2]float64 `json:"y"`
}

// Slice is the energy over y2 where y1 is given: what the model predicts of y2.
type Slice struct {
	Y1 float64   `json:"y1"`
	Y2 []float64 `json:"y2"`
	Profile
	Regression *float64 `json:"regression,omitempty"` // what least squares says of y2 at this y1
}

// Across is the energy over y1 where y2 is given.
type Across struct {
	Y2 float64   `json:"y2"`
	Y1 []float64 `json:"y1"`
	Profile
}

// Profile is the energy over the coordinate that is not given.
type Profile struct {
	F       []float64 `json:"F"`
	Minima  []float64 `json:"minima"`         // where F has a minimum
	Density []float64 `json:"density"`        // given the other coordinate: ∝ exp(-βF), integrates to 1
	Mean    *float64  `json:"mean,omitempty"` // of that density, which may well lie where nothing is
}

// Asking says how a point is probed. Its zero value asks as Run.Probe does.
type Asking struct {
	Beta float64      // of densities and of the free energy; 0 stands for 1
	Way  infer.Method // of the path; "" stands for the reconstruction, where there is one
}

// Probe looks at the landscape from one point. It changes nothing. What is not finite is
// left out.
func (r *Run) Probe(y r2.Vec) Probe { return r.Ask(y, Asking{}) }

// Ask is Probe with a say in how.
func (r *Run) Ask(y r2.Vec, how Asking) Probe {
	if how.Beta == 0 {
		how.Beta = 1
	}
	if how.Way == "" {
		how.Way = infer.Reconstruction
	}
	m := r.model
	var e [1]float64
	m.Energy(e[:], []r2.Vec{y})
	p := Probe{
		Y: pair(y), F: e[0], Grad: pair(infer.Gradient(m, y)),
		Path: Pairs(infer.Nearest(m, y, how.Way)),
	}
	along, across := infer.Given(m, infer.Y1, y.X, how.Beta), infer.Given(m, infer.Y2, y.Y, how.Beta)
	p.Slice = Slice{Y1: along.Value, Y2: along.Other, Profile: profile(along)}
	if y2, ok := infer.Regression(r.cloud.points, y.X); ok {
		p.Slice.Regression = &y2
	}
	p.Across = Across{across.Value, across.Other, profile(across)}
	if rm, ok := m.(ebm.Reconstructer); ok {
		to := pair(infer.Reconstruct(rm, y))
		p.Reconstruct = &to
	}
	if l, ok := m.(ebm.Latent); ok {
		all, best := infer.Latents(l, y)
		for _, z := range all {
			p.Latents = append(p.Latents, ProbeLatent{z.Z, z.E, pair(z.Y)})
		}
		if best >= 0 {
			p.Best = &best
			e := make([]float64, len(all))
			for i, z := range all {
				e[i] = z.E
			}
			if free := infer.FreeEnergy(e, how.Beta); finite(free) {
				p.Free = &free
			}
		}
	}
	return p
}

// MarshalJSON writes null for the numbers that are not finite, which JSON cannot hold.
func (p Probe) MarshalJSON() ([]byte, error) {
	type plain Probe // without this method
	text, err := json.Marshal(plain(p))
	if err == nil {
		return text, nil
	}
	return json.Marshal(struct {
		Y [2]float64 `json:"y"`
		F *float64   `json:"F"`
	}{Y: p.Y})
}

func pair(y r2.Vec) [2]float64 { return [2]float64{y.X, y.Y} }

func profile(s infer.Slice) Profile {
	out := Profile{F: s.F, Minima: s.Minima, Density: s.Density}
	if finite(s.Mean) {
		out.Mean = &s.Mean
	}
	return out
}
