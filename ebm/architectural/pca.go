package architectural

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "pca",
		Title:    "Principal component analysis",
		Family:   ebm.Architectural,
		Strategy: "A1",
		Summary: "Each {down|training point pulls} one straight line towards itself; the energy is zero along the line and grows with the squared distance from it, " +
			"and nothing is pushed up, because a line is all that can be low.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `F(y)=\min_z\lVert y-\mu-uz\rVert^2=\lVert x-u\,u^{\top}x\rVert^2,\quad x=y-\mu`},
			{Label: "Code", TeX: `z^*=u^{\top}(y-\mu),\quad\lVert u\rVert=1`},
			{Label: "Oja", TeX: `u\leftarrow\frac{u+g}{\lVert u+g\rVert},\quad g=\frac{\knob{lr}}{1+t/100}\cdot\tfrac{2}{\knob{batch}}\sum_{\down{y}}\down{x}\,(\down{x}^{\top}u)`},
			{Label: "Eigenvector", TeX: `\operatorname{Cov}(\down{y})\,u=\lambda_{\mathrm{max}}u`},
		},
		FailureMode: "Set components to 2: two directions span the plane, every point is reconstructed without error, and the energy is zero everywhere. " +
			"The loss is perfect and the model has learnt nothing.",
		Misconception: "A linear autoencoder is often said to find the principal components. It finds the subspace that they span; its own axes in it may be any. " +
			"With one component both are the same line.",
		Map: ebm.MapProject,
		Stages: ebm.Stages{
			ebm.StageNear: "Project each point onto the line.",
			ebm.StagePull: "Turn the line towards the points" + fallsThere,
		},
		Source:  "K. Pearson, “On lines and planes of closest fit to systems of points in space”, 1901; E. Oja, “A simplified neuron model as a principal component analyzer”, 1982",
		Data:    "spiral",
		Steps:   300,
		Scalars: []string{"loss", "explained", "turned"},
		Script:  pcaScript,
		New:     func() ebm.Model { return newPCA() },
	})
}

// How the line is found.
const (
	updateOja   = "oja"
	updateEigen = "eigen"
)

// ojaHalf is after how many steps Oja's rate has halved.
const ojaHalf = 100

// pca is principal component analysis: a line through the plane, and an energy that is
// the squared distance from it. One sees a straight canyon. It cannot fit curved data: one
// linear component is a line.
//
//	F(y) = (n·(y - μ))²     ∂F/∂y = 2 n (n·(y - μ)),   n ⊥ u,   ‖u‖ = 1
//
// The line that is best on average goes through the mean along the eigenvector of the
// covariance with the larger eigenvalue. It is found either so, or step by step: Oja's
// rule is gradient descent of the reconstruction error of a linear autoencoder whose
// decoder is its encoder transposed, for on the unit circle ‖x - u uᵀx‖² = ‖x‖² - (uᵀx)².
//
// K. Pearson, "On lines and planes of closest fit to systems of points in space", 1901;
// E. Oja, "A simplified neuron model as a principal component analyzer", 1982.
//
// State: mu [2]; u [2], the direction; to continue training progress [3] = drawn, steps, turned.
// The second component, if there are two, is at right angles to u.
type pca struct {
	components, batch int
	eta, lr           float64
	update            string

	data   []r2.Vec
	mu, u  r2.Vec
	drawn  int     // points that Oja's mean is made of
	steps  int     // steps of Oja's rule
	turned float64 // the angle by which the last step turned the line
}

func newPCA() *pca {
	return &pca{components: 1, batch: 64, eta: 0.05, lr: 0.3, update: updateOja}
}

