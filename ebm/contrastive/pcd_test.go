package contrastive

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/measure"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

// chainsInOrder is a scriptedRand that selects the chains in order and never restarts one.
type chainsInOrder struct{ scriptedRand }

func (*chainsInOrder) IntN(int) int     { return 0 }
func (*chainsInOrder) Float64() float64 { return .5 }

func TestRefPCD(t *testing.T) {
	t.Run("pcd", func(t *testing.T) {
		t.Run("float64", refPCD[float64])
		t.Run("float32", refPCD[float32])
	})
}

func refPCD[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers  layers
		Act     string
		Chains0 [][]float64
		Data    [][][]float64
		Noise   [][][][]float64
		Eta, LR float64
		L       float64
		Steps   []struct {
			Chains [][]float64
			Loss   float64
			Layers layers `json:"layers_after"`
		}
	}
	ref.Load(t, "pcd", &c)
	if c.L != ebm.L {
		t.Skipf("the reference's box is %g wide", 2*c.L)
	}
	near := ref.Checker[T](t, c.Tolerance)
	p := newPCD[T]()
	p.sampler, p.eta, p.clip, p.restart, p.r = sampler.NameULA, c.Eta, math.Inf(1), 0, 0
	p.chain, p.count = len(c.Noise[0]), len(c.Chains0)
	p.begin(c.Layers.spec(c.Act), nil, c.Eta)
	p.pool = ref.Vecs(c.Chains0)
	for i, want := range c.Steps {
		p.Data = ref.Vecs(c.Data[i])
		p.leapfrog = i // of no effect here, but a knob that moves keeps the rate from decaying
		if i == 0 {
			load(&p.network, c.Layers, c.LR, len(p.Data))
		}
		p.Draw(&scriptedRand{})
		p.selectChains(&chainsInOrder{*scriptedNoise(slices.Concat(c.Noise[i]...), 1)}, len(p.pool))
		p.contrast(ebm.NewUpdate(nil))
		near.Points(fmt.Sprintf("chains after update %d", i), p.Particles(nil), want.Chains)
		near.One(fmt.Sprintf("loss of update %d", i), p.loss, want.Loss)
		near.List(fmt.Sprintf("weights after update %d", i), ref.Wide(p.mlp.Params()), want.Layers.flat())
	}
}

// TestPersistence follows the chains through an update: as many as the batch walk, each
// from where it stood or, if it restarts, from elsewhere; the others stay.
func TestPersistence(t *testing.T) {
	for _, restart := range []float64{0, .2} {
		p := newPCD[float32]()
		r := start(t, p, 1, "batch", 100, "restart", restart).steps(5)
		restarted, walked := 0, 0
		for range 50 {
			before := p.Particles(nil)
			r.steps(1)
			after := p.Particles(nil)
			from := map[r2.Vec]r2.Vec{}
			for _, push := range r.u.Trace.Pushes {
				if push.Amount > 0 {
					from[push.From] = push.At
				}
			}
			if len(from) != 100 {
				t.Fatalf("%d different chains walked, want 100", len(from))
			}
			for i, y := range before {
				if to, ok := from[y]; ok {
					walked++
					if after[i] != to {
						t.Fatalf("chain %d walked from %v to %v and is now at %v", i, y, to, after[i])
					}
				} else if after[i] != y {
					restarted++
				}
			}
		}
		if walked+restarted != 5000 {
			t.Errorf("%d walked on and %d restarted, of 5000", walked, restarted)
		}
		if sd := math.Sqrt(5000 * restart * (1 - restart)); math.Abs(float64(restarted)-5000*restart) > 4*sd {
			t.Errorf("%d of 5000 restarted, with a probability of %v", restarted, restart)
		}
	}
}

func TestNumberOfChains(t *testing.T) {
	p := newPCD[float32]()
	r := start(t, p, 1, "chains", 64).steps(2)
	if n := len(r.u.Trace.Pushes); n != 256+64 {
		t.Errorf("%d pushes with a batch of 256 and 64 chains", n)
	}
	kept := p.Particles(nil)
	r.set("chains", 200)
	p.resizePool(r.u.Rand)
	if all := p.Particles(nil); len(all) != 200 || !slices.Equal(all[:64], kept) {
		t.Error("more chains were asked for, and those that there were are not kept")
	}
	r.set("chains", 16)
	if r.steps(1); len(p.Particles(nil)) != 16 {
		t.Errorf("%d chains where 16 were asked for", len(p.Particles(nil)))
	}
}

