package contrastive

import (
	"fmt"
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// network is a network that learns from batches: its shape and its optimiser as knobs,
// its weights, and the average of the weights, which is what is shown.
//
// State: Params holds the average, "layer0.W" [out, in], "layer0.b" [out] and so on; Train
// the weights ("raw.layer0.W", …), the optimiser ("optim.m", …), the average's length
// ("average.t") and the schedule ("schedule" [1] = steps since a knob last changed,
// "schedule.knobs" = the values of the knobs then).
type network[T net.Float] struct {
	width, layers, harmonics int
	activation, optimiser    string
	lr                       float64
	batch                    int

	limit float64 // the longest gradient of the weights that is followed; 0 is any

	data    []r2.Vec
	y       []r2.Vec // the batch
	mlp     *net.MLP[T]
	shown   *net.MLP[T] // with the average of the weights
	team    *net.Team[T]
	optim   *net.Optim[T]
	average net.EMA[T]
	grad    []T // ∂L/∂θ of the last step

	t      int       // steps since a knob last changed
	heeded []float64 // the knobs at the last step
}

// newNetwork returns the defaults: 4 harmonics, two hidden layers of 32 SiLU, Adam.
func newNetwork[T net.Float]() network[T] {
	return network[T]{
		width: 32, layers: 2, harmonics: 4, activation: string(net.SiLU),
		optimiser: string(net.Adam), lr: 1e-2, batch: 128, limit: 10,
	}
}

// rate declares the learning rate, which stands among the method's own knobs.
func (n *network[T]) rate(k *ebm.Knobs) {
	k.Float(&n.lr, "lr", `\alpha`, 1e-4, 1e-1,
		"How far each step moves the weights. Small: the map stays flat for long. Large: the landscape flickers, and with plain SGD its energies explode. "+
			"It decays by itself as learning goes on and starts again at the full rate whenever a knob is moved.", ebm.OnLog, ebm.Called("learning rate"))
}

// knobs declares the knobs of the network and its training, which follow the method's own.
func (n *network[T]) knobs(k *ebm.Knobs) {
	k.Int(&n.batch, "batch", "B", 8, 1024,
		"How many training points a step looks at. Few: fewer arrows, and a landscape that trembles. Many: calm and slower.", ebm.OnLog2)
	k.Choice(&n.optimiser, "optimiser", `\text{opt}`, net.Optimisers(),
		"adam: each weight has a rate of its own, and canyons are deep within seconds. momentum: the map rolls and overshoots. sgd: the plain gradient; slow at a small learning rate, and apt to blow up at a large one.")
	k.Int(&n.harmonics, "harmonics", `k_{\max}`, 0, 10,
		"How fine the waves are that the network sees. 0: only the raw coordinates, and the landscape stays a smooth blob. 4: it follows the spiral. Above 8: wiggles that no data ask for.", ebm.Restarts)
	k.Int(&n.width, "width", "H", 4, 128,
		"Units in each hidden layer. Few: blunt valleys that cannot bend enough. Many: sharper valleys, slower steps.", ebm.OnLog2, ebm.Restarts)
	k.Int(&n.layers, "layers", `\ell`, 1, 4,
		"Hidden layers. 1: broad shapes only. More: sharper turns, slower steps, and a start that takes longer to get going.", ebm.Restarts)
	k.Choice(&n.activation, "activation", `\phi`, net.Activations(),
		"The bend in every unit. silu and softplus: smooth hills. tanh: plateaus. relu: folded paper, contours become polygons.", ebm.Restarts)
}

// spec returns the shape that the knobs ask for.
func (n *network[T]) spec(out int) net.Spec {
	return net.Spec{In: 2, Harmonics: n.harmonics, Hidden: slices.Repeat([]int{n.width}, n.layers), Out: out, Act: net.Activation(n.activation)}
}

// begin makes a network of that shape with all weights 0, and forgets any earlier one.
func (n *network[T]) begin(s net.Spec, data []r2.Vec) {
	n.data = data
	n.mlp, n.shown = net.New[T](s), net.New[T](s)
	n.team, n.optim, n.average = net.NewTeam[T](s), net.NewOptim[T](s.Params()), net.EMA[T]{}
	n.grad = make([]T, s.Params())
	n.t, n.heeded = 0, nil
}

// randomise draws the weights; their average begins as a copy.
func (n *network[T]) randomise(rng ebm.Rand) {
	n.mlp.Init(rng)
	copy(n.shown.Params(), n.mlp.Params())
}

// draw draws the batch, with replacement, and makes the gradient zero.
func (n *network[T]) draw(rng ebm.Rand) {
	n.y = sized(n.y, n.batch)
	for i := range n.y {
		n.y[i] = n.data[rng.IntN(len(n.data))]
	}
	clear(n.grad)
}

// descend moves the weights down the gradient and their average after them. The rate is
//
//	lr·max(0.05, 1/(1 + t/300))
//
// where t counts the steps since one of the knobs changed; knobs are the values of the
// method's own. By the time the landscape is done the rate is small and the average long,
// and a slider would seem dead: so both start again. The moments of Adam stay. Without
// them it would move every weight by the full rate, whatever the gradient, and a slider
// that is dragged would undo the landscape (dae on the spiral, after sixty changes: an AUC
// of 0.81 against 0.88).
func (n *network[T]) descend(knobs ...float64) {
	if n.changed(knobs) {
		n.t = 0
		n.average.Restart()
	}
	rate := net.Rate(n.lr, n.t)
	n.t++
	n.optim.Step(net.Optimiser(n.optimiser), n.mlp.Params(), n.grad, rate, n.limit)
	n.average.Update(n.shown.Params(), n.mlp.Params())
}

// changed reports whether a knob differs from the last step's, and remembers them.
func (n *network[T]) changed(knobs []float64) bool {
	const own = 3
	n.heeded = sized(n.heeded, own+len(knobs))
	optimiser := float64(slices.Index(net.Optimisers(), n.optimiser))
	same := n.heeded[0] == n.lr && n.heeded[1] == float64(n.batch) && n.heeded[2] == optimiser && slices.Equal(n.heeded[own:], knobs)
	n.heeded[0], n.heeded[1], n.heeded[2] = n.lr, float64(n.batch), optimiser
	copy(n.heeded[own:], knobs)
	return !same
}

// State returns the tensors that the comment of network lists.
func (n *network[T]) State() ebm.State {
	train := n.mlp.Tensors("raw.", n.mlp.Params())
	for _, part := range []map[string]ebm.Tensor{n.optim.Tensors("optim."), n.average.Tensors("average.")} {
		for name, t := range part {
			train[name] = t
		}
	}
	train["schedule"] = ebm.Scalar(float64(n.t))
	train["schedule.knobs"] = ebm.Tensor{Shape: []int{len(n.heeded)}, Values: slices.Clone(n.heeded)}
	return ebm.State{Params: n.shown.Tensors("", n.shown.Params()), Train: train}
}

// SetState puts a state back; see ebm.Stater.
func (n *network[T]) SetState(s ebm.State) error {
	shown := make([]T, len(n.grad))
	if err := n.mlp.SetTensors("", shown, s.Params); err != nil {
		return err
	}
	weights := slices.Clone(shown)
	optim, average, t, heeded := net.NewOptim[T](len(n.grad)), net.EMA[T]{}, 0, []float64(nil)
	if len(s.Train) > 0 {
		if err := n.mlp.SetTensors("raw.", weights, s.Train); err != nil {
			return err
		}
		if err := optim.SetTensors("optim.", s.Train); err != nil {
			return err
		}
		if err := average.SetTensors("average.", s.Train); err != nil {
			return err
		}
		count, err := ebm.Fetch(s.Train, "schedule", 1)
		if err != nil {
			return err
		}
		if count.Values[0] < 0 {
			return fmt.Errorf("tensor %q holds %v where a number of steps is needed", "schedule", count.Values[0])
		}
		knobs, err := ebm.Fetch(s.Train, "schedule.knobs", -1)
		if err != nil {
			return err
		}
		t, heeded = int(count.Values[0]), slices.Clone(knobs.Values)
	}
	copy(n.shown.Params(), shown)
	copy(n.mlp.Params(), weights)
	n.optim, n.average, n.t, n.heeded = optim, average, t, heeded
	return nil
}

// sized returns s with length n, in the same memory if it is large enough.
func sized[E any](s []E, n int) []E {
	if cap(s) < n {
		return make([]E, n)
	}
	return s[:n]
}
