package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// checkQuick compares the energies that are drawn with those in float64, for numbers of
// points that fill blocks and that don't. They may be off by tol of what they are and, for
// the rounding of hundreds of steps, by tol of what they
// were in the beginning.
func checkQuick(t *testing.T, what string, quick, exact, start ebm.Model, tol float64) {
	t.Helper()
	at := append(scatter(195, 3), r2.Vec{}, r2.Vec{X: ebm.L, Y: -ebm.L})
	for _, n := range []int{1, 63, 64, 65, len(at)} {
		got, want, first := make([]float64, n), make([]float64, n), make([]float64, n)
		quick.Energy(got, at[:n])
		exact.Energy(want, at[:n])
		start.Energy(first, at[:n])
		for i := range got {
			if !(math.Abs(got[i]-want[i]) <= tol*(want[i]+first[i])) {
				t.Fatalf("%s: F(%v) = %v, in float64 %v (off by %.2g)", what, at[i], got[i], want[i], got[i]/want[i]-1)
			}
		}
	}
}

// TestQuickCodes compares iterated codes.
func TestQuickCodes(t *testing.T) {
	for _, k := range []int{2, 3, 20, 64} {
		for _, lambda := range []float64{1e-3, .2, 5} {
			for _, n := range []int{1, 2, 10, 100, 300} {
				for _, how := range []string{inferISTA, inferFISTA} {
					for _, nonneg := range []bool{false, true} {
						s := newSparse()
						s.k, s.lambda, s.iterations, s.inference, s.nonneg = k, lambda, n, how, nonneg
						s.Init(nil, rand.New(rand.NewPCG(uint64(k), 1)))
						quick, start := *s, *s
						quick.quick, start.lambda = true, 1e9 // no code pays
						checkQuick(t, fmt.Sprintf("sparse: K = %d, λ = %v, %d of %s, positive %v", k, lambda, n, how, nonneg), &quick, s, &start, 5e-6)
					}
				}
				m := newLCC()
				m.k, m.lambda, m.iterations, m.inference = k, lambda, n, inferFISTA
				m.Init(scatter(300, 1), rand.New(rand.NewPCG(uint64(k), 1)))
				quick, start := *m, *m
				quick.quick, start.iterations, start.lambda = true, 0, 1
				checkQuick(t, fmt.Sprintf("lcc: K = %d, λ = %v, %d iterations", k, lambda, n), &quick, m, &start, 5e-6)
			}
		}
	}
}
