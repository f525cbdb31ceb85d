package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "nce",
		Title:    "Noise contrastive estimation",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "A classifier learns to distinguish training points from noise: the energy is {down|pushed down at the data} and {up|pushed up at uniform noise}, " +
			"each point in proportion to the probability that it is misclassified.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle\zeta(a(y))\rangle_{\text{data}}}+\nu\,\up{\langle\zeta(-a(y'))\rangle_{\text{noise}}},\quad\zeta(a)=\log(1+e^{a})`},
			{Label: "Regulariser", TeX: `L+\knob{r}\left(\down{\langle E(y)^2\rangle_{\text{data}}}+\up{\langle E(y')^2\rangle_{\text{noise}}}\right)`},
			{Label: "Odds", TeX: `a(y)=E(y)+\log\nu q,\quad q=\tfrac{1}{9},\;\nu=\knob{nu}`},
			{Label: "Posterior", TeX: `P(\text{data}\mid y)=\frac{e^{-E(y)}}{e^{-E(y)}+\nu q}`},
			{Label: "Pushes", TeX: `\frac{\partial L}{\partial w}=\down{\Big\langle P(\text{noise}\mid y)\,\frac{\partial E(y)}{\partial w}\Big\rangle}-\nu\,\up{\Big\langle P(\text{data}\mid y')\,\frac{\partial E(y')}{\partial w}\Big\rangle}`},
			{Label: "Conditional", TeX: `y'=(y_1,\,y'_2),\quad q=\tfrac{1}{3},\quad e^{-E(y)}\to P(y_2\mid y_1)`},
		},
		FailureMode: "Set data.noise to 0. Now uniform noise hardly ever falls near the data, and hardly a point is misclassified: " +
			"the hills rise above a hundred while the canyon, which should get ever deeper, hardly does. The noise has to resemble the data; in many dimensions uniform noise never does.",
		Misconception: "The method is often said to need one more parameter for log Z. The last bias of the network is that parameter: " +
			"the energy becomes -log p itself, and log Z goes to 0 although no term of the loss names it, because the odds are right for Z = 1 only.",
		Stages: ebm.Stages{
			ebm.StageGuess:   "The noise keeps y1 of each point and draws y2 anew.",
			ebm.StageScatter: "Scatter noise over the plane: {ups point}.",
			ebm.StageUp:      "{up|Push up} where noise is taken for data. The surer the mistake, the larger the mark.",
			ebm.StageDown:    "{down|Push down} where data are taken for noise.",
		},
		Source:       "M. Gutmann and A. Hyvärinen, “Noise-contrastive estimation: a new estimation principle for unnormalized statistical models”, 2010",
		Data:         "spiral",
		Steps:        1200,
		Scalars:      []string{"loss", "gap", "accuracy", "logz"},
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newNCE[float32]() },
		Exact:        func() ebm.Model { return newNCE[float64]() },
	})
}

// nce is noise contrastive estimation: a classifier learns to distinguish the data from noise of
// known density q, and -E is log p by the log odds. One sees noise points everywhere, which
// push up where the energy is low without data.
//
//	L = mean ζ(E(y) + log νq) + ν mean ζ(-(E(y') + log νq)),  ζ(a) = log(1 + e^a)
//
// ν is the number of noise points for each of the data. Nothing has to be integrated or
// sampled from the model: at the best E, Z is 1.
//
// Conditional: the noise keeps y1 of a datum and draws y2 anew, q = 1/(2L), and -E becomes
// log p(y2|y1).
//
// M. Gutmann and A. Hyvärinen, "Noise-contrastive estimation: a new estimation principle
// for unnormalized statistical models", 2010.
//
// State: that of network.
type nce[T net.Float] struct {
	energyNet[T]
	nu          int
	conditional bool

	at       []r2.Vec // the batch, and after it
	noise    []r2.Vec // the noise, and
	from     []r2.Vec // where it came from
	e        []T      // of each of at: the energy,
	mistaken []T      // the probability of misclassification,
	zeta     []T      // and the loss
	classify func(w *net.Workspace[T], grad []T, lo, hi int)
	logNuQ   float64

	grid  []r2.Vec // where log Z is computed
	gridE []float64

	loss, gap, accuracy, logZ float64
}

