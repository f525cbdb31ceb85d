package net

import (
	"fmt"
	"math"
	"sync"

	"ebmviz/ebm"
	"ebmviz/ebm/net/internal/kernel"
)

// MLP is a multi-layer perceptron on Fourier features of a point of the plane:
//
//	φ(y) = [y, sin(c y), cos(c y), sin(2c y), cos(2c y), …],  c = π/(2L)
//	x ← act(W x + b) for each hidden layer, then W x + b
//
// One goroutine owns it. The methods that evaluate may run concurrently with each other
// while nothing changes the parameters.
type MLP[T Float] struct {
	spec   Spec
	layers []layer
	act    kernel.Activation
	params []T
	set    *kernel.Set[T]
	spare  sync.Pool // of *Workspace[T], for Energy, Grad and Map
}

// New returns a network of that shape with all parameters zero.
func New[T Float](s Spec) *MLP[T] {
	m := &MLP[T]{spec: s, act: s.activation(), layers: s.layers(), params: make([]T, s.Params()), set: kernel.For[T]()}
	m.spare.New = func() any { return NewWorkspace[T](s) }
	return m
}

// Init draws all parameters anew, layer by layer, W then b, each uniform on ±1/√fan_in.
func (m *MLP[T]) Init(rng ebm.Rand) {
	for _, l := range m.layers {
		bound := 1 / math.Sqrt(float64(l.in))
		part := m.params[l.w : l.b+l.out]
		for i := range part {
			part[i] = T(bound * (2*rng.Float64() - 1))
		}
	}
}

// Spec returns the shape.
func (m *MLP[T]) Spec() Spec { return m.spec }

// Params returns the parameters themselves, not a copy: layer by layer W [out,in], row
// after row, then b [out].
func (m *MLP[T]) Params() []T { return m.params }

// Tensors names the parts of a slice laid out as Params: "layer0.W" [out,in], "layer0.b"
// [out] and so on, each with prefix in front.
func (m *MLP[T]) Tensors(prefix string, params []T) map[string]ebm.Tensor {
	all := make(map[string]ebm.Tensor, 2*len(m.layers))
	for i, l := range m.layers {
		name := fmt.Sprintf("%slayer%d.", prefix, i)
		all[name+"W"] = ebm.Tensor{Shape: []int{l.out, l.in}, Values: widen(params[l.w:l.b])}
		all[name+"b"] = ebm.Tensor{Shape: []int{l.out}, Values: widen(params[l.b : l.b+l.out])}
	}
	return all
}

// SetTensors reads back what Tensors named. An error names the tensor that does not fit,
// and params is then as it was.
func (m *MLP[T]) SetTensors(prefix string, params []T, from map[string]ebm.Tensor) error {
	fresh := make([]T, 0, len(m.params))
	for i, l := range m.layers {
		name := fmt.Sprintf("%slayer%d.", prefix, i)
		w, err := ebm.Fetch(from, name+"W", l.out, l.in)
		if err != nil {
			return err
		}
		b, err := ebm.Fetch(from, name+"b", l.out)
		if err != nil {
			return err
		}
		fresh = narrow(narrow(fresh, w.Values), b.Values)
	}
	copy(params, fresh)
	return nil
}

// widen copies numbers to float64, which loses nothing.
func widen[T Float](x []T) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// narrow appends x to dst.
func narrow[T Float](dst []T, x []float64) []T {
	for _, v := range x {
		dst = append(dst, T(v))
	}
	return dst
}
