package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

func TestRefVAE(t *testing.T) {
	t.Run("vae", func(t *testing.T) {
		t.Run("float64", refVAE[float64])
		t.Run("float32", refVAE[float32])
	})
}

// scriptedRand is an ebm.Rand with fixed numbers: the batch is the data in order, and normal
// numbers come from a list.
type scriptedRand struct {
	inOrder
	normal []float64
}

func (e *scriptedRand) NormFloat64() float64 {
	v := e.normal[0]
	e.normal = e.normal[1:]
	return v
}

func refVAE[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Enc, Dec        layers
		Y, Eps          [][]float64
		Sigma           float64
		KL              float64 `json:"kl_weight"`
		Mean, LogVar, Z [][]float64
		Recon           []float64 `json:"recon_term"`
		Each            []float64 `json:"kl"`
		Loss            float64
		GradEnc         layers `json:"grad_enc"`
		GradDec         layers `json:"grad_dec"`
	}
	ref.Load(t, "vae", &c)
	near := ref.Checker[T](t, c.Tolerance)

	v := newVAE[T]()
	v.sigma, v.kl = c.Sigma, c.KL
	v.begin(c.Enc.spec(net.SiLU), c.Dec.spec(net.SiLU), ref.Vecs(c.Y))
	load(&v.Learner, append(c.Enc.flat(), c.Dec.flat()...), 0, len(c.Y))
	v.age = warmUp
	noise := &scriptedRand{}
	for _, e := range c.Eps {
		noise.normal = append(noise.normal, e...)
	}
	v.Step(ebm.NewUpdate(noise))

	for i, g := range v.posteriors {
		d := len(c.Eps[i])
		near.List("m", g.m[:d], c.Mean[i])
		near.List("log s²", g.logVar[:d], c.LogVar[i])
		near.List("z", g.z[:d], c.Z[i])
	}
	near.One("reconstruction", v.reconstruction, stat.Mean(c.Recon, nil))
	near.One("KL", v.divergence, stat.Mean(c.Each, nil))
	near.One("loss", v.loss, c.Loss)
	grad := ref.Wide(v.Gradient)
	for i := range grad {
		grad[i] /= lossShare
	}
	near.List("gradient", grad, append(c.GradEnc.flat(), c.GradDec.flat()...))
}

// TestVAEGradient: with waves, codes of one and of two numbers, half warmed up.
func TestVAEGradient(t *testing.T) {
	points := scatter(70, 1) // more than a block
	for d := 1; d <= 2; d++ {
		step := func(params []float64) (*learn.Learner[float64], float64) {
			v := newVAE[float64]()
			v.sigma, v.kl = .3, 2
			enc := net.Spec{In: 2, Harmonics: 1, Hidden: []int{4}, Out: 2 * d, Act: net.Tanh}
			dec := net.Spec{In: d, Harmonics: 1, Hidden: []int{4}, Out: 2, Act: net.Tanh}
			v.begin(enc, dec, points)
			v.age = warmUp / 2
			if params == nil {
				v.Randomise(rand.New(rand.NewPCG(2, 2)))
				return &v.Learner, 0
			}
			load(&v.Learner, params, 0, len(points))
			v.Step(ebm.NewUpdate(rand.New(rand.NewPCG(3, 3))))
			return &v.Learner, lossShare * v.loss
		}
		first, _ := step(nil)
		slopes(t, first.Params, step)
	}
}

// vaeAt returns a model after a few steps on scattered points.
func vaeAt[T net.Float](code int, sigma float64) *vae[T] {
	v := newVAE[T]()
	v.code, v.sigma, v.Width = code, sigma, 8
	u := ebm.NewUpdate(rand.New(rand.NewPCG(4, 4)))
	v.Init(scatter(200, 5), u.Rand)
	for range 150 {
		v.Step(u)
	}
	return v
}

// TestVAEEnergy compares the energy by squares with the plain sum over all codes, inside
// the box, at its edges and outside.
func TestVAEEnergy(t *testing.T) {
	t.Run("float64", func(t *testing.T) { vaeEnergy[float64](t, 1e-9) })
	t.Run("float32", func(t *testing.T) { vaeEnergy[float32](t, 1e-6) })
}

