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

func init() {
	ebm.Register(ebm.Card{
		ID:       "cd",
		Title:    "Contrastive divergence",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "The energy is {down|pushed down at each training point}; the point is then sent off to find a low place nearby, " +
			"and the energy is {up|pushed up where its walk ends}.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{E(y)}-\up{E(y'_k)}+\knob{r}\left(\down{E(y)}^2+\up{E(y'_k)}^2\right)`},
			{Label: "Lecture: kick", TeX: `y'_0=y+\knob{kick}\,n,\quad n\sim\mathcal N(0,I)`},
			{Label: "Lecture: run downhill", TeX: `y'_{i+1}=y'_i-\knob{eta}\,\tfrac{\partial E}{\partial y}(y'_i),\quad i<k=\knob{chain}`},
			{Label: "MALA: wander", TeX: `y'_{i+1}=y'_i-\eta\,\knob{beta}\,\tfrac{\partial E}{\partial y}(y'_i)+\sqrt{2\eta}\,n,\quad\text{or refused}`},
		},
		Pathology: "Take the star with data.n at 1500 and seed 3, the mala walk and 1 step. Far from the data a valley forms that is eight nats deeper than they are and holds nearly all of the probability: " +
			"walks of one step never get there, so nothing pushes it up, and the loss shows nothing. Most other seeds go well: it is chance. With 10 steps it stays away.",
		Slip: "It is no maximum likelihood: short walks that begin at the data do not end where the model has its mass, and the gradient followed is not even that of any loss. " +
			"The lecture's walk, downhill without noise, samples no density at all; its E is -log p only roughly, as a temperature fitted afterwards tells.",
		Data:    "spiral",
		Steps:   800,
		Scalars: []string{"loss", "gap", "acceptance", "step", "gradient_cosine", "gradient_ratio"},
		Nats:    true,
		New:     func() ebm.Model { return newCD[float32]() },
		Exact:   func() ebm.Model { return newCD[float64]() },
	})
}

// The ways to find the place to push up.
const (
	variantLecture = "lecture" // a kick, then downhill without noise
	variantMALA    = "mala"    // CD-k: a few steps of a Markov chain that begins at the data
)

// cd is contrastive divergence. One sees every training point send out a walker; where it
// ends the energy goes up, so valleys survive only where walkers end on data.
//
//	L = mean E(y) - mean E(y'_k) + r (mean E(y)² + mean E(y'_k)²)
//
// In the lecture's variant the walk is a random kick and k steps of gradient descent. In
// the other it is k steps of MALA from the data, Hinton's CD-k, whose step size adapts
// itself. No derivative is taken through the walk in either.
//
// Places that no walk reaches keep whatever energy they have: a short chain may leave a
// valley far off that is deeper than the data's.
//
// G. E. Hinton, "Training products of experts by minimizing contrastive divergence", 2002.
//
// State: that of network; and for going on, "sampler" [2] = η as adapted, and the value of
// the knob that it was adapted from; and that of bias.
type cd[T net.Float] struct {
	energyNet[T]
	bias            bias[T]
	variant         string
	kick, eta, clip float64
	beta            float64
	chain           int

	step, stepFrom float64 // MALA's η, and the knob's value when it began

	walkers  sampler.Walkers
	next     sampler.Proposals
	noise    []r2.Vec
	u        []float64
	places   []landscape[T] // one for each block of walkers
	accepted []int          // likewise
	paths    int            // how many walks are kept for the trace
	path     []r2.Vec       // [chain+1][paths]
	walk     func(w *net.Workspace[T], grad []T, lo, hi int)

	loss, gap, acceptance float64
}

// landscape is the energy as a sampler's target.
type landscape[T net.Float] struct {
	m *net.MLP[T]
	w *net.Workspace[T]
}

func (l *landscape[T]) EnergyGrad(e []float64, g, at []r2.Vec) { l.m.EnergyGrad(l.w, e, g, at) }

