package contrastive

import (
	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "maxlik",
		Title:    "Maximum likelihood",
		Family:   ebm.Contrastive,
		Strategy: "C1",
		Summary: "The energy is {down|pushed down at the training points} and {up|pushed up everywhere at once}, " +
			"at each place in proportion to the probability that the model gives it.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle E(y)\rangle_{\text{data}}}+\tfrac{1}{\knob{beta}}\,\log\up{\int e^{-\knob{beta}\,E(y)}\,dy}`},
			{Label: "Regulariser", TeX: `L+\knob{r}\left(\down{\langle E(y)^2\rangle_{\text{data}}}+\up{\langle E(y)^2\rangle_{\text{grid}}}\right)`},
			{Label: "Pushes", TeX: `\frac{\partial L}{\partial w}=\down{\Big\langle\frac{\partial E(y)}{\partial w}\Big\rangle_{\text{data}}}-\up{\int P(y)\,\frac{\partial E(y)}{\partial w}\,dy}`},
			{Label: "Gibbs density", TeX: `P(y)=\frac{e^{-\knob{beta}\,E(y)}}{\int e^{-\knob{beta}\,E}}`},
			{Label: "Conditional", TeX: `L=\Big\langle\down{E(y_1,y_2)}+\tfrac{1}{\knob{beta}}\log\up{\int e^{-\knob{beta}\,E(y_1,y'_2)}\,dy'_2}\Big\rangle_{\text{data}}`},
			{Label: "On the grid", TeX: `\int f\,dy\approx h^2\sum_{i=1}^{G^2}f(g_i),\quad h=\tfrac{3}{G},\;G=\knob{grid}`},
		},
		FailureMode: "Set the grid to 12, the regulariser to 0 and switch the jitter off: between the nodes, which the sum leaves out, the energy falls hundreds below the data, while the loss looks excellent. " +
			"Then, from the defaults, set the regulariser and data.noise to 0: for such data the likelihood has no maximum, and the longer the model learns, the thinner the canyon and the higher its walls: a thousand and more.",
		Misconception: "The loss is often printed as the energy plus the integral itself, without the logarithm before it; the gradient printed next to it, with P(y), is that of the loss with the logarithm. " +
			"Without it every push up would weigh e^{-βE} where it should weigh P(y): Z times too much. Its minimum is right all the same: log Z is at most Z - 1, so it is an upper bound of the loss up to a constant, and equal for Z = 1, which the best energy can always be shifted to.",
		Stages: ebm.Stages{
			ebm.StageGuess:   "Evaluate the energy everywhere above and below each point.",
			ebm.StageScatter: "Evaluate the energy everywhere. Each dot stands for 1/{ups} of the probability: many dots where the energy is low.",
			ebm.StageUp:      "{up|Push up} everywhere, in proportion to the probability that the model gives each place.",
		},
		Source:       "R. A. Fisher, “On the mathematical foundations of theoretical statistics”, 1922",
		Data:         "spiral",
		Steps:        600,
		Scalars:      []string{"loss", "gap", "logz"},
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newMaxLik[float32]() },
		Exact:        func() ebm.Model { return newMaxLik[float64]() },
	})
}

// arrows is how many points represent all that are pushed up.
const arrows = 128

// maxlik is maximum likelihood with the exact gradient: the integral over the plane is a
// sum over a grid.
//
//	L = mean E(y) + (1/β) log ∫ e^{-βE}
//	∂L/∂θ = mean ∂E(y)/∂θ - ∫ P(y) ∂E(y)/∂θ,  P ∝ e^{-βE}
//
// L is often printed without its logarithm; the gradient is that of the loss with it. Since
// log Z <= Z - 1, the other is an upper bound, up to a constant, with the same best density at Z = 1.
//
// Conditional: the energy is pushed up only in the columns through the batch, each with a
// sum of its own, so that P(y2|y1) is learnt and not P(y1).
//
// The grid is moved by a random part of a cell each step. With a fixed grid the network can
// form canyons between the nodes, which the sum leaves out. For data without noise the
// likelihood has no maximum: the canyon gets ever deeper.
//
// State: that of network.
type maxlik[T net.Float] struct {
	partition[T]
	g                   int
	jitter, conditional bool

	grid []r2.Vec // y1 running first; column after column if conditional
}

