package architectural

import (
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "kmeans",
		Title:    "K-means",
		Family:   ebm.Architectural,
		Strategy: "A1",
		Summary: "Each {down|training point pulls} the nearest prototype, so the energy sinks along the data; " +
			"nothing is pushed up, because with K wells only so much of the plane can be low.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y,z)=\lVert y-w_z\rVert^2`},
			{Label: "Free energy", TeX: `F(y)=\min_z E(y,z),\quad K=\knob{k}\ \text{values of}\ z`},
			{Label: "Online", TeX: `w_{z^*}\leftarrow w_{z^*}-\knob{eta}\cdot 2\,(w_{z^*}-\down{y})`},
			{Label: "Mini-batch", TeX: `w_k\leftarrow w_k-\knob{lr}\cdot\tfrac{2}{\knob{batch}}\sum_{\down{y}:\,z^*(\down{y})=k}(w_k-\down{y})`},
			{Label: "Coordinate descent", TeX: `w_k\leftarrow\frac{1}{n_k}\sum_{\down{y}:\,z^*(\down{y})=k}\down{y}`},
		},
		FailureMode: "Set the wells to 4: each is nearest to points of several arms of the spiral and settles in the empty space between them, so that the lowest places of the landscape have no data. " +
			"With 100 wells every point is close to one, but a well is low at one point only: between two of them the energy rises.",
		Misconception: "K-means is often said to find the best K prototypes. It finds a local optimum, which depends on the initial prototypes.",
		Map:           ebm.MapProject,
		Stages: ebm.Stages{
			ebm.StageNear: "Find the prototype that is nearest to each point.",
			ebm.StagePull: "The nearest prototype moves towards its points" + fallsThere,
		},
		Source:  "J. MacQueen, “Some methods for classification and analysis of multivariate observations”, 1967; S. P. Lloyd, “Least squares quantization in PCM”, 1982",
		Data:    "spiral",
		Range:   ebm.PlaneRange,
		Steps:   800,
		Seconds: 20,
		Lecture: 1,
		Scalars: []string{"loss", "reseeded", "moved"},
		Script:  kmeansScript,
		New:     func() ebm.Model { return kmeans32{newKMeans()} },
		Exact:   func() ebm.Model { return newKMeans() },
	})
}

// The learning rules, from the noisiest to the most stable.
const (
	updateOnline    = "online"
	updateMacQueen  = "macqueen"
	updateMiniBatch = "minibatch"
	updateLloyd     = "lloyd"
)

// What happens to a prototype that no training point is nearest to.
const (
	emptyReseed = "reseed"
	emptyKeep   = "keep"
)

// lossPoints is how many training points the loss is averaged over at most.
const lossPoints = 1024

// kmeans is K-means: K prototypes, and an energy that is the squared distance from the
// nearest. One sees K round wells, separated by straight ridges.
//
//	E(y, z) = ‖y - w_z‖²     F(y) = min_z E(y, z)     ∂F/∂y = 2 (y - w_z*)
//
// F has a kink on the ridges; there Grad gives the slope of the first of the nearest.
//
// J. MacQueen, "Some methods for classification and analysis of multivariate
// observations", 1967; S. Lloyd, "Least squares quantization in PCM", 1982.
//
// State: W [2, K]; to continue training n [K], the points each prototype has taken, and progress
// [3] = drawn, reseeded, moved.
type kmeans struct {
	k, batch             int
	eta, lr              float64
	update, start, empty string

	data     []r2.Vec
	notice   string
	w        prototypes
	n        []float64 // how many points each prototype has taken, for MacQueen's rate
	drawn    int       // points drawn since the last search for empty clusters
	reseeded int
	moved    float64 // the largest move of a prototype in the last step

	before prototypes // W at the beginning of the step
	z      []int      // z* of each training point at the last assignment
	f      []float64  // F of each, likewise
	sum    prototypes // Σ of a cluster's points, or of w - y over a batch
	count  []float64  // how many points that sum has
	assign func(b int)
}

func newKMeans() *kmeans {
	return &kmeans{k: 32, batch: 32, eta: 0.05, lr: 0.5, update: updateMiniBatch, start: startBox, empty: emptyReseed}
}

