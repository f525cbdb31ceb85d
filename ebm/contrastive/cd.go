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
		Summary: "The energy is {down|pushed down at each training point}. From there a short chain moves to a low place nearby, " +
			"and the energy is {up|pushed up where the chain ends}.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{E(y)}-\up{E(y'_k)}+\knob{r}\left(\down{E(y)}^2+\up{E(y'_k)}^2\right)`},
			{Label: "Lecture: perturb", TeX: `y'_0=y+\knob{kick}\,n,\quad n\sim\mathcal N(0,I)`},
			{Label: "Lecture: descend", TeX: `y'_{i+1}=y'_i-\knob{eta}\,\tfrac{\partial E}{\partial y}(y'_i),\quad \Bigl\lVert\tfrac{\partial E}{\partial y}\Bigr\rVert\le\knob{clip},\quad i<k=\knob{chain}`},
			{Label: "MALA: propose", TeX: `y'_{i+1}=y'_i-\eta\,\knob{beta}\,\tfrac{\partial E}{\partial y}(y'_i)+\sqrt{2\eta}\,n,\quad\text{or rejected}`},
		},
		FailureMode: "Take the star with data.n at 1500 and model seed 149, the mala walk and 1 step. Far from the data a valley forms that is ten nats deeper than the data and holds nearly all of the probability: " +
			"walks of one step never get there, so nothing pushes it up, and the loss does not show it. With most other seeds it does not form. With 10 steps it does not form either.",
		Misconception: "Contrastive divergence is not maximum likelihood: short walks that start at the data do not end where the model has its mass, and the update is not the gradient of any loss. " +
			"The lecture's walk, downhill without noise, samples no density at all; its E is -log p only roughly, as the fitted β shows.",
		Stages: ebm.Stages{
			ebm.StageWalk: "[perturbed|From there each runs downhill, {steps step}, into nearby low ground.][!perturbed|Each chain makes {steps step} of the sampler.][rejected| A cross marks a rejected proposal.]",
			ebm.StageUp:   "{up|Push up} where the walks end: ground that is low without data should not be low.",
		},
		Source:       "G. E. Hinton, “Training products of experts by minimizing contrastive divergence”, 2002",
		Data:         "spiral",
		Steps:        800,
		Lecture:      3,
		Scalars:      []string{"loss", "gap", "acceptance", "step", "gradient_cosine", "gradient_ratio"},
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newCD[float32]() },
		Exact:        func() ebm.Model { return newCD[float64]() },
	})
}

// How the place to push up is found.
const (
	variantLecture = "lecture" // a perturbation, then downhill without noise
	variantMALA    = "mala"    // CD-k: a few steps of a Markov chain that begins at the data
)

// cd is contrastive divergence. One sees a walker start from every training point; where it
// ends the energy goes up, so that valleys remain only where walkers end at data.
//
//	L = mean E(y) - mean E(y'_k) + r (mean E(y)² + mean E(y'_k)²)
//
// In the lecture's variant the walk is a random perturbation and k steps of gradient
// descent. In the other it is k steps of MALA from the data, Hinton's CD-k, with an adaptive
// step size. No derivative is taken through the walk in either.
//
// Places that no walk reaches keep their energy: short chains may leave a valley far away
// that is deeper than that of the data.
//
// G. E. Hinton, "Training products of experts by minimizing contrastive divergence", 2002.
//
// State: that of chained.
type cd[T net.Float] struct {
	chained[T]
	variant                string
	perturbSize, eta, clip float64
	beta                   float64
	chain                  int

	perturbNoise []r2.Vec // standard normal numbers of the perturbations
}

func newCD[T net.Float]() *cd[T] {
	return &cd[T]{chained: chained[T]{energyNet: newEnergyNet[T](.03)}, variant: variantLecture, perturbSize: .25, eta: 7e-4, clip: 50, beta: 1, chain: 10}
}

func (c *cd[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&c.variant, "variant", `\text{walk}`, []string{variantLecture, variantMALA},
		"lecture: a perturbation, then gradient descent. mala: from the data by small noisy steps that may be rejected; slower, and the landscape becomes a density.", ebm.Called("walk"))
	k.Float(&c.perturbSize, "kick", `\sigma`, .02, 1,
		"How far points are perturbed. Small: only the rims of the canyon are pushed up, and all hills stay low; at 0.02 the arms merge. Large: points land on the next arm, canyons get wide, and the ground between them hardly rises.",
		ebm.OnLog, ebm.OnlyFor("variant", variantLecture))
	k.Int(&c.chain, "chain", "k", 0, 50,
		"Steps of the walk. 0: the energy is pushed up at the perturbed points (and mala learns nothing). Few: far valleys are never found and stay. Many: the chains collect at the bottom of the valleys, and each step takes longer.", ebm.Called("steps"))
	k.Float(&c.eta, "eta", `\eta`, 1e-5, 1e-2,
		"How far a step goes downhill. Small: walks stay at the perturbed points. Large: they jump from wall to wall of the canyon. mala only starts with it and adapts it.", ebm.OnLog, ebm.Called("step size"))
	c.Rate(k)
	c.regulariser(k)
	k.Float(&c.clip, "clip", `g_{\mathrm{max}}`, 1, 500,
		"The steepest slope that a walk follows; steeper ones are clipped. 1: walks hardly leave the perturbed points. Large: on cliffs, as without the regulariser, a walk may jump to the next arm in one step.",
		ebm.OnLog, ebm.Called("slope limit"), ebm.OnlyFor("variant", variantLecture))
	k.Float(&c.beta, "beta", `\beta`, .1, 100,
		"Inverse temperature. Low: the noise moves the chains out of shallow valleys, so the canyon gets deep. High: small hills stop the chains, and the whole landscape stays shallow.", ebm.OnLog, ebm.OnlyFor("variant", variantMALA))
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
	c.Draw(u.Rand)
	c.startWalkers(u.Rand)
	c.contrast(u)
}

// startWalkers draws all random numbers of the step and places the walkers at their starts.
func (c *cd[T]) startWalkers(rng ebm.Rand) {
	name := sampler.NameMALA
	if c.variant == variantLecture {
		name = sampler.NameDescent
	}
	c.configure(name, sampler.Settings{Size: c.eta, Beta: c.beta, Clip: c.clip}, c.chain)
	c.resize(len(c.Y))
	copy(c.from, c.Y)
	copy(c.walkers.Y, c.Y)
	if c.variant == variantLecture {
		c.perturbNoise = learn.Resize(c.perturbNoise, len(c.Y))
		sampler.Normal(c.perturbNoise, rng)
		sampler.Perturb(c.walkers.Y, c.Y, c.perturbNoise, c.perturbSize)
	}
	c.drawNoise(rng)
}

// contrast moves the walkers and pushes down where they started, up where they end.
func (c *cd[T]) contrast(u *ebm.Update) {
	c.chained.contrast(u, c.Beta(), c.r, learn.BoolValue(c.variant == variantMALA), c.perturbSize, c.eta, c.clip, c.beta, float64(c.chain))
}

// Beta returns the inverse temperature of the walks: see [ebm.Gibbs]. Those of the lecture have
// none, and e^{-E} is taken for the density.
func (c *cd[T]) Beta() float64 {
	if c.variant == variantMALA {
		return c.beta
	}
	return 1
}

func (c *cd[T]) Scalars(dst []float64) {
	copy(dst, []float64{c.loss, c.gap, c.acceptance, c.step, c.bias.cosine, c.bias.length})
}

func (c *cd[T]) SetState(s ebm.State) error { return c.restore(s, c.eta) }
