package contrastive

import (
	"fmt"
	"math"
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

// chains are walkers that one of the samplers moves over the energy that is being learnt.
// An update moves each of them by the same number of steps; then the energy is pushed up
// where they are:
//
//	c.configure(…)     // the sampler, its step size and the number of steps
//	c.resize(n)        // then the method fills c.from and c.walkers.Y
//	c.drawNoise(rng)   // all random numbers, before anything runs on several cores
//	c.walk(f, network)
//
// The step size adapts itself once after each walk, to the share of steps that were
// accepted.
//
// State: "sampler" [2] = the step size as adapted, and the value of the knob that it was
// adapted from.
type chains[T net.Float] struct {
	kernel sampler.Kernel
	steps  int
	leaps  int // leapfrog steps in a step

	step, stepFrom float64 // the step size, and the knob's value when it began

	from     []r2.Vec // where the walkers came from: the point that was perturbed, or where they started
	walkers  sampler.Walkers
	next     sampler.Proposals
	noise    []r2.Vec // [steps][walkers]
	u        []float64
	moved    []bool         // whether a walker has moved in this walk
	targets  []landscape[T] // one for each block of walkers
	accepted []int          // likewise
	paths    int            // how many walks are kept for the trace
	path     []r2.Vec       // [steps*leaps+1][paths]

	on   *net.MLP[T]                                     // whose energy they walk on
	body func(w *net.Workspace[T], grad []T, lo, hi int) // c.walkBlock, bound once: binding allocates

	acceptance, stuck float64
}

// landscape is the energy as a sampler's target.
type landscape[T net.Float] struct {
	m *net.MLP[T]
	w *net.Workspace[T]
}

func (l *landscape[T]) EnergyGrad(e []float64, g, at []r2.Vec) { l.m.EnergyGrad(l.w, e, g, at) }

func (l *landscape[T]) Energy(e []float64, at []r2.Vec) { l.m.Energy(e, at) }

// reset starts the chains afresh; size is the initial step size.
func (c *chains[T]) reset(size float64) {
	c.body = c.walkBlock
	c.step, c.stepFrom = size, size
	c.acceptance, c.stuck = math.NaN(), math.NaN()
}

// configure sets the sampler of the next walk, its settings and its number of steps. An
// adapted step size is kept until s.Size, the knob, changes.
func (c *chains[T]) configure(name string, s sampler.Settings, steps int) {
	if c.kernel == nil || c.kernel.Traits().Name != name {
		kernel, err := sampler.New(name)
		if err != nil {
			panic(err) // the knobs offer only those that there are
		}
		c.kernel = kernel
	}
	if s.Size != c.stepFrom || c.kernel.Traits().Acceptance == 0 {
		c.step, c.stepFrom = s.Size, s.Size
	}
	s.Size = c.step
	c.kernel.Set(s)
	c.steps, c.leaps = steps, 1
	if name == sampler.NameHMC {
		c.leaps = s.Leaps
	}
}

// resize allocates memory for n walkers.
func (c *chains[T]) resize(n int) {
	if len(c.walkers.Y) != n {
		c.walkers, c.next = sampler.NewWalkers(n), sampler.NewProposals(n)
		c.from, c.moved = make([]r2.Vec, n), make([]bool, n)
		blocks := (n + net.Block - 1) / net.Block
		c.targets, c.accepted = make([]landscape[T], blocks), make([]int, blocks)
	}
	points := c.steps*c.leaps + 1
	c.paths = min(n, ebm.MaxPaths, ebm.MaxVisits/(points+1))
	c.path = learn.Resize(c.path, points*c.paths)
	if c.leaps > 1 && (c.next.Path == nil || len(c.next.Path[0]) != c.leaps+1) {
		c.next.KeepPaths(n, c.leaps)
	}
}

// drawNoise draws the random numbers of the walk, those of its first step first.
func (c *chains[T]) drawNoise(rng ebm.Rand) {
	n, traits := len(c.walkers.Y)*c.steps, c.kernel.Traits()
	c.noise, c.u = learn.Resize(c.noise, n), learn.Resize(c.u, n)
	if traits.Noise {
		sampler.Normal(c.noise, rng)
	}
	if traits.Uniforms {
		sampler.Uniform(c.u, rng)
	}
}

// walk moves the walkers to the end of their walks.
func (c *chains[T]) walk(f ebm.For, n *network[T]) {
	c.on = n.mlp
	clear(c.moved)
	n.runner.Blocks(f, len(c.walkers.Y), c.body, n.mlp, nil)
	c.adaptStep()
}

// walkBlock moves the walkers lo, …, hi-1 to the end of their walks.
func (c *chains[T]) walkBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	b, n := lo/net.Block, len(c.walkers.Y)
	target := &c.targets[b]
	target.m, target.w = c.on, w
	walkers, next := c.walkers.Slice(lo, hi), c.next.Slice(lo, hi)
	c.accepted[b] = 0
	c.kernel.Begin(walkers, target)
	c.recordPositions(0, lo, hi)
	for i := range c.steps {
		c.accepted[b] += c.kernel.Step(walkers, next, target, c.noise[i*n+lo:i*n+hi], c.u[i*n+lo:i*n+hi])
		for j, went := range next.Accepted {
			c.moved[lo+j] = c.moved[lo+j] || went
		}
		c.recordStep(i, lo, hi)
	}
}

