package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkActivate takes a layer of 32 units on one block, with slopes.
func BenchmarkActivate(b *testing.B) {
	z, a, d := numbers(1, 32*Block, 4), make([]float32, 32*Block), make([]float32, 32*Block)
	for _, s := range Sets {
		for f := SiLU; f <= ReLU; f++ {
			b.Run(fmt.Sprintf("%s/%s", activationNames[f], s.Name), func(b *testing.B) {
				for b.Loop() {
					s.Activate(f, a, d, z)
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(z)), "ns/unit")
			})
		}
	}
}

// BenchmarkGemm takes a layer of 32 × 32 forward on one block.
func BenchmarkGemm(b *testing.B) {
	c, w, x, bias := make([]float32, 32*Block), numbers(2, 32*32, 1), numbers(3, 32*Block, 1), numbers(4, 32, 1)
	for _, s := range Sets {
		b.Run(s.Name, func(b *testing.B) {
			for b.Loop() {
				s.Gemm(c, w, 32, 1, x, bias, 32, 32)
			}
			b.ReportMetric(2*32*32*Block*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gflop/s")
		})
	}
}

// BenchmarkDots takes the gradient of a layer of 32 × 18 weights on one block.
func BenchmarkDots(b *testing.B) {
	c, x, y := make([]float32, 32*18), numbers(5, 32*Block, 1), numbers(6, 18*Block, 1)
	for _, s := range Sets {
		b.Run(s.Name, func(b *testing.B) {
			for b.Loop() {
				s.Dots(c, 18, x, y, 32, 18)
			}
			b.ReportMetric(2*32*18*Block*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gflop/s")
		})
	}
}
