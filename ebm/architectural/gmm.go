package architectural

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "gmm",
		Title:    "Gaussian mixture",
		Family:   ebm.Architectural,
		Strategy: "A1",
		Summary: "Each {down|training point pulls} the components that could have produced it: they change place, shape and weight until the mixture fits the data; " +
			"nothing is pushed up, because a density that integrates to one gets lower elsewhere when it gets higher at the data.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `F(y)=-\log p(y)=-\log\sum_{k=1}^{K}\pi_k\,\mathcal N(y;w_k,\Sigma_k),\quad K=\knob{k}`},
			{Label: "Of one component", TeX: `E(y,k)=-\log\pi_k+\log 2\pi+\tfrac12\log|\Sigma_k|+\tfrac12(y-w_k)^{\top}\Sigma_k^{-1}(y-w_k)`},
			{Label: "E-step", TeX: `r_k(\down{y})=e^{F(\down{y})-E(\down{y},k)},\quad n_k=\sum_{\down{y}}r_k(\down{y})`},
			{Label: "M-step", TeX: `\pi_k\leftarrow\frac{n_k}{n},\quad w_k\leftarrow\frac{1}{n_k}\sum_{\down{y}}r_k\,\down{y},\quad \Sigma_k\leftarrow\frac{1}{n_k}\sum_{\down{y}}r_k\,(\down{y}-w_k)(\down{y}-w_k)^{\top}`},
			{Label: "Shared variance", TeX: `\sigma^2\leftarrow\frac{1}{2n}\sum_k\sum_{\down{y}}r_k\,\lVert\down{y}-w_k\rVert^2\ge\knob{floor}`},
		},
		FailureMode: "Set covariance to full, the components to 100 and the floor to its lowest: some components shrink onto two or three points each and become thin ellipses. " +
			"The loss on the training points is excellent, half a nat below that of the defaults; on fresh ones the landscape is half a nat worse.",
		Misconception: "The variance is often given as the mean squared distance. In the plane it is that divided by two, the number of dimensions; without the two the wells are too wide. " +
			"Nor is a mixture a sum where soft K-means has a mean: with equal weights 1/K and the variance 1/2β its energy F is β times that of soft K-means, plus the constant log(π/β) of the normal density.",
		Map: ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StageNear: "Compute how likely each component is to have produced each point.",
			ebm.StagePull: "The components move and change size and weight" + fallsThere,
		},
		Source:       "A. P. Dempster, N. M. Laird and D. B. Rubin, “Maximum likelihood from incomplete data via the EM algorithm”, 1977",
		Data:         "spiral",
		Range:        ebm.PlaneRange,
		Steps:        100,
		Scalars:      []string{"loss", "narrowest", "reseeded", "moved"},
		IsNegLogProb: true,
		Script:       gmmScript,
		New:          func() ebm.Model { return gmm32{newGMM()} },
		Exact:        func() ebm.Model { return newGMM() },
	})
}

// What the components of a mixture may differ in.
const (
	covarianceShared    = "shared"
	covarianceSpherical = "spherical"
	covarianceFull      = "full"
)

// gmm is a mixture of K Gaussians that learns by expectation-maximisation: first how
// responsible each component is for each point, then the weights, means and covariances
// that maximise the likelihood under them. One sees the components move to the data and
// their outlines (two standard deviations) shrink, or stretch along it. The energy is in
// nats, and its mean over the data never rises.
//
//	F(y) = -log Σ_k π_k N(y; w_k, Σ_k)     ∂F/∂y = Σ_k r_k(y) Σ_k⁻¹ (y - w_k)
//
// No variance falls below floor in any direction: a component that shrinks onto one point
// would otherwise reach an energy of -∞ there. The M-step maximises under that bound, by
// raising smaller eigenvalues to it.
//
// A. Dempster, N. Laird, D. Rubin, "Maximum likelihood from incomplete data via the EM
// algorithm", 1977; C. Bishop, "Pattern Recognition and Machine Learning", 2006, §9.2.
//
// State: W [2, K]; pi [K]; var: [1] if the components share their variance, [K] if each
// has its own, [K, 2, 2] if it is a matrix; to continue training progress [2] = reseeded, moved.
type gmm struct {
	k                        int
	covariance, start, empty string
	floor                    float64

	data     []r2.Vec
	notice   string
	w        prototypes
	cov      []symmetric
	pi       []float64
	form     string // the covariance that cov has at present
	reseeded int
	moved    float64 // the largest move of a mean in the last step

	gaussians []gaussian  // what F needs of each component
	shapes    []net.Shape // the same for the landscape that is seen
	before    prototypes
	sums      []moments
	part      []moments // the same for each block of points
	gather    func(b int)
	z         []int     // the most responsible component of each point
	f         []float64 // F of each point
}

