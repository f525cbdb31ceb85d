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
	k.Int(&s.Harmonics, "harmonics", `k_{\max}`, 0, 10,
		"How fine the waves are that the network sees. 0: only the raw coordinates, and the landscape stays a smooth blob. 4: it follows the spiral. Above 8: wiggles that no data ask for.", ebm.Restarts)
	k.Int(&s.Width, "width", "H", 4, 128,
		"Units in each hidden layer. Few: blunt valleys that cannot bend enough. Many: sharper valleys, slower steps.", ebm.OnLog2, ebm.Restarts)
	k.Int(&s.Layers, "layers", `\ell`, 1, 4,
		"Hidden layers. 1: the shape comes out, with a wavier rim. More: sharper turns, slower steps, and a start that takes longer to get going.", ebm.Restarts)
	k.Choice(&s.Activation, "activation", `\phi`, net.Activations(),
		"The bend in every unit. silu and softplus: smooth hills. tanh: plateaus. relu: folded paper, contours become polygons.", ebm.Restarts)
}

// Spec returns a network of that shape with so many inputs and outputs.
func (s Shape) Spec(in, out int) net.Spec {
	return net.Spec{In: in, Harmonics: s.Harmonics, Hidden: slices.Repeat([]int{s.Width}, s.Layers), Out: out, Act: net.Activation(s.Activation)}
}
