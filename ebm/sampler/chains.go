package sampler

import (
	"math"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// Chains are walkers that one kernel moves over one target, such as the landscape of a model
// ([On]).
//
//	c := sampler.NewChains(kernel, sampler.On(model), starts)
//	c.Warm(500, rng) // find the step size
//	c.Run(500, rng)  // c.Y are now samples
type Chains struct {
	Walkers
	Proposals  Proposals // those of the last step
	Settings   Settings  // of the next steps: the kernel's own to begin with
	Acceptance float64   // of the last Warm or Run; NaN where there was none

	kernel Kernel
	target Target
	noise  []r2.Vec
	u      []float64
}

// NewChains puts a walker at each of the starts, moved into the box if it lies outside. The
// chains own the kernel from then on.
func NewChains(k Kernel, t Target, starts []r2.Vec) *Chains {
	n := len(starts)
	c := &Chains{
		Walkers: NewWalkers(n), Proposals: NewProposals(n), Settings: k.Traits().Settings, Acceptance: math.NaN(),
		kernel: k, target: t, noise: make([]r2.Vec, n), u: make([]float64, n),
	}
	for i, y := range starts {
		c.Y[i] = r2.Vec{X: min(max(y.X, -ebm.L), ebm.L), Y: min(max(y.Y, -ebm.L), ebm.L)}
	}
	return c
}

// Warm makes the given number of steps and adapts the step size, Settings.Size, after each.
func (c *Chains) Warm(steps int, rng ebm.Rand) { c.run(steps, rng, c.kernel.Traits().Adapt) }

// Run makes the given number of steps of the same size.
func (c *Chains) Run(steps int, rng ebm.Rand) {
	c.run(steps, rng, func(size, _ float64) float64 { return size })
}

func (c *Chains) run(steps int, rng ebm.Rand, adapt func(size, acceptance float64) float64) {
	c.Acceptance = math.NaN()
	n := len(c.Y)
	if n == 0 || steps <= 0 {
		return
	}
	for lo := 0; lo < n; lo += block {
		c.kernel.Begin(c.Walkers.Slice(lo, min(lo+block, n)), c.target)
	}
	total := 0
	for range steps {
		accepted := c.step(rng)
		total += accepted
		c.Settings.Size = adapt(c.Settings.Size, float64(accepted)/float64(n))
	}
	c.Acceptance = float64(total) / float64(steps*n)
}

// block is how many points a target evaluates at once.
const block = 64

// step moves all walkers by one step and returns how many proposals were accepted.
func (c *Chains) step(rng ebm.Rand) (accepted int) {
	traits := c.kernel.Traits()
	if traits.Noise {
		Normal(c.noise, rng)
	}
	if traits.Uniforms {
		Uniform(c.u, rng)
	}
	c.kernel.Set(c.Settings)
	for lo := 0; lo < len(c.Y); lo += block {
		hi := min(lo+block, len(c.Y))
		accepted += c.kernel.Step(c.Walkers.Slice(lo, hi), c.Proposals.Slice(lo, hi), c.target, c.noise[lo:hi], c.u[lo:hi])
	}
	return accepted
}
