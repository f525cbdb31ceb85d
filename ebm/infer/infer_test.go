package infer

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v ± %v", what, got, want, within)
	}
}

func TestMinima(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name string
		f    []float64
		want []float64
	}{
		{"a parabola around 2.3", []float64{5.29, 1.69, 0.09, 0.49, 2.89}, []float64{2.3}},
		{"two valleys", []float64{3, 1, 3, 0, 3}, []float64{1, 3}},
		{"a floor of two", []float64{3, 1, 1, 3}, []float64{1.5}},
		{"a floor of three", []float64{3, 1, 1, 1, 7}, []float64{2}},
		{"a step on the way down", []float64{4, 2, 2, 1, 3}, []float64{3 - 1./6}},
		{"a table", []float64{1, 2, 2, 1}, []float64{0, 3}},
		{"downhill to the end", []float64{3, 2, 1}, []float64{2}},
		{"uphill from the start", []float64{1, 2, 3}, []float64{0}},
		{"a floor at the end", []float64{3, 1, 1, 1}, []float64{2}},
		{"level", []float64{2, 2, 2}, nil},
		{"walls", []float64{inf, inf, 1, inf, inf}, []float64{2}},
		{"a wall on one side", []float64{inf, 1, 2}, []float64{1}},
		{"a pit", []float64{1, -inf, 1}, []float64{1}},
		{"the greatest numbers", []float64{math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64}, []float64{1}},
		{"no number beside it", []float64{3, 1, nan, 1, 3}, nil},
		{"one point", []float64{3}, nil},
		{"none", nil, nil},
	} {
		x := make([]float64, len(c.f))
		for i := range x {
			x[i] = float64(i)
		}
		got := Minima(x, c.f)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }) {
			t.Errorf("%s: minima of %v at %v, want %v", c.name, c.f, got, c.want)
		}
	}
}

// Along a line through two wells the density is two Gaussians, and its mean is between
// them, where there is no mass.
func TestGivenIsBlurred(t *testing.T) {
	a, b := r2.Vec{X: 0.4, Y: -0.8}, r2.Vec{X: 0.4, Y: 0.83}
	m := wells{w: []r2.Vec{a, b}, cost: []float64{0, 0}, scale: 50}
	s := Given(m, Y1, 0.4, 2)
	if len(s.Other) != 201 || s.Other[0] != -ebm.L || s.Other[200] != ebm.L || len(s.Minima) != 2 {
		t.Fatalf("%d points from %v to %v with minima %v", len(s.Other), s.Other[0], s.Other[200], s.Minima)
	}
	near(t, "the first answer", s.Minima[0], a.Y, 1e-9)
	near(t, "the second answer", s.Minima[1], b.Y, 1e-9)
	near(t, "the mean", s.Mean, (a.Y+b.Y)/2, 1e-9)
	for i, v := range s.Other {
		want := math.Sqrt(100/math.Pi) / 2 * (math.Exp(-100*(v-a.Y)*(v-a.Y)) + math.Exp(-100*(v-b.Y)*(v-b.Y)))
		near(t, "the density", s.Density[i], want, 1e-9)
	}

	// The other way round: each of the two y2 has one answer.
	for _, w := range []r2.Vec{a, b} {
		s := Given(m, Y2, w.Y, 2)
		if s.Known != Y2 || s.Value != w.Y || len(s.Minima) != 1 {
			t.Fatalf("given y2 = %v: known %v, minima %v", w.Y, s.Known, s.Minima)
		}
		near(t, "y1", s.Minima[0], w.X, 1e-9)
		near(t, "the mean of y1", s.Mean, w.X, 1e-9)
	}
}

// Of a level landscape the density is 1/2L, up to the ends, whatever β and however high it
// lies; of a steep one it stays a density.
func TestGibbs(t *testing.T) {
	for _, high := range []float64{0, 1e6, -1e6, 1e300} {
		s := Given(field{f: func(r2.Vec) float64 { return high }}, Y1, 0, 7)
		for _, p := range s.Density {
			near(t, "the density of a plain", p, 1/(2*ebm.L), 1e-14)
		}
		near(t, "its mean", s.Mean, 0, 1e-14)
		x, f, density := []float64{-1, 0, 1}, []float64{high, high, high}, make([]float64, 3)
		near(t, "its log Z", Gibbs(density, x, f, 0.5), math.Log(2)-0.5*high, 1e-15*math.Abs(high))
	}
	// The density of a slope c y2 at c = 3 is exponential.
	s := Given(field{f: func(y r2.Vec) float64 { return 3 * y.Y }}, Y1, 0, 1)
	z := 2 * math.Sinh(3*ebm.L) / 3
	near(t, "the density at the lower end", s.Density[0], math.Exp(3*ebm.L)/z, 1e-3*s.Density[0])
	near(t, "its mean", s.Mean, 1./3-ebm.L/math.Tanh(3*ebm.L), 1e-3)
	for _, beta := range []float64{1e-6, 1, 1e6} {
		s := Given(field{f: func(y r2.Vec) float64 { return 1e4 * y.Y }}, Y1, 0, beta)
		near(t, "the mass", mass(s), 1, 1e-12)
	}
}