func (m *kmeans) Knobs(k *ebm.Knobs) {
	k.Int(&m.k, "k", "K", 1, maxK,
		"The number of wells. Few: each spans several arms of the spiral. As many as points (100, with the data's n at 100): every point has its own and the energy is zero on all of them.", ebm.Restarts, ebm.Called("wells"))
	k.Choice(&m.update, "update", `\text{update}`, []string{updateOnline, updateMacQueen, updateMiniBatch, updateLloyd},
		"online: one point pulls one well at a time. macqueen: the same with a decreasing rate, so the wells come to rest. "+
			"minibatch: the mean of many pulls, smoother. lloyd: coordinate descent, every well jumps to the mean of its points; after a dozen passes it is as good as the others after as many looks at points, and then it comes to rest.")
	k.Float(&m.eta, "eta", `\eta`, 1e-3, 1,
		"How far a well moves to its point. Small: slowly. 0.5: it jumps onto each point. 1: it overshoots to the other side and never converges.", ebm.OnLog, ebm.Called("step size"), ebm.OnlyFor("update", updateOnline))
	k.Float(&m.lr, "lr", `\alpha`, 1e-2, 10,
		"How far the wells go down the gradient. Small: they move slowly. Large: they jitter; with few wells and too large a step they diverge.", ebm.OnLog, ebm.Called("learning rate"), ebm.OnlyFor("update", updateMiniBatch))
	k.Int(&m.batch, "batch", "B", 1, 1024,
		"How many points a step averages. One: as noisy as online. Many: the wells move smoothly, but no faster.", ebm.OnLog2, ebm.OnlyFor("update", updateMiniBatch))
	k.Choice(&m.start, "start", `W_0`, starts, startHelp, ebm.Restarts)
	k.Choice(&m.empty, "empty", `n_k=0`, []string{emptyReseed, emptyKeep},
		"What happens to a well that no point is nearest to. reseed: it moves to the point with the highest energy. keep: it stays, a low place without data.", ebm.Called("empty wells"))
}

func (m *kmeans) Init(data []r2.Vec, rng ebm.Rand) {
	m.data = data
	m.w, m.before, m.sum = newPrototypes(m.k), newPrototypes(m.k), newPrototypes(m.k)
	m.n, m.count = make([]float64, m.k), make([]float64, m.k)
	m.drawn, m.reseeded, m.moved = 0, 0, 0
	m.z, m.f = make([]int, len(data)), make([]float64, len(data))
	m.assign = m.assignBlock
	m.w.place(m.start, data, rng)
	m.notice = m.w.noticeFew(data, "wells")
}

func (m *kmeans) Step(u *ebm.Update) {
	if len(m.data) == 0 {
		return
	}
	m.before.copyFrom(m.w)
	switch m.update {
	case updateLloyd:
		m.lloyd(u)
	case updateMiniBatch:
		m.miniBatch(u)
	default:
		m.online(u)
	}
	m.moved = m.w.trace(u.Trace, m.before)
}

// online draws one point and moves its prototype towards it, by a fixed share or, after
// MacQueen, so that w_k stays the mean of all n_k points assigned to it:
//
//	w_z* ← w_z* - 2η (w_z* - y)     w_z* ← w_z* + (y - w_z*) / n_z*
func (m *kmeans) online(u *ebm.Update) {
	y := m.data[u.Rand.IntN(len(m.data))]
	z, _ := m.w.nearest(y)
	m.n[z]++
	share := 2 * m.eta
	if m.update == updateMacQueen {
		share = 1 / m.n[z]
	}
	w := m.w.at(z)
	u.Trace.Down(y, w, 1)
	m.w.set(z, r2.Add(w, r2.Scale(share, r2.Sub(y, w))))
	m.findEmpty(u, 1)
}

// miniBatch goes down the gradient of the mean energy of B points. A well moves in
// proportion to its share of them, so the rate can be larger than online, where one well
// makes the whole step:
//
//	w_k ← w_k - lr (2/B) Σ_{b: z*(y_b) = k} (w_k - y_b)
func (m *kmeans) miniBatch(u *ebm.Update) {
	clear(m.sum.x)
	clear(m.sum.y)
	weight := 1 / float64(m.batch)
	for range m.batch {
		y := m.data[u.Rand.IntN(len(m.data))]
		z, _ := m.w.nearest(y)
		w := m.w.at(z)
		m.n[z]++
		m.sum.set(z, r2.Add(m.sum.at(z), r2.Sub(w, y)))
		u.Trace.Down(y, w, weight)
	}
	for k := range m.w.x {
		m.w.set(k, r2.Sub(m.w.at(k), r2.Scale(2*m.lr*weight, m.sum.at(k))))
	}
	m.findEmpty(u, m.batch)
}

// lloyd is coordinate descent: first the best z of every point, then the best W for these
// z, the mean of each cluster. The mean energy never rises, and after finitely many
// steps nothing changes any more.
func (m *kmeans) lloyd(u *ebm.Update) {
	m.assignAll(u.For)
	weight := 1 / float64(len(m.data))
	for i := 0; i < len(m.data); i += stride(len(m.data), ebm.MaxPushes) {
		u.Trace.Down(m.data[i], m.w.at(m.z[i]), weight)
	}
	clear(m.sum.x)
	clear(m.sum.y)
	for i, y := range m.data {
		z := m.z[i]
		m.sum.x[z] += y.X
		m.sum.y[z] += y.Y
	}
	for k, n := range m.count {
		if n > 0 {
			m.w.set(k, r2.Vec{X: m.sum.x[k] / n, Y: m.sum.y[k] / n})
		}
		m.n[k] = n
	}
	m.drawn = 0
	m.reseed()
}

