package main

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/sim/sched"
)

// TestMuseum runs every exhibit and every cure with its own seed, and holds it to its
// symptom. With -v it prints all numbers that a symptom may be made of.
func TestMuseum(t *testing.T) {
	if raceDetector {
		t.Skip("it trains some thirty models: make test runs it without the race detector")
	}
	for _, e := range content.Exhibits() {
		t.Run(e.ID, func(t *testing.T) {
			if e.Title == "" || !strings.HasSuffix(e.Diagnosis, ".") || strings.Count(e.Diagnosis, ".") < 1 {
				t.Errorf("an exhibit needs a title and a diagnosis in a sentence: %+v", e)
			}
			examine(t, e.Title, e.Trial)
			for _, c := range e.Cures {
				if c.Remedy == "" {
					t.Error("a cure needs its remedy in words")
				}
				examine(t, "cured by "+c.Remedy, c.Trial)
			}
		})
	}
}

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

// play runs a trial and returns its numbers.
func play(trial content.Trial) (map[string]float64, error) {
	run, err := sim.NewRun(trial.Open, sched.Parallel())
	if err != nil {
		return nil, err
	}
	steps := trial.Steps
	if steps == 0 {
		steps = uint64(run.Card().Steps)
	}
	for range steps {
		if err := run.Step(); err != nil {
			if d := (*sim.Diverged)(nil); errors.As(err, &d) {
				return map[string]float64{"diverged": float64(d.Step)}, nil
			}
			return nil, err
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
	return got, err
}
