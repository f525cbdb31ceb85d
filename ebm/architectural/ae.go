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
		Summary: "A network squeezes {down|each training point} through a code of few numbers and builds it up again; the energy is the error of that. " +
			"Nothing is pushed up: with one number, no more than a curve can be rebuilt well.",
		Formulas: []ebm.Formula{
			{Label: "Reconstruction", TeX: `r(y)=\operatorname{Dec}(z),\quad z=\operatorname{Enc}(y)\in\mathbb R^{\knob{code}}`},
			{Label: "Energy", TeX: `E(y)=\lVert y-r(y)\rVert^2`},
			{Label: "Loss", TeX: `L=\lVert \down{y}-r(\down{y})\rVert^2`},
		},
		Pathology: "Set the code size to 2 and the harmonics to 0: the code has room for every point of the plane, and the network learns to copy whatever it is given. The loss falls thousands of times lower, and the ground between the arms falls with it: " +
			"the whole disc that the spiral fills is low. A third of the box or more is then as low as the data (vol95), where the spiral itself takes a seventh.",
		Map: ebm.MapReconstruct,
		Stages: ebm.Stages{
			ebm.StageNear: "Encode each point, and decode the code.",
			ebm.StagePull: "Move the reconstruction closer to the point" + fallsThere,
		},
		Data:    "spiral",
		Steps:   3000,
		Scalars: []string{"loss"},
		Script:  net.ResidualScript,
		New:     func() ebm.Model { return newAE[float32]() },
		Exact:   func() ebm.Model { return newAE[float64]() },
	})
}

// curvePoints is how many vertices a curve of codes is drawn with, and how many training
// points tell from where to where.
const curvePoints = 256

// ae is the plain autoencoder. Its code has h numbers; with one, all that it can rebuild
// lies on a curve, which one sees as a canyon. On a spiral it is a matter of luck how the
// curve runs: from end to end, with one seed in two, or by short cuts from arm to arm,
// which it never leaves again. With two numbers nothing limits what can be rebuilt, and
// the energy is low wherever the network has learnt to copy.
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
	decoder *net.MLP[T] // shown's layers from there on, in shown's own memory

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
		"How many numbers a point is squeezed into. 1: a canyon along a curve, which may take a short cut. 2 and more: there is room for the whole plane, the network copies, and most of the ground between the arms sinks to the level of the data.", ebm.Restarts, ebm.Called("code size"))
	a.Rate(k)
	a.Learner.Knobs(k)
	a.Shape.Knobs(k)
}

func (a *ae[T]) Init(data []r2.Vec, rng ebm.Rand) {
	s := a.Spec(2, 2)
	s.Hidden = slices.Concat(s.Hidden, []int{a.code}, s.Hidden)
	a.begin(s, len(s.Hidden)/2, data)
	a.Randomise(rng)
	a.Settle()
	a.split()
}

// begin makes a network of that shape, whose code is the given hidden layer.
func (a *ae[T]) begin(s net.Spec, narrow int, data []r2.Vec) {
	a.autoencoder.begin(s, data)
	head, tail := s, s
	head.Hidden, head.Out = s.Hidden[:narrow+1], s.Hidden[narrow]
	tail.Hidden, tail.In, tail.Harmonics = s.Hidden[narrow+1:], s.Hidden[narrow], 0
	a.encoder = net.New[T](head)
	last := a.encoder.Params()[head.Params()-head.Out*(head.Out+1):]
	for i := range head.Out {
		last[i*head.Out+i] = 1
	}
	a.decoder = net.Over(tail, a.Shown[len(a.Shown)-tail.Params():])
	a.loss = math.NaN()
}

// split brings the encoder up to date with the average.
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

// Marks draws what can be built from a code of one number: the curve, over the range of
// codes that the data have.
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
