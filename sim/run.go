package sim

import (
	"math/rand/v2"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
)

// Run is one life of one model on one dataset. One goroutine owns it. Nothing in it
// depends on the clock or on the number of cores: the same Config and the same calls of
// Set at the same steps give the same numbers, to the bit.
type Run struct {
	card  ebm.Card
	seed  uint64
	cores ebm.For

	life
	cloud       *cloud
	generations uint32 // the number of the newest cloud
	step        uint64
	update      *ebm.Update
	revision    uint64 // grows with all that State shows but the step

	timeline
	gauges
	sheet
	ledger ledger
}

// life is what a restart makes anew.
type life struct {
	model ebm.Model
	knobs *ebm.Knobs
	pcg   *rand.PCG
	rng   *rand.Rand
}

// stream tells the numbers of the models from all others that begin with the same seed.
const stream = 0x9e3779b97f4a7c15

// NewRun starts a model. An error is a sentence: an unknown model, dataset or knob (with
// the nearest name suggested), a value out of range, or a landscape that is not finite
// from the start.
func NewRun(c Config, f ebm.For) (*Run, error) { return newRun(c, f, 1) }

// newRun numbers its first cloud with the given generation.
func newRun(c Config, f ebm.For, generation uint32) (*Run, error) {
	c, card, err := c.complete()
	if err != nil {
		return nil, err
	}
	ofModel, ofData := split(c.Knobs)
	points, err := newCloud(c.Data, c.Points, ofData, generation)
	if err != nil {
		return nil, err
	}
	r := &Run{card: card, seed: c.Seed, cores: f, generations: generation}
	r.update = &ebm.Update{Trace: ebm.NewTrace(), For: f}
	r.gauges.init(card)
	r.sheet.init(r)
	if err := r.restart(ofModel, points); err != nil {
		return nil, err
	}
	return r, nil
}

// bear makes a model with these values of its knobs and starts it on the points.
func (r *Run) bear(values map[string]any, points []r2.Vec) (life, error) {
	l := life{model: r.card.New(), knobs: ebm.NewKnobs(r.card.ID), pcg: rand.NewPCG(r.seed, stream)}
	l.model.Knobs(l.knobs)
	if err := setAll(l.knobs, values); err != nil {
		return l, err
	}
	if _, ok := l.model.(ebm.Stater); !ok {
		return l, complain(UnknownModel, "the model %s cannot save its state, so it cannot be run", r.card.ID)
	}
	l.rng = rand.New(l.pcg)
	l.model.Init(points, l.rng)
	return l, nil
}

// restart begins again at step 0 with these values of the model's knobs. If that is not
// possible, nothing has changed.
func (r *Run) restart(values map[string]any, points *cloud) error {
	born, err := r.bear(values, points.points)
	if err != nil {
		return err
	}
	former, formerCloud := r.life, r.cloud
	r.life, r.cloud = born, points
	if q := r.lookOver(); q != "" {
		r.life, r.cloud = former, formerCloud
		return complain(DivergedCode, "with these values %s of %s is not finite, or beyond ±1e6, from the start", q, r.card.ID)
	}
	r.settle(0)
	return nil
}

// settle begins a timeline with the present state as its first snapshot.
func (r *Run) settle(step uint64) {
	r.step = step
	r.update.Rand = r.rng
	r.update.Trace.Reset()
	r.gauges.reset()
	r.ledger.clear()
	r.timeline.begin(r.snapshot(r.model.(ebm.Stater).State()), r.card)
	r.revision++
}

// Reset begins again at step 0 with the present values of the knobs.
func (r *Run) Reset() error { return r.restart(r.knobs.Values(), r.cloud) }

// Config returns what an equal run would be made from, every knob included.
func (r *Run) Config() Config {
	return Config{Model: r.card.ID, Data: r.cloud.card.ID, Seed: r.seed, Knobs: r.Knobs(), Points: r.cloud.given}
}

// Card returns the card of the model.
func (r *Run) Card() ebm.Card { return r.card }

// Model returns the model as it is now.
func (r *Run) Model() ebm.Model { return r.model }

// Points returns the training points, which must not be changed.
func (r *Run) Points() []r2.Vec { return r.cloud.points }

// Generation tells one set of training points from another.
func (r *Run) Generation() uint32 { return r.cloud.generation }

// Knobs returns the present value of every knob, the dataset's under data.*.
func (r *Run) Knobs() map[string]any { return merged(r.knobs, r.cloud.knobs) }

// StepCount returns how many steps the model has made since it was started.
func (r *Run) StepCount() uint64 { return r.step }

