package contrastive

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

func TestRefDSM(t *testing.T) {
	t.Run("score_matching", func(t *testing.T) {
		t.Run("float64", refDSM[float64])
		t.Run("float32", refDSM[float32])
	})
}

func refDSM[T net.Float](t *testing.T) {
	var c scoreFile
	ref.Load(t, "score_matching", &c)
	near := ref.Checker[T](t, c.Tolerance)
	m := newDSM[T]()
	m.sigma = c.Sigma
	m.begin(c.Layers.spec(c.Act), ref.Vecs(c.Y))
	load(&m.network, c.Layers, 0, len(c.Y))

	slope := make([]r2.Vec, len(c.Y))
	m.Grad(slope, ref.Vecs(c.Y))
	near.Points("slope", slope, c.Slope)

	m.Step(ebm.NewUpdate(scriptedNoise(c.Noise, c.Sigma)))
	near.One("loss", m.loss, c.DSM)
	near.List("gradient", ref.Wide(m.Gradient), c.GradDSM.flat())
}

func TestDSMGradient(t *testing.T) {
	m := newDSM[float64]()
	start(t, m, 1, "batch", 16, "width", 8, "lr", 1e-4).steps(3)
	loss := func() float64 {
		m.runner.EnergyGrad(ebm.Serial, m.mlp, nil, m.slope, m.noisy)
		m.setPushes()
		return m.loss
	}
	loss()
	clear(m.Gradient)
	m.runner.AccumulateFixed(ebm.Serial, m.mlp, m.Gradient, m.pair, m.weight)
	compareGradient(t, "dsm", m.Params, slices.Clone(m.Gradient), loss)
}

// TestDSMPushes: one push down and one up for each point, on either side of where it
// was moved by the noise; on flat ground the one down lies towards the datum.
func TestDSMPushes(t *testing.T) {
	m := newDSM[float32]()
	r := start(t, m, 1)
	for i := range m.Params {
		m.Params[i] = 0 // flat
	}
	trace := r.steps(1).u.Trace
	if len(trace.Pushes) != 256 || len(trace.Visits) != 256 {
		t.Fatalf("%d pushes and %d visits, want 256 each", len(trace.Pushes), len(trace.Visits))
	}
	weight := 0.
	for i, y := range m.Y {
		down, up := trace.Pushes[2*i], trace.Pushes[2*i+1]
		if down.Amount != -up.Amount || down.Amount > 0 {
			t.Fatalf("pushes of %v and %v", down.Amount, up.Amount)
		}
		weight += up.Amount
		middle := r2.Scale(.5, r2.Add(down.At, up.At))
		if r2.Norm(r2.Sub(middle, m.noisy[i])) > 1e-12 || r2.Norm(r2.Sub(down.At, y)) > r2.Norm(r2.Sub(up.At, y)) {
			t.Fatalf("%v was moved to %v: down at %v, up at %v", y, m.noisy[i], down.At, up.At)
		}
		if up.From != y || trace.Visits[2*i].At != m.noisy[i] || trace.Visits[2*i+1].At != m.noisy[i] {
			t.Fatalf("up from %v, by way of %v to %v; flat ground denoises nothing", up.From, trace.Visits[2*i].At, trace.Visits[2*i+1].At)
		}
	}
	if math.Abs(weight-1) > 1e-9 {
		t.Errorf("the pushes weigh %v", weight)
	}
	if math.Abs(m.removed) > 1e-12 || m.width < 1e6 {
		t.Errorf("flat ground removes %v of the noise and is %v wide", m.removed, m.width)
	}
}

// TestDSMLearnsTheBlurredDensity: of one Gaussian with a variance of .05 it learns one with
// that and σ² together, by its slope and by its scalar; what it denoises to is the mean of the
// data behind.
func TestDSMLearnsTheBlurredDensity(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	data := make([]r2.Vec, 4000)
	for i := range data {
		data[i] = r2.Scale(math.Sqrt(.05), r2.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()})
	}
	m := newDSM[float32]()
	m.sigma, m.Harmonics, m.Batch = .3, 0, 512
	m.Init(data, rng)
	u := ebm.NewUpdate(rng)
	for range 1000 {
		m.Step(u)
	}
	variance := .05 + m.sigma*m.sigma
	at := []r2.Vec{{X: .3}, {Y: -.3}, {X: .2, Y: .2}}
	slope, denoised := make([]r2.Vec, len(at)), make([]r2.Vec, len(at))
	m.Grad(slope, at)
	m.Reconstruct(denoised, at)
	for i, y := range at {
		if want := r2.Scale(1/variance, y); r2.Norm(r2.Sub(slope[i], want)) > .2 {
			t.Errorf("the slope at %v is %v, want %v", y, slope[i], want)
		}
		if want := r2.Scale(.05/variance, y); r2.Norm(r2.Sub(denoised[i], want)) > .02 {
			t.Errorf("%v is denoised to %v, want %v", y, denoised[i], want)
		}
	}
	if want := math.Sqrt(variance / 2); math.Abs(m.width-want) > .1*want { // two directions are steep
		t.Errorf("width %v, want %v", m.width, want)
	}
	if want := m.sigma * m.sigma / variance; math.Abs(m.removed-want) > .1 {
		t.Errorf("%v of the noise removed, want %v", m.removed, want)
	}
}

func TestQualityDSM(t *testing.T) { reaches(t, "dsm", .93, .64) }
