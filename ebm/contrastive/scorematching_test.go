package contrastive

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/measure"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
)

func TestRefScoreMatching(t *testing.T) {
	t.Run("score_matching", func(t *testing.T) {
		t.Run("float64", refScoreMatching[float64])
		t.Run("float32", refScoreMatching[float32])
	})
}

// scoreFile is the reference's numbers, which score matching and its denoising kin share.
type scoreFile struct {
	ref.Tolerance
	Gaussian struct {
		Mu   []float64
		S2   float64
		J    []float64
		Mean float64 `json:"J_mean"`
	}
	Y         [][]float64
	Layers    layers
	Act       string
	Slope     [][]float64 `json:"grad_y"`
	Laplacian []float64
	ESM       float64
	GradESM   layers `json:"grad_esm"`
	V         [][]float64
	SSM       float64
	Noise     [][]float64
	Sigma     float64
	DSM       float64
	GradDSM   layers `json:"grad_dsm"`
	H         float64
	FD5       float64
	GradFD5   layers `json:"grad_fd5"`
}

// summed returns how large what the network adds up for an energy is, at most:
//
//	Σ_i |θ_i ∂E/∂θ_i|
func summed(m *net.MLP[float64], at []r2.Vec) float64 {
	runner, grad, most := net.NewRunner[float64](m.Spec()), make([]float64, len(m.Params())), 0.
	for i := range at {
		clear(grad)
		runner.Accumulate(ebm.Serial, m, grad, at[i:i+1], func(int, float64) float64 { return 1 })
		floats.Mul(grad, m.Params())
		most = max(most, floats.Norm(grad, 1))
	}
	return most
}

func refScoreMatching[T net.Float](t *testing.T) {
	var c scoreFile
	ref.Load(t, "score_matching", &c)
	step := func(variant string, rng ebm.Rand) *scoreMatching[T] {
		m := newScoreMatching[T]()
		m.variant, m.h, m.smooth = variant, c.H, 0
		m.begin(c.Layers.spec(c.Act), ref.Vecs(c.Y))
		load(&m.network, c.Layers, 1, len(c.Y))
		m.Step(ebm.NewUpdate(rng))
		return m
	}
	// In float32 the energies that a stencil subtracts are rounded, each one differently,
	// which is seen as much larger as its weights are.
	terms := summed(net.Over(c.Layers.spec(c.Act), c.Layers.flat()), ref.Vecs(c.Y))
	allowing := func(m *scoreMatching[T]) ref.Check {
		near := ref.Checker[T](t, c.Tolerance)
		if tol := near.Tol; epsilon[T]() == 0x1p-23 {
			rounding := epsilon[T]() / 2 * terms * floats.Norm(m.weight, 2) / lossScale
			near.Tol = func(want []float64) ref.Tolerance { return ref.Tolerance{Abs: tol(want).Abs + rounding} }
		}
		return near
	}
	gradient := func(m *scoreMatching[T]) []float64 {
		g := ref.Wide(m.Gradient)
		for i := range g {
			g[i] /= lossScale
		}
		return g
	}

	m := step(variantFivePoint, &scriptedRand{})
	near := allowing(m)
	near.One("five-point loss", m.loss, c.FD5)
	near.List("five-point gradient", gradient(m), c.GradFD5.flat())

	m = step(variantExplicit, &scriptedRand{})
	near = allowing(m)
	near.One("explicit loss", m.loss, c.ESM)
	near.List("explicit gradient", gradient(m), c.GradESM.flat())
	curvature, square := 0., 0.
	for i, l := range c.Laplacian {
		n := float64(len(c.Laplacian))
		curvature, square = curvature+l/n, square+r2.Norm2(ref.Vecs(c.Slope)[i])/n
	}
	near.List("slope and bend", []float64{m.slope, m.curvature}, []float64{math.Sqrt(square), curvature})

	m = step(variantSliced, scriptedNoise(c.V, 1))
	near = allowing(m)
	near.One("sliced loss", m.loss, c.SSM)
	if len(m.at) != len(c.Y)*9 {
		t.Errorf("one slice of %d points takes %d energies", len(c.Y), len(m.at))
	}
	m.slices = 2
	m.Draw(&scriptedRand{})
	m.scatter(scriptedNoise(slices.Repeat([][]float64{{3, 0}, {0, -2}}, len(c.Y)), 1)) // along the axes
	load(&m.network, c.Layers, 1, len(c.Y))
	s, h := m.stencil()
	m.placePoints(s, h)
	m.runner.Energy(ebm.Serial, m.mlp, m.e, m.at)
	m.weigh(s, h)
	near.List("loss, slope and bend of two slices", []float64{m.loss, m.slope, m.curvature}, []float64{c.ESM / 2, math.Sqrt(square), curvature})

	// A Gaussian in closed form, its energies in the place of the network's.
	mu := r2.Vec{X: c.Gaussian.Mu[0], Y: c.Gaussian.Mu[1]}
	for _, variant := range []string{variantFivePoint, variantExplicit} {
		mean := 0.
		for i, y := range ref.Vecs(c.Y) {
			g := newScoreMatching[float64]()
			g.variant, g.h, g.smooth, g.Y = variant, c.H, 0, []r2.Vec{y}
			g.scatter(nil)
			s, h := g.stencil()
			g.placePoints(s, h)
			for j, at := range g.at {
				g.e[j] = r2.Norm2(r2.Sub(at, mu)) / (2 * c.Gaussian.S2)
			}
			g.weigh(s, h) // differences of a parabola have no error
			c.Tolerance.Near(t, variant+" loss of a Gaussian", g.loss, c.Gaussian.J[i])
			mean += g.loss / float64(len(c.Y))
		}
		c.Tolerance.Near(t, variant+" mean loss of a Gaussian", mean, c.Gaussian.Mean)
	}
}

