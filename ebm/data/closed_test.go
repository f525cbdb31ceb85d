package data

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/spatial/r2"
)

func logDensity(t *testing.T, id string, noise float64, at ...r2.Vec) []float64 {
	t.Helper()
	logp := make([]float64, len(at))
	with(t, id, map[string]any{"data.noise": noise}).LogDensity(logp, at)
	return logp
}

func TestCheckerboardWithoutNoise(t *testing.T) {
	full := -math.Log(8 * 0.65 * 0.65)
	for y, want := range map[r2.Vec]float64{
		{X: -1.29, Y: -1.29}:    full,
		{X: -0.64, Y: -1.29}:    math.Inf(-1),
		{X: 0.01, Y: -1.29}:     full,
		{X: 1.29, Y: -1.29}:     math.Inf(-1),
		{X: -0.66, Y: 1.29}:     math.Inf(-1),
		{X: -0.64, Y: 1.29}:     full,
		{X: 1.29, Y: 1.29}:      full,
		{X: 1.31, Y: 1.29}:      math.Inf(-1),
		{X: 1.5, Y: -1.5}:       math.Inf(-1),
		{X: -1.3, Y: -1}:        full - math.Ln2, // on an edge
		{X: 0.325, Y: 0.325}:    full,
		{X: 0.325, Y: -0.325}:   math.Inf(-1),
		{X: -0.325, Y: -0.3249}: full,
	} {
		if got := logDensity(t, "checkerboard", 0, y)[0]; got != want && !(math.Abs(got-want) < 1e-12) {
			t.Errorf("log p(%v) = %v, want %v", y, got, want)
		}
	}
}

// nodes returns Gauss and Legendre's nodes on [0, 1] and their weights.
func nodes(n int) (at, weight []float64) {
	at, weight = make([]float64, n), make([]float64, n)
	quad.Legendre{}.FixedLocations(at, weight, 0, 1)
	return at, weight
}

// With noise, the board is Gaussians all over its squares.
func TestCheckerboardWithNoise(t *testing.T) {
	var centres []r2.Vec
	var weights []float64
	v, w := nodes(40)
	for square := range 16 {
		row, column := square/4, square%4
		if (row+column)%2 != 0 {
			continue
		}
		for i := range v {
			for j := range v {
				centres = append(centres, r2.Vec{X: 0.65*(float64(column)+v[i]) - 1.3, Y: 0.65*(float64(row)+v[j]) - 1.3})
				weights = append(weights, w[i]*w[j])
			}
		}
	}
	at := uniform(100)
	want := make([]float64, len(at))
	for _, noise := range []float64{0.05, 0.3} {
		m := newWeighted(centres, weights, noise)
		m.logDensity(want, at)
		for i, got := range logDensity(t, "checkerboard", noise, at...) {
			if math.Abs(got-want[i]) > 1e-6 {
				t.Errorf("noise %v: log p(%v) = %v, want %v", noise, at[i], got, want[i])
			}
		}
	}
	// In the middle of an empty square all there is are four far tails.
	got := logDensity(t, "checkerboard", 0.02, r2.Vec{X: 0.325, Y: -0.325})[0]
	tails := math.Log(4*math.Erfc(0.325/0.02/math.Sqrt2)/2) - math.Log(8*0.65*0.65)
	if math.Abs(got-tails) > 1e-6 {
		t.Errorf("log p = %v in an empty square, want %v", got, tails)
	}
}

