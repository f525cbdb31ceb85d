package architectural

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "glo",
		Title:    "Generative latent optimisation",
		Family:   ebm.Architectural,
		Strategy: "A2",
		Summary: "A network maps a code to a curve, and each {down|training point pulls} the point of the curve that is nearest; the energy is the squared distance from the curve. " +
			"Nothing is pushed up: the code is one number on an interval, so only a line of the plane can be low.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y,z)=\lVert y-g(z)\rVert^2,\quad z\in[-1,1]`},
			{Label: "Free energy", TeX: `F(y)=\min_z E(y,z),\quad \frac{\partial F}{\partial y}=2\,(y-g(z^*))`},
			{Label: "Code", TeX: `z_i\leftarrow\arg\min_z\lVert \down{y_i}-g(z)\rVert^2\quad\text{over}\ \knob{grid}\ \text{values}`},
			{Label: "Loss", TeX: `L=\frac{1}{\knob{batch}}\sum_i\lVert \down{y_i}-g(z_i)\rVert^2`},
		},
		FailureMode: "Start from random codes: neighbours on the curve are fitted to points all over the plane, and a tangle remains that ten times the steps do not undo. " +
			"Start from angles: on a spiral the curve jumps from arm to arm.",
		Misconception: "A code of few dimensions is sometimes said to limit the low energy by itself. But a curve of one dimension can be arbitrarily long and fill the plane; " +
			"the interval together with a smooth network limits it, and the initial codes decide where it lies. " +
			"Bojanowski et al. (2018) train the codes by gradient descent, projected onto a ball, from random starts. Here each code is the best of a grid, and the start orders them along the data by a graph of neighbours (Isomap).",
		Map: ebm.MapDecode,
		Stages: ebm.Stages{
			ebm.StageNear: "Find the point of the curve that is nearest to each.",
			ebm.StagePull: "Bend the curve towards the points" + fallsThere,
		},
		Source:  "P. Bojanowski, A. Joulin, D. Lopez-Paz and A. Szlam, “Optimizing the latent space of generative networks”, 2018",
		Data:    "spiral",
		Steps:   800,
		Scalars: []string{"loss", "length"},
		Script:  gloScript,
		New:     func() ebm.Model { return newGLO[float32]() },
		Exact:   func() ebm.Model { return newGLO[float64]() },
	})
}

// initialCodeSteps is how many steps the initial codes are kept. By then the curve fits them;
// before, its nearest point is arbitrary.
const initialCodeSteps = 200

// codeScale is half the length of the interval of codes in the input of the network, whose
// Fourier features have period 6.
const codeScale = 1.2

// glo is generative latent optimisation: a network g(z) whose outputs form a curve, and an
// energy that is the squared distance from it. One sees the curve first move about, then fit
// the data, and a valley along it. Each training point has a code of its own; no encoder is
// trained.
//
//	E(y, z) = ‖y - g(z)‖²     F(y) = min_z E(y, z)     ∂F/∂y = 2 (y - g(z*))
//
// The minimum is exact for the curve that is drawn, see curve. The result depends on the
// initial codes: with codes ordered along the data, by the graph of neighbours, the curve
// fits them; with random ones it is tangled.
//
// P. Bojanowski, A. Joulin, D. Lopez-Paz, A. Szlam, "Optimizing the latent space of
// generative networks", 2018.
//
// State: that of learn.Learner; to continue training "z" [n], the codes of the training points,
// and "progress" [1] = steps.
type glo[T net.Float] struct {
	learn.Learner[T]
	learn.Shape
	grid  int
	start string

	z     []float64 // of each training point
	steps int
	curve curve      // what is shown
	nodes prototypes // of the curve that is being learnt, of which the shown one is an average

	index  []int     // of the batch among the data
	codes  []float64 // z of the batch
	fitted []r2.Vec  // g(z)

	fit, findNodes, trace func(w *net.Workspace[T], grad []T, lo, hi int)

	loss, length float64
}

func newGLO[T net.Float]() *glo[T] {
	m := &glo[T]{Learner: learn.New[T](), Shape: learn.DefaultShape(), grid: 201, start: codesGeodesic}
	m.Harmonics = 6
	return m
}

