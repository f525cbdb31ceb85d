package sampler

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// TestULASpreadsTooWide: in a bowl of curvature κ the variance of ULA is
// (1/βκ)/(1 - ηβκ/2), which it owes to refusing nothing.
func TestULASpreadsTooWide(t *testing.T) {
	const n, s = 4000, .2
	for _, part := range []float64{.05, .4, 1} { // ηβκ
		rng := rand.New(rand.NewPCG(21, 22))
		u := &ULA{}
		c := NewChains(u, bowl{s: s}, make([]r2.Vec, n))
		c.Settings = Settings{Size: part * s * s / cold, Beta: cold, Clip: math.Inf(1)}
		c.Run(int(20/part), rng)
		square := 0.
		for _, y := range c.Y {
			square += r2.Norm2(y) / (2 * n)
		}
		want := s * s / cold / (1 - part/2)
		if off := (square/want - 1) * math.Sqrt(n); math.Abs(off) > limit { // a variance of 2n numbers: √(2/2n)
			t.Errorf("with ηβκ = %g the variance is %.5f, want %.5f: off by %.1f standard errors", part, square, want, off)
		}
		if c.Acceptance != 1 {
			t.Errorf("acceptance %g of a walk that refuses nothing", c.Acceptance)
		}
	}
}

func TestULAClips(t *testing.T) {
	w := NewWalkers(1)
	ULA{Eta: .1, Beta: 4, Clip: 2}.Step(w, NewProposals(1), slope{X: 3, Y: 4}, []r2.Vec{{}}, nil)
	if want := (r2.Vec{X: -.12, Y: -.16}); r2.Norm(r2.Sub(w.Y[0], want)) > 1e-15 {
		t.Errorf("one clipped step went to %v, want %v", w.Y[0], want)
	}
}