func (m *pca) Knobs(k *ebm.Knobs) {
	k.Int(&m.components, "components", "d", 1, 2,
		"How many directions are kept. 1: a straight canyon. 2: nothing is left out and the energy collapses to zero everywhere.")
	k.Choice(&m.update, "update", `\text{update}`, []string{updateOja, updateEigen},
		"oja: the line turns a little with each batch, with noise, and converges. eigen: the line turns directly to the eigenvector of all the data.")
	k.Float(&m.lr, "lr", `\alpha`, 1e-2, 10,
		"How far each batch turns the line at first; the rate falls as 1/t. Small: slowly. Large: it jumps before it converges.", ebm.OnLog, ebm.Called("learning rate"), ebm.OnlyFor("update", updateOja))
	k.Int(&m.batch, "batch", "B", 1, 1024,
		"How many points a step averages. One: the line jitters. Many: it turns smoothly.", ebm.OnLog2, ebm.OnlyFor("update", updateOja))
	k.Float(&m.eta, "eta", `\eta`, 1e-2, 1,
		"How far the line turns towards the solution in a step. Small: slowly. 1: at once.", ebm.OnLog, ebm.Called("step size"), ebm.OnlyFor("update", updateEigen))
}

// Init chooses a line of random direction through a random point.
func (m *pca) Init(data []r2.Vec, rng ebm.Rand) {
	m.data, m.mu = data, r2.Vec{}
	if len(data) > 0 {
		m.mu = data[rng.IntN(len(data))]
	}
	sin, cos := math.Sincos(math.Pi * rng.Float64())
	m.u = r2.Vec{X: cos, Y: sin}
	m.drawn, m.steps, m.turned = 0, 0, 0
}

func (m *pca) Step(u *ebm.Update) {
	if len(m.data) == 0 {
		return
	}
	mu, before := m.mu, m.u
	if m.update == updateEigen {
		m.eigen(u.Trace)
	} else {
		m.oja(u)
	}
	m.turned = math.Abs(math.Remainder(math.Atan2(m.u.Y, m.u.X)-math.Atan2(before.Y, before.X), math.Pi))
	u.Trace.Visit(0, mu)
	u.Trace.Visit(0, m.mu)
	u.Trace.Visit(1, r2.Add(mu, before))
	u.Trace.Visit(1, r2.Add(m.mu, m.u))
}

// oja draws a batch: μ becomes the mean of all points drawn so far, and u goes up the
// gradient of the mean of (uᵀx)² and back to length 1. The rate falls so slowly that the
// line can turn any angle, and so fast that the noise of the batches averages out.
func (m *pca) oja(u *ebm.Update) {
	var mean, g r2.Vec
	weight := 1 / float64(m.batch)
	for range m.batch {
		y := m.data[u.Rand.IntN(len(m.data))]
		x := r2.Sub(y, m.mu)
		mean = r2.Add(mean, r2.Scale(weight, x))
		g = r2.Add(g, r2.Scale(weight*r2.Dot(x, m.u), x))
		u.Trace.Down(y, m.projection(y), weight)
	}
	m.drawn += m.batch
	m.mu = r2.Add(m.mu, r2.Scale(float64(m.batch)/float64(m.drawn), mean))
	rate := m.lr / (1 + float64(m.steps)/ojaHalf)
	m.u = r2.Unit(r2.Add(m.u, r2.Scale(2*rate, g)))
	m.steps++
}

// eigen turns the line towards the solution by the share eta of the angle. In the plane
// the eigenvector of the larger eigenvalue has a closed form, its angle:
//
//	θ = ½ atan2(2 Cov(y1, y2), Var(y1) - Var(y2))
func (m *pca) eigen(tr *ebm.Trace) {
	weight := 1 / float64(len(m.data))
	for i := 0; i < len(m.data); i += stride(len(m.data), ebm.MaxPushes) {
		tr.Down(m.data[i], m.projection(m.data[i]), weight)
	}
	mean, xx, xy, yy := covariance(m.data)
	m.mu = r2.Add(m.mu, r2.Scale(m.eta, r2.Sub(mean, m.mu)))
	if xx == yy && xy == 0 { // every direction is as good
		return
	}
	now := math.Atan2(m.u.Y, m.u.X)
	turn := math.Remainder(math.Atan2(2*xy, xx-yy)/2-now, math.Pi) // a line has no sign: turn by at most 90°
	sin, cos := math.Sincos(now + m.eta*turn)
	m.u = r2.Vec{X: cos, Y: sin}
}

// covariance returns the mean of the points, and their variances and covariance.
func covariance(at []r2.Vec) (mean r2.Vec, xx, xy, yy float64) {
	n := float64(len(at))
	for _, y := range at {
		mean = r2.Add(mean, r2.Scale(1/n, y))
	}
	for _, y := range at {
		x := r2.Sub(y, mean)
		xx += x.X * x.X / n
		xy += x.X * x.Y / n
		yy += x.Y * x.Y / n
	}
	return mean, xx, xy, yy
}

