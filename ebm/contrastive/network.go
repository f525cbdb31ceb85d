package contrastive

import (
	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// network is a network that learns from batches: its shape and its optimiser as knobs,
// its weights, and the average of the weights, which is what is shown.
//
// State: that of learn.Learner.
type network[T net.Float] struct {
	learn.Learner[T]
	learn.Shape
	start string // the energy before the first step: random or two wells

	mlp    *net.MLP[T]
	shown  *net.MLP[T] // with the average of the weights
	runner *net.Runner[T]
}

func newNetwork[T net.Float]() network[T] {
	return network[T]{Learner: learn.New[T](), Shape: learn.DefaultShape(), start: learn.StartRandom}
}

// knobs declares the knobs of the network and its training, which follow the method's own.
func (n *network[T]) knobs(k *ebm.Knobs) {
	n.Learner.Knobs(k)
	n.Shape.Knobs(k)
	learn.StartKnob(k, &n.start)
}

// spec returns the shape that the knobs specify.
func (n *network[T]) spec(out int) net.Spec { return n.Shape.Spec(2, out) }

// begin makes a network of that shape with all weights 0.
func (n *network[T]) begin(s net.Spec, data []r2.Vec) {
	n.Learner.Begin(data, learn.Part{Net: s})
	n.mlp, n.shown, n.runner = n.Nets[0].MLP, n.Nets[0].Shown, n.Nets[0].Runner
}

// randomise draws the weights and, for a start at two wells, fits them; their average begins
// as a copy.
func (n *network[T]) randomise(rng ebm.Rand) {
	n.Randomise(rng)
	if n.start == learn.StartTwoWells {
		n.FitTwoWells()
	}
	n.InitAverage()
}
