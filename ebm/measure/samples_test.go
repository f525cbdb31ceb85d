package measure

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
	"pgregory.net/rapid"
)

func TestESS(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name string
		l    []float64
		want float64
	}{
		{"equal", []float64{7, 7, 7, 7}, 4},
		{"1, 2, 3", []float64{0, math.Log(2), math.Log(3)}, 36. / 14},
		{"one outweighs all", []float64{0, -900, 900}, 1},
		{"too large for exp", []float64{1e5, 1e5, 1e5 - 1e3}, 2},
		{"too small for exp", []float64{-1e5, -1e5}, 2},
		{"the greatest numbers", []float64{math.MaxFloat64, -math.MaxFloat64}, 1},
		{"some without weight", []float64{1, -inf, 1}, 2},
		{"all without weight", []float64{-inf, -inf}, 0},
		{"none", nil, 0},
		{"an infinite weight", []float64{1, inf}, nan},
		{"no number", []float64{1, nan}, nan},
	} {
		if got := ESS(c.l); !floats.Same([]float64{got}, []float64{c.want}) && !(math.Abs(got-c.want) < 1e-12) {
			t.Errorf("%s: ESS = %v, want %v", c.name, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SliceOfN(rapid.Float64Range(-30, 30), 1, 40).Draw(t, "l")
		ess := ESS(l)
		if n := float64(len(l)); ess < 1-1e-12 || ess > n+1e-12*n {
			t.Fatalf("ESS of %d weights is %v", len(l), ess)
		}
		moved := slices.Clone(l)
		floats.AddConst(rapid.Float64Range(-1e6, 1e6).Draw(t, "c"), moved)
		if got := ESS(moved); math.Abs(got-ess) > 1e-8*ess {
			t.Fatalf("ESS is %v, and %v of weights all larger by a factor", ess, got)
		}
	})
}

// scriptedRand is an ebm.Rand that returns listed numbers.
type scriptedRand []float64

func (d *scriptedRand) Float64() float64     { v := (*d)[0]; *d = (*d)[1:]; return v }
func (d *scriptedRand) NormFloat64() float64 { panic("no normal number is due") }
func (d *scriptedRand) IntN(int) int         { panic("no index is due") }

// Four cells, lower left first, of masses 0.1, 0.2, 0 and 0.7 at β = 2.
func TestDrawByMass(t *testing.T) {
	const high = 1e6 // a constant that changes nothing
	grid := []float64{high - math.Log(0.1)/2, high - math.Log(0.2)/2, math.Inf(1), high - math.Log(0.7)/2}
	rng := &scriptedRand{0.0999, 0, 0, 0.1001, 0, 0, 0.2999, 0.5, 0.25, 0.3001, 0, 0, 0.9999, 0.5, 0.5}
	got := make([]r2.Vec, 5)
	if !Draw(got, grid, 2, rng) {
		t.Fatal("no density")
	}
	want := []r2.Vec{{X: -1.5, Y: -1.5}, {X: 0, Y: -1.5}, {X: 0.75, Y: -1.125}, {X: 0, Y: 0}, {X: 0.75, Y: 0.75}}
	for i, y := range got {
		if r2.Norm(r2.Sub(y, want[i])) > 1e-12 {
			t.Errorf("point %d is %v, want %v", i, y, want[i])
		}
	}
	for _, bad := range [][]float64{{math.NaN(), 1, 1, 1}, {math.Inf(-1), 1, 1, 1}, slices.Repeat([]float64{math.Inf(1)}, 4)} {
		if Draw(got, bad, 1, rng) {
			t.Errorf("points are drawn from %v", bad)
		}
	}
}

// The points of a Gaussian have its mean and, but for the cells, its variance.
func TestDrawFromAGaussian(t *testing.T) {
	mu, sigma := r2.Vec{X: 0.3, Y: -0.2}, r2.Vec{X: 0.2, Y: 0.1}
	at := make([]r2.Vec, 100_000)
	if !Draw(at, evaluate(gaussian(mu, sigma), Grid(gridSide)), 0.5, rand.New(rand.NewPCG(1, 1))) {
		t.Fatal("no density")
	}
	var m, v r2.Vec
	for _, y := range at {
		d := r2.Sub(y, mu)
		m, v = r2.Add(m, d), r2.Add(v, r2.Vec{X: d.X * d.X, Y: d.Y * d.Y})
	}
	n, h := float64(len(at)), 2*ebm.L/gridSide
	for _, c := range []struct{ mean, variance, sigma float64 }{{m.X / n, v.X / n, sigma.X}, {m.Y / n, v.Y / n, sigma.Y}} {
		want := 2*c.sigma*c.sigma + h*h/12 // at β = ½ the variance is twice that at 1
		if math.Abs(c.mean) > 5*math.Sqrt(want/n) || math.Abs(c.variance/want-1) > 5*math.Sqrt(2/n) {
			t.Errorf("mean off by %v, variance %v, want %v", c.mean, c.variance, want)
		}
	}
}

