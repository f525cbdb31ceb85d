package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

func TestRefLatent(t *testing.T) {
	t.Run("conditional_latent", func(t *testing.T) {
		t.Run("float64", refLatent[float64])
		t.Run("float32", refLatent[float32])
	})
}

func refLatent[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers    layers
		Act       net.Activation
		X, Y, E   [][]float64
		R         []float64
		ZStar     []int
		F, FBeta  []float64
		Beta      float64
		GradF     layers `json:"grad_F"`
		GradFBeta layers `json:"grad_Fbeta"`
		Gibbs     struct {
			X, LogZ, Mean float64
			Argmin        float64 `json:"argmin_y"`
			Least         float64 `json:"F_min"`
		}
	}
	ref.Load(t, "conditional_latent", &c)
	near := ref.Checker[T](t, c.Tolerance)
	var at []r2.Vec
	for i, x := range c.X {
		at = append(at, r2.Vec{X: x[0], Y: c.Y[i][0]})
	}
	begin := func(inference string) *latent[T] {
		m := newLatent[T]()
		m.inference, m.beta, m.branches = inference, c.Beta, len(c.R)
		m.begin(c.Layers.spec(c.Act), at)
		load(&m.Learner, c.Layers.flat(), 1e-3, len(at))
		copy(m.penalty, c.R)
		m.steps = 1e6 // so that β is that of the knob
		return m
	}

	m := begin(inferHard)
	f := make([]float64, len(at))
	m.Energy(f, at)
	near.List("F", f, c.F)
	for i, y := range at {
		all, best := infer.Latents(m, y)
		var e []float64
		for _, l := range all {
			e = append(e, l.E)
		}
		near.List(fmt.Sprintf("E[%d]", i), e, c.E[i])
		if best != c.ZStar[i] {
			t.Errorf("z* of point %d is %d, want %d", i, best, c.ZStar[i])
		}
	}
	m.Step(ebm.NewUpdate(&inOrder{}))
	near.One("mean F", m.loss, floats.Sum(c.F)/float64(len(at)))
	near.List("∂F/∂θ", ref.Wide(m.Gradient), c.GradF.flat())
	if !slices.Equal(m.best, c.ZStar) {
		t.Errorf("z* of the batch: %v, want %v", m.best, c.ZStar)
	}

	// F_β is kept in its mean form, which is higher by (log K)/β than the file's.
	m = begin(inferSoft)
	higher := math.Log(float64(len(c.R))) / c.Beta
	want := slices.Clone(c.FBeta)
	floats.AddConst(higher, want)
	m.Energy(f, at)
	near.List("F_β", f, want)
	m.Step(ebm.NewUpdate(&inOrder{}))
	near.One("mean F_β", m.loss, floats.Sum(want)/float64(len(at)))
	near.List("∂F_β/∂θ", ref.Wide(m.Gradient), c.GradFBeta.flat())

	// The Gibbs density of y2 given y1; Z is a plain sum over the points.
	s := infer.Given(begin(inferHard), infer.Y1, c.Gibbs.X, c.Beta)
	free := infer.FreeEnergySum(s.F, c.Beta)
	mean := 0.
	for i, y := range s.Other {
		mean += y * math.Exp(-c.Beta*(s.F[i]-free))
	}
	near.One("log Z", math.Log(s.Other[1]-s.Other[0])-c.Beta*free, c.Gibbs.LogZ)
	near.One("mean of y2", mean, c.Gibbs.Mean)
	near.One("best y2", s.Other[slices.Index(s.F, slices.Min(s.F))], c.Gibbs.Argmin)
	near.One("F of it", slices.Min(s.F), c.Gibbs.Least)
}

