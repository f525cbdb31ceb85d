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
		Summary: "A network draws a curve, and each {down|training point pulls} the point of the curve that is nearest; the energy is the squared distance from the curve. " +
			"Nothing is pushed up: the code is one number on an interval, so only a line of the plane can be low.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y,z)=\lVert y-g(z)\rVert^2,\quad z\in[-1,1]`},
			{Label: "Free energy", TeX: `F(y)=\min_z E(y,z),\quad \frac{\partial F}{\partial y}=2\,(y-g(z^*))`},
			{Label: "Code", TeX: `z_i\leftarrow\arg\min_z\lVert \down{y_i}-g(z)\rVert^2\quad\text{over}\ \knob{grid}\ \text{values}`},
			{Label: "Loss", TeX: `L=\frac{1}{\knob{batch}}\sum_i\lVert \down{y_i}-g(z_i)\rVert^2`},
		},
		Pathology: "Start from random codes: neighbours on the curve are told to serve points all over the plane, and a tangle remains that ten times the steps do not undo. " +
			"Start from angles: on a spiral the curve jumps from arm to arm.",
		Slip: "It is sometimes said that a code of few dimensions is all that bounds the low energy. A curve of one dimension can be as long as it likes and fill the plane; " +
			"what holds it is the interval together with a smooth network, and where it lies is decided by the first codes.",
		Map: ebm.MapDecode,
		Stages: ebm.Stages{
			ebm.StageNear: "Find the point of the curve that is nearest to each.",
			ebm.StagePull: "Bend the curve towards the points" + fallsThere,
		},
		Data:    "spiral",
		Steps:   800,
		Scalars: []string{"loss", "length"},
		Script:  gloScript,
		New:     func() ebm.Model { return newGLO[float32]() },
		Exact:   func() ebm.Model { return newGLO[float64]() },
	})
}

// patience is how many steps the first codes are kept. By then the curve has taken the
// shape that they ask for; before, the nearest point of it says nothing.
const patience = 200

// stretch is how far the interval of codes reaches in the coordinate that the network
// sees, whose waves repeat with period 6.
const stretch = 1.2

// glo is generative latent optimisation: a curve g(z) that a network draws, and an energy
// that is the squared distance from it. One sees the curve first wander, then snap onto
// the data, and a valley along it. Each training point has a code of its own; no encoder
// is trained.
//
//	E(y, z) = ‖y - g(z)‖²     F(y) = min_z E(y, z)     ∂F/∂y = 2 (y - g(z*))
//
// The minimum is exact for the curve that is drawn, see curve. What the curve becomes
// depends on the first codes: those that run along the data, measured from neighbour to
// neighbour, let it follow them; chance ties a knot.
//
// P. Bojanowski, A. Joulin, D. Lopez-Paz, A. Szlam, "Optimizing the latent space of
// generative networks", 2018.
//
// State: that of learn.Learner; for going on "z" [n], the codes of the training points,
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

	fit, lay, trace func(w *net.Workspace[T], grad []T, lo, hi int)

	loss, length float64
}

func newGLO[T net.Float]() *glo[T] {
	m := &glo[T]{Learner: learn.New[T](), Shape: learn.DefaultShape(), grid: 201, start: codesGeodesic}
	m.Harmonics = 6
	return m
}

func (m *glo[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&m.start, "start", `z_i^{(0)}`, []string{codesGeodesic, codesSpectral, codesAngle, codesRandom},
		"The first codes. geodesic and spectral: along the data, from neighbour to neighbour, and the curve follows them. angle: by direction from the middle, and on a spiral it jumps between the arms. random: a tangle.", ebm.Restarts, ebm.Called("first codes"))
	k.Int(&m.grid, "grid", "G", 50, 800,
		"How many values of the code are tried. On the spiral 50 do as well as 800, which are only slower.", ebm.OnLog, ebm.Called("codes tried"))
	m.Learner.Rate(k)
	m.Learner.Knobs(k)
	m.Shape.Knobs(k)
}

func (m *glo[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.Spec(1, 2), data)
	m.Randomise(rng)
	m.Settle()
	m.z = firstCodes(m.start, data, rng)
	m.tabulate(ebm.Serial)
}

func (m *glo[T]) begin(s net.Spec, data []r2.Vec) {
	m.Begin(data, learn.Part{Net: s})
	m.fit, m.lay, m.trace = m.fitBlock, m.layBlock, m.traceBlock
	m.steps, m.loss = 0, math.NaN()
}

// Step draws a batch, gives each of its points the code of the nearest node of the curve,
// unless it is too early for that, and moves the curve down the gradient at these codes.
func (m *glo[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.draw(u.Rand)
	decoder := &m.Nets[0]
	if m.steps >= patience {
		if len(m.nodes.x) != m.grid {
			m.nodes = newPrototypes(m.grid)
		}
		decoder.Team.Blocks(u.For, m.grid, m.lay, decoder.MLP, nil)
	}
	decoder.Team.Blocks(u.For, len(m.Y), m.fit, decoder.MLP, decoder.Grad)
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

// draw is Learner.Draw, and keeps which points were drawn.
func (m *glo[T]) draw(rng ebm.Rand) {
	n := m.Batch
	m.Y, m.index = learn.Sized(m.Y, n), learn.Sized(m.index, n)
	m.codes, m.fitted = learn.Sized(m.codes, n), learn.Sized(m.fitted, n)
	for i := range m.Y {
		m.index[i] = rng.IntN(len(m.Data))
		m.Y[i], m.codes[i] = m.Data[m.index[i]], m.z[m.index[i]]
	}
	clear(m.Gradient)
}

// fitBlock takes the points lo, …, hi-1 of the batch to their place on the curve, and the
// network back from there.
func (m *glo[T]) fitBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	for i := range hi - lo {
		if m.steps >= patience {
			k, _ := m.nodes.nearest(m.Y[lo+i])
			m.codes[lo+i] = gridCode(k, m.grid)
		}
		w.In[i] = T(stretch * m.codes[lo+i])
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

// layBlock finds nodes lo, …, hi-1 of the curve that is being learnt.
func (m *glo[T]) layBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	m.decode(m.Nets[0].MLP, w, m.nodes, lo, hi)
}

// traceBlock finds nodes lo, …, hi-1 of the curve that is shown, and their slopes.
func (m *glo[T]) traceBlock(w *net.Workspace[T], _ []T, lo, hi int) {
	shown := m.Nets[0].Shown
	m.decode(shown, w, m.curve.point, lo, hi)
	step := stretch * 2 / float64(len(m.curve.point.x)-1)
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
		w.In[i] = T(stretch * gridCode(lo+i, len(nodes.x)))
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
	decoder.Team.Blocks(parallel, m.grid, m.trace, decoder.Shown, nil)
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

// Reconstruct offers the nearest point of the curve, g(z*).
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

// Scalars gives the mean energy of the last batch at its codes, and how long the curve
// is: one that is much longer than the data is tangled.
func (m *glo[T]) Scalars(dst []float64) { dst[0], dst[1] = m.loss, m.length }

func (m *glo[T]) State() ebm.State {
	s := m.Learner.State()
	s.Train["z"] = ebm.Tensor{Shape: []int{len(m.z)}, Values: slices.Clone(m.z)}
	s.Train["progress"] = ebm.Scalar(float64(m.steps))
	return s
}

// SetState: without Train the curve is taken to be in shape, and codes come from it.
func (m *glo[T]) SetState(s ebm.State) error {
	z, steps := m.z, patience
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
