package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "softkmeans",
		Title:    "Soft K-means",
		Family:   ebm.Architectural,
		Strategy: "A1",
		Summary: "Each {down|training point pulls} all prototypes, the near ones most, so the wells merge along the data; " +
			"nothing is pushed up, and the temperature 1/β determines how far the wells blend.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y,z)=\lVert y-w_z\rVert^2`},
			{Label: "Free energy", TeX: `F_\beta(y)=-\tfrac{1}{\beta}\log\tfrac{1}{K}\sum_z e^{-\beta E(y,z)},\quad K=\knob{k},\ \beta=\knob{beta}`},
			{Label: "Responsibility", TeX: `r_k(y)=\frac{e^{-\beta E(y,k)}}{\sum_z e^{-\beta E(y,z)}}`},
			{Label: "Step", TeX: `w_k\leftarrow w_k+\knob{eta}\left(\frac{\sum_{\down{y}}r_k(\down{y})\,\down{y}}{\sum_{\down{y}}r_k(\down{y})}-w_k\right)`},
			{Label: "Prototypes separate at", TeX: `\beta_c=\frac{1}{2\,\lambda_{\mathrm{max}}(\operatorname{Cov}y)}`},
		},
		FailureMode: "Set beta to 0.5: all points pull a prototype nearly equally, so that all of them coincide at the mean of the data: one round well in the empty middle. " +
			"Raise it slowly past β_c, which is 1.1 on the spiral, and they separate again.",
		Misconception: "The free energy is often written with a sum over z. For a display it needs the mean: the sum is lower by log K / β, which has no limit as β goes to 0, while the mean tends to the average energy. " +
			"In the likelihood of a mixture the weights do the same: with equal weights 1/K the weighted sum is the mean.",
		Map: ebm.MapProject,
		Stages: ebm.Stages{
			ebm.StageNear: "Assign each point to all prototypes, most to the nearest.",
			ebm.StagePull: "All prototypes move, the near ones most" + fallsThere,
		},
		Source:  "K. Rose, E. Gurewitz and G. C. Fox, “Statistical mechanics and phase transitions in clustering”, 1990",
		Data:    "spiral",
		Range:   ebm.PlaneRange,
		Steps:   500,
		Scalars: []string{"loss", "distinct", "moved"},
		Script:  softkmeansScript,
		New:     func() ebm.Model { return softKMeans32{newSoftKMeans()} },
		Exact:   func() ebm.Model { return newSoftKMeans() },
	})
}

// jitter is the noise added to each prototype at every step. It is too small to be seen,
// but without it prototypes that coincide would never separate again when β rises.
const jitter = 1e-4

// apart is the distance above which two prototypes count as distinct.
const apart = 0.02

// softKMeans is K-means at the temperature 1/β: the free energy is a soft minimum over
// the prototypes, in its mean form, so that it tends to the mean of E as β → 0 and to
// K-means' minimum as β → ∞. One sees wells that merge into a canyon; below
// β_c they all merge into one at the mean of the data.
//
//	F_β(y) = -(1/β) log (1/K) Σ_z exp(-β ‖y - w_z‖²)
//	r_z(y) = exp(-β ‖y - w_z‖²) / Σ_z' exp(-β ‖y - w_z'‖²)
//	∂F_β/∂y = 2 (y - Σ_z r_z w_z)
//
// It learns by the M-step of expectation-maximisation on all points, w_k = Σ r_k y / Σ r_k,
// taken only in part so that it can be watched. The mean of F_β over the data never rises
// (but for the jitter).
//
// K. Rose, E. Gurewitz, G. Fox, "Statistical mechanics and phase transitions in
// clustering", 1990.
//
// State: W [2, K]; to continue training progress [1] = moved.
type softKMeans struct {
	k         int
	beta, eta float64
	start     string

	data   []r2.Vec
	notice string
	w      prototypes
	moved  float64 // the largest move of a prototype in the last step

	before  prototypes
	pull    []float64 // Σ r_k, Σ r_k y1, Σ r_k y2 over the data: three rows of K
	part    []float64 // the same for each block of points
	gather  func(b int)
	nearest []int // the most responsible prototype of each point
}