// findEmpty searches for empty clusters once per as many draws as there are points: a
// prototype that no point of a few draws is nearest to need not be empty.
func (m *kmeans) findEmpty(u *ebm.Update, drawn int) {
	if m.drawn += drawn; m.drawn >= len(m.data) {
		m.drawn = 0
		m.assignAll(u.For)
		m.reseed()
	}
}

// assignAll finds z* and F of every training point and counts the clusters.
func (m *kmeans) assignAll(parallel ebm.For) {
	parallel(blocks(len(m.data)), m.assign)
	clear(m.count)
	for _, z := range m.z {
		m.count[z]++
	}
}

func (m *kmeans) assignBlock(b int) {
	for i := b * block; i < min((b+1)*block, len(m.data)); i++ {
		m.z[i], m.f[i] = m.w.nearest(m.data[i])
	}
}

// reseed moves each prototype that no point is nearest to onto the training point with
// the highest energy, as long as there is one that is not on a prototype already.
func (m *kmeans) reseed() {
	if m.empty == emptyKeep {
		return
	}
	for k, n := range m.count {
		if n > 0 {
			continue
		}
		worst := 0
		for i, f := range m.f {
			if f > m.f[worst] {
				worst = i
			}
		}
		if m.f[worst] == 0 {
			return
		}
		m.w.set(k, m.data[worst])
		m.n[k] = 1
		m.reseeded++
		for i, y := range m.data { // the next one gets another point
			m.f[i] = min(m.f[i], m.w.squared(k, y))
		}
	}
}

func (m *kmeans) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		_, dst[i] = m.w.nearest(y)
	}
}

// kmeans32 is kmeans with a landscape in float32, for display.
type kmeans32 struct{ *kmeans }

func (m kmeans32) Energy(dst []float64, at []r2.Vec) { net.Nearest(dst, at, m.w.x, m.w.y) }

func (m *kmeans) Grad(dst, at []r2.Vec) {
	for i, y := range at {
		z, _ := m.w.nearest(y)
		dst[i] = r2.Scale(2, r2.Sub(y, m.w.at(z)))
	}
}

func (m *kmeans) Reconstruct(dst, at []r2.Vec) {
	for i, y := range at {
		z, _ := m.w.nearest(y)
		dst[i] = m.w.at(z)
	}
}

func (m *kmeans) Latents(y r2.Vec) []ebm.LatentEnergy { return m.w.latents(y) }

func (m *kmeans) Marks(dst []ebm.Mark) []ebm.Mark { return m.w.marks(dst) }

// Scalars gives the mean energy of the training points as it is now, how many empty
// prototypes have been moved since the start, and how far the last step moved the one
// that moved most: 0 means that Lloyd's method has converged.
func (m *kmeans) Scalars(dst []float64) {
	sum, n := 0.0, 0
	for i := 0; i < len(m.data); i += stride(len(m.data), lossPoints) {
		_, f := m.w.nearest(m.data[i])
		sum += f
		n++
	}
	dst[0], dst[1], dst[2] = sum/float64(n), float64(m.reseeded), m.moved
}

func (m *kmeans) Notice() string { return m.notice }

func (m *kmeans) State() ebm.State {
	return ebm.State{
		Params: map[string]ebm.Tensor{"W": m.w.tensor()},
		Train: map[string]ebm.Tensor{
			"n":        {Shape: []int{m.k}, Values: slices.Clone(m.n)},
			"progress": {Shape: []int{3}, Values: []float64{float64(m.drawn), float64(m.reseeded), m.moved}},
		},
	}
}

func (m *kmeans) SetState(s ebm.State) error {
	w, err := ebm.Fetch(s.Params, "W", 2, m.k)
	if err != nil {
		return err
	}
	n := ebm.Tensor{Values: make([]float64, m.k)}
	progress := ebm.Tensor{Values: make([]float64, 3)}
	if len(s.Train) > 0 {
		if n, err = ebm.Fetch(s.Train, "n", m.k); err != nil {
			return err
		}
		if progress, err = ebm.Fetch(s.Train, "progress", 3); err != nil {
			return err
		}
	}
	m.w.setTensor(w)
	copy(m.n, n.Values)
	m.drawn, m.reseeded, m.moved = int(progress.Values[0]), int(progress.Values[1]), progress.Values[2]
	return nil
}

// kmeansScript is the energy in Python, see ebm.Card.
const kmeansScript = `def energy(y):
    """The squared distance of y from the nearest prototype."""
    return squared(y, P["W"].T).min(axis=1)
`
