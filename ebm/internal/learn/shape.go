package learn

import (
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

// Shape is the shape of a network as its knobs say.
type Shape struct {
	Width, Layers, Harmonics int
	Activation               string
}

// DefaultShape has 4 harmonics and two hidden layers of 32 SiLU.
func DefaultShape() Shape {
	return Shape{Width: 32, Layers: 2, Harmonics: 4, Activation: string(net.SiLU)}
}

// Knobs declares the knobs of the shape.
func (s *Shape) Knobs(k *ebm.Knobs) {
	k.Int(&s.Harmonics, "harmonics", `k_{\mathrm{max}}`, 0, 10,
		"How many Fourier features the network gets. 0: the raw coordinates only, and the landscape stays a smooth blob. 4: it fits the spiral. Above 8: ripples where there are no data.", ebm.Restarts)
	k.Int(&s.Width, "width", "H", 4, 128,
		"Units in each hidden layer. Few: wide valleys that cannot bend enough. Many: sharper valleys, slower steps.", ebm.OnLog2, ebm.Restarts)
	k.Int(&s.Layers, "layers", `\ell`, 1, 4,
		"Hidden layers. 1: the shape is learnt, with a wavy rim. More: sharper turns, slower steps, and a slower start.", ebm.Restarts)
	k.Choice(&s.Activation, "activation", `\phi`, net.Activations(),
		"The nonlinearity of every unit. silu and softplus: smooth hills. tanh: plateaus. relu: flat facets, contours become polygons.", ebm.Restarts)
}

// Spec returns a network of that shape with so many inputs and outputs.
func (s Shape) Spec(in, out int) net.Spec {
	return net.Spec{In: in, Harmonics: s.Harmonics, Hidden: slices.Repeat([]int{s.Width}, s.Layers), Out: out, Act: net.Activation(s.Activation)}
}
