package architectural

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

// How the network depends on z. A branch is an output: one pass computes g_z(y1) of a block of
// points for all z. On a line z is an input beside y1: a pass computes g(y1, z) of one point
// for all z.

// line reports whether z is an input.
func (m *latent[T]) line() bool { return m.Nets[0].MLP.Spec().In > 1 }

// pointsPerPass is how many points a pass takes: one if z is an input, with all its z.
func (m *latent[T]) pointsPerPass() int {
	if m.line() {
		return 1
	}
	return net.Block
}

// forBlocks runs body for all n points, pointsPerPass at a time.
func (m *latent[T]) forBlocks(parallel ebm.For, n int, body func(w *net.Workspace[T], grad []T, lo, hi int), g *net.MLP[T], grad []T) {
	m.Nets[0].Runner.Blocks(parallel, n*(net.Block/m.pointsPerPass()), body, g, grad)
}

// pointRange converts the range of a body of forBlocks to a range of points.
func (m *latent[T]) pointRange(lo, hi int) (int, int) {
	each := net.Block / m.pointsPerPass()
	return lo / each, hi / each
}

// forward computes g_z(y1) for at most pointsPerPass points; m.at is its index.
func (m *latent[T]) forward(g *net.MLP[T], w *net.Workspace[T], at []r2.Vec) {
	if !m.line() {
		g.Forward(w, at)
		return
	}
	for k, z := range m.z {
		w.In[k], w.In[net.Block+k] = T(at[0].X), T(z)
	}
	g.ForwardRows(w, len(m.z))
}

// at is the place of z among the outputs for point i.
func (m *latent[T]) at(z, i int) int {
	if m.line() {
		return z
	}
	return z*net.Block + i
}

// each takes points through the shown network and calls body for each block of them with its
// outputs. These depend on y1 alone, and a grid repeats the same y1 in each row: blocks above
// each other need one pass.
func (m *latent[T]) each(at []r2.Vec, body func(w *net.Workspace[T], lo, hi int)) {
	w := m.Nets[0].Shown.AcquireWorkspace()
	row := rowLength(at)
	for lo := 0; lo < row; lo += m.pointsPerPass() {
		hi := min(lo+m.pointsPerPass(), row)
		m.forward(m.Nets[0].Shown, w, at[lo:hi])
		for up := 0; lo+up < len(at); up += row {
			body(w, lo+up, min(hi+up, len(at)))
		}
	}
	m.Nets[0].Shown.ReleaseWorkspace(w)
}

// rowLength is the number of points after which y1 begins to repeat, from the first point
// to the last; that of all points if it never does.
func rowLength(at []r2.Vec) int {
	row := min(1, len(at))
	for row < len(at) && at[row].X != at[0].X {
		row++
	}
	for i := row; i < len(at); i++ {
		if at[i].X != at[i-row].X {
			return len(at)
		}
	}
	return row
}
