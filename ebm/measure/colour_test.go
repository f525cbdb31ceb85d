package measure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestColourRange(t *testing.T) {
	grid := make([]float32, 10_000) // 0 … 9999
	for i, j := range rand.New(rand.NewPCG(1, 2)).Perm(len(grid)) {
		grid[i] = float32(j)
	}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	corrupted := append(slices.Clone(grid), nan, inf, -inf, nan)
	for _, c := range []struct {
		name   string
		grid   []float32
		data   []float64
		beta   float64
		lo, hi float64
	}{
		{"quantiles", grid, nil, 1, 9, 8999},
		{"near the data", grid, []float64{5000, 100, 9000}, 1, 9, 5010},
		{"β", grid, []float64{5000, 100, 9000}, 0.1, 9, 5100},
		{"data too high", grid, []float64{9500}, 1, 9, 8999},
		{"unknown β", grid, []float64{500}, 0, 9, 8999},
		{"β is NaN", grid, []float64{500}, math.NaN(), 9, 8999},
		{"not finite", corrupted, []float64{math.NaN(), 5000, math.Inf(1)}, 1, 9, 5010},
		{"bottomless", []float32{-inf, 1, -inf, 2, 3}, nil, 1, 1, 3},
		{"narrow canyon", grid, []float64{500, 100, 9000}, 1, 9, 2999},
		{"data below the grid", grid, []float64{-1e6}, 1, 9, 2999},
		{"wells between the cells", grid, []float64{0}, 1e7, 9, 2999},
		{"flat", make([]float32, 50), nil, 1, 0, 1e-7},
		{"flat and high", []float32{3e5, 3e5}, nil, 1, 3e5, 3e5 + 30},
		{"negative", []float32{-5, -1, -3, -2, -4}, nil, 1, -5, -1},
		{"one", []float32{2}, []float64{2}, 1, 2, 2 + 2e-4},
		{"empty", nil, nil, 1, 0, 1e-7},
		{"nothing finite", []float32{nan, inf}, nil, 1, 0, 1e-7},
	} {
		lo, hi := ColourRange(c.grid, c.data, c.beta)
		if math.Abs(lo-c.lo) > 1e-9 || math.Abs(hi-c.hi) > 1e-9 {
			t.Errorf("%s: %v to %v, want %v to %v", c.name, lo, hi, c.lo, c.hi)
		}
		if !(float32(lo) < float32(hi)) {
			t.Errorf("%s: lo %v is not below hi %v in float32", c.name, lo, hi)
		}
	}
}

// Against sorting, with values over all magnitudes and both signs.
func TestQuantiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		values := make([]float32, 1+rng.IntN(2000))
		spread := rng.Float64() * 20
		for i := range values {
			values[i] = float32(rng.NormFloat64() * math.Exp(spread*rng.NormFloat64()/4))
		}
		p := [2]float64{rng.Float64(), rng.Float64()}
		got, found := quantiles(values, p)
		slices.Sort(values)
		for i := range p {
			want := float64(values[int(math.Ceil(p[i]*float64(len(values))))-1])
			if !found || got[i] != want {
				t.Fatalf("quantile %v of %d values is %v, want %v", p[i], len(values), got[i], want)
			}
		}
	}
}

// A large grid is measured by a part of it.
func TestColourRangeOfALargeGrid(t *testing.T) {
	const g = 512
	grid := make([]float32, g*g)
	for i := range grid {
		grid[i] = float32(i%g) + float32(i/g)/g // 0 … 512, by columns
	}
	lo, hi := ColourRange(grid, nil, 1)
	if math.Abs(lo-0.512) > 0.05 || math.Abs(hi-460.8) > 0.1 {
		t.Errorf("%v to %v, want 0.512 to 460.8", lo, hi)
	}
}

func TestColourRangeAllocatesNothing(t *testing.T) {
	grid, data := make([]float32, 1000), make([]float64, 1000)
	if n := testing.AllocsPerRun(10, func() { ColourRange(grid, data, 1) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkColourRange(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, g := range []int{128, 512} {
		grid, data := make([]float32, g*g), make([]float64, 1000)
		for i := range grid {
			grid[i] = float32(rng.ExpFloat64())
		}
		for i := range data {
			data[i] = rng.ExpFloat64()
		}
		b.Run(fmt.Sprint(g), func(b *testing.B) {
			for b.Loop() {
				ColourRange(grid, data, 1)
			}
		})
	}
}
