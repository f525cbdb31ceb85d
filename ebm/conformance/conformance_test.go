package conformance_test

import (
	"slices"
	"testing"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	"ebmviz/ebm/conformance"
	_ "ebmviz/ebm/contrastive"
)

// TestMethods holds every registered method to every promise. It names none of them.
func TestMethods(t *testing.T) {
	for _, card := range ebm.Cards() {
		t.Run(card.ID, func(t *testing.T) { conformance.Test(t, card) })
	}
}

// TestToyIsFound: the toy of toy_test.go is registered and nothing else is done for it.
func TestToyIsFound(t *testing.T) {
	if _, err := ebm.Lookup("toy"); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(ebm.Cards(), func(c ebm.Card) bool { return c.ID == "toy" }) {
		t.Error("the toy is not in the list of cards")
	}
}

// TestFaultsAreFound breaks the toy in one way after another: the check that is made for
// it must complain.
func TestFaultsAreFound(t *testing.T) {
	for _, fault := range conformance.Checks() {
		t.Run(fault, func(t *testing.T) {
			if fault == "allocation" && conformance.RaceDetector {
				t.Skip("the race detector allocates by itself")
			}
			card, err := ebm.Lookup("toy")
			if err != nil {
				t.Fatal(err)
			}
			if err := conformance.Check(fault, card); err != nil {
				t.Errorf("the sound toy fails: %v", err)
			}
			card.New = func() ebm.Model { return newToy(fault) }
			if fault == "card" {
				card.Formulas = []ebm.Formula{{Label: "Energy", TeX: `\knob{sgima}`}}
			}
			err = conformance.Check(fault, card)
			if err == nil {
				t.Fatal("the broken toy passes")
			}
			t.Log(err)
		})
	}
}
