package net

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/spatial/r2"
	"gonum.org/v1/gonum/stat"
)

func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// scatter returns n points drawn uniformly from the box.
func scatter(rng *rand.Rand, n int) []r2.Vec {
	at := make([]r2.Vec, n)
	for i := range at {
		at[i] = r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
	}
	return at
}

// drawn returns an initialised network.
func drawn[T Float](s Spec, seed uint64) *MLP[T] {
	m := New[T](s)
	m.Init(seeded(seed))
	return m
}

// shapes are the corners of what the knobs allow, and some odd ones.
var shapes = []Spec{
	{In: 2, Harmonics: 4, Hidden: []int{32, 32}, Out: 1, Act: SiLU},
	{In: 2, Harmonics: 0, Hidden: []int{4}, Out: 1, Act: Tanh},
	{In: 2, Harmonics: 6, Hidden: []int{7, 5, 3}, Out: 2, Act: Tanh},
	{In: 2, Harmonics: 10, Hidden: []int{4, 4, 4, 4}, Out: 1, Act: Softplus},
	{In: 1, Harmonics: 3, Hidden: []int{9}, Out: 4, Act: SiLU},
	{In: 2, Harmonics: 0, Hidden: []int{6, 1, 6}, Out: 2, Act: Tanh},
	{In: 2, Harmonics: 2, Out: 1, Act: ReLU},
	{In: 2, Harmonics: 1, Hidden: []int{13}, Out: 1, Act: ReLU},
	{In: 2, Harmonics: 4, Hidden: []int{128}, Out: 1, Act: SiLU},
	{In: 2, Harmonics: 0, Hidden: []int{65, 33}, Out: 2, Act: Tanh},
	{In: 2, Harmonics: 1, Hidden: []int{31, 65}, Out: 1, Act: Softplus},
	{In: 1, Harmonics: 1, Hidden: []int{40}, Out: 96, Act: SiLU},
}

// TestBackward compares both gradients of a random loss with differences of that loss.
func TestBackward(t *testing.T) {
	if testing.Short() {
		t.Skip("it compares each derivative of many networks")
	}
	for _, s := range shapes {
		t.Run(fmt.Sprintf("%+v", s), func(t *testing.T) {
			rng := seeded(3)
			m, w, at := drawn[float64](s, 2), NewWorkspace[float64](s), scatter(rng, 5)
			pull := make([]float64, s.Out*Block) // ∂loss/∂out
			for i := range pull {
				pull[i] = rng.NormFloat64()
			}
			loss := func() (sum float64) {
				m.Forward(w, at)
				for o := range s.Out {
					for i := range at {
						sum += pull[o*Block+i] * w.Out[o*Block+i]
					}
				}
				return sum
			}
			loss()
			grad := make([]float64, len(m.params))
			grad[0] = 7 // Backward adds
			copy(w.DOut, pull)
			m.Backward(w, grad, true)
			grad[0] -= 7
			slopes := append([]float64(nil), w.DIn...)

			central := &fd.Settings{Formula: fd.Central, Step: 1e-6}
			for i := 0; i < len(grad); i += 1 + len(grad)/300 {
				old := m.params[i]
				numeric := fd.Derivative(func(x float64) float64 {
					m.params[i] = x
					return loss()
				}, old, central)
				m.params[i] = old
				if !close2(grad[i], numeric, 1e-6) {
					t.Fatalf("∂/∂θ[%d] = %v, by differences %v", i, grad[i], numeric)
				}
			}
			for i := range at {
				y := at[i]
				d := fd.Gradient(nil, func(x []float64) float64 {
					at[i] = r2.Vec{X: x[0], Y: x[1]}
					return loss()
				}, []float64{y.X, y.Y}, central)
				at[i] = y
				got := []float64{slopes[i], 0}
				if s.In > 1 {
					got[1] = slopes[Block+i]
				}
				if !close2(got[0], d[0], 1e-6) || !close2(got[1], d[1], 1e-6) {
					t.Fatalf("∂/∂y at %v = %v, by differences %v", y, got, d)
				}
			}
		})
	}
}

// close2 reports |a-b| <= tol (1+|b|).
func close2(a, b, tol float64) bool { return math.Abs(a-b) <= tol*(1+math.Abs(b)) }

