package architectural

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

func TestRefCAE(t *testing.T) {
	t.Run("autoencoder", func(t *testing.T) {
		t.Run("float64", refCAE[float64])
		t.Run("float32", refCAE[float32])
	})
}

func refCAE[T net.Float](t *testing.T) {
	var c refAutoencoder
	ref.Load(t, "autoencoder", &c)
	near := ref.Checker[T](t, c.Tolerance)
	spec, y := c.Layers.spec(net.Tanh), ref.Vecs(c.DAE.Y)
	begin := func() *cae[T] {
		m := newCAE[T]()
		m.begin(spec, y)
		load(&m.Learner, c.Layers.flat(), 0, len(y))
		return m
	}

	m := begin()
	norms := make([]float64, min(len(y), net.Block))
	frobenius(norms, net.NewWorkspace[T](spec), m.mlp, y[:len(norms)])
	near.List("‖∂r/∂y‖²", norms, c.CAE.Recon[:len(norms)])
	m.Step(ebm.NewUpdate(&inOrder{}))
	near.One("reconstruction", m.reconstruction, c.AE.Loss)
	near.One("jacobian", m.jacobian, stat.Mean(c.CAE.Recon[:len(norms)], nil))

	// The encoder is the head of the network, behind which a layer changes nothing.
	a := newAE[T]()
	a.begin(spec, refCode(spec), y)
	load(&a.Learner, c.Layers.flat(), 0, len(y))
	a.split()
	frobenius(norms, net.NewWorkspace[T](a.encoder.Spec()), a.encoder, y[:len(norms)])
	near.List("‖∂h/∂y‖²", norms, c.CAE.Encode[:len(norms)])

	// Without the penalty it is the gradient of the plain autoencoder.
	m = begin()
	m.lambda = 0
	m.Step(ebm.NewUpdate(&inOrder{}))
	near.List("gradient", ref.Wide(m.Gradient), c.AE.Grad.flat())
	near.One("loss", m.loss, c.AE.Loss)
}

// TestCAEPenalty: what is added to the reconstruction is λ‖J‖², averaged over directions.
func TestCAEPenalty(t *testing.T) {
	m := newCAE[float64]()
	u := ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
	m.LR, m.eps, m.lambda, m.Batch, m.Width = 0, 1e-3, .5, 1024, 8
	m.Init([]r2.Vec{{X: .3, Y: -.4}}, u.Rand)
	mean := 0.
	const n = 20
	for range n {
		m.Step(u)
		mean += (m.loss - m.reconstruction) / n
	}
	if want := m.lambda * m.jacobian; !(math.Abs(mean/want-1) < .03) {
		t.Errorf("the penalty is %v, ‖J‖² times its price %v", mean, want)
	}
}

func TestCAEGradient(t *testing.T) {
	data := scatter(70, 1) // more than a block
	step := func(params []float64) (*learn.Learner[float64], float64) {
		m := newCAE[float64]()
		m.begin(net.Spec{In: 2, Harmonics: 1, Hidden: []int{4}, Out: 2, Act: net.Tanh}, data)
		m.lambda = .7
		if params == nil {
			m.Randomise(rand.New(rand.NewPCG(2, 2)))
			return &m.Learner, 0
		}
		load(&m.Learner, params, 0, len(data))
		m.Step(ebm.NewUpdate(rand.New(rand.NewPCG(3, 3))))
		return &m.Learner, m.loss
	}
	first, _ := step(nil)
	slopes(t, first.Params, step)
}
