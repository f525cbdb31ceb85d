package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
	"ebmviz/sim/content"
)

// golden compares a text with a file of testdata, or writes the file with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwhich differs from %s; if that is meant, run the test with -update", got, path)
	}
}

// TestModelsTable finds in the table a line for each method and dataset, each followed by a line for
// each of its knobs, and no other line.
func TestModelsTable(t *testing.T) {
	out, errs, status := ebmviz(t, "models")
	if status != 0 {
		t.Fatal(errs)
	}
	lines := slices.DeleteFunc(strings.Split(out, "\n"), func(line string) bool { return line == "" })
	next := func(parts ...string) {
		t.Helper()
		if len(lines) == 0 {
			t.Fatalf("the table ends before the line of %q", parts)
		}
		rest := lines[0]
		for _, part := range parts {
			_, after, found := strings.Cut(rest, part)
			if !found {
				t.Fatalf("the line %q lacks %q", lines[0], part)
			}
			rest = after
		}
		lines = lines[1:]
	}
	knobs := func(all []*ebm.Knob) {
		t.Helper()
		for _, k := range all {
			next("  "+k.Name+"=", fmt.Sprint(k.Default), k.Allowed(), strings.TrimSpace(k.Help))
		}
	}
	for _, m := range content.Catalog().Models {
		next(m.ID+" ", m.Strategy, m.Title, fmt.Sprintf("%d steps on %s. %s.", m.Steps, m.Data, m.Source))
		knobs(m.Knobs)
	}
	for _, d := range content.Catalog().Datasets {
		next(d.ID+" ", "data", d.Title)
		knobs(d.Knobs)
	}
	if len(lines) > 0 {
		t.Errorf("there is more in the table: %q", lines)
	}
}

// TestModelsJSON holds the catalogue to the form that the page and other programs read: which fields
// there are, of which type, and which of them may be missing (testdata/catalog.txt); one method as a
// whole (testdata/mean.json); and all methods and datasets in their order.
func TestModelsJSON(t *testing.T) {
	out, errs, status := ebmviz(t, "models", "--json")
	if status != 0 {
		t.Fatal(errs)
	}
	var catalog map[string]any
	if err := json.Unmarshal([]byte(out), &catalog); err != nil {
		t.Fatal(err)
	}
	golden(t, "catalog.txt", form(catalog))

	ids := func(list string) (all []string) {
		for _, entry := range catalog[list].([]any) {
			all = append(all, entry.(map[string]any)["id"].(string))
		}
		return all
	}
	var models, datasets []string
	for _, c := range ebm.Cards() {
		models = append(models, c.ID)
	}
	for _, d := range content.Catalog().Datasets {
		datasets = append(datasets, d.ID)
	}
	if got := ids("models"); !slices.Equal(got, models) {
		t.Errorf("the methods are %v, want %v", got, models)
	}
	if got := ids("datasets"); !slices.Equal(got, datasets) {
		t.Errorf("the datasets are %v, want %v", got, datasets)
	}
	mean := catalog["models"].([]any)[slices.Index(models, "mean")]
	text, err := json.MarshalIndent(mean, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "mean.json", string(text)+"\n")
}

// form lists the fields of a JSON object, a line each: the path, a question mark if the field is not
// in every object there, and the types of its values. Objects whose fields are names of knobs,
// numbers or stages have the one field "*".
func form(object map[string]any) string {
	objects, fields, types := map[string]int{}, map[string]int{}, map[string]map[string]bool{}
	var visit func(path string, v any)
	visit = func(path string, v any) {
		kind := fmt.Sprintf("%T", v)
		switch v := v.(type) {
		case map[string]any:
			kind = "object"
			objects[path]++
			named := strings.HasSuffix(path, ".knobs") || strings.HasSuffix(path, ".symptom") || strings.HasSuffix(path, ".stages")
			for name, field := range v {
				at := strings.TrimPrefix(path+"."+name, ".")
				if named {
					at = path + ".*"
				} else {
					fields[at]++
				}
				visit(at, field)
			}
		case []any:
			kind = "array"
			for _, element := range v {
				visit(path+"[]", element)
			}
		}
		if types[path] == nil {
			types[path] = map[string]bool{}
		}
		types[path][kind] = true
	}
	visit("", object)
	var lines strings.Builder
	for _, path := range slices.Sorted(maps.Keys(types)) {
		if path == "" {
			continue
		}
		optional := ""
		parent := path[:max(0, strings.LastIndexByte(path, '.'))]
		if n, isField := fields[path]; isField && n < objects[parent] {
			optional = "?"
		}
		fmt.Fprintf(&lines, "%s%s %s\n", path, optional, strings.Join(slices.Sorted(maps.Keys(types[path])), " or "))
	}
	return strings.ReplaceAll(strings.ReplaceAll(lines.String(), "float64", "number"), "<nil>", "null")
}
