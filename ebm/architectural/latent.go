package architectural

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "latent",
		Title:    "Conditional latent variable",
		Family:   ebm.Architectural,
		Strategy: "A1",
		Summary: "Given y1, a network predicts several values of y2, and the code z selects one: each {down|training point pulls} the curve that is nearest above or below it. " +
			"Nothing is pushed up: with few curves only a small part of the plane can be low.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y_1,y_2,z)=\bigl(y_2-g_z(y_1)\bigr)^2+R(z)`},
			{Label: "Free energy", TeX: `F(y_1,y_2)=\min_z E(y_1,y_2,z),\quad z<\knob{branches}`},
			{Label: "Soft", TeX: `F_\beta=-\tfrac{1}{\beta}\log\tfrac{1}{K}\sum_z e^{-\beta E},\quad \beta=\min(\knob{beta},\,2\cdot 1.02^{\,t})`},
			{Label: "Penalty", TeX: `R(z)=\knob{w}\,z^2,\quad z=0,1,\dots\ \text{for branches},\ z\in[-1,1]\ \text{for a line}`},
			{Label: "Step", TeX: `\theta\leftarrow\theta-\alpha\,\frac{\partial}{\partial\theta}\,\frac{1}{\knob{batch}}\sum_{\down{y}}F(\down{y_1},\down{y_2}),\quad\alpha=\knob{lr}`},
		},
		FailureMode: "Set the branches to 4, one more than the S-curve has: the curve that is left over crosses empty space in places and makes a spurious valley there. With one branch it is the least-squares curve. " +
			"Set code to line: then some z reaches every y2, the curves spread over the whole area between the outermost data, and all of it is low. " +
			"A penalty on the code makes it a method of strategy A2: it reduces the area, and a larger one gathers the curves in bundles.",
		Misconception: "A bad fit of multi-valued data is often blamed on too small a network. No network that predicts one y2 for each y1 can fit them, however large: it needs a latent variable.",
		Map:           ebm.MapDecode,
		Stages: ebm.Stages{
			ebm.StageNear: "Find the curve that is nearest above or below each point.",
			ebm.StagePull: "Bend that curve towards the point" + fallsThere,
		},
		Source:  "R. A. Jacobs, M. I. Jordan, S. J. Nowlan and G. E. Hinton, “Adaptive mixtures of local experts”, 1991",
		Data:    "scurve",
		Steps:   800,
		Scalars: []string{"loss", "used", "beta"},
		Script:  latentScript,
		New:     func() ebm.Model { return newLatent[float32]() },
		Exact:   func() ebm.Model { return newLatent[float64]() },
	})
}

// The kinds of code.
const (
	codeBranches = "branches" // one of K, each with an output of the network
	codeLine     = "line"     // a number in [-1, 1], an input of the network
)

// How the code is inferred.
const (
	inferHard = "hard" // the best one alone
	inferSoft = "soft" // all, the better ones more
)

const (
	maxBranches = 8
	lineCodes   = 33 // of which the best is taken
	lineShown   = 4  // every so many of them is drawn
	ticks       = 97 // how many places of y1 the curves are drawn at
)

// The temperature falls with the steps: β = 2·1.02^t, up to the knob's.
const (
	warm    = 2
	cooling = 1.02
)

