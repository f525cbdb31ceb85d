package architectural

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "lcc",
		Title:    "Local coordinate coding",
		Family:   ebm.Architectural,
		Strategy: "A2",
		Summary: "Each {down|training point pulls} the anchors of its code, three at most, so that they line up along the data; " +
			"nothing is pushed up, because the penalty on distant anchors makes the energy low only between neighbouring ones.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y,z)=\lVert y-Wz\rVert^2+\knob{lambda}\sum_k z_k\lVert y-w_k\rVert^2`},
			{Label: "Code", TeX: `z_k\ge 0,\quad \sum_k z_k=1,\quad k\le\knob{k}`},
			{Label: "Free energy", TeX: `F(y)=\min_z E(y,z),\quad \frac{\partial F}{\partial y}=2\,(1+\lambda)(y-Wz^*)`},
			{Label: "FISTA", TeX: `z\leftarrow\Pi_{\Delta}\!\left(z-\tfrac{1}{\ell}\nabla_z E\right),\quad \ell=2\,\lambda_{\mathrm{max}}\Bigl(\sum_k(w_k-\bar w)(w_k-\bar w)^{\top}\Bigr)`},
			{Label: "Step", TeX: `w_k\leftarrow w_k-\frac{\knob{eta}}{1+2(1+\lambda)\sum_{\down{y}}z_k}\sum_{\down{y}}2z_k\left[(Wz-\down{y})+\lambda(w_k-\down{y})\right]`},
		},
		FailureMode: "Set the distance penalty to its least: everything between the anchors is low, the whole disc of the spiral; the arms are only faint lines in it. " +
			"At its greatest the code of most points has a single anchor, and K isolated wells remain, as in K-means.",
		Misconception: "Sparse coding alone is often said to fit a curved manifold. Its energy is convex and cannot; here it can, because the penalty on an anchor depends on the point.",
		Map:           ebm.MapProject,
		Stages: ebm.Stages{
			ebm.StageNear: "Combine the anchors near each point, three at most, to reconstruct it.",
			ebm.StagePull: "Move those anchors towards the point" + fallsThere,
		},
		Source:  "K. Yu, T. Zhang and Y. Gong, “Nonlinear learning using local coordinate coding”, 2009",
		Data:    "spiral",
		Steps:   200,
		Scalars: []string{"loss", "active", "moved"},
		Script:  lccScript,
		New:     func() ebm.Model { m := newLCC(); m.quick = true; return m },
		Exact:   func() ebm.Model { return newLCC() },
	})
}

// lcc is local coordinate coding: a point is reconstructed as a convex combination of anchors,
// with a penalty on their distances from it. One sees tubes of low energy from anchor to
// anchor, which break into wells as λ grows.
//
//	E(y, z) = ‖y - W z‖² + λ Σ_k z_k ‖y - w_k‖²,   z >= 0, Σ z = 1
//	F(y) = min_z E(y, z)     ∂F/∂y = 2 (1 + λ) (y - W z*)
//
// K. Yu, T. Zhang, Y. Gong, "Nonlinear learning using local coordinate coding", 2009.
//
// State: W [2, K]; to continue training progress [1] = moved.
type lcc struct {
	k, batch, iterations int
	lambda, eta          float64
	inference, start     string

	data   []r2.Vec
	notice string
	w      prototypes
	moved  float64 // the largest move of an anchor in the last step

	middle    r2.Vec  // the mean of the anchors
	lipschitz float64 // the Lipschitz constant of the gradient of E in z, on the simplex
	quick     bool    // whether a landscape of iterated codes is computed in float32
	before    prototypes
	pull      prototypes // Σ ∂E/∂w_k over the batch
	mass      []float64  // Σ z_k, likewise
}

func newLCC() *lcc {
	return &lcc{k: 32, batch: 128, iterations: 100, lambda: 0.3, eta: 0.1, inference: inferExact, start: startPlusPlus}
}

