package wire

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/infer"
	"ebmviz/ebm/measure"
	"ebmviz/sim"
)

// State is what a room is at, the event "state".
type State struct {
	Model      string         `json:"model"`
	Data       string         `json:"data"`
	PointsID   string         `json:"own,omitempty"` // of the user's points, if the dataset is custom
	Seed       uint64         `json:"seed"`
	Step       uint64         `json:"step"`
	Playing    bool           `json:"playing"`
	Knobs      map[string]any `json:"knobs"`
	Grid       int            `json:"grid"`
	FPS        float64        `json:"fps"`
	Speed      float64        `json:"speed"` // steps per second; 0 is as fast as possible
	Pace       string         `json:"pace"`  // where the speed comes from: "auto" (the card), "max" or "set"
	Run        uint64         `json:"run"`   // grows with every restart, and with every run that replaces another
	Revision   uint64         `json:"revision"`
	Generation uint32         `json:"generation"`
	DeltaSpan  int            `json:"ledger,omitempty"` // over how many steps frames show the change of the energy
	Goal       uint64         `json:"goal,omitempty"`   // the step that a Seek goes to
	Asleep     bool           `json:"asleep,omitempty"`
	Waits      bool           `json:"waits,omitempty"`  // for its turn to make steps, while other rooms have theirs
	Notice     string         `json:"notice,omitempty"` // a sentence about the training points and the model
	Halt       *Halt          `json:"halt,omitempty"`
}

// Halt says why a run stopped without a command.
type Halt struct {
	Code     sim.Code `json:"code"` // "diverged", "panic" or "stuck"
	Step     uint64   `json:"step"` // where it happened
	Quantity string   `json:"quantity,omitempty"`
	Knob     string   `json:"knob,omitempty"` // the knob that was set last before
	Message  string   `json:"message"`
	Back     uint64   `json:"back"` // a step to go back to
}

// Message writes {"key":body}, with the id of the request that it answers if there is one.
func Message(key string, body []byte, id *int64) []byte {
	m := make([]byte, 0, len(key)+len(body)+32)
	m = append(m, '{')
	m = strconv.AppendQuote(m, key)
	m = append(m, ':')
	m = append(m, body...)
	if id != nil {
		m = append(m, `,"id":`...)
		m = strconv.AppendInt(m, *id, 10)
	}
	return append(m, '}')
}

// BadMessage is the code of an error in a message.
const BadMessage sim.Code = "bad-message"

// Error is the event "error": a code for programs and one sentence.
type Error struct {
	Code    sim.Code `json:"code"`
	Message string   `json:"message"`
}

// ErrorOf returns the code and the sentence of an error. An error without a code is one of the
// message.
func ErrorOf(err error) Error {
	var e *sim.Error
	if errors.As(err, &e) {
		return Error{e.Code, e.Message}
	}
	return Error{BadMessage, err.Error()}
}

// JSON writes the error.
func (e Error) JSON() []byte {
	b, _ := json.Marshal(e) // two strings: it cannot fail
	return b
}

// probeJSON is the event "probe". Parts that do not apply are missing.
type probeJSON struct {
	Y           Point        `json:"y"`
	F           float64      `json:"F"`
	Gradient    Point        `json:"grad"`
	Reconstruct *Point       `json:"reconstruct,omitempty"`
	Latents     []latentJSON `json:"latents,omitempty"`
	Best        *int         `json:"best,omitempty"`
	FreeEnergy  *float64     `json:"free,omitempty"`
	Path        []Point      `json:"path"`
	Slice       sliceJSON    `json:"slice"`
	Across      acrossJSON   `json:"across"`
}

type latentJSON struct {
	Z float64 `json:"z"`
	E float64 `json:"E"`
	Y Point   `json:"y"`
}

type sliceJSON struct {
	Y1 float64   `json:"y1"`
	Y2 []float64 `json:"y2"`
	profileJSON
	Regression *float64 `json:"regression,omitempty"`
}

type acrossJSON struct {
	Y2 float64   `json:"y2"`
	Y1 []float64 `json:"y1"`
	profileJSON
}

type profileJSON struct {
	F       []float64 `json:"F"`
	Minima  []float64 `json:"minima"`
	Density []float64 `json:"density"`
	Mean    *float64  `json:"mean,omitempty"`
}

// EncodeProbe writes a probe as JSON. It returns an error if the energy at the point is not finite.
func EncodeProbe(p sim.Probe) ([]byte, error) {
	out := probeJSON{
		Y: point(p.At), F: p.Energy, Gradient: point(p.Gradient), Path: Points(p.Path),
		FreeEnergy: number(p.FreeEnergy),
		Slice:      sliceJSON{p.Slice.Value, p.Slice.Other, profile(p.Slice), p.Regression},
		Across:     acrossJSON{p.Across.Value, p.Across.Other, profile(p.Across)},
	}
	if p.Reconstruct != nil {
		to := point(*p.Reconstruct)
		out.Reconstruct = &to
	}
	for _, z := range p.Latents {
		out.Latents = append(out.Latents, latentJSON{z.Z, z.E, point(z.Y)})
	}
	if p.Best >= 0 {
		out.Best = &p.Best
	}
	text, err := json.Marshal(out)
	if err != nil {
		return nil, sim.Errorf(sim.BadValue, "the energy there is not finite")
	}
	return text, nil
}

func point(y r2.Vec) Point { return Point{y.X, y.Y} }

func profile(s infer.Slice) profileJSON {
	return profileJSON{s.F, s.Minima, s.Density, number(s.Mean)}
}

// number returns a pointer to a number, nil if it is not finite.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// historyJSON is a [sim.History] in JSON, with null for NaN.
type historyJSON struct {
	Names  []string     `json:"names"`
	Steps  []uint64     `json:"steps"`
	Values [][]*float64 `json:"values"`

	On []measure.TestSet `json:"on,omitempty"` // missing if all is measured on fresh samples
}

// EncodeHistory writes a history as JSON.
func EncodeHistory(h sim.History) ([]byte, error) {
	out := historyJSON{Names: h.Names, Steps: h.Steps, Values: make([][]*float64, len(h.Values))}
	for i, row := range h.Values {
		out.Values[i] = numbers(row)
	}
	if h.OnOwnPoints() {
		out.On = h.On
	}
	return json.Marshal(out)
}

// DecodeHistory reads a history.
func DecodeHistory(text []byte) (sim.History, error) {
	var in historyJSON
	if err := json.Unmarshal(text, &in); err != nil {
		return sim.History{}, err
	}
	h := sim.History{Names: in.Names, Steps: in.Steps, Values: make([][]float64, len(in.Values)), On: in.On}
	for i, row := range in.Values {
		h.Values[i] = floats(row)
	}
	return h, nil
}

// numbers writes null where a number is not finite.
func numbers(values []float64) []*float64 {
	out := make([]*float64, len(values))
	for i, v := range values {
		out[i] = number(v)
	}
	return out
}

// floats is the inverse of numbers: null is NaN.
func floats(values []*float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = math.NaN()
		if v != nil {
			out[i] = *v
		}
	}
	return out
}