// TestFloat32 compares the path that runs with the one that is checked.
func TestFloat32(t *testing.T) {
	for _, s := range shapes {
		at := scatter(seeded(4), 3*Block+5)
		fast, exact := drawn[float32](s, 5), drawn[float64](s, 5)
		e, want := make([]float64, len(at)), make([]float64, len(at))
		fast.Energy(e, at)
		exact.Energy(want, at)
		for i := range e {
			if !close2(e[i], want[i], 5e-6) {
				t.Fatalf("%+v: E(%v) = %v in float32, %v in float64", s, at[i], e[i], want[i])
			}
		}
		if s.Out > 1 {
			continue
		}
		g, dir := make([]r2.Vec, len(at)), make([]r2.Vec, len(at))
		fast.Grad(g, at)
		exact.Grad(dir, at)
		for i := range g {
			if r2.Norm(r2.Sub(g[i], dir[i])) > 5e-5*(1+r2.Norm(dir[i])) && s.Act != ReLU {
				t.Fatalf("%+v: ∂E/∂y(%v) = %v in float32, %v in float64", s, at[i], g[i], dir[i])
			}
		}
	}
}

// TestLanes checks that a point gets the same bits at every place of the list,
// and from every method.
func TestLanes(t *testing.T) {
	for _, s := range shapes {
		if s.In != 2 || s.Out != 1 {
			continue
		}
		for _, n := range []int{1, Block - 1, Block + 1} {
			m, at := drawn[float32](s, 6), scatter(seeded(7), n)
			e, g := make([]float64, n), make([]r2.Vec, n)
			m.Energy(e, at)
			m.Grad(g, at)
			w := NewWorkspace[float32](s)
			for i := range at {
				var one [1]float64
				var dir [1]r2.Vec
				m.EnergyGrad(w, one[:], dir[:], at[i:i+1])
				if one[0] != e[i] || dir[0] != g[i] {
					t.Fatalf("%+v: point %d of %d alone has %v, %v; in the list %v, %v", s, i, n, one[0], dir[0], e[i], g[i])
				}
			}
		}
	}
}

// TestExtremes takes weights and points that are hardly numbers any more through the path
// that runs: what is too small counts as nothing, what is too large is seen, and no point
// disturbs its neighbours.
func TestExtremes(t *testing.T) {
	s := Spec{In: 2, Harmonics: 0, Hidden: []int{65, 65}, Out: 1, Act: SiLU}
	m := drawn[float32](s, 13)
	at := []r2.Vec{{X: .3, Y: -.2}, {X: 1e-40, Y: -1e-45}, {X: 1e30, Y: 1}, {X: .3, Y: -.2}, {X: math.Inf(1)}, {X: math.NaN()}, {X: .3, Y: -.2}}
	e, g := make([]float64, len(at)), make([]r2.Vec, len(at))
	m.Energy(e, at)
	m.Grad(g, at)
	if e[0] != e[3] || e[0] != e[6] || g[0] != g[3] || g[0] != g[6] {
		t.Errorf("a point beside extreme ones has %v, %v; elsewhere %v, %v", e[3], g[3], e[0], g[0])
	}
	zero := []float64{0}
	m.Energy(zero, []r2.Vec{{}})
	if !close2(e[1], zero[0], 1e-6) {
		t.Errorf("E = %v at a denormal point, %v at 0", e[1], zero[0])
	}
	if math.IsNaN(e[2]) || !math.IsNaN(e[5]) || !math.IsNaN(e[4]) && !math.IsInf(e[4], 0) {
		t.Errorf("E = %v, %v, %v at 1e30, infinity and NaN", e[2], e[4], e[5])
	}
	for i := range m.params {
		m.params[i] *= 1e-38 // to denormal products
	}
	m.Energy(e[:1], at[:1])
	m.Grad(g[:1], at[:1])
	if math.Abs(e[0]) > 1e-37 || r2.Norm(g[0]) > 1e-37 {
		t.Errorf("E = %v, ∂E/∂y = %v with denormal weights", e[0], g[0])
	}
}

