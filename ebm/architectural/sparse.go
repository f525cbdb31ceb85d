package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "sparse",
		Title:    "Sparse coding",
		Family:   ebm.Architectural,
		Strategy: "A2",
		Summary: "Each {down|training point pulls} the atoms that reconstruct it, so that the data have short codes; " +
			"nothing is pushed up, because the penalty on the code grows with the distance from the origin. With many atoms, as here, the landscape is a cone.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y,z)=\lVert y-Wz\rVert^2+\knob{lambda}\,\lVert z\rVert_1,\quad \lVert w_k\rVert=1,\ k\le\knob{k}`},
			{Label: "Free energy", TeX: `F(y)=\min_z E(y,z)=\lVert y\rVert^2-\lVert y-v\rVert^2,\quad v=y-Wz^*`},
			{Label: "Residual", TeX: `v=\arg\min_{v\in P}\lVert y-v\rVert,\quad P=\{v:\ |2\,w_k^{\top}v|\le\knob{lambda}\}`},
			{Label: "ISTA", TeX: `z\leftarrow S_{\lambda/\ell}\!\left(z-\tfrac{2}{\ell}W^{\top}(Wz-y)\right),\quad \ell=2\,\lambda_{\mathrm{max}}(W^{\top}W)`},
			{Label: "Step", TeX: `W\leftarrow W+\knob{eta}\cdot\tfrac{2}{\knob{batch}}\sum_{\down{y}}(\down{y}-Wz^*)\,{z^*}^{\top},\quad w_k\leftarrow\frac{w_k}{\lVert w_k\rVert}`},
		},
		FailureMode: "With its defaults on the star the energy is about λ‖y‖ - λ²/4, a cone around the origin: between the rays it is as low as on them. With 5 atoms and positive codes it is higher between the rays, and its level lines are pentagons with their corners on the rays. " +
			"Switch normalise off and raise the step size to its highest: the atoms grow without bound, codes become short, and the energy of every point falls towards zero. " +
			"The loss gets better and better, but the landscape keeps its shape: long atoms only evade the penalty. With the penalty at 0 every point is reconstructed exactly, and the energy is 0 everywhere.",
		Misconception: "Sparse codes are often said to make the energy low along any curve of data. They cannot: E is convex in y and z together, so F is convex in y " +
			"and its low set is convex. On a spiral one sees a bowl; a local code can fit the curve (local coordinate coding).",
		Map: ebm.MapProject,
		Stages: ebm.Stages{
			ebm.StageNear: "Reconstruct each point from a few atoms.",
			ebm.StagePull: "Move those atoms towards the point" + fallsThere,
		},
		Source:  "B. A. Olshausen and D. J. Field, “Emergence of simple-cell receptive field properties by learning a sparse code for natural images”, 1996",
		Data:    "star",
		Steps:   400,
		Scalars: []string{"loss", "active", "longest", "moved"},
		Script:  sparseScript,
		New:     func() ebm.Model { m := newSparse(); m.quick = true; return m },
		Exact:   func() ebm.Model { return newSparse() },
	})
}

// sparse is sparse coding: a point is reconstructed from few of K atoms, directions from the
// origin, with an L1 penalty on the code. One sees a bowl with flat facets around the origin,
// whose level lines extend towards the atoms. With many atoms, as by default, these are nearly
// circles: outside of ‖y‖ = λ/2 the bowl is a cone, F ≈ λ‖y‖ - λ²/4.
//
//	E(y, z) = ‖y - W z‖² + λ ‖z‖₁     F(y) = min_z E(y, z)     ∂F/∂y = 2 (y - W z*)
//
// In the plane F is exact. ‖r‖² is the maximum over v of 2 v·r - ‖v‖², so
//
//	F(y) = max_v min_z 2 v·(y - W z) - ‖v‖² + λ ‖z‖₁ = max_{v in P} 2 v·y - ‖v‖²
//
// where P is the polygon {v: |2 w_k·v| <= λ}, for outside of it the minimum over z is -∞.
// The maximiser, y - W z*, is the point of P nearest to y (see polygon.project), and z*
// belongs to the one or two sides that it lies on.
//
// B. Olshausen, D. Field, "Emergence of simple-cell receptive field properties by learning
// a sparse code for natural images", 1996; A. Beck, M. Teboulle, "A fast iterative
// shrinkage-thresholding algorithm for linear inverse problems", 2009.
//
// State: W [2, K]; to continue training progress [1] = moved.
type sparse struct {
	k, batch, iterations int
	lambda, eta          float64
	inference            string
	normalise, nonneg    bool

	data  []r2.Vec
	w     prototypes
	moved float64 // the largest move of an atom in the last step

	polygons  [2]polygon // P/λ for codes of any sign and for codes >= 0
	lipschitz float64    // 2 λ_max(WᵀW), the Lipschitz constant of the gradient of ‖y - W z‖² in z
	quick     bool       // whether a landscape of iterated codes is computed in float32
	before    prototypes
	pull      prototypes // Σ (y - W z) zᵀ over the batch
}

