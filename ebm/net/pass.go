package net

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// Forward takes at most Block points through the network. w.Out then holds the outputs,
// and w is ready for Backward.
func (m *MLP[T]) Forward(w *Workspace[T], at []r2.Vec) { m.forward(w, at, true) }

// Outputs is Forward without the results that Backward needs.
func (m *MLP[T]) Outputs(w *Workspace[T], at []r2.Vec) { m.forward(w, at, false) }

// ForwardRows is Forward for inputs that are no points of the plane, such as a latent
// code: the caller has filled the first n columns of w.In.
func (m *MLP[T]) ForwardRows(w *Workspace[T], n int) {
	w.n = n
	for i := range m.spec.In {
		clear(w.In[i*Block+n : (i+1)*Block])
	}
	m.pass(w, true)
}

// forward computes no slopes if no Backward will follow.
func (m *MLP[T]) forward(w *Workspace[T], at []r2.Vec, slopes bool) {
	if len(at) > Block {
		panic(fmt.Sprintf("net: %d points in one block of %d", len(at), Block))
	}
	m.load(w, at)
	m.pass(w, slopes)
}

// load writes the coordinates of the points to the first rows of the features. Lanes
// without a point get 0, so that nothing they compute can overflow.
func (m *MLP[T]) load(w *Workspace[T], at []r2.Vec) {
	w.n = len(at)
	x, y := w.x[0][:Block], w.DIn[:Block] // where Y goes if the network takes X alone
	if m.spec.In > 1 {
		y = w.x[0][Block : 2*Block]
	}
	m.set.Split(x, y, at)
	clear(x[len(at):])
	clear(y[len(at):])
}

// pass takes the loaded points through the layers.
func (m *MLP[T]) pass(w *Workspace[T], slopes bool) {
	m.set.Features(w.x[0], m.spec.In, m.spec.Harmonics, half)
	last := len(m.layers) - 1
	for i := range last - 1 {
		m.hidden(w, w.x[i+1], slopes, i, 0, m.layers[i].out)
	}
	if last == 0 {
		m.outputs(w, w.Out, w.x[0], 0, m.layers[0].in)
		return
	}
	n := m.layers[last].in
	for lo := 0; lo < n; lo += panel {
		hi := min(lo+panel, n)
		x, part := w.x[last], w.delta[0]
		if slopes {
			x = x[lo*Block:] // Backward will need them all
		}
		if lo == 0 {
			part = w.Out
		}
		m.hidden(w, x, slopes, last-1, lo, hi)
		m.outputs(w, part, x, lo, hi)
		if lo > 0 {
			m.set.Add(w.Out, part[:len(w.Out)])
		}
	}
}

// panel is how many units of the last hidden layer are computed before the outputs take
// them in: where no Backward follows, they can use the same memory again, and a wide
// network stays in the nearest cache. A product takes 4 or 6 rows at a time, and so many are
// whole turns of either.
const panel = 36

// hidden writes the units lo, …, hi-1 of hidden layer i to x.
func (m *MLP[T]) hidden(w *Workspace[T], x []T, slopes bool, i, lo, hi int) {
	l := m.layers[i]
	x = x[:(hi-lo)*Block]
	m.set.Gemm(x, m.params[l.w+lo*l.in:l.b], l.in, 1, w.x[i], m.params[l.b+lo:l.b+hi], hi-lo, l.in)
	var slope []T
	if slopes {
		slope = w.slope[i][lo*Block : hi*Block]
	}
	m.set.Activate(m.act, x, slope, x)
}

// outputs writes what the units lo, …, hi-1 of the last hidden layer, given in x, add to
// the outputs; the first of them bring the bias.
func (m *MLP[T]) outputs(w *Workspace[T], out, x []T, lo, hi int) {
	l := m.layers[len(m.layers)-1]
	var bias []T
	if lo == 0 {
		bias = m.params[l.b : l.b+l.out]
	}
	m.set.Gemm(out, m.params[l.w+lo:l.b], l.in, 1, x, bias, l.out, hi-lo)
}