func TestLatentGradient(t *testing.T) {
	at := scatter(7, 3)
	for _, c := range []struct {
		name, inference string
		in, out         int
	}{{"hard", inferHard, 1, 3}, {"soft", inferSoft, 1, 3}, {"line, hard", inferHard, 2, 1}, {"line, soft", inferSoft, 2, 1}} {
		t.Run(c.name, func(t *testing.T) {
			spec := net.Spec{In: c.in, Harmonics: 1, Hidden: []int{4}, Out: c.out, Act: net.SiLU}
			params := make([]float64, spec.Params())
			rng := rand.New(rand.NewPCG(5, 5))
			for i := range params {
				params[i] = rng.NormFloat64()
			}
			slopes(t, params, func(params []float64) (*learn.Learner[float64], float64) {
				m := newLatent[float64]()
				m.inference, m.beta, m.w = c.inference, 5, .3
				m.begin(spec, at)
				load(&m.Learner, params, 1e-2, len(at))
				m.tabulate(ebm.Serial)
				m.steps = 20 // β = 2·1.02²⁰
				m.Step(ebm.NewUpdate(&inOrder{}))
				return &m.Learner, m.loss
			})
		})
	}
}

// TestLatentGrad holds ∂F/∂y to differences of F where z is an input, which the
// conformance suite sees only from far.
func TestLatentGrad(t *testing.T) {
	for _, code := range []string{codeBranches, codeLine} {
		m := newLatent[float64]()
		m.code, m.inference, m.w = code, inferSoft, .1
		onData(t, m, "scurve", 3)
		at := append(scatter(50, 1), m.Data[:50]...)
		got, want := make([]r2.Vec, len(at)), make([]r2.Vec, len(at))
		m.Grad(got, at)
		differences(m, want, at)
		for i := range at {
			if d := r2.Norm(r2.Sub(got[i], want[i])); d > 1e-5*(1+r2.Norm(want[i])) {
				t.Fatalf("%s: ∂F/∂y at %v is %v, differences give %v", code, at[i], got[i], want[i])
			}
		}
	}
}

// TestTemperature: F_β lies between the least of E and its mean, falls as it gets colder,
// and β rises with the steps to the value of the knob.
func TestTemperature(t *testing.T) {
	m := newLatent[float64]()
	m.inference = inferSoft
	onData(t, m, "scurve", 100)
	for _, y := range scatter(50, 2) {
		least, mean := math.Inf(1), 0.
		for _, l := range m.Latents(y) {
			least, mean = min(least, l.E), mean+l.E/float64(len(m.z))
		}
		last := mean
		for _, m.beta = range []float64{1e-6, 1, 30, 200, 1e6} {
			m.steps = 10_000
			var f [1]float64
			m.Energy(f[:], []r2.Vec{y})
			if f[0] > last+1e-8 || f[0] < least-1e-8 {
				t.Fatalf("F_β(%v) = %v at β = %v; E is at least %v, %v on average, and warmer it was %v", y, f[0], m.beta, least, mean, last)
			}
			if last = f[0]; m.beta == 1e-6 && mean-f[0] > 1e-5*(1+mean*mean) {
				t.Fatalf("hot, F_β(%v) = %v, but the mean is %v", y, f[0], mean)
			}
		}
		if last-least > 1e-5 {
			t.Fatalf("cold, F_β(%v) = %v, but the least is %v", y, last, least)
		}
	}
	m.beta = 200
	for _, c := range []struct{ steps, beta float64 }{{0, 2}, {100, 2 * math.Pow(1.02, 100)}, {232, 2 * math.Pow(1.02, 232)}, {233, 200}, {1e9, 200}} {
		if m.steps = int(c.steps); math.Abs(m.inverseTemperature()-c.beta) > 1e-9 {
			t.Errorf("after %v steps β = %v, want %v", c.steps, m.inverseTemperature(), c.beta)
		}
	}
}