func (m *glo[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&m.start, "start", `z_i^{(0)}`, []string{codesGeodesic, codesSpectral, codesAngle, codesRandom},
		"The initial codes. geodesic and spectral: ordered along the data by a graph of neighbours, and the curve fits them. angle: ordered by direction from the centre, and on a spiral the curve jumps between the arms. random: a tangle.", ebm.Restarts, ebm.Called("first codes"))
	k.Int(&m.grid, "grid", "G", 50, 800,
		"How many values of the code are tried. On the spiral 50 are as good as 800, which are slower.", ebm.OnLog, ebm.Called("codes tried"))
	m.Learner.Rate(k)
	m.Learner.Knobs(k)
	m.Shape.Knobs(k)
}

func (m *glo[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.Spec(1, 2), data)
	m.Randomise(rng)
	m.InitAverage()
	m.z = initialCodes(m.start, data, rng)
	m.tabulate(ebm.Serial)
}

func (m *glo[T]) begin(s net.Spec, data []r2.Vec) {
	m.Begin(data, learn.Part{Net: s})
	m.fit, m.findNodes, m.trace = m.fitBlock, m.nodeBlock, m.traceBlock
	m.steps, m.loss = 0, math.NaN()
}

// Step draws a batch, gives each of its points the code of the nearest node of the curve
// (after initialCodeSteps), and moves the curve down the gradient at these codes.
func (m *glo[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.draw(u.Rand)
	decoder := &m.Nets[0]
	if m.steps >= initialCodeSteps {
		if len(m.nodes.x) != m.grid {
			m.nodes = newPrototypes(m.grid)
		}
		decoder.Runner.Blocks(u.For, m.grid, m.findNodes, decoder.MLP, nil)
	}
	decoder.Runner.Blocks(u.For, len(m.Y), m.fit, decoder.MLP, decoder.Grad)
	share := 1 / float64(len(m.Y))
	m.loss = 0
	for i, y := range m.Y {
		m.z[m.index[i]] = m.codes[i]
		m.loss += share * r2.Norm2(r2.Sub(y, m.fitted[i]))
		u.Trace.Down(y, m.fitted[i], share)
	}
	m.Descend()
	m.steps++
	m.tabulate(u.For)
}

// draw is Learner.Draw, and stores which points were drawn.
func (m *glo[T]) draw(rng ebm.Rand) {
	n := m.Batch
	m.Y, m.index = learn.Resize(m.Y, n), learn.Resize(m.index, n)
	m.codes, m.fitted = learn.Resize(m.codes, n), learn.Resize(m.fitted, n)
	for i := range m.Y {
		m.index[i] = rng.IntN(len(m.Data))
		m.Y[i], m.codes[i] = m.Data[m.index[i]], m.z[m.index[i]]
	}
	clear(m.Gradient)
}

// fitBlock takes the codes of the points lo, …, hi-1 of the batch forward and back through the
// network.
func (m *glo[T]) fitBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	for i := range hi - lo {
		if m.steps >= initialCodeSteps {
			k, _ := m.nodes.nearest(m.Y[lo+i])
			m.codes[lo+i] = gridCode(k, m.grid)
		}
		w.In[i] = T(codeScale * m.codes[lo+i])
	}
	decoder := m.Nets[0].MLP
	decoder.ForwardRows(w, hi-lo)
	slope := 2 / float64(len(m.Y))
	for i, y := range m.Y[lo:hi] {
		g := r2.Vec{X: float64(w.Out[i]), Y: float64(w.Out[net.Block+i])}
		m.fitted[lo+i] = g
		w.DOut[i], w.DOut[net.Block+i] = T(slope*(g.X-y.X)), T(slope*(g.Y-y.Y))
	}
	decoder.Backward(w, grad, false)
}

// gridCode is the k-th of n codes.
func gridCode(k, n int) float64 { return 2*float64(k)/float64(n-1) - 1 }

// nodeBlock finds nodes lo, …, hi-1 of the curve that is being learnt.
func (m *glo[T]) nodeBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	m.decode(m.Nets[0].MLP, w, m.nodes, lo, hi)
}