// TestScoreMatchingGradient compares the gradient of each variant with differences of the
// loss that it reports.
func TestScoreMatchingGradient(t *testing.T) {
	for _, variant := range []string{variantFivePoint, variantExplicit, variantSliced} {
		m := newScoreMatching[float64]()
		r := start(t, m, 1, "variant", variant, "slices", 3, "batch", 16, "width", 8).steps(3)
		loss := func() float64 {
			m.Draw(rand.New(rand.NewPCG(5, 5)))
			m.scatter(rand.New(rand.NewPCG(6, 6)))
			s, h := m.stencil()
			m.placePoints(s, h)
			m.runner.Energy(ebm.Serial, m.mlp, m.e, m.at)
			m.weigh(s, h)
			m.runner.AccumulateFixed(r.u.For, m.mlp, m.Gradient, m.at, m.weight)
			return lossScale * m.loss
		}
		loss()
		compareGradient(t, variant, m.Params, slices.Clone(m.Gradient), loss)
	}
}

// compareGradient compares a gradient with central differences of the loss, at about a
// hundred of the parameters.
func compareGradient(t *testing.T, what string, params, grad []float64, loss func() float64) {
	t.Helper()
	scale := 0.
	for _, g := range grad {
		scale = max(scale, math.Abs(g))
	}
	const h = 1e-4
	for i := 0; i < len(params); i += 1 + len(params)/100 {
		old := params[i]
		params[i] = old + h
		above := loss()
		params[i] = old - h
		below := loss()
		params[i] = old
		if want := (above - below) / (2 * h); math.Abs(grad[i]-want) > 1e-5*scale {
			t.Fatalf("%s: ∂L/∂θ[%d] = %v, by differences %v", what, i, grad[i], want)
		}
	}
	if scale == 0 {
		t.Errorf("%s: the gradient is 0", what)
	}
}