// latent is a conditional energy with a latent variable: y1 is given, and y2 is one of the
// values that the network predicts, selected by z. One sees curves over the horizontal axis,
// each along a branch of the data, and valleys along them. Distance counts in y2 only.
//
//	E(y, z) = (y2 - g_z(y1))² + R(z)     F(y) = min_z E(y, z)
//
// Soft inference weights all z, and the temperature falls during learning: at first every
// point pulls all curves, so that each gets points.
//
//	F_β(y) = -(1/β) log (1/K) Σ_z exp(-β E(y, z))     ∂F_β = Σ_z r_z ∂E(y, z)
//	r_z(y) = exp(-β E(y, z)) / Σ_z' exp(-β E(y, z'))
//
// Without the penalty R the few values of z limit what can be low (strategy A1); with it the penalty
// does (A2).
//
// Outside the range of the data the curves, and the valleys, are extrapolated by the network.
//
// R. Jacobs, M. Jordan, S. Nowlan, G. Hinton, "Adaptive mixtures of local experts", 1991;
// K. Rose, "Deterministic annealing for clustering, compression, classification,
// regression, and related optimization problems", 1998.
//
// State: that of learn.Learner, and "progress" [1] = steps among the parameters, because
// the energy depends on it.
type latent[T net.Float] struct {
	learn.Learner[T]
	learn.Shape
	code, inference string
	branches        int
	beta, w         float64

	z, penalty []float64 // the values of the code, and R of each
	steps      int
	curves     []r2.Vec // as drawn, [z][ticks]

	free   []float64 // F of the batch
	made   []r2.Vec  // (y1, g_z*(y1)), likewise
	best   []int     // z*, likewise
	counts []int     // how often each z is the best

	fit, trace func(w *net.Workspace[T], grad []T, lo, hi int)

	loss float64
	used int
}

func newLatent[T net.Float]() *latent[T] {
	m := &latent[T]{Learner: learn.New[T](), Shape: learn.DefaultShape(), code: codeBranches, inference: inferHard, branches: 3, beta: 200}
	m.LR = 2e-2
	return m
}

func (m *latent[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&m.code, "code", `z`, []string{codeBranches, codeLine},
		"The latent variable. branches: one of a few values, and as many curves. line: any number between -1 and 1, and the curves fill an area.", ebm.Restarts)
	k.Int(&m.branches, "branches", "K", 1, maxBranches,
		"How many values y2 may have. 1: the least-squares curve through the middle. As many as the data have: each fits a branch. More: some coincide or get no points.", ebm.Restarts, ebm.OnlyFor("code", codeBranches))
	k.Choice(&m.inference, "inference", `z^*`, []string{inferHard, inferSoft},
		"hard: each point pulls the best curve only, and a curve with a bad start may get no points. soft: each pulls all curves, at first equally, and the curves separate as the temperature falls.")
	k.Float(&m.beta, "beta", `\beta`, 1, 1e3,
		"The final inverse temperature. Low: the curves stay together at the mean of y2, and the valleys are broad. High: the curves separate, as with hard inference.", ebm.OnLog, ebm.OnlyFor("inference", inferSoft))
	k.Float(&m.w, "w", "w", 1e-3, 1,
		"The penalty on codes far from 0. 0: none, and the few curves limit what is low. Higher: curves of codes far from 0 have more energy and lose their points to the others; of branches one is left at last, through the middle of the data.", ebm.OnLog, ebm.OrZero, ebm.Called("code penalty"))
	m.Learner.Rate(k)
	m.Learner.Knobs(k)
	m.Shape.Knobs(k)
}

func (m *latent[T]) Init(data []r2.Vec, rng ebm.Rand) {
	if m.code == codeLine {
		m.begin(m.Spec(2, 1), data)
	} else {
		m.begin(m.Spec(1, m.branches), data)
	}
	m.Randomise(rng)
	m.InitAverage()
	m.tabulate(ebm.Serial)
}

// begin makes the network, with an input for z, or an output for each z.
func (m *latent[T]) begin(s net.Spec, data []r2.Vec) {
	m.Begin(data, learn.Part{Net: s})
	m.z = nil
	for k := range s.Out {
		m.z = append(m.z, float64(k))
	}
	if s.In > 1 {
		m.z = nil
		for k := range lineCodes {
			m.z = append(m.z, gridCode(k, lineCodes))
		}
	}
	m.penalty, m.curves, m.counts = make([]float64, len(m.z)), make([]r2.Vec, len(m.z)*ticks), make([]int, len(m.z))
	m.fit, m.trace = m.fitBlock, m.traceBlock
	m.steps, m.loss, m.used = 0, math.NaN(), 0
}

// inverseTemperature is the current β, infinite for hard inference.
func (m *latent[T]) inverseTemperature() float64 {
	if m.inference == inferHard {
		return math.Inf(1)
	}
	return min(m.beta, warm*math.Pow(cooling, float64(m.steps)))
}

