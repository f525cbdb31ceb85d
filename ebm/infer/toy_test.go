package infer

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// fixedModel is a model without knobs that does not learn.
type fixedModel struct{}

func (fixedModel) Knobs(*ebm.Knobs)        {}
func (fixedModel) Init([]r2.Vec, ebm.Rand) {}
func (fixedModel) Step(*ebm.Update)        {}

// field is an energy given as a function.
type field struct {
	fixedModel
	f func(y r2.Vec) float64
}

func (m field) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = m.f(y)
	}
}

// wells is a latent model: E(y, z) = scale ‖y - w_z‖² + cost_z.
type wells struct {
	fixedModel
	w     []r2.Vec
	cost  []float64
	scale float64
}

func (m wells) Latents(y r2.Vec) (all []ebm.LatentEnergy) {
	for z, w := range m.w {
		all = append(all, ebm.LatentEnergy{Z: float64(z), E: m.scale*r2.Norm2(r2.Sub(y, w)) + m.cost[z], Y: w})
	}
	return all
}

func (m wells) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = math.Inf(1)
		for _, l := range m.Latents(y) {
			dst[i] = min(dst[i], l.E)
		}
	}
}

func (m wells) Reconstruct(dst, at []r2.Vec) {
	for i, y := range at {
		all, z := Latents(m, y)
		dst[i] = all[z].Y
	}
}

// mirror reconstructs every point as another, and has no energy worth asking for.
type mirror struct {
	field
	r func(y r2.Vec) r2.Vec
}

func (m mirror) Reconstruct(dst, at []r2.Vec) {
	for i, y := range at {
		dst[i] = m.r(y)
	}
}

// energies returns E(y, z) over all z.
func energies(all []ebm.LatentEnergy) []float64 {
	e := make([]float64, len(all))
	for i, l := range all {
		e[i] = l.E
	}
	return e
}