func TestMap(t *testing.T) {
	s := Spec{In: 2, Harmonics: 1, Hidden: []int{8}, Out: 2, Act: Tanh}
	m, at := drawn[float64](s, 8), scatter(seeded(9), Block+1)
	got := make([]r2.Vec, len(at))
	m.Map(got, at)
	w := NewWorkspace[float64](s)
	for i := range at {
		m.Forward(w, at[i:i+1])
		if want := (r2.Vec{X: w.Out[0], Y: w.Out[Block]}); got[i] != want {
			t.Fatalf("Map(%v) = %v, want %v", at[i], got[i], want)
		}
	}
}

// TestConcurrent is of use under -race.
func TestConcurrent(t *testing.T) {
	m, at := drawn[float32](shapes[0], 10), scatter(seeded(11), 300)
	want := make([]float64, len(at))
	m.Energy(want, at)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			e, g := make([]float64, len(at)), make([]r2.Vec, len(at))
			m.Energy(e, at)
			m.Grad(g, at)
			for i := range e {
				if e[i] != want[i] {
					t.Errorf("E differs at %d", i)
					return
				}
			}
		})
	}
	all.Wait()
}

// TestNaNParameters checks that a NaN parameter makes every energy NaN.
func TestNaNParameters(t *testing.T) {
	for _, act := range Activations() {
		m := drawn[float32](Spec{In: 2, Harmonics: 2, Hidden: []int{8, 8}, Out: 1, Act: Activation(act)}, 12)
		for _, l := range m.layers {
			old := m.params[l.w]
			m.params[l.w] = float32(math.NaN())
			e := []float64{0}
			m.Energy(e, []r2.Vec{{X: .5, Y: .5}})
			if !math.IsNaN(e[0]) {
				t.Errorf("%s: E = %v with a NaN at %d", act, e[0], l.w)
			}
			m.params[l.w] = old
		}
	}
}

// TestInit checks range, mean and variance of W and b of each layer: bound²/3 for a
// uniform variable. The limits are five standard errors.
func TestInit(t *testing.T) {
	s := Spec{In: 2, Harmonics: 4, Hidden: []int{400, 300}, Out: 200, Act: SiLU}
	m := drawn[float64](s, 13)
	for i, l := range m.layers {
		bound := 1 / math.Sqrt(float64(l.in))
		for name, part := range map[string][]float64{"W": m.params[l.w:l.b], "b": m.params[l.b : l.b+l.out]} {
			for _, v := range part {
				if math.Abs(v) > bound {
					t.Fatalf("layer %d %s holds %v outside ±%v", i, name, v, bound)
				}
			}
			n := float64(len(part))
			mean, variance := stat.MeanVariance(part, nil)
			want := bound * bound / 3
			if math.Abs(mean) > 5*math.Sqrt(want/n) || math.Abs(variance-want) > 5*want*math.Sqrt(.8/n) {
				t.Errorf("layer %d %s has mean %.3g and variance %.3g; want 0 and %.3g", i, name, mean, variance, want)
			}
		}
	}
	again := drawn[float64](s, 13)
	for i := range again.params {
		if again.params[i] != m.params[i] {
			t.Fatal("the same seed gives other parameters")
		}
	}
}

func TestTensors(t *testing.T) {
	s := Spec{In: 2, Harmonics: 1, Hidden: []int{3}, Out: 1, Act: SiLU}
	m := drawn[float32](s, 14)
	all := m.Tensors("raw.", m.Params())
	w := all["raw.layer0.W"]
	if len(all) != 4 || w.Shape[0] != 3 || w.Shape[1] != 6 || w.Values[7] != float64(m.params[7]) ||
		all["raw.layer1.b"].Values[0] != float64(m.params[len(m.params)-1]) {
		t.Fatalf("Tensors gives %v", all)
	}
	fresh := New[float32](s)
	if err := fresh.SetTensors("raw.", fresh.Params(), all); err != nil {
		t.Fatal(err)
	}
	for i, p := range fresh.Params() {
		if p != m.params[i] {
			t.Fatalf("parameter %d comes back as %v, was %v", i, p, m.params[i])
		}
	}
	for name, bad := range map[string]ebm.Tensor{
		"raw.layer1.W": {Shape: []int{3, 1}, Values: make([]float64, 3)},
		"raw.layer0.b": {Shape: []int{3}, Values: []float64{0, math.Inf(1), 0}},
		"raw.layer1.b": {Shape: []int{1}, Values: []float64{1e39}},
	} {
		broken := m.Tensors("raw.", make([]float32, len(m.params)))
		broken[name] = bad
		err := fresh.SetTensors("raw.", fresh.Params(), broken)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("SetTensors with a bad %s: %v", name, err)
		}
		if fresh.params[0] != m.params[0] {
			t.Errorf("SetTensors with a bad %s changed the parameters", name)
		}
	}
}

