package sim

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// Format is the first word of a checkpoint.
const Format = "ebmviz/1"

// chance is the tensor of Train that holds the state of the random numbers, 128 bits in
// four pieces that a float64 can hold.
const chance = "rng"

// Checkpoint is a run that was put down, to be taken up again elsewhere. A run that goes
// on from it goes on to the bit.
type Checkpoint struct {
	Format string                `json:"format"`
	Model  string                `json:"model"`
	Knobs  map[string]any        `json:"knobs"`
	Data   CheckpointData        `json:"data"`
	Seed   uint64                `json:"seed"`
	Step   uint64                `json:"step"`
	Params map[string]ebm.Tensor `json:"params"`          // what is displayed
	Train  map[string]ebm.Tensor `json:"train,omitempty"` // what going on needs besides
}

// CheckpointData names the dataset, and gives its points if it is custom.
type CheckpointData struct {
	Name   string         `json:"name"`
	Knobs  map[string]any `json:"knobs"`
	Points []Point        `json:"points,omitempty"`
}

// Point is a point of the plane in JSON, [y1, y2] with neither more nor less.
type Point [2]float64

// UnmarshalJSON refuses what has another length, which the package json lets pass.
func (p *Point) UnmarshalJSON(text []byte) error {
	var y []*float64
	if json.Unmarshal(text, &y) != nil || len(y) != 2 || y[0] == nil || y[1] == nil {
		return complain(BadValue, "a point is [y1,y2]; got %s", clip(string(text)))
	}
	*p = Point{*y[0], *y[1]}
	return nil
}

// Checkpoint takes the run down as it is now.
func (r *Run) Checkpoint() Checkpoint {
	s := r.model.(ebm.Stater).State()
	train := maps.Clone(s.Train)
	if train == nil {
		train = map[string]ebm.Tensor{}
	}
	train[chance] = packChance(r)
	return Checkpoint{
		Format: Format,
		Model:  r.card.ID,
		Knobs:  r.knobs.Values(),
		Data:   CheckpointData{Name: r.cloud.card.ID, Knobs: r.cloud.knobs.Values(), Points: Pairs(r.cloud.given)},
		Seed:   r.seed,
		Step:   r.step,
		Params: s.Params,
		Train:  train,
	}
}

// ParseCheckpoint reads the JSON of a checkpoint. What Restore would refuse it may let
// pass.
func ParseCheckpoint(text []byte) (Checkpoint, error) {
	var c Checkpoint
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Checkpoint{}, complain(BadCheckpoint, "this is no checkpoint: %s", Misread(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return Checkpoint{}, complain(BadCheckpoint, "there is something after the end of the checkpoint")
	}
	return c, nil
}

// Misread says what an error of the package json means to somebody who does not know Go.
func Misread(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Sprintf("%q cannot be what is there, %s", wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return "it must be a JSON object, and is " + wrong.Value
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// Restore takes a run up again. It refuses, with a sentence, another format, unknown
// names, knobs out of range, and tensors that are missing, of the wrong shape or not
// finite. A checkpoint without train gives a run that can be looked at and measured, and
// that learns on from its parameters.
func Restore(c Checkpoint, f ebm.For) (*Run, error) { return restore(c, f, 1) }

func restore(c Checkpoint, f ebm.For, generation uint32) (*Run, error) {
	switch {
	case c.Format != Format:
		return nil, complain(BadCheckpoint, "the format of the checkpoint is %q; this program reads %q", clip(c.Format), Format)
	case c.Model == "" || c.Data.Name == "":
		return nil, complain(BadCheckpoint, "the checkpoint names no model or no data")
	case c.Step > 1<<53:
		return nil, complain(BadCheckpoint, "the checkpoint's step %d is beyond all that can be counted", c.Step)
	}
	knobs := maps.Clone(c.Knobs)
	if knobs == nil {
		knobs = map[string]any{}
	}
	for name, value := range c.Data.Knobs {
		if !strings.HasPrefix(name, dataPrefix) {
			name = dataPrefix + name
		}
		knobs[name] = value
	}
	r, err := newRun(Config{c.Model, c.Data.Name, c.Seed, knobs, Vectors(c.Data.Points)}, f, generation)
	if err != nil {
		return nil, err
	}
	train := maps.Clone(c.Train)
	delete(train, chance)
	if err := r.model.(ebm.Stater).SetState(ebm.State{Params: c.Params, Train: train}); err != nil {
		return nil, complain(BadCheckpoint, "the checkpoint does not fit %s: %v", c.Model, err)
	}
	if t, ok := c.Train[chance]; ok {
		if err := unpackChance(r, t); err != nil {
			return nil, err
		}
	}
	if q := r.lookOver(); q != "" {
		return nil, complain(BadCheckpoint, "with the checkpoint's parameters %s is not finite, or beyond ±1e6", q)
	}
	r.settle(c.Step)
	return r, nil
}

// packChance writes the state of the random numbers as four numbers of 32 bits.
func packChance(r *Run) ebm.Tensor {
	b, err := r.pcg.MarshalBinary()
	if err != nil {
		panic(err) // it never fails
	}
	t := ebm.Tensor{Shape: []int{4}}
	for b = b[len(b)-16:]; len(b) > 0; b = b[4:] {
		t.Values = append(t.Values, float64(binary.BigEndian.Uint32(b)))
	}
	return t
}

func unpackChance(r *Run, t ebm.Tensor) error {
	if len(t.Values) != 4 {
		return complain(BadCheckpoint, "tensor %q must hold 4 numbers, not %d", chance, len(t.Values))
	}
	b := []byte("pcg:")
	for _, v := range t.Values {
		if v != math.Trunc(v) || v < 0 || v > math.MaxUint32 {
			return complain(BadCheckpoint, "tensor %q must hold whole numbers of 32 bits, not %v", chance, v)
		}
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	if err := r.pcg.UnmarshalBinary(b); err != nil {
		return complain(BadCheckpoint, "tensor %q is no state of random numbers: %v", chance, err)
	}
	return nil
}

// Pairs returns points as they are written in JSON: [y1, y2].
func Pairs(points []r2.Vec) []Point {
	if points == nil {
		return nil
	}
	all := make([]Point, len(points))
	for i, y := range points {
		all[i] = Point{y.X, y.Y}
	}
	return all
}

// Own returns the points that somebody brought, if the data is custom.
func (c Checkpoint) Own() []r2.Vec { return Vectors(c.Data.Points) }

// Vectors is the inverse of [Pairs], of no more points than are allowed and one.
func Vectors(points []Point) []r2.Vec {
	if len(points) > data.MaxPoints {
		points = points[:data.MaxPoints+1] // enough to be refused for
	}
	all := make([]r2.Vec, len(points))
	for i, y := range points {
		all[i] = r2.Vec{X: y[0], Y: y[1]}
	}
	return all
}

func clip(s string) string {
	if len(s) > 40 {
		return fmt.Sprintf("%s…", s[:40])
	}
	return s
}
