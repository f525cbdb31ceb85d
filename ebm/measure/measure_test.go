package measure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
)

func normal(rng *rand.Rand, n int, sigma float64) []r2.Vec {
	at := make([]r2.Vec, n)
	for i := range at {
		at[i] = r2.Vec{X: sigma * rng.NormFloat64(), Y: sigma * rng.NormFloat64()}
	}
	return at
}

func TestAUC(t *testing.T) {
	for _, c := range []struct {
		data, uniform []float64
		want          float64
	}{
		{[]float64{1, 2}, []float64{3, 4}, 1},
		{[]float64{3, 4}, []float64{1, 2}, 0},
		{[]float64{5, 5, 5}, []float64{5}, 0.5},
		{[]float64{1, 3}, []float64{3, 2}, 0.625},
		{nil, []float64{1}, math.NaN()},
	} {
		if got := AUC(c.data, c.uniform); !floats.Same([]float64{got}, []float64{c.want}) {
			t.Errorf("AUC(%v, %v) = %v, want %v", c.data, c.uniform, got, c.want)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 100 { // by the definition, with many ties
		a, b := make([]float64, 1+rng.IntN(30)), make([]float64, 1+rng.IntN(30))
		for i := range a {
			a[i] = float64(rng.IntN(12))
		}
		for i := range b {
			b[i] = float64(rng.IntN(12))
		}
		want := 0.0
		for _, x := range a {
			for _, y := range b {
				if x < y {
					want++
				} else if x == y {
					want += 0.5
				}
			}
		}
		want /= float64(len(a) * len(b))
		kept := slices.Clone(a)
		if got := AUC(a, b); math.Abs(got-want) > 1e-12 {
			t.Fatalf("AUC(%v, %v) = %v, want %v", a, b, got, want)
		}
		if !slices.Equal(a, kept) {
			t.Fatal("AUC changed its argument")
		}
	}
}

// The energy c ‖y‖² of data of variance σ² in each coordinate is right at β = 1/2cσ².
func TestCalibrate(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range []float64{1e-3, 1, 300} {
		scale := math.Sqrt(1 / (2 * c))
		energy := gaussian(r2.Vec{}, r2.Vec{X: scale, Y: scale})
		points := normal(rng, 20_000, 0.2)
		data, grid := evaluate(energy, points), evaluate(energy, Grid(gridSide))
		beta, nll := Calibrate(data, grid)
		variance := 0.0 // of the points themselves
		for _, y := range points {
			variance += r2.Norm2(y) / (2 * float64(len(points)))
		}
		if want := 1 / (2 * c * variance); math.Abs(beta/want-1) > 1e-4 {
			t.Errorf("c = %v: β = %v, want %v", c, beta, want)
		}
		if want := 1 + math.Log(2*math.Pi*variance); math.Abs(nll-want) > 1e-6 {
			t.Errorf("c = %v: NLL = %v, want %v", c, nll, want)
		}
		for _, off := range []float64{0.99, 1.01} {
			if NLL(data, grid, beta*off) < nll {
				t.Errorf("c = %v: NLL is less at %v β", c, off)
			}
		}
		fast, nearly := calibrateFast(data, grid)
		if math.Abs(fast/beta-1) > 2e-3 || math.Abs(nearly-nll) > 1e-5 {
			t.Errorf("c = %v: fast β = %v, NLL %v; want %v, %v", c, fast, nearly, beta, nll)
		}
	}
}

func TestCalibrateAtTheEnds(t *testing.T) {
	grid := Grid(20)
	for name, c := range map[string]struct {
		f    func(rr float64) float64 // of ‖y‖²
		beta float64
	}{
		"data on a hill":    {func(rr float64) float64 { return -rr }, leastBeta},
		"an endless canyon": {func(rr float64) float64 { return 1e-6 * rr }, mostBeta},
		"lower than all":    {func(rr float64) float64 { return min(1, 1e3*rr) }, mostBeta},
		"energies of 1e300": {func(rr float64) float64 { return -1e300 * rr }, leastBeta},
	} {
		energy := func(dst []float64, at []r2.Vec) {
			for i, y := range at {
				dst[i] = c.f(r2.Norm2(y))
			}
		}
		data := evaluate(energy, []r2.Vec{{X: 0.001}, {Y: 0.002}})
		beta, nll := Calibrate(data, evaluate(energy, grid))
		if math.Abs(beta/c.beta-1) > 1e-6 || math.IsNaN(nll) {
			t.Errorf("%s: β = %v, NLL %v; want β = %v", name, beta, nll, c.beta)
		}
		if fast, _ := calibrateFast(data, evaluate(energy, grid)); math.Abs(fast/c.beta-1) > 2e-3 {
			t.Errorf("%s: fast β = %v, want %v", name, fast, c.beta)
		}
	}
	if _, nll := Calibrate([]float64{7}, []float64{7, 7, 7, 7}); math.Abs(nll-math.Log(9)) > 1e-9 {
		t.Errorf("a flat landscape has NLL %v, want log 9", nll)
	}
}

// KL of two round Gaussians: 2 log(s/r) + r²/s² - 1.
func TestKL(t *testing.T) {
	const r, s = 0.2, 0.25
	oracle := evaluate(gaussian(r2.Vec{}, r2.Vec{X: r, Y: r}), Grid(gridSide))
	model := evaluate(gaussian(r2.Vec{}, r2.Vec{X: s, Y: s}), Grid(gridSide))
	want := 2*math.Log(s/r) + r*r/(s*s) - 1
	if got := KL(oracle, model, 1); math.Abs(got-want) > 1e-6 {
		t.Errorf("KL = %v, want %v", got, want)
	}
	if got := KL(oracle, model, s*s/(r*r)); math.Abs(got) > 1e-9 {
		t.Errorf("KL = %v at the β that makes them the same", got)
	}
	if got := KL([]float64{math.NaN(), math.NaN()}, model[:2], 1); !math.IsNaN(got) {
		t.Errorf("KL = %v without a truth", got)
	}
}

func TestDistances(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	x := normal(rng, 120, 0.5)
	shift := r2.Vec{X: 0.3, Y: -0.4}
	moved := make([]r2.Vec, len(x))
	for i, j := range rng.Perm(len(x)) {
		moved[i] = r2.Add(x[j], shift)
	}
	// The best pairing of a set with its shifted copy is the shift.
	if got := W2(x, moved); math.Abs(got-0.5) > 1e-9 {
		t.Errorf("W2 of a shift by 0.5 is %v", got)
	}
	if got := MMD2(x, x, 0.5); math.Abs(got) > 1e-12 {
		t.Errorf("MMD² of a set and itself is %v", got)
	}
	if got := Chamfer([]r2.Vec{{}, {X: 3}}, []r2.Vec{{Y: 4}}); got != (4.+5)/2+4 {
		t.Errorf("Chamfer is %v, want 8.5", got)
	}
	for name, pair := range map[string][2][]r2.Vec{
		"other numbers": {x, x[1:]},
		"empty":         {nil, nil},
		"not finite":    {{{X: math.NaN()}}, {{}}},
	} {
		if got := W2(pair[0], pair[1]); !math.IsNaN(got) {
			t.Errorf("%s: W2 = %v", name, got)
		}
	}
}

// assign against all permutations.
func TestAssign(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		n := 1 + rng.IntN(6)
		cost := make([][]float64, n)
		for i := range cost {
			cost[i] = make([]float64, n)
			for j := range cost[i] {
				cost[i][j] = float64(rng.IntN(10)) - 3
			}
		}
		got, used := 0.0, make([]bool, n)
		for i, j := range assign(cost) {
			if used[j] {
				t.Fatalf("column %d of %v is used twice", j, cost)
			}
			used[j] = true
			got += cost[i][j]
		}
		if want := cheapest(cost, 0, make([]bool, n)); got != want {
			t.Fatalf("assign(%v) costs %v, want %v", cost, got, want)
		}
	}
}

func cheapest(cost [][]float64, row int, used []bool) float64 {
	if row == len(cost) {
		return 0
	}
	best := math.Inf(1)
	for j := range cost {
		if !used[j] {
			used[j] = true
			best = min(best, cost[row][j]+cheapest(cost, row+1, used))
			used[j] = false
		}
	}
	return best
}