func TestBadShapes(t *testing.T) {
	for _, s := range []Spec{{}, {In: 3, Harmonics: 1, Out: 1, Act: SiLU}, {In: 2, Out: 1, Act: "swish"}, {In: 2, Out: 1, Hidden: []int{0}, Act: SiLU}, {In: 2, Harmonics: -1, Out: 1, Act: SiLU}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("New(%+v) does not complain", s)
				}
			}()
			New[float32](s)
		}()
	}
}

// TestForwardRows: inputs that are no points give what points would, and for more than two
// of them the derivative by each input is that of differences.
func TestForwardRows(t *testing.T) {
	rng := seeded(5)
	plane := Spec{In: 2, Harmonics: 3, Hidden: []int{8}, Out: 2, Act: SiLU}
	m, w, v, at := drawn[float64](plane, 1), NewWorkspace[float64](plane), NewWorkspace[float64](plane), scatter(rng, 9)
	m.Forward(w, at)
	for i := range v.In {
		v.In[i] = 99 // what an earlier block left
	}
	for i, y := range at {
		v.In[i], v.In[Block+i] = y.X, y.Y
	}
	m.ForwardRows(v, len(at))
	for i := range w.Out {
		if w.Out[i] != v.Out[i] {
			t.Fatalf("output %d is %v from rows and %v from points", i, v.Out[i], w.Out[i])
		}
	}

	code := Spec{In: 5, Hidden: []int{7, 6}, Out: 1, Act: Tanh}
	m, w = drawn[float64](code, 2), NewWorkspace[float64](code)
	z := make([]float64, 5)
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	value := func(z []float64) float64 {
		for i, v := range z {
			w.In[i*Block] = v
		}
		m.ForwardRows(w, 1)
		return w.Out[0]
	}
	value(z)
	w.DOut[0] = 1
	m.Backward(w, nil, true)
	slopes := make([]float64, 5)
	for i := range slopes {
		slopes[i] = w.DIn[i*Block]
	}
	numeric := fd.Gradient(nil, value, z, &fd.Settings{Formula: fd.Central, Step: 1e-6})
	for i := range z {
		if math.Abs(slopes[i]-numeric[i]) > 1e-8 {
			t.Errorf("∂out/∂z[%d] = %v, differences give %v", i, slopes[i], numeric[i])
		}
	}
}

// TestResidual compares ‖y - r(y)‖² and its slope with r itself and with differences.
func TestResidual(t *testing.T) {
	m, at := drawn[float64](Spec{In: 2, Harmonics: 2, Hidden: []int{9}, Out: 2, Act: Tanh}, 4), scatter(seeded(6), 2*Block+3)
	e, g, r := make([]float64, len(at)), make([]r2.Vec, len(at)), make([]r2.Vec, len(at))
	m.Residual(e, at)
	m.ResidualGrad(g, at)
	m.Map(r, at)
	energy := func(y []float64) float64 {
		var e [1]float64
		m.Residual(e[:], []r2.Vec{{X: y[0], Y: y[1]}})
		return e[0]
	}
	for i, y := range at {
		if want := r2.Norm2(r2.Sub(y, r[i])); e[i] != want {
			t.Fatalf("the residual at %v is %v, want %v", y, e[i], want)
		}
		want := fd.Gradient(nil, energy, []float64{y.X, y.Y}, &fd.Settings{Formula: fd.Central, Step: 1e-6})
		if off := math.Hypot(g[i].X-want[0], g[i].Y-want[1]); off > 1e-7 {
			t.Fatalf("its slope at %v is %v, differences give %v", y, g[i], want)
		}
	}
}
