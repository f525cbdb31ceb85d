package conformance_test

import (
	"math"
	"sync/atomic"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "toy",
		Title:    "Toy",
		Family:   ebm.Architectural,
		Strategy: "A1",
		Summary:  "One well is {down|pulled} to the data.",
		Formulas: []ebm.Formula{{Label: "Energy", TeX: `F(y)=\knob{s}\lVert y-\down{w}\rVert^2`}},
		Source:   "N. N., “A well that follows the data”, 2024",
		Data:     "spiral",
		Steps:    400,
		Scalars:  []string{"loss"},
		New:      func() ebm.Model { return newToy("") },
	})
}

// toy is a minimal method: one well, F(y) = s ‖y - w‖², moved a little towards a data point at
// each step. Its fault makes it fail the check of that name.
type toy struct {
	fault string
	s     float64
	data  []r2.Vec
	w     r2.Vec
	count float64
	calls atomic.Int64
}

func newToy(fault string) *toy { return &toy{fault: fault, s: 1} }

var inits atomic.Int64

func (m *toy) Knobs(k *ebm.Knobs) {
	k.Float(&m.s, "s", "s", 0.1, 10, "How steep the well is.", ebm.OnLog)
}

func (m *toy) Init(data []r2.Vec, _ ebm.Rand) {
	m.data, m.w = data, r2.Vec{X: ebm.L, Y: ebm.L}
	if m.fault != "init" {
		m.count = 0
	}
	if m.fault == "seed" {
		m.w.X += float64(inits.Add(1))
	}
}

var leak []float64

func (m *toy) Step(u *ebm.Update) {
	y := m.data[u.Rand.IntN(len(m.data))]
	u.Trace.Down(y, m.w, 1)
	m.count++
	share := 0.05
	switch m.fault {
	case "allocation":
		leak = make([]float64, 10)
	case "learning":
		share = -0.05
	}
	m.w = r2.Add(m.w, r2.Scale(share+1e-6*m.count, r2.Sub(y, m.w)))
}

func (m *toy) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = m.s * r2.Norm2(r2.Sub(y, m.w))
		switch m.fault {
		case "blocks":
			dst[i] += float64(len(at))
		case "concurrent":
			dst[i] += float64(m.calls.Add(1))
		}
	}
}

func (m *toy) Grad(dst, at []r2.Vec) {
	for i, y := range at {
		dst[i] = r2.Scale(2*m.s, r2.Sub(y, m.w))
		if m.fault == "gradient" {
			dst[i].X *= 1.001
		}
	}
}

func (m *toy) Marks(dst []ebm.Mark) []ebm.Mark {
	at := m.w
	if m.fault == "knobs" && m.s == 10 {
		at.X = math.NaN()
	}
	return append(dst, ebm.Mark{At: at})
}

func (m *toy) Scalars(dst []float64) { dst[0] = m.s }

func (m *toy) State() ebm.State {
	return ebm.State{
		Params: map[string]ebm.Tensor{"w": {Shape: []int{2}, Values: []float64{m.w.X, m.w.Y}}},
		Train:  map[string]ebm.Tensor{"count": ebm.Scalar(m.count)},
	}
}

func (m *toy) SetState(s ebm.State) error {
	w, err := ebm.Fetch(s.Params, "w", 2)
	if err != nil {
		return err
	}
	count := ebm.Scalar(0)
	if len(s.Train) > 0 || m.fault == "display" {
		if count, err = ebm.Fetch(s.Train, "count", 1); err != nil && m.fault != "refusal" {
			return err
		}
	}
	if m.fault != "state" && len(count.Values) > 0 {
		m.count = count.Values[0]
	}
	m.w = r2.Vec{X: w.Values[0], Y: w.Values[1]}
	return nil
}
