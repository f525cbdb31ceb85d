package net_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ebmviz/ebm"
	. "ebmviz/ebm/net"
	"ebmviz/ebm/net/internal/kernel"
	"ebmviz/ebm/sampler"
	"ebmviz/sim/sched"

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

// BenchmarkGrid evaluates 256² points with a network of 2-H-H-1, on one core, and says
// how much of what the processor can multiply and add meanwhile that is.
func BenchmarkGrid(b *testing.B) {
	for _, width := range []int{32, 64, 128} {
		for _, act := range []Activation{Tanh, SiLU} {
			b.Run(fmt.Sprintf("H=%d/act=%s", width, act), func(b *testing.B) { benchGrid(b, width, act, 256) })
		}
	}
}

// BenchmarkGridPoints and BenchmarkGridWidth show how the time grows with the work.
func BenchmarkGridPoints(b *testing.B) {
	for _, side := range []int{64, 96, 128, 192, 256, 384, 512} {
		b.Run(fmt.Sprintf("side=%d", side), func(b *testing.B) { benchGrid(b, 64, Tanh, side) })
	}
}

func BenchmarkGridWidth(b *testing.B) {
	for _, width := range []int{16, 24, 32, 48, 64, 96, 128, 192, 256} {
		b.Run(fmt.Sprintf("H=%d", width), func(b *testing.B) { benchGrid(b, width, Tanh, 256) })
	}
}

func benchGrid(b *testing.B, width int, act Activation, side int) {
	m := New[float32](Spec{In: 2, Hidden: []int{width, width}, Out: 1, Act: act})
	m.Init(rand.New(rand.NewPCG(1, 2)))
	at := plane(side)
	dst := make([]float64, len(at))
	b.ReportAllocs()
	var peak peak
	for b.Loop() {
		m.Energy(dst, at)
		b.StopTimer()
		peak.measure()
		b.StartTimer()
	}
	points := float64(b.N) * float64(len(at)) / b.Elapsed().Seconds()
	b.ReportMetric(points/1e6, "Mpoints/s")
	if most := peak.rate(); most > 0 {
		b.ReportMetric(100*points*float64(2*(2*width+width*width+width))/most, "%peak")
	}
}

// peak is how many operations the set in use does if it does nothing else. It is measured in
// turns with what is compared with it, so that a machine that slows down slows down both.
type peak struct {
	flops int
	spent time.Duration
}

func (p *peak) measure() {
	start := time.Now()
	p.flops += kernel.Fast.Peak(1 << 17)
	p.spent += time.Since(start)
}

// rate is in operations per second.
func (p *peak) rate() float64 { return float64(p.flops) / p.spent.Seconds() }

// BenchmarkCD20 does one step of contrastive divergence with 20 steps of Langevin
// dynamics on a network of 2-H-H-1: 20 gradients by y with noise, two by θ, and Adam. The
// batch is spread over GOMAXPROCS cores.
func BenchmarkCD20(b *testing.B) {
	for _, c := range []struct{ width, batch int }{{64, 128}, {64, 512}, {64, 1024}, {128, 512}} {
		b.Run(fmt.Sprintf("H=%d/B=%d", c.width, c.batch), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			spec := Spec{In: 2, Hidden: []int{c.width, c.width}, Out: 1, Act: Tanh}
			m, runner := New[float32](spec), NewRunner[float32](spec)
			m.Init(rng)
			data := plane(32)[:c.batch]
			chain, g := make([]r2.Vec, len(data)), make([]r2.Vec, len(data))
			grad, o := make([]float32, spec.Params()), NewOptim[float32](spec.Params())
			n := float64(c.batch)
			down := func(_ int, e float64) float64 { return (1 + .06*e) / n }
			up := func(_ int, e float64) float64 { return (-1 + .06*e) / n }
			noise := make([]r2.Vec, 20*c.batch)
			walk := func(w *Workspace[float32], _ []float32, lo, hi int) {
				for k := range 20 {
					m.EnergyGrad(w, nil, g[lo:hi], chain[lo:hi])
					for i := lo; i < hi; i++ {
						n := noise[k*c.batch+i]
						chain[i].X += -1e-3*g[i].X + .01*n.X
						chain[i].Y += -1e-3*g[i].Y + .01*n.Y
					}
				}
			}
			cores := sched.Parallel()
			b.ReportAllocs()
			for b.Loop() {
				copy(chain, data)
				sampler.Normal(noise, rng)
				runner.Blocks(cores, c.batch, walk, m, nil)
				clear(grad)
				runner.Accumulate(cores, m, grad, data, down)
				runner.Accumulate(cores, m, grad, chain, up)
				o.Step(Adam, m.Params(), grad, Rate(1e-3, 0), 10)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
