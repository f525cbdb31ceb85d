package net

import (
	"math"

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
	spare  chan *Workspace[T] // for Energy, Grad and Map
}

// New returns a network of that shape with all parameters zero.
func New[T Float](s Spec) *MLP[T] { return Over(s, make([]T, s.Params())) }

// Over returns a network of that shape whose parameters are the given memory, of length
// s.Params(), in the order of [MLP.Params].
func Over[T Float](s Spec, params []T) *MLP[T] {
	return &MLP[T]{
		spec: s, act: s.activation(), layers: s.layers(), params: params[:s.Params():s.Params()],
		set: kernel.For[T](), spare: make(chan *Workspace[T], 64),
	}
}

// AcquireWorkspace returns a workspace that no other caller uses. It allocates one only if
// all are in use.
func (m *MLP[T]) AcquireWorkspace() *Workspace[T] {
	select {
	case w := <-m.spare:
		return w
	default:
		return NewWorkspace[T](m.spec)
	}
}

// ReleaseWorkspace makes a workspace available to the next caller of AcquireWorkspace.
func (m *MLP[T]) ReleaseWorkspace(w *Workspace[T]) {
	select {
	case m.spare <- w:
	default:
	}
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
