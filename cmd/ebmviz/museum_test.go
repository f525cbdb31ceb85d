package main

import (
	"strings"
	"testing"

	"ebmviz/sim/content"
)

// TestMuseum runs every exhibit and every cure with its own seed, and holds it to its
// symptom. With -v it prints all numbers that a symptom may be made of.
func TestMuseum(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains some thirty models")
	}
	for _, e := range content.Exhibits() {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			if e.Title == "" || !strings.HasSuffix(e.Diagnosis, ".") || strings.Count(e.Diagnosis, ".") < 1 {
				t.Errorf("an exhibit needs a title and a diagnosis in a sentence: %+v", e)
			}
			texts := []string{e.Title, e.Diagnosis}
			examine(t, e.Title, e.Trial, texts)
			for _, c := range e.Cures {
				if c.Remedy == "" {
					t.Error("a cure needs its remedy in words")
				}
				examine(t, "cured by "+c.Remedy, c.Trial, append(texts, c.Remedy))
			}
		})
	}
}
