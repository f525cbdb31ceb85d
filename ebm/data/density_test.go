package data

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
)

// uniform returns n points of the box.
func uniform(n int) []r2.Vec {
	rng := rand.New(rand.NewPCG(1, 1))
	at := make([]r2.Vec, n)
	for i := range at {
		at[i] = r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
	}
	return at
}

// cells returns the middles of g×g cells of the box.
func cells(g int) []r2.Vec {
	at := make([]r2.Vec, g*g)
	for i := range at {
		at[i] = r2.Vec{X: -ebm.L + 2*ebm.L*(float64(i%g)+0.5)/float64(g), Y: -ebm.L + 2*ebm.L*(float64(i/g)+0.5)/float64(g)}
	}
	return at
}

func TestDensityIntegratesToOne(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	for _, id := range shown() {
		for _, noise := range []float64{0.015, 0.05, 0.12, 0.3} {
			t.Run(fmt.Sprint(id, noise), func(t *testing.T) {
				t.Parallel()
				set := with(t, id, map[string]any{"data.noise": noise})
				g := 100
				if noise < 0.03 {
					g = 200
				}
				logp := make([]float64, g*g)
				set.LogDensity(logp, cells(g))
				mass := 0.0
				for _, l := range logp {
					mass += math.Exp(l) * ebm.Area / float64(g*g)
				}
				if !(math.Abs(mass-1) < 1e-3) {
					t.Errorf("integrates to %v", mass)
				}
			})
		}
	}
}

// Leaving out the far centres changes nothing that float64 can show.
func TestDensityIsTheWholeSum(t *testing.T) {
	at := append(uniform(200), r2.Vec{}, r2.Vec{X: ebm.L, Y: -ebm.L})
	got := make([]float64, len(at))
	for _, c := range []struct {
		name    string
		centres []r2.Vec
	}{
		{"spiral", quantiles(spiral, 1500)},
		{"rings", quantiles(rings, 1500)},
		{"gaussians", quantiles(gaussians, 8)},
		{"scattered", uniform(1001)},
		{"one", []r2.Vec{{X: 0.3, Y: 0.1}}},
	} {
		for _, sigma := range []float64{0.005, 0.04, 0.3} {
			m := newMixture(c.centres, sigma)
			m.logDensity(got, at)
			mass := 0.0
			for _, y := range c.centres {
				mass += inside(y.X, sigma) * inside(y.Y, sigma)
			}
			terms := make([]float64, len(c.centres))
			for i, y := range at {
				for j, centre := range c.centres {
					terms[j] = -r2.Norm2(r2.Sub(y, centre)) / (2 * sigma * sigma)
				}
				want := floats.LogSumExp(terms) - math.Log(2*math.Pi*sigma*sigma*mass)
				if math.Abs(got[i]-want) > 1e-12*(1+math.Abs(want)) {
					t.Fatalf("%s, σ = %v: log p(%v) = %v, want %v", c.name, sigma, y, got[i], want)
				}
			}
		}
	}
}

func TestDecay(t *testing.T) {
	for x := 0.0; x < 700; x += 0.0137 {
		if got, want := decay(x), math.Exp(-x); math.Abs(got-want) > 2e-15*want*(1+x/4) {
			t.Fatalf("e^-%v = %v, want %v", x, got, want)
		}
	}
}

// More noise than the box holds is cut off, in the samples as in the density.
func TestDensityIsThatOfTheSamples(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	const n, g = 200_000, 6
	for _, id := range shown() {
		set := with(t, id, map[string]any{"data.noise": 0.25})
		points := make([]r2.Vec, n)
		set.Sample(points, rand.New(rand.NewPCG(2, 3)))
		var count [g * g]float64
		for _, y := range points {
			i, j := int((y.X+ebm.L)/(2*ebm.L)*g), int((y.Y+ebm.L)/(2*ebm.L)*g)
			count[j*g+i]++
		}
		const fine = 120
		logp := make([]float64, fine*fine)
		set.LogDensity(logp, cells(fine))
		var expect [g * g]float64
		for i, l := range logp {
			expect[(i/fine)/(fine/g)*g+(i%fine)/(fine/g)] += n * math.Exp(l) * ebm.Area / (fine * fine)
		}
		for i := range count {
			if math.Abs(count[i]-expect[i]) > 5*math.Sqrt(expect[i])+20 {
				t.Errorf("%s: %v points in cell %d, want %.0f", id, count[i], i, expect[i])
			}
		}
	}
}

func TestDensityWithoutNoise(t *testing.T) {
	at := []r2.Vec{{X: 0.1, Y: 0.2}}
	got := []float64{0}
	for _, noise := range []float64{0, 1e-6} {
		set := with(t, "spiral", map[string]any{"data.noise": noise})
		if set.LogDensity(got, at); !math.IsNaN(got[0]) {
			t.Errorf("noise %v: log p = %v where there is none", noise, got[0])
		}
		if set.(Skeleton).Distance(got, at); !math.IsNaN(got[0]) {
			t.Errorf("noise %v: %v σ from the skeleton", noise, got[0])
		}
	}
}

// The density follows the knobs.
func TestDensityFollowsTheNoise(t *testing.T) {
	set := with(t, "rings", nil)
	k := ebm.NewKnobs("rings")
	set.Knobs(k)
	at, got, want := uniform(5), make([]float64, 5), make([]float64, 5)
	set.LogDensity(got, at)
	for _, noise := range []float64{0.2, 0, 0.003} {
		if err := k.Set("data.noise", noise); err != nil {
			t.Fatal(err)
		}
		set.LogDensity(got, at)
		with(t, "rings", map[string]any{"data.noise": noise}).LogDensity(want, at)
		if !floats.Same(got, want) {
			t.Errorf("noise %v: got %v, want %v", noise, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	set := with(t, "rings", map[string]any{"data.noise": 0.1}).(Skeleton)
	got := make([]float64, 3)
	set.Distance(got, []r2.Vec{{}, {X: 1.15}, {Y: -1.45}})
	for i, want := range []float64{5.5, 0, 3} {
		if math.Abs(got[i]-want) > 0.05 { // half a step from node to node
			t.Errorf("point %d lies %v σ away, want %v", i, got[i], want)
		}
	}
}

func TestDensityAllocatesNothing(t *testing.T) {
	at := uniform(64)
	dst := make([]float64, len(at))
	for _, id := range append(shown(), "custom") {
		set := with(t, id, map[string]any{"data.noise": 0.05})
		set.LogDensity(dst, at)
		if n := testing.AllocsPerRun(10, func() { set.LogDensity(dst, at) }); n > 0 {
			t.Errorf("%s: %v allocations", id, n)
		}
	}
}

// One measurement of the true density takes some 16,000 points.
func BenchmarkDensity(b *testing.B) {
	at := cells(100)
	dst := make([]float64, len(at))
	for _, noise := range []float64{0.002, 0.04, 0.3} {
		b.Run(fmt.Sprint(noise), func(b *testing.B) {
			set := with(b, "spiral", map[string]any{"data.noise": noise})
			for b.Loop() {
				set.LogDensity(dst, at)
			}
		})
	}
}
