package net

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// plane returns n points, row after row over the box.
func plane(side int) []r2.Vec {
	at := make([]r2.Vec, 0, side*side)
	h := 2 * ebm.L / float64(side)
	for i := range side {
		for j := range side {
			at = append(at, r2.Vec{X: -ebm.L + (float64(j)+.5)*h, Y: -ebm.L + (float64(i)+.5)*h})
		}
	}
	return at
}

// BenchmarkGrid evaluates a grid of 256² points on one core.
func BenchmarkGrid(b *testing.B) {
	for _, width := range []int{32, 64} {
		for _, act := range []Activation{SiLU, Tanh} {
			b.Run(fmt.Sprintf("H=%d/act=%s/%s", width, act, Kernels()), func(b *testing.B) {
				m := New[float32](Spec{In: 2, Harmonics: 4, Hidden: []int{width, width}, Out: 1, Act: act})
				m.Init(rand.New(rand.NewPCG(1, 2)))
				at := plane(256)
				dst := make([]float64, len(at))
				for b.Loop() {
					m.Energy(dst, at)
				}
				b.ReportMetric(float64(b.N)*float64(len(at))/b.Elapsed().Seconds()/1e6, "Mpoints/s")
			})
		}
	}
}

// BenchmarkStep does the network's work in one step of contrastive divergence with 20
// Langevin steps on a batch of 128: 20 gradients by y, then two by θ, and Adam.
func BenchmarkStep(b *testing.B) {
	for _, width := range []int{32, 64} {
		b.Run(fmt.Sprintf("CD20/H=%d/%s", width, Kernels()), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			spec := Spec{In: 2, Harmonics: 4, Hidden: []int{width, width}, Out: 1, Act: SiLU}
			m, team := New[float32](spec), NewTeam[float32](spec)
			m.Init(rng)
			data := plane(12)[:128]
			chain, g := make([]r2.Vec, len(data)), make([]r2.Vec, len(data))
			grad, o, e, avg := make([]float32, spec.Params()), NewOptim[float32](spec.Params()), EMA[float32]{}, make([]float32, spec.Params())
			down := func(_ int, e float64) float64 { return (1 + .06*e) / 128 }
			up := func(_ int, e float64) float64 { return (-1 + .06*e) / 128 }
			b.ReportAllocs()
			for b.Loop() {
				copy(chain, data)
				for range 20 {
					team.EnergyGrad(ebm.Serial, m, nil, g, chain)
					for i := range chain {
						chain[i] = r2.Add(chain[i], r2.Scale(-1e-3, g[i]))
					}
				}
				clear(grad)
				team.Accumulate(ebm.Serial, m, grad, data, down)
				team.Accumulate(ebm.Serial, m, grad, chain, up)
				o.Step(Adam, m.Params(), grad, Rate(1e-2, 0), 10)
				e.Update(avg, m.Params())
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
