package architectural

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

// autoencoder is a network r from points to points, with the squared reconstruction error as
// its energy:
//
//	E(y) = ‖y - r(y)‖²     ∂E/∂y = 2 (I - J)ᵀ(y - r(y)),   J = ∂r/∂y
//
// State: that of learn.Learner.
type autoencoder[T net.Float] struct {
	learn.Learner[T]
	learn.Shape

	mlp    *net.MLP[T]
	shown  *net.MLP[T] // with the average of the weights
	runner *net.Runner[T]

	rebuilt []r2.Vec // r(y) of the batch
	rebuild func(w *net.Workspace[T], grad []T, lo, hi int)
}

// begin makes a network of that shape with all weights 0.
func (a *autoencoder[T]) begin(s net.Spec, data []r2.Vec) {
	a.Learner.Begin(data, learn.Part{Net: s})
	a.mlp, a.shown, a.runner = a.Nets[0].MLP, a.Nets[0].Shown, a.Nets[0].Runner
	a.rebuild = a.rebuildBlock
}

// reconstruct takes the batch forward and back through the network, and returns the mean energy.
// Each point pulls its reconstruction.
//
//	L = mean ‖y - r(y)‖²
func (a *autoencoder[T]) reconstruct(u *ebm.Update) (loss float64) {
	a.rebuilt = learn.Resize(a.rebuilt, len(a.Y))
	a.runner.Blocks(u.For, len(a.Y), a.rebuild, a.mlp, a.Gradient)
	share := 1 / float64(len(a.Y))
	for i, y := range a.Y {
		loss += share * r2.Norm2(r2.Sub(y, a.rebuilt[i]))
		u.Trace.Down(y, a.rebuilt[i], share)
	}
	return loss
}

func (a *autoencoder[T]) rebuildBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	a.mlp.Forward(w, a.Y[lo:hi])
	slope := 2 / float64(len(a.Y))
	for i, y := range a.Y[lo:hi] {
		r := w.Point(i)
		a.rebuilt[lo+i] = r
		w.SetOutputGrad(i, r2.Scale(slope, r2.Sub(r, y)))
	}
	a.mlp.Backward(w, grad, false)
}

// Energy writes ‖y - r(y)‖².
func (a *autoencoder[T]) Energy(dst []float64, at []r2.Vec) { a.shown.Residual(dst, at) }

// Grad writes 2 (I - J)ᵀ(y - r(y)).
func (a *autoencoder[T]) Grad(dst, at []r2.Vec) { a.shown.ResidualGrad(dst, at) }

// Reconstruct writes r(y).
func (a *autoencoder[T]) Reconstruct(dst, at []r2.Vec) { a.shown.Map(dst, at) }
