package sim

import (
	"encoding/json"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Probe is what a model makes of one point. Parts that do not apply are missing in JSON.
type Probe struct {
	Y           [2]float64    `json:"y"`
	F           float64       `json:"F"`
	Grad        [2]float64    `json:"grad"`
	Reconstruct *[2]float64   `json:"reconstruct,omitempty"`
	Latents     []ProbeLatent `json:"latents,omitempty"`
	Best        *int          `json:"best,omitempty"` // which of the latents has the least energy
	Path        [][2]float64  `json:"path"`           // to the manifold: r(y), r(r(y)), … or down the gradient
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
	Density []float64 `json:"density"`        // p(y2 | y1) ∝ exp(-F), which integrates to 1
	Mean    *float64  `json:"mean,omitempty"` // of that density, which may well lie where nothing is
}

// Sizes of what is probed.
const (
	sliceCells = 201
	mostMoves  = 500
)

// Probe looks at the landscape from one point. It changes nothing. What is not finite is
// left out.
func (r *Run) Probe(y r2.Vec) Probe {
	m := r.model
	var e [1]float64
	m.Energy(e[:], []r2.Vec{y})
	p := Probe{Y: pair(y), F: e[0], Grad: pair(gradient(m, y)), Slice: slice(m, y.X)}
	if rm, ok := m.(ebm.Reconstructer); ok {
		to := pair(reconstruct(rm, y))
		p.Reconstruct = &to
		p.Path = iterate(rm, y)
	} else {
		p.Path = descend(m, y)
	}
	if l, ok := m.(ebm.Latent); ok {
		best := 0
		for i, z := range l.Latents(y) {
			p.Latents = append(p.Latents, ProbeLatent{z.Z, z.E, pair(z.Y)})
			if z.E < p.Latents[best].E {
				best = i
			}
		}
		if len(p.Latents) > 0 {
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

func gradient(m ebm.Model, y r2.Vec) r2.Vec {
	var g [1]r2.Vec
	ebm.Gradient(m, g[:], []r2.Vec{y})
	return g[0]
}

func reconstruct(m ebm.Reconstructer, y r2.Vec) r2.Vec {
	var to [1]r2.Vec
	m.Reconstruct(to[:], []r2.Vec{y})
	return to[0]
}

// iterate applies the reconstruction until it stands still: y, r(y), r(r(y)), …
func iterate(m ebm.Reconstructer, y r2.Vec) [][2]float64 {
	path := [][2]float64{pair(y)}
	for range mostMoves {
		next := reconstruct(m, y)
		if !drawable(next) || r2.Norm(r2.Sub(next, y)) < 1e-6 {
			break
		}
		y = next
		path = append(path, pair(y))
	}
	return path
}

// descend goes down the gradient with backtracking until it is flat: a step is taken if
// it lowers the energy by at least a ten-thousandth of what the slope promises (Armijo),
// otherwise a half as long one is tried.
func descend(m ebm.Model, y r2.Vec) [][2]float64 {
	path := [][2]float64{pair(y)}
	energy := func(at r2.Vec) float64 {
		var e [1]float64
		m.Energy(e[:], []r2.Vec{at})
		return e[0]
	}
	f, t := energy(y), 0.1
	for range mostMoves {
		g := gradient(m, y)
		slope := r2.Norm2(g)
		if !(slope > 1e-12) || math.IsInf(slope, 0) {
			break
		}
		t = min(2*t, 0.1/math.Sqrt(slope)) // never farther than 0.1 at once
		next := r2.Sub(y, r2.Scale(t, g))
		for ; t > 1e-12; t /= 2 {
			next = r2.Sub(y, r2.Scale(t, g))
			if e := energy(next); e <= f-1e-4*t*slope {
				f = e
				break
			}
		}
		if t <= 1e-12 || r2.Norm(r2.Sub(next, y)) < 1e-7 {
			break
		}
		y = next
		path = append(path, pair(y))
	}
	return path
}

// slice evaluates F along y1 = const.
func slice(m ebm.Model, y1 float64) Slice {
	s := Slice{Y1: y1, Y2: make([]float64, sliceCells), F: make([]float64, sliceCells), Density: make([]float64, sliceCells), Minima: []float64{}}
	floats.Span(s.Y2, -ebm.L, ebm.L)
	at := make([]r2.Vec, sliceCells)
	for i, y2 := range s.Y2 {
		at[i] = r2.Vec{X: y1, Y: y2}
	}
	m.Energy(s.F, at)
	h := s.Y2[1] - s.Y2[0]
	for i := 1; i < sliceCells-1; i++ {
		a, b, c := s.F[i-1], s.F[i], s.F[i+1]
		if b < a && b <= c {
			// The bottom of the parabola through the three.
			s.Minima = append(s.Minima, s.Y2[i]+h*(a-c)/(2*(a-2*b+c)))
		}
	}
	for i, f := range s.F {
		s.Density[i] = -f
	}
	logZ := floats.LogSumExp(s.Density) + math.Log(h)
	mean := 0.0
	for i := range s.Density {
		s.Density[i] = math.Exp(s.Density[i] - logZ)
		mean += h * s.Density[i] * s.Y2[i]
	}
	if finite(mean) {
		s.Mean = &mean
	}
	return s
}
