package sim

import (
	"encoding/binary"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// rngTensor is the tensor of Train that holds the state of the random numbers: 128 bits in four
// pieces that a float64 can hold.
const rngTensor = "rng"

// Checkpoint is everything that a run needs to go on elsewhere, to the bit.
type Checkpoint struct {
	Model     string
	Knobs     map[string]any // the model's
	Data      string
	DataKnobs map[string]any // with the prefix data.
	Points    []r2.Vec       // of the dataset "custom"
	HeldOut   bool           // of Points a part is held out, if they are enough; else the model was trained on all
	Seed      uint64
	Step      uint64
	Params    map[string]ebm.Tensor // what is shown
	Train     map[string]ebm.Tensor // what training needs besides; may be missing

	PointsInfo // what goes with the points

	// Past is the log of the run before the checkpoint; nil if it is not known.
	Past *Log
}

// Checkpoint returns a checkpoint of the present state, without a past.
func (r *Run) Checkpoint() Checkpoint {
	return r.checkpoint(r.step, r.state.tensors(), *r.state.pcg, r.state.knobs.Values(), r.dataset)
}

func (r *Run) checkpoint(step uint64, tensors ebm.State, pcg rand.PCG, knobs map[string]any, d *dataset) Checkpoint {
	train := maps.Clone(tensors.Train)
	if train == nil {
		train = map[string]ebm.Tensor{}
	}
	train[rngTensor] = packRNG(&pcg)
	return Checkpoint{
		Model:     r.card.ID,
		Knobs:     knobs,
		Data:      d.card.ID,
		DataKnobs: d.knobs.Values(),
		Points:    d.given,
		HeldOut:   d.card.ID == customData && !d.trainOnAll,
		Seed:      r.seed,
		Step:      step,
		Params:    tensors.Params,
		Train:     train,

		PointsInfo: d.givenInfo,
	}
}

// Restore makes the run of a checkpoint. The error names an unknown model, dataset or knob, a value
// out of range, or a tensor that is missing, has the wrong shape or is not finite. A checkpoint
// without Train gives a run that can be shown and measured, and that trains on from its
// parameters. With a past, the run can return to its earlier steps.
func Restore(c Checkpoint, f ebm.For) (*Run, error) { return restoreCheckpoint(c, f, 1) }

func restoreCheckpoint(c Checkpoint, f ebm.For, generation uint32) (*Run, error) {
	switch {
	case c.Model == "" || c.Data == "":
		return nil, Errorf(BadCheckpoint, "the checkpoint names no model or no dataset")
	case c.Step > 1<<53:
		return nil, Errorf(BadCheckpoint, "step %d of the checkpoint is beyond 2^53", c.Step)
	}
	knobs := maps.Clone(c.Knobs)
	if knobs == nil {
		knobs = map[string]any{}
	}
	for name, value := range c.DataKnobs {
		if !strings.HasPrefix(name, dataPrefix) {
			name = dataPrefix + name
		}
		knobs[name] = value
	}
	r, ofModel, d, err := runWithoutState(Config{Model: c.Model, Data: c.Data, Seed: c.Seed, Knobs: knobs, Points: c.Points, PointsInfo: c.PointsInfo}, f, generation)
	if err != nil {
		return nil, err
	}
	if d.card.ID == customData && !c.HeldOut {
		d.useAll()
	}
	s, err := r.newModelState(ofModel, d.points)
	if err != nil {
		return nil, err
	}
	r.state, r.dataset = s, d
	train := maps.Clone(c.Train)
	delete(train, rngTensor)
	if err := r.state.setTensors(ebm.State{Params: c.Params, Train: train}); err != nil {
		return nil, Errorf(BadCheckpoint, "the checkpoint does not fit %s: %v", c.Model, err)
	}
	if t, ok := c.Train[rngTensor]; ok {
		if err := unpackRNG(r.state.pcg, t); err != nil {
			return nil, err
		}
	}
	if q := r.fullCheck(); q != "" {
		return nil, Errorf(BadCheckpoint, "with the parameters of the checkpoint %s is not finite, or beyond ±1e6", q)
	}
	r.beginTimeline(c.Step, nil)
	if c.Past != nil {
		return r, r.prepend(*c.Past)
	}
	return r, nil
}

// prepend puts a past before the present state. Its datasets are numbered again, from the generation of
// the present one on.
func (r *Run) prepend(past Log) error {
	if past.Furthest < r.step {
		return Errorf(BadCheckpoint, "the past of the checkpoint ends at step %d, before its step %d", past.Furthest, r.step)
	}
	past.Entries = slices.Clone(past.Entries)
	generation := r.dataset.generation
	past.Opening.Generation = generation
	for i := range past.Entries {
		if e := &past.Entries[i]; e.ofData() && e.Step <= r.step {
			generation++
			e.Generation = generation
		}
	}
	before, err := Replay(past, r.cores)
	if err != nil {
		return err
	}
	if before.card.ID != r.card.ID || before.seed != r.seed || before.step > r.step {
		return Errorf(BadCheckpoint, "the past of the checkpoint is that of another run")
	}
	if before.step == r.step {
		return nil
	}
	r.dataset.generation, r.generations = generation, generation
	present := r.timeline.snapshots[0]
	r.timeline = before.timeline
	r.timeline.log = past.Entries
	r.cut(r.step)
	log := r.timeline.log
	r.timeline.applied = len(log)
	if len(log) == 0 || log[len(log)-1].Step < r.step { // a snapshot is the state before the changes at its step
		r.timeline.snapshots = append(r.timeline.snapshots, present)
	}
	return nil
}

// Open starts a run of another configuration on the same cores. The generations of its datasets
// follow those of r, so that no two sets of points have the same.
func (r *Run) Open(c Config) (*Run, error) { return newRun(c, r.cores, r.generations+1) }

// Load makes the run of a checkpoint on the same cores, as Open does.
func (r *Run) Load(c Checkpoint) (*Run, error) { return restoreCheckpoint(c, r.cores, r.generations+1) }

// packRNG writes the state of the random numbers as four numbers of 32 bits.
func packRNG(pcg *rand.PCG) ebm.Tensor {
	b, err := pcg.MarshalBinary()
	if err != nil {
		panic(err) // it never fails
	}
	t := ebm.Tensor{Shape: []int{4}}
	for b = b[len(b)-16:]; len(b) > 0; b = b[4:] {
		t.Values = append(t.Values, float64(binary.BigEndian.Uint32(b)))
	}
	return t
}

func unpackRNG(pcg *rand.PCG, t ebm.Tensor) error {
	if len(t.Values) != 4 {
		return Errorf(BadCheckpoint, "tensor %q must hold 4 numbers, not %d", rngTensor, len(t.Values))
	}
	b := []byte("pcg:")
	for _, v := range t.Values {
		if v != math.Trunc(v) || v < 0 || v > math.MaxUint32 {
			return Errorf(BadCheckpoint, "tensor %q must hold whole numbers of 32 bits, not %v", rngTensor, v)
		}
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	if err := pcg.UnmarshalBinary(b); err != nil {
		return Errorf(BadCheckpoint, "tensor %q is no state of random numbers: %v", rngTensor, err)
	}
	return nil
}