// responsibilities writes r_z(y) to r and returns F and z*, for point i of a workspace.
func (m *latent[T]) responsibilities(r []float64, w *net.Workspace[T], i int, y r2.Vec, beta float64) (f float64, best int) {
	f = math.Inf(1)
	for z := range r {
		d := y.Y - float64(w.Out[m.at(z, i)])
		r[z] = d*d + m.penalty[z]
		if r[z] < f {
			best, f = z, r[z]
		}
	}
	if math.IsInf(beta, 1) {
		clear(r)
		r[best] = 1
		return f, best
	}
	sum := 0.0
	for z, e := range r {
		r[z] = 0
		if a := beta * (e - f); a < cutoff {
			r[z] = decay(a)
		}
		sum += r[z]
	}
	for z := range r {
		r[z] /= sum
	}
	return f - math.Log(sum/float64(len(r)))/beta, best
}

func (m *latent[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	n := len(m.Y)
	m.free, m.made, m.best = learn.Resize(m.free, n), learn.Resize(m.made, n), learn.Resize(m.best, n)
	m.forBlocks(u.For, n, m.fit, m.Nets[0].MLP, m.Gradient)
	share := 1 / float64(n)
	m.loss, m.used = 0, 0
	clear(m.counts)
	for i, y := range m.Y {
		m.loss += share * m.free[i]
		m.counts[m.best[i]]++
		u.Trace.Down(y, m.made[i], share)
	}
	for _, c := range m.counts {
		if c > 0 {
			m.used++
		}
	}
	m.Descend(learn.BoolValue(m.inference == inferSoft), m.beta, m.w)
	m.steps++
	m.tabulate(u.For)
}

// fitBlock finds the codes of some points of the batch and runs the backward pass.
func (m *latent[T]) fitBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	var room [lineCodes]float64
	r, beta := room[:len(m.z)], m.inverseTemperature()
	lo, hi = m.pointRange(lo, hi)
	g := m.Nets[0].MLP
	m.forward(g, w, m.Y[lo:hi])
	for i, y := range m.Y[lo:hi] {
		f, best := m.responsibilities(r, w, i, y, beta)
		m.free[lo+i], m.best[lo+i] = f, best
		m.made[lo+i] = r2.Vec{X: y.X, Y: float64(w.Out[m.at(best, i)])}
		m.push(w, i, y, r, 1/float64(len(m.Y)))
	}
	g.Backward(w, grad, false)
}

// push sets the derivative of weight·F by the outputs for point i: 2 r_z (g_z - y2).
func (m *latent[T]) push(w *net.Workspace[T], i int, y r2.Vec, r []float64, weight float64) {
	for z, share := range r {
		k := m.at(z, i)
		w.DOut[k] = T(2 * weight * share * (float64(w.Out[k]) - y.Y))
	}
}

// tabulate computes the penalties, and the curves as they are drawn.
func (m *latent[T]) tabulate(parallel ebm.For) {
	for k, z := range m.z {
		m.penalty[k] = m.w * z * z
	}
	m.forBlocks(parallel, ticks, m.trace, m.Nets[0].Shown, nil)
}

func (m *latent[T]) traceBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	lo, hi = m.pointRange(lo, hi)
	m.forward(m.Nets[0].Shown, w, places[lo:hi])
	for z := range m.z {
		for i, y := range places[lo:hi] {
			m.curves[z*ticks+lo+i] = r2.Vec{X: y.X, Y: float64(w.Out[m.at(z, i)])}
		}
	}
}

// places are the y1 that curves are drawn at.
var places = func() (at [ticks]r2.Vec) {
	for i := range at {
		at[i].X = ebm.L * gridCode(i, ticks)
	}
	return at
}()

func (m *latent[T]) Energy(dst []float64, at []r2.Vec) {
	var room [lineCodes]float64
	r, beta := room[:len(m.z)], m.inverseTemperature()
	m.each(at, func(w *net.Workspace[T], lo, hi int) {
		for i, y := range at[lo:hi] {
			dst[lo+i], _ = m.responsibilities(r, w, i, y, beta)
		}
	})
}