func newSparse() *sparse {
	return &sparse{k: 20, batch: 64, iterations: 100, lambda: 0.2, eta: 3, inference: inferExact, normalise: true}
}

func (m *sparse) Knobs(k *ebm.Knobs) {
	k.Float(&m.lambda, "lambda", `\lambda`, 1e-3, 5,
		"The penalty on the code. Small: the bowl keeps its shape but is shallow. Large: codes are zero out to a larger distance, and the bowl is round there, as ‖y‖². 0: the energy is zero everywhere.", ebm.OnLog, ebm.OrZero, ebm.Called("code penalty"))
	k.Int(&m.k, "k", "K", 1, 64,
		"The number of atoms. One: a long straight channel. Two: a bowl with four corners. Many: level lines with a side for each pair of neighbours, nearly round.", ebm.Restarts, ebm.Called("atoms"))
	k.Bool(&m.normalise, "normalise", `\lVert w_k\rVert=1`,
		"Whether the atoms are scaled to length 1. Off: they grow step by step, codes become short, and the energy vanishes everywhere.")
	k.Bool(&m.nonneg, "nonneg", `z\ge 0`,
		"Whether codes must not be negative. On: an atom is used only on the side it points to, and the bowl need not be symmetric; with 5 atoms on the star it has five corners.", ebm.Called("positive codes"))
	k.Choice(&m.inference, "inference", `z^*`, []string{inferExact, inferISTA, inferFISTA},
		"exact: the best code. ista: iterative shrinkage from zero. fista: the same with momentum, which needs far fewer steps for the same landscape.", ebm.Called("inference"))
	k.Int(&m.iterations, "iterations", "T", 1, 300, iterationsHelp, ebm.OnLog, ebm.OnlyFor("inference", inferISTA, inferFISTA))
	k.Float(&m.eta, "eta", `\eta`, 1e-2, 30,
		"How far the atoms move to the points with large residuals. Small: slowly. Large: they jitter with every batch.", ebm.OnLog, ebm.Called("step size"))
	k.Int(&m.batch, "batch", "B", 1, 1024,
		"How many points a step averages. One: atoms jitter. Many: they turn smoothly.", ebm.OnLog2)
}

// Init draws random directions for the atoms.
func (m *sparse) Init(data []r2.Vec, rng ebm.Rand) {
	m.data, m.moved = data, 0
	m.w, m.before, m.pull = newPrototypes(m.k), newPrototypes(m.k), newPrototypes(m.k)
	m.polygons = [2]polygon{newPolygon(m.k), newPolygon(m.k)}
	for k := range m.w.x {
		m.w.y[k], m.w.x[k] = math.Sincos(2 * math.Pi * rng.Float64())
	}
	m.tabulate()
}

// tabulate computes what inference needs of W.
func (m *sparse) tabulate() {
	m.polygons[0].bound(m.w, false)
	m.polygons[1].bound(m.w, true)
	var xx, xy, yy float64
	for k, x := range m.w.x {
		y := m.w.y[k]
		xx, xy, yy = xx+x*x, xy+x*y, yy+y*y
	}
	m.lipschitz = 2 * largest(xx, xy, yy)
}

func (m *sparse) Step(u *ebm.Update) {
	if len(m.data) == 0 {
		return
	}
	var code [maxK]float64
	z := code[:m.k]
	m.before.copyFrom(m.w)
	clear(m.pull.x)
	clear(m.pull.y)
	weight := 1 / float64(m.batch)
	for range m.batch {
		y := m.data[u.Rand.IntN(len(m.data))]
		v := m.infer(z, y)
		u.Trace.Down(y, r2.Sub(y, v), weight)
		for k, c := range z {
			m.pull.x[k] += v.X * c
			m.pull.y[k] += v.Y * c
		}
	}
	for k := range m.w.x {
		w := r2.Add(m.w.at(k), r2.Scale(2*m.eta*weight, m.pull.at(k)))
		if n := r2.Norm(w); m.normalise && n > 0 {
			w = r2.Scale(1/n, w)
		}
		m.w.set(k, w)
	}
	m.moved = m.w.trace(u.Trace, m.before)
	m.tabulate()
}

