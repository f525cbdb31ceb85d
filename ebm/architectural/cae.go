package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "cae",
		Title:    "Contractive autoencoder",
		Family:   ebm.Architectural,
		Strategy: "A3",
		Summary: "A network has to reconstruct {down|each training point} with an output that hardly changes around it. " +
			"Nothing is pushed up: an output that hardly changes cannot be right away from the data, and so the energy rises there.",
		Formulas: []ebm.Formula{
			{Label: "Energy", TeX: `E(y)=\lVert y-r(y)\rVert^2`},
			{Label: "Loss", TeX: `L=\lVert \down{y}-r(\down{y})\rVert^2+\knob{lambda}\,\Bigl\lVert\frac{\partial r}{\partial y}(\down{y})\Bigr\rVert_F^2`},
			{Label: "What it learns", TeX: `r(y)-y\approx\knob{lambda}\,\frac{\partial\log p(y)}{\partial y}`},
			{Label: "In practice", TeX: `\lVert J\rVert_F^2=2\,\mathbb E_v\lVert Jv\rVert^2,\quad Jv\approx\frac{r(y+\varepsilon v)-r(y-\varepsilon v)}{2\varepsilon},\;\varepsilon=\knob{eps}`},
		},
		FailureMode: "Set the contraction and the harmonics to 0: nothing keeps the network from copying its input (jacobian near 2), and the whole disc of the spiral is within a thousandth of 0. The data still are a little lower, so the AUC hides it. " +
			"Set the contraction to 0.1: it acts as noise of σ = 0.32, and the arms of the spiral merge. Set it to 1: the output hardly changes, and a hollow in the middle is lower than the data. " +
			"With the defaults too the arrows turn around halfway between two arms, where the slope of log p is 0, and a spurious valley runs there.",
		Misconception: "Penalising the encoder's Jacobian ∂z/∂y, as Rifai et al. (2011) do, is said to prevent copying. It does not by itself: an encoder with a small Jacobian and a decoder with a large one copy just as well, unless they share their weights. " +
			"Here the penalty is on the Jacobian of the whole map, ∂r/∂y, because the energy depends on r only. This is the reconstruction contractive autoencoder of Alain and Bengio (2014): r(y) - y tends to λ times the slope of log p, so that λ plays the part of σ² of a denoising autoencoder.",
		Map: ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StageNear:  "The network reconstructs each point.",
			ebm.StageLimit: "It reconstructs a place on either side of each point too. The two outputs are {varies} apart on average: the penalty pulls them together.",
			ebm.StagePull:  "Move the reconstruction closer to the point" + fallsThere,
		},
		Source:  "G. Alain and Y. Bengio, “What regularized auto-encoders learn from the data-generating distribution”, 2014; with the penalty on the encoder S. Rifai et al., “Contractive auto-encoders”, 2011",
		Data:    "spiral",
		Steps:   1200,
		Scalars: []string{"loss", "reconstruction", "jacobian"},
		Script:  net.ResidualScript,
		New:     func() ebm.Model { return newCAE[float32]() },
		Exact:   func() ebm.Model { return newCAE[float64]() },
	})
}

// cae is the contractive autoencoder. One sees a tube along the data: the output changes along
// the data, where it must, but not across them, and there the energy grows.
//
//	L = mean ‖y - r(y)‖² + λ mean ‖J(y)‖²,   J = ∂r/∂y, ‖J‖² = Σ J_ij²
//
// With the best r, r(y) - y ≈ λ ∂log p/∂y: λ plays the part of σ² of the denoising autoencoder, and
// the energy is low wherever the slope of log p is 0, halfway between two arms too. The penalty
// also pulls r(y) towards the inside of every bend, so the valley lies a little off the data. The norm is estimated along one random unit vector v a
// point, for in the plane E_v ‖Jv‖² = ‖J‖²/2, and Jv by central differences with step ε;
// the gradient of the loss is that of the differences, not of their limit.
//
// G. Alain and Y. Bengio, "What regularized auto-encoders learn from the data-generating
// distribution", 2014; with the penalty on the encoder S. Rifai et al., "Contractive auto-encoders:
// explicit invariance during feature extraction", 2011.
type cae[T net.Float] struct {
	autoencoder[T]
	lambda, eps float64

	sides     []r2.Vec  // y + εv and y - εv, one after the other
	outputs   []r2.Vec  // r of each of sides
	codeScale []float64 // ‖Jv‖² of each point, by differences
	norms     [net.Block]float64
	contract  func(w *net.Workspace[T], grad []T, lo, hi int)

	loss, reconstruction, jacobian float64
}

func newCAE[T net.Float]() *cae[T] {
	c := &cae[T]{lambda: .01, eps: .1}
	c.Learner, c.Shape = learn.New[T](), learn.Shape{Width: 64, Layers: 2, Harmonics: 6, Activation: string(net.Tanh)}
	return c
}

