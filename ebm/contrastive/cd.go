package contrastive

import (
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
			{Label: "Lecture: run downhill", TeX: `y'_{i+1}=y'_i-\knob{eta}\,\tfrac{\partial E}{\partial y}(y'_i),\quad \Bigl\lVert\tfrac{\partial E}{\partial y}\Bigr\rVert\le\knob{clip},\quad i<k=\knob{chain}`},
			{Label: "MALA: wander", TeX: `y'_{i+1}=y'_i-\eta\,\knob{beta}\,\tfrac{\partial E}{\partial y}(y'_i)+\sqrt{2\eta}\,n,\quad\text{or refused}`},
		},
		Pathology: "Take the star with data.n at 1500 and model seed 149, the mala walk and 1 step. Far from the data a valley forms that is ten nats deeper than they are and holds nearly all of the probability: " +
			"walks of one step never get there, so nothing pushes it up, and the loss shows nothing. Most other seeds go well: it is chance. With 10 steps it stays away.",
		Slip: "It is no maximum likelihood: short walks that begin at the data do not end where the model has its mass, and the gradient followed is not even that of any loss. " +
			"The lecture's walk, downhill without noise, samples no density at all; its E is -log p only roughly, as a temperature fitted afterwards tells.",
		Stages: ebm.Stages{
			ebm.StageWalk: "[perturbed|From there each runs downhill, {steps step}, into nearby low ground.][!perturbed|Each chain makes {steps step} of the sampler.][refused| A cross marks a refused proposal.]",
			ebm.StageUp:   "{up|Push up} where the walks end: ground that is low without data should not be low.",
		},
		Data:    "spiral",
		Steps:   800,
		Scalars: []string{"loss", "gap", "acceptance", "step", "gradient_cosine", "gradient_ratio"},
		Nats:    true,
		Script:  net.EnergyScript,
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
// State: that of chained.
type cd[T net.Float] struct {
	chained[T]
	variant         string
	kick, eta, clip float64
	beta            float64
	chain           int

	throws []r2.Vec // standard normal numbers of the kicks
}

func newCD[T net.Float]() *cd[T] {
	return &cd[T]{chained: chained[T]{energyNet: newEnergyNet[T](.03)}, variant: variantLecture, kick: .25, eta: 7e-4, clip: 50, beta: 1, chain: 10}
}

func (c *cd[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&c.variant, "variant", `\text{walk}`, []string{variantLecture, variantMALA},
		"lecture: a kick, then straight downhill. mala: from the data itself by small noisy steps that are sometimes refused; slower, and the landscape becomes a density.", ebm.Called("walk"))
	k.Float(&c.kick, "kick", `\sigma`, .02, 1,
		"How far points are thrown. Small: only the rims of the canyon are pushed up, and all hills stay low; at 0.02 the arms run together. Large: points land on the next arm, canyons come out wide, and the ground between them hardly rises.",
		ebm.OnLog, ebm.OnlyFor("variant", variantLecture))
	k.Int(&c.chain, "chain", "k", 0, 50,
		"Steps of the walk. 0: the energy is pushed up where the kick landed (and mala learns nothing). Few: far valleys are never found and stay. Many: walkers gather at the bottom of valleys, slower.", ebm.Called("steps"))
	k.Float(&c.eta, "eta", `\eta`, 1e-5, 1e-2,
		"How far a step goes downhill. Small: walks stay where the kick left them. Large: they jump from wall to wall of the canyon. mala only starts with it and adapts it.", ebm.OnLog, ebm.Called("step size"))
	c.rate(k)
	c.regulariser(k)
	k.Float(&c.clip, "clip", `g_{\max}`, 1, 500,
		"The steepest slope that a walk obeys. 1: walks hardly leave the place where the kick left them. Large: on cliffs, as there are without the regulariser, a walk may leap to the next arm in one step.",
		ebm.OnLog, ebm.Called("slope limit"), ebm.OnlyFor("variant", variantLecture))
	k.Float(&c.beta, "beta", `\beta`, .1, 100,
		"Inverse temperature. Low: the noise carries walkers out of shallow valleys, so the canyon is dug deep. High: a little height holds walkers back, and the whole landscape stays shallow.", ebm.OnLog, ebm.OnlyFor("variant", variantMALA))
	c.knobs(k)
}

func (c *cd[T]) Init(data []r2.Vec, rng ebm.Rand) {
	c.begin(c.spec(1), data)
	c.randomise(rng)
}

func (c *cd[T]) begin(s net.Spec, data []r2.Vec) { c.chained.begin(s, data, c.eta) }

func (c *cd[T]) Step(u *ebm.Update) {
	if len(c.Data) == 0 {
		return
	}
	c.draw(u.Rand)
	c.depart(u.Rand)
	c.contrast(u)
}

// depart draws all the random numbers of the step and puts the walkers where they start.
func (c *cd[T]) depart(rng ebm.Rand) {
	name := sampler.NameMALA
	if c.variant == variantLecture {
		name = sampler.NameDescent
	}
	c.tune(name, sampler.Settings{Size: c.eta, Beta: c.beta, Clip: c.clip}, c.chain)
	c.room(len(c.Y))
	copy(c.from, c.Y)
	copy(c.walkers.Y, c.Y)
	if c.variant == variantLecture {
		c.throws = learn.Sized(c.throws, len(c.Y))
		sampler.Normal(c.throws, rng)
		sampler.Kick(c.walkers.Y, c.Y, c.throws, c.kick)
	}
	c.cast(rng)
}

// contrast sends the walkers off and pushes down where they departed, up where they end.
func (c *cd[T]) contrast(u *ebm.Update) {
	beta := 1. // the lecture's walk has none
	if c.variant == variantMALA {
		beta = c.beta
	}
	c.chained.contrast(u, beta, c.r, learn.Switch(c.variant == variantMALA), c.kick, c.eta, c.clip, c.beta, float64(c.chain))
}

func (c *cd[T]) Scalars(dst []float64) {
	copy(dst, []float64{c.loss, c.gap, c.acceptance, c.step, c.bias.cosine, c.bias.length})
}

func (c *cd[T]) SetState(s ebm.State) error { return c.restore(s, c.eta) }
