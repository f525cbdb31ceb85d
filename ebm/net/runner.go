package net

import (
	"fmt"

	"ebmviz/ebm"
	"ebmviz/ebm/net/internal/kernel"
	"gonum.org/v1/gonum/spatial/r2"
)

// chunks bounds the pieces of work that a Runner passes to a For, and with it the memory
// for partial gradients. It is a constant, so that sums do not depend on the machine.
const chunks = 32

// Runner evaluates a network, and its gradients, at any number of points. The points are cut into blocks, the
// blocks, in order, into at most 32 chunks, which run under an [ebm.For], each with a
// workspace and a partial gradient of its own. The partial gradients are added up in the
// order of the chunks, so no result depends on the number of cores.
//
// One goroutine owns a Runner; its For may be parallel. A Runner grows on demand and
// allocates nothing after that.
type Runner[T Float] struct {
	spec    Spec
	params  int
	set     *kernel.Set[T]
	workers []*worker[T]
	run     func(chunk int) // t.chunk, bound once: binding allocates

	// The work at hand.
	m      *MLP[T]
	n      int // points
	blocks int
	parts  int // chunks
	grad   []T // nil: no parameter gradient is wanted
	body   func(w *Workspace[T], grad []T, lo, hi int)

	// What the bodies below are given.
	energies, weights []float64
	g, at             []r2.Vec
	weigh             func(i int, e float64) float64

	energy, energyGrad, accumulate, forward, backward func(w *Workspace[T], grad []T, lo, hi int)

	kept []float64 // the energies that Accumulate returns
}

// worker is the memory of one chunk.
type worker[T Float] struct {
	w    *Workspace[T]
	grad []T
}

// NewRunner returns a Runner for networks of that shape.
func NewRunner[T Float](s Spec) *Runner[T] {
	t := &Runner[T]{spec: s, params: s.Params(), set: kernel.For[T]()}
	t.run = t.chunk
	t.energy, t.energyGrad, t.accumulate = t.energyBlock, t.energyGradBlock, t.accumulateBlock
	t.forward, t.backward = t.forwardBlock, t.backwardBlock
	return t
}

// Blocks cuts n points into blocks and calls body for each with the range [lo, hi) of its
// points, a workspace that no other call uses meanwhile, and a partial gradient to add
// to. It then adds the partial gradients to grad. With grad nil body is given nil.
func (t *Runner[T]) Blocks(f ebm.For, n int, body func(w *Workspace[T], grad []T, lo, hi int), m *MLP[T], grad []T) {
	if n == 0 {
		return
	}
	if len(m.params) != t.params || grad != nil && len(grad) != t.params {
		panic(fmt.Sprintf("net: a Runner for %d parameters got a network of %d and a gradient of %d", t.params, len(m.params), len(grad)))
	}
	t.m, t.n, t.body, t.grad = m, n, body, grad
	t.blocks = (n + Block - 1) / Block
	t.parts = min(t.blocks, chunks)
	for len(t.workers) < t.parts {
		t.workers = append(t.workers, &worker[T]{w: NewWorkspace[T](t.spec), grad: make([]T, t.params)})
	}
	f(t.parts, t.run)
	if grad != nil {
		for _, p := range t.workers[:t.parts] {
			t.set.Add(grad, p.grad)
		}
	}
	t.m, t.body, t.grad = nil, nil, nil
}

// chunk runs the blocks of one chunk, one after the other.
func (t *Runner[T]) chunk(c int) {
	p := t.workers[c]
	var grad []T
	if t.grad != nil {
		grad = p.grad
		clear(grad)
	}
	for b := c * t.blocks / t.parts; b < (c+1)*t.blocks/t.parts; b++ {
		t.body(p.w, grad, b*Block, min((b+1)*Block, t.n))
	}
}

// Energy writes E(at[i]) to dst[i].
func (t *Runner[T]) Energy(f ebm.For, m *MLP[T], dst []float64, at []r2.Vec) {
	t.energies, t.at = dst[:len(at)], at
	t.Blocks(f, len(at), t.energy, m, nil)
}

