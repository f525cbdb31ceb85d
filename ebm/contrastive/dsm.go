package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "dsm",
		Title:    "Denoising score matching",
		Family:   ebm.Architectural,
		Strategy: "A4",
		Summary: "Training points are corrupted with noise, and at the corrupted points the slope of the energy learns to lead back: " +
			"{down|pushed down on the side they came from} and {up|pushed up on the other}.",
		Formulas: []ebm.Formula{
			{Label: "Noise", TeX: `\tilde y=y+n,\quad n\sim\mathcal N(0,\sigma^2I),\;\sigma=\knob{sigma}`},
			{Label: "Loss", TeX: `L=\sigma^2\,\lVert r\rVert^2,\quad r=\frac{\partial E}{\partial y}(\tilde y)-\frac{n}{\sigma^2}`},
			{Label: "Pushes", TeX: `\frac{\partial L}{\partial w}=2\sigma^2\lVert r\rVert\,\frac{\partial}{\partial w}\frac{\down{E(\tilde y+\varepsilon\hat r)}-\up{E(\tilde y-\varepsilon\hat r)}}{2\varepsilon},\quad\hat r=\frac{r}{\lVert r\rVert},\;\varepsilon\to0`},
			{Label: "What it learns", TeX: `E(y)=-\log p_\sigma(y)+\text{const},\quad p_\sigma=p*\mathcal N(0,\sigma^2I)`},
			{Label: "Denoised", TeX: `\langle y\mid\tilde y\rangle=\tilde y-\sigma^2\,\frac{\partial E}{\partial y}(\tilde y)`},
		},
		FailureMode: "Raise the noise: it makes the canyon wider than the data, at 0.2 only faint ridges are left between the arms of the spiral, and at 0.3 they are one basin. " +
			"Lower it to 0.02: each step fits the slope close to a few points only, and although the canyon is thin its floor is uneven: one part of the arm lies far below another.",
		Misconception: "The landscape is often taken for that of the data. It is that of the data blurred by sigma, and no temperature corrects this: " +
			"the number width shows how wide the canyon is, and it stays above sigma however long one trains. " +
			"The denoising autoencoder learns the same arrows, but its energy is their squared length; here they are the slope of the energy.",
		Map: ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StagePerturb: "Corrupt each point with noise.",
			ebm.StageDenoise: "The slope predicts where each point came from: follow the orange arrow. It should end in the ring.",
			ebm.StageUp:      "{up|Push up} on the side away from the ring.",
			ebm.StageDown:    "{down|Push down} on the side of the ring, so that the slope leads towards it.",
		},
		Source:       "P. Vincent, “A connection between score matching and denoising autoencoders”, 2011",
		Data:         "spiral",
		Steps:        1600,
		Scalars:      []string{"loss", "removed", "width"},
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newDSM[float32]() },
		Exact:        func() ebm.Model { return newDSM[float64]() },
	})
}

// dsm is denoising score matching: the direction from a noisy point to its datum is, on
// average, the gradient of the log density of noisy points. One sees the energy tilt at every
// corrupted point, and a canyon form.
//
//	L = mean σ² ‖∂E/∂y(y + n) - n/σ²‖²,  n ~ N(0, σ²I)
//
// The gradient of a slope along r is that of a difference of two energies, ε apart, so
// every noisy point has one push down and one up, so near each other that they look like
// one place: together they change the slope, not the height.
//
// The density is that of the noisy points, not of the data. There is no spurious valley
// between two arms, as the denoising autoencoder has: its energy is the length of the arrows,
// here they are a gradient.
//
// P. Vincent, "A connection between score matching and denoising autoencoders", 2011;
// the mean of the data behind a noisy point is after K. Miyasawa, "An empirical Bayes
// estimator of the mean of a normal population", 1961.
//
// State: that of network.
type dsm[T net.Float] struct {
	energyNet[T]
	sigma float64

	noise  []r2.Vec // n
	noisy  []r2.Vec // ỹ
	slope  []r2.Vec // ∂E/∂y there
	pair   []r2.Vec // ỹ + εr̂ and ỹ - εr̂ of the first point, of the second, …
	weight []float64

	loss, removed, width float64
}

