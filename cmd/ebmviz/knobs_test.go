package main

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// TestEveryKnobRefusesInOneSentence gives every knob of every method and dataset what it
// must not have, in the midst of a run: the answer names the knob and what is allowed, the
// value stays, and the run goes on.
func TestEveryKnobRefusesInOneSentence(t *testing.T) {
	refuse := func(t *testing.T, run *sim.Run, k *ebm.Knob, name string) {
		before := run.Knobs()[name]
		for _, bad := range wrong(k) {
			_, err := run.Set(name, bad)
			switch {
			case err == nil:
				t.Errorf("%s takes %v", name, bad)
			case !strings.Contains(err.Error(), fmt.Sprintf("%q", k.Name)) || !strings.Contains(err.Error(), k.Allowed()) || strings.ContainsAny(err.Error(), "\n{}"):
				t.Errorf("%s = %v: %v", name, bad, err)
			case run.Knobs()[name] != before:
				t.Errorf("%s = %v was refused, and changed it", name, bad)
			}
		}
	}
	for _, card := range shipped() {
		run, err := sim.NewRun(sim.Config{Model: card.ID, Knobs: map[string]any{"data.n": 100}}, ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		knobs := ebm.NewKnobs(card.ID)
		card.New().Knobs(knobs)
		for _, k := range knobs.All() {
			refuse(t, run, k, k.Name)
		}
		if err := run.Step(); err != nil {
			t.Errorf("%s does not go on: %v", card.ID, err)
		}
	}
	for _, card := range data.Cards() {
		if card.Hidden {
			continue
		}
		run, err := sim.NewRun(sim.Config{Model: "kmeans", Data: card.ID}, ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		knobs := ebm.NewKnobs(card.ID)
		card.New().Knobs(knobs)
		for _, k := range knobs.All() {
			refuse(t, run, k, k.Name)
		}
		if err := run.Step(); err != nil {
			t.Errorf("%s does not go on: %v", card.ID, err)
		}
	}
}

// wrong lists values that a knob must not have.
func wrong(k *ebm.Knob) []any {
	switch k.Kind {
	case ebm.Choice:
		return []any{"no such choice", "", 1., true, nil}
	case ebm.Bool:
		return []any{"true", 1., nil}
	}
	bad := []any{math.Nextafter(k.Max, math.Inf(1)), k.Max + 1, math.Inf(1), math.Inf(-1), math.NaN(), "1", true, nil, []any{1.}}
	if k.Min > 0 || !k.Zero {
		bad = append(bad, k.Min-1-math.Abs(k.Min))
	}
	if k.Kind == ebm.Int {
		bad = append(bad, k.Min+.5)
	}
	return bad
}