// traceBlock finds nodes lo, …, hi-1 of the curve that is shown, and their slopes.
func (m *glo[T]) traceBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	shown := m.Nets[0].Shown
	m.decode(shown, w, m.curve.point, lo, hi)
	step := codeScale * 2 / float64(len(m.curve.point.x)-1)
	for row, slope := range [2][]float64{m.curve.slope.x, m.curve.slope.y} {
		for i := range hi - lo {
			w.DOut[i], w.DOut[net.Block+i] = T(1-row), T(row)
		}
		shown.Backward(w, nil, true)
		for i := range hi - lo {
			slope[lo+i] = step * float64(w.DIn[i])
		}
	}
}

// decode puts g at codes lo, …, hi-1 of the grid into nodes.
func (m *glo[T]) decode(g *net.MLP[T], w *net.Workspace[T], nodes prototypes, lo, hi int) {
	for i := range hi - lo {
		w.In[i] = T(codeScale * gridCode(lo+i, len(nodes.x)))
	}
	g.ForwardRows(w, hi-lo)
	for i := range hi - lo {
		nodes.set(lo+i, r2.Vec{X: float64(w.Out[i]), Y: float64(w.Out[net.Block+i])})
	}
}

// tabulate finds the curve that is shown.
func (m *glo[T]) tabulate(parallel ebm.For) {
	if len(m.curve.point.x) != m.grid {
		m.curve = newCurve(m.grid)
	}
	decoder := &m.Nets[0]
	decoder.Runner.Blocks(parallel, m.grid, m.trace, decoder.Shown, nil)
	m.curve.bound()
	m.length = m.curve.length()
}

// Energy writes the squared distance from the curve.
func (m *glo[T]) Energy(dst []float64, at []r2.Vec) { m.curve.distances(dst, at) }

func (m *glo[T]) Grad(dst, at []r2.Vec) {
	for i, y := range at {
		dst[i] = r2.Scale(2, r2.Sub(y, m.curve.nearest(y).at))
	}
}

// Reconstruct writes the nearest point of the curve, g(z*).
func (m *glo[T]) Reconstruct(dst, at []r2.Vec) {
	for i, y := range at {
		dst[i] = m.curve.nearest(y).at
	}
}

// Latents lists E(y, z) for the codes of the grid.
func (m *glo[T]) Latents(y r2.Vec) []ebm.LatentEnergy {
	all := m.curve.point.latents(y)
	for k := range all {
		all[k].Z = gridCode(k, len(all))
	}
	return all
}

// Marks are the curve.
func (m *glo[T]) Marks(dst []ebm.Mark) []ebm.Mark {
	for k := range m.curve.point.x {
		dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, At: m.curve.point.at(k)})
	}
	return dst
}

// Scalars gives the mean energy of the last batch at its codes, and the length of the curve: a
// curve much longer than the data is tangled.
func (m *glo[T]) Scalars(dst []float64) { dst[0], dst[1] = m.loss, m.length }

func (m *glo[T]) State() ebm.State {
	s := m.Learner.State()
	s.Train["z"] = ebm.Tensor{Shape: []int{len(m.z)}, Values: slices.Clone(m.z)}
	s.Train["progress"] = ebm.Scalar(float64(m.steps))
	return s
}

// SetState: without Train the codes are those of the nearest points of the curve.
func (m *glo[T]) SetState(s ebm.State) error {
	z, steps := m.z, initialCodeSteps
	if len(s.Train) > 0 {
		codes, err := ebm.Fetch(s.Train, "z", len(m.Data))
		if err != nil {
			return err
		}
		progress, err := ebm.Fetch(s.Train, "progress", 1)
		if err != nil {
			return err
		}
		z, steps = codes.Values, int(progress.Values[0])
	}
	if err := m.Learner.SetState(s); err != nil {
		return err
	}
	copy(m.z, z)
	m.steps = steps
	m.tabulate(ebm.Serial)
	return nil
}

// gloScript is the energy in Python, see ebm.Card.
const gloScript = `def energy(y):
    """The squared distance of y from the curve g(z): the nearest of many codes."""
    g = mlp(1.2 * np.linspace(-1, 1, 20001)[:, None])
    return np.concatenate([squared(part, g).min(axis=1) for part in np.array_split(y, 1 + len(y) // 64)])
`
