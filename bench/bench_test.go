package main

import (
	"bytes"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden page again")

// TestPage reads what the programs print, with two rounds, several ways of doing a thing, a
// library that failed and sizes that are missing, and holds the page to the golden one.
func TestPage(t *testing.T) {
	const golden = "testdata/page.md"
	r := newResults()
	if err := r.readFile("testdata/small.txt"); err != nil {
		t.Fatal(err)
	}
	got, err := render([]string{"avx2"}, r)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the page differs from %s; look at what go test -update changes. It is now:\n%s", golden, got)
	}
}

// TestErrorIn finds the line that says what was wrong.
func TestErrorIn(t *testing.T) {
	for text, want := range map[string]string{
		"Traceback:\n  File \"grid.py\"\nModuleNotFoundError: No module named 'torch'\n":                               "ModuleNotFoundError: No module named 'torch'",
		"node:internal\n  throw\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find 'x'\n    at y {\n}\n\nNode.js v20.20.2\n": "Error [ERR_MODULE_NOT_FOUND]: Cannot find 'x'",
		"one\ntwo\n": "two",
		"":           "",
	} {
		if got := errorIn(text); got != want {
			t.Errorf("errorIn(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestLoadSection finds the part of the page that is not written here.
func TestLoadSection(t *testing.T) {
	for page, want := range map[string]string{
		"# A\n\ntext\n\n## Many viewers\n\ntable\n": "\n## Many viewers\n\ntable\n",
		"# A\n": "",
		"":      "",
	} {
		if got := string(loadSection([]byte(page))); got != want {
			t.Errorf("loadSection(%q) = %q, want %q", page, got, want)
		}
	}
}
