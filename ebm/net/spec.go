package net

import (
	"fmt"

	"ebmviz/ebm"
	"ebmviz/ebm/net/internal/kernel"
)

// Float is the type of the parameters: float32 runs, float64 is checked.
type Float = kernel.Float

// Block is the number of points that a Workspace takes at once.
const Block = kernel.Block

// Activation names the nonlinearity between the layers; the last layer is linear.
type Activation string

const (
	SiLU     Activation = "silu"     // z/(1 + e^-z)
	Tanh     Activation = "tanh"     // tanh z
	Softplus Activation = "softplus" // log(1 + e^z)
	ReLU     Activation = "relu"     // max(z, 0): contours become polygons
)

// Activations lists the names, the default first.
func Activations() []string {
	return []string{string(SiLU), string(Tanh), string(Softplus), string(ReLU)}
}

// Spec is the shape of a network.
type Spec struct {
	In        int        // coordinates of a point: 2, or 1 for the first alone; more only without harmonics, by ForwardRows
	Harmonics int        // k_max of the Fourier features; 0 feeds the raw coordinates, and the network learns smooth blobs only
	Hidden    []int      // the widths of the hidden layers
	Out       int        // 1 for an energy, 2 for a point
	Act       Activation // after each hidden layer
}

// Features returns the number of inputs of the first layer, In (1 + 2 Harmonics).
func (s Spec) Features() int { return s.In * (1 + 2*s.Harmonics) }

// Params returns the number of parameters.
func (s Spec) Params() int {
	n := 0
	for _, l := range s.layers() {
		n += l.out*l.in + l.out
	}
	return n
}

// half is the half period of the first Fourier feature, c = π/half = π/(2L): the period
// is twice the box, so that nothing wraps around inside it.
const half = 2 * ebm.L

// layer is one affine map within the flat slice of parameters.
type layer struct {
	in, out int
	w, b    int // where W [out,in] and b [out] begin
}

// layers cuts the flat slice up: W then b, layer by layer.
func (s Spec) layers() []layer {
	list := make([]layer, 0, len(s.Hidden)+1)
	in, at := s.Features(), 0
	for i := range len(s.Hidden) + 1 {
		out := s.Out
		if i < len(s.Hidden) {
			out = s.Hidden[i]
		}
		list = append(list, layer{in, out, at, at + out*in})
		at += out*in + out
		in = out
	}
	return list
}

// activation returns the kernel's number of s.Act. It panics on a shape that no network
// can have: knobs have already been checked.
func (s Spec) activation() kernel.Activation {
	if s.In < 1 || s.In > 2 && s.Harmonics > 0 || s.Harmonics < 0 || s.Out < 1 {
		panic(fmt.Sprintf("net: no network has the shape %+v", s))
	}
	for _, w := range s.Hidden {
		if w < 1 {
			panic(fmt.Sprintf("net: no network has the shape %+v", s))
		}
	}
	switch s.Act {
	case SiLU:
		return kernel.SiLU
	case Tanh:
		return kernel.Tanh
	case Softplus:
		return kernel.Softplus
	case ReLU:
		return kernel.ReLU
	}
	panic(fmt.Sprintf("net: there is no activation %q", s.Act))
}

// Kernels names the float32 kernels in use: "avx512", "avx2", "neon" or "go". The environment
// variable EBMVIZ_KERNELS forces one.
func Kernels() string { return kernel.Fast.Name }