func newDSM[T net.Float]() *dsm[T] {
	return &dsm[T]{energyNet: newEnergyNet[T](0), sigma: .07}
}

func (m *dsm[T]) Knobs(k *ebm.Knobs) {
	k.Float(&m.sigma, "sigma", `\sigma`, .02, .5,
		"The standard deviation of the noise, which also blurs the density. Small: a thin canyon with an uneven floor. Large: a wide canyon, and finally one basin for all arms.", ebm.OnLog, ebm.Called("noise"))
	m.Rate(k)
	m.knobs(k)
}

func (m *dsm[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.spec(1), data)
	m.randomise(rng)
}

func (m *dsm[T]) begin(s net.Spec, data []r2.Vec) {
	m.energyNet.begin(s, data)
	m.loss, m.removed, m.width = math.NaN(), math.NaN(), math.NaN()
}

func (m *dsm[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	n := len(m.Y)
	m.noise, m.noisy, m.slope = learn.Resize(m.noise, n), learn.Resize(m.noisy, n), learn.Resize(m.slope, n)
	m.pair, m.weight = learn.Resize(m.pair, 2*n), learn.Resize(m.weight, 2*n)
	sampler.Normal(m.noise, u.Rand)
	for i, y := range m.Y {
		m.noise[i] = r2.Scale(m.sigma, m.noise[i])
		m.noisy[i] = r2.Add(y, m.noise[i])
	}
	m.runner.EnergyGrad(u.For, m.mlp, nil, m.slope, m.noisy)
	m.setPushes()
	m.runner.AccumulateFixed(u.For, m.mlp, m.Gradient, m.pair, m.weight)
	m.record(u.Trace)
	m.Descend(m.sigma)
}

// setPushes computes the loss, and the two pushes at each noisy point. Their distance is the one
// at which the errors of a central difference and of rounding balance, where the slope bends
// over a quarter of a unit.
func (m *dsm[T]) setPushes() {
	variance, share := m.sigma*m.sigma, 1/float64(len(m.Y))
	distance := .4 * math.Cbrt(epsilon[T]())
	noiseSquares, slopeSquares := 0., 0.
	m.loss = 0
	for i, g := range m.slope {
		r := r2.Sub(g, r2.Scale(1/variance, m.noise[i]))
		length := r2.Norm(r)
		step := r2.Vec{}
		if length > 0 {
			step = r2.Scale(distance/length, r)
		}
		m.pair[2*i], m.pair[2*i+1] = r2.Add(m.noisy[i], step), r2.Sub(m.noisy[i], step)
		m.weight[2*i] = variance * length / distance * share
		m.weight[2*i+1] = -m.weight[2*i]
		m.loss += variance * length * length * share
		noiseSquares += r2.Norm2(m.noise[i]) * share
		slopeSquares += r2.Norm2(g) * share
	}
	m.removed = 1 - m.loss*variance/noiseSquares
	m.width = 1 / math.Sqrt(slopeSquares)
}

// record adds to the trace the pushes, and the path of each point to its corrupted place and on
// to the denoised one.
func (m *dsm[T]) record(t *ebm.Trace) {
	total := 0.
	for i := range m.Y {
		total += m.weight[2*i]
	}
	for i, y := range m.Y {
		if w := m.weight[2*i] / total; w > 0 {
			t.Down(m.pair[2*i], m.noisy[i], w)
			t.Up(m.pair[2*i+1], y, w)
		}
		t.Visit(i, m.noisy[i])
		t.Visit(i, r2.Sub(m.noisy[i], r2.Scale(m.sigma*m.sigma, m.slope[i])))
	}
}

// Reconstruct writes the mean of the data given a noisy point, for noise of σ.
func (m *dsm[T]) Reconstruct(dst, at []r2.Vec) {
	m.Grad(dst, at)
	for i, y := range at {
		dst[i] = r2.Sub(y, r2.Scale(m.sigma*m.sigma, dst[i]))
	}
}

// Scalars gives the loss; the part of the noise that a step along the slope removes; and the
// width of the canyon: the mean square slope of -log p across a Gaussian ridge is
// one over its variance, which comes to σ² and the data's own.
func (m *dsm[T]) Scalars(dst []float64) { dst[0], dst[1], dst[2] = m.loss, m.removed, m.width }
