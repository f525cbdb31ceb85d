package learn

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// The energies that a network may start from.
const (
	StartRandom   = "random"    // that of its random weights
	StartTwoWells = "two wells" // see [Learner.FitTwoWells]
)

// StartKnob declares the knob that chooses one.
func StartKnob(k *ebm.Knobs, start *string) {
	k.Choice(start, "start", `E_0`, []string{StartRandom, StartTwoWells},
		"The landscape before the first step. random: that of random weights, nearly flat. two wells: that of the lecture's Figs 6, 7 and 10. It is low in two places, whatever the data, and one sees how the method corrects it.", ebm.Restarts)
}

// Two wells are the landscape of the lecture's Figures 6, 7 and 10, at the scale of the
// dataset topographic, whose axes show v = 3.6 y + (0, 0.6):
//
//	Z(y) = exp(-(v1/1.5)² - (v2/2)²) + exp(-(v1-2)² - (v2-2)²)
const (
	wellScale  = 3.6
	wellOffset = .6
	wellDepth  = 4       // of the energy of a network with one output
	wellMax    = 1.06669 // of Z, at the bottom of the well on the right
)

// wellBottom is the place of that maximum, v = (1.938, 1.965).
var wellBottom = r2.Vec{X: 1.938 / wellScale, Y: (1.965 - wellOffset) / wellScale}

// wells returns Z.
func wells(y r2.Vec) float64 {
	v1, v2 := wellScale*y.X, wellScale*y.Y+wellOffset
	gauss := func(x1, x2 float64) float64 { return math.Exp(-x1*x1 - x2*x2) }
	return gauss(v1/1.5, v2/2) + gauss(v1-2, v2-2)
}

// TwoWells returns the energy that FitTwoWells fits a network with so many outputs to:
//
//	1 output:   E(y) = -4 Z(y)
//	2 outputs:  E(y) = (1.0667 - Z(y)) / 3.6²,  from 0 at the bottom of the well on the right
//
// The second is near that bottom the squared distance from it.
func TwoWells(outputs int, y r2.Vec) float64 {
	if outputs == 1 {
		return -wellDepth * wells(y)
	}
	return max(0, wellMax-wells(y)) / (wellScale * wellScale)
}

// reconstruction returns an r(y) for which ‖y - r(y)‖² is the energy: it moves every point
// towards the bottom of the well on the right. Arrows to both wells would need a third place
// of energy 0 between them.
func reconstruction(y r2.Vec) r2.Vec {
	way := r2.Sub(wellBottom, y)
	if length := r2.Norm(way); length > 0 {
		way = r2.Scale(math.Sqrt(TwoWells(2, y))/length, way)
	}
	return r2.Add(y, way)
}

// The fit: steps of Adam on a grid that covers the box.
const (
	fitSide  = 24 // points along each side of the grid
	fitSteps = 1000
	fitRate  = 2e-2
)

// FitTwoWells trains the first network until its energy is that of TwoWells: the output if it
// has one, ‖y - r(y)‖² if the output is a point r(y). It draws no random numbers. It minimises
// the mean square error of the outputs, at a rate that falls to 0 along half a cosine.
func (l *Learner[T]) FitTwoWells() {
	n := l.Nets[0]
	outputs := n.MLP.Spec().Out
	at, want := make([]r2.Vec, fitSide*fitSide), make([]r2.Vec, fitSide*fitSide)
	for i := range at {
		const h = 2 * ebm.L / (fitSide - 1)
		at[i] = r2.Vec{X: -ebm.L + h*float64(i%fitSide), Y: -ebm.L + h*float64(i/fitSide)}
		if want[i] = reconstruction(at[i]); outputs == 1 {
			want[i] = r2.Vec{X: TwoWells(1, at[i])}
		}
	}
	slope := 2 / float64(len(at))
	fit := func(w *net.Workspace[T], grad []T, lo, hi int) {
		n.MLP.Forward(w, at[lo:hi])
		for i, to := range want[lo:hi] {
			if outputs == 1 {
				w.DOut[i] = T(slope * (float64(w.Out[i]) - to.X))
			} else {
				w.SetOutputGrad(i, r2.Scale(slope, r2.Sub(w.Point(i), to)))
			}
		}
		n.MLP.Backward(w, grad, false)
	}
	optim := net.NewOptim[T](len(n.Grad))
	steps := fitSteps * outputs // a point takes longer than a number
	for t := range steps {
		clear(n.Grad)
		n.Runner.Blocks(ebm.Serial, len(at), fit, n.MLP, n.Grad)
		rate := fitRate / 2 * (1 + math.Cos(math.Pi*float64(t)/float64(steps)))
		optim.Step(net.Adam, n.MLP.Params(), n.Grad, rate, 0)
	}
	clear(n.Grad)
}
