package conformance_test

import (
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	"ebmviz/ebm/conformance"
	_ "ebmviz/ebm/contrastive"
)

// TestMethods runs all checks on every registered method.
func TestMethods(t *testing.T) {
	for _, card := range ebm.Cards() {
		t.Run(card.ID, func(t *testing.T) { conformance.Test(t, card) })
	}
}

// TestToyIsFound: registering the toy of toy_test.go is enough to list it.
func TestToyIsFound(t *testing.T) {
	if _, err := ebm.Lookup("toy"); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(ebm.Cards(), func(c ebm.Card) bool { return c.ID == "toy" }) {
		t.Error("the toy is not in the list of cards")
	}
}

// TestFaultsAreFound gives the toy one fault after another: the check of that name must fail.
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

// mapping is a toy that is an ebm.Reconstructer too.
type mapping struct{ *toy }

func newMapping() ebm.Model { return mapping{newToy("")} }

func (m mapping) Reconstruct(dst, at []r2.Vec) {
	for i := range at {
		dst[i] = m.w
	}
}

// TestCardFaultsAreFound gives the toy's card one fault after another.
func TestCardFaultsAreFound(t *testing.T) {
	toy, err := ebm.Lookup("toy")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*ebm.Card)
		says   string
	}{
		"no map":            {func(c *ebm.Card) { c.New = newMapping }, `its map "" is none of`},
		"unknown map":       {func(c *ebm.Card) { c.New, c.Map = newMapping, "guess" }, `its map "guess" is none of`},
		"map of no model":   {func(c *ebm.Card) { c.Map = ebm.MapDecode }, "the model is no ebm.Reconstructer"},
		"no year":           {func(c *ebm.Card) { c.Source = "N. N., “A well”" }, "the source"},
		"unknown stage":     {func(c *ebm.Card) { c.Stages = ebm.Stages{"kick": "Perturb."} }, `stage "kick" is none of`},
		"unknown number":    {func(c *ebm.Card) { c.Stages = ebm.Stages{ebm.StageWalk: "{hops} hops."} }, "cannot be filled in"},
		"unknown condition": {func(c *ebm.Card) { c.Stages = ebm.Stages{ebm.StageWalk: "It walks[!rejected|, always]."} }, "cannot be filled in"},
		"open brace":        {func(c *ebm.Card) { c.Stages = ebm.Stages{ebm.StageUp: "{up|Push up."} }, "cannot be filled in"},
	} {
		card := toy
		c.change(&card)
		if err := conformance.Check("card", card); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	toy.Stages = ebm.Stages{ebm.StageWalk: "[!perturbed|It walks {steps step}][rejected| to {followed}]; {up|push up}."}
	if err := conformance.Check("card", toy); err != nil {
		t.Errorf("a good sentence: %v", err)
	}
}