func newCD[T net.Float]() *cd[T] {
	return &cd[T]{energyNet: newEnergyNet[T](.03), variant: variantLecture, kick: .25, eta: 7e-4, clip: 50, beta: 1, chain: 10}
}

func (c *cd[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&c.variant, "variant", `\text{walk}`, []string{variantLecture, variantMALA},
		"lecture: a kick, then straight downhill. mala: from the data itself by small noisy steps that are sometimes refused; slower, and the landscape becomes a density.", ebm.Called("walk"))
	k.Float(&c.kick, "kick", `\sigma`, .02, 1,
		"How far points are thrown. Small: a narrow moat along the data, and low ground beyond it. Large: points land on the next arm, and far ground is pushed up too much.",
		ebm.OnLog, ebm.OnlyFor("variant", variantLecture))
	k.Int(&c.chain, "chain", "k", 0, 50,
		"Steps of the walk. 0: the energy is pushed up where the kick landed (and mala learns nothing). Few: far valleys are never found and stay. Many: walkers gather at the bottom of valleys, slower.", ebm.Called("steps"))
	k.Float(&c.eta, "eta", `\eta`, 1e-5, 1e-2,
		"How far a step goes downhill. Small: walks stay where the kick left them. Large: they jump from wall to wall of the canyon. mala only starts with it and adapts it.", ebm.OnLog, ebm.Called("step size"))
	c.rate(k)
	c.regulariser(k)
	k.Float(&c.clip, "clip", `g_{\max}`, 1, 500,
		"The steepest slope that a walk obeys. Small: on cliffs all walks run at the same speed. Large: a steep cliff hurls points across the box.",
		ebm.OnLog, ebm.Called("slope limit"), ebm.OnlyFor("variant", variantLecture))
	k.Float(&c.beta, "beta", `\beta`, .1, 100,
		"How cold it is. Low: walkers climb out of valleys and hills are pushed flat. High: noise hardly lifts them, and valleys stay wide.", ebm.OnLog, ebm.OnlyFor("variant", variantMALA))
	c.knobs(k)
}

func (c *cd[T]) Init(data []r2.Vec, rng ebm.Rand) {
	c.begin(c.spec(1), data)
	c.randomise(rng)
}

func (c *cd[T]) begin(s net.Spec, data []r2.Vec) {
	c.energyNet.begin(s, data)
	c.bias.begin(s.Params())
	c.walk = c.walkBlock
	c.step, c.stepFrom = c.eta, c.eta
	c.loss, c.gap, c.acceptance = math.NaN(), math.NaN(), math.NaN()
}

func (c *cd[T]) Step(u *ebm.Update) {
	if len(c.Data) == 0 {
		return
	}
	c.draw(u.Rand)
	c.depart(u.Rand)
	c.contrast(u)
}

// contrast sends the walkers off and pushes down where they departed, up where they end.
func (c *cd[T]) contrast(u *ebm.Update) {
	c.team.Blocks(u.For, len(c.Y), c.walk, c.mlp, nil)
	c.arrive()

	beta := 1. // the lecture's walk has none
	if c.variant == variantMALA {
		beta = c.beta
	}
	c.bias.compare(u.For, &c.network, c.walkers.Y, nil, beta)
	lower, lowerSquare := c.push(u.For, down, c.Y)
	upper, upperSquare := c.push(u.For, up, c.walkers.Y)
	c.loss = lower - upper + c.r*(lowerSquare+upperSquare)
	c.gap = upper - lower
	c.descend(c.r, learn.Switch(c.variant == variantMALA), c.kick, c.eta, c.clip, c.beta, float64(c.chain))
	c.tell(u.Trace)
}

