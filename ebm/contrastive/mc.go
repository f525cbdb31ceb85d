package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "mc",
		Title:    "Monte Carlo maximum likelihood",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "The energy is {down|pushed down at the training points} and {up|pushed up at points scattered at random}, " +
			"at each of them in proportion to how probable the model finds it.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle E(y)\rangle_{\text{data}}}+\tfrac{1}{\knob{beta}}\,\log\up{\frac1n\sum_{i=1}^{n}\frac{e^{-\knob{beta}\,E(y_i)}}{q(y_i)}},\quad n=\knob{n}`},
			{Label: "Regulariser", TeX: `L+\knob{r}\left(\down{\langle E(y)^2\rangle_{\text{data}}}+\up{\tfrac1n\textstyle\sum_iE(y_i)^2}\right)`},
			{Label: "Pushes", TeX: `\frac{\partial L}{\partial w}=\down{\Big\langle\frac{\partial E(y)}{\partial w}\Big\rangle_{\text{data}}}-\up{\sum_i P_i\,\frac{\partial E(y_i)}{\partial w}}`},
			{Label: "Weights", TeX: `P_i=\frac{e^{-\knob{beta}\,E(y_i)}/q(y_i)}{\sum_j e^{-\knob{beta}\,E(y_j)}/q(y_j)}`},
			{Label: "Effective share", TeX: `\text{ess}=\frac{1}{n\sum_i P_i^2}`},
		},
		FailureMode: "Set the samples to 16: hardly any of them falls into the canyon, so two or three have most of the weight, different ones at each step. " +
			"The landscape changes two to five times as much from step to step, and the NLL gets a few tenths of a nat worse.",
		Misconception: "The push up by random points is said to be right on average. It is not: the average of e^{-βE} is unbiased, but its logarithm, and so the loss, is too small, " +
			"and the weights are divided by that same average. The bias falls with the effective number of samples, not with the number of steps.",
		Stages: ebm.Stages{
			ebm.StageGuess: "Sample points, half of them near the data.",
			ebm.StageUp:    "{up|Push up} each in proportion to its weight under the model: a few count, most hardly.",
		},
		Source:       "C. J. Geyer, “On the convergence of Monte Carlo maximum likelihood calculations”, 1994",
		Data:         "spiral",
		Steps:        800,
		Scalars:      []string{"loss", "gap", "ess", "gradient_cosine", "gradient_ratio"},
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newMC[float32]() },
		Exact:        func() ebm.Model { return newMC[float64]() },
	})
}

// The distribution of the points that are pushed up.
const (
	proposalUniform    = "uniform"
	proposalImportance = "importance" // half of them uniform, half near the batch
)

// proposalSigma is the standard deviation of proposals around points of the batch.
const proposalSigma = .1

// mc is maximum likelihood with the integral over the plane estimated from new random points
// at each step. One sees points all over the plane, most of them faint: only those in low
// places have weight, and as the canyon gets thinner there are fewer of them.
//
//	Z ≈ (1/n) Σ_i e^{-βE(y_i)} / q(y_i)
//
// With q uniform that is the plain Monte Carlo estimate; with importance sampling
//
//	q = ½ (1/9) + ½ (1/B) Σ_b N(y; y_b, 0.1² I)
//
// so that half of the points are where a good model has its mass. A point outside the box has
// no weight.
//
// C. P. Robert and G. Casella, "Monte Carlo Statistical Methods", 2004, chapter 3;
// C. J. Geyer, "On the convergence of Monte Carlo maximum likelihood calculations", 1994.
//
// State: that of network; and, to continue training, that of bias.
type mc[T net.Float] struct {
	partition[T]
	bias     bias[T]
	n        int
	proposal string

	at, from []r2.Vec // the points, and what they were drawn around
	weigh    func(block int)

	ess float64
}

func newMC[T net.Float]() *mc[T] {
	return &mc[T]{partition: partition[T]{energyNet: newEnergyNet[T](1e-3), beta: 1}, n: 512, proposal: proposalUniform}
}

