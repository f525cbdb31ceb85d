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
			{Label: "In practice", TeX: `\lVert J\rVert_F^2=2\,\mathbb E_v\lVert Jv\rVert^2,\quad Jv\approx\frac{r(y+\varepsilon v)-r(y-\varepsilon v)}{2\varepsilon},\;\varepsilon=\knob{eps}`},
		},
		FailureMode: "Set the contraction to 0: nothing keeps the network from copying its input. The energy of the data falls a thousandfold, spurious canyons join the arms, " +
			"and with harmonics at 0 the whole disc of the spiral is low. Set it to 1: the output is nearly constant, and the landscape is one bowl.",
		Misconception: "Penalising the encoder's Jacobian ∂z/∂y, as in the literature, is said to prevent copying. It does not: an encoder with a small Jacobian and a decoder with a large one copy just as well. " +
			"Here the penalty is on the Jacobian of the whole map, ∂r/∂y, because the energy depends on r only.",
		Map: ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StageNear: "The network reconstructs each point.",
			ebm.StagePull: "Move the reconstruction closer to the point" + fallsThere,
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
// The penalty also pulls r(y) towards the inside of every bend, so the valley lies a little
// off the data. The norm is estimated along one random unit vector v a
// point, for in the plane E_v ‖Jv‖² = ‖J‖²/2, and Jv by central differences with step ε;
// the gradient of the loss is that of the differences, not of their limit.
//
// S. Rifai et al., "Contractive auto-encoders: explicit invariance during feature
// extraction", 2011.
type cae[T net.Float] struct {
	autoencoder[T]
	lambda, eps float64

	sides     []r2.Vec  // y + εv and y - εv, one after the other
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
		"The penalty on changes of the output. 0: the network copies, and canyons run everywhere. 0.01: a clear spiral, with a faint spurious one between the arms. Large: the output is nearly constant, and the landscape is one bowl.",
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
	c.sides, c.codeScale = learn.Resize(c.sides, 2*n), learn.Resize(c.codeScale, n)
	for i, y := range c.Y {
		sin, cos := math.Sincos(2 * math.Pi * u.Rand.Float64())
		v := r2.Vec{X: c.eps * cos, Y: c.eps * sin}
		c.sides[2*i], c.sides[2*i+1] = r2.Add(y, v), r2.Sub(y, v)
	}
	c.reconstruction = c.reconstruct(u)
	c.runner.Blocks(u.For, 2*n, c.contract, c.mlp, c.Gradient)

	penalty := 0.
	for _, s := range c.codeScale {
		penalty += 2 * s / float64(n)
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