// depart draws all the random numbers of the step and puts the walkers where they start.
func (c *cd[T]) depart(rng ebm.Rand) {
	n := len(c.Y)
	if len(c.walkers.Y) != n {
		c.walkers, c.next = sampler.NewWalkers(n), sampler.NewProposals(n)
		blocks := (n + net.Block - 1) / net.Block
		c.places, c.accepted = make([]landscape[T], blocks), make([]int, blocks)
	}
	c.paths = min(n, ebm.MaxPaths, ebm.MaxVisits/(c.chain+2))
	c.path = learn.Sized(c.path, (c.chain+1)*c.paths)

	if c.variant == variantLecture {
		c.noise = learn.Sized(c.noise, n)
		sampler.Normal(c.noise, rng)
		sampler.Kick(c.walkers.Y, c.Y, c.noise, c.kick)
		return
	}
	if c.eta != c.stepFrom {
		c.step, c.stepFrom = c.eta, c.eta
	}
	c.noise, c.u = learn.Sized(c.noise, n*c.chain), learn.Sized(c.u, n*c.chain)
	sampler.Normal(c.noise, rng)
	sampler.Uniform(c.u, rng)
	copy(c.walkers.Y, c.Y)
}

// walkBlock takes the walkers lo, …, hi-1 to the end of their walks.
func (c *cd[T]) walkBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	b, n := lo/net.Block, len(c.Y)
	place := &c.places[b]
	place.m, place.w = c.mlp, w
	walkers, next := c.walkers.Slice(lo, hi), c.next.Slice(lo, hi)
	c.record(0, lo, hi)
	if c.variant == variantLecture {
		for i := range c.chain {
			sampler.Descent{Eta: c.eta, Clip: c.clip}.Step(walkers, next, place, nil, nil)
			c.record(i+1, lo, hi)
		}
		return
	}
	walkers.Look(place)
	c.accepted[b] = 0
	for i := range c.chain {
		noise, u := c.noise[i*n+lo:i*n+hi], c.u[i*n+lo:i*n+hi]
		c.accepted[b] += sampler.MALA{Eta: c.step, Beta: c.beta}.Step(walkers, next, place, noise, u)
		c.record(i+1, lo, hi)
	}
}

// record keeps where the walkers lo, …, hi-1 are after step i, as far as the trace has room.
func (c *cd[T]) record(i, lo, hi int) {
	if hi = min(hi, c.paths); lo < hi {
		copy(c.path[i*c.paths+lo:i*c.paths+hi], c.walkers.Y[lo:hi])
	}
}

// arrive adapts the step size of MALA to the share of steps that were accepted.
func (c *cd[T]) arrive() {
	c.acceptance = math.NaN()
	if c.variant == variantLecture || c.chain == 0 {
		return
	}
	total := 0
	for _, a := range c.accepted {
		total += a
	}
	c.acceptance = float64(total) / float64(c.chain*len(c.Y))
	c.step = sampler.Adapt(c.step, c.acceptance, sampler.AcceptanceMALA)
}

// tell records the pushes and the walks.
func (c *cd[T]) tell(t *ebm.Trace) {
	share := 1 / float64(len(c.Y))
	for i, y := range c.Y {
		t.Down(y, y, share)
		t.Up(c.walkers.Y[i], y, share)
	}
	for p := range c.paths {
		if c.variant == variantLecture {
			t.Visit(p, c.Y[p])
		}
		for i := range c.chain + 1 {
			t.Visit(p, c.path[i*c.paths+p])
		}
	}
}

func (c *cd[T]) Scalars(dst []float64) {
	step := c.eta
	if c.variant == variantMALA {
		step = c.step
	}
	copy(dst, []float64{c.loss, c.gap, c.acceptance, step, c.bias.cosine, c.bias.length})
}

func (c *cd[T]) State() ebm.State {
	s := c.energyNet.State()
	s.Train["sampler"] = ebm.Tensor{Shape: []int{2}, Values: []float64{c.step, c.stepFrom}}
	c.bias.tensors(s.Train)
	return s
}

func (c *cd[T]) SetState(s ebm.State) error {
	step := []float64{c.eta, c.eta}
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
	judged, err := c.bias.fetch(s)
	if err != nil {
		return err
	}
	if err := c.energyNet.SetState(s); err != nil {
		return err
	}
	judged()
	c.step, c.stepFrom = step[0], step[1]
	return nil
}
