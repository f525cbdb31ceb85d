package net

import (
	"math"
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/net/internal/kernel"
	"ebmviz/ebm/net/internal/kernel/poly"
)

// Optimiser names a rule of descent.
type Optimiser string

const (
	Adam     Optimiser = "adam"
	SGD      Optimiser = "sgd"
	Momentum Optimiser = "momentum"
)

// Optimisers lists the names, the default first.
func Optimisers() []string { return []string{string(Adam), string(SGD), string(Momentum)} }

// momentumDecay is the constant of the momentum rule.
const momentumDecay = 0.9

// Optim moves a flat slice of parameters down a gradient. It keeps the moments of the
// gradient and counts its steps t.
//
//	adam      m ← β1 m + (1-β1) g,  v ← β2 v + (1-β2) g²,  θ ← θ - lr m̂/(√v̂ + ε)
//	          with m̂ = m/(1-β1^t), v̂ = v/(1-β2^t); β1 = 0.9, β2 = 0.999, ε = 1e-8
//	sgd       θ ← θ - lr g
//	momentum  m ← 0.9 m + g,  θ ← θ - lr m
//
// Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015.
type Optim[T Float] struct {
	kind Optimiser // of the last step
	t    int
	m, v []T
	set  *kernel.Set[T]
}

// NewOptim returns an Optim for n parameters.
func NewOptim[T Float](n int) *Optim[T] {
	return &Optim[T]{m: make([]T, n), v: make([]T, n), set: kernel.For[T]()}
}

// restart clears the moments and sets t to 0.
func (o *Optim[T]) restart() {
	o.kind, o.t = "", 0
	clear(o.m)
	clear(o.v)
}

// Rate returns the learning rate after t steps: lr max(0.05, 1/(1 + t/300)).
func Rate(lr float64, t int) float64 { return lr * max(0.05, 1/(1+float64(t)/300)) }

// Step moves params by one step of the rate lr. A gradient longer than clip is first
// scaled to that length, in place (clip <= 0: never). A change of rule from one step to
// the next restarts, because the moments have another meaning.
func (o *Optim[T]) Step(kind Optimiser, params, grad []T, lr, clip float64) {
	if kind != o.kind {
		o.restart()
		o.kind = kind
	}
	clipNorm(grad, clip)
	o.t++
	switch kind {
	case Adam:
		o.adam(params, grad, lr)
	case Momentum:
		for i, g := range grad {
			o.m[i] = momentumDecay*o.m[i] + g
			params[i] -= T(lr) * o.m[i]
		}
	default:
		for i, g := range grad {
			params[i] -= T(lr) * g
		}
	}
}

func (o *Optim[T]) adam(params, grad []T, lr float64) {
	t := float64(o.t)
	rate := T(lr / (1 - math.Pow(poly.Beta1, t)))
	unbias := T(1 / (1 - math.Pow(poly.Beta2, t)))
	o.set.Adam(params, o.m, o.v, grad, rate, unbias)
}

// clipNorm scales g to the length limit if it is longer.
func clipNorm[T Float](g []T, limit float64) {
	if limit <= 0 {
		return
	}
	var a, b, c, d float64 // one sum alone would wait for itself
	rest := g
	for ; len(rest) >= 4; rest = rest[4:] {
		a += float64(rest[0]) * float64(rest[0])
		b += float64(rest[1]) * float64(rest[1])
		c += float64(rest[2]) * float64(rest[2])
		d += float64(rest[3]) * float64(rest[3])
	}
	for _, v := range rest {
		a += float64(v) * float64(v)
	}
	if norm := math.Sqrt(a + b + c + d); norm > limit {
		scale := T(limit / norm)
		for i := range g {
			g[i] *= scale
		}
	}
}

// Tensors names the moments "m" and "v", the count "t" and the rule "kind" (its place
// among Optimisers, -1 before the first step), each with prefix in front.
func (o *Optim[T]) Tensors(prefix string) map[string]ebm.Tensor {
	return map[string]ebm.Tensor{
		prefix + "m":    {Shape: []int{len(o.m)}, Values: widen(o.m)},
		prefix + "v":    {Shape: []int{len(o.v)}, Values: widen(o.v)},
		prefix + "t":    ebm.Scalar(float64(o.t)),
		prefix + "kind": ebm.Scalar(float64(slices.Index(Optimisers(), string(o.kind)))),
	}
}

// SetTensors reads back what Tensors named. An error names the tensor that does not fit,
// and o is then as it was.
func (o *Optim[T]) SetTensors(prefix string, from map[string]ebm.Tensor) error {
	m, err := fetch[T](from, prefix+"m", len(o.m))
	if err != nil {
		return err
	}
	v, err := fetch[T](from, prefix+"v", len(o.v))
	if err != nil {
		return err
	}
	t, err := count(from, prefix+"t", 0, math.MaxInt32)
	if err != nil {
		return err
	}
	kind, err := count(from, prefix+"kind", -1, len(Optimisers())-1)
	if err != nil {
		return err
	}
	o.kind, o.t = "", t
	if kind >= 0 {
		o.kind = Optimiser(Optimisers()[kind])
	}
	copy(o.m, m)
	copy(o.v, v)
	return nil
}