func TestStateOfChains(t *testing.T) {
	p := newPCD[float32]()
	r := start(t, p, 1).steps(3)
	s := p.State()
	s.Train["chains"].Values[5] = 1.6
	before := p.Particles(nil)
	if err := p.SetState(s); err == nil || !slices.Equal(before, p.Particles(nil)) {
		t.Errorf("chains outside the box: error %v", err)
	}
	r.set("chains", 32) // moved since the last step
	q := newPCD[float32]()
	start(t, q, 2, "chains", 32)
	if err := q.SetState(p.State()); err != nil || len(q.Particles(nil)) != 512 {
		t.Errorf("%d chains were put back, error %v", len(q.Particles(nil)), err)
	}
}

// TestGradientOfChains holds the gradient against finite differences of the loss, the
// places pushed up being what they are.
func TestGradientOfChains(t *testing.T) {
	p := newPCD[float64]()
	p.Batch, p.count, p.r, p.beta = 9, 7, .02, 1.7
	rng := rand.New(rand.NewPCG(1, 2))
	p.begin(small, edge(), p.settings().Size)
	p.randomise(rng)
	p.Limit, p.LR = 0, 0
	u := ebm.NewUpdate(rng)
	p.Step(u)
	grad := slices.Clone(p.Gradient)
	mean := func(at []r2.Vec) (e, square float64) {
		dst := make([]float64, len(at))
		p.mlp.Energy(dst, at)
		for _, v := range dst {
			e += v / float64(len(at))
			square += v * v / float64(len(at))
		}
		return e, square
	}
	loss := func() float64 {
		low, lowSquare := mean(p.Y)
		high, highSquare := mean(p.Particles(nil))
		return low - high + p.r*(lowSquare+highSquare)
	}
	if want := loss(); math.Abs(p.loss-want) > 1e-12*(1+math.Abs(want)) {
		t.Errorf("the loss is %v, want %v", p.loss, want)
	}
	checkSlope(t, p.mlp.Params(), grad, loss)
}

// TestChainsAreRightInTheLimit freezes a landscape that has few deep valleys as yet: chains that
// have walked on it for long follow the exact gradient; those that began just now do not.
func TestChainsAreRightInTheLimit(t *testing.T) {
	for _, name := range []string{sampler.NameRandomWalk, sampler.NameMALA, sampler.NameHMC} {
		t.Run(name, func(t *testing.T) {
			p := newPCD[float32]()
			r := start(t, p, 1, "sampler", name, "restart", 0., "chain", 5, "beta", .7).steps(20)
			p.LR = 0 // out of the knob's reach
			late := func(updates int) (cosine, length float64) {
				p.bias.begin(len(p.Params))
				r.steps(updates)
				return p.bias.cosine, p.bias.length
			}
			late(300)
			if cosine, length := late(400); !(cosine > .97) || math.Abs(length-1) > .15 {
				t.Errorf("after 300 updates on frozen ground: cosine %v, length %v", cosine, length)
			}
		})
	}
	t.Run("short", func(t *testing.T) {
		m := newMCMC[float32]()
		r := start(t, m, 1, "chain", 1).steps(40)
		m.LR = 0
		m.bias.begin(len(m.Params))
		if r.steps(400); !(m.bias.cosine < .9) {
			t.Errorf("walks of one step have a cosine of %v", m.bias.cosine)
		}
	})
}

// TestQualityOfChains trains once with the defaults; a single seed may stay a little below
// what the mean of several reaches.
func TestQualityOfChains(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("trains for some seconds, many times longer under the race detector")
	}
	card, err := data.Lookup("spiral")
	if err != nil {
		t.Fatal(err)
	}
	set := card.New()
	set.Knobs(ebm.NewKnobs("spiral"))
	suite := measure.NewSuite(set)
	for method, want := range map[string]struct{ auc, nll float64 }{"mcmc": {.937, .44}, "hmc": {.935, .51}, "pcd": {.936, .47}} {
		card, err := ebm.Lookup(method)
		if err != nil {
			t.Fatal(err)
		}
		m := card.New()
		start(t, m, 1).steps(card.Steps)
		r := suite.Measure(m.Energy, card.Beta(m))
		t.Logf("%s: AUC %.3f, NLL %.3f", method, r.AUC, r.NLL)
		if !(r.AUC >= want.auc-.01) || !(r.NLL <= want.nll+.15) {
			t.Errorf("%s: AUC %.3f and NLL %.3f, want %.3f and %.3f", method, r.AUC, r.NLL, want.auc, want.nll)
		}
	}
}