// projection is the point of the line nearest to y.
func (m *pca) projection(y r2.Vec) r2.Vec {
	if m.components > 1 {
		return y
	}
	return r2.Add(m.mu, r2.Scale(r2.Dot(m.u, r2.Sub(y, m.mu)), m.u))
}

// signedDistance is the signed distance of y from the line; it is 0 with two components.
func (m *pca) signedDistance(y r2.Vec) float64 {
	if m.components > 1 {
		return 0
	}
	return r2.Cross(m.u, r2.Sub(y, m.mu))
}

func (m *pca) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		d := m.signedDistance(y)
		dst[i] = d * d
	}
}

func (m *pca) Grad(dst, at []r2.Vec) {
	for i, y := range at {
		dst[i] = r2.Scale(2*m.signedDistance(y), r2.Vec{X: -m.u.Y, Y: m.u.X})
	}
}

func (m *pca) Reconstruct(dst, at []r2.Vec) {
	for i, y := range at {
		dst[i] = m.projection(y)
	}
}

// Marks are the mean and the line, or two lines, across the box.
func (m *pca) Marks(dst []ebm.Mark) []ebm.Mark {
	dst = append(dst, ebm.Mark{Kind: ebm.MarkPoint, At: m.mu})
	along := m.u
	for g := range m.components {
		for _, end := range [2]float64{-2 * ebm.L, 2 * ebm.L} {
			dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, Group: g, At: r2.Add(m.mu, r2.Scale(end, along))})
		}
		along = r2.Vec{X: -along.Y, Y: along.X}
	}
	return dst
}

// Scalars gives the mean energy of the training points as it is now; which part of their
// squared distance from μ the kept components explain; and by how many degrees the last
// step turned the line.
func (m *pca) Scalars(dst []float64) {
	left, total, n := 0.0, 0.0, 0
	for i := 0; i < len(m.data); i += stride(len(m.data), lossPoints) {
		d := m.signedDistance(m.data[i])
		left += d * d
		total += r2.Norm2(r2.Sub(m.data[i], m.mu))
		n++
	}
	dst[0], dst[1], dst[2] = left/float64(n), 1-left/total, m.turned*180/math.Pi
}

func (m *pca) State() ebm.State {
	return ebm.State{
		Params: map[string]ebm.Tensor{
			"mu": {Shape: []int{2}, Values: []float64{m.mu.X, m.mu.Y}},
			"u":  {Shape: []int{2}, Values: []float64{m.u.X, m.u.Y}},
		},
		Train: map[string]ebm.Tensor{
			"progress": {Shape: []int{3}, Values: []float64{float64(m.drawn), float64(m.steps), m.turned}},
		},
	}
}

func (m *pca) SetState(s ebm.State) error {
	mu, err := ebm.Fetch(s.Params, "mu", 2)
	if err != nil {
		return err
	}
	u, err := ebm.Fetch(s.Params, "u", 2)
	if err != nil {
		return err
	}
	if n := math.Hypot(u.Values[0], u.Values[1]); math.Abs(n-1) > 1e-6 {
		return fmt.Errorf("tensor %q has length %v where 1 is needed", "u", n)
	}
	progress := ebm.Tensor{Values: make([]float64, 3)}
	if len(s.Train) > 0 {
		if progress, err = ebm.Fetch(s.Train, "progress", 3); err != nil {
			return err
		}
	}
	m.mu, m.u = r2.Vec{X: mu.Values[0], Y: mu.Values[1]}, r2.Vec{X: u.Values[0], Y: u.Values[1]}
	m.drawn, m.steps, m.turned = int(progress.Values[0]), int(progress.Values[1]), progress.Values[2]
	return nil
}

// pcaScript is the energy in Python, see ebm.Card.
const pcaScript = `def energy(y):
    """The squared distance of y from the line through mu along u."""
    v = y - P["mu"]
    across = P["u"][0] * v[:, 1] - P["u"][1] * v[:, 0]
    return across ** 2 if K["components"] == 1 else 0 * across
`