// polygon returns the polygon for the present sign constraint.
func (m *sparse) polygon() *polygon {
	if m.nonneg {
		return &m.polygons[1]
	}
	return &m.polygons[0]
}

// infer writes the code of y to z and returns the residual y - W z.
func (m *sparse) infer(z []float64, y r2.Vec) r2.Vec {
	if m.inference != inferExact {
		m.shrink(z, y, m.iterations)
		return r2.Sub(y, m.w.mix(z))
	}
	clear(z)
	v, side, corner := m.polygon().project(y, m.lambda)
	switch e := r2.Sub(y, v); {
	case side < 0: // y is its own residual: z = 0
	case corner < 0:
		w := m.w.at(side)
		z[side] = r2.Dot(e, w) / r2.Norm2(w)
	default: // e is a combination of the two atoms
		a, b := m.w.at(side), m.w.at(corner)
		det := r2.Cross(a, b)
		z[side], z[corner] = r2.Cross(e, b)/det, r2.Cross(a, e)/det
	}
	return v
}

// shrink makes n steps of ISTA from z = 0, or of FISTA, which takes the gradient at a
// point q ahead of z:
//
//	z' = S_{λ/ℓ}(q - (2/ℓ) Wᵀ(W q - y)),   S_a(x) = sign(x) max(|x| - a, 0)
//	q' = z' + (t - 1)/t' (z' - z),   t' = (1 + √(1 + 4t²))/2,   t = 1 at first
//
// Codes that must not be negative are cut off at 0 instead.
func (m *sparse) shrink(z []float64, y r2.Vec, n int) {
	var x1, x2, now, ahead [maxK]float64 // on the stack: this is the innermost loop
	copy(x1[:], m.w.x)
	copy(x2[:], m.w.y)
	if clear(z); m.lipschitz == 0 {
		return // no atom has a length
	}
	lipschitz, cut, rushes, nonneg := m.lipschitz, m.lambda/m.lipschitz, m.inference == inferFISTA, m.nonneg
	t := momentum(1)
	for range n {
		r := y
		for k := range z {
			r.X -= ahead[k] * x1[k]
			r.Y -= ahead[k] * x2[k]
		}
		r = r2.Scale(2/lipschitz, r)
		extrapolation := 0.0
		if rushes {
			extrapolation = t.next()
		}
		for k := range z {
			c := threshold(ahead[k]+x1[k]*r.X+x2[k]*r.Y, cut, nonneg)
			now[k], ahead[k] = c, c+extrapolation*(c-now[k])
		}
	}
	copy(z, now[:])
}

// threshold is S_cut(x), or what of it is positive.
func threshold(x, cut float64, nonneg bool) float64 {
	if nonneg {
		return max(x-cut, 0)
	}
	return math.Copysign(max(math.Abs(x)-cut, 0), x)
}

// freeEnergy is the energy of y with the code that inference finds; z is scratch memory.
func (m *sparse) freeEnergy(z []float64, y r2.Vec) float64 {
	if m.inference == inferExact {
		v, _, _ := m.polygon().project(y, m.lambda)
		return 2*r2.Dot(v, y) - r2.Norm2(v)
	}
	e := r2.Norm2(m.infer(z, y))
	for _, c := range z {
		e += m.lambda * math.Abs(c)
	}
	return e
}

func (m *sparse) Energy(dst []float64, at []r2.Vec) {
	if m.quick && m.inference != inferExact && m.lipschitz > 0 {
		m.iterate(dst, at)
		return
	}
	m.each(dst, at)
}

// each computes one point after the other.
func (m *sparse) each(dst []float64, at []r2.Vec) {
	var code [maxK]float64
	for i, y := range at {
		dst[i] = m.freeEnergy(code[:m.k], y)
	}
}

