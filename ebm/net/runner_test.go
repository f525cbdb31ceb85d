package net

import (
	"slices"
	"sync"
	"testing"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// parallel is a For that runs its bodies all at once, last first.
func parallel(n int, body func(i int)) {
	var all sync.WaitGroup
	for i := n - 1; i >= 0; i-- {
		all.Go(func() { body(i) })
	}
	all.Wait()
}

// TestOrder makes sure that nothing depends on how many calls run at once, to the bit.
func TestOrder(t *testing.T) {
	for _, n := range []int{1, 64, 65, 500, 64*chunks + 1, 5000} {
		type result struct {
			e, kept []float64
			g       []r2.Vec
			grad    []float32
		}
		run := func(f ebm.For) (r result) {
			m, at := drawn[float32](shapes[0], 1), scatter(seeded(2), n)
			runner := NewRunner[float32](m.spec)
			r.e, r.g, r.grad = make([]float64, n), make([]r2.Vec, n), make([]float32, len(m.params))
			runner.EnergyGrad(f, m, r.e, r.g, at)
			r.kept = runner.Accumulate(f, m, r.grad, at, func(i int, e float64) float64 { return e / float64(i+1) })
			return r
		}
		a, b := run(ebm.Serial), run(parallel)
		for i := range a.e {
			if a.e[i] != b.e[i] || a.g[i] != b.g[i] || a.kept[i] != a.e[i] || b.kept[i] != a.e[i] {
				t.Fatalf("%d points: point %d differs", n, i)
			}
		}
		for i := range a.grad {
			if a.grad[i] != b.grad[i] {
				t.Fatalf("%d points: the gradient differs at %d: %v, %v", n, i, a.grad[i], b.grad[i])
			}
		}
	}
}

// TestRunner compares a Runner with one point at a time.
func TestRunner(t *testing.T) {
	s := Spec{In: 2, Harmonics: 2, Hidden: []int{6, 5}, Out: 1, Act: SiLU}
	m, runner := drawn[float64](s, 3), NewRunner[float64](s)
	weight := func(i int, e float64) float64 { return .1 + e*float64(i%7) }
	for _, n := range []int{0, 3, 64, 200, 64 * (chunks + 3), 130} {
		at := scatter(seeded(4), n)
		e, g := make([]float64, n), make([]r2.Vec, n)
		weights := make([]float64, n)
		want, w := make([]float64, len(m.params)), NewWorkspace[float64](s)
		for i := range at {
			m.EnergyGrad(w, e[i:], g[i:], at[i:i+1])
			weights[i] = weight(i, e[i])
			w.DOut[0] = weights[i]
			m.Backward(w, want, false)
		}
		fast, slope, moved := make([]float64, n), make([]r2.Vec, n), append([]r2.Vec(nil), at...)
		runner.Energy(ebm.Serial, m, fast, at)
		runner.EnergyGrad(ebm.Serial, m, nil, slope, at)
		runner.EnergyGrad(ebm.Serial, m, nil, moved, moved)
		for i := range at {
			if fast[i] != e[i] || slope[i] != g[i] || moved[i] != g[i] {
				t.Fatalf("%d points: point %d has %v, %v, %v; alone %v, %v", n, i, fast[i], slope[i], moved[i], e[i], g[i])
			}
		}
		grad, fixed := make([]float64, len(want)), make([]float64, len(want))
		grad[0] = 5 // what is there is added to
		kept := runner.Accumulate(ebm.Serial, m, grad, at, weight)
		grad[0] -= 5
		if len(kept) != n {
			t.Fatalf("%d points: %d energies", n, len(kept))
		}
		runner.AccumulateFixed(ebm.Serial, m, fixed, at, weights)
		ahead, back := make([]float64, n), make([]float64, len(want))
		runner.Forward(parallel, m, ahead, at)
		runner.Backward(parallel, m, back, weights)
		if !slices.Equal(ahead, fast) || !slices.Equal(back, fixed) {
			t.Fatalf("%d points: Forward and Backward differ from Energy and AccumulateFixed", n)
		}
		for i := range want {
			if !close2(grad[i], want[i], 1e-11) || !close2(fixed[i], want[i], 1e-11) {
				t.Fatalf("%d points: ∂/∂θ[%d] = %v and %v; one by one %v", n, i, grad[i], fixed[i], want[i])
			}
		}
	}
}

// TestBlocks makes sure that the blocks cover the points once, in blocks of at most Block.
func TestBlocks(t *testing.T) {
	s := shapes[0]
	m, runner := New[float32](s), NewRunner[float32](s)
	for _, n := range []int{0, 1, 64, 65, 64*chunks + 7, 9000} {
		seen, blocks := make([]int, n), sync.Map{}
		grad := make([]float32, len(m.params))
		runner.Blocks(parallel, n, func(w *Workspace[float32], part []float32, lo, hi int) {
			if lo%Block != 0 || hi-lo > Block || hi <= lo {
				t.Errorf("a block from %d to %d", lo, hi)
			}
			for i := lo; i < hi; i++ {
				seen[i]++
			}
			part[0]++
			blocks.Store(lo, true)
		}, m, grad)
		for i, c := range seen {
			if c != 1 {
				t.Fatalf("%d points: point %d is seen %d times", n, i, c)
			}
		}
		if want := float32((n + Block - 1) / Block); grad[0] != want {
			t.Errorf("%d points: partial gradients add up to %v, want %v", n, grad[0], want)
		}
	}
}

// TestAllocs makes sure that a step allocates nothing once the memory is there.
func TestAllocs(t *testing.T) {
	s := shapes[0]
	m, runner, at := drawn[float32](s, 5), NewRunner[float32](s), scatter(seeded(6), 300)
	e, g, grad, avg := make([]float64, len(at)), make([]r2.Vec, len(at)), make([]float32, len(m.params)), make([]float32, len(m.params))
	o, ema := NewOptim[float32](len(grad)), EMA[float32]{}
	weigh := func(int, float64) float64 { return 1 }
	for name, body := range map[string]func(){
		"Energy":                 func() { m.Energy(e, at) },
		"Grad":                   func() { m.Grad(g, at) },
		"Runner.Energy":          func() { runner.Energy(ebm.Serial, m, e, at) },
		"Runner.EnergyGrad":      func() { runner.EnergyGrad(ebm.Serial, m, e, g, at) },
		"Runner.Accumulate":      func() { runner.Accumulate(ebm.Serial, m, grad, at, weigh) },
		"Runner.AccumulateFixed": func() { runner.AccumulateFixed(ebm.Serial, m, grad, at, e) },
		"Runner.Backward": func() {
			runner.Forward(ebm.Serial, m, e, at)
			runner.Backward(ebm.Serial, m, grad, e)
		},
		"Step": func() {
			for _, kind := range Optimisers() {
				o.Step(Optimiser(kind), m.Params(), grad, 1e-3, 10)
			}
			ema.Update(avg, m.Params())
		},
	} {
		if n := testing.AllocsPerRun(50, body); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

// TestAligned makes sure that the rows of a workspace begin at cache lines.
func TestAligned(t *testing.T) {
	for _, s := range shapes {
		w := NewWorkspace[float32](s)
		for _, x := range append([][]float32{w.DOut, w.DIn, w.ones, w.delta[0], w.delta[1]}, append(w.x, w.slope...)...) {
			if address(x)%64 != 0 {
				t.Fatalf("%+v: a matrix begins at %x", s, address(x))
			}
		}
	}
}