func newSoftKMeans() *softKMeans {
	return &softKMeans{k: 32, beta: 50, eta: 0.05, start: startPlusPlus}
}

func (m *softKMeans) Knobs(k *ebm.Knobs) {
	k.Float(&m.beta, "beta", `\beta`, 1e-2, 1e4,
		"Inverse temperature. Small: the prototypes coincide in one well at the mean of the data. Raised slowly: they separate, in two, then more. Large: separate round wells, as in K-means.", ebm.OnLog)
	k.Int(&m.k, "k", "K", 1, maxK,
		"The number of prototypes. Few: the canyon has gaps and arms are connected. Many: it follows the spiral; more change nothing, unless β is large enough to separate them.", ebm.Restarts, ebm.Called("prototypes"))
	k.Float(&m.eta, "eta", `\eta`, 1e-2, 1,
		"How far each prototype moves to the mean of its points in a step. Small: slowly. 1: the full step of expectation-maximisation.", ebm.OnLog, ebm.Called("step size"))
	k.Choice(&m.start, "start", `W_0`, starts, startHelp, ebm.Restarts)
}

func (m *softKMeans) Init(data []r2.Vec, rng ebm.Rand) {
	m.data = data
	m.w, m.before = newPrototypes(m.k), newPrototypes(m.k)
	m.pull, m.part = make([]float64, 3*m.k), make([]float64, 3*m.k*blocks(len(data)))
	m.nearest = make([]int, len(data))
	m.gather = m.gatherBlock
	m.moved = 0
	m.w.place(m.start, data, rng)
	m.notice = m.w.noticeFew(data, "prototypes")
}

func (m *softKMeans) Step(u *ebm.Update) {
	if len(m.data) == 0 {
		return
	}
	m.before.copyFrom(m.w)
	m.gatherAll(u.For)
	weight := 1 / float64(len(m.data))
	for i := 0; i < len(m.data); i += stride(len(m.data), ebm.MaxPushes) {
		u.Trace.Down(m.data[i], m.w.at(m.nearest[i]), weight)
	}
	r, x, y := m.pull[:m.k], m.pull[m.k:2*m.k], m.pull[2*m.k:]
	for k, total := range r {
		if total > 0 { // else it has no responsibility at this β: it stays
			m.w.x[k] += m.eta * (x[k]/total - m.w.x[k])
			m.w.y[k] += m.eta * (y[k]/total - m.w.y[k])
		}
		m.w.x[k] += jitter * u.Rand.NormFloat64()
		m.w.y[k] += jitter * u.Rand.NormFloat64()
	}
	m.moved = m.w.trace(u.Trace, m.before)
}

// gatherAll sums the responsibilities of all training points, and the points weighted by
// them, into pull.
func (m *softKMeans) gatherAll(parallel ebm.For) {
	n := blocks(len(m.data))
	parallel(n, m.gather)
	clear(m.pull)
	for b := range n {
		for j, v := range m.part[b*len(m.pull) : (b+1)*len(m.pull)] {
			m.pull[j] += v
		}
	}
}

func (m *softKMeans) gatherBlock(b int) {
	var weights [maxK]float64
	part := m.part[b*3*m.k : (b+1)*3*m.k]
	clear(part)
	for i := b * block; i < min((b+1)*block, len(m.data)); i++ {
		p := m.data[i]
		sum, z, _ := m.weigh(weights[:m.k], p)
		m.nearest[i] = z
		for k, v := range weights[:m.k] {
			if v > 0 {
				r := v / sum
				part[k] += r
				part[m.k+k] += r * p.X
				part[2*m.k+k] += r * p.Y
			}
		}
	}
}

