package sim

import (
	"maps"
	"math/rand/v2"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
)

// Run is the training of one model on one dataset. One goroutine owns it. It depends neither on
// the clock nor on the number of cores: the same Config and the same changes at the same steps
// give the same numbers, to the bit.
type Run struct {
	card  ebm.Card
	seed  uint64
	cores ebm.For

	state       modelState
	dataset     *dataset
	generations uint32 // the number of the newest dataset
	step        uint64
	changed     bool // since the last full check
	update      *ebm.Update
	revision    uint64

	timeline      timeline
	snapshotBytes int // the bound of the timeline's snapshots
	metrics       metrics
	evaluator     evaluator
	params        parameterLog
}

// modelState is a model with its knobs and its random numbers.
type modelState struct {
	model ebm.Model
	knobs *ebm.Knobs
	pcg   *rand.PCG
	rng   *rand.Rand
}

// stream separates the random numbers of models from others with the same seed.
const stream = 0x9e3779b97f4a7c15

// NewRun starts a run at step 0. The error names an unknown model, dataset or knob (and suggests
// the nearest name), a value out of range, or a quantity that diverges at the start.
func NewRun(c Config, f ebm.For) (*Run, error) { return newRun(c, f, 1) }

// newRun starts a run whose first dataset has the given generation.
func newRun(c Config, f ebm.For, generation uint32) (*Run, error) {
	r, ofModel, d, err := runWithoutState(c, f, generation)
	if err != nil {
		return nil, err
	}
	if err := r.restart(ofModel, d); err != nil {
		return nil, err
	}
	if len(c.Moves) > 0 {
		return r, r.adoptMoves(c.Moves)
	}
	return r, nil
}

// runWithoutState returns a run of a configuration without a model state and a dataset, the values of the
// model's knobs, and the dataset.
func runWithoutState(c Config, f ebm.For, generation uint32) (r *Run, ofModel map[string]any, d *dataset, err error) {
	c, card, err := c.complete()
	if err != nil {
		return nil, nil, nil, err
	}
	ofModel, ofData := splitKnobs(c.Knobs)
	if d, err = newDataset(c.Data, c.Points, c.PointsInfo, ofData, generation); err != nil {
		return nil, nil, nil, err
	}
	return emptyRun(card, c.Seed, f, generation), ofModel, d, nil
}

// emptyRun returns a run without a model state and a dataset.
func emptyRun(card ebm.Card, seed uint64, f ebm.For, generations uint32) *Run {
	r := &Run{card: card, seed: seed, cores: f, generations: generations, snapshotBytes: maxSnapshotBytes}
	r.update = &ebm.Update{Trace: ebm.NewTrace(), For: f}
	r.metrics.init(card)
	r.evaluator.init(f)
	return r
}

// newModelState builds and initializes the model.
func (r *Run) newModelState(values map[string]any, points []r2.Vec) (modelState, error) {
	s := modelState{model: r.card.New(), knobs: ebm.NewKnobs(r.card.ID), pcg: rand.NewPCG(r.seed, stream)}
	s.model.Knobs(s.knobs)
	if err := setAll(s.knobs, values); err != nil {
		return s, err
	}
	if _, ok := s.model.(ebm.Stater); !ok {
		return s, Errorf(UnknownModel, "the model %s cannot save its state, so it cannot be run", r.card.ID)
	}
	s.rng = rand.New(s.pcg)
	s.model.Init(points, s.rng)
	return s, nil
}

// tensors returns the tensors of the model.
func (s modelState) tensors() ebm.State { return s.model.(ebm.Stater).State() }

// setTensors gives the model its tensors.
func (s modelState) setTensors(t ebm.State) error { return s.model.(ebm.Stater).SetState(t) }

// restart begins again at step 0 with these values of the model's knobs. It changes nothing if
// it returns an error.
func (r *Run) restart(values map[string]any, d *dataset) error {
	if d.trainOnAll { // a new model has not seen any point
		var err error
		if d, err = newDataset(d.card.ID, d.given, d.givenInfo, d.knobs.Values(), r.generations+1); err != nil {
			return err
		}
		r.generations++
	}
	s, err := r.newModelState(values, d.points)
	if err != nil {
		return err
	}
	if q := r.evaluator.fullCheck(s.model, s.tensors()); q != "" {
		return Errorf(DivergedCode, "with these values %s of %s is not finite, or beyond ±1e6, at the start", q, r.card.ID)
	}
	r.state, r.dataset = s, d
	config := r.Config()
	r.beginTimeline(0, &config)
	return nil
}