func TestSlicedW2(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	x, shift := normal(rng, 150, 0.5), r2.Vec{X: 0.3, Y: -0.4}
	moved, other := make([]r2.Vec, len(x)), normal(rng, 150, 0.3)
	for i, j := range rng.Perm(len(x)) {
		moved[i] = r2.Add(x[j], shift)
	}
	kept := slices.Clone(x)
	for _, directions := range []int{2, 3, 32} {
		if got := SlicedW2(x, moved, directions); math.Abs(got-0.5/math.Sqrt2) > 1e-12 {
			t.Errorf("of a shift by 0.5, in %d directions, it is %v", directions, got)
		}
	}
	if got, most := SlicedW2(x, other, 32), W2(x, other)/math.Sqrt2; !(got > 0.5*most && got <= most+1e-12) {
		t.Errorf("it is %v where W2/√2 is %v", got, most)
	}
	if a, b := SlicedW2(x, other, 32), SlicedW2(other, x, 32); math.Abs(a-b) > 1e-15 || !slices.Equal(x, kept) {
		t.Errorf("one way it is %v, the other way %v", a, b)
	}
	// On the four sides of a square against its middle: by hand, in the directions ±45°.
	sides := []r2.Vec{{X: 1}, {Y: 1}, {X: -1}, {Y: -1}}
	if got := SlicedW2(sides, make([]r2.Vec, 4), 2); math.Abs(got-math.Sqrt(0.5)) > 1e-15 {
		t.Errorf("of a square and its middle it is %v", got)
	}
	inf := math.Inf(1)
	for name, pair := range map[string][2][]r2.Vec{
		"other numbers": {x, x[1:]}, "empty": {nil, nil}, "no number": {{{X: math.NaN()}}, {{}}}, "not finite": {{{X: inf}}, {{}}}, "nor the other": {{{X: inf}}, {{X: inf}}},
	} {
		if got := SlicedW2(pair[0], pair[1], 8); !math.IsNaN(got) {
			t.Errorf("%s: it is %v", name, got)
		}
	}
}

// Points of a model with the true density are as near the test points as fresh ones are;
// those of one that knows nothing, or has a valley of its own, are not.
func TestSamples(t *testing.T) {
	s := suite(t, "rings")
	oracle := s.Measure(s.negLogDensity, 1)
	t.Logf("of the truth %+v, at best %+v", oracle.Samples, oracle.Floor)
	// Over draws Chamfer varies by 2 % of its mean, MMD² by 15 %, W2 by 25 %.
	for what, c := range map[string][3]float64{
		"Chamfer": {oracle.Samples.Chamfer, oracle.Floor.Chamfer, 0.08},
		"MMD²":    {oracle.Samples.MMD2, oracle.Floor.MMD2, 0.4},
		"W2":      {oracle.Samples.W2, oracle.Floor.W2, 0.5},
	} {
		if math.Abs(c[0]/c[1]-1) > c[2] || !(c[1] > 0) {
			t.Errorf("%s of the truth is %v, at best %v", what, c[0], c[1])
		}
	}

	flat := s.Measure(func(dst []float64, at []r2.Vec) { clear(dst) }, 1)
	pit := s.Measure(func(dst []float64, at []r2.Vec) {
		s.negLogDensity(dst, at)
		for i, y := range at {
			if r2.Norm(y) < 0.1 {
				dst[i] = -11
			}
		}
	}, 1)
	for what, r := range map[string]Report{"a plain": flat, "a pit": pit} {
		t.Logf("of %s %+v", what, r.Samples)
		if r.Floor != oracle.Floor {
			t.Errorf("%s: the floor is %+v, before %+v", what, r.Floor, oracle.Floor)
		}
		if r.Samples.Chamfer < 3*r.Floor.Chamfer || r.Samples.MMD2 < 5*r.Floor.MMD2 || r.Samples.W2 < 3*r.Floor.W2 {
			t.Errorf("%s: %+v, at best %+v", what, r.Samples, r.Floor)
		}
	}

	// An energy that is not in nats is drawn from at its own β.
	scaled := func(dst []float64, at []r2.Vec) {
		s.negLogDensity(dst, at)
		floats.Scale(0.01, dst)
	}
	if r := s.Measure(scaled, 0); math.Abs(r.Samples.Chamfer/oracle.Samples.Chamfer-1) > 0.08 {
		t.Errorf("Chamfer is %v at β = %v, want %v", r.Samples.Chamfer, r.BetaCalibrated, oracle.Samples.Chamfer)
	}
	if r := s.Live(s.negLogDensity, 1); !math.IsNaN(r.Samples.Chamfer) || !math.IsNaN(r.Floor.W2) {
		t.Error("points are drawn while the model learns")
	}

	text, err := json.Marshal(pit)
	if err != nil {
		t.Fatal(err)
	}
	var has map[string]any
	if err := json.Unmarshal(text, &has); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]float64{
		"chamfer": pit.Samples.Chamfer, "chamfer_floor": pit.Floor.Chamfer, "mmd2": pit.Samples.MMD2, "mmd2_floor": pit.Floor.MMD2, "w2": pit.Samples.W2, "w2_floor": pit.Floor.W2,
	} {
		if got, ok := has[key]; !ok || got != want {
			t.Errorf("%s is %v in JSON, want %v", key, got, want)
		}
	}
}
