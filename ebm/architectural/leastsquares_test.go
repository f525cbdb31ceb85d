package architectural

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// TestLeastSquaresBlurs: of data on two lines, one three times as often as the other, the
// curve is the mean, where there are none; two branches take a line each.
func TestLeastSquaresBlurs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	at := make([]r2.Vec, 2000)
	for i := range at {
		at[i] = r2.Vec{X: 2*rng.Float64() - 1, Y: -.8}
		if i%4 > 0 {
			at[i].Y = .8
		}
	}
	on := make([]float64, 2)
	energies := func(m ebm.Model, x float64) (mean, data float64) {
		m.Energy(on, []r2.Vec{{X: x, Y: .4}, {X: x, Y: -.8}})
		return on[0], on[1]
	}
	blurred, apart := newLeastSquares[float32](), newLatent[float32]()
	apart.branches = 2
	blurred.Init(at, rng)
	apart.Init(at, rng)
	steps(blurred, 400, 1)
	steps(apart, 400, 1)
	for _, x := range []float64{-.8, 0, .5} {
		if mean, data := energies(blurred, x); !(mean < .01 && math.Abs(data-1.44) < .3) {
			t.Errorf("least squares at y1 = %v: E is %v on the mean and %v on the rarer data, want 0 and 1.44", x, mean, data)
		}
		if mean, data := energies(apart, x); !(data < .01 && math.Abs(mean-.16) < .05) {
			t.Errorf("two branches at y1 = %v: F is %v on the mean and %v on the rarer data, want 0.16 and 0", x, mean, data)
		}
	}
	if _, ok := any(blurred).(ebm.Latent); ok {
		t.Error("least squares claims to have a latent variable")
	}
}
