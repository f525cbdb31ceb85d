package net

import "ebmviz/ebm/net/internal/kernel"

// Side is how many columns and rows of points ExpSums takes.
const Side = kernel.Side

// expSumTerms is how many terms are summed up in T before they go to a longer sum.
const expSumTerms = 256

// ExpSums sums exponentials that are linear in u and v over a lattice of up to Side × Side
// places: sum[i*Side+p] is
//
//	Σ_j e^(b_j + x_j u_p) e^(y_j v_i)
//
// On a grid of points the density of a mixture of thousands of Gaussians of one width is
// such a sum, and in this form it needs a few exponentials for each row and column in place
// of one for each point. In float32 exponents are clamped to ±87. A sum does not depend on
// the others.
type ExpSums[T Float] struct {
	U, V [Side]T // the columns and rows
	Sum  [Side * Side]T

	set  *kernel.Set[T]
	none [expSumTerms]T
	a, b []T
}

// NewExpSums returns memory for sums, which belongs to one goroutine.
func NewExpSums[T Float]() *ExpSums[T] {
	return &ExpSums[T]{set: kernel.For[T](), a: aligned[T](expSumTerms * Side), b: aligned[T](expSumTerms * Side)}
}

// Add sets Sum for the first rows.
func (s *ExpSums[T]) Add(b, x, y []T, rows int) {
	clear(s.Sum[:])
	for lo := 0; lo < len(b); lo += expSumTerms {
		hi := min(lo+expSumTerms, len(b))
		s.set.Powers(s.a, s.none[:hi-lo], y[lo:hi], s.V[:])
		s.set.Powers(s.b, b[lo:hi], x[lo:hi], s.U[:])
		s.set.Outer(s.Sum[:], s.a, s.b, rows, hi-lo)
	}
}