// TestScoreMatchingPushes: what goes down at the data goes up around them, and nothing
// else is recorded; a slope tilts the cross towards its lower side.
func TestScoreMatchingPushes(t *testing.T) {
	m := newScoreMatching[float32]()
	r := start(t, m, 1, "lr", 1e-4).steps(1)
	downs, ups := 0, 0
	for _, p := range r.u.Trace.Pushes {
		if p.Amount < 0 {
			downs++
			if p.At != p.From {
				t.Fatalf("pushed down at %v, beside the datum %v", p.At, p.From)
			}
			continue
		}
		ups++
		if d := r2.Norm(r2.Sub(p.At, p.From)); math.Abs(d-m.h) > 1e-12 {
			t.Fatalf("pushed up at a distance of %v", d)
		}
	}
	if downs != 128 || ups != 512 {
		t.Errorf("%d pushes down and %d up, want 128 and 512", downs, ups)
	}

	for _, variant := range []string{variantFivePoint, variantExplicit, variantSliced} {
		r := start(t, newScoreMatching[float32](), 1, "variant", variant, "batch", 20, "slices", 2).steps(100)
		weight := map[bool]float64{}
		for _, p := range r.u.Trace.Pushes {
			weight[p.Amount > 0] += math.Abs(p.Amount)
		}
		if math.Abs(weight[true]-1) > 1e-9 || math.Abs(weight[false]-1) > 1e-9 {
			t.Errorf("%s: the pushes up weigh %v and those down %v, want 1 each", variant, weight[true], weight[false])
		}
	}

	one := newScoreMatching[float64]()
	one.smooth, one.Y = 0, []r2.Vec{{}}
	one.scatter(nil)
	s, h := one.stencil()
	one.placePoints(s, h)
	for i, at := range one.at {
		one.e[i] = 30 * at.X
	}
	one.weigh(s, h)
	trace := ebm.NewTrace()
	one.record(trace, s)
	for _, p := range trace.Pushes {
		// ±gh/8 of a quarter each, relative to the push down
		if want := .25 - math.Copysign(30*h/8, p.At.X)*math.Abs(p.At.X)/h; p.Amount > 0 && math.Abs(p.Amount-want) > 1e-9 {
			t.Errorf("up at %v by %v, want %v", p.At, p.Amount, want)
		}
	}
}

// TestQualityScoreMatching: see TestQuality. The figures are means over three seeds.
func TestQualityScoreMatching(t *testing.T) { reaches(t, "scorematching", .934, .46) }

// reaches trains a method with its defaults on the spiral, from three seeds, and compares
// the means of AUC and NLL with what it should reach.
func reaches(t *testing.T, method string, auc, nll float64) {
	t.Helper()
	if testing.Short() || raceDetector {
		t.Skip("trains for some seconds, many times longer under the race detector")
	}
	card, err := ebm.Lookup(method)
	if err != nil {
		t.Fatal(err)
	}
	c, err := data.Lookup("spiral")
	if err != nil {
		t.Fatal(err)
	}
	set := c.New()
	set.Knobs(ebm.NewKnobs("spiral"))
	suite, meanAUC, meanNLL := measure.NewSuite(set), 0., 0.
	const seeds = 3
	for seed := range uint64(seeds) {
		m := start(t, card.New(), seed).steps(card.Steps).model
		r := suite.Measure(m.Energy, card.Beta(m))
		t.Logf("%s seed %d  AUC %.3f  NLL %.3f (at β = %.2f: %.3f)", method, seed, r.AUC, r.NLL, r.BetaCalibrated, r.NLLCalibrated)
		meanAUC, meanNLL = meanAUC+r.AUC/seeds, meanNLL+r.NLL/seeds
	}
	if !(meanAUC >= auc-.01) || !(meanNLL <= nll+.15) {
		t.Errorf("AUC %.3f and NLL %.3f, want about %.3f and %.3f", meanAUC, meanNLL, auc, nll)
	}
}

// BenchmarkScores times a 128×128 landscape and a step of this method and its kin.
func BenchmarkScores(b *testing.B) {
	at := measure.Grid(128)
	e := make([]float64, len(at))
	for _, id := range []string{"scorematching", "dsm", "masked"} {
		card, err := ebm.Lookup(id)
		if err != nil {
			b.Fatal(err)
		}
		m, u := card.New(), ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
		m.Init(measure.Grid(32), u.Rand)
		b.Run(id+"/landscape", func(b *testing.B) {
			for b.Loop() {
				m.Energy(e, at)
			}
		})
		b.Run(id+"/step", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				u.Trace.Reset()
				m.Step(u)
			}
		})
	}
}