// symmetric is the matrix [xx xy; xy yy].
type symmetric struct{ xx, xy, yy float64 }

// gaussian is log π N(y; w, Σ) as a polynomial in d = y - w:
//
//	top - xx d1² - xy d1 d2 - yy d2²
type gaussian struct{ x, y, top, xx, xy, yy float64 }

// moments are Σ r, Σ r d and Σ r d dᵀ over points, where d = y - w.
type moments struct{ n, x, y, xx, xy, yy float64 }

func newGMM() *gmm {
	return &gmm{k: 32, covariance: covarianceShared, start: startPlusPlus, empty: emptyReseed, floor: 1e-4}
}

func (m *gmm) Knobs(k *ebm.Knobs) {
	k.Int(&m.k, "k", "K", 1, maxK,
		"The number of components. Few: each lies across several arms of the spiral. Many: a chain of small wells; a hundred have ten points each and fit their noise.", ebm.Restarts, ebm.Called("components"))
	k.Choice(&m.covariance, "covariance", `\Sigma_k`, []string{covarianceShared, covarianceSpherical, covarianceFull},
		"shared: circles of one size. spherical: circles of many sizes. full: ellipses along the arms, so fewer components are enough.")
	k.Float(&m.floor, "floor", `\sigma^2_{\min}`, 1e-5, 1e-1,
		"The least variance that a component may have. Large: the wells stay broad and blur the arms. Tiny: with variances of their own, spherical or full, components may shrink onto a point or two and form very deep, thin wells.", ebm.OnLog)
	k.Choice(&m.start, "start", `W_0`, starts, startHelp, ebm.Restarts)
	k.Choice(&m.empty, "empty", `n_k=0`, []string{emptyReseed, emptyKeep},
		"What happens to a component without responsibility for any point. reseed: it moves to the point with the highest energy. keep: it stays with weight 0, and has no effect any more.", ebm.Called("empty components"))
}

func (m *gmm) Init(data []r2.Vec, rng ebm.Rand) {
	m.data = data
	m.w, m.before = newPrototypes(m.k), newPrototypes(m.k)
	m.cov, m.pi = make([]symmetric, m.k), make([]float64, m.k)
	m.gaussians, m.shapes = make([]gaussian, m.k), make([]net.Shape, m.k)
	m.sums, m.part = make([]moments, m.k), make([]moments, m.k*blocks(len(data)))
	m.z, m.f = make([]int, len(data)), make([]float64, len(data))
	m.gather = m.gatherBlock
	m.reseeded, m.moved = 0, 0
	m.w.place(m.start, data, rng)
	m.notice = m.w.noticeFew(data, "components")
	near := 0.0 // start with circles as wide as the points of each prototype
	for _, y := range data {
		_, d2 := m.w.nearest(y)
		near += d2 / float64(2*len(data))
	}
	for k := range m.pi {
		m.pi[k] = 1 / float64(m.k)
		m.cov[k] = isotropic(max(near, m.floor))
	}
	m.form = m.covariance
	m.tabulate()
}

func isotropic(v float64) symmetric { return symmetric{v, 0, v} }

// Step is one iteration of EM over all training points.
func (m *gmm) Step(u *ebm.Update) {
	if len(m.data) == 0 {
		return
	}
	m.before.copyFrom(m.w)
	m.eStep(u.For)
	weight := 1 / float64(len(m.data))
	for i := 0; i < len(m.data); i += stride(len(m.data), ebm.MaxPushes) {
		u.Trace.Down(m.data[i], m.w.at(m.z[i]), weight)
	}
	m.mStep()
	m.reseed()
	m.tabulate()
	m.moved = m.w.trace(u.Trace, m.before)
}

