package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

// layers is a network, or a gradient of one, as the reference writes it.
type layers []struct {
	W [][]float64
	B []float64
}

// spec returns the shape, without Fourier features.
func (l layers) spec(act net.Activation) net.Spec {
	s := net.Spec{In: len(l[0].W[0]), Out: len(l[len(l)-1].W), Act: act}
	for _, layer := range l[:len(l)-1] {
		s.Hidden = append(s.Hidden, len(layer.W))
	}
	return s
}

// flat returns the numbers in the order of net.MLP's Params.
func (l layers) flat() (all []float64) {
	for _, layer := range l {
		all = append(all, slices.Concat(layer.W...)...)
		all = append(all, layer.B...)
	}
	return all
}

// load gives a learner and its average the reference's parameters, and takes away what
// the reference does without: the limit of the gradient and Adam.
func load[T net.Float](l *learn.Learner[T], params []float64, lr float64, batch int) {
	for i, v := range params {
		l.Params[i], l.Shown[i] = T(v), T(v)
	}
	l.Optimiser, l.Limit, l.LR, l.Batch = string(net.SGD), 0, lr, batch
}

// slopes compares the gradient of a step with differences of its loss. step makes one
// from the given parameters and returns the learner after it and the loss.
func slopes(t *testing.T, params []float64, step func(params []float64) (*learn.Learner[float64], float64)) {
	t.Helper()
	l, _ := step(params)
	want := fd.Gradient(nil, func(p []float64) float64 {
		_, loss := step(p)
		return loss
	}, params, &fd.Settings{Formula: fd.Central, Step: 1e-6})
	scale := 0.
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i, got := range l.Gradient {
		if !(math.Abs(got-want[i]) <= 1e-6*scale) {
			t.Fatalf("gradient[%d] of %d is %v, differences give %v", i, len(want), got, want[i])
		}
	}
}

// refAutoencoder is the part of autoencoder.json that ae and cae answer for.
type refAutoencoder struct {
	ref.Tolerance
	Layers         layers
	Queries, Recon [][]float64
	GradY          [][]float64 `json:"grad_y"`
	Energy         []float64
	DAE            struct {
		Y  [][]float64
		LR float64
	}
	AE struct {
		Loss float64
		Grad layers
	}
	CAE struct {
		J      [][][]float64 `json:"J_recon"`
		Recon  []float64     `json:"frob2_recon"`
		Encode []float64     `json:"frob2_encoder"`
	}
	Iterate [][][]float64
}

func TestRefAE(t *testing.T) {
	t.Run("autoencoder", func(t *testing.T) {
		t.Run("float64", refAE[float64])
		t.Run("float32", refAE[float32])
	})
}

// refCode returns the number of the narrowest hidden layer.
func refCode(s net.Spec) int { return slices.Index(s.Hidden, slices.Min(s.Hidden)) }

func refAE[T net.Float](t *testing.T) {
	var c refAutoencoder
	ref.Load(t, "autoencoder", &c)
	near := ref.Checker[T](t, c.Tolerance)
	spec := c.Layers.spec(net.Tanh)

	a := newAE[T]()
	a.begin(spec, refCode(spec), ref.Vecs(c.DAE.Y))
	load(&a.Learner, c.Layers.flat(), c.DAE.LR, len(c.DAE.Y))
	a.split()

	at := ref.Vecs(c.Queries)
	points, energy := make([]r2.Vec, len(at)), make([]float64, len(at))
	a.Reconstruct(points, at)
	near.Points("r(y)", points, c.Recon)
	a.Energy(energy, at)
	near.List("E", energy, c.Energy)
	a.Grad(points, at)
	near.Points("∂E/∂y", points, c.GradY)
	y := slices.Clone(at)
	for i, want := range c.Iterate {
		if i > 0 {
			a.Reconstruct(y, y)
		}
		near.Points(fmt.Sprintf("y after %d times r", i), y, want)
	}

	// The two halves together do what the whole does.
	if spec.Hidden[refCode(spec)] == 1 {
		z := make([]float64, len(at))
		a.encoder.Energy(z, at)
		for i := range y {
			y[i] = r2.Vec{X: z[i]}
		}
		a.decoder.Map(points, y)
		near.Points("Dec(Enc(y))", points, c.Recon)
	}

	// A step of plain descent at that rate, for which the reference gives the gradient.
	before, want := c.Layers.flat(), c.AE.Grad.flat()
	a.Step(ebm.NewUpdate(&inOrder{}))
	near.One("loss", a.loss, c.AE.Loss)
	near.List("gradient", ref.Wide(a.Gradient), want)
	for i := range before {
		before[i] -= c.DAE.LR * want[i]
	}
	near.List("weights after a step", ref.Wide(a.mlp.Params()), before)
}

// TestAECurve: what the network makes of the data lies on the curve that is drawn.
func TestAECurve(t *testing.T) {
	data := scatter(60, 3)
	a := newAE[float64]()
	u := ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
	a.Init(data, u.Rand)
	for range 30 {
		a.Step(u)
	}
	marks, r := a.Marks(nil), make([]r2.Vec, len(data))
	a.Reconstruct(r, data)
	length := 0.
	for i := range marks[1:] {
		length += r2.Norm(r2.Sub(marks[i].At, marks[i+1].At))
	}
	if length == 0 {
		t.Fatal("the curve is a point")
	}
	for i, y := range data {
		least := math.Inf(1)
		for _, m := range marks {
			least = min(least, r2.Norm(r2.Sub(m.At, r[i])))
		}
		if least > length/100 {
			t.Errorf("r(%v) = %v is %.3g off the curve of length %.3g", y, r[i], least, length)
		}
	}
	a.code = 2
	a.Init(data, u.Rand)
	if m := a.Marks(nil); len(m) > 0 {
		t.Errorf("a code of two numbers has a curve of %d vertices", len(m))
	}
}