// weigh writes exp(-β (‖p - w_k‖² - least)) to weights[k], which is r_k(p) up to the common
// factor 1/sum, and returns the sum, the nearest prototype and least, its squared
// distance. The nearest has weight 1, so nothing overflows and the sum is at least 1.
func (m *softKMeans) weigh(weights []float64, p r2.Vec) (sum float64, z int, least float64) {
	least = math.Inf(1)
	for k := range weights {
		d := m.w.squared(k, p)
		weights[k] = d
		if d < least {
			z, least = k, d
		}
	}
	for k, d := range weights {
		e := 0.0
		if a := m.beta * (d - least); a < cutoff {
			e = decay(a)
		}
		weights[k] = e
		sum += e
	}
	return sum, z, least
}

func (m *softKMeans) Energy(dst []float64, at []r2.Vec) {
	var squared [maxK]float64
	for i, p := range at {
		dst[i] = m.free(squared[:m.k], p)
	}
}

// softKMeans32 is softKMeans with a landscape in float32, for display.
type softKMeans32 struct{ *softKMeans }

func (m softKMeans32) Energy(dst []float64, at []r2.Vec) {
	net.SoftMin(dst, at, m.w.x, m.w.y, nil, m.beta)
}

// free is F_β(p) in its mean form; d is scratch memory for K numbers.
func (m *softKMeans) free(d []float64, p r2.Vec) float64 {
	x, y := m.w.x[:len(d)], m.w.y[:len(d)]
	least := math.Inf(1)
	for k := range d {
		dx, dy := p.X-x[k], p.Y-y[k]
		v := dx*dx + dy*dy
		d[k] = v
		if v < least {
			least = v
		}
	}
	sum := 0.0
	for _, v := range d {
		if a := m.beta * (v - least); a < cutoff {
			sum += decay(a)
		}
	}
	return least - math.Log(sum/float64(len(d)))/m.beta
}

func (m *softKMeans) Grad(dst, at []r2.Vec) {
	m.Reconstruct(dst, at)
	for i, y := range at {
		dst[i] = r2.Scale(2, r2.Sub(y, dst[i]))
	}
}

// Reconstruct writes the mean of the prototypes under the responsibilities, Σ_z r_z w_z.
func (m *softKMeans) Reconstruct(dst, at []r2.Vec) {
	var weights [maxK]float64
	for i, y := range at {
		sum, _, _ := m.weigh(weights[:m.k], y)
		var mean r2.Vec
		for k, v := range weights[:m.k] {
			mean = r2.Add(mean, r2.Scale(v/sum, m.w.at(k)))
		}
		dst[i] = mean
	}
}

func (m *softKMeans) Latents(y r2.Vec) []ebm.LatentEnergy { return m.w.latents(y) }

func (m *softKMeans) Marks(dst []ebm.Mark) []ebm.Mark { return m.w.marks(dst) }

// Scalars gives the mean free energy of the training points as it is now, how many
// prototypes are distinct (watch it while β passes β_c), and how far the last step
// moved the one that went farthest.
func (m *softKMeans) Scalars(dst []float64) {
	var squared [maxK]float64
	sum, n := 0.0, 0
	for i := 0; i < len(m.data); i += stride(len(m.data), lossPoints) {
		sum += m.free(squared[:m.k], m.data[i])
		n++
	}
	dst[0], dst[1], dst[2] = sum/float64(n), float64(m.w.distinct()), m.moved
}

// distinct counts the prototypes that are not close to an earlier one.
func (w prototypes) distinct() int {
	n := 0
	for k := range w.x {
		near := false
		for j := range k {
			near = near || w.squared(j, w.at(k)) < apart*apart
		}
		if !near {
			n++
		}
	}
	return n
}

func (m *softKMeans) Notice() string { return m.notice }

func (m *softKMeans) State() ebm.State { return m.w.state(m.moved) }

func (m *softKMeans) SetState(s ebm.State) error {
	moved, err := m.w.restore(s)
	if err != nil {
		return err
	}
	m.moved = moved
	return nil
}

// softkmeansScript is the energy in Python, see ebm.Card.
const softkmeansScript = `def energy(y):
    """The free energy -1/β log mean_k exp(-β |y - w_k|²)."""
    d = squared(y, P["W"].T)
    return -logsum(-K["beta"] * d) / K["beta"] + np.log(d.shape[1]) / K["beta"]
`
