package contrastive

import (
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// scriptedPoints is a scriptedRand whose uniform numbers give the listed points of the box.
type scriptedPoints struct {
	scriptedRand
	at   [][]float64
	next int
}

func (l *scriptedPoints) Float64() float64 {
	v := l.at[l.next/2][l.next%2]
	l.next++
	return (v/ebm.L + 1) / 2
}

func TestRefMC(t *testing.T) {
	t.Run("exact_ml", func(t *testing.T) {
		t.Run("float64", refMC[float64])
		t.Run("float32", refMC[float32])
	})
}

func refMC[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers   layers
		Act      string
		Data     [][]float64
		Beta, LR float64
		MC       struct {
			Points [][]float64
			Loss   float64
			Grad   layers
		}
	}
	ref.Load(t, "exact_ml", &c)
	near := ref.Checker[T](t, c.Tolerance)
	m := newMC[T]()
	m.r, m.beta, m.n = 0, c.Beta, len(c.MC.Points)
	m.begin(c.Layers.spec(c.Act), ref.Vecs(c.Data))
	load(&m.network, c.Layers, c.LR, len(c.Data))
	m.Step(ebm.NewUpdate(&scriptedPoints{at: c.MC.Points}))
	near.Points("points", m.at, c.MC.Points)
	near.One("loss", m.loss, c.MC.Loss)
	near.List("gradient", ref.Wide(m.Gradient), c.MC.Grad.flat())
}

// proposals are both distributions of the points.
var proposals = []string{proposalUniform, proposalImportance}

func TestGradientOfMC(t *testing.T) {
	for _, proposal := range proposals {
		t.Run(proposal, func(t *testing.T) {
			m := newMC[float64]()
			m.proposal, m.r, m.beta, m.n, m.Batch = proposal, .02, 1.7, 70, 9
			rng := rand.New(rand.NewPCG(1, 2))
			m.begin(small, edge())
			m.randomise(rng)
			m.Draw(rng)
			m.propose(rng, ebm.Serial)
			q, outside := append([]float64(nil), m.p...), 0
			for _, logQ := range q {
				if math.IsInf(logQ, -1) {
					outside++
				}
			}
			if (outside > 0) != (proposal == proposalImportance) {
				t.Errorf("%d points lie outside", outside)
			}
			loss := func() float64 {
				copy(m.p, q)
				m.contrast(ebm.Serial, m.at, 1)
				return m.loss
			}
			loss()
			checkSlope(t, m.mlp.Params(), append([]float64(nil), m.Gradient...), loss)
			before := loss()
			for i := range q {
				if math.IsInf(q[i], -1) {
					m.at[i] = r2.Vec{X: 1.7, Y: 2.1}
				}
			}
			if after := loss(); after != before {
				t.Errorf("points outside are moved, and the loss goes from %v to %v", before, after)
			}
		})
	}
}

// edge returns points near a wall, so that some of those drawn around them fall outside.
func edge() []r2.Vec {
	return []r2.Vec{{X: 1.45, Y: .3}, {X: 1.4, Y: -1.45}, {X: -.2, Y: .1}}
}

// TestMCEstimatesZ compares the mean of many estimates of Z with the sum over a fine grid:
// whatever the points are drawn from, it is unbiased.
func TestMCEstimatesZ(t *testing.T) {
	for _, proposal := range proposals {
		t.Run(proposal, func(t *testing.T) {
			m := newMC[float64]()
			m.proposal, m.beta, m.n, m.Batch = proposal, 3, 65, 9
			rng := rand.New(rand.NewPCG(3, 4))
			m.begin(small, edge())
			m.randomise(rng)
			m.Limit, m.LR = 0, 0

			exact := newMaxLik[float64]()
			exact.beta, exact.g = m.beta, 96
			exact.begin(small, edge())
			copy(exact.mlp.Params(), m.mlp.Params())
			exact.Draw(rng)
			exact.placePoints(r2.Vec{})
			exact.contrast(ebm.Serial)
			want := math.Exp(exact.logZ)

			const draws = 4000
			sum, squares := 0., 0.
			for range draws {
				m.Draw(rng)
				m.propose(rng, ebm.Serial)
				m.contrast(ebm.Serial, m.at, 1)
				z := math.Exp(m.logZ)
				sum, squares = sum+z, squares+z*z
			}
			mean := sum / draws
			sd := math.Sqrt((squares/draws - mean*mean) / draws)
			if math.Abs(mean-want) > 4*sd || sd > .02*want {
				t.Errorf("the estimates have a mean of %v ± %v, want %v", mean, sd, want)
			}
		})
	}
}

func TestEffectiveShare(t *testing.T) {
	m := newMC[float64]()
	m.begin(small, edge()) // all weights 0: E is 0 everywhere
	m.LR = 0
	u := ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
	m.Step(u)
	if math.Abs(m.ess-1) > 1e-12 || math.Abs(m.logZ-math.Log(ebm.Area)) > 1e-12 {
		t.Errorf("on flat ground the effective share is %v and log Z %v, want 1 and log 9", m.ess, m.logZ)
	}
	m.beta = 1e3
	m.randomise(u.Rand)
	if m.Step(u); m.ess < 1./512-1e-12 || m.ess > .1 {
		t.Errorf("on very steep ground the effective share is %v, want hardly more than 1/512", m.ess)
	}
}

// TestMoreSamplesReduceTheBias checks the angle to the true gradient.
func TestMoreSamplesReduceTheBias(t *testing.T) {
	cosine := func(n int) float64 {
		m := newMC[float32]()
		start(t, m, 1, "n", n).steps(101)
		var s [5]float64
		m.Scalars(s[:])
		return s[3]
	}
	few, many := cosine(16), cosine(4096)
	if !(few < .8 && many > .9) {
		t.Errorf("with 16 points a cosine of %v, with 4096 of %v", few, many)
	}
}

// TestTraceOfMC looks for the pushes among the points: all of them where there is room,
// and otherwise so many that no heavy one is left out.
func TestTraceOfMC(t *testing.T) {
	for _, n := range []int{16, 512, 4096} {
		for _, proposal := range proposals {
			m := newMC[float32]()
			r := start(t, m, 1, "n", n, "proposal", proposal).steps(50)
			sum, shown := 0., map[r2.Vec]float64{}
			for _, p := range r.u.Trace.Pushes {
				if p.Amount > 0 {
					sum += p.Amount
					shown[p.At] = p.Amount
				}
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Errorf("%s, n = %d: the pushes up weigh %v, want 1", proposal, n, sum)
			}
			slack := 0.
			if n > ebm.MaxPushes {
				slack = 1. / ebm.MaxPushes
			}
			for i, p := range m.p {
				if math.Abs(shown[m.at[i]]-p) > slack+1e-12 {
					t.Errorf("%s, n = %d: a point with %v of the probability is shown with %v", proposal, n, p, shown[m.at[i]])
				}
			}
		}
	}
}
