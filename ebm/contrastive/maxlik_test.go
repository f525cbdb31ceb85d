package contrastive

import (
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// checkSlope compares a gradient with central differences of the loss by each parameter.
func checkSlope(t *testing.T, params, gradient []float64, loss func() float64) {
	t.Helper()
	const h = 1e-5
	for i, kept := range params {
		params[i] = kept + h
		above := loss()
		params[i] = kept - h
		below := loss()
		params[i] = kept
		if want := (above - below) / (2 * h); math.Abs(gradient[i]-want) > 1e-7*(1+math.Abs(want)) {
			t.Fatalf("∂L/∂θ[%d] is %v, but the loss rises by %v", i, gradient[i], want)
		}
	}
}

// small is a network with few parameters, for gradients that are checked one by one.
var small = net.Spec{In: 2, Harmonics: 2, Hidden: []int{5, 4}, Out: 1, Act: net.SiLU}

func TestGradientOfMaxlik(t *testing.T) {
	for name, conditional := range map[string]bool{"joint": false, "conditional": true} {
		t.Run(name, func(t *testing.T) {
			m := newMaxLik[float64]()
			m.conditional, m.r, m.beta, m.g, m.Batch = conditional, .02, 1.7, 12, 9
			rng := rand.New(rand.NewPCG(1, 2))
			m.begin(small, spiral(t))
			m.randomise(rng)
			m.Draw(rng)
			m.placePoints(r2.Vec{X: .2, Y: -.3})
			m.contrast(ebm.Serial)
			gradient := append([]float64(nil), m.Gradient...)
			checkSlope(t, m.mlp.Params(), gradient, func() float64 {
				m.contrast(ebm.Serial)
				return m.loss
			})
		})
	}
}

// TestConditionalMaxlikUsesColumns checks where it pushes up: above and below the
// points of the batch, each column as much as any other.
func TestConditionalMaxlikUsesColumns(t *testing.T) {
	m := newMaxLik[float64]()
	r := start(t, m, 1, "conditional", true, "batch", 50).steps(20)
	if len(m.grid) != 50*40 {
		t.Fatalf("%d points stand for 50 columns of 40", len(m.grid))
	}
	for c, y := range m.Y {
		sum := 0.
		for i := c * 40; i < (c+1)*40; i++ {
			sum += m.p[i]
			if m.grid[i].X != y.X || int((m.grid[i].Y+ebm.L)/(2*ebm.L)*40) != i-c*40 {
				t.Fatalf("point %d of the column at %v is %v", i-c*40, y, m.grid[i])
			}
		}
		if math.Abs(sum-1./50) > 1e-12 {
			t.Errorf("column %d has %v of the push up", c, sum)
		}
	}
	for _, p := range r.u.Trace.Pushes {
		if p.At.X != p.From.X {
			t.Errorf("an arrow leads from %v to %v", p.From, p.At)
		}
	}
}

// TestFlatGroundOfMaxlik has all weights 0: Z is the size of what is summed up.
func TestFlatGroundOfMaxlik(t *testing.T) {
	for conditional, size := range map[bool]float64{false: ebm.Area, true: 2 * ebm.L} {
		m := newMaxLik[float64]()
		m.conditional = conditional
		m.begin(small, edge())
		m.Step(ebm.NewUpdate(rand.New(rand.NewPCG(1, 1))))
		if math.Abs(m.logZ-math.Log(size)) > 1e-12 || math.Abs(m.loss-m.logZ) > 1e-12 {
			t.Errorf("conditional %v: log Z is %v and the loss %v, want log %v", conditional, m.logZ, m.loss, size)
		}
	}
}

// TestConditionalLearnsTheBranches trains on the inverse sine, where most y1 have several
// y2. The learnt P(y2|y1) must be nearly as good as the true one, and much better than a
// Gaussian with the true mean and variance of y2 at each y1: the mean lies between the branches.
func TestConditionalLearnsTheBranches(t *testing.T) {
	if raceDetector {
		t.Skip("trains many times longer under the race detector")
	}
	card, err := data.Lookup("sine")
	if err != nil {
		t.Fatal(err)
	}
	set := card.New()
	set.Knobs(ebm.NewKnobs("sine"))
	test := make([]r2.Vec, 200)
	set.Sample(test, rand.New(rand.NewPCG(5, 5)))
	truth := func(dst []float64, at []r2.Vec) {
		set.LogDensity(dst, at)
		for i := range dst {
			dst[i] = -dst[i]
		}
	}
	best, blurred := columnNLL(truth, test)
	for name, m := range map[string]ebm.Model{"maxlik": newMaxLik[float32](), "nce": newNCE[float32]()} {
		t.Run(name, func(t *testing.T) {
			knobs, u := ebm.NewKnobs(name), ebm.NewUpdate(rand.New(rand.NewPCG(1, 2)))
			m.Knobs(knobs)
			if err := knobs.Set("conditional", true); err != nil {
				t.Fatal(err)
			}
			m.Init(set.Points(), u.Rand)
			for range 400 {
				u.Trace.Reset()
				m.Step(u)
			}
			got, _ := columnNLL(m.Energy, test)
			t.Logf("%.3f nats, the truth %.3f, one Gaussian in each column %.3f", got, best, blurred)
			if got > best+.25 || got > blurred-.5 {
				t.Errorf("y2 given y1 costs %.3f nats; the truth %.3f, one Gaussian in each column %.3f", got, best, blurred)
			}
		})
	}
}

// columnNLL returns the mean of -log p(y2|y1) with p ∝ e^{-E} in each column, and that of
// the Gaussians with the same means and variances.
func columnNLL(energy func(dst []float64, at []r2.Vec), test []r2.Vec) (nll, gaussian float64) {
	const nodes, h = 200, 2 * ebm.L / 200.
	at, e := make([]r2.Vec, nodes+1), make([]float64, nodes+1)
	for _, y := range test {
		for i := range nodes {
			at[i] = r2.Vec{X: y.X, Y: -ebm.L + h*(float64(i)+.5)}
		}
		at[nodes] = y
		energy(e, at)
		var z, first, second float64
		for i := range nodes {
			p := h * math.Exp(-e[i])
			z, first, second = z+p, first+p*at[i].Y, second+p*at[i].Y*at[i].Y
		}
		mean := first / z
		variance := second/z - mean*mean
		nll += (e[nodes] + math.Log(z)) / float64(len(test))
		gaussian += .5 * (math.Log(2*math.Pi*variance) + (y.Y-mean)*(y.Y-mean)/variance) / float64(len(test))
	}
	return nll, gaussian
}

// BenchmarkLikelihood times a landscape of 128×128 points, which costs the same for all
// energy networks, and a step of the methods that push up at points they lay or draw.
func BenchmarkLikelihood(b *testing.B) {
	at := make([]r2.Vec, 128*128)
	for i := range at {
		at[i] = r2.Vec{X: ebm.L * (2*float64(i%128) - 127) / 128, Y: ebm.L * (2*float64(i/128) - 127) / 128}
	}
	dst := make([]float64, len(at))
	b.Run("energy", func(b *testing.B) {
		m := newMaxLik[float32]()
		m.Init(at[:1000], rand.New(rand.NewPCG(1, 1)))
		for b.Loop() {
			m.Energy(dst, at)
		}
	})
	for name, m := range map[string]ebm.Model{"maxlik": newMaxLik[float32](), "mc": newMC[float32](), "nce": newNCE[float32](), "hinge": newHinge[float32]()} {
		b.Run(name, func(b *testing.B) {
			u := ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
			m.Init(at[:1000], u.Rand)
			for b.Loop() {
				u.Trace.Reset()
				m.Step(u)
			}
		})
	}
}