// eStep is the E-step: it sums the points, weighted by the responsibilities, into sums.
func (m *gmm) eStep(parallel ebm.For) {
	n := blocks(len(m.data))
	parallel(n, m.gather)
	clear(m.sums)
	for b := range n {
		for k, p := range m.part[b*m.k : (b+1)*m.k] {
			s := &m.sums[k]
			s.n, s.x, s.y, s.xx, s.xy, s.yy = s.n+p.n, s.x+p.x, s.y+p.y, s.xx+p.xx, s.xy+p.xy, s.yy+p.yy
		}
	}
}

func (m *gmm) gatherBlock(b int) {
	var weights [maxK]float64
	part := m.part[b*m.k : (b+1)*m.k]
	clear(part)
	for i := b * block; i < min((b+1)*block, len(m.data)); i++ {
		y := m.data[i]
		sum, z, top := m.weigh(weights[:m.k], y)
		m.z[i], m.f[i] = z, -top-math.Log(sum)
		for k, v := range weights[:m.k] {
			if v > 0 {
				r, dx, dy, s := v/sum, y.X-m.w.x[k], y.Y-m.w.y[k], &part[k]
				s.n += r
				s.x += r * dx
				s.y += r * dy
				s.xx += r * dx * dx
				s.xy += r * dx * dy
				s.yy += r * dy * dy
			}
		}
	}
}

// mStep is the M-step. A component without responsibility for any point keeps its place and
// its covariance, with weight 0.
func (m *gmm) mStep() {
	n, spread := 0.0, 0.0
	for k, s := range m.sums {
		n += s.n
		if s.n == 0 {
			continue
		}
		dx, dy := s.x/s.n, s.y/s.n
		m.w.x[k] += dx
		m.w.y[k] += dy
		c := symmetric{s.xx/s.n - dx*dx, s.xy/s.n - dx*dy, s.yy/s.n - dy*dy}
		spread += s.n * (c.xx + c.yy)
		if m.covariance == covarianceFull {
			m.cov[k] = c.atLeast(m.floor)
		} else {
			m.cov[k] = isotropic(max((c.xx+c.yy)/2, m.floor))
		}
	}
	for k, s := range m.sums {
		m.pi[k] = s.n / n
		if m.covariance == covarianceShared {
			m.cov[k] = isotropic(max(spread/(2*n), m.floor))
		}
	}
	m.form = m.covariance
}

// atLeast raises the eigenvalues that are less than floor to it, and keeps the eigenvectors:
//
//	[xx xy; xy yy] = mean I + half [cos 2θ  sin 2θ; sin 2θ  -cos 2θ]
func (c symmetric) atLeast(floor float64) symmetric {
	mean, half := (c.xx+c.yy)/2, math.Hypot((c.xx-c.yy)/2, c.xy)
	if mean-half >= floor {
		return c
	}
	if mean+half <= floor || half == 0 {
		return isotropic(max(mean, floor))
	}
	cos, sin := (c.xx-c.yy)/(2*half), c.xy/half
	mean, half = (mean+half+floor)/2, (mean+half-floor)/2
	return symmetric{mean + half*cos, half * sin, mean - half*cos}
}

// reseed moves each component that has lost its weight onto the training point with the
// highest energy, with the mean width of the components and the weight of one point.
func (m *gmm) reseed() {
	if m.empty == emptyKeep || !slices.Contains(m.pi, 0) {
		return
	}
	spread, total := 0.0, 0.0
	for k, c := range m.cov {
		spread += m.pi[k] * (c.xx + c.yy) / 2
	}
	for k := range m.pi {
		if m.pi[k] == 0 {
			worst := 0
			for i, f := range m.f {
				if f > m.f[worst] {
					worst = i
				}
			}
			m.f[worst] = math.Inf(-1) // the next one gets another point
			m.w.set(k, m.data[worst])
			m.cov[k], m.pi[k] = isotropic(spread), 1/float64(len(m.data))
			m.reseeded++
		}
		total += m.pi[k]
	}
	for k := range m.pi {
		m.pi[k] /= total
	}
}

// joint is log π_k N(p; w_k, Σ_k), -∞ for a component without weight.
func (b *gaussian) joint(p r2.Vec) float64 {
	dx, dy := p.X-b.x, p.Y-b.y
	return b.top - b.xx*dx*dx - b.xy*dx*dy - b.yy*dy*dy
}