// TestEnergyIsLowOnTheCurves: on the curves that are drawn the energy is R and no more.
func TestEnergyIsLowOnTheCurves(t *testing.T) {
	for _, code := range []string{codeBranches, codeLine} {
		m := newLatent[float64]()
		m.code = code
		onData(t, m, "scurve", 3)
		marks := m.Marks(nil)
		groups := map[int]int{}
		for _, k := range marks {
			groups[k.Group]++
			var e [1]float64
			if m.Energy(e[:], []r2.Vec{k.At}); !(e[0] < 1e-20) {
				t.Fatalf("%s: the energy on the curve is %v", code, e[0])
			}
		}
		want := map[string]int{codeBranches: m.branches, codeLine: 9}[code]
		if len(groups) != want || len(marks) != want*ticks {
			t.Errorf("%s: %d curves of %d points, want %d", code, len(groups), len(marks), want)
		}
	}
}

// TestLineFillsTheArea is the pathology: with free codes on a line whatever lies between
// the outermost data is low, and a penalty draws the curves together.
func TestLineFillsTheArea(t *testing.T) {
	low := func(code string, w float64) float64 {
		m := newLatent[float32]()
		m.code, m.w = code, w
		onData(t, m, "scurve", 300)
		at := scatter(1000, 1)
		e := make([]float64, len(at))
		n := 0
		for i := range at { // where data lie above and below
			at[i] = r2.Vec{X: .6 * at[i].X / ebm.L, Y: .6 * at[i].Y / ebm.L}
		}
		m.Energy(e, at)
		for _, v := range e {
			if v < .01 {
				n++
			}
		}
		return float64(n) / float64(len(at))
	}
	branches, line, dear := low(codeBranches, 0), low(codeLine, 0), low(codeLine, 1)
	t.Logf("low: %.2f with branches, %.2f with a line, %.2f with a dear one", branches, line, dear)
	if line < .8 || branches > .7 || dear > .8*line {
		t.Errorf("%.2f of the middle is low with branches, %.2f with a line, %.2f with a dear one", branches, line, dear)
	}
}

func BenchmarkLatentLineEnergy(b *testing.B) {
	m := newLatent[float32]()
	m.code = codeLine
	onData(b, m, "scurve", 10)
	at := grid(128)
	dst := make([]float64, len(at))
	for b.Loop() {
		m.Energy(dst, at)
	}
}

// TestRowLength: points go through the network once for each y1 where the rows of a grid
// are evaluated together, and the results are the same.
func TestRowLength(t *testing.T) {
	square := grid(80)
	loose := slices.Clone(square[:200])
	loose[170].X += 1e-9
	upright := slices.Repeat([]r2.Vec{{X: .5}}, 70)
	for i := range upright {
		upright[i].Y = float64(i) / 70
	}
	for _, c := range []struct {
		name string
		at   []r2.Vec
		want int
	}{
		{"none", nil, 0}, {"one", square[:1], 1}, {"part of a row", square[5:70], 65}, {"a row", square[:80], 80},
		{"rows", square[:320], 80}, {"rows from the middle", square[30:333], 80}, {"no grid", loose, 200}, {"one y1", upright, 1},
	} {
		if got := rowLength(c.at); got != c.want {
			t.Errorf("%s: rows of %d points, want %d", c.name, got, c.want)
		}
		for _, code := range []string{codeBranches, codeLine} {
			m := newLatent[float32]()
			m.code, m.inference = code, inferSoft
			m.Init(square, rand.New(rand.NewPCG(1, 1)))
			e, grad, made := make([]float64, len(c.at)), make([]r2.Vec, len(c.at)), make([]r2.Vec, len(c.at))
			m.Energy(e, c.at)
			m.Grad(grad, c.at)
			m.Reconstruct(made, c.at)
			for i := range c.at {
				var e1 [1]float64
				var grad1, made1 [1]r2.Vec
				one := c.at[i : i+1]
				m.Energy(e1[:], one)
				m.Grad(grad1[:], one)
				m.Reconstruct(made1[:], one)
				if e[i] != e1[0] || grad[i] != grad1[0] || made[i] != made1[0] {
					t.Fatalf("%s, %s: point %d alone has the energy %v, the slope %v and the image %v, among others %v, %v, %v", c.name, code, i, e1[0], grad1[0], made1[0], e[i], grad[i], made[i])
				}
			}
		}
	}
}