func (m *mc[T]) Knobs(k *ebm.Knobs) {
	k.Int(&m.n, "n", "n", 16, 4096,
		"How many points represent the plane at each step. Few: two or three have all the weight, and the landscape jitters and loses the inner turns of the spiral. Many: smooth and close to the exact landscape, slower.", ebm.OnLog, ebm.Called("samples"))
	k.Choice(&m.proposal, "proposal", "q", []string{proposalUniform, proposalImportance},
		"uniform: points on the whole plane, most of them on high ground without weight. importance: half of the points near the data; more of them have weight, but far ground gets half as many.")
	m.Rate(k)
	m.regulariser(k)
	k.Float(&m.beta, "beta", `\beta`, .1, 100,
		"Inverse temperature. Low: hills must be high to be improbable, so the landscape gets steep. High: small hills are enough, and it stays shallow. Far from 1 the same shape takes longer to learn: at 0.1 or 100 the arms are still blurred when at 1 they are sharp.", ebm.OnLog)
	m.knobs(k)
}

func (m *mc[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.spec(1), data)
	m.randomise(rng)
}

func (m *mc[T]) begin(s net.Spec, data []r2.Vec) {
	m.partition.begin(s, data)
	m.bias.begin(s.Params())
	m.weigh = m.weighBlock
	m.ess = math.NaN()
}

func (m *mc[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	m.propose(u.Rand, u.For)
	m.contrast(u.For, m.at, 1)
	squares := 0.
	for _, p := range m.p {
		squares += p * p
	}
	m.ess = 1 / (float64(m.n) * squares)
	m.bias.compare(u.For, &m.network, m.at, m.p, m.beta)
	m.record(u.Trace)
	m.Descend(m.r, m.beta, float64(m.n), learn.BoolValue(m.proposal == proposalImportance))
}

// propose draws the points and computes their -log q.
func (m *mc[T]) propose(rng ebm.Rand, f ebm.For) {
	m.at, m.from = learn.Resize(m.at, m.n), learn.Resize(m.from, m.n)
	uniform := m.uniform()
	sampler.Scatter(m.at[:uniform], rng)
	copy(m.from, m.at[:uniform])
	for i := uniform; i < m.n; i++ {
		y := m.Y[rng.IntN(len(m.Y))]
		m.from[i] = y
		m.at[i] = r2.Vec{X: y.X + proposalSigma*rng.NormFloat64(), Y: y.Y + proposalSigma*rng.NormFloat64()}
	}
	m.setUniform(m.n, ebm.Area)
	if m.proposal == proposalImportance {
		f((m.n+net.Block-1)/net.Block, m.weigh)
	}
}

// uniform returns how many of the points are drawn from the whole box.
func (m *mc[T]) uniform() int {
	if m.proposal == proposalImportance {
		return m.n / 2
	}
	return m.n
}

// weighBlock writes -log q of one block of points to m.p, for importance sampling.
func (m *mc[T]) weighBlock(block int) {
	share := float64(m.uniform()) / float64(m.n)
	kernel := (1 - share) / (float64(len(m.Y)) * 2 * math.Pi * proposalSigma * proposalSigma)
	for i := block * net.Block; i < min((block+1)*net.Block, m.n); i++ {
		at := m.at[i]
		if max(math.Abs(at.X), math.Abs(at.Y)) > ebm.L {
			m.p[i] = math.Inf(-1)
			continue
		}
		q := share / ebm.Area
		for _, y := range m.Y {
			q += kernel * math.Exp(-r2.Norm2(r2.Sub(at, y))/(2*proposalSigma*proposalSigma))
		}
		m.p[i] = -math.Log(q)
	}
}

// record adds to the trace the pushes. If the trace cannot hold all points, it gets one for
// every 1/512 of the probability.
func (m *mc[T]) record(t *ebm.Trace) {
	for _, y := range m.Y {
		t.Down(y, y, 1/float64(len(m.Y)))
	}
	if m.n > ebm.MaxPushes {
		represent(m.p, ebm.MaxPushes, func(i int, p float64) { t.Up(m.at[i], m.from[i], p) })
		return
	}
	for i, p := range m.p {
		if p > 0 {
			t.Up(m.at[i], m.from[i], p)
		}
	}
}

func (m *mc[T]) Scalars(dst []float64) {
	copy(dst, []float64{m.loss, m.gap, m.ess, m.bias.cosine, m.bias.length})
}

func (m *mc[T]) State() ebm.State {
	s := m.partition.State()
	m.bias.tensors(s.Train)
	return s
}

func (m *mc[T]) SetState(s ebm.State) error {
	applyBias, err := m.bias.fetch(s)
	if err != nil {
		return err
	}
	if err := m.partition.SetState(s); err != nil {
		return err
	}
	applyBias()
	return nil
}