func newNCE[T net.Float]() *nce[T] {
	n := &nce[T]{energyNet: newEnergyNet[T](0), nu: 4}
	n.LR = 2e-2
	return n
}

func (n *nce[T]) Knobs(k *ebm.Knobs) {
	k.Int(&n.nu, "nu", `\nu`, 1, 16,
		"Noise points for each training point. One: the high ground jitters. Many: it changes smoothly, and each step is slower.", ebm.OnLog2, ebm.Called("noise per datum"))
	k.Bool(&n.conditional, "conditional", `P(y_2\mid y_1)`,
		"Noise keeps y1 of a training point and draws y2 anew: arrows are vertical. Each column of the picture becomes a density of its own, and energies of different columns cannot be compared; "+
			"a column without data means nothing. AUC and NLL still judge the landscape as a density of the whole plane, which it then is not.")
	n.Rate(k)
	n.regulariser(k)
	n.knobs(k)
}

func (n *nce[T]) Init(data []r2.Vec, rng ebm.Rand) {
	n.begin(n.spec(1), data)
	n.randomise(rng)
}

func (n *nce[T]) begin(s net.Spec, data []r2.Vec) {
	n.energyNet.begin(s, data)
	n.classify = n.classifyBlock
	n.loss, n.gap, n.accuracy, n.logZ = math.NaN(), math.NaN(), math.NaN(), math.NaN()
}

func (n *nce[T]) Step(u *ebm.Update) {
	if len(n.Data) == 0 {
		return
	}
	n.Draw(u.Rand)
	n.drawNoise(u.Rand)
	data, noise := n.contrast(u.For)
	if n.ScheduleStep()%biasStride == 0 {
		n.integrate(u.For)
	}
	n.record(u.Trace, data, noise)
	n.Descend(n.r, float64(n.nu), learn.BoolValue(n.conditional))
}

// drawNoise draws the noise.
func (n *nce[T]) drawNoise(rng ebm.Rand) {
	b := len(n.Y)
	n.at, n.from = learn.Resize(n.at, b+n.nu*b), learn.Resize(n.from, n.nu*b)
	copy(n.at, n.Y)
	n.noise = n.at[b:]
	sampler.Scatter(n.noise, rng)
	copy(n.from, n.noise)
	if n.conditional {
		for i := range n.noise {
			n.from[i] = n.Y[i%b]
			n.noise[i].X = n.from[i].X
		}
	}
}

// contrast computes the loss and its gradient.
func (n *nce[T]) contrast(f ebm.For) (data, noise classSums) {
	q := 1 / ebm.Area
	if n.conditional {
		q = 1 / (2 * ebm.L)
	}
	n.logNuQ = math.Log(float64(n.nu) * q)
	whole := (len(n.at) + net.Block - 1) / net.Block * net.Block
	n.e, n.mistaken, n.zeta = learn.Resize(n.e, whole), learn.Resize(n.mistaken, whole), learn.Resize(n.zeta, whole)
	n.runner.Blocks(f, len(n.at), n.classify, n.mlp, n.Gradient)

	b, v := float64(len(n.Y)), float64(len(n.noise))
	data, noise = n.sum(0, len(n.Y)), n.sum(len(n.Y), len(n.at))
	n.loss = data.zeta/b + float64(n.nu)*noise.zeta/v + n.r*(data.square/b+noise.square/v)
	n.gap = noise.e/v - data.e/b
	n.accuracy = (data.right + noise.right) / (b + v)
	return data, noise
}

