package content

import (
	"encoding/json"
	"slices"
	"testing"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	_ "ebmviz/sim/internal/toy"
)

func TestCatalog(t *testing.T) {
	text, err := json.Marshal(Catalog())
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Models   []map[string]any
		Datasets []map[string]any
		Exhibits []map[string]any
		Limits   map[string]float64
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Models) != len(ebm.Cards()) {
		t.Errorf("%d models of %d", len(c.Models), len(ebm.Cards()))
	}
	for _, m := range c.Models {
		for _, k := range []string{"id", "title", "family", "strategy", "summary", "formulas", "source", "data", "steps", "knobs", "scalars", "nats"} {
			if _, ok := m[k]; !ok {
				t.Errorf("%v lacks %s", m["id"], k)
			}
		}
		scalars := m["scalars"].([]any)
		if scalars[0] != "loss" || !slices.Contains(scalars, any("auc")) {
			t.Errorf("the scalars of %v are %v", m["id"], scalars)
		}
		if m["id"] == "toy" {
			k := m["knobs"].([]any)[0].(map[string]any)
			if k["name"] != "rate" || k["kind"] != "float" || k["scale"] != "log" || k["default"] != 0.05 || k["restart"] != false {
				t.Errorf("the first knob of toy is %v", k)
			}
		}
	}
	for _, d := range c.Datasets {
		if own := d["id"] == "custom"; own != (d["own"] == true) {
			t.Errorf("%v: own is %v", d["id"], d["own"])
		}
		if len(d["knobs"].([]any)) < 2 || d["axes"].(map[string]any)["scale"] == nil {
			t.Errorf("%v", d)
		}
	}
	if len(c.Exhibits) != len(Exhibits()) || c.Exhibits[0]["id"] != Exhibits()[0].ID {
		t.Errorf("%d exhibits of %d", len(c.Exhibits), len(Exhibits()))
	}
	for _, k := range []string{"box", "points", "linkPoints", "gridMin", "gridMax"} {
		if c.Limits[k] == 0 {
			t.Errorf("there is no limit %s: %v", k, c.Limits)
		}
	}
}

// TestFiles reads all lessons and exhibits: they have ids of their own, and bounds to check.
func TestFiles(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range Lessons() {
		if l.ID == "" || seen[l.ID] || len(l.Steps) == 0 {
			t.Errorf("lesson %q has %d steps", l.ID, len(l.Steps))
		}
		seen[l.ID] = true
	}
	clear(seen)
	for _, e := range Exhibits() {
		if e.ID == "" || seen[e.ID] || len(e.Symptom) == 0 {
			t.Errorf("exhibit %q has %d bounds", e.ID, len(e.Symptom))
		}
		seen[e.ID] = true
	}
}

func TestBound(t *testing.T) {
	one, two := 1., 2.
	nan := 0 / (one - 1)
	for _, c := range []struct {
		b    Bound
		v    float64
		want bool
	}{
		{Bound{}, 5, true}, {Bound{Above: &one}, 1, false}, {Bound{Above: &one}, 1.5, true}, {Bound{Below: &two}, 2, false},
		{Bound{Above: &one, Below: &two}, 1.5, true}, {Bound{Above: &one, Below: &two}, 3, false}, {Bound{}, nan, false},
	} {
		if got := c.b.Holds(c.v); got != c.want {
			t.Errorf("Holds(%v) = %v", c.v, got)
		}
	}
}
