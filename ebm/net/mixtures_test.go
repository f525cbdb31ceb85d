package net

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// TestMixtures compares mixtures with their definition, for weights that are even, sharp and
// beyond the range of the exponential, and finds a NaN again.
func TestMixtures(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, k := range []int{1, 2, 31, 64} {
		x, y := make([]float64, k), make([]float64, k)
		a := make([]float32, k*Block)
		for i := range x {
			x[i], y[i] = 3*rng.Float64()-1.5, 3*rng.Float64()-1.5
		}
		for i := range a {
			a[i] = float32(math.Pow(10, float64(i%Block)/16-1) * rng.NormFloat64())
		}
		if k > 1 {
			a[Block+5] = float32(math.NaN())
		}
		m := NewMixtures[float32]()
		m.Anchors(x, y)
		given := append([]float32(nil), a...)
		m.Mix(a, 4)
		for i := range Block {
			most, sum, squared, mean := math.Inf(-1), 0., 0., r2.Vec{}
			for j := range k {
				most = math.Max(most, 4*float64(given[j*Block+i]))
			}
			for j := range k {
				z := math.Exp(4*float64(given[j*Block+i]) - most)
				sum += z
				mean = r2.Add(mean, r2.Vec{X: z * x[j], Y: z * y[j]})
				squared += z * (x[j]*x[j] + y[j]*y[j])
			}
			mean, squared = r2.Scale(1/sum, mean), squared/sum
			got, far := m.At(i)
			if off := r2.Norm(r2.Sub(got, mean)) + math.Abs(far-squared); !(off < 2e-5) && !(math.IsNaN(squared) && math.IsNaN(far)) {
				t.Errorf("%d anchors, point %d: %v, %v; want %v, %v", k, i, got, far, mean, squared)
			}
		}
	}
}