func (t *Runner[T]) energyBlock(w *Workspace[T], _ []T, lo, hi int) {
	t.m.forward(w, t.at[lo:hi], false)
	t.set.Widen(t.energies[lo:hi], w.Out)
}

// EnergyGrad writes ∂E/∂y at at[i] to g[i] and, unless e is nil, E(at[i]) to e[i]. g may be at.
func (t *Runner[T]) EnergyGrad(f ebm.For, m *MLP[T], e []float64, g, at []r2.Vec) {
	t.energies, t.g, t.at = e, g[:len(at)], at
	t.Blocks(f, len(at), t.energyGrad, m, nil)
}

func (t *Runner[T]) energyGradBlock(w *Workspace[T], _ []T, lo, hi int) {
	e := t.energies
	if e != nil {
		e = e[lo:hi]
	}
	t.m.EnergyGrad(w, e, t.g[lo:hi], t.at[lo:hi])
}

// Accumulate takes the points forward and back once, each with the weight that weigh
// makes of its index and energy:
//
//	grad += Σ_i weigh(i, E(at[i])) ∂E(at[i])/∂θ
//
// weigh may be called from several goroutines. The energies that Accumulate returns are
// valid until the next call.
func (t *Runner[T]) Accumulate(f ebm.For, m *MLP[T], grad []T, at []r2.Vec, weigh func(i int, e float64) float64) []float64 {
	if cap(t.kept) < len(at) {
		t.kept = make([]float64, len(at))
	}
	t.kept = t.kept[:len(at)]
	t.energies, t.at, t.weigh, t.weights = t.kept, at, weigh, nil
	t.Blocks(f, len(at), t.accumulate, m, grad)
	return t.kept
}

// AccumulateFixed is Accumulate for weights known beforehand, one for each point.
func (t *Runner[T]) AccumulateFixed(f ebm.For, m *MLP[T], grad []T, at []r2.Vec, weights []float64) {
	t.energies, t.at, t.weigh, t.weights = nil, at, nil, weights[:len(at)]
	t.Blocks(f, len(at), t.accumulate, m, grad)
}

func (t *Runner[T]) accumulateBlock(w *Workspace[T], grad []T, lo, hi int) {
	t.m.forward(w, t.at[lo:hi], true)
	for i := range hi - lo {
		if t.weigh == nil {
			w.DOut[i] = T(t.weights[lo+i])
			continue
		}
		e := float64(w.Out[i])
		t.energies[lo+i] = e
		w.DOut[i] = T(t.weigh(lo+i, e))
	}
	t.m.Backward(w, grad, false)
}

// Forward is Energy before a Backward: weights that depend on all energies, as those of a
// Gibbs density do, are known only then.
func (t *Runner[T]) Forward(f ebm.For, m *MLP[T], dst []float64, at []r2.Vec) {
	t.energies, t.at = dst[:len(at)], at
	t.Blocks(f, len(at), t.forward, m, nil)
}

func (t *Runner[T]) forwardBlock(w *Workspace[T], _ []T, lo, hi int) {
	t.m.forward(w, t.at[lo:hi], true)
	for i := range hi - lo {
		t.energies[lo+i] = float64(w.Out[i])
	}
}

// Backward adds the gradient of the energies that the last Forward found, of the same
// network and at the same points, each with its weight:
//
//	grad += Σ_i weights[i] ∂E(at[i])/∂θ
//
// The Runner must not be used otherwise in between.
func (t *Runner[T]) Backward(f ebm.For, m *MLP[T], grad []T, weights []float64) {
	t.weights = weights[:len(t.at)]
	t.Blocks(f, len(t.at), t.backward, m, grad)
}

// backwardBlock finds the workspace as forwardBlock left it, unless other blocks have
// gone through it since.
func (t *Runner[T]) backwardBlock(w *Workspace[T], grad []T, lo, hi int) {
	if t.blocks > t.parts {
		t.m.forward(w, t.at[lo:hi], true)
	}
	for i, v := range t.weights[lo:hi] {
		w.DOut[i] = T(v)
	}
	t.m.Backward(w, grad, false)
}