func (m *lcc) Knobs(k *ebm.Knobs) {
	k.Float(&m.lambda, "lambda", `\lambda`, 1e-3, 5,
		"The penalty on distant anchors. Tiny: everything between the anchors is low, and the arms merge. Medium: tubes along the arms. Large: the tubes break into isolated wells.", ebm.OnLog, ebm.Called("distance penalty"))
	k.Int(&m.k, "k", "K", 2, 64,
		"The number of anchors. Few: the tubes cut across the arms. Many: they follow the spiral.", ebm.Restarts, ebm.Called("anchors"))
	k.Choice(&m.inference, "inference", `z^*`, []string{inferExact, inferFISTA},
		"exact: the best combination, of three anchors at most. fista: projected gradient steps from equal weights.", ebm.Called("inference"))
	k.Int(&m.iterations, "iterations", "T", 1, 300, iterationsHelp, ebm.OnLog, ebm.OnlyFor("inference", inferFISTA))
	k.Float(&m.eta, "eta", `\eta`, 1e-2, 1,
		"How far the anchors move to their points. Small: slowly and smoothly. 1: nearly all the way in each batch, with jitter.", ebm.OnLog, ebm.Called("step size"))
	k.Int(&m.batch, "batch", "B", 1, 1024,
		"How many points a step uses. One: one to three anchors move. Many: all move smoothly.", ebm.OnLog2)
	k.Choice(&m.start, "start", `W_0`, starts, startHelp, ebm.Restarts)
}

func (m *lcc) Init(data []r2.Vec, rng ebm.Rand) {
	m.data, m.moved = data, 0
	m.w, m.before, m.pull = newPrototypes(m.k), newPrototypes(m.k), newPrototypes(m.k)
	m.mass = make([]float64, m.k)
	m.w.place(m.start, data, rng)
	m.notice = m.w.noticeFew(data, "anchors")
	m.tabulate()
}

// tabulate computes ℓ. On the simplex it does not matter where the origin is, and it is
// least if the origin is the mean of the anchors.
func (m *lcc) tabulate() {
	n, x, y := float64(m.k), 0.0, 0.0
	for k := range m.w.x {
		x += m.w.x[k] / n
		y += m.w.y[k] / n
	}
	var xx, xy, yy float64
	for k := range m.w.x {
		dx, dy := m.w.x[k]-x, m.w.y[k]-y
		xx, xy, yy = xx+dx*dx, xy+dx*dy, yy+dy*dy
	}
	m.middle, m.lipschitz = r2.Vec{X: x, Y: y}, 2*largest(xx, xy, yy)
}

// Step goes down the gradient of the mean energy of a batch at fixed codes. Each anchor
// divides it by a bound of its curvature, so that with η <= 1 the energy of the batch
// never rises: by Σ_j z_j = 1 the row of the Hessian that belongs to w_k sums to
// 2 (1 + λ) Σ z_k over the batch.
func (m *lcc) Step(u *ebm.Update) {
	if len(m.data) == 0 {
		return
	}
	var code [maxK]float64
	z := code[:m.k]
	m.before.copyFrom(m.w)
	clear(m.pull.x)
	clear(m.pull.y)
	clear(m.mass)
	for range m.batch {
		y := m.data[u.Rand.IntN(len(m.data))]
		r, _ := m.infer(z, y)
		u.Trace.Down(y, r2.Add(y, r), 1/float64(m.batch))
		for k, c := range z {
			if c > 0 {
				a := r2.Sub(m.w.at(k), y)
				m.pull.set(k, r2.Add(m.pull.at(k), r2.Scale(2*c, r2.Add(r, r2.Scale(m.lambda, a)))))
				m.mass[k] += c
			}
		}
	}
	for k, c := range m.mass {
		m.w.set(k, r2.Sub(m.w.at(k), r2.Scale(m.eta/(1+2*(1+m.lambda)*c), m.pull.at(k))))
	}
	m.moved = m.w.trace(u.Trace, m.before)
	m.tabulate()
}

// infer writes the code of y to z and returns W z - y and E(y, z).
func (m *lcc) infer(z []float64, y r2.Vec) (r r2.Vec, e float64) {
	if m.inference == inferFISTA {
		m.descend(z, y, m.iterations)
		for k, c := range z {
			a := r2.Sub(m.w.at(k), y)
			r = r2.Add(r, r2.Scale(c, a))
			e += m.lambda * c * r2.Norm2(a)
		}
		return r, e + r2.Norm2(r)
	}
	clear(z)
	best := m.exact(y)
	for i := range best.n {
		z[best.anchor[i].k] = best.z[i]
	}
	return best.r, best.e
}

