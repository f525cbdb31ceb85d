package kernel

import (
	"fmt"
	"testing"
)

// BenchmarkActivate takes a layer of 32 units on one block, with slopes and without.
func BenchmarkActivate(b *testing.B) {
	z, a, d := numbers(1, 32*Block, 4), make([]float32, 32*Block), make([]float32, 32*Block)
	for _, s := range Sets {
		for f := SiLU; f <= ReLU; f++ {
			for _, part := range []struct {
				name string
				d    []float32
			}{{"value", nil}, {"slope", d}} {
				b.Run(fmt.Sprintf("%s/%s/%s", activationNames[f], part.name, s.Name), func(b *testing.B) {
					for b.Loop() {
						s.Activate(f, a, part.d, z)
					}
					b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(z)), "ns/unit")
				})
			}
		}
	}
}

// BenchmarkPeak does fused multiply-adds only.
func BenchmarkPeak(b *testing.B) {
	for _, s := range Sets {
		b.Run(s.Name, func(b *testing.B) {
			flops := 0
			for b.Loop() {
				flops += s.Peak(1 << 14)
			}
			b.ReportMetric(float64(flops)/b.Elapsed().Seconds()/1e9, "Gflop/s")
		})
	}
}

// BenchmarkGemm takes a square layer forward on one block.
func BenchmarkGemm(b *testing.B) {
	for _, n := range []int{32, 64, 128} {
		c, w, x, bias := make([]float32, n*Block), numbers(2, n*n, 1), numbers(3, n*Block, 1), numbers(4, n, 1)
		for _, s := range Sets {
			b.Run(fmt.Sprintf("%d/%s", n, s.Name), func(b *testing.B) {
				for b.Loop() {
					s.Gemm(c, w, n, 1, x, bias, n, n)
				}
				b.ReportMetric(2*float64(n*n*Block)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gflop/s")
			})
		}
	}
}

// BenchmarkDots takes the gradient of a layer's weights on one block.
func BenchmarkDots(b *testing.B) {
	for _, l := range []struct{ out, in int }{{32, 18}, {32, 32}, {64, 64}, {1, 32}} {
		c, x, y := make([]float32, l.out*l.in), numbers(5, l.out*Block, 1), numbers(6, l.in*Block, 1)
		for _, s := range Sets {
			b.Run(fmt.Sprintf("%dx%d/%s", l.out, l.in, s.Name), func(b *testing.B) {
				for b.Loop() {
					s.Dots(c, l.in, x, y, l.out, l.in)
				}
				b.ReportMetric(2*float64(l.out*l.in*Block)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gflop/s")
			})
		}
	}
}
