package trial

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/sim/wire"
)

// Outcome is a run at its end.
type Outcome struct {
	run     *sim.Run
	numbers map[string]float64        // the scalars, as the page shows them, and "diverged" and "reach"
	report  func() map[string]float64 // what only the report has, made when it is asked for; nil if the run diverged
	history func() sim.History        // made when it is asked for
	past    func() sim.Past           // for the runs that go on from here

	model ebm.Model // the run's in float64; nil if it diverged
}

// Run returns the run. It must not be stepped or changed.
func (o *Outcome) Run() *sim.Run { return o.run }

// Numbers returns the numbers of the run that have no arguments and are no observation, by name.
func (o *Outcome) Numbers() map[string]float64 {
	all := map[string]float64{}
	if o.report != nil {
		maps.Copy(all, o.report())
	}
	maps.Copy(all, o.numbers)
	return all
}

// Player plays trials, each once. Its zero value is ready. It may be used by several goroutines.
type Player struct {
	outcomes sync.Map // of a trial's runKey to a func() (*Outcome, error)
}

// Play runs a trial to its end. The error says what of the configuration, or of what is done, is
// wrong. That a run diverges is no error but a number.
func (p *Player) Play(t content.Trial) (*Outcome, error) {
	config := t.Open.Config
	config.Moves = t.Log
	run, err := sim.NewRun(config, ebm.Serial)
	if err != nil {
		return nil, err
	}
	key, err := json.Marshal([]any{run.Config(), run.PointsID(), t.Log, t.Stop, t.Do})
	if err != nil {
		return nil, err
	}
	outcome, _ := p.outcomes.LoadOrStore(string(key), sync.OnceValues(func() (*Outcome, error) {
		if len(t.Do) > 0 {
			return p.goOn(t)
		}
		return playToStop(run, t)
	}))
	return outcome.(func() (*Outcome, error))()
}

// playToStop trains a run until a trial's stop.
func playToStop(run *sim.Run, t content.Trial) (*Outcome, error) {
	r := recorder{run: run}
	usual := uint64(run.Card().Steps)
	if t.Stop.When == nil {
		end := t.Stop.Step
		if end == 0 {
			end = usual
		}
		if err := r.stepTo(end); err != nil {
			return nil, err
		}
		return r.outcome(), nil
	}
	names := run.ScalarNames()
	values := make([]float64, len(names))
	for end := uint64(content.StopEvery); ; end += content.StopEvery {
		if err := r.stepTo(min(end, usual)); err != nil {
			return nil, err
		}
		run.Scalars(values)
		if r.diverged != nil || end >= usual || holds(t.Stop.When, names, values) {
			return r.outcome(), nil
		}
	}
}

// holds reports whether scalars lie within bounds. A bound on an unknown scalar does not hold.
func holds(bounds map[string]content.Bound, names []string, values []float64) bool {
	for name, b := range bounds {
		if i := slices.Index(names, name); i < 0 || !b.Holds(values[i]) {
			return false
		}
	}
	return true
}

// goOn plays a trial to its stop and does what is to be done then.
func (p *Player) goOn(t content.Trial) (*Outcome, error) {
	do := t.Do
	t.Do = nil
	before, err := p.Play(t)
	if err != nil || before.report == nil {
		return before, err
	}
	run, err := before.past().Open(ebm.Serial)
	if err != nil {
		return nil, err
	}
	r := recorder{run: run}
	for _, action := range do {
		if err := r.do(action.Command); err != nil {
			return nil, err
		}
		if r.diverged != nil {
			break
		}
	}
	return r.outcome(), nil
}

// recorder steps a run and records what has to be seen on the way.
type recorder struct {
	run      *sim.Run
	reach    float64 // how far from its start any point was pushed up
	diverged *sim.Diverged
}

// do carries out a command; nil is none. Play and pause change nothing, since a trial has no clock.
func (r *recorder) do(c wire.Command) (err error) {
	switch c := c.(type) {
	case wire.Set:
		var restarted bool
		if restarted, err = r.run.Set(c.Knob, c.Value); restarted {
			r.reach = 0
		}
	case wire.Seek:
		if c.Step < r.run.StepCount() {
			err = r.run.Seek(c.Step)
		} else {
			err = r.stepTo(c.Step)
		}
	case wire.Open:
		r.run, err = sim.NewRun(c.Config, ebm.Serial)
		r.reach = 0
	case wire.Do:
		switch c {
		case wire.Step:
			err = r.stepTo(r.run.StepCount() + 1)
		case wire.Reset:
			err = r.run.Reset()
		}
	}
	if errors.As(err, &r.diverged) {
		return nil
	}
	return err
}

// stepTo steps the run to a step, or until it diverges.
func (r *recorder) stepTo(end uint64) error {
	for r.diverged == nil && r.run.StepCount() < end {
		if err := r.run.Step(); errors.As(err, &r.diverged) {
			return nil
		} else if err != nil {
			return err
		}
		for _, p := range r.run.Trace().Pushes {
			if p.Amount > 0 {
				r.reach = max(r.reach, r2.Norm(r2.Sub(p.At, p.From)))
			}
		}
	}
	return nil
}

// outcome returns the numbers of the run as it is now.
func (r *recorder) outcome() *Outcome {
	run := r.run
	if d := r.diverged; d != nil {
		return &Outcome{run: run, numbers: map[string]float64{"diverged": float64(d.Step)}, history: run.History}
	}
	o := &Outcome{run: run, model: run.Exact(), numbers: map[string]float64{"diverged": math.NaN(), "reach": r.reach}}
	values := make([]float64, len(run.ScalarNames()))
	run.Scalars(values)
	for i, name := range run.ScalarNames() {
		o.numbers[name] = values[i]
	}
	o.report = sync.OnceValue(func() map[string]float64 { return reportNumbers(run) })
	o.history = sync.OnceValue(run.History)
	o.past = sync.OnceValue(run.Past)
	return o
}

// reportNumbers returns the numbers of a run's report by their names in JSON.
func reportNumbers(run *sim.Run) map[string]float64 {
	members, numbers := map[string]any{}, map[string]float64{}
	text, err := json.Marshal(run.Measure())
	if err == nil {
		err = json.Unmarshal(text, &members)
	}
	if err != nil {
		panic(err) // a report has finite numbers
	}
	for name, member := range members {
		if v, ok := member.(float64); ok {
			numbers[name] = v
		}
	}
	return numbers
}