// Trace returns what the last step pushed, and where.
func (r *Run) Trace() *ebm.Trace { return r.update.Trace }

// Set moves a knob. It takes effect at once in the landscape or with the next step in the
// learning; a knob that restarts the model begins again at step 0. A moved knob of the
// dataset draws new points, and the model goes on learning from them with the parameters
// it has, unless their shape does not allow it. What lay in the future after a Seek is
// forgotten. A value that the knob has already changes nothing.
func (r *Run) Set(knob string, value any) (restarted bool, err error) {
	if strings.HasPrefix(knob, dataPrefix) {
		return r.setData(knob, value)
	}
	k, err := r.knobs.Lookup(knob)
	if err != nil {
		return false, &Error{UnknownKnob, err.Error()}
	}
	before := k.Value()
	if err := r.knobs.Set(knob, value); err != nil {
		return false, &Error{BadValue, err.Error()}
	}
	after := k.Value()
	switch {
	case after == before:
		return false, nil
	case k.Restart:
		values := r.knobs.Values()
		if err := r.knobs.Set(knob, before); err != nil {
			return false, &Error{BadValue, err.Error()}
		}
		return true, r.restart(values, r.cloud)
	}
	r.note(entry{r.step, knob, after})
	r.moved()
	return false, nil
}

func (r *Run) setData(knob string, value any) (restarted bool, err error) {
	next, err := r.cloud.with(knob, value, r.generations+1)
	if err != nil {
		return false, err
	}
	if next.equal(r.cloud) {
		return false, nil
	}
	if !r.rebase(next) {
		r.generations++
		return true, r.restart(r.knobs.Values(), next)
	}
	r.note(entry{r.step, knob, value})
	return false, nil
}

// SetPoints makes somebody's own points the data. As with a moved knob of the dataset, the model
// goes on learning from them with the parameters it has, unless their shape does not allow it.
// The points must not be changed afterwards.
func (r *Run) SetPoints(points []r2.Vec) (restarted bool, err error) {
	return r.setData(ownPoints, points)
}

// rebase lets the model go on with other points: it is started on them, and takes over
// the parameters that it had. It reports false, and changes nothing, if they do not fit.
// What else the model had gathered (moments, chains) belonged to the old points.
func (r *Run) rebase(next *cloud) bool {
	born, err := r.bear(r.knobs.Values(), next.points)
	if err != nil {
		return false
	}
	state := ebm.State{Params: r.model.(ebm.Stater).State().Params}
	if born.model.(ebm.Stater).SetState(state) != nil {
		return false
	}
	r.ledger.clear()
	born.pcg, born.rng = r.pcg, r.rng // chance goes on where it was
	r.life, r.cloud = born, next
	r.generations++
	r.gauges.parts = 0
	r.moved()
	return true
}

// moved notes that a knob has another value.
func (r *Run) moved() {
	r.gauges.spoil()
	r.revision++
}

// Step makes one update. If the landscape blew up the error is a *[Diverged] and the run
// is back at the last good step.
func (r *Run) Step() error {
	if q := r.proceed(r.glance); q != "" {
		return r.fallBack(q)
	}
	return nil
}

// proceed makes one step and what belongs to it: the check, the gauges, the snapshot,
// and the knobs that were moved here when the run came by before. It returns the
// quantity that blew up, if one did.
func (r *Run) proceed(check func() string) string {
	r.update.Trace.Reset()
	r.ledger.note(r)
	r.model.Step(r.update)
	r.step++
	if q := check(); q != "" {
		return q
	}
	r.readGauges()
	if q := r.keep(); q != "" {
		return q
	}
	r.replay()
	return ""
}

// Exact returns the model in float64 with the present parameters, for measuring and
// checking. It is a copy that does not learn on.
func (r *Run) Exact() ebm.Model {
	m := r.card.NewExact()
	knobs := ebm.NewKnobs(r.card.ID)
	m.Knobs(knobs)
	if err := setAll(knobs, r.knobs.Values()); err != nil {
		panic(err) // the values come from the same knobs
	}
	m.Init(r.cloud.points, rand.New(rand.NewPCG(r.seed, stream)))
	if err := m.(ebm.Stater).SetState(ebm.State{Params: r.model.(ebm.Stater).State().Params}); err != nil {
		panic(err)
	}
	return m
}

// Measure judges the landscape in float64, on points that the model was not trained on.
func (r *Run) Measure() measure.Report {
	m := r.Exact()
	return measure.NewSuite(r.cloud.set).Measure(func(dst []float64, at []r2.Vec) { r.spread(m, dst, at) }, r.card.IsNegLogProb)
}