func TestPinwheel(t *testing.T) {
	// The middle of the first arm, where the others add nothing. A ten-thousandth of the
	// five lies outside the box.
	middle := r2.Vec{X: 0.75 * math.Cos(1.3*0.75), Y: 0.75 * math.Sin(1.3*0.75)}
	want := -math.Log(5 * 2 * math.Pi * 0.22 * 0.07 * 0.9999)
	if got := logDensity(t, "pinwheel", 0.07, middle)[0]; math.Abs(got-want) > 5e-5 {
		t.Errorf("log p = %v in the middle of an arm, want %v", got, want)
	}
	// All arms are the same.
	for _, y := range uniform(50) {
		y = r2.Scale(0.7, y)
		logp := logDensity(t, "pinwheel", 0.07, y, r2.Rotate(y, 2*math.Pi/5, r2.Vec{}))
		if math.Abs(logp[0]-logp[1]) > 1e-9*(1+math.Abs(logp[0])) {
			t.Errorf("log p(%v) = %v, and %v a fifth of a turn on", y, logp[0], logp[1])
		}
	}
	// The mass outside by the lattice is that by sampling.
	for _, noise := range []float64{0.07, 0.3} {
		const n = 400_000
		rng, out := rand.New(rand.NewPCG(9, 10)), 0.0
		for range n {
			k, v := rng.IntN(5), r2.Vec{X: 0.75 + 0.22*rng.NormFloat64(), Y: noise * rng.NormFloat64()}
			if y := r2.Rotate(v, float64(k)*2*math.Pi/5+1.3*r2.Norm(v), r2.Vec{}); math.Abs(y.X) > 1.5 || math.Abs(y.Y) > 1.5 {
				out++
			}
		}
		got := (&pinwheel{settings: settings{noise: noise}}).outside() * n
		if math.Abs(got-out) > 4*math.Sqrt(out) {
			t.Errorf("noise %v: %v points of %d outside the box, want %.1f", noise, out, n, got)
		}
	}
}

func TestHornWithoutNoise(t *testing.T) {
	s := 1.3 / (2 * math.E * math.E)
	for _, x := range []float64{0.001, 0.3, 0.8, 0.999} {
		for _, theta := range []float64{0, 1, 2.5, 4} {
			// The area of a small piece of the (x, θ) plane, by differences.
			at := func(x, theta float64) r2.Vec {
				sin, cos := math.Sincos(theta)
				return r2.Vec{X: s * (2 - 0.5*x) * math.Exp(2*x) * cos, Y: s * (1.5 + 0.5*x) * math.Exp(2*x) * sin}
			}
			const h = 1e-5
			dx := r2.Sub(at(x+h, theta), at(x-h, theta))
			dtheta := r2.Sub(at(x, theta+h), at(x, theta-h))
			area := r2.Cross(dx, dtheta) / (4 * h * h)
			got := logDensity(t, "horn", 0, at(x, theta))[0]
			if want := -math.Log(2 * math.Pi * area); !(math.Abs(got-want) < 1e-7) {
				t.Errorf("log p = %v at x = %v, θ = %v, want %v", got, x, theta, want)
			}
		}
	}
	for i, l := range logDensity(t, "horn", 0, r2.Vec{}, r2.Vec{X: 0.17}, r2.Vec{X: 0.98}, r2.Vec{Y: -1.301}, r2.Vec{X: 1.5, Y: 1.5}) {
		if !math.IsInf(l, -1) {
			t.Errorf("log p = %v at point %d outside the horn", l, i)
		}
	}
}

// With noise, the horn is the same as many more Gaussians, placed evenly in x.
func TestHornWithNoise(t *testing.T) {
	var centres []r2.Vec
	var weights []float64
	x, w := nodes(160)
	for i := range x {
		rho, _ := hornAxes(x[i])
		const around = 240
		for j := range around {
			sin, cos := math.Sincos(2 * math.Pi * float64(j) / around)
			centres = append(centres, r2.Scale(hornScale, r2.Vec{X: rho.X * cos, Y: rho.Y * sin}))
			weights = append(weights, w[i])
		}
	}
	at := append(uniform(100), r2.Vec{}, r2.Vec{X: 0.176}, r2.Vec{Y: 1.3})
	want := make([]float64, len(at))
	for _, noise := range []float64{0.05, 0.3} {
		m := newWeighted(centres, weights, noise)
		m.logDensity(want, at)
		for i, got := range logDensity(t, "horn", noise, at...) {
			if want[i] > -8 && math.Abs(got-want[i]) > 1e-3 {
				t.Errorf("noise %v: log p(%v) = %v, want %v", noise, at[i], got, want[i])
			}
		}
	}
	// Little noise changes little but at the edges.
	inner := []r2.Vec{{X: 0.5}, {X: 0.4, Y: 0.4}, {Y: -0.9}}
	sharp := logDensity(t, "horn", 0, inner...)
	for i, got := range logDensity(t, "horn", 0.015, inner...) {
		if math.Abs(got-sharp[i]) > 0.02 {
			t.Errorf("log p(%v) = %v with little noise, %v without", inner[i], got, sharp[i])
		}
	}
}
