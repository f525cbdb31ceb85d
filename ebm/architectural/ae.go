package architectural

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "ae",
		Title:    "Autoencoder",
		Family:   ebm.Architectural,
		Strategy: "A1",
		Summary: "A network encodes {down|each training point} as a code of few numbers and decodes it; the energy is the squared reconstruction error. " +
			"Nothing is pushed up: with one number, no more than a curve can be reconstructed well.",
		Formulas: []ebm.Formula{
			{Label: "Reconstruction", TeX: `r(y)=\operatorname{Dec}(z),\quad z=\operatorname{Enc}(y)\in\mathbb R^{\knob{code}}`},
			{Label: "Energy", TeX: `E(y)=\lVert y-r(y)\rVert^2`},
			{Label: "Loss", TeX: `L=\lVert \down{y}-r(\down{y})\rVert^2`},
		},
		FailureMode: "Set the code size to 2 or more and the harmonics to 0: the code can represent every point of the plane, and the network learns to copy its input. Energies fall thousands of times lower, between the arms as on the data: the whole disc that the spiral fills is flat. " +
			"The data still are a little lower than the rest, so the AUC hides the failure; but a third of the box or more is as low as the data (vol95), where the spiral itself takes a seventh. " +
			"With a code of 1 only a curve can be low. One model seed in five fits it to the spiral from end to end (seed 3); with the others it takes short cuts.",
		Map: ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StageNear: "Encode each point, and decode the code.",
			ebm.StagePull: "Move the reconstruction closer to the point" + fallsThere,
		},
		Source:  "G. E. Hinton and R. R. Salakhutdinov, “Reducing the dimensionality of data with neural networks”, 2006",
		Data:    "spiral",
		Steps:   3000,
		Scalars: []string{"loss"},
		Script:  net.ResidualScript,
		New:     func() ebm.Model { return newAE[float32]() },
		Exact:   func() ebm.Model { return newAE[float64]() },
	})
}

// curvePoints is the number of vertices with which a curve of codes is drawn, and of training
// points whose codes give its range.
const curvePoints = 256

// ae is the plain autoencoder. Its code has h numbers; with one, its reconstructions lie on a
// curve, which one sees as a canyon. On a spiral the curve depends on the seed: with one seed
// in five it runs from end to end, otherwise it keeps short cuts from arm to arm. With two
// numbers nothing limits the reconstructions, and the energy is low wherever the network has
// learnt to copy.
//
//	E(y) = ‖y - r(y)‖²
//
// One network does both: the encoder is what comes before its narrowest layer, the
// decoder what comes after.
//
// G. E. Hinton and R. R. Salakhutdinov, "Reducing the dimensionality of data with neural
// networks", 2006.
type ae[T net.Float] struct {
	autoencoder[T]
	code int

	encoder *net.MLP[T] // shown's layers up to the code, and one that changes nothing
	decoder *net.MLP[T] // shown's layers from there on, sharing its memory

	loss float64
}

func newAE[T net.Float]() *ae[T] {
	a := &ae[T]{code: 1}
	a.Learner, a.Shape = learn.New[T](), learn.DefaultShape()
	a.Layers, a.Harmonics = 3, 6
	return a
}

func (a *ae[T]) Knobs(k *ebm.Knobs) {
	k.Int(&a.code, "code", "h", 1, 8,
		"The size of the code. 1: a canyon along a curve, which may take a short cut between arms. 2 and more: the code can represent the whole plane, the network copies its input, and most of the ground between the arms sinks to the level of the data.", ebm.Restarts, ebm.Called("code size"))
	a.Rate(k)
	a.Learner.Knobs(k)
	a.Shape.Knobs(k)
}

func (a *ae[T]) Init(data []r2.Vec, rng ebm.Rand) {
	s := a.Spec(2, 2)
	s.Hidden = slices.Concat(s.Hidden, []int{a.code}, s.Hidden)
	a.begin(s, len(s.Hidden)/2, data)
	a.Randomise(rng)
	a.InitAverage()
	a.split()
}

// begin makes a network of that shape, whose code is the given hidden layer.
func (a *ae[T]) begin(s net.Spec, codeLayer int, data []r2.Vec) {
	a.autoencoder.begin(s, data)
	encoder, decoder := s, s
	encoder.Hidden, encoder.Out = s.Hidden[:codeLayer+1], s.Hidden[codeLayer]
	decoder.Hidden, decoder.In, decoder.Harmonics = s.Hidden[codeLayer+1:], s.Hidden[codeLayer], 0
	a.encoder = net.New[T](encoder)
	last := a.encoder.Params()[encoder.Params()-encoder.Out*(encoder.Out+1):]
	for i := range encoder.Out {
		last[i*encoder.Out+i] = 1
	}
	a.decoder = net.Over(decoder, a.Shown[len(a.Shown)-decoder.Params():])
	a.loss = math.NaN()
}

// split copies the average to the encoder.
func (a *ae[T]) split() {
	h := a.encoder.Spec().Out
	params := a.encoder.Params()
	copy(params[:len(params)-h*(h+1)], a.Shown)
}

func (a *ae[T]) Step(u *ebm.Update) {
	if len(a.Data) == 0 {
		return
	}
	a.Draw(u.Rand)
	a.loss = a.reconstruct(u)
	a.Descend()
	a.split()
}

func (a *ae[T]) SetState(s ebm.State) error {
	err := a.Learner.SetState(s)
	a.split()
	return err
}

func (a *ae[T]) Scalars(dst []float64) { dst[0] = a.loss }

// Marks draws the decoded curve of a code of one number, over the range of the codes of the
// data.
func (a *ae[T]) Marks(dst []ebm.Mark) []ebm.Mark {
	if a.encoder.Spec().Out > 1 || len(a.Data) == 0 {
		return dst
	}
	var y, curve [curvePoints]r2.Vec
	var z [curvePoints]float64
	n := 0
	for i := 0; i < len(a.Data) && n < len(y); i += stride(len(a.Data), len(y)) {
		y[n] = a.Data[i]
		n++
	}
	a.encoder.Energy(z[:n], y[:n])
	lo, hi := slices.Min(z[:n]), slices.Max(z[:n])
	for i := range curve {
		y[i] = r2.Vec{X: lo + (hi-lo)*float64(i)/(curvePoints-1)}
	}
	a.decoder.Map(curve[:], y[:])
	for _, p := range curve {
		dst = append(dst, ebm.Mark{Kind: ebm.MarkLine, At: p})
	}
	return dst
}
