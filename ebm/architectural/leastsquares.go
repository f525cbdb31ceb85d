package architectural

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:     "leastsquares",
		Title:  "Least squares",
		Family: ebm.Architectural,
		Summary: "The usual regression, for comparison: given y1 a network predicts the one y2, and each {down|training point pulls} the curve above or below it. " +
			"Nothing is pushed up, and where the data have several values the curve runs between them, where there are no data.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y_1,y_2)=\bigl(y_2-g(y_1)\bigr)^2`},
			{Label: "Loss", TeX: `L=\frac{1}{\knob{batch}}\sum_{\down{y}}\bigl(\down{y_2}-g(\down{y_1})\bigr)^2`},
			{Label: "What it learns", TeX: `g(y_1)\approx\mathbb{E}[\,\down{y_2}\mid y_1\,]`},
		},
		FailureMode: "It fails with its defaults: on the circle there are two values of y2 for each y1, and the valley runs halfway between them, where there are hardly any data. A wider network or more harmonics do not help: it still predicts one value for each y1. " +
			"On the S-curve the same mean happens to lie near the middle branch, and the outer branches are lost. Compare the conditional latent variable with 2 branches on the circle.",
		Misconception: "The blur is often blamed on too little training or too small a network. It is the exact minimum of the squared error: the mean of several right answers, which is none of them.",
		Map:           ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StageNear: "Predict y2 from the y1 of each point.",
			ebm.StagePull: "Bend the curve towards the points" + fallsThere,
		},
		Source:  "C. F. Gauss, “Theoria combinationis observationum erroribus minimis obnoxiae”, 1823",
		Data:    "circle",
		Steps:   800,
		Scalars: []string{"loss"},
		Script:  leastsquaresScript,
		New:     func() ebm.Model { return newLeastSquares[float32]() },
		Exact:   func() ebm.Model { return newLeastSquares[float64]() },
	})
}

// leastSquares is the regression of y2 on y1, with the squared error as its energy. One sees
// one curve and a valley of constant width along it: the mean of y2 given y1, which lies
// between the branches of the data.
//
//	E(y) = (y2 - g(y1))²
//
// It is latent with a single value of z, which leaves nothing to infer.
//
// C. F. Gauss, "Theoria combinationis observationum erroribus minimis obnoxiae", 1823.
//
// State: that of latent.
type leastSquares[T net.Float] struct{ one *latent[T] }

func newLeastSquares[T net.Float]() *leastSquares[T] {
	m := newLatent[T]()
	m.branches = 1
	return &leastSquares[T]{m}
}

func (m *leastSquares[T]) Knobs(k *ebm.Knobs) {
	m.one.Learner.Rate(k)
	m.one.Learner.Knobs(k)
	m.one.Shape.Knobs(k)
}

func (m *leastSquares[T]) Init(data []r2.Vec, rng ebm.Rand)  { m.one.Init(data, rng) }
func (m *leastSquares[T]) Step(u *ebm.Update)                { m.one.Step(u) }
func (m *leastSquares[T]) Energy(dst []float64, at []r2.Vec) { m.one.Energy(dst, at) }
func (m *leastSquares[T]) Grad(dst, at []r2.Vec)             { m.one.Grad(dst, at) }
func (m *leastSquares[T]) Reconstruct(dst, at []r2.Vec)      { m.one.Reconstruct(dst, at) }
func (m *leastSquares[T]) Marks(dst []ebm.Mark) []ebm.Mark   { return m.one.Marks(dst) }
func (m *leastSquares[T]) Scalars(dst []float64)             { dst[0] = m.one.loss }
func (m *leastSquares[T]) State() ebm.State                  { return m.one.State() }
func (m *leastSquares[T]) SetState(s ebm.State) error        { return m.one.SetState(s) }

// leastsquaresScript is the energy in Python, see ebm.Card.
const leastsquaresScript = `def energy(y):
    """The squared distance of y2 from the one answer g(y1)."""
    return (y[:, 1] - mlp(y[:, :1])[:, 0]) ** 2
`