func (m *lcc) Energy(dst []float64, at []r2.Vec) {
	switch {
	case m.inference == inferExact:
		for i, y := range at {
			dst[i] = m.exact(y).e
		}
	case m.quick && m.lipschitz > 0:
		m.iterate(dst, at)
	default:
		m.each(dst, at)
	}
}

// each computes one point after the other.
func (m *lcc) each(dst []float64, at []r2.Vec) {
	var code [maxK]float64
	for i, y := range at {
		_, dst[i] = m.infer(code[:m.k], y)
	}
}

// Grad takes the slope of the energy shown, by differences where the code is not the best.
func (m *lcc) Grad(dst, at []r2.Vec) {
	if m.inference != inferExact {
		differences(energies(m.each), dst, at)
		return
	}
	for i, y := range at {
		dst[i] = r2.Scale(-2*(1+m.lambda), m.exact(y).r)
	}
}

// Reconstruct writes W z*.
func (m *lcc) Reconstruct(dst, at []r2.Vec) {
	var code [maxK]float64
	for i, y := range at {
		r, _ := m.infer(code[:m.k], y)
		dst[i] = r2.Add(y, r)
	}
}

// Marks are the anchors.
func (m *lcc) Marks(dst []ebm.Mark) []ebm.Mark { return m.w.marks(dst) }

// Scalars gives the mean energy of the training points, the mean number of anchors in a code,
// and how far the last step moved the anchor that moved most.
func (m *lcc) Scalars(dst []float64) {
	var code [maxK]float64
	z := code[:m.k]
	sum, active, n := 0.0, 0, 0
	for i := 0; i < len(m.data); i += stride(len(m.data), lossPoints) {
		_, e := m.infer(z, m.data[i])
		sum += e
		n++
		for _, c := range z {
			if c > 0 {
				active++
			}
		}
	}
	dst[0], dst[1], dst[2] = sum/float64(n), float64(active)/float64(n), m.moved
}

func (m *lcc) Notice() string { return m.notice }

func (m *lcc) State() ebm.State { return m.w.state(m.moved) }

func (m *lcc) SetState(s ebm.State) error {
	moved, err := m.w.restore(s)
	if err != nil {
		return err
	}
	m.moved = moved
	m.tabulate()
	return nil
}

// lccScript is the energy in Python, see ebm.Card.
const lccScript = `def simplex(v):
    """The nearest point with no negative coordinate and sum 1, for each row."""
    u = -np.sort(-v, axis=1)
    c = (np.cumsum(u, axis=1) - 1) / np.arange(1, v.shape[1] + 1)
    return np.maximum(v - np.take_along_axis(c, (u > c).sum(axis=1)[:, None] - 1, axis=1), 0)


def energy(y):
    """min over mixtures z of |y - W z|² + λ Σ_k z_k |y - w_k|², by projected descent."""
    w, exact = P["W"].T, K["inference"] == "exact"
    d, middle = squared(y, w), w - w.mean(axis=0)
    lipschitz = 2 * np.linalg.eigvalsh(middle.T @ middle)[-1]
    z = ahead = np.full(d.shape, 1 / len(w))
    t = 1.0
    for _ in range(20000 if exact else K["iterations"]):
        slope = 2 * (ahead @ w - y) @ w.T - np.sum(2 * (ahead @ w - y) * y, axis=1, keepdims=True)
        new = simplex(ahead - (slope + K["lambda"] * d) / lipschitz)
        after = (1 + np.sqrt(1 + 4 * t * t)) / 2
        momentum = (t - 1) / after
        if exact and np.sum((ahead - new) * (new - z)) > 0:
            momentum, after = 0, 1  # begin anew where the momentum leads uphill
        z, ahead, t = new, new + momentum * (new - z), after
    return np.sum((y - z @ w) ** 2, axis=1) + K["lambda"] * np.sum(z * d, axis=1)
`
