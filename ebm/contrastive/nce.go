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
		ID:       "nce",
		Title:    "Noise contrastive estimation",
		Family:   ebm.Contrastive,
		Strategy: "C2",
		Summary: "The landscape learns to tell training points from noise: the energy is {down|pushed down at the data} and {up|pushed up at uniform noise}, " +
			"each point as hard as it is mistaken for the other kind.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\down{\langle\zeta(a(y))\rangle_{\text{data}}}+\nu\,\up{\langle\zeta(-a(y'))\rangle_{\text{noise}}},\quad\zeta(a)=\log(1+e^{a})`},
			{Label: "Regulariser", TeX: `L+\knob{r}\left(\down{\langle E(y)^2\rangle_{\text{data}}}+\up{\langle E(y')^2\rangle_{\text{noise}}}\right)`},
			{Label: "Odds", TeX: `a(y)=E(y)+\log\nu q,\quad q=\tfrac{1}{9},\;\nu=\knob{nu}`},
			{Label: "Posterior", TeX: `P(\text{data}\mid y)=\frac{e^{-E(y)}}{e^{-E(y)}+\nu q}`},
			{Label: "Pushes", TeX: `\frac{\partial L}{\partial w}=\down{\Big\langle P(\text{noise}\mid y)\,\frac{\partial E(y)}{\partial w}\Big\rangle}-\nu\,\up{\Big\langle P(\text{data}\mid y')\,\frac{\partial E(y')}{\partial w}\Big\rangle}`},
			{Label: "Conditional", TeX: `y'=(y_1,\,y'_2),\quad q=\tfrac{1}{3},\quad e^{-E(y)}\to P(y_2\mid y_1)`},
		},
		Pathology: "Set data.noise to 0. Now uniform noise hardly ever falls near the data, and hardly a point is mistaken for the other kind: " +
			"the hills climb past a hundred while the canyon, which should have no bottom, hardly deepens. The noise has to resemble the data; in many dimensions uniform noise never does.",
		Slip: "It is often said that the method needs one more parameter for log Z. The last bias of the network is that parameter: " +
			"the energy becomes -log p itself, and log Z goes to 0 although nothing asks for it.",
		Data:    "spiral",
		Steps:   1200,
		Scalars: []string{"loss", "gap", "accuracy", "logz"},
		Nats:    true,
		New:     func() ebm.Model { return newNCE[float32]() },
		Exact:   func() ebm.Model { return newNCE[float64]() },
	})
}

// nce is noise contrastive estimation: a classifier learns to tell the data from noise of
// known density q, and -E is log p as its odds imply. One sees a rain of noise that
// pushes up wherever the landscape is still low without reason.
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

	noise, from            []r2.Vec
	posteriorY, posteriorN []float64                      // P(data | ·) at the batch and at the noise
	fall, rise             func(i int, e float64) float64 // bound once
	logNuQ                 float64

	grid  []r2.Vec // where log Z is summed up
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
		"Noise points for each training point. One: the high ground trembles. Many: it is calm, and each step slower.", ebm.OnLog2, ebm.Called("noise per datum"))
	k.Bool(&n.conditional, "conditional", `P(y_2\mid y_1)`,
		"Noise keeps y1 of a training point and draws y2 anew: arrows are vertical. Each column of the picture becomes a density of its own, and energies of different columns cannot be compared; "+
			"a column without data means nothing. AUC and NLL still judge the landscape as a density of the whole plane, which it then is not.")
	n.rate(k)
	n.regulariser(k)
	n.knobs(k)
}

func (n *nce[T]) Init(data []r2.Vec, rng ebm.Rand) {
	n.begin(n.spec(1), data)
	n.randomise(rng)
}

func (n *nce[T]) begin(s net.Spec, data []r2.Vec) {
	n.energyNet.begin(s, data)
	n.fall, n.rise = n.fallAt, n.riseAt
	n.loss, n.gap, n.accuracy, n.logZ = math.NaN(), math.NaN(), math.NaN(), math.NaN()
}

func (n *nce[T]) Step(u *ebm.Update) {
	if len(n.Data) == 0 {
		return
	}
	n.draw(u.Rand)
	n.spoil(u.Rand)
	n.contrast(u.For)
	if n.Age()%biasStride == 0 {
		n.integrate(u.For)
	}
	n.tell(u.Trace)
	n.descend(n.r, float64(n.nu), learn.Switch(n.conditional))
}

