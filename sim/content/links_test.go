package content

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"
)

var update = flag.Bool("update", false, "write the defaults of the present version of links to testdata")

// defaults are what a link means where it names no value: the dataset of each method, and each knob.
type defaults map[string]map[string]any

// present returns the defaults of the catalogue, by method or "data.", dataset and knob.
func present(t *testing.T) defaults {
	all := defaults{}
	for _, m := range Catalog().Models {
		all[m.ID] = map[string]any{"data": m.Data}
		for _, k := range m.Knobs {
			all[m.ID][k.Name] = k.Default
		}
	}
	for _, d := range Catalog().Datasets {
		all["data."+d.ID] = map[string]any{}
		for _, k := range d.Knobs {
			all["data."+d.ID][k.Name] = k.Default
		}
	}
	delete(all, "toy")
	return decoded(t, all)
}

// decoded returns the defaults as JSON has them.
func decoded(t *testing.T, d defaults) (all defaults) {
	t.Helper()
	text, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLinksKeepTheirMeaning: for each version of links there is a file with the defaults of its
// time. With the former defaults that are listed, the catalogue gives the same. A default that
// changes needs an entry of the list and a new version.
func TestLinksKeepTheirMeaning(t *testing.T) {
	for version := 1; version <= links.Version; version++ {
		path := fmt.Sprintf("testdata/links-%d.json", version)
		if *update && version == links.Version {
			text, err := json.MarshalIndent(present(t), "", " ")
			if err == nil {
				err = os.WriteFile(path, append(text, '\n'), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var want defaults
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		now := present(t)
		for _, f := range slices.Backward(links.Former) { // the entry with the least Until decides
			if f.Until < version {
				continue
			}
			if f.Data != "" {
				now[f.Model]["data"] = f.Data
			}
			maps.Copy(now[f.Model], f.Knobs)
		}
		now = decoded(t, now)
		for model, knobs := range want {
			for knob, value := range knobs {
				if got := now[model][knob]; !reflect.DeepEqual(got, value) {
					t.Errorf("a link of version %d to %s opens with %s at %v; it was written with %v", version, model, knob, got, value)
				}
			}
		}
	}
	if !slices.IsSortedFunc(links.Former, func(a, b FormerDefaults) int { return a.Until - b.Until }) {
		t.Error("the former defaults are not by version")
	}
}

// TestFormerDefaults: what is listed as a former default is a knob or the dataset of a method,
// and no default any more.
func TestFormerDefaults(t *testing.T) {
	now := present(t)
	for _, f := range links.Former {
		old := decoded(t, defaults{"": maps.Clone(f.Knobs)})[""]
		if f.Data != "" {
			if old == nil {
				old = map[string]any{}
			}
			old["data"] = f.Data
		}
		if len(old) == 0 || f.Until < 1 || f.Until >= links.Version {
			t.Errorf("%+v says nothing of links before version %d", f, links.Version)
		}
		for knob, value := range old {
			if got, ok := now[f.Model][knob]; !ok || reflect.DeepEqual(got, value) {
				t.Errorf("%s: the default of %s is %v, formerly %v", f.Model, knob, got, value)
			}
		}
	}
}