func vaeEnergy[T net.Float](t *testing.T, tol float64) {
	at := append(append(scatter(300, 6), grid(16)...),
		r2.Vec{X: ebm.L, Y: ebm.L}, r2.Vec{X: -ebm.L, Y: ebm.L}, r2.Vec{}, r2.Vec{X: 1.6}, r2.Vec{X: -40, Y: 3}, r2.Vec{X: 1.5001, Y: -1.5001})
	got := make([]float64, len(at))
	for _, code := range []int{1, 2} {
		v := vaeAt[T](code, .07)
		for _, sigma := range []float64{.02, .07, .2, .5} {
			v.sigma = sigma
			v.Energy(got, at)
			terms := make([]float64, len(v.lattice.g))
			worst := 0.
			for i, y := range at {
				if _, want := v.lattice.weigh(terms, y, sigma); !(math.Abs(got[i]-want) <= tol*(1+math.Abs(want))) {
					t.Errorf("code %d, σ = %v: F(%v) = %v, want %v", code, sigma, y, got[i], want)
				} else {
					worst = max(worst, math.Abs(got[i]-want)/(1+math.Abs(want)))
				}
			}
			t.Logf("code %d, σ = %v: worst error %.2g", code, sigma, worst)
		}
	}
}

// TestVAEDensity: e^-F is a density. Its integral over the plane is that of the prior over
// the lattice's square.
func TestVAEDensity(t *testing.T) {
	for _, code := range []int{1, 2} {
		v := vaeAt[float64](code, .2)
		const n, half = 120, 4.
		var at []r2.Vec
		for i := range n * n {
			at = append(at, r2.Vec{X: half * (2*float64(i%n) + 1 - n) / n, Y: half * (2*float64(i/n) + 1 - n) / n})
		}
		e, mass := make([]float64, len(at)), 0.
		v.Energy(e, at)
		for _, f := range e {
			mass += math.Exp(-f) * 4 * half * half / (n * n)
		}
		if want := math.Pow(math.Erf(codeRange/math.Sqrt2), float64(code)); !(math.Abs(mass-want) < 1e-4) {
			t.Errorf("code of %d: the mass is %v, want %v", code, mass, want)
		}
	}
}

func TestVAEGrad(t *testing.T) {
	v := vaeAt[float64](2, .1)
	at := scatter(40, 7)
	got, e := make([]r2.Vec, len(at)), make([]float64, 1)
	v.Grad(got, at)
	for i, y := range at {
		want := fd.Gradient(nil, func(x []float64) float64 {
			v.Energy(e, []r2.Vec{{X: x[0], Y: x[1]}})
			return e[0]
		}, []float64{y.X, y.Y}, &fd.Settings{Formula: fd.Central})
		if d := math.Hypot(got[i].X-want[0], got[i].Y-want[1]); !(d < 1e-6*(1+r2.Norm(got[i]))) {
			t.Errorf("∂F/∂y at %v is %v, differences give %v", y, got[i], want)
		}
	}
}

// TestVAELatents: over all z, e^-E(y, z) adds up to e^-F(y).
func TestVAELatents(t *testing.T) {
	v := vaeAt[float64](1, .1)
	for _, y := range scatter(20, 8) {
		f, sum := make([]float64, 1), 0.
		v.Energy(f, []r2.Vec{y})
		all := v.Latents(y)
		for _, l := range all {
			sum += math.Exp(-l.E) * (all[1].Z - all[0].Z)
		}
		if !(math.Abs(math.Log(sum)+f[0]) < 1e-9) {
			t.Errorf("at %v the sum over z gives %v, F is %v", y, -math.Log(sum), f[0])
		}
	}
	if l := vaeAt[float64](2, .1).Latents(r2.Vec{}); l != nil {
		t.Errorf("a code of two numbers lists %d latents", len(l))
	}
}

// TestVAEReconstruct: without noise, and before any step, what is rebuilt in training is
// what Reconstruct writes.
func TestVAEReconstruct(t *testing.T) {
	for code := 1; code <= 2; code++ {
		v, at := newVAE[float64](), scatter(70, 10)
		v.code, v.LR, v.Batch = code, 0, len(at)
		v.Init(at, rand.New(rand.NewPCG(1, 1)))
		v.Step(ebm.NewUpdate(&inOrder{}))
		got := make([]r2.Vec, len(at))
		v.Reconstruct(got, at)
		for i, r := range got {
			if r2.Norm(r2.Sub(r, v.rebuilt[i])) > 1e-12 || r == got[(i+1)%len(got)] {
				t.Fatalf("code of %d: %v is rebuilt as %v, training has %v", code, at[i], r, v.rebuilt[i])
			}
		}
	}
}

