package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// CheckpointFormat is the format of a checkpoint in JSON.
const CheckpointFormat = "ebmviz/1"

// checkpoint is the JSON form of a [sim.Checkpoint].
type checkpoint struct {
	Format string                `json:"format"`
	Model  string                `json:"model"`
	Knobs  map[string]any        `json:"knobs"`
	Data   checkpointData        `json:"data"`
	Seed   uint64                `json:"seed"`
	Step   uint64                `json:"step"`
	Params map[string]ebm.Tensor `json:"params"`
	Train  map[string]ebm.Tensor `json:"train,omitempty"`
	Past   *runLog               `json:"past,omitempty"`
}

type checkpointData struct {
	Name   string         `json:"name"`
	Knobs  map[string]any `json:"knobs"`
	Points []Point        `json:"points,omitempty"`
	Held   bool           `json:"held,omitempty"` // some points are held out, if they are enough
	pointsInfo
}

func checkpointJSON(c sim.Checkpoint) checkpoint {
	out := checkpoint{
		Format: CheckpointFormat, Model: c.Model, Knobs: c.Knobs,
		Data: checkpointData{c.Data, c.DataKnobs, Points(c.Points), c.HeldOut, pointsInfoJSON(c.PointsInfo)},
		Seed: c.Seed, Step: c.Step, Params: c.Params, Train: c.Train,
	}
	if c.Past != nil {
		past := logJSON(*c.Past)
		out.Past = &past
	}
	return out
}

func (c checkpoint) value() (sim.Checkpoint, error) {
	if c.Format != CheckpointFormat {
		return sim.Checkpoint{}, sim.Errorf(sim.BadCheckpoint, "the format of the checkpoint is %s; this program reads %q", quote(c.Format), CheckpointFormat)
	}
	out := sim.Checkpoint{
		Model: c.Model, Knobs: c.Knobs, Data: c.Data.Name, DataKnobs: c.Data.Knobs, Points: Vectors(c.Data.Points), HeldOut: c.Data.Held,
		Seed: c.Seed, Step: c.Step, Params: c.Params, Train: c.Train, PointsInfo: c.Data.value(),
	}
	if c.Past == nil {
		return out, nil
	}
	past, err := c.Past.value()
	out.Past = &past
	return out, err
}

// EncodeCheckpoint writes a checkpoint as JSON.
func EncodeCheckpoint(c sim.Checkpoint) ([]byte, error) { return json.Marshal(checkpointJSON(c)) }

// DecodeCheckpoint reads the JSON of a checkpoint. [sim.Restore] checks what it says.
func DecodeCheckpoint(text []byte) (sim.Checkpoint, error) {
	var c checkpoint
	if err := decodeStrictly(text, &c, "checkpoint"); err != nil {
		return sim.Checkpoint{}, err
	}
	return c.value()
}

// decodeStrictly reads one JSON value of a file as [DecodeStrictly] does. what names the file in errors.
func decodeStrictly(text []byte, to any, what string) error {
	if err := DecodeStrictly(text, to); err != nil {
		return sim.Errorf(sim.BadCheckpoint, "this is not a %s: %v", what, err)
	}
	return nil
}

// DecodeStrictly reads one JSON value without unknown fields, and nothing after it. The error says
// what is wrong in it without the names of Go types.
func DecodeStrictly(text []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return errors.New(jsonError(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("there is more text after its end")
	}
	return nil
}
