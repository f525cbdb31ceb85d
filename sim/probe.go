package sim

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
)

// Probe is what a model says of one point. What does not apply is nil or NaN.
type Probe struct {
	At          r2.Vec
	Energy      float64
	Gradient    r2.Vec
	Reconstruct *r2.Vec // r(y)
	Latents     []ebm.LatentEnergy
	Best        int         // which of the latents has the least energy; -1 if there are none
	FreeEnergy  float64     // of the latents at β: between their mean and their least energy
	Path        []r2.Vec    // to the manifold: r(y), r(r(y)), … or down the gradient
	Slice       infer.Slice // over y2 where y1 is given: what the model predicts of y2
	Regression  *float64    // what least squares predicts of y2
	Across      infer.Slice // over y1 where y2 is given
}

// ProbeOptions says how a point is probed. The zero value is β = 1 and the path of the
// reconstruction, where there is one.
type ProbeOptions struct {
	Beta float64 // of densities and of the free energy; 0 stands for 1
	Path infer.Method
}

// Probe evaluates the landscape at and around a point. It changes nothing.
func (r *Run) Probe(y r2.Vec, o ProbeOptions) Probe {
	if o.Beta == 0 {
		o.Beta = 1
	}
	if o.Path == "" {
		o.Path = infer.Reconstruction
	}
	m := r.state.model
	var e [1]float64
	m.Energy(e[:], []r2.Vec{y})
	p := Probe{
		At: y, Energy: e[0], Gradient: infer.Gradient(m, y),
		Path:  infer.Nearest(m, y, o.Path),
		Slice: infer.Given(m, infer.Y1, y.X, o.Beta), Across: infer.Given(m, infer.Y2, y.Y, o.Beta),
		Best: -1, FreeEnergy: math.NaN(),
	}
	if y2, ok := infer.Regression(r.dataset.points, y.X); ok {
		p.Regression = &y2
	}
	if rm, ok := m.(ebm.Reconstructer); ok {
		to := infer.Reconstruct(rm, y)
		p.Reconstruct = &to
	}
	if l, ok := m.(ebm.Latent); ok {
		p.Latents, p.Best = infer.Latents(l, y)
		if p.Best >= 0 {
			e := make([]float64, len(p.Latents))
			for i, z := range p.Latents {
				e[i] = z.E
			}
			p.FreeEnergy = infer.FreeEnergy(e, o.Beta)
		}
	}
	return p
}
