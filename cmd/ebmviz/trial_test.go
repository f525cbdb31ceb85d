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
		for _, name := range slices.Sorted(maps.Keys(o.numbers)) {
			t.Logf("%s: %s = %.4g", title, name, o.numbers[name])
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
		if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, bound.Says) }) {
			t.Errorf("%s: nothing says %q", title, bound.Says)
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
	steps := trial.Steps
	if steps == 0 {
		steps = uint64(run.Card().Steps)
	}
	config, err := json.Marshal(run.Config())
	if err != nil {
		return nil, err
	}
	end, _ := outcomes.LoadOrStore(fmt.Sprintf("%s %d", config, steps), sync.OnceValues(func() (*outcome, error) { return finish(run, steps) }))
	return end.(func() (*outcome, error))()
}

// finish steps a run so many times and takes its numbers.
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
	got := map[string]float64{}
	text, err := json.Marshal(run.Measure())
	if err == nil {
		err = json.Unmarshal(text, &got)
	}
	values := make([]float64, len(run.ScalarNames()))
	run.Scalars(values)
	for i, name := range run.ScalarNames() {
		// What is the method's own goes by its name; of the others the report's are finer.
		if _, ok := got[name]; !ok || i < len(run.Card().Scalars) {
			got[name] = values[i]
		}
	}
	got["diverged"] = math.NaN()
	got["reach"] = reach
	return &outcome{run: run, numbers: got, model: run.Exact()}, err
}