func newMaxLik[T net.Float]() *maxlik[T] {
	return &maxlik[T]{partition: partition[T]{energyNet: newEnergyNet[T](1e-3), beta: 1}, g: 40, jitter: true}
}

func (m *maxlik[T]) Knobs(k *ebm.Knobs) {
	k.Int(&m.g, "grid", "G", 12, 96,
		"Nodes along each side of the grid that represents the plane. Few: with the jitter hardly worse; without it, energies fall between the nodes, which the sum leaves out. Many: exact, slower.")
	k.Bool(&m.jitter, "jitter", `\text{jitter}`,
		"Moves the grid by a random part of a cell at every step. Off, with few nodes (12): canyons form between them, the loss looks excellent and the landscape is wrong. With 40 the nodes are close enough, and it makes no difference.")
	k.Bool(&m.conditional, "conditional", `P(y_2\mid y_1)`,
		"The energy is pushed up only above and below each training point: arrows are vertical. Each column of the picture becomes a density of its own, so the energies of different columns cannot be compared, "+
			"and a column without data means nothing. AUC and NLL still judge the picture as a density of the whole plane, which it then is not.")
	m.Rate(k)
	m.regulariser(k)
	k.Float(&m.beta, "beta", `\beta`, .1, 100,
		"Inverse temperature. Low: hills must be high to be improbable, so the landscape gets steep. High: small hills are enough, and it stays shallow. Far from 1 the same shape takes longer to learn: at 0.1 or 100 the arms are still blurred when at 1 they are sharp.", ebm.OnLog)
	m.knobs(k)
}

func (m *maxlik[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.spec(1), data)
	m.randomise(rng)
}

func (m *maxlik[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	var shift r2.Vec
	if m.jitter {
		shift = r2.Vec{X: u.Rand.Float64() - .5, Y: u.Rand.Float64() - .5}
	}
	m.placePoints(shift)
	m.contrast(u.For)
	m.record(u.Trace)
	m.Descend(m.r, m.beta, float64(m.g), learn.BoolValue(m.jitter), learn.BoolValue(m.conditional))
}

// placePoints puts a point in each of the G×G cells of the box: at the centre, moved by shift
// in units of a cell. If conditional, it puts G points above and below each point of the batch
// instead.
func (m *maxlik[T]) placePoints(shift r2.Vec) {
	columns := m.g
	if m.conditional {
		columns = len(m.Y)
	}
	m.grid = learn.Resize(m.grid, columns*m.g)
	h := 2 * ebm.L / float64(m.g)
	node := func(i int, shift float64) float64 { return -ebm.L + h*(float64(i)+.5+shift) }
	for i := range m.grid {
		if m.conditional {
			m.grid[i] = r2.Vec{X: m.Y[i/m.g].X, Y: node(i%m.g, shift.Y)}
		} else {
			m.grid[i] = r2.Vec{X: node(i%m.g, shift.X), Y: node(i/m.g, shift.Y)}
		}
	}
}

// contrast computes the loss and its gradient with the points of m.grid representing the
// whole box or, if conditional, one column of it each.
func (m *maxlik[T]) contrast(f ebm.For) {
	if m.conditional {
		m.setUniform(len(m.grid), 2*ebm.L)
		m.partition.contrast(f, m.grid, len(m.Y))
		return
	}
	m.setUniform(len(m.grid), ebm.Area)
	m.partition.contrast(f, m.grid, 1)
}

// record adds to the trace the pushes. The push up is everywhere; the trace has one point for
// every 1/128 of the probability, so that their density is in proportion to it.
func (m *maxlik[T]) record(t *ebm.Trace) {
	for _, y := range m.Y {
		t.Down(y, y, 1/float64(len(m.Y)))
	}
	represent(m.p, arrows, func(i int, p float64) {
		from := m.grid[i]
		if m.conditional {
			from = m.Y[i/m.g]
		}
		t.Up(m.grid[i], from, p)
	})
}

func (m *maxlik[T]) Scalars(dst []float64) { dst[0], dst[1], dst[2] = m.loss, m.gap, m.logZ }
