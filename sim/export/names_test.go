package export

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// keys returns the keys of a JSON object, those that stand there twice twice.
func keys(t *testing.T, text []byte) (names []string) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, key.(string))
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// TestNamesAreDistinct: no name stands twice in a file, whatever the method and the data; a method's own
// scalar that has the name of a column goes by the method's name too.
func TestNamesAreDistinct(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains every method")
	}
	own := make([]r2.Vec, 150)
	for i := range own {
		own[i] = r2.Vec{X: float64(i)/100 - .75, Y: float64(i%7) / 10}
	}
	axes := &data.Axes{Names: [2]string{"y1", "held"}, Scale: [2]float64{2, 3}}
	label := &sim.Label{Name: "measured_on", Groups: []string{"a"}, Of: make([]uint8, len(own))}
	for _, card := range ebm.Cards() {
		for name, config := range map[string]sim.Config{
			"built-in": {Model: card.ID, Knobs: map[string]any{"data.n": 100.}},
			"own":      {Model: card.ID, Data: "custom", Points: own, PointsInfo: sim.PointsInfo{Axes: axes, Label: label}},
		} {
			run, err := sim.NewRun(config, ebm.Serial)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := run.Step(); err != nil {
					t.Fatal(err)
				}
			}
			s := Source{run.Checkpoint(), run.History(), 16}
			found := map[string][]string{}
			for _, f := range []string{"grid.csv", "points.csv", "curves.csv"} {
				line, _, _ := bytes.Cut(write(t, f, s), []byte("\n"))
				found[f] = strings.Split(string(line), ",")
			}
			text := write(t, "landscape.json", s)
			var l struct{ Curves json.RawMessage }
			if err := json.Unmarshal(text, &l); err != nil {
				t.Fatal(err)
			}
			found["landscape.json"], found["its curves"] = keys(t, text), keys(t, l.Curves)
			archive := write(t, "landscape.npz", s)
			z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range z.File {
				found["landscape.npz"] = append(found["landscape.npz"], strings.TrimSuffix(f.Name, ".npy"))
			}
			for f, names := range found {
				slices.Sort(names)
				if distinct := slices.Compact(slices.Clone(names)); len(distinct) < len(names) {
					t.Errorf("%s of %s on %s data: a name stands twice in %v", f, card.ID, name, names)
				}
			}
			for _, f := range []string{"curves.csv", "its curves", "landscape.npz"} {
				for _, scalar := range run.ScalarNames() {
					if !slices.Contains(found[f], scalar) {
						t.Errorf("%s of %s lacks %s", f, card.ID, scalar)
					}
				}
				if slices.Contains(card.Scalars, "step") != slices.Contains(found[f], card.ID+".step") {
					t.Errorf("%s of %s has the names %v", f, card.ID, found[f])
				}
				if slices.Contains(found[f], MeasuredOn) != (name == "own") {
					t.Errorf("%s of %s on %s data has the names %v", f, card.ID, name, found[f])
				}
			}
		}
	}
}

// TestHeldInFiles: the files say which points are held out, and what was measured on which.
func TestHeldInFiles(t *testing.T) {
	points := make([]r2.Vec, 300)
	for i := range points {
		points[i] = r2.Vec{X: float64(i)/200 - .75, Y: float64(i*i%17) / 20}
	}
	run, err := sim.NewRun(sim.Config{Model: "kmeans", Data: "custom", Points: points}, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	step := func() {
		if err := run.Step(); err != nil {
			t.Fatal(err)
		}
	}
	step()
	s, held := Source{run.Checkpoint(), run.History(), 16}, run.Held()
	if len(held) == 0 {
		t.Fatal("no point is held out")
	}
	for i, row := range readTable(t, write(t, "points.csv", s), "y1,y2,held") {
		if (row[2] == 1) != slices.Contains(held, i) {
			t.Errorf("point %d is held out by points.csv: %v", i, row[2])
		}
	}
	step()
	if _, err := run.SetPoints(points[:50], sim.PointsInfo{}); err != nil {
		t.Fatal(err)
	}
	step()
	s.History = run.History()
	var l struct {
		Held   []int
		Curves struct {
			On []string `json:"measured_on"`
		}
	}
	if err := json.Unmarshal(write(t, "landscape.json", s), &l); err != nil {
		t.Fatal(err)
	}
	want := []string{"held-out points", "held-out points", "training points"}
	if !slices.Equal(l.Held, held) || !slices.Equal(l.Curves.On, want) {
		t.Errorf("landscape.json holds out %d points, want %d; measured on %v", len(l.Held), len(held), l.Curves.On)
	}
	curves := strings.Split(strings.TrimSpace(string(write(t, "curves.csv", s))), "\n")
	for i, on := range want {
		if !strings.HasSuffix(curves[i+1], ","+on) {
			t.Errorf("line %d of curves.csv is %s, want %s at its end", i+1, curves[i+1], on)
		}
	}
}
