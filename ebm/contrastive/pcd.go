package contrastive

import (
	"fmt"
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "pcd",
		Title:    "Persistent contrastive divergence",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "Hundreds of chains move over the landscape for the whole run and never return to the data; now and then one restarts at a random place. " +
			"The energy is {down|pushed down at the training points} and {up|pushed up wherever the chains are}.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle E(y)\rangle_{\text{data}}}-\up{\langle E(y')\rangle_{\text{chains}}}+\knob{r}\left(\down{\langle E(y)^2\rangle}+\up{\langle E(y')^2\rangle}\right)`},
			{Label: "Chains", TeX: `y'\to\cdots\to y'\quad(\knob{chain}\text{ steps that leave }e^{-\knob{beta}\,E}\text{ as it is})`},
			{Label: "Restart", TeX: `\text{with probability }\knob{restart}:\quad y'\sim\text{uniform on the square}`},
			{Label: "MALA", TeX: `\tilde y=y'-\eta\,\knob{beta}\,\tfrac{\partial E}{\partial y}(y')+\sqrt{2\eta}\,n,\quad\text{accepted or rejected}`},
		},
		FailureMode: "Set the regulariser to 0. The canyon gets so steep that mala fails: its steps shrink to the least there is, about half of the chains do not move in an update, " +
			"and under them a peak grows from update to update; energies reach hundreds of thousands. The random walk does not use slopes, and still works. " +
			"With ula and a step size of 0.003 nothing is rejected, but chains jump out of the canyon, and it gets six to seven times too deep to hold them.",
		Misconception: "Persistent chains are said to give the true gradient of the likelihood. They would on a fixed landscape: it changes while they move, so they are where the model had its mass some updates ago. " +
			"The slower the learning and the more steps, the smaller the lag; it is never zero.",
		Stages: ebm.Stages{
			ebm.StageStart: "The chains do not return to the data: each starts where the last step left it, or restarts at a random place.",
			ebm.StageUp:    "{up|Push up} wherever the chains are now.",
		},
		Source:       "T. Tieleman, “Training restricted Boltzmann machines using approximations to the likelihood gradient”, 2008",
		Data:         "spiral",
		Steps:        1200,
		Scalars:      chainScalars,
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newPCD[float32]() },
		Exact:        func() ebm.Model { return newPCD[float64]() },
	})
}

// pcd is persistent contrastive divergence: maximum likelihood with chains that continue from
// update to update. One sees the chains settle in the valleys; a valley without data fills
// with chains, and they push it up. Since the landscape changes little from update to update,
// a few steps are enough to keep the chains close to its density.
//
// In each update as many of the chains as there are points in the batch, drawn at random,
// make their steps. A few of them restart anywhere in the box, so that every valley is
// found.
//
// T. Tieleman, "Training restricted Boltzmann machines using approximations to the
// likelihood gradient", 2008; L. Younes, "On the convergence of Markovian stochastic
// algorithms with rapidly decreasing ergodicity rates", 1999.
//
// State: that of chained; and, to continue training, "chains" [chains, 2] = where they are.
type pcd[T net.Float] struct {
	chained[T]
	walkSettings
	count   int
	restart float64

	pool   []r2.Vec // where the chains are
	order  []int    // the numbers of the chains; those that walk in this update first
	moving int      // how many these are
}

func newPCD[T net.Float]() *pcd[T] {
	p := &pcd[T]{chained: chained[T]{energyNet: newEnergyNet[T](.03)}, walkSettings: newWalkSettings(sampler.NameMALA, 20), count: 512, restart: .01}
	p.Batch = 256
	return p
}

func (p *pcd[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&p.sampler, "sampler", `\text{sampler}`, []string{sampler.NameRandomWalk, sampler.NameULA, sampler.NameMALA, sampler.NameHMC},
		"randomwalk: random steps that ignore the slope; each is cheap, and in the plane it works very well. ula: downhill with noise; nothing is rejected, so energies come out too steep. "+
			"mala: as ula, but some steps are rejected so that the density is exact. hmc: long curves along the valleys; the most reliable and the slowest.")
	p.chainKnobs(k)
	p.langevinKnobs(k)
	p.randomWalkKnob(k)
	p.hmcKnobs(k, ebm.OnlyFor("sampler", sampler.NameHMC))
	p.Rate(k)
	p.regulariser(k)
	p.betaKnob(k)
	p.knobs(k)
}

