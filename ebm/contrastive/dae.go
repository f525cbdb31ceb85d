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
		ID:       "dae",
		Title:    "Denoising autoencoder",
		Family:   ebm.Contrastive,
		Strategy: "C3",
		Summary: "Training points are corrupted with noise and a network learns to denoise them: the energy is the squared distance by which the network moves a point, " +
			"{down|nearly zero at the data} and {up|large at the corrupted points}.",
		Formulas: []ebm.Formula{
			{Label: "Noise", TeX: `\up{\tilde y}=\down{y}+n,\quad n\sim\mathcal N(0,\sigma^2I),\;\sigma=\knob{sigma}`},
			{Label: "Loss", TeX: `L=\lVert \down{y}-r(\up{\tilde y})\rVert^2`},
			{Label: "Energy", TeX: `E(y)=\lVert y-r(y)\rVert^2`},
			{Label: "What it learns", TeX: `r(y)-y\approx\sigma^2\,\frac{\partial\log p_\sigma(y)}{\partial y},\quad p_\sigma=p*\mathcal N(0,\sigma^2I)`},
		},
		FailureMode: "Look halfway between two arms: the arrows turn from one arm to the other there and have length 0 in between, so a spurious valley as low as the data runs along the midline, although the noise does put points there. " +
			"Set the noise to 0.3: corrupted points of different arms mix, many are led to where there are no data, and the spiral is lost.",
		Misconception: "The energy is said to grow quadratically with the distance d from the data. It does so near them only: E/d² falls from 1 at d = 0.1 to a half at 0.3. At best E is σ⁴ times the squared slope of log p, where p was blurred by the noise: it is 0 again wherever that slope is 0, at ridges between two arms and at saddles. " +
			"The arrows r(y) - y of a trained network need not be the gradient of anything.",
		Map: ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StagePerturb: "Corrupt each point with noise.",
			ebm.StageDenoise: "The network denoises each point: follow the orange arrow. It should end in the ring.",
			ebm.StageUp:      "{up|Push up} at the corrupted points: the reconstruction is far from them.",
			ebm.StageDown:    "{down|Push down} at the data: the reconstruction is the point itself.",
		},
		Source:  "P. Vincent et al., “Extracting and composing robust features with denoising autoencoders”, 2008",
		Data:    "spiral",
		Steps:   3000,
		Lecture: 2,
		Scalars: []string{"loss", "removed"},
		Script:  net.ResidualScript,
		New:     func() ebm.Model { return newDAE[float32]() },
		Exact:   func() ebm.Model { return newDAE[float64]() },
	})
}

// dae is the denoising autoencoder. One sees a field of arrows that point back to the data,
// and the energy is their squared length.
//
//	L = mean |y - r(y + n)|²,  n ~ N(0, σ²I)
//	E(y) = |y - r(y)|²     ∂E/∂y = 2 (I - J)ᵀ(y - r(y)),  J = ∂r/∂y
//
// At best r(y) - y = σ² ∂log p_σ/∂y, with p_σ the density of the data blurred by the noise, and so
// E = σ⁴ ‖∂log p_σ/∂y‖². It is 0 at every critical point of p_σ: halfway between two arms of the data
// there is a spurious valley along the midline, within the reach of the noise. Unlike at a true valley, the arrows
// point away from it.
//
// P. Vincent et al., "Extracting and composing robust features with denoising
// autoencoders", 2008; G. Alain and Y. Bengio, "What regularized auto-encoders learn from
// the data-generating distribution", 2014.
//
// State: that of network, with two outputs.
type dae[T net.Float] struct {
	network[T]
	sigma float64

	noisy, denoised []r2.Vec // ỹ and r(ỹ)
	denoise         func(w *net.Workspace[T], grad []T, lo, hi int)

	loss, removed float64
}

func newDAE[T net.Float]() *dae[T] {
	d := &dae[T]{network: newNetwork[T](), sigma: .15}
	d.Harmonics, d.Activation = 6, string(net.Tanh)
	return d
}

func (d *dae[T]) Knobs(k *ebm.Knobs) {
	k.Float(&d.sigma, "sigma", `\sigma`, .02, .5,
		"The standard deviation of the noise. Small: only the neighbourhood of the data is learnt, and there are spurious valleys all over the ground between the arms. Large: neighbouring arms merge, and the arrows point to the mean of all arms.", ebm.OnLog, ebm.Called("noise"))
	d.Rate(k)
	d.knobs(k)
}

func (d *dae[T]) Init(data []r2.Vec, rng ebm.Rand) {
	d.begin(d.spec(2), data)
	d.randomise(rng)
}

func (d *dae[T]) begin(s net.Spec, data []r2.Vec) {
	d.network.begin(s, data)
	d.denoise = d.denoiseBlock
	d.loss, d.removed = math.NaN(), math.NaN()
}

func (d *dae[T]) Step(u *ebm.Update) {
	if len(d.Data) == 0 {
		return
	}
	d.Draw(u.Rand)
	n := len(d.Y)
	d.noisy, d.denoised = learn.Resize(d.noisy, n), learn.Resize(d.denoised, n)
	sampler.Normal(d.noisy, u.Rand)
	for i, y := range d.Y {
		d.noisy[i] = r2.Add(y, r2.Scale(d.sigma, d.noisy[i]))
	}
	d.runner.Blocks(u.For, n, d.denoise, d.mlp, d.Gradient)

	share := 1 / float64(n)
	loss, noise := 0., 0.
	for i, y := range d.Y {
		loss += share * r2.Norm2(r2.Sub(y, d.denoised[i]))
		noise += share * r2.Norm2(r2.Sub(y, d.noisy[i]))
		u.Trace.Down(y, y, share)
		u.Trace.Up(d.noisy[i], y, share)
		u.Trace.Visit(i, d.noisy[i])
		u.Trace.Visit(i, d.denoised[i])
	}
	d.loss, d.removed = loss, 1-loss/noise
	d.Descend(d.sigma)
}

// denoiseBlock takes the noisy points lo, …, hi-1 through the network and back.
func (d *dae[T]) denoiseBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	d.mlp.Forward(w, d.noisy[lo:hi])
	slope := 2 / float64(len(d.Y))
	for i, y := range d.Y[lo:hi] {
		r := w.Point(i)
		d.denoised[lo+i] = r
		w.SetOutputGrad(i, r2.Scale(slope, r2.Sub(r, y)))
	}
	d.mlp.Backward(w, grad, false)
}

// Energy writes ‖y - r(y)‖².
func (d *dae[T]) Energy(dst []float64, at []r2.Vec) { d.shown.Residual(dst, at) }

// Grad writes 2 (I - J)ᵀ(y - r(y)).
func (d *dae[T]) Grad(dst, at []r2.Vec) { d.shown.ResidualGrad(dst, at) }

// Reconstruct writes r(y).
func (d *dae[T]) Reconstruct(dst, at []r2.Vec) { d.shown.Map(dst, at) }

func (d *dae[T]) Scalars(dst []float64) { dst[0], dst[1] = d.loss, d.removed }
