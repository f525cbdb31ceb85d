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
	run     func(chunk int) // r.chunk, bound once: binding allocates

	// The present call of Blocks.
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
	r := &Runner[T]{spec: s, params: s.Params(), set: kernel.For[T]()}
	r.run = r.chunk
	r.energy, r.energyGrad, r.accumulate = r.energyBlock, r.energyGradBlock, r.accumulateBlock
	r.forward, r.backward = r.forwardBlock, r.backwardBlock
	return r
}

// Blocks cuts n points into blocks and calls body for each with the range [lo, hi) of its
// points, a workspace that no other call uses meanwhile, and a partial gradient to add
// to. It then adds the partial gradients to grad. With grad nil body is given nil.
func (r *Runner[T]) Blocks(f ebm.For, n int, body func(w *Workspace[T], grad []T, lo, hi int), m *MLP[T], grad []T) {
	if n == 0 {
		return
	}
	if len(m.params) != r.params || grad != nil && len(grad) != r.params {
		panic(fmt.Sprintf("net: a Runner for %d parameters got a network of %d and a gradient of %d", r.params, len(m.params), len(grad)))
	}
	r.m, r.n, r.body, r.grad = m, n, body, grad
	r.blocks = (n + Block - 1) / Block
	r.parts = min(r.blocks, chunks)
	for len(r.workers) < r.parts {
		r.workers = append(r.workers, &worker[T]{w: NewWorkspace[T](r.spec), grad: make([]T, r.params)})
	}
	f(r.parts, r.run)
	if grad != nil {
		for _, p := range r.workers[:r.parts] {
			r.set.Add(grad, p.grad)
		}
	}
	r.m, r.body, r.grad = nil, nil, nil
}

// chunk runs the blocks of one chunk, one after the other.
func (r *Runner[T]) chunk(c int) {
	p := r.workers[c]
	var grad []T
	if r.grad != nil {
		grad = p.grad
		clear(grad)
	}
	for b := c * r.blocks / r.parts; b < (c+1)*r.blocks/r.parts; b++ {
		r.body(p.w, grad, b*Block, min((b+1)*Block, r.n))
	}
}

// Energy writes E(at[i]) to dst[i].
func (r *Runner[T]) Energy(f ebm.For, m *MLP[T], dst []float64, at []r2.Vec) {
	r.energies, r.at = dst[:len(at)], at
	r.Blocks(f, len(at), r.energy, m, nil)
}

func (r *Runner[T]) energyBlock(w *Workspace[T], _ []T, lo, hi int) {
	r.m.forward(w, r.at[lo:hi], false)
	r.set.Widen(r.energies[lo:hi], w.Out)
}

// EnergyGrad writes ∂E/∂y at at[i] to g[i] and, unless e is nil, E(at[i]) to e[i]. g may be at.
func (r *Runner[T]) EnergyGrad(f ebm.For, m *MLP[T], e []float64, g, at []r2.Vec) {
	r.energies, r.g, r.at = e, g[:len(at)], at
	r.Blocks(f, len(at), r.energyGrad, m, nil)
}

func (r *Runner[T]) energyGradBlock(w *Workspace[T], _ []T, lo, hi int) {
	e := r.energies
	if e != nil {
		e = e[lo:hi]
	}
	r.m.EnergyGrad(w, e, r.g[lo:hi], r.at[lo:hi])
}

// Accumulate takes the points forward and back once, each with the weight that weigh
// makes of its index and energy:
//
//	grad += Σ_i weigh(i, E(at[i])) ∂E(at[i])/∂θ
//
// weigh may be called from several goroutines. The energies that Accumulate returns are
// valid until the next call.
func (r *Runner[T]) Accumulate(f ebm.For, m *MLP[T], grad []T, at []r2.Vec, weigh func(i int, e float64) float64) []float64 {
	if cap(r.kept) < len(at) {
		r.kept = make([]float64, len(at))
	}
	r.kept = r.kept[:len(at)]
	r.energies, r.at, r.weigh, r.weights = r.kept, at, weigh, nil
	r.Blocks(f, len(at), r.accumulate, m, grad)
	return r.kept
}

// AccumulateFixed is Accumulate for weights known beforehand, one for each point.
func (r *Runner[T]) AccumulateFixed(f ebm.For, m *MLP[T], grad []T, at []r2.Vec, weights []float64) {
	r.energies, r.at, r.weigh, r.weights = nil, at, nil, weights[:len(at)]
	r.Blocks(f, len(at), r.accumulate, m, grad)
}

func (r *Runner[T]) accumulateBlock(w *Workspace[T], grad []T, lo, hi int) {
	r.m.forward(w, r.at[lo:hi], true)
	for i := range hi - lo {
		if r.weigh == nil {
			w.DOut[i] = T(r.weights[lo+i])
			continue
		}
		e := float64(w.Out[i])
		r.energies[lo+i] = e
		w.DOut[i] = T(r.weigh(lo+i, e))
	}
	r.m.Backward(w, grad, false)
}

// Forward is Energy before a Backward: weights that depend on all energies, as those of a
// Gibbs density do, are known only then.
func (r *Runner[T]) Forward(f ebm.For, m *MLP[T], dst []float64, at []r2.Vec) {
	r.energies, r.at = dst[:len(at)], at
	r.Blocks(f, len(at), r.forward, m, nil)
}

func (r *Runner[T]) forwardBlock(w *Workspace[T], _ []T, lo, hi int) {
	r.m.forward(w, r.at[lo:hi], true)
	for i := range hi - lo {
		r.energies[lo+i] = float64(w.Out[i])
	}
}

// Backward adds the gradient of the energies that the last Forward found, of the same
// network and at the same points, each with its weight:
//
//	grad += Σ_i weights[i] ∂E(at[i])/∂θ
//
// The Runner must not be used otherwise in between.
func (r *Runner[T]) Backward(f ebm.For, m *MLP[T], grad []T, weights []float64) {
	r.weights = weights[:len(r.at)]
	r.Blocks(f, len(r.at), r.backward, m, grad)
}

// backwardBlock finds the workspace as forwardBlock left it, unless other blocks have
// gone through it since.
func (r *Runner[T]) backwardBlock(w *Workspace[T], grad []T, lo, hi int) {
	if r.blocks > r.parts {
		r.m.forward(w, r.at[lo:hi], true)
	}
	for i, v := range r.weights[lo:hi] {
		w.DOut[i] = T(v)
	}
	r.m.Backward(w, grad, false)
}
