package contrastive

import (
	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "mcmc",
		Title:    "Short-run MCMC",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "Chains start anywhere on the plane and move for a few dozen steps to where the model has low energy: " +
			"the energy is {down|pushed down at the training points} and {up|pushed up where the chains end}.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle E(y)\rangle_{\text{data}}}-\up{\langle E(y'_k)\rangle}+\knob{r}\left(\down{\langle E(y)^2\rangle}+\up{\langle E(y'_k)^2\rangle}\right),\quad k=\knob{chain}`},
			{Label: "Start", TeX: `y'_0\sim\text{uniform on the square}`},
			{Label: "Random walk", TeX: `\tilde y=y'_i+s\,n,\quad n\sim\mathcal N(0,I)`},
			{Label: "Accept", TeX: `y'_{i+1}=\tilde y\ \text{ if }\ \log u<-\knob{beta}\,(E(\tilde y)-E(y'_i)),\ \text{ else }\ y'_i`},
		},
		FailureMode: "Set the steps to 5. Most chains are still on the hills where they push up, so the hills rise until the regulariser stops them. The landscape looks right, but as a density it is far too sharp: " +
			"energies are about four times as large as -log p, and the NLL rises by nearly two nats.",
		Misconception: "Markov chains are said to give the exact gradient. Only infinitely long ones do: a short walk depends on where it started, and the landscape becomes right for walks of that length, " +
			"not a density. The bias of the gradient is measured here during learning, because in the plane the exact gradient can be computed.",
		Stages: ebm.Stages{
			ebm.StageStart: "Start chains anywhere on the plane.",
			ebm.StageUp:    "{up|Push up} where the walks end: ground that is low without data should not be low.",
		},
		Source:       "E. Nijkamp, M. Hill, S.-C. Zhu and Y. N. Wu, “Learning non-convergent non-persistent short-run MCMC toward energy-based model”, 2019",
		Data:         "spiral",
		Steps:        800,
		Scalars:      chainScalars,
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newMCMC[float32]() },
		Exact:        func() ebm.Model { return newMCMC[float64]() },
	})
}

// mcmc is maximum likelihood with short chains that start anew in every update. One sees
// walkers move from all over the plane into the valleys; where many end, the energy goes up.
//
// The push up would be right on average if the chains were infinitely long. Short ones depend
// on where they started: high ground is pushed up too much, and the landscape becomes one on
// which walks of just that length end at the data.
//
// E. Nijkamp, M. Hill, S.-C. Zhu and Y. N. Wu, "Learning non-convergent non-persistent
// short-run MCMC toward energy-based model", 2019.
//
// State: that of chained.
type mcmc[T net.Float] struct {
	chained[T]
	walkSettings
}

func newMCMC[T net.Float]() *mcmc[T] {
	m := &mcmc[T]{chained: chained[T]{energyNet: newEnergyNet[T](.03)}, walkSettings: newWalkSettings(sampler.NameRandomWalk, 40)}
	m.Batch = 256
	return m
}

func (m *mcmc[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&m.sampler, "sampler", `\text{sampler}`, []string{sampler.NameRandomWalk, sampler.NameULA, sampler.NameMALA},
		"randomwalk: random steps that ignore the slope; cheap, and they go far. ula: downhill with noise, in steps too short to get far from the start. mala: as ula, but some steps are rejected so that the density is exact.")
	k.Int(&m.chain, "chain", "k", 1, 100,
		"Steps of a walk. Few: the chains are still on the hills where they push up, and energies become several times too large. Many: they end where the model has its mass, and each step takes longer.", ebm.OnLog, ebm.Called("steps"))
	m.langevinKnobs(k)
	m.randomWalkKnob(k)
	m.Rate(k)
	m.regulariser(k)
	m.betaKnob(k)
	m.knobs(k)
}

func (m *mcmc[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.spec(1), data, m.settings().Size)
	m.randomise(rng)
}

func (m *mcmc[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	m.configure(m.sampler, m.settings(), m.chain)
	m.resize(len(m.Y))
	sampler.Scatter(m.from, u.Rand)
	copy(m.walkers.Y, m.from)
	m.drawNoise(u.Rand)
	m.contrast(u, m.beta, m.knobValues(m.r)...)
}

func (m *mcmc[T]) SetState(s ebm.State) error { return m.restore(s, m.settings().Size) }
