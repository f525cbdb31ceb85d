package table

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// expected is what a file of testdata gives.
type expected struct {
	Names   []string
	Points  [][2]float64 // the first ones, if Count says how many there are
	Count   int
	Dropped int
	Label   string
	Groups  map[string]int
	Unit    string
	Warns   string
	Error   string
}

func readExpected(t testing.TB) map[string]expected {
	t.Helper()
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]expected
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFiles reads every file of testdata.
func TestFiles(t *testing.T) {
	all := readExpected(t)
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := file.Name()
		if name == "expected.json" || file.IsDir() {
			continue
		}
		want, ok := all[name]
		if !ok {
			t.Errorf("%s is not in expected.json", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			in, err := os.Open(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = in.Close() }()
			got, err := Read(in, Options{Name: name})
			if want.Error != "" {
				if err == nil || !strings.Contains(err.Error(), want.Error) || err.(*Error).Table == nil {
					t.Errorf("error %v, want %q", err, want.Error)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			check(t, got, want)
		})
	}
}

func check(t *testing.T, got *Table, want expected) {
	t.Helper()
	x, y, named := got.Names()
	if want.Names != nil && (!named || x != want.Names[0] || y != want.Names[1]) || want.Names == nil && named && want.Points != nil {
		t.Errorf("names %q %q, want %q", x, y, want.Names)
	}
	count := max(want.Count, len(want.Points))
	if want.Count == 0 && len(got.Points) != count || want.Count != 0 && len(got.Points) != want.Count {
		t.Errorf("%d points, want %d", len(got.Points), count)
	}
	for i, p := range want.Points {
		if i < len(got.Points) && got.Points[i] != (r2.Vec{X: p[0], Y: p[1]}) {
			t.Errorf("point %d is %v, want %v", i, got.Points[i], p)
		}
	}
	if got.LeftOut.Count != want.Dropped || len(got.LeftOut.First) != want.Dropped || got.Rows != len(got.Points)+want.Dropped {
		t.Errorf("of %d rows left out %+v, want %d", got.Rows, got.LeftOut, want.Dropped)
	}
	switch {
	case want.Label == "" && got.Label >= 0:
		t.Errorf("label %q", got.Columns[got.Label].Name)
	case want.Label != "" && (got.Label < 0 || got.Columns[got.Label].Name != want.Label || len(got.GroupOf) != len(got.Points)):
		t.Errorf("label %d, want %q", got.Label, want.Label)
	}
	for _, g := range got.Groups {
		if want.Groups != nil && want.Groups[g.Name] != g.Count {
			t.Errorf("group %+v, want %v", g, want.Groups)
		}
	}
	if want.Unit != got.Columns[got.X].Unit || want.Unit != got.Columns[got.Y].Unit {
		t.Errorf("unit %q %q, want %q", got.Columns[got.X].Unit, got.Columns[got.Y].Unit, want.Unit)
	}
	if want.Warns != "" && !slices.ContainsFunc(got.Warnings, func(w string) bool { return strings.Contains(w, want.Warns) }) {
		t.Errorf("warnings %q, want %q", got.Warnings, want.Warns)
	}
}
