package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ebmviz/sim/content"
	"ebmviz/sim/trial"
)

// player plays what lessons, exhibits and cards speak of: what they have in common is run once.
var player trial.Player

// examine runs a trial and those it is compared with, and holds their numbers to their symptoms.
// What a number says must be words of one of the texts. With -v it prints all numbers that a
// symptom may be made of without arguments.
func examine(t *testing.T, title string, of content.Trial, texts []string) {
	t.Helper()
	o, err := player.Play(of)
	if err != nil {
		t.Errorf("%s: %v", title, err)
		return
	}
	if testing.Verbose() {
		all := o.Numbers()
		for _, name := range slices.Sorted(maps.Keys(all)) {
			t.Logf("%s: %s = %.4g", title, name, all[name])
		}
	}
	if len(of.Symptom) == 0 {
		t.Errorf("%s has no symptom", title)
	}
	for _, name := range slices.Sorted(maps.Keys(of.Symptom)) {
		bound := of.Symptom[name]
		v, err := o.Number(name)
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
	for i, other := range of.Compare {
		examine(t, fmt.Sprintf("%s, comparison %d", title, i+1), other, texts)
	}
}