// Backward goes back from the outputs of the last Forward, where w.DOut holds the
// derivative of a loss by each output. It adds the derivative by the parameters, summed
// over the points, to grad (nil: not wanted):
//
//	grad += Σ_i Σ_o DOut[o][i] ∂out_o(y_i)/∂θ
//
// and, if input, writes the derivative by the coordinates of each point to w.DIn. It
// clears the lanes of w.DOut that have no point.
func (m *MLP[T]) Backward(w *Workspace[T], grad []T, input bool) {
	for o := range m.spec.Out {
		clear(w.DOut[o*Block+w.n : (o+1)*Block])
	}
	delta := w.DOut
	for i := len(m.layers) - 1; i >= 0; i-- {
		l := m.layers[i]
		if grad != nil {
			m.set.Dots(grad[l.w:l.b], l.in, delta, w.x[i], l.out, l.in)
			m.set.Dots(grad[l.b:l.b+l.out], l.out, w.ones, delta, 1, l.out)
		}
		if i == 0 && !input {
			return
		}
		back := w.delta[i%2][:l.in*Block]
		if i > 0 {
			m.set.GemmMul(back, m.params[l.w:l.b], 1, l.in, delta, w.slope[i-1], l.in, l.out)
		} else {
			m.set.Gemm(back, m.params[l.w:l.b], 1, l.in, delta, nil, l.in, l.out)
		}
		delta = back
	}
	m.set.Fold(w.DIn, w.x[0], delta, m.spec.In, m.spec.Harmonics, math.Pi/half)
}

// EnergyGrad writes E(at[i]) to e (nil: not wanted) and ∂E/∂y to g for at most Block
// points. The network has one output.
func (m *MLP[T]) EnergyGrad(w *Workspace[T], e []float64, g, at []r2.Vec) {
	m.forward(w, at, true)
	for i := range at {
		w.DOut[i] = 1
		if e != nil {
			e[i] = float64(w.Out[i])
		}
	}
	m.Backward(w, nil, true)
	for i := range at {
		g[i] = w.input(i, m.spec.In)
	}
}

// input returns column i of DIn as a vector.
func (w *Workspace[T]) input(i, in int) r2.Vec {
	v := r2.Vec{X: float64(w.DIn[i])}
	if in > 1 {
		v.Y = float64(w.DIn[Block+i])
	}
	return v
}

// Energy writes the first output at at[i] to dst[i], for any number of points. Calls may
// run concurrently.
func (m *MLP[T]) Energy(dst []float64, at []r2.Vec) {
	w := m.AcquireWorkspace()
	for lo := 0; lo < len(at); lo += Block {
		hi := min(lo+Block, len(at))
		m.forward(w, at[lo:hi], false)
		m.set.Widen(dst[lo:hi], w.Out)
	}
	m.ReleaseWorkspace(w)
}

// Grad writes ∂E/∂y at at[i] to dst[i], for any number of points. Calls may run
// concurrently.
func (m *MLP[T]) Grad(dst, at []r2.Vec) {
	w := m.AcquireWorkspace()
	for lo := 0; lo < len(at); lo += Block {
		hi := min(lo+Block, len(at))
		m.EnergyGrad(w, nil, dst[lo:hi], at[lo:hi])
	}
	m.ReleaseWorkspace(w)
}

// Map writes the two outputs at at[i] to dst[i], as a point. Calls may run
// concurrently.
func (m *MLP[T]) Map(dst, at []r2.Vec) {
	w := m.AcquireWorkspace()
	for lo := 0; lo < len(at); lo += Block {
		hi := min(lo+Block, len(at))
		m.forward(w, at[lo:hi], false)
		for i := range at[lo:hi] {
			dst[lo+i] = r2.Vec{X: float64(w.Out[i]), Y: float64(w.Out[Block+i])}
		}
	}
	m.ReleaseWorkspace(w)
}