// recordPositions stores where the walkers lo, …, hi-1 are now, as far as the trace holds them.
func (c *chains[T]) recordPositions(row, lo, hi int) {
	if hi = min(hi, c.paths); lo < hi {
		copy(c.path[row*c.paths+lo:row*c.paths+hi], c.walkers.Y[lo:hi])
	}
}

// recordStep stores the places that the walkers lo, …, hi-1 passed in step i; a rejected walker
// stays where it is.
func (c *chains[T]) recordStep(i, lo, hi int) {
	for l := 1; l < c.leaps; l++ {
		row := i*c.leaps + l
		for j := lo; j < min(hi, c.paths); j++ {
			c.path[row*c.paths+j] = c.next.From[j]
			if c.next.Accepted[j] {
				c.path[row*c.paths+j] = c.next.Path[j][l]
			}
		}
	}
	c.recordPositions((i+1)*c.leaps, lo, hi)
}

// adaptStep adapts the step size to the acceptance rate.
func (c *chains[T]) adaptStep() {
	c.acceptance, c.stuck = math.NaN(), math.NaN()
	if c.canReject() {
		accepted, stuck := 0, 0
		for _, a := range c.accepted {
			accepted += a
		}
		for _, moved := range c.moved {
			if !moved {
				stuck++
			}
		}
		n := float64(len(c.walkers.Y))
		c.acceptance, c.stuck = float64(accepted)/(float64(c.steps)*n), float64(stuck)/n
		c.step = c.kernel.Traits().Adapt(c.step, c.acceptance)
	}
}

// canReject reports whether the walk had steps that the sampler could reject.
func (c *chains[T]) canReject() bool { return c.steps > 0 && c.kernel.Traits().Acceptance > 0 }

// record adds to the trace the walks, and the proposals of their last step.
func (c *chains[T]) record(t *ebm.Trace) {
	for p := range c.paths {
		if c.from[p] != c.path[p] { // it was perturbed
			t.Visit(p, c.from[p])
		}
		for at := p; at < len(c.path); at += c.paths {
			t.Visit(p, c.path[at])
		}
	}
	if c.canReject() {
		c.next.Record(t)
	}
}

// chained is an energy network that is pushed down at the batch and up where chains end.
//
//	L = mean E(y) - mean E(y'_k) + r (mean E(y)² + mean E(y'_k)²)
//
// No derivative is taken through the walks.
//
// State: that of network; and, to continue training, those of chains and bias.
type chained[T net.Float] struct {
	energyNet[T]
	chains[T]
	bias bias[T]

	loss, gap float64
}

func (c *chained[T]) begin(s net.Spec, data []r2.Vec, size float64) {
	c.energyNet.begin(s, data)
	c.reset(size)
	c.bias.begin(s.Params())
	c.loss, c.gap = math.NaN(), math.NaN()
}

// contrast moves the walkers, pushes, and makes the step; knobs are the method's own.
func (c *chained[T]) contrast(u *ebm.Update, beta float64, knobs ...float64) {
	c.walk(u.For, &c.network)
	c.bias.compare(u.For, &c.network, c.walkers.Y, nil, beta)
	lower, lowerSquare := c.push(u.For, down, c.Y)
	upper, upperSquare := c.push(u.For, up, c.walkers.Y)
	c.loss = lower - upper + c.r*(lowerSquare+upperSquare)
	c.gap = upper - lower
	c.Descend(knobs...)
	for i := range max(len(c.Y), len(c.walkers.Y)) {
		if i < len(c.Y) {
			u.Trace.Down(c.Y[i], c.Y[i], 1/float64(len(c.Y)))
		}
		if i < len(c.walkers.Y) {
			u.Trace.Up(c.walkers.Y[i], c.from[i], 1/float64(len(c.walkers.Y)))
		}
	}
	c.record(u.Trace)
}

// chainScalars are the numbers that the methods with chains report.
var chainScalars = []string{"loss", "gap", "acceptance", "step", "stuck", "gradient_cosine", "gradient_ratio"}

func (c *chained[T]) Scalars(dst []float64) {
	copy(dst, []float64{c.loss, c.gap, c.acceptance, c.step, c.stuck, c.bias.cosine, c.bias.length})
}

func (c *chained[T]) State() ebm.State {
	s := c.energyNet.State()
	s.Train["sampler"] = ebm.Tensor{Shape: []int{2}, Values: []float64{c.step, c.stepFrom}}
	c.bias.tensors(s.Train)
	return s
}

// restore sets a state; the step size is the given one if there is no Train.
func (c *chained[T]) restore(s ebm.State, size float64) error {
	step := []float64{size, size}
	if len(s.Train) > 0 {
		t, err := ebm.Fetch(s.Train, "sampler", 2)
		if err != nil {
			return err
		}
		if slices.Min(t.Values) <= 0 {
			return fmt.Errorf("tensor %q holds %v where step sizes above 0 are needed", "sampler", t.Values)
		}
		step = t.Values
	}
	applyBias, err := c.bias.fetch(s)
	if err != nil {
		return err
	}
	if err := c.energyNet.SetState(s); err != nil {
		return err
	}
	applyBias()
	c.step, c.stepFrom = step[0], step[1]
	return nil
}
