package sim

import (
	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// NoOpening is the code of the error that no configuration makes a run.
const NoOpening Code = "no-opening"

// maxMoveStep bounds the steps of moves: a Seek goes to the last of them without a limit.
const maxMoveStep = 100_000

// Move is a setting that is made in the course of a run, after a step.
type Move struct {
	Step uint64  `json:"step"`
	Set  Setting `json:"set"`
}

// Setting is a knob and its value. The knob does not restart the model.
type Setting struct {
	Knob  string `json:"knob"`
	Value any    `json:"value"`
}

// Opening returns the configuration that makes an equal run, with the moves of this one. A run that
// began with a checkpoint, or whose points have been replaced, has none; the error says so.
func (r *Run) Opening() (Config, error) {
	t := &r.timeline
	if t.opening == nil {
		return Config{}, Errorf(NoOpening, "the run began with a checkpoint")
	}
	c := *t.opening
	for _, e := range t.log {
		if e.Points != nil {
			return Config{}, Errorf(NoOpening, "the points were changed at step %d", e.Step)
		}
		c.Moves = append(c.Moves, Move{e.Step, Setting{e.Knob, e.Value}})
	}
	return c, nil
}

// adoptMoves makes moves the future of a run that stands at step 0.
func (r *Run) adoptMoves(moves []Move) error {
	ofModel, ofData := ebm.NewKnobs(r.card.ID), ebm.NewKnobs(r.dataset.card.ID)
	r.card.New().Knobs(ofModel)
	set := r.dataset.card.New()
	if r.dataset.card.ID == customData {
		set = data.NewCustom(r.dataset.given)
	}
	set.Knobs(ofData)
	l := Log{Entries: make([]Entry, len(moves))}
	generation := r.generations
	for i, m := range moves {
		e := Entry{Step: m.Step, Change: Change{Knob: m.Set.Knob, Value: m.Set.Value}}
		knobs := ofModel
		if e.ofData() {
			generation++
			e.Generation, knobs = generation, ofData
		}
		k, err := knobs.Lookup(e.Knob)
		switch {
		case err != nil:
			return Errorf(UnknownKnob, "move %d of the log: %v", i+1, err)
		case k.Restart && !e.ofData():
			return Errorf(BadValue, "move %d of the log: knob %q restarts the model; it can be set at the beginning only", i+1, e.Knob)
		case e.Step > maxMoveStep:
			return Errorf(Limit, "move %d of the log is of step %d; the last step allowed is %d", i+1, e.Step, maxMoveStep)
		}
		if err := knobs.Set(e.Knob, e.Value); err != nil {
			return Errorf(BadValue, "move %d of the log: %v", i+1, err)
		}
		l.Entries[i] = e
	}
	return r.adoptLog(l)
}