// weigh writes r_k(p) up to a common factor to weights[k], and returns their sum, the
// most responsible component and its log joint density, top. That component has weight
// 1, so nothing overflows and
//
//	F(p) = -top - log sum
func (m *gmm) weigh(weights []float64, p r2.Vec) (sum float64, z int, top float64) {
	gaussians := m.gaussians[:len(weights)]
	top = math.Inf(-1)
	for k := range gaussians {
		v := gaussians[k].joint(p)
		weights[k] = v
		if v > top {
			z, top = k, v
		}
	}
	for k, v := range weights {
		e := 0.0
		if a := top - v; a < cutoff {
			e = decay(a)
		}
		weights[k] = e
		sum += e
	}
	return sum, z, top
}

func (m *gmm) Energy(dst []float64, at []r2.Vec) {
	var weights [maxK]float64
	for i, p := range at {
		sum, _, top := m.weigh(weights[:m.k], p)
		dst[i] = -top - math.Log(sum)
	}
}

func (m *gmm) Grad(dst, at []r2.Vec) {
	var weights [maxK]float64
	for i, p := range at {
		sum, _, _ := m.weigh(weights[:m.k], p)
		var g r2.Vec
		for k, v := range weights[:m.k] {
			b := &m.gaussians[k]
			r, dx, dy := v/sum, p.X-b.x, p.Y-b.y
			g.X += r * (2*b.xx*dx + b.xy*dy)
			g.Y += r * (b.xy*dx + 2*b.yy*dy)
		}
		dst[i] = g
	}
}

// Reconstruct writes the mean of the means under the responsibilities, Σ_k r_k w_k.
func (m *gmm) Reconstruct(dst, at []r2.Vec) {
	var weights [maxK]float64
	for i, p := range at {
		sum, _, _ := m.weigh(weights[:m.k], p)
		var mean r2.Vec
		for k, v := range weights[:m.k] {
			mean = r2.Add(mean, r2.Scale(v/sum, m.w.at(k)))
		}
		dst[i] = mean
	}
}

// Latents lists -log π_k N(y; w_k, Σ_k). Components without weight are left out.
func (m *gmm) Latents(y r2.Vec) []ebm.LatentEnergy {
	all := make([]ebm.LatentEnergy, 0, m.k)
	for k := range m.gaussians {
		if m.pi[k] > 0 {
			all = append(all, ebm.LatentEnergy{Z: float64(k), E: -m.gaussians[k].joint(y), Y: m.w.at(k)})
		}
	}
	return all
}

// circle is the unit circle as a closed polyline.
var circle = func() (c [25]r2.Vec) {
	for i := range c {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(c)-1))
		c[i] = r2.Vec{X: cos, Y: sin}
	}
	return c
}()

// Marks are the means, and the outlines at two standard deviations: the circle under a
// root of the covariance, A Aᵀ = Σ.
func (m *gmm) Marks(dst []ebm.Mark) []ebm.Mark {
	dst = m.w.marks(dst)
	for k, c := range m.cov {
		if m.pi[k] == 0 {
			continue
		}
		a := math.Sqrt(c.xx)
		b, d := c.xy/a, math.Sqrt(max(0, c.yy-c.xy*c.xy/c.xx))
		for _, p := range circle {
			at := r2.Add(m.w.at(k), r2.Scale(2, r2.Vec{X: a * p.X, Y: b*p.X + d*p.Y}))
			dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, Group: k, At: at})
		}
	}
	return dst
}

func (m *gmm) Notice() string { return m.notice }

// Scalars gives the mean energy of the training points as it is now, which is minus their
// log likelihood; the least standard deviation of a component in any direction; how many
// empty components have been moved since the start; and how far the last step moved the
// mean that went farthest.
func (m *gmm) Scalars(dst []float64) {
	var weights [maxK]float64
	sum, n := 0.0, 0
	for i := 0; i < len(m.data); i += stride(len(m.data), lossPoints) {
		s, _, top := m.weigh(weights[:m.k], m.data[i])
		sum -= top + math.Log(s)
		n++
	}
	narrowest := math.Inf(1)
	for k, c := range m.cov {
		if m.pi[k] > 0 {
			narrowest = min(narrowest, (c.xx+c.yy)/2-math.Hypot((c.xx-c.yy)/2, c.xy))
		}
	}
	dst[0], dst[1], dst[2], dst[3] = sum/float64(n), math.Sqrt(narrowest), float64(m.reseeded), m.moved
}