func TestFreeEnergyAtTheEnds(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name      string
		e         []float64
		beta      float64
		mean, sum float64
	}{
		{"one z", []float64{3}, 1e-6, 3, 3},
		{"one z, hot", []float64{3}, 0, 3, 3},
		{"hot", []float64{1, 2, 6}, 0, 3, -inf},
		{"cold", []float64{1, 2, 6}, inf, 1, 1},
		{"hot and large", []float64{1e308, -1e308}, 0, 0, -inf},
		{"large", []float64{1e300, -1e300}, 1e6, -1e300, -1e300},
		{"β = 1e-6, one impossible", []float64{5, inf}, 1e-6, 5 + 1e6*math.Ln2, 5},
		{"all impossible", []float64{inf, inf}, 1, inf, inf},
		{"bottomless", []float64{1, -inf}, 1, -inf, -inf},
		{"none", nil, 1, inf, inf},
	} {
		got, sum := FreeEnergy(c.e, c.beta), FreeEnergySum(c.e, c.beta)
		if got != c.mean && !(math.Abs(got-c.mean) <= 1e-9) {
			t.Errorf("%s: F = %v, want %v", c.name, got, c.mean)
		}
		if sum != c.sum && !(math.Abs(sum-c.sum) <= 1e-9) {
			t.Errorf("%s: F of the sum = %v, want %v", c.name, sum, c.sum)
		}
	}
	// Two energies Δ apart lie ½Δ - βΔ²/8 above the lower one, when β is small.
	for _, beta := range []float64{1e-12, 1e-9, 1e-6} {
		near(t, "F of 0 and 2", FreeEnergy([]float64{0, 2}, beta), 1-beta/2, 1e-15)
	}
	if f := FreeEnergy([]float64{1, math.NaN()}, 1); !math.IsNaN(f) {
		t.Errorf("F = %v with an energy that is no number", f)
	}
}

func TestLatentsChoosesTheFirstOfTheLeast(t *testing.T) {
	m := wells{w: []r2.Vec{{X: 1}, {X: -1}, {Y: 1}}, cost: []float64{0, 0, 0}, scale: 2}
	all, best := Latents(m, r2.Vec{})
	if len(all) != 3 || best != 0 || all[best].E != 2 {
		t.Errorf("%+v, best %d", all, best)
	}
	if _, best := Latents(wells{}, r2.Vec{}); best != -1 {
		t.Errorf("the best of none is %d", best)
	}
	m.cost[0], m.cost[1], m.cost[2] = math.NaN(), math.Inf(1), 5
	if _, best := Latents(m, r2.Vec{}); best != 2 {
		t.Errorf("the best is %d, want the only one that is a number", best)
	}
}

// canyon is low along the circle of radius 1, by curvature 1250, and falls gently to the
// right along it.
func canyon(y r2.Vec) float64 {
	d := r2.Norm(y) - 1
	return 625*d*d - y.X
}

