package sim

import (
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
)

// toy is a model for tests: a round well that follows the data, with knobs that make it
// go wrong in every way a model can.
//
//	F(y) = scale ‖y - w‖²
type toy struct {
	rate, scale float64
	wells       int // as many parameters, of which the last is the well
	fault       string
	delay       float64 // how long a step takes, in ms

	data  []r2.Vec
	w     []r2.Vec
	loss  float64
	part  [8]float64
	steps int
}

// hang is what a toy with the fault "hang" waits for.
var hang = make(chan struct{})

func newToy() *toy { return &toy{rate: 0.05, scale: 1, wells: 1, fault: "none"} }

func init() {
	card := ebm.Card{
		ID: "toy", Title: "Toy", Family: ebm.Contrastive, Strategy: "C2", Summary: "Follows the data.",
		Data: "spiral", Steps: 2000, Scalars: []string{"loss", "steps"}, New: func() ebm.Model { return newToy() },
	}
	ebm.Register(card)
	card.ID, card.Title, card.IsNegLogProb = "toy-nats", "Toy in nats", true
	ebm.Register(card)
	card.ID, card.Title, card.Steps = "toy-short", "Toy that learns fast", 1
	ebm.Register(card)
}

func (m *toy) Knobs(k *ebm.Knobs) {
	k.Float(&m.rate, "rate", "r", 1e-3, 1e3, "how fast the well moves", ebm.OnLog)
	k.Float(&m.scale, "scale", "s", 1e-3, 1e12, "how steep it is", ebm.OnLog)
	k.Int(&m.wells, "wells", "K", 1, 100, "how many there are", ebm.Restarts)
	k.Choice(&m.fault, "fault", "f", []string{"none", "step", "parallel", "energy", "marks", "hang", "start", "spike", "heavy", "serial"}, "what goes wrong")
	k.Float(&m.delay, "delay", "d", 0, 1e6, "how long a step takes")
	k.Bool(new(bool), "flag", "b", "nothing", ebm.Restarts)
}

func (m *toy) Init(data []r2.Vec, rng ebm.Rand) {
	if m.fault == "start" {
		panic("no start")
	}
	m.data, m.loss, m.steps = data, math.NaN(), 0
	m.w = make([]r2.Vec, m.wells)
	for i := range m.w {
		m.w[i] = r2.Vec{X: rng.NormFloat64() / 4, Y: rng.NormFloat64() / 4}
	}
}

func (m *toy) Step(u *ebm.Update) {
	switch m.fault {
	case "step":
		m.w[0].X += 1 // half a step
		panic("no step")
	case "parallel":
		u.For(len(m.part), func(i int) { panic("no block") })
	case "hang":
		<-hang
	}
	if m.delay > 0 {
		time.Sleep(time.Duration(m.delay * float64(time.Millisecond)))
	}
	y := m.data[u.Rand.IntN(len(m.data))]
	parallel := u.For
	if m.fault == "serial" {
		parallel = ebm.Serial
	}
	parallel(len(m.part), func(i int) { m.part[i] = y.X / float64(i+1) })
	m.loss = m.well(y)
	for _, p := range m.part {
		m.loss += 1e-3 * p
	}
	for i, w := range m.w {
		m.w[i] = r2.Sub(w, r2.Scale(m.rate, r2.Sub(w, y)))
	}
	thrown := r2.Vec{X: y.X + u.Rand.NormFloat64(), Y: y.Y + u.Rand.NormFloat64()}
	u.Trace.Down(y, y, 1)
	u.Trace.Up(thrown, y, 1)
	u.Trace.Visit(0, y)
	u.Trace.Visit(0, thrown)
	m.steps++
}

func (m *toy) well(y r2.Vec) float64 { return m.scale * r2.Norm2(r2.Sub(y, m.w[len(m.w)-1])) }

func (m *toy) Energy(dst []float64, at []r2.Vec) {
	if m.fault == "energy" && m.steps > 20 {
		panic("no energy")
	}
	if m.fault == "heavy" {
		time.Sleep(time.Duration(len(at)/cellBlock) * time.Millisecond)
	}
	for i, y := range at {
		dst[i] = m.well(y)
		if m.fault == "spike" && min(y.X, y.Y) > 1.4 { // too far in the corner to be glanced at
			dst[i] += 1e4 * float64(m.steps)
		}
	}
}

func (m *toy) Marks(dst []ebm.Mark) []ebm.Mark {
	if m.fault == "marks" {
		panic("no marks")
	}
	for i, w := range m.w {
		dst = append(dst, ebm.Mark{Kind: ebm.MarkPoint, Group: i, At: w})
	}
	return dst
}

func (m *toy) Scalars(dst []float64) { dst[0], dst[1] = m.loss, float64(m.steps) }

func (m *toy) State() ebm.State {
	t := ebm.Tensor{Shape: []int{len(m.w), 2}}
	for _, w := range m.w {
		t.Values = append(t.Values, w.X, w.Y)
	}
	return ebm.State{
		Params: map[string]ebm.Tensor{"w": t},
		Train:  map[string]ebm.Tensor{"steps": ebm.Scalar(float64(m.steps))},
	}
}

func (m *toy) SetState(s ebm.State) error {
	t, err := ebm.Fetch(s.Params, "w", m.wells, 2)
	if err != nil {
		return err
	}
	steps := ebm.Scalar(0)
	if len(s.Train) > 0 {
		if steps, err = ebm.Fetch(s.Train, "steps", 1); err != nil {
			return err
		}
	}
	m.steps = int(steps.Values[0])
	for i := range m.w {
		m.w[i] = r2.Vec{X: t.Values[2*i], Y: t.Values[2*i+1]}
	}
	return nil
}

// numberOf finds a scalar by its name.
func numberOf(r *Run, name string) float64 {
	dst := make([]float64, len(r.ScalarNames()))
	r.Scalars(dst)
	return dst[slices.Index(r.ScalarNames(), name)]
}