// Grad: ∂F/∂y2 = 2 Σ_z r_z (y2 - g_z), and ∂F/∂y1 is the backward pass of the network.
func (m *latent[T]) Grad(dst, at []r2.Vec) {
	var room [lineCodes]float64
	r, beta := room[:len(m.z)], m.inverseTemperature()
	m.each(at, func(w *net.Workspace[T], lo, hi int) {
		for i, y := range at[lo:hi] {
			m.responsibilities(r, w, i, y, beta)
			m.push(w, i, y, r, 1)
			dst[lo+i] = r2.Vec{}
			for z := range r {
				dst[lo+i].Y -= float64(w.DOut[m.at(z, i)])
			}
		}
		m.Nets[0].Shown.Backward(w, nil, true)
		for i := range hi - lo {
			dst[lo+i].X = float64(w.DIn[i])
		}
		if m.line() { // a row for each z
			for _, d := range w.DIn[1:len(m.z)] {
				dst[lo].X += float64(d)
			}
		}
	})
}

// Reconstruct writes the point of the best curve with the same y1.
func (m *latent[T]) Reconstruct(dst, at []r2.Vec) {
	var room [lineCodes]float64
	r, beta := room[:len(m.z)], m.inverseTemperature()
	m.each(at, func(w *net.Workspace[T], lo, hi int) {
		for i, y := range at[lo:hi] {
			_, best := m.responsibilities(r, w, i, y, beta)
			dst[lo+i] = r2.Vec{X: y.X, Y: float64(w.Out[m.at(best, i)])}
		}
	})
}

// Latents lists E(y, z) for all z.
func (m *latent[T]) Latents(y r2.Vec) []ebm.LatentEnergy {
	all := make([]ebm.LatentEnergy, len(m.z))
	m.each([]r2.Vec{y}, func(w *net.Workspace[T], _, _ int) {
		for k, z := range m.z {
			p := r2.Vec{X: y.X, Y: float64(w.Out[m.at(k, 0)])}
			all[k] = ebm.LatentEnergy{Z: z, E: r2.Norm2(r2.Sub(y, p)) + m.penalty[k], Y: p}
		}
	})
	return all
}

// Marks are the curves.
func (m *latent[T]) Marks(dst []ebm.Mark) []ebm.Mark {
	step := 1
	if m.line() {
		step = lineShown
	}
	for z := 0; z < len(m.z); z += step {
		for _, p := range m.curves[z*ticks : (z+1)*ticks] {
			dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, Group: z, At: p})
		}
	}
	return dst
}

// Scalars gives the mean free energy of the last batch, how many of the curves were the best
// for any of its points, and the current β.
func (m *latent[T]) Scalars(dst []float64) {
	dst[0], dst[1], dst[2] = m.loss, float64(m.used), math.NaN()
	if m.inference == inferSoft {
		dst[2] = m.inverseTemperature()
	}
}

func (m *latent[T]) State() ebm.State {
	s := m.Learner.State()
	s.Params["progress"] = ebm.Scalar(float64(m.steps))
	return s
}

func (m *latent[T]) SetState(s ebm.State) error {
	progress, err := ebm.Fetch(s.Params, "progress", 1)
	if err != nil {
		return err
	}
	if v := progress.Values[0]; v < 0 {
		return fmt.Errorf("tensor %q holds %v where a number of steps is needed", "progress", v)
	}
	if err := m.Learner.SetState(s); err != nil {
		return err
	}
	m.steps = int(min(progress.Values[0], math.MaxInt32))
	m.tabulate(ebm.Serial)
	return nil
}

// latentScript is the energy in Python, see ebm.Card.
const latentScript = `def energy(y):
    """The best code z, or -1/β log of their mean: F of (y2 - g(y1, z))² + w z²."""
    if K["code"] == "line":
        z = np.linspace(-1, 1, 33)
        g = np.stack([mlp(np.column_stack([y[:, 0], np.full(len(y), v)]))[:, 0] for v in z], axis=1)
    else:
        g = mlp(y[:, :1])
        z = np.arange(g.shape[1])
    e = (y[:, 1:] - g) ** 2 + K["w"] * z ** 2
    if K["inference"] == "hard":
        return e.min(axis=1)
    beta = min(K["beta"], 2 * 1.02 ** P["progress"][0])
    return (np.log(len(z)) - logsum(-beta * e)) / beta
`