func TestDescendEndsWhereItIsFlat(t *testing.T) {
	for name, c := range map[string]struct {
		m      ebm.Model
		from   r2.Vec
		to     r2.Vec
		within float64
		atMost int
	}{
		"a round well":      {field{f: func(y r2.Vec) float64 { return 20 * r2.Norm2(y) }}, r2.Vec{X: 0.9, Y: -0.7}, r2.Vec{}, 1e-6, 100},
		"a corner":          {field{f: func(y r2.Vec) float64 { return -y.X - 2*y.Y }}, r2.Vec{X: 0.9, Y: -0.7}, r2.Vec{X: ebm.L, Y: ebm.L}, 0, 100},
		"along a wall":      {field{f: func(y r2.Vec) float64 { return (y.X-0.3)*(y.X-0.3) + 4*y.Y }}, r2.Vec{X: -1, Y: 1}, r2.Vec{X: 0.3, Y: -ebm.L}, 1e-6, 300},
		"from outside":      {field{f: func(y r2.Vec) float64 { return r2.Norm2(y) }}, r2.Vec{X: 100}, r2.Vec{}, 1e-6, 100},
		"the nearer well":   {wells{w: []r2.Vec{{X: 1}, {X: -1}}, cost: []float64{0, -9}, scale: 30}, r2.Vec{X: 0.6, Y: 0.5}, r2.Vec{X: 1}, 1e-6, 100},
		"in float32":        {field{f: func(y r2.Vec) float64 { return float64(float32(1e3 + 20*r2.Norm2(y))) }}, r2.Vec{X: 0.9, Y: -0.7}, r2.Vec{}, 0.02, 100},
		"where it is level": {field{f: func(y r2.Vec) float64 { return 3 }}, r2.Vec{X: 0.5}, r2.Vec{X: 0.5}, 0, 1},
		"down the canyon":   {field{f: canyon}, r2.Vec{X: 0.2, Y: 0.3}, r2.Vec{}, 2, 501},
	} {
		path := Descend(c.m, c.from)
		if path[0] != clamp(c.from) || len(path) > c.atMost {
			t.Errorf("%s: %d points from %v", name, len(path), path[0])
		}
		if end := path[len(path)-1]; r2.Norm(r2.Sub(end, c.to)) > c.within {
			t.Errorf("%s: ends at %v after %d moves, want %v", name, end, len(path)-1, c.to)
		}
		for i := 1; i < len(path); i++ {
			if step := r2.Norm(r2.Sub(path[i], path[i-1])); step > 0.1*(1+1e-9) {
				t.Errorf("%s: move %d goes %v far", name, i, step)
			}
			if energy(c.m, path[i]) >= energy(c.m, path[i-1]) {
				t.Fatalf("%s: move %d is not downhill", name, i)
			}
			if clamp(path[i]) != path[i] {
				t.Fatalf("%s: move %d leaves the box", name, i)
			}
		}
	}
	// On the floor of the canyon each move brings a little; after 500 it is near its mouth.
	path := Descend(field{f: canyon}, r2.Vec{X: 0.2, Y: 0.3})
	near(t, "the distance from the canyon's floor", r2.Norm(path[len(path)-1]), 1, 0.01)
}

func TestDescendOnNaN(t *testing.T) {
	for _, f := range []func(y r2.Vec) float64{
		func(r2.Vec) float64 { return math.NaN() },
		func(y r2.Vec) float64 { return math.MaxFloat64 * y.X * y.X },
		func(y r2.Vec) float64 { return 1e300 * y.X },
		func(y r2.Vec) float64 { return math.Log(math.Abs(y.X) - 0.5) },
	} {
		for _, p := range Descend(field{f: f}, r2.Vec{X: 0.55, Y: 1}) {
			if !finite(p) {
				t.Errorf("the path goes to %v", p)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	m := wells{w: []r2.Vec{{X: 1}, {X: -1}}, cost: []float64{0, 0}, scale: 30}
	from := r2.Vec{X: 0.6, Y: 0.5}
	if path := Nearest(m, from, Reconstruction); !slices.Equal(path, []r2.Vec{from, {X: 1}}) {
		t.Errorf("the reconstruction leads along %v", path)
	}
	if path := Nearest(m, from, Descent); len(path) < 3 || !slices.Equal(path, Descend(m, from)) {
		t.Errorf("the descent leads along %v", path)
	}
	plain := field{f: canyon}
	if path := Nearest(plain, from, Reconstruction); !slices.Equal(path, Descend(plain, from)) {
		t.Error("what reconstructs nothing does not go down the slope")
	}
}

func TestIterate(t *testing.T) {
	halve := mirror{r: func(y r2.Vec) r2.Vec { return r2.Vec{X: y.X / 2, Y: 0.5} }}
	path := Iterate(halve, r2.Vec{X: 1, Y: -1})
	if end := path[len(path)-1]; len(path) > 25 || r2.Norm(r2.Sub(end, r2.Vec{Y: 0.5})) > 2e-6 {
		t.Errorf("%d points, the last %v", len(path), end)
	}
	for i, y := range path {
		near(t, "y1", y.X, math.Pow(2, -float64(i)), 1e-15)
	}
	there := mirror{r: func(y r2.Vec) r2.Vec { return r2.Scale(-1, y) }}
	if path := Iterate(there, r2.Vec{X: 1}); len(path) != 501 {
		t.Errorf("to and fro for %d points", len(path))
	}
	away := mirror{r: func(y r2.Vec) r2.Vec { return r2.Scale(1e100, y) }}
	for _, y := range Iterate(away, r2.Vec{X: 1}) {
		if !finite(y) {
			t.Errorf("the path goes to %v", y)
		}
	}
}

// mass is the integral of the density of a slice.
func mass(s Slice) (sum float64) {
	for i, p := range s.Density {
		sum += share(s.Other, i) * p
	}
	return sum
}
