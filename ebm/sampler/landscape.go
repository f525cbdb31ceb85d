package sampler

import (
	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// On returns the landscape of a model as a target: any model, trained or not. It may be
// used by several goroutines, but not while the model makes a step.
func On(m ebm.Model) Target { return landscape{m} }

type landscape struct{ model ebm.Model }

func (l landscape) EnergyGrad(e []float64, g, at []r2.Vec) {
	l.model.Energy(e, at)
	ebm.Gradient(l.model, g, at)
}

func (l landscape) Energy(e []float64, at []r2.Vec) { l.model.Energy(e, at) }