// chainKnobs declares the knobs of the persistent chains.
func (p *pcd[T]) chainKnobs(k *ebm.Knobs) {
	k.Int(&p.chain, "chain", "k", 1, 100,
		"Steps of a chain in one update. Few: the chains lag behind, and the landscape gets too steep. Many: they keep up, slower.", ebm.OnLog, ebm.Called("steps"))
	k.Int(&p.count, "chains", "N", 16, 1024,
		"How many chains there are. Few: the landscape jitters. Many: it changes smoothly, but each chain moves less often.", ebm.OnLog2)
	k.Float(&p.restart, "restart", `\rho`, 1e-3, .2,
		"How often a chain restarts at a random place. 0: a valley far from all chains may never be found, and a stuck chain stays stuck. Many: chains push before they are down, and energies get somewhat too large.",
		ebm.OnLog, ebm.OrZero, ebm.Called("restarts"))
}

func (p *pcd[T]) Init(data []r2.Vec, rng ebm.Rand) {
	p.begin(p.spec(1), data, p.settings().Size)
	p.randomise(rng)
	p.pool, p.order = nil, nil
	p.resizePool(rng)
}

func (p *pcd[T]) Step(u *ebm.Update) {
	if len(p.Data) == 0 {
		return
	}
	p.Draw(u.Rand)
	p.resizePool(u.Rand)
	p.selectChains(u.Rand, len(p.Y))
	p.contrast(u)
}

// resizePool keeps as many chains as the knob says; new ones start anywhere.
func (p *pcd[T]) resizePool(rng ebm.Rand) {
	for len(p.pool) < p.count {
		p.pool = append(p.pool, uniformPoint(rng))
	}
	p.pool = p.pool[:p.count]
}

// uniformPoint returns a point drawn uniformly from the box.
func uniformPoint(rng ebm.Rand) r2.Vec {
	var at [1]r2.Vec
	sampler.Scatter(at[:], rng)
	return at[0]
}

// selectChains draws which chains move, n of them if there are, and places the walkers there
// or, at a restart, anywhere.
func (p *pcd[T]) selectChains(rng ebm.Rand, n int) {
	p.order = learn.Resize(p.order, len(p.pool))
	for i := range p.order {
		p.order[i] = i
	}
	p.moving = min(n, len(p.pool))
	p.configure(p.sampler, p.settings(), p.chain)
	p.resize(p.moving)
	for i := range p.moving {
		j := i + rng.IntN(len(p.order)-i)
		p.order[i], p.order[j] = p.order[j], p.order[i]
		if rng.Float64() < p.restart {
			p.pool[p.order[i]] = uniformPoint(rng)
		}
		p.walkers.Y[i] = p.pool[p.order[i]]
	}
	copy(p.from, p.walkers.Y)
	p.drawNoise(rng)
}

// contrast moves the chains, pushes, and makes the step.
func (p *pcd[T]) contrast(u *ebm.Update) {
	p.chained.contrast(u, p.beta, p.knobValues(p.r, p.restart, float64(p.count))...)
	for i, y := range p.walkers.Y {
		p.pool[p.order[i]] = y
	}
}

func (p *pcd[T]) Particles(dst []r2.Vec) []r2.Vec { return append(dst, p.pool...) }

func (p *pcd[T]) State() ebm.State {
	s := p.chained.State()
	at := ebm.Tensor{Shape: []int{len(p.pool), 2}}
	for _, y := range p.pool {
		at.Values = append(at.Values, y.X, y.Y)
	}
	s.Train["chains"] = at
	return s
}

func (p *pcd[T]) SetState(s ebm.State) error {
	pool := p.pool
	if len(s.Train) > 0 {
		t, err := ebm.Fetch(s.Train, "chains", -1, 2)
		if err != nil {
			return err
		}
		pool = make([]r2.Vec, t.Shape[0])
		for i := range pool {
			y := r2.Vec{X: t.Values[2*i], Y: t.Values[2*i+1]}
			if math.Max(math.Abs(y.X), math.Abs(y.Y)) > ebm.L {
				return fmt.Errorf("tensor %q holds %v at row %d: chains stay within ±%v", "chains", y, i, ebm.L)
			}
			pool[i] = y
		}
	}
	if err := p.restore(s, p.settings().Size); err != nil {
		return err
	}
	p.pool = pool
	return nil
}