// classifyBlock takes the points lo, …, hi-1 through the network and back. A datum is
// misclassified with probability σ(a), a noise point with σ(-a), where σ is the logistic
// function; the loss of either is ζ of the same, whose slope is σ.
func (n *nce[T]) classifyBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	n.mlp.Forward(w, n.at[lo:hi])
	e, a, mistaken := n.e[lo:hi], n.zeta[lo:lo+net.Block], n.mistaken[lo:lo+net.Block]
	copy(e, w.Out)
	noise := min(max(len(n.Y)-lo, 0), hi-lo) // where it begins
	odds := T(n.logNuQ)
	for i, e := range e {
		a[i] = e + odds
	}
	clear(a[hi-lo:])
	for i := noise; i < hi-lo; i++ {
		a[i] = -a[i]
	}
	net.Logistic(mistaken, a, a)
	n.weigh(w.DOut[:noise], e, mistaken, down, 2*n.r)
	n.weigh(w.DOut[noise:hi-lo], e[noise:], mistaken[noise:], up, 2*n.r/float64(n.nu))
	n.mlp.Backward(w, grad, false)
}

// weigh writes the weights of points in the gradient: each is proportional to its probability
// of misclassification, and there are ν times as many noise points, each with the weight of a
// point of the batch.
func (n *nce[T]) weigh(dst, e, mistaken []T, toward, share float64) {
	b := float64(len(n.Y))
	push, square := T(toward/b), T(share/b)
	for i := range dst {
		dst[i] = push*flushTiny(mistaken[i]) + square*e[i]
	}
}

// classSums are sums over the data or the noise.
type classSums struct{ e, square, zeta, mistaken, right float64 }

func (n *nce[T]) sum(lo, hi int) (s classSums) {
	for i := lo; i < hi; i++ {
		e := float64(n.e[i])
		s.e += e
		s.square += e * e
		s.zeta += float64(n.zeta[i])
		s.mistaken += float64(n.mistaken[i])
		if n.mistaken[i] < .5 {
			s.right++
		}
	}
	return s
}

// integrate computes log Z of the landscape that is shown, over 40×40 cells or, if
// conditional, the mean log Z of the columns at 40 points of the batch.
func (n *nce[T]) integrate(f ebm.For) {
	const side = 40
	const h = 2 * ebm.L / side
	node := func(i int) float64 { return -ebm.L + h*(float64(i)+.5) }
	columns := side
	if n.conditional {
		columns = min(side, len(n.Y))
	}
	n.grid, n.gridE = learn.Resize(n.grid, columns*side), learn.Resize(n.gridE, columns*side)
	for i := range n.grid {
		n.grid[i] = r2.Vec{X: node(i / side), Y: node(i % side)}
		if n.conditional {
			n.grid[i].X = n.Y[i/side].X
		}
	}
	n.runner.Energy(f, n.shown, n.gridE, n.grid)
	floats.Scale(-1, n.gridE)
	if !n.conditional {
		n.logZ = floats.LogSumExp(n.gridE) + 2*math.Log(h)
		return
	}
	n.logZ = math.Log(h)
	for c := range columns {
		n.logZ += floats.LogSumExp(n.gridE[c*side:(c+1)*side]) / float64(columns)
	}
}

// record adds to the trace the pushes, each by its share of all pushes in its direction: a
// point that is classified correctly is hardly pushed.
func (n *nce[T]) record(t *ebm.Trace, data, noise classSums) {
	share := 1 / data.mistaken
	for i, y := range n.Y {
		if p := float64(n.mistaken[i]); p > 0 {
			t.Down(y, y, share*p)
		}
	}
	share = 1 / noise.mistaken
	for i, y := range n.noise {
		if p := float64(n.mistaken[len(n.Y)+i]); p > 0 {
			t.Up(y, n.from[i], share*p)
		}
	}
}

func (n *nce[T]) Scalars(dst []float64) {
	dst[0], dst[1], dst[2], dst[3] = n.loss, n.gap, n.accuracy, n.logZ
}
