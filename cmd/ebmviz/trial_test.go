package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/content"
)

// examine runs a trial and those it is compared with, and holds their numbers to their symptoms.
// What a number says must be words of one of the texts. With -v it prints all numbers that a
// symptom may be made of without arguments.
func examine(t *testing.T, title string, trial content.Trial, texts []string) {
	t.Helper()
	o, err := play(trial)
	if err != nil {
		t.Errorf("%s: %v", title, err)
		return
	}
	if testing.Verbose() {
		all := maps.Clone(o.numbers)
		if o.report != nil {
			maps.Copy(all, o.report())
			maps.Copy(all, o.numbers)
		}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			t.Logf("%s: %s = %.4g", title, name, all[name])
		}
	}
	if len(trial.Symptom) == 0 {
		t.Errorf("%s has no symptom", title)
	}
	for _, name := range slices.Sorted(maps.Keys(trial.Symptom)) {
		bound := trial.Symptom[name]
		v, err := o.number(name)
		if testing.Verbose() {
			t.Logf("%s: %s is %.4g: %s", title, name, v, bound.Says)
		}
		if err != nil {
			t.Errorf("%s: %v", title, err)
		} else if !bound.Holds(v) {
			text, _ := json.Marshal(bound)
			t.Errorf("%s: %s is %.4g, which should be %s", title, name, v, text)
		}
		if bound.Says == "" || !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, bound.Says) }) {
			t.Errorf("%s: no text says %q, which %s is to bind", title, bound.Says, name)
		}
	}
	for i, other := range trial.Compare {
		examine(t, fmt.Sprintf("%s, comparison %d", title, i+1), other, texts)
	}
}

// outcomes holds the end of each trial: lessons and exhibits have trials in common, and each is
// run once.
var outcomes sync.Map // of the configuration and the steps to a func() (*outcome, error)

// play runs a trial to its end.
func play(trial content.Trial) (*outcome, error) {
	run, err := sim.NewRun(trial.Open, ebm.Serial)
	if err != nil {
		return nil, err
	}
	if trial.Steps == 0 {
		trial.Steps = uint64(run.Card().Steps)
	}
	key, err := json.Marshal([]any{run.Config(), run.PointsID(), trial.Steps, trial.Then})
	if err != nil {
		return nil, err
	}
	end, _ := outcomes.LoadOrStore(string(key), sync.OnceValues(func() (*outcome, error) { return playOnce(run, trial) }))
	return end.(func() (*outcome, error))()
}

func playOnce(run *sim.Run, trial content.Trial) (*outcome, error) {
	if trial.Then == nil {
		return finish(run, trial.Steps)
	}
	then := *trial.Then
	trial.Then = nil
	before, err := play(trial)
	if err != nil {
		return nil, err
	}
	if run, err = sim.Restore(before.checkpoint(), ebm.Serial); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(then.Knobs)) {
		if _, err := run.Set(name, then.Knobs[name]); err != nil {
			return nil, err
		}
	}
	return finish(run, then.Steps)
}

// finish steps a run so many times.
func finish(run *sim.Run, steps uint64) (*outcome, error) {
	reach := 0. // how far from its start any point was pushed up
	for range steps {
		if err := run.Step(); err != nil {
			if d := (*sim.Diverged)(nil); errors.As(err, &d) {
				return &outcome{run: run, numbers: map[string]float64{"diverged": float64(d.Step)}}, nil
			}
			return nil, err
		}
		for _, p := range run.Trace().Pushes {
			if p.Amount > 0 {
				reach = max(reach, r2.Norm(r2.Sub(p.At, p.From)))
			}
		}
	}
	o := &outcome{run: run, model: run.Exact(), numbers: map[string]float64{"diverged": math.NaN(), "reach": reach}}
	values := make([]float64, len(run.ScalarNames()))
	run.Scalars(values)
	for i, name := range run.ScalarNames() {
		o.numbers[name] = values[i]
	}
	o.report = sync.OnceValue(func() map[string]float64 { return reportNumbers(run) })
	o.checkpoint = sync.OnceValue(run.Checkpoint)
	return o, nil
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