// spoil draws the noise.
func (n *nce[T]) spoil(rng ebm.Rand) {
	size := n.nu * len(n.Y)
	n.noise, n.from = learn.Sized(n.noise, size), learn.Sized(n.from, size)
	for i := range n.noise {
		if n.conditional {
			n.from[i] = n.Y[i%len(n.Y)]
			n.noise[i] = r2.Vec{X: n.from[i].X, Y: ebm.L * (2*rng.Float64() - 1)}
			continue
		}
		n.noise[i] = anywhere(rng)
		n.from[i] = n.noise[i]
	}
}

// contrast computes the loss and its gradient.
func (n *nce[T]) contrast(f ebm.For) {
	q := 1 / ebm.Area
	if n.conditional {
		q = 1 / (2 * ebm.L)
	}
	n.logNuQ = math.Log(float64(n.nu) * q)
	n.posteriorY, n.posteriorN = learn.Sized(n.posteriorY, len(n.Y)), learn.Sized(n.posteriorN, len(n.noise))

	right := 0
	loss, lower, lowerSquare := 0., 0., 0.
	for i, e := range n.team.Accumulate(f, n.mlp, n.Gradient, n.Y, n.fall) {
		loss += softplus(e + n.logNuQ)
		lower += e
		lowerSquare += e * e
		if n.posteriorY[i] > .5 {
			right++
		}
	}
	noiseLoss, upper, upperSquare := 0., 0., 0.
	for i, e := range n.team.Accumulate(f, n.mlp, n.Gradient, n.noise, n.rise) {
		noiseLoss += softplus(-e - n.logNuQ)
		upper += e
		upperSquare += e * e
		if n.posteriorN[i] < .5 {
			right++
		}
	}
	b, v := float64(len(n.Y)), float64(len(n.noise))
	n.loss = loss/b + float64(n.nu)*noiseLoss/v + n.r*(lowerSquare/b+upperSquare/v)
	n.gap = upper/v - lower/b
	n.accuracy = float64(right) / (b + v)
}

// fallAt is the weight of datum i: down by the probability that it is noise.
func (n *nce[T]) fallAt(i int, e float64) float64 {
	n.posteriorY[i] = logistic(-e - n.logNuQ)
	return (audible(logistic(e+n.logNuQ)) + 2*n.r*e) / float64(len(n.Y))
}

// riseAt is the weight of noise point i: up by the probability that it is of the data.
func (n *nce[T]) riseAt(i int, e float64) float64 {
	n.posteriorN[i] = logistic(-e - n.logNuQ)
	return (-float64(n.nu)*audible(n.posteriorN[i]) + 2*n.r*e) / float64(len(n.noise))
}

// softplus returns log(1 + e^a) for any a.
func softplus(a float64) float64 { return max(a, 0) + math.Log1p(math.Exp(-math.Abs(a))) }

// logistic returns 1/(1 + e^-a).
func logistic(a float64) float64 { return 1 / (1 + math.Exp(-a)) }

// integrate sums up Z of the landscape that is shown, over 40×40 cells or, if conditional,
// over columns at 40 points of the batch. There log Z is the mean.
func (n *nce[T]) integrate(f ebm.For) {
	const side = 40
	const h = 2 * ebm.L / side
	node := func(i int) float64 { return -ebm.L + h*(float64(i)+.5) }
	columns := side
	if n.conditional {
		columns = min(side, len(n.Y))
	}
	n.grid, n.gridE = learn.Sized(n.grid, columns*side), learn.Sized(n.gridE, columns*side)
	for i := range n.grid {
		n.grid[i] = r2.Vec{X: node(i / side), Y: node(i % side)}
		if n.conditional {
			n.grid[i].X = n.Y[i/side].X
		}
	}
	n.team.Energy(f, n.shown, n.gridE, n.grid)
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

// tell records the pushes, each by its share of all pushing in its direction: a point that
// is taken for what it is is hardly pushed.
func (n *nce[T]) tell(t *ebm.Trace) {
	fall, rise := float64(len(n.Y))-floats.Sum(n.posteriorY), floats.Sum(n.posteriorN)
	for i, y := range n.Y {
		if p := 1 - n.posteriorY[i]; p > 0 {
			t.Down(y, y, p/fall)
		}
	}
	for i, y := range n.noise {
		if p := n.posteriorN[i]; p > 0 {
			t.Up(y, n.from[i], p/rise)
		}
	}
}

func (n *nce[T]) Scalars(dst []float64) {
	dst[0], dst[1], dst[2], dst[3] = n.loss, n.gap, n.accuracy, n.logZ
}
