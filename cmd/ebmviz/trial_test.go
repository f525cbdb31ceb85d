package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"testing"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/content"
)

// examine runs a trial and holds its numbers to the symptom. With -v it prints all numbers that a
// symptom may be made of.
func examine(t *testing.T, title string, trial content.Trial) {
	t.Helper()
	got, err := play(trial)
	if err != nil {
		t.Errorf("%s: %v", title, err)
		return
	}
	if testing.Verbose() {
		for _, name := range slices.Sorted(maps.Keys(got)) {
			t.Logf("%s: %s = %.4g", title, name, got[name])
		}
	}
	if len(trial.Symptom) == 0 {
		t.Errorf("%s has no symptom", title)
	}
	for name, bound := range trial.Symptom {
		v, ok := got[name]
		if !ok {
			t.Errorf("%s: there is no number %q", title, name)
		} else if !bound.Holds(v) {
			text, _ := json.Marshal(bound)
			t.Errorf("%s: %s is %.4g, which should be %s", title, name, v, text)
		}
	}
}

// results holds the numbers of each trial: lessons and exhibits have trials in common, and each is
// run once.
var results sync.Map // of the configuration and the steps to a func() (map[string]float64, error)

// play returns the numbers of a trial.
func play(trial content.Trial) (map[string]float64, error) {
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
	result, _ := results.LoadOrStore(fmt.Sprintf("%s %d", config, steps), sync.OnceValues(func() (map[string]float64, error) { return numbers(run, steps) }))
	return result.(func() (map[string]float64, error))()
}

// numbers steps a run so many times and returns its numbers.
func numbers(run *sim.Run, steps uint64) (map[string]float64, error) {
	for range steps {
		if err := run.Step(); err != nil {
			if d := (*sim.Diverged)(nil); errors.As(err, &d) {
				return map[string]float64{"diverged": float64(d.Step)}, nil
			}
			return nil, err
		}
	}
	got, report := map[string]float64{}, map[string]any{}
	text, err := json.Marshal(run.Measure())
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	for name, value := range report {
		if v, ok := value.(float64); ok {
			got[name] = v
		}
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
	return got, err
}
