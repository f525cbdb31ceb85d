package sampler_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

// bowl is the least that a model can be: E(y) = |y|²/2s² with s = 0.3.
type bowl struct{ ebm.Model }

func (bowl) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = r2.Norm2(y) / (2 * .3 * .3)
	}
}

// Any landscape can be sampled: here one of a model that knows no gradient.
func Example() {
	kernel, err := sampler.New("mala")
	if err != nil {
		fmt.Println(err)
		return
	}
	rng := rand.New(rand.NewPCG(1, 2))
	c := sampler.NewChains(kernel, sampler.On(bowl{}), make([]r2.Vec, 1000))
	c.Settings.Size = .05
	c.Warm(200, rng)
	c.Run(100, rng)

	square := 0.
	for _, y := range c.Y {
		square += r2.Norm2(y) / float64(2*len(c.Y))
	}
	fmt.Printf("%.1f of the steps are accepted, the spread is %.1f\n", c.Acceptance, math.Sqrt(square))
	// Output: 0.6 of the steps are accepted, the spread is 0.3
}

// narrow is a target that insists on blocks of 64.
type narrow struct {
	sampler.Target
	t *testing.T
}

func (n narrow) EnergyGrad(e []float64, g, at []r2.Vec) {
	if len(at) > 64 {
		n.t.Fatalf("asked about %d points at once", len(at))
	}
	n.Target.EnergyGrad(e, g, at)
}

// TestChainsStepInBlocks: the blocks change nothing.
func TestChainsStepInBlocks(t *testing.T) {
	const n = 150
	for _, name := range sampler.Names() {
		kernel, err := sampler.New(name)
		if err != nil {
			t.Fatal(err)
		}
		starts := make([]r2.Vec, n)
		sampler.Normal(starts, rand.New(rand.NewPCG(3, 4)))
		c := sampler.NewChains(kernel, narrow{sampler.On(bowl{}), t}, starts)
		c.Settings.Size = .02
		c.Run(5, rand.New(rand.NewPCG(5, 6)))
		blocks := slices.Clone(c.Y)

		rng := rand.New(rand.NewPCG(5, 6))
		w, next, noise, u := sampler.NewWalkers(n), sampler.NewProposals(n), make([]r2.Vec, n), make([]float64, n)
		for i, y := range starts {
			w.Y[i] = r2.Vec{X: min(max(y.X, -ebm.L), ebm.L), Y: min(max(y.Y, -ebm.L), ebm.L)}
		}
		kernel.Begin(w, sampler.On(bowl{}))
		accepted := 0
		for range 5 {
			if kernel.Traits().Noise {
				sampler.Normal(noise, rng)
			}
			if kernel.Traits().Uniforms {
				sampler.Uniform(u, rng)
			}
			accepted += kernel.Step(w, next, sampler.On(bowl{}), noise, u)
		}
		if !slices.Equal(w.Y, blocks) {
			t.Errorf("%s: chains in blocks end elsewhere", name)
		}
		if want := float64(accepted) / (5 * n); c.Acceptance != want {
			t.Errorf("%s: acceptance %g, want %g", name, c.Acceptance, want)
		}
	}
}

// TestWarmFindsTheStepSize for each kernel that rejects; the others keep theirs.
func TestWarmFindsTheStepSize(t *testing.T) {
	for _, name := range sampler.Names() {
		kernel, err := sampler.New(name)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(7, 8))
		c := sampler.NewChains(kernel, sampler.On(bowl{}), make([]r2.Vec, 256))
		size := c.Settings.Size
		c.Settings.Beta = 100
		c.Warm(600, rng)
		c.Run(100, rng)
		target := kernel.Traits().Acceptance
		if target == 0 {
			if c.Settings.Size != size {
				t.Errorf("%s changed its step size to %g", name, c.Settings.Size)
			}
			continue
		}
		if math.Abs(c.Acceptance-target) > .05 {
			t.Errorf("%s: with steps of size %.3g %.2f are accepted, want about %.2f", name, c.Settings.Size, c.Acceptance, target)
		}
	}
}

// TestOnEveryModel, with every kernel.
func TestOnEveryModel(t *testing.T) {
	for _, card := range ebm.Cards() {
		rng := rand.New(rand.NewPCG(9, 10))
		data := make([]r2.Vec, 100)
		for i := range data {
			data[i] = r2.Vec{X: 2*rng.Float64() - 1, Y: rng.Float64()}
		}
		m := card.New()
		m.Knobs(ebm.NewKnobs(card.ID))
		m.Init(data, rng)
		m.Step(ebm.NewUpdate(rng))
		for _, name := range sampler.Names() {
			kernel, err := sampler.New(name)
			if err != nil {
				t.Fatal(err)
			}
			c := sampler.NewChains(kernel, sampler.On(m), data[:20])
			c.Warm(2, rng)
			c.Run(2, rng)
			e, g := make([]float64, len(c.Y)), make([]r2.Vec, len(c.Y))
			m.Energy(e, c.Y)
			ebm.Gradient(m, g, c.Y)
			traits := kernel.Traits()
			for i, y := range c.Y {
				if !(math.Abs(y.X) <= ebm.L && math.Abs(y.Y) <= ebm.L) {
					t.Errorf("%s on %s went to %v", name, card.ID, y)
				}
				if traits.Acceptance > 0 && traits.Gradient && !(r2.Norm(r2.Sub(c.G[i], g[i])) <= 1e-4*(1+r2.Norm(g[i]))) {
					t.Errorf("%s on %s believes that the slope is %v where it is %v", name, card.ID, c.G[i], g[i])
				}
				if traits.Acceptance > 0 && !(math.Abs(c.E[i]-e[i]) <= 1e-5*(1+math.Abs(e[i]))) {
					t.Errorf("%s on %s believes that the energy is %g where it is %g", name, card.ID, c.E[i], e[i])
				}
			}
		}
	}
}

func TestNoChains(t *testing.T) {
	kernel, err := sampler.New("hmc")
	if err != nil {
		t.Fatal(err)
	}
	c := sampler.NewChains(kernel, sampler.On(bowl{}), nil)
	c.Warm(3, rand.New(rand.NewPCG(1, 1)))
	if !math.IsNaN(c.Acceptance) {
		t.Errorf("the acceptance of no chains is %g", c.Acceptance)
	}
}
