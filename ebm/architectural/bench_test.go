package architectural

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// grid returns the cell centres of an n×n grid over the box.
func grid(n int) []r2.Vec {
	at := make([]r2.Vec, n*n)
	for i := range at {
		at[i] = r2.Vec{X: ebm.L * (2*float64(i%n) + 1 - float64(n)) / float64(n), Y: ebm.L * (2*float64(i/n) + 1 - float64(n)) / float64(n)}
	}
	return at
}

// scatter returns n points spread uniformly over the box.
func scatter(n int, seed uint64) []r2.Vec {
	rng := rand.New(rand.NewPCG(seed, 0))
	at := make([]r2.Vec, n)
	for i := range at {
		at[i] = r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
	}
	return at
}

// BenchmarkEnergy times one 128×128 landscape with the default knobs.
func BenchmarkEnergy(b *testing.B) {
	at := grid(128)
	dst := make([]float64, len(at))
	for _, c := range ebm.Cards() {
		b.Run(c.ID, func(b *testing.B) {
			m := c.New()
			m.Init(scatter(1000, 1), rand.New(rand.NewPCG(1, 1)))
			for b.Loop() {
				m.Energy(dst, at)
			}
		})
	}
}

// BenchmarkStep times one step on 1000 points with the default knobs.
func BenchmarkStep(b *testing.B) {
	for _, c := range ebm.Cards() {
		b.Run(c.ID, func(b *testing.B) {
			m := c.New()
			rng := rand.New(rand.NewPCG(1, 1))
			m.Init(scatter(1000, 1), rng)
			u := ebm.NewUpdate(rng)
			for b.Loop() {
				u.Trace.Reset()
				m.Step(u)
			}
		})
	}
}