// iterate does what shrink does for a block of points at once. The last step has no momentum,
// so that the residual is that of z.
func (m *sparse) iterate(dst []float64, at []r2.Vec) {
	c := searches.Get().(*net.Codes[float32])
	c.Atoms(m.w.x, m.w.y, r2.Vec{}, 2/m.lipschitz)
	cut := float32(m.lambda / m.lipschitz)
	low := -cut
	if m.nonneg {
		low = float32(math.Inf(-1))
	}
	for lo := 0; lo < len(at); lo += net.Block {
		block := at[lo:min(lo+net.Block, len(at))]
		c.Load(block, 1)
		c.Start(0)
		t := momentum(1)
		for n := range m.iterations {
			extrapolation := 0.0
			if m.inference == inferFISTA && n+1 < m.iterations {
				extrapolation = t.next()
			}
			c.Shrink(low, cut, float32(extrapolation))
		}
		length := c.Lengths()
		for i := range block {
			dst[lo+i] = r2.Norm2(c.Residual(i)) + m.lambda*float64(length[i])
		}
	}
	searches.Put(c)
}

// Grad is twice the residual. That is the slope of F only where the code is the best one;
// with few iterations the slope of the energy shown is taken by differences.
func (m *sparse) Grad(dst, at []r2.Vec) {
	if m.inference != inferExact {
		differences(energies(m.each), dst, at)
		return
	}
	for i, y := range at {
		v, _, _ := m.polygon().project(y, m.lambda)
		dst[i] = r2.Scale(2, v)
	}
}

// Reconstruct writes W z*.
func (m *sparse) Reconstruct(dst, at []r2.Vec) {
	var code [maxK]float64
	for i, y := range at {
		dst[i] = r2.Sub(y, m.infer(code[:m.k], y))
	}
}

// Marks are the atoms, rays from the origin.
func (m *sparse) Marks(dst []ebm.Mark) []ebm.Mark {
	for k := range m.w.x {
		dst = append(dst, ebm.Mark{Kind: ebm.MarkRay, Group: k, At: m.w.at(k)})
	}
	return dst
}

// Scalars gives the mean energy of the training points as it is now; how many atoms a
// point uses on average; the length of the longest atom, which should be 1; and how far
// the last step moved the atom that moved most.
func (m *sparse) Scalars(dst []float64) {
	var code [maxK]float64
	z := code[:m.k]
	sum, active, n := 0.0, 0, 0
	for i := 0; i < len(m.data); i += stride(len(m.data), lossPoints) {
		sum += r2.Norm2(m.infer(z, m.data[i]))
		for _, c := range z {
			if c != 0 {
				sum += m.lambda * math.Abs(c)
				active++
			}
		}
		n++
	}
	longest := 0.0
	for k := range m.w.x {
		longest = max(longest, r2.Norm(m.w.at(k)))
	}
	dst[0], dst[1], dst[2], dst[3] = sum/float64(n), float64(active)/float64(n), longest, m.moved
}

func (m *sparse) State() ebm.State { return m.w.state(m.moved) }

func (m *sparse) SetState(s ebm.State) error {
	moved, err := m.w.restore(s)
	if err != nil {
		return err
	}
	m.moved = moved
	m.tabulate()
	return nil
}

// sparseScript is the energy in Python, see ebm.Card.
const sparseScript = `def energy(y):
    """min over z of |y - W z|² + λ |z|_1, by FISTA (exact: many steps)."""
    w, exact = P["W"], K["inference"] == "exact"
    lipschitz = 2 * np.linalg.eigvalsh(w @ w.T)[-1]
    z = ahead = np.zeros((len(y), w.shape[1]))
    t = 1.0
    for _ in range(20000 if exact else K["iterations"]):
        x = ahead + 2 / lipschitz * (y - ahead @ w.T) @ w
        new = np.sign(x) * np.maximum(np.abs(x) - K["lambda"] / lipschitz, 0)
        if K["nonneg"]:
            new = np.maximum(x - K["lambda"] / lipschitz, 0)
        after = (1 + np.sqrt(1 + 4 * t * t)) / 2
        momentum = 0 if K["inference"] == "ista" else (t - 1) / after
        if exact and np.sum((ahead - new) * (new - z)) > 0:
            momentum, after = 0, 1  # begin anew where the momentum leads uphill
        z, ahead, t = new, new + momentum * (new - z), after
    return np.sum((y - z @ w.T) ** 2, axis=1) + K["lambda"] * np.abs(z).sum(axis=1)
`
