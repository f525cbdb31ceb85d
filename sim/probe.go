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
	Path        []Point       `json:"path"`           // to the manifold: r(y), r(r(y)), … or down the gradient
	Slice       Slice         `json:"slice"`
}

// ProbeLatent is the energy of one value of the latent variable.
type ProbeLatent struct {
	Z float64    `json:"z"`
	E float64    `json:"E"`
	Y [2]float64 `json:"y"`
}

// Slice is the energy over y2 where y1 is given: what the model predicts of y2.
type Slice struct {
	Y1      float64   `json:"y1"`
	Y2      []float64 `json:"y2"`
	F       []float64 `json:"F"`
	Minima  []float64 `json:"minima"`         // the y2 at which F has a minimum
	Density []float64 `json:"density"`        // p(y2 | y1) ∝ exp(-βF), which integrates to 1
	Mean    *float64  `json:"mean,omitempty"` // of that density, which may well lie where nothing is
}

// Asking says how a point is probed. Its zero value asks as Run.Probe does.
type Asking struct {
	Beta float64   // of the slice's density; 0 stands for 1
	Way  infer.Way // of the path; "" stands for the reconstruction, where there is one
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
		Path: pairs(infer.Nearest(m, y, how.Way)), Slice: slice(infer.Given(m, infer.Y1, y.X, how.Beta)),
	}
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

func slice(s infer.Slice) Slice {
	out := Slice{Y1: s.Value, Y2: s.Other, F: s.F, Minima: s.Minima, Density: s.Density}
	if finite(s.Mean) {
		out.Mean = &s.Mean
	}
	return out
}