func (c *cae[T]) Knobs(k *ebm.Knobs) {
	k.Float(&c.lambda, "lambda", `\lambda`, 1e-3, 1,
		"The penalty on changes of the output; it plays the part of σ² of a denoising autoencoder. 0: the network copies its input as well as it can, and energies are a hundred times lower. 0.01 is σ = 0.1: a clear spiral, and a spurious one between the arms. 0.1 is σ = 0.32: the arms merge. 1: the output hardly changes, and a hollow in the middle is lower than the data.",
		ebm.OnLog, ebm.OrZero, ebm.Called("contraction"))
	k.Float(&c.eps, "eps", `\varepsilon`, 1e-3, .5,
		"The distance to each side of a point at which the outputs are compared. Up to 0.1: the derivative at the data, and a wide tube. From 0.3 on the two points reach the next arm: it is no derivative any more, and the tube becomes a thin canyon.",
		ebm.OnLog, ebm.Called("reach"))
	c.Rate(k)
	c.Learner.Knobs(k)
	c.Shape.Knobs(k)
}

func (c *cae[T]) Init(data []r2.Vec, rng ebm.Rand) {
	c.begin(c.Spec(2, 2), data)
	c.Randomise(rng)
	c.InitAverage()
}

func (c *cae[T]) begin(s net.Spec, data []r2.Vec) {
	c.autoencoder.begin(s, data)
	c.contract = c.contractBlock
	c.loss, c.reconstruction, c.jacobian = math.NaN(), math.NaN(), math.NaN()
}

func (c *cae[T]) Step(u *ebm.Update) {
	if len(c.Data) == 0 {
		return
	}
	c.Draw(u.Rand)
	n := len(c.Y)
	c.sides, c.outputs, c.codeScale = learn.Resize(c.sides, 2*n), learn.Resize(c.outputs, 2*n), learn.Resize(c.codeScale, n)
	for i, y := range c.Y {
		sin, cos := math.Sincos(2 * math.Pi * u.Rand.Float64())
		v := r2.Vec{X: c.eps * cos, Y: c.eps * sin}
		c.sides[2*i], c.sides[2*i+1] = r2.Add(y, v), r2.Sub(y, v)
	}
	c.reconstruction = c.reconstruct(u)
	c.runner.Blocks(u.For, 2*n, c.contract, c.mlp, c.Gradient)

	penalty := 0.
	for i, s := range c.codeScale {
		penalty += 2 * s / float64(n)
		u.Trace.Visit(i, c.sides[2*i])
		u.Trace.Visit(i, c.outputs[2*i])
		u.Trace.Visit(i, c.outputs[2*i+1])
		u.Trace.Visit(i, c.sides[2*i+1])
	}
	c.loss = c.reconstruction + c.lambda*penalty
	c.measureJacobian()
	c.Descend(c.lambda, c.eps)
}

// contractBlock takes the pairs of points lo, …, hi-1 through the network and back: a
// block holds an even number of points, so the two sides of one are always together.
func (c *cae[T]) contractBlock(w *net.Workspace[T], grad []T, lo, hi int) {
	c.mlp.Forward(w, c.sides[lo:hi])
	slope := 4 * c.lambda / (2 * c.eps * float64(len(c.Y)))
	for i := 0; i < hi-lo; i += 2 {
		c.outputs[lo+i], c.outputs[lo+i+1] = w.Point(i), w.Point(i+1)
		jv := r2.Scale(1/(2*c.eps), r2.Sub(w.Point(i), w.Point(i+1)))
		c.codeScale[(lo+i)/2] = r2.Norm2(jv)
		w.SetOutputGrad(i, r2.Scale(slope, jv))
		w.SetOutputGrad(i+1, r2.Scale(-slope, jv))
	}
	c.mlp.Backward(w, grad, false)
}

// measureJacobian computes the true ‖J‖² at the first points of the batch.
func (c *cae[T]) measureJacobian() {
	w := c.shown.AcquireWorkspace()
	norms := c.norms[:min(len(c.Y), net.Block)]
	frobenius(norms, w, c.mlp, c.Y[:len(norms)])
	c.shown.ReleaseWorkspace(w)
	c.jacobian = stat.Mean(norms, nil)
}

// frobenius writes ‖J‖² = Σ_ij (∂out_i/∂y_j)² at at most net.Block points of the plane to
// dst, a pass back for each output.
func frobenius[T net.Float](dst []float64, w *net.Workspace[T], m *net.MLP[T], at []r2.Vec) {
	clear(dst)
	m.Forward(w, at)
	for o := range m.Spec().Out {
		clear(w.DOut)
		for i := range at {
			w.DOut[o*net.Block+i] = 1
		}
		m.Backward(w, nil, true)
		for i := range at {
			dst[i] += r2.Norm2(w.InputGrad(i))
		}
	}
}

// Scalars gives the loss, the part of it that is the energy of the batch, and the true ‖J‖²
// there: 2 for a network that copies its input, 1 for the projection onto a curve, and 0 for
// a constant output.
func (c *cae[T]) Scalars(dst []float64) {
	dst[0], dst[1], dst[2] = c.loss, c.reconstruction, c.jacobian
}
