package contrastive

import (
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
)

// TestBias pushes up where the exact gradient does, at the mirrored places, and where the
// data are: there is no bias, much of it, and no gradient at all.
func TestBias(t *testing.T) {
	m := newMaxLik[float64]()
	start(t, m, 1, "jitter", false).steps(3)
	m.Draw(rand.New(rand.NewPCG(1, 1)))
	m.placePoints(r2.Vec{}) // the same 40 × 40 cells
	e := make([]float64, len(m.grid))
	m.runner.Energy(ebm.Serial, m.mlp, e, m.grid)
	p, mirrored := make([]float64, len(e)), make([]r2.Vec, len(e))
	for i := range e {
		p[i], mirrored[i] = -2*e[i], r2.Scale(-1, m.grid[i])
	}
	total := floats.LogSumExp(p)
	for i := range p {
		p[i] = math.Exp(p[i] - total)
	}

	compare := func(up []r2.Vec, weights []float64) *bias[float64] {
		b := &bias[float64]{}
		b.begin(len(m.Params))
		if !math.IsNaN(b.cosine) || !math.IsNaN(b.length) {
			t.Errorf("before the first comparison: cosine %v, length %v", b.cosine, b.length)
		}
		for m.ScheduleStep()%biasStride != 0 {
			m.Descend()
		}
		b.compare(ebm.Serial, &m.network, up, weights, 2)
		return b
	}
	m.LR = 0 // time passes, the weights stay
	if b := compare(m.grid, p); math.Abs(b.cosine-1) > 1e-12 || math.Abs(b.length-1) > 1e-12 {
		t.Errorf("the true gradient has a cosine of %v and a length of %v", b.cosine, b.length)
	}
	if b := compare(mirrored, p); !(b.cosine < .99) {
		t.Errorf("pushing up at the mirrored places has a cosine of %v", b.cosine)
	}
	if b := compare(m.Y, nil); !(b.length < 1e-12) {
		t.Errorf("pushing up and down at the same places has a length of %v", b.length)
	}

	b := compare(m.grid, p)
	before := *b
	m.Descend()
	b.compare(ebm.Serial, &m.network, mirrored, p, 2)
	if b.cosine != before.cosine {
		t.Errorf("it was not its turn")
	}
}
