package sampler

import (
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// TestAccepts compares the short cuts with the logarithm itself.
func TestAccepts(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200_000 {
		u, logAlpha := rng.Float64(), 3*rng.NormFloat64()
		if math.Abs(math.Log(u)-logAlpha) < 1e-12 {
			continue // rounding decides
		}
		if got, want := accepts(u, logAlpha), math.Log(u) < logAlpha; got != want {
			t.Fatalf("u = %v, log α = %v: accepted is %v", u, logAlpha, got)
		}
	}
	for _, c := range []struct {
		u, logAlpha float64
		want        bool
	}{{0, -700, true}, {.5, math.Inf(1), true}, {.5, math.Inf(-1), false}, {.5, math.NaN(), false}, {0, math.Inf(-1), false}} {
		if got := accepts(c.u, c.logAlpha); got != c.want {
			t.Errorf("u = %v, log α = %v: accepted is %v", c.u, c.logAlpha, got)
		}
	}
}

// TestUniform checks the moments and the range of both sources of uniform numbers, and that a
// list of numbers is used in order.
func TestUniform(t *testing.T) {
	const n = 100_000
	u, at := make([]float64, n), make([]r2.Vec, n)
	rng := rand.New(rand.NewPCG(5, 6))
	Uniform(u, rng)
	Scatter(at, rng)
	var mean, square, next, cross float64
	var middle, wide r2.Vec
	for i, v := range u {
		if !(v >= 0 && v < 1) || !inside(at[i]) {
			t.Fatalf("number %d is %v, the point %v", i, v, at[i])
		}
		mean += v / n
		square += v * v / n
		next += (v - .5) * (u[(i+1)%n] - .5) / n
		cross += at[i].X * at[i].Y / n
		middle = r2.Add(middle, r2.Scale(1./n, at[i]))
		wide = r2.Add(wide, r2.Scale(1./n, r2.Vec{X: at[i].X * at[i].X, Y: at[i].Y * at[i].Y}))
	}
	for what, off := range map[string]float64{
		"mean": (mean - .5) / math.Sqrt(1./12), "square": (square - 1./3) / math.Sqrt(4./45),
		"neighbours": next * 12, "X with Y": cross * 3 / (ebm.L * ebm.L),
		"X": middle.X / ebm.L * math.Sqrt(3), "Y": middle.Y / ebm.L * math.Sqrt(3),
		"X²": (wide.X/(ebm.L*ebm.L) - 1./3) / math.Sqrt(4./45), "Y²": (wide.Y/(ebm.L*ebm.L) - 1./3) / math.Sqrt(4./45),
	} {
		if z := off * math.Sqrt(n); math.Abs(z) > 4 {
			t.Errorf("%s: %.1f standard deviations off", what, z)
		}
	}
	written := &list{.1, .2, .3, .4, .5, .6}
	Uniform(u[:2], written)
	Scatter(at[:2], written)
	if u[0] != .1 || u[1] != .2 || math.Abs(at[0].Y+.2*ebm.L) > 1e-12 || at[1].X != 0 || len(*written) != 0 {
		t.Errorf("written numbers give %v and %v", u[:2], at[:2])
	}
}

// list is a source of numbers written down.
type list []float64

func (l *list) Float64() float64 {
	v := (*l)[0]
	*l = (*l)[1:]
	return v
}

func (l *list) NormFloat64() float64 { return l.Float64() }

func (l *list) IntN(int) int { panic("no whole number is due") }
