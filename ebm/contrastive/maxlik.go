package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/floats"
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
			{Label: "Pushes", TeX: `\frac{\partial L}{\partial w}=\down{\Big\langle\frac{\partial E(y)}{\partial w}\Big\rangle_{\text{data}}}-\up{\int P(y)\,\frac{\partial E(y)}{\partial w}\,dy}`},
			{Label: "Gibbs density", TeX: `P(y)=\frac{e^{-\knob{beta}\,E(y)}}{\int e^{-\knob{beta}\,E}}`},
			{Label: "On the grid", TeX: `\int f\,dy\approx h^2\sum_{i=1}^{G^2}f(g_i),\quad h=\tfrac{3}{G},\;G=\knob{grid}`},
		},
		Data:    "spiral",
		Steps:   400,
		Scalars: []string{"loss", "gap", "logz"},
		Nats:    true,
		New:     func() ebm.Model { return newMaxLik[float32]() },
		Exact:   func() ebm.Model { return newMaxLik[float64]() },
	})
}

// arrows is how many points are shown to stand for all that are pushed up.
const arrows = 128

// maxlik is maximum likelihood with the exact gradient: the integral over the plane is a
// sum over a grid.
//
//	L = mean E(y) + (1/β) log ∫ e^{-βE}
//	∂L/∂θ = mean ∂E(y)/∂θ - ∫ P(y) ∂E(y)/∂θ,  P ∝ e^{-βE}
//
// One often sees L printed without its logarithm; the gradient is that of the loss with it.
//
// The grid is moved by a random part of a cell each step. A grid that stays lets the
// network hide canyons between its nodes, where the sum cannot see them. Data without
// noise have no best landscape: the canyon grows deeper for ever.
//
// State: that of network.
type maxlik[T net.Float] struct {
	energyNet[T]
	beta   float64
	g      int
	jitter bool

	grid    []r2.Vec  // G×G points, y1 running first
	e, p, w []float64 // there: the energy, the probability, the weight in the gradient

	loss, gap, logZ float64
}

func newMaxLik[T net.Float]() *maxlik[T] {
	return &maxlik[T]{energyNet: newEnergyNet[T](1e-3), beta: 1, g: 40, jitter: true}
}

func (m *maxlik[T]) Knobs(k *ebm.Knobs) {
	k.Int(&m.g, "grid", "G", 12, 96,
		"Nodes along each side of the grid that stands for the plane. Few: canyons thinner than a cell are missed, and energies plunge there, the more so without jitter. Many: exact, slower.")
	k.Bool(&m.jitter, "jitter", `\text{jitter}`,
		"Moves the grid by a random part of a cell at every step. Off: canyons may hide between the nodes, the loss looks splendid and the landscape is wrong.")
	m.rate(k)
	m.regulariser(k)
	k.Float(&m.beta, "beta", `\beta`, .1, 100,
		"Inverse temperature. Low: hills must be high to be improbable, so the landscape is steep. High: a little height is enough, and it stays shallow. Without r nothing else changes.", ebm.OnLog)
	m.knobs(k)
}

func (m *maxlik[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.spec(1), data)
	m.randomise(rng)
}

func (m *maxlik[T]) begin(s net.Spec, data []r2.Vec) {
	m.energyNet.begin(s, data)
	m.loss, m.gap, m.logZ = math.NaN(), math.NaN(), math.NaN()
}

func (m *maxlik[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.draw(u.Rand)
	var shift r2.Vec
	if m.jitter {
		shift = r2.Vec{X: u.Rand.Float64() - .5, Y: u.Rand.Float64() - .5}
	}
	m.lay(shift)
	m.contrast(u.For)
	m.tell(u.Trace)
	m.descend(m.r, m.beta, float64(m.g), learn.Switch(m.jitter))
}

// lay puts a point in each of the G×G cells of the box: in the middle, moved by shift in
// units of a cell.
func (m *maxlik[T]) lay(shift r2.Vec) {
	m.grid = learn.Sized(m.grid, m.g*m.g)
	h := 2 * ebm.L / float64(m.g)
	for i := range m.grid {
		m.grid[i] = r2.Vec{
			X: -ebm.L + h*(float64(i%m.g)+.5+shift.X),
			Y: -ebm.L + h*(float64(i/m.g)+.5+shift.Y),
		}
	}
}

// contrast computes the loss and its gradient with the points of m.grid standing for the
// whole box, each for an equal part of its area.
func (m *maxlik[T]) contrast(f ebm.For) {
	n := len(m.grid)
	m.e, m.p, m.w = learn.Sized(m.e, n), learn.Sized(m.p, n), learn.Sized(m.w, n)
	m.team.Energy(f, m.mlp, m.e, m.grid)
	for i, e := range m.e {
		m.p[i] = -m.beta * e
	}
	total := floats.LogSumExp(m.p)
	share := 1 / float64(n)
	upper, upperSquare := 0., 0.
	for i, e := range m.e {
		m.p[i] = math.Exp(m.p[i] - total)
		m.w[i] = -m.p[i] + 2*m.r*e*share
		upper += e * share
		upperSquare += e * e * share
	}
	m.team.AccumulateFixed(f, m.mlp, m.Gradient, m.grid, m.w)

	lower, lowerSquare := m.push(f, down, m.Y)
	m.logZ = total + math.Log(ebm.Area*share)
	m.loss = lower + m.logZ/m.beta + m.r*(lowerSquare+upperSquare)
	m.gap = upper - lower
}

// tell records the pushes. Up goes a little everywhere; the trace shows the points that
// every 1/128 of the probability falls on, so that their number is in proportion to it.
func (m *maxlik[T]) tell(t *ebm.Trace) {
	for _, y := range m.Y {
		t.Down(y, y, 1/float64(len(m.Y)))
	}
	sum, shown := 0., 0.
	for i, p := range m.p {
		sum += p
		if mass := math.Floor(sum*arrows+.5) - shown; mass > 0 {
			shown += mass
			t.Up(m.grid[i], m.grid[i], mass/arrows)
		}
	}
}

func (m *maxlik[T]) Scalars(dst []float64) { dst[0], dst[1], dst[2] = m.loss, m.gap, m.logZ }
