package net

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/net/internal/kernel"
)

// Mixtures mixes K anchors of the plane, for up to Block points at once, each by its own
// weights, which are the softmax of K numbers. What a point gets does not depend on the others.
type Mixtures[T Float] struct {
	set  *kernel.Set[T]
	rows []T // [4][K]: 1, x, y and x² + y² of the anchors
	sums []T // [4][Block]: the same, mixed by weights that do not add up to 1
}

// NewMixtures returns memory for mixtures of any number of anchors, which belongs to one
// goroutine.
func NewMixtures[T Float]() *Mixtures[T] {
	return &Mixtures[T]{set: kernel.For[T](), sums: aligned[T](4 * Block)}
}

// Anchors sets the anchors.
func (m *Mixtures[T]) Anchors(x, y []float64) {
	k := len(x)
	if cap(m.rows) < 4*k {
		m.rows = make([]T, 4*k)
	}
	m.rows = m.rows[:4*k]
	for i := range x {
		m.rows[i], m.rows[k+i], m.rows[2*k+i], m.rows[3*k+i] = 1, T(x[i]), T(y[i]), T(x[i]*x[i]+y[i]*y[i])
	}
}

// Mix takes the numbers of all points, a[k*Block+i], times the sharpness; it changes them.
func (m *Mixtures[T]) Mix(a []T, sharpness T) {
	k := len(m.rows) / 4
	most := *(*[Block]T)(a)
	for lo := Block; lo < k*Block; lo += Block {
		for i, v := range (*[Block]T)(a[lo:]) {
			if v > most[i] {
				most[i] = v
			}
		}
	}
	for lo := 0; lo < k*Block; lo += Block {
		row := (*[Block]T)(a[lo:])
		for i := range row {
			row[i] = sharpness * (row[i] - most[i])
		}
	}
	m.set.Exp(a[:k*Block], a[:k*Block])
	m.set.Gemm(m.sums, m.rows, k, 1, a, nil, 4, k)
}

// At returns the mixture of the anchors for point i, and that of their squared lengths.
func (m *Mixtures[T]) At(i int) (mean r2.Vec, squared float64) {
	share := 1 / float64(m.sums[i])
	return r2.Vec{X: share * float64(m.sums[Block+i]), Y: share * float64(m.sums[2*Block+i])}, share * float64(m.sums[3*Block+i])
}
