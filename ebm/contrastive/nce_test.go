package contrastive

import (
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

func TestRefNCE(t *testing.T) {
	t.Run("nce", func(t *testing.T) {
		t.Run("float64", refNCE[float64])
		t.Run("float32", refNCE[float32])
	})
}

func refNCE[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers    layers
		Act       string
		Y, Noise  [][]float64
		Nu        float64
		LogQ      float64   `json:"log_q"`
		EData     []float64 `json:"E_data"`
		ENoise    []float64 `json:"E_noise"`
		Loss      float64
		Posterior []float64 `json:"posterior_data"`
		Grad      layers
		Softplus  struct{ X, Out []float64 }
	}
	ref.Load(t, "nce", &c)
	near := ref.Checker[T](t, c.Tolerance)
	n := newNCE[T]()
	n.nu = int(c.Nu)
	n.begin(c.Layers.spec(c.Act), ref.Vecs(c.Y))
	load(&n.network, c.Layers, .1, len(c.Y))

	for _, e := range []struct {
		what string
		at   [][]float64
		want []float64
	}{{"E of the data", c.Y, c.EData}, {"E of the noise", c.Noise, c.ENoise}} {
		got := make([]float64, len(e.at))
		n.Energy(got, ref.Vecs(e.at))
		near.List(e.what, got, e.want)
	}
	n.Step(ebm.NewUpdate(&scriptedPoints{at: c.Noise}))
	near.Points("noise", n.noise, c.Noise)
	near.One("log νq", n.logNuQ, math.Log(c.Nu)+c.LogQ)
	near.One("loss", n.loss, c.Loss)
	var posterior []float64
	for _, p := range n.mistaken[:len(c.Y)] {
		posterior = append(posterior, 1-float64(p))
	}
	near.List("P(data|y)", posterior, c.Posterior)
	near.List("gradient", ref.Wide(n.Gradient), c.Grad.flat())
	zeta, slope := make([]T, net.Block), make([]T, net.Block)
	for i, x := range c.Softplus.X {
		zeta[i] = T(x)
	}
	net.Logistic(slope, zeta, zeta)
	near.List("softplus", ref.Wide(zeta[:len(c.Softplus.X)]), c.Softplus.Out)
}

func TestGradientOfNCE(t *testing.T) {
	for name, conditional := range map[string]bool{"joint": false, "conditional": true} {
		t.Run(name, func(t *testing.T) {
			n := newNCE[float64]()
			n.conditional, n.r, n.nu, n.Batch = conditional, .02, 3, 9
			rng := rand.New(rand.NewPCG(1, 2))
			n.begin(small, spiral(t))
			n.randomise(rng)
			n.Draw(rng)
			n.drawNoise(rng)
			n.contrast(ebm.Serial)
			checkSlope(t, n.mlp.Params(), append([]float64(nil), n.Gradient...), func() float64 {
				n.contrast(ebm.Serial)
				return n.loss
			})
		})
	}
}

// TestNCENormalisesItself trains and checks that log Z goes to 0, which no term of the loss
// requires.
func TestNCENormalisesItself(t *testing.T) {
	for name, conditional := range map[string]bool{"joint": false, "conditional": true} {
		t.Run(name, func(t *testing.T) {
			n := newNCE[float32]()
			r := start(t, n, 1, "conditional", conditional).steps(1)
			if math.Abs(n.logZ) < .2 {
				t.Errorf("log Z is %v from the start", n.logZ)
			}
			if r.steps(300); math.Abs(n.logZ) > .15 {
				t.Errorf("after 301 steps log Z is %v", n.logZ)
			}
			if n.accuracy < .8 || n.accuracy > 1 {
				t.Errorf("the classifier is right for %v of the points", n.accuracy)
			}
		})
	}
}

// TestFlatGroundOfNCE has all weights 0, so that everything can be computed by hand.
func TestFlatGroundOfNCE(t *testing.T) {
	for _, c := range []struct {
		conditional bool
		size        float64
	}{{false, ebm.Area}, {true, 2 * ebm.L}} {
		n := newNCE[float64]()
		n.conditional, n.nu = c.conditional, 4
		n.begin(small, edge())
		u := ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
		n.Step(u)
		if math.Abs(n.logZ-math.Log(c.size)) > 1e-12 {
			t.Errorf("log Z is %v, want log %v", n.logZ, c.size)
		}
		odds := c.size / 4 // of data to noise
		if p := n.mistaken[len(n.Y)]; math.Abs(p-odds/(1+odds)) > 1e-12 {
			t.Errorf("P(data|y) is %v at odds of %v", p, odds)
		}
		right := .2
		if odds < 1 {
			right = .8 // all are taken for noise, and most are
		}
		if math.Abs(n.accuracy-right) > 1e-12 {
			t.Errorf("accuracy %v, want %v", n.accuracy, right)
		}
	}
}

// TestFarHillsHaveNoWeight has a pair of energies so far apart that float32 could not go on with
// their weights at full speed.
func TestFarHillsHaveNoWeight(t *testing.T) {
	n := newNCE[float32]()
	start(t, n, 1).steps(1)
	flat := func(e float32) (datum, noise float32) {
		clear(n.Params)
		n.Params[len(n.Params)-1] = e
		n.contrast(ebm.Serial)
		var w [2]float32
		last := len(n.at) - 1
		n.weigh(w[:1], n.e, n.mistaken, down, 2*n.r)
		n.weigh(w[1:], n.e[last:], n.mistaken[last:], up, 2*n.r/float64(n.nu))
		return w[0], w[1]
	}
	if _, w := flat(90); w != 0 {
		t.Errorf("noise on a hill of 90 has the weight %v", w)
	}
	if w, _ := flat(-90); w != 0 {
		t.Errorf("a datum in a hole of 90 has the weight %v", w)
	}
	if _, w := flat(30); !(w < 0) {
		t.Errorf("noise on a hill of 30 has the weight %v", w)
	}
}

func TestTraceOfNCE(t *testing.T) {
	n := newNCE[float32]()
	r := start(t, n, 1, "batch", 40, "conditional", true).steps(100)
	down, up := 0., 0.
	for _, p := range r.u.Trace.Pushes {
		if p.Amount > 0 {
			up += p.Amount
		} else {
			down -= p.Amount
		}
		if p.At.X != p.From.X {
			t.Errorf("conditional: an arrow leads from %v to %v", p.From, p.At)
		}
	}
	if math.Abs(up-1) > 1e-9 || math.Abs(down-1) > 1e-9 {
		t.Errorf("the pushes weigh %v up and %v down, want 1 each", up, down)
	}
	// The heaviest push up is at the noise that is most taken for data.
	heaviest, at := 0., 0.
	for _, p := range r.u.Trace.Pushes {
		heaviest = max(heaviest, p.Amount)
	}
	sum := 0.
	for _, p := range n.mistaken[len(n.Y):len(n.at)] {
		at = max(at, float64(p))
		sum += float64(p)
	}
	if math.Abs(heaviest-at/sum) > 1e-12 {
		t.Errorf("the heaviest push weighs %v, want %v", heaviest, at/sum)
	}
}
