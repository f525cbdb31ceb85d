// Package toy registers models for tests: "toy", "toy-nats", whose energy is a negative log
// probability, and "toy-short", which is measured at each step.
package toy

import (
	"math"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Model is a round well that follows the data. Its knob "fault" makes it fail in each way a model
// can.
//
//	F(y) = scale ‖y - w‖²
type Model struct {
	W    []r2.Vec // the last one is the well
	Data []r2.Vec

	Rate, Scale float64
	wells       int // how many W there are
	fault       string
	delay       float64 // how long a step takes, in ms

	loss           float64
	part           [8]float64
	steps          int
	push, initPush float64 // how hard a step pushes: the knob, and its value at Init
}

// Hang is what a model with the fault "hang" receives from before each step.
var Hang = make(chan struct{})

// heavyPoints is how many points a model with the fault "heavy" evaluates in 1 ms.
const heavyPoints = 512

func init() {
	card := ebm.Card{
		ID: "toy", Title: "Toy", Family: ebm.Contrastive, Strategy: "C2", Summary: "Follows the data.", Source: "none: it is made for tests",
		Data: "spiral", Steps: 2000, Scalars: []string{"loss", "steps"},
		New: func() ebm.Model { return &Model{Rate: 0.05, Scale: 1, push: 1, wells: 1, fault: "none"} },
	}
	ebm.Register(card)
	card.ID, card.Title, card.IsNegLogProb = "toy-nats", "Toy in nats", true
	ebm.Register(card)
	card.ID, card.Title, card.Steps = "toy-short", "Toy with a short training", 1
	ebm.Register(card)
}

// Knobs declares the knobs.
func (m *Model) Knobs(k *ebm.Knobs) {
	k.Float(&m.Rate, "rate", "r", 1e-3, 1e3, "how fast the well moves", ebm.OnLog)
	k.Float(&m.Scale, "scale", "s", 1e-3, 1e12, "how steep it is", ebm.OnLog)
	k.Int(&m.wells, "wells", "K", 1, 100, "how many there are", ebm.Restarts)
	k.Choice(&m.fault, "fault", "f", []string{"none", "step", "parallel", "energy", "marks", "hang", "start", "spike", "heavy", "serial"}, "what goes wrong")
	k.Float(&m.delay, "delay", "d", 0, 1e6, "how long a step takes")
	k.Float(&m.push, "push", "p", 0.1, 10, "how hard a step pushes after the next Init")
	k.Bool(new(bool), "flag", "b", "nothing", ebm.Restarts)
}

// Init draws the wells.
func (m *Model) Init(data []r2.Vec, rng ebm.Rand) {
	if m.fault == "start" {
		panic("no start")
	}
	m.Data, m.loss, m.steps, m.initPush = data, math.NaN(), 0, m.push
	m.W = make([]r2.Vec, m.wells)
	for i := range m.W {
		m.W[i] = r2.Vec{X: rng.NormFloat64() / 4, Y: rng.NormFloat64() / 4}
	}
}

// Step moves the wells to a training point.
func (m *Model) Step(u *ebm.Update) {
	switch m.fault {
	case "step":
		m.W[0].X += 1 // half a step
		panic("no step")
	case "parallel":
		u.For(len(m.part), func(i int) { panic("no block") })
	case "hang":
		<-Hang
	}
	if m.delay > 0 {
		time.Sleep(time.Duration(m.delay * float64(time.Millisecond)))
	}
	y := m.Data[u.Rand.IntN(len(m.Data))]
	parallel := u.For
	if m.fault == "serial" {
		parallel = ebm.Serial
	}
	parallel(len(m.part), func(i int) { m.part[i] = y.X / float64(i+1) })
	m.loss = m.Well(y)
	for _, p := range m.part {
		m.loss += 1e-3 * p
	}
	for i, w := range m.W {
		m.W[i] = r2.Sub(w, r2.Scale(m.Rate, r2.Sub(w, y)))
	}
	negative := r2.Vec{X: y.X + u.Rand.NormFloat64(), Y: y.Y + u.Rand.NormFloat64()}
	u.Trace.Down(y, y, m.initPush)
	u.Trace.Up(negative, y, m.initPush)
	u.Trace.Visit(0, y)
	u.Trace.Visit(0, negative)
	m.steps++
}

// Well returns the energy at y.
func (m *Model) Well(y r2.Vec) float64 { return m.Scale * r2.Norm2(r2.Sub(y, m.W[len(m.W)-1])) }

// Energy writes the energies.
func (m *Model) Energy(dst []float64, at []r2.Vec) {
	if m.fault == "energy" && m.steps > 20 {
		panic("no energy")
	}
	if m.fault == "heavy" {
		time.Sleep(time.Duration(len(at)/heavyPoints) * time.Millisecond)
	}
	for i, y := range at {
		dst[i] = m.Well(y)
		if m.fault == "spike" && min(y.X, y.Y) > 1.4 { // in a corner where no quick check evaluates
			dst[i] += 1e4 * float64(m.steps)
		}
	}
}

// Marks returns the wells.
func (m *Model) Marks(dst []ebm.Mark) []ebm.Mark {
	if m.fault == "marks" {
		panic("no marks")
	}
	for i, w := range m.W {
		dst = append(dst, ebm.Mark{Kind: ebm.MarkPoint, Group: i, At: w})
	}
	return dst
}

// Scalars writes the loss and the number of steps.
func (m *Model) Scalars(dst []float64) { dst[0], dst[1] = m.loss, float64(m.steps) }

// State returns the tensors.
func (m *Model) State() ebm.State {
	t := ebm.Tensor{Shape: []int{len(m.W), 2}}
	for _, w := range m.W {
		t.Values = append(t.Values, w.X, w.Y)
	}
	return ebm.State{
		Params: map[string]ebm.Tensor{"w": t},
		Train:  map[string]ebm.Tensor{"steps": ebm.Scalar(float64(m.steps)), "init": ebm.Scalar(m.initPush)},
	}
}

// SetState sets the tensors.
func (m *Model) SetState(s ebm.State) error {
	t, err := ebm.Fetch(s.Params, "w", m.wells, 2)
	if err != nil {
		return err
	}
	steps, init := ebm.Scalar(0), ebm.Scalar(m.initPush)
	if len(s.Train) > 0 {
		if steps, err = ebm.Fetch(s.Train, "steps", 1); err != nil {
			return err
		}
		if init, err = ebm.Fetch(s.Train, "init", 1); err != nil {
			return err
		}
	}
	m.steps, m.initPush = int(steps.Values[0]), init.Values[0]
	for i := range m.W {
		m.W[i] = r2.Vec{X: t.Values[2*i], Y: t.Values[2*i+1]}
	}
	return nil
}
