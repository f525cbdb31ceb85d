package contrastive

import (
	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// energyNet is a network whose one output is the energy, E(y) = MLP(φ(y)). The methods
// built on it differ only in where they push up.
//
// The loss has a term that keeps energies bounded:
//
//	r (mean E(y⁺)² + mean E(y⁻)²)
//
// y⁺ being the points pushed down and y⁻ those pushed up. It bounds the mean gap between
// them by 1/r.
//
// Source: Y. Du and I. Mordatch, "Implicit generation and modeling with energy-based
// models", 2019.
type energyNet[T net.Float] struct {
	network[T]
	r float64

	toward, share float64                        // of the current push: its sign and 1/n
	weigh         func(i int, e float64) float64 // n.weight, bound once: binding allocates
}

func newEnergyNet[T net.Float](r float64) energyNet[T] {
	return energyNet[T]{network: newNetwork[T](), r: r}
}

// regulariser declares the knob r.
func (n *energyNet[T]) regulariser(k *ebm.Knobs) {
	k.Float(&n.r, "r", "r", 1e-4, 1e-1,
		"The penalty on large energies. 0: cliffs, from tens to tens of thousands high. Larger: lower hills; what is pushed up lies on average no more than 1/r above the data. 0.1: shallow.", ebm.OnLog, ebm.OrZero, ebm.Called("regulariser"))
}

func (n *energyNet[T]) begin(s net.Spec, data []r2.Vec) {
	n.network.begin(s, data)
	n.weigh = n.weight
}

func (n *energyNet[T]) weight(_ int, e float64) float64 { return n.share * (n.toward + 2*n.r*e) }

// The directions of push.
const (
	down = +1 // the loss falls as the energy falls there
	up   = -1
)

// push adds to the gradient that of ±mean E + r mean E² over the points at, and returns
// both means.
func (n *energyNet[T]) push(f ebm.For, direction float64, at []r2.Vec) (mean, square float64) {
	n.toward, n.share = direction, 1/float64(len(at))
	for _, e := range n.runner.Accumulate(f, n.mlp, n.Gradient, at, n.weigh) {
		mean += e * n.share
		square += e * e * n.share
	}
	return mean, square
}

func (n *energyNet[T]) Energy(dst []float64, at []r2.Vec) { n.shown.Energy(dst, at) }

func (n *energyNet[T]) Grad(dst, at []r2.Vec) { n.shown.Grad(dst, at) }
