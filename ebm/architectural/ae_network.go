package architectural

import (
	"sync"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

// autoencoder is a network r that gives a point for a point, and an energy that is the
// squared distance between the two:
//
//	E(y) = ‖y - r(y)‖²     ∂E/∂y = 2 (I - J)ᵀ(y - r(y)),   J = ∂r/∂y
//
// State: that of learn.Learner.
type autoencoder[T net.Float] struct {
	learn.Learner[T]
	learn.Shape

	mlp   *net.MLP[T]
	shown *net.MLP[T] // with the average of the weights
	team  *net.Team[T]

	rebuilt []r2.Vec // r(y) of the batch
	rebuild func(w *net.Workspace[T], grad []T, lo, hi int)
	spare   sync.Pool // of *net.Workspace[T], for Grad
}

// begin makes a network of that shape with all weights 0, and forgets any earlier one.
func (a *autoencoder[T]) begin(s net.Spec, data []r2.Vec) {
	a.Learner.Begin(data, learn.Part{Net: s})
	a.mlp, a.shown, a.team = a.Nets[0].MLP, a.Nets[0].Shown, a.Nets[0].Team
	a.rebuild = a.rebuildBlock
	a.spare = sync.Pool{New: func() any { return net.NewWorkspace[T](s) }}
}

// reconstruct takes the batch through the network and back, and returns the mean energy.
// Each point pulls what the network makes of it.
//
//	L = mean ‖y - r(y)‖²
func (a *autoencoder[T]) reconstruct(u *ebm.Update) (loss float64) {
	a.rebuilt = learn.Sized(a.rebuilt, len(a.Y))
	a.team.Blocks(u.For, len(a.Y), a.rebuild, a.mlp, a.Gradient)
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
		r := planar(w.Out, i)
		a.rebuilt[lo+i] = r
		setPlanar(w.DOut, i, r2.Scale(slope, r2.Sub(r, y)))
	}
	a.mlp.Backward(w, grad, false)
}

// Energy writes ‖y - r(y)‖².
func (a *autoencoder[T]) Energy(dst []float64, at []r2.Vec) {
	var r [net.Block]r2.Vec
	for lo := 0; lo < len(at); lo += net.Block {
		block := at[lo:min(lo+net.Block, len(at))]
		a.shown.Map(r[:len(block)], block)
		for i, y := range block {
			dst[lo+i] = r2.Norm2(r2.Sub(y, r[i]))
		}
	}
}

// Grad writes 2 (I - J)ᵀ(y - r(y)); the product with Jᵀ is one pass back.
func (a *autoencoder[T]) Grad(dst, at []r2.Vec) {
	w := a.spare.Get().(*net.Workspace[T])
	for lo := 0; lo < len(at); lo += net.Block {
		block := at[lo:min(lo+net.Block, len(at))]
		a.shown.Forward(w, block)
		for i, y := range block {
			dst[lo+i] = r2.Sub(y, planar(w.Out, i))
			setPlanar(w.DOut, i, dst[lo+i])
		}
		a.shown.Backward(w, nil, true)
		for i := range block {
			dst[lo+i] = r2.Scale(2, r2.Sub(dst[lo+i], planar(w.DIn, i)))
		}
	}
	a.spare.Put(w)
}

// Reconstruct writes r(y).
func (a *autoencoder[T]) Reconstruct(dst, at []r2.Vec) { a.shown.Map(dst, at) }

// planar returns column i of the two rows of a workspace.
func planar[T net.Float](rows []T, i int) r2.Vec {
	return r2.Vec{X: float64(rows[i]), Y: float64(rows[net.Block+i])}
}

// setPlanar writes column i of the two rows of a workspace.
func setPlanar[T net.Float](rows []T, i int, v r2.Vec) {
	rows[i], rows[net.Block+i] = T(v.X), T(v.Y)
}
