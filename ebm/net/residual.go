package net

import "gonum.org/v1/gonum/spatial/r2"

// Residual writes the energy of a network r from points to points, the squared distance by
// which it moves each, to dst:
//
//	E(y) = ‖y - r(y)‖²
//
// for any number of points. Calls may run concurrently.
func (m *MLP[T]) Residual(dst []float64, at []r2.Vec) {
	var r [Block]r2.Vec
	for lo := 0; lo < len(at); lo += Block {
		block := at[lo:min(lo+Block, len(at))]
		m.Map(r[:len(block)], block)
		for i, y := range block {
			dst[lo+i] = r2.Norm2(r2.Sub(y, r[i]))
		}
	}
}

// ResidualGrad writes the slope of that energy to dst:
//
//	∂E/∂y = 2 (I - J)ᵀ(y - r(y)),  J = ∂r/∂y
//
// The product with Jᵀ is one pass back. Calls may run concurrently.
func (m *MLP[T]) ResidualGrad(dst, at []r2.Vec) {
	w := m.AcquireWorkspace()
	for lo := 0; lo < len(at); lo += Block {
		block := at[lo:min(lo+Block, len(at))]
		m.Forward(w, block)
		for i, y := range block {
			dst[lo+i] = r2.Sub(y, w.Point(i))
			w.SetOutputGrad(i, dst[lo+i])
		}
		m.Backward(w, nil, true)
		for i := range block {
			dst[lo+i] = r2.Scale(2, r2.Sub(dst[lo+i], w.InputGrad(i)))
		}
	}
	m.ReleaseWorkspace(w)
}

// Point returns the two outputs of point i.
func (w *Workspace[T]) Point(i int) r2.Vec { return column(w.Out, i) }

// SetOutputGrad sets the derivative of a loss by the two outputs of point i.
func (w *Workspace[T]) SetOutputGrad(i int, by r2.Vec) {
	w.DOut[i], w.DOut[Block+i] = T(by.X), T(by.Y)
}

// InputGrad returns the derivative by the two coordinates of point i, after Backward.
func (w *Workspace[T]) InputGrad(i int) r2.Vec { return column(w.DIn, i) }

func column[T Float](rows []T, i int) r2.Vec {
	return r2.Vec{X: float64(rows[i]), Y: float64(rows[Block+i])}
}
