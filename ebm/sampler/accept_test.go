package sampler

import (
	"math"
	"math/rand/v2"
	"testing"
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