// beginTimeline makes the present state the first of a new timeline. The opening is nil if the
// state is that of a checkpoint.
func (r *Run) beginTimeline(step uint64, opening *Config) {
	r.step = step
	r.changed = false
	r.update.Rand = r.state.rng
	r.update.Trace.Reset()
	r.metrics.reset()
	r.params.clear()
	r.timeline.begin(r.snapshot(r.state.tensors()), opening, r.card)
	r.revision++
}

// Reset begins again at step 0 with the present values of the knobs.
func (r *Run) Reset() error { return r.restart(r.state.knobs.Values(), r.dataset) }

// Config returns what an equal run would be made from, with the value of each knob.
func (r *Run) Config() Config {
	return Config{Model: r.card.ID, Data: r.dataset.card.ID, Seed: r.seed, Knobs: r.Knobs(), Points: r.dataset.given, PointsInfo: r.dataset.givenInfo}
}

// Card returns the card of the model.
func (r *Run) Card() ebm.Card { return r.card }

// Model returns the model.
func (r *Run) Model() ebm.Model { return r.state.model }

// Points returns the points in use, those held out among them. They must not be changed.
func (r *Run) Points() []r2.Vec { return r.dataset.used }

// Held returns which of Points are held out from training, by their indices in increasing order;
// nil if none are. They must not be changed.
func (r *Run) Held() []int { return r.dataset.held }

// TestSet returns what the measures are taken on.
func (r *Run) TestSet() measure.TestSet { return r.dataset.testSet() }

// PointsInfo returns what goes with the points, nothing for a dataset that is generated.
func (r *Run) PointsInfo() PointsInfo { return r.dataset.info }

// Notice returns a sentence about the training points and the model, "" if there is none. See
// [ebm.Noticer].
func (r *Run) Notice() string {
	if m, ok := r.state.model.(ebm.Noticer); ok {
		return m.Notice()
	}
	return ""
}

// PointsID returns the [PointsID] of the user's points, "" for a dataset that is generated.
func (r *Run) PointsID() string { return r.dataset.pointsID }

// Generation returns the number of the present training points. Other points have another number.
func (r *Run) Generation() uint32 { return r.dataset.generation }

// Knobs returns the value of each knob, the dataset's with the prefix data.
func (r *Run) Knobs() map[string]any {
	all := r.state.knobs.Values()
	maps.Copy(all, r.dataset.knobs.Values())
	return all
}

// StepCount returns how many steps the model has made.
func (r *Run) StepCount() uint64 { return r.step }

// Revision grows with every change of what the other methods return, except for steps.
func (r *Run) Revision() uint64 { return r.revision }

// Trace returns what the last step pushed, and where.
func (r *Run) Trace() *ebm.Trace { return r.update.Trace }

// Set sets a knob. The landscape changes at once, the training with the next step; a knob that
// restarts the model begins again at step 0. A knob of the dataset draws new points, and the
// model goes on training on them with its present parameters, unless their shape does not fit.
// After a Seek to an earlier step, later entries of the log are discarded. To set the value that
// the knob already has changes nothing. If the landscape diverges at once the error is a
// [*Diverged], and the run is at its last good step.
func (r *Run) Set(knob string, value any) (restarted bool, err error) {
	if strings.HasPrefix(knob, dataPrefix) {
		return r.changeData(Change{Knob: knob, Value: value})
	}
	k, err := r.state.knobs.Lookup(knob)
	if err != nil {
		return false, &Error{UnknownKnob, err.Error()}
	}
	before := k.Value()
	if err := r.state.knobs.Set(knob, value); err != nil {
		return false, &Error{BadValue, err.Error()}
	}
	after := k.Value()
	switch {
	case after == before:
		return false, nil
	case k.Restart:
		values := r.state.knobs.Values()
		if err := r.state.knobs.Set(knob, before); err != nil {
			return false, &Error{BadValue, err.Error()}
		}
		return true, r.restart(values, r.dataset)
	}
	r.record(Change{Knob: knob, Value: after})
	return false, r.checkChange()
}