// TestVAECut: a log s² that is cut is pulled back, and pushed no farther.
func TestVAECut(t *testing.T) {
	for _, c := range []struct{ bias, logVar, sign float64 }{
		{5, mostLog, 1}, // the penalty on codes pulls it down
		{-20, leastLog, -1},
		{2, 2, 1},
	} {
		v := newVAE[float64]()
		v.code, v.Batch = 1, 1
		v.Init([]r2.Vec{{X: .3, Y: .2}}, rand.New(rand.NewPCG(1, 1)))
		v.age, v.LR = warmUp, 0
		last := len(v.enc.MLP.Params()) - 1 // the bias of log s²
		v.enc.MLP.Params()[last] = c.bias
		v.Step(ebm.NewUpdate(&inOrder{}))
		if got := v.posteriors[0].logVar[0]; math.Abs(got-c.logVar) > 1 || got > mostLog || got < leastLog {
			t.Errorf("with a bias of %v log s² is %v", c.bias, got)
		}
		if g := v.enc.Grad[last]; !(g*c.sign > 0) {
			t.Errorf("with a bias of %v the gradient is %v", c.bias, g)
		}
	}
	// Without a penalty it goes wherever the reconstruction is better, but not farther out.
	for _, bias := range []float64{5, -20} {
		stopped, back := 0, 0
		for i, y := range scatter(40, 11) {
			v := newVAE[float64]()
			v.code, v.Batch, v.kl = 1, 1, 0
			v.Init([]r2.Vec{y}, rand.New(rand.NewPCG(uint64(i), 1)))
			last := len(v.enc.MLP.Params()) - 1
			v.enc.MLP.Params()[last] = bias
			v.Step(ebm.NewUpdate(rand.New(rand.NewPCG(uint64(i), 2))))
			switch g := v.enc.Grad[last] * bias; {
			case g < 0:
				t.Errorf("with a bias of %v the gradient is %v: it leads on", bias, v.enc.Grad[last])
			case g == 0:
				stopped++
			default:
				back++
			}
		}
		if stopped == 0 || back == 0 {
			t.Errorf("with a bias of %v, %d gradients were stopped and %d lead back", bias, stopped, back)
		}
	}
}

// TestVAEWarmUp: the KL weight rises once after Init, and its progress is part of the state.
func TestVAEWarmUp(t *testing.T) {
	v, w := vaeAt[float32](1, .1), newVAE[float32]()
	if got := v.klWeight(); got != v.kl*150/warmUp {
		t.Errorf("after 150 steps the price is %v", got)
	}
	w.code, w.Width = 1, 8
	w.Init(scatter(200, 5), rand.New(rand.NewPCG(9, 9)))
	s := v.State()
	if err := w.SetState(s); err != nil || w.klWeight() != v.klWeight() {
		t.Errorf("put back, the price is %v; error %v", w.klWeight(), err)
	}
	s.Train["warmup"] = ebm.Scalar(1.5)
	if err := w.SetState(s); err == nil || w.klWeight() != v.klWeight() {
		t.Error("a warm-up of 1.5 steps is accepted")
	}
	if err := w.SetState(ebm.State{Params: s.Params}); err != nil || w.klWeight() != w.kl {
		t.Errorf("without Train the price is %v; error %v", w.klWeight(), err)
	}
}

// BenchmarkVAEEnergy times one 128×128 landscape after a thousand steps on the spiral.
func BenchmarkVAEEnergy(b *testing.B) {
	card, err := data.Lookup("spiral")
	if err != nil {
		b.Fatal(err)
	}
	set := card.New()
	set.Knobs(ebm.NewKnobs(card.ID))
	v, u := newVAE[float32](), ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
	v.Init(set.Points(), u.Rand)
	for range 1000 {
		u.Trace.Reset()
		v.Step(u)
	}
	at := grid(128)
	dst := make([]float64, len(at))
	for _, sigma := range []float64{.02, .07, .2, .5} {
		b.Run(fmt.Sprintf("sigma=%v", sigma), func(b *testing.B) {
			v.sigma = sigma
			for b.Loop() {
				for lo := 0; lo < len(at); lo += 512 { // as a session does
					v.Energy(dst[lo:lo+512], at[lo:lo+512])
				}
			}
		})
	}
}
