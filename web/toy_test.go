package web

import (
	"time"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// bowl is a model for the tests of the server: F(y) = height·|y - c|², whose centre
// follows the data. Its knob fault makes it fail.
type bowl struct {
	height float64
	fault  string
	c      r2.Vec
	data   []r2.Vec
	next   int
}

func init() {
	ebm.Register(ebm.Card{
		ID: "bowl", Title: "Bowl", Family: ebm.Architectural, Strategy: "A1",
		Summary: "One well that is {down|pulled} to the data.", Source: "none: it is made for tests", Data: "spiral", Steps: 4000,
		Scalars: []string{"loss"},
		New:     func() ebm.Model { return &bowl{height: 1, fault: "none"} },
	})
}

func (b *bowl) Knobs(k *ebm.Knobs) {
	k.Float(&b.height, "height", "h", .1, 10, "how steep the bowl is")
	k.Choice(&b.fault, "fault", "", []string{"none", "step", "grid", "slow"}, "what goes wrong")
}

func (b *bowl) Init(data []r2.Vec, rng ebm.Rand) { b.c, b.data, b.next = r2.Vec{}, data, 0 }

func (b *bowl) Step(u *ebm.Update) {
	switch b.fault {
	case "step":
		panic("the bowl broke")
	case "slow":
		time.Sleep(50 * time.Millisecond)
	}
	y := b.data[b.next%len(b.data)]
	b.next++
	u.Trace.Down(y, b.c, 1)
	b.c = r2.Add(b.c, r2.Scale(.01, r2.Sub(y, b.c)))
}

func (b *bowl) Energy(dst []float64, at []r2.Vec) {
	if b.fault == "grid" {
		panic("the bowl broke")
	}
	for i, y := range at {
		dst[i] = b.height * r2.Norm2(r2.Sub(y, b.c))
	}
}

func (b *bowl) Scalars(dst []float64) {
	e := make([]float64, len(b.data))
	b.Energy(e, b.data)
	dst[0] = floats.Sum(e) / float64(len(e))
}

func (b *bowl) State() ebm.State {
	return ebm.State{
		Params: map[string]ebm.Tensor{"c": {Shape: []int{2}, Values: []float64{b.c.X, b.c.Y}}},
		Train:  map[string]ebm.Tensor{"next": ebm.Scalar(float64(b.next))},
	}
}

func (b *bowl) SetState(s ebm.State) error {
	c, err := ebm.Fetch(s.Params, "c", 2)
	if err != nil {
		return err
	}
	b.c = r2.Vec{X: c.Values[0], Y: c.Values[1]}
	if next, err := ebm.Fetch(s.Train, "next", 1); err == nil {
		b.next = int(next.Values[0])
	}
	return nil
}