// SetPoints makes a user's points the dataset, with their axes and groups. As with a knob of the dataset, the model goes on
// training on them with its present parameters, unless their shape does not fit. The points must
// not be changed afterwards.
func (r *Run) SetPoints(points []r2.Vec, info PointsInfo) (restarted bool, err error) {
	if err := CheckPoints(points, info); err != nil {
		return false, err
	}
	return r.changeData(Change{Points: points, PointsInfo: info})
}

func (r *Run) changeData(c Change) (restarted bool, err error) {
	next, err := r.dataset.with(c, r.step, r.generations+1)
	if err != nil {
		return false, err
	}
	if next.equal(r.dataset) {
		return false, nil
	}
	if !r.setDataset(next) {
		r.generations++
		return true, r.restart(r.state.knobs.Values(), next)
	}
	r.record(c)
	return false, r.checkChange()
}

// setDataset lets the model go on with another dataset: it is initialized with the new points
// and takes over the present parameters. It reports false, and changes nothing, if they do not
// fit. What else the model has gathered (moments, chains) belongs to the old points.
func (r *Run) setDataset(next *dataset) bool {
	s, err := r.newModelState(r.state.knobs.Values(), next.points)
	if err != nil {
		return false
	}
	if s.setTensors(ebm.State{Params: r.state.tensors().Params}) != nil {
		return false
	}
	r.params.clear()
	s.pcg, s.rng = r.state.pcg, r.state.rng // the random numbers go on
	r.state, r.dataset = s, next
	r.generations = max(r.generations, next.generation)
	r.metrics.restartOracle()
	return true
}

// noteChange notes that a knob or the dataset has changed since the last check and measurement.
func (r *Run) noteChange() {
	r.changed = true
	r.metrics.invalidate()
	r.revision++
}

// checkChange rolls back a change after which the landscape diverges at once.
func (r *Run) checkChange() error {
	if q := r.evaluator.quickCheck(r.state.model, r.dataset); q != "" {
		return r.rollback(q)
	}
	return nil
}

// Step makes one step of training. If a parameter or an energy diverges the error is a
// [*Diverged], and the run is at its last good step.
func (r *Run) Step() error {
	if r.changed {
		if q := r.fullCheck(); q != "" {
			return r.rollback(q)
		}
	}
	q, err := r.advance(r.quickCheck)
	if q != "" {
		return r.rollback(q)
	}
	return err
}

// advance makes one step and what belongs to it: the check, the metrics, the snapshot, and the
// changes that the log has at the new step. It returns the quantity that diverged, if one did.
func (r *Run) advance(check func() string) (diverged string, err error) {
	r.update.Trace.Reset()
	r.params.add(r)
	r.state.model.Step(r.update)
	r.step++
	if q := check(); q != "" {
		return q, nil
	}
	r.measureStep()
	if q := r.takeSnapshot(); q != "" {
		return q, nil
	}
	return "", r.applyLog()
}

func (r *Run) quickCheck() string { return r.evaluator.quickCheck(r.state.model, r.dataset) }

func (r *Run) fullCheck() string {
	r.changed = false
	return r.evaluator.fullCheck(r.state.model, r.state.tensors())
}

// Exact returns a copy of the model in float64 with the present parameters, for measuring and
// checking.
func (r *Run) Exact() ebm.Model {
	m := r.card.NewExact()
	knobs := ebm.NewKnobs(r.card.ID)
	m.Knobs(knobs)
	if err := setAll(knobs, r.state.knobs.Values()); err != nil {
		panic(err) // the values come from the same knobs
	}
	m.Init(r.dataset.points, rand.New(rand.NewPCG(r.seed, stream)))
	if err := m.(ebm.Stater).SetState(ebm.State{Params: r.state.tensors().Params}); err != nil {
		panic(err)
	}
	return m
}

// Measure judges the landscape in float64. The report says on which points.
func (r *Run) Measure() measure.Report {
	m := r.Exact()
	return r.dataset.newSuite(r.dataset.set).Measure(func(dst []float64, at []r2.Vec) { r.evaluator.evaluate(m, dst, at) }, r.card.Beta(m))
}

// ExactEnergy writes the energies at the points to dst, computed in float64.
func (r *Run) ExactEnergy(dst []float64, at []r2.Vec) { r.evaluator.evaluate(r.Exact(), dst, at) }
