package main

import (
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/sim"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
	"ebmviz/web"
)

// readNPZ opens landscape.npz with numpy and prints the shape of each array, the corners of the
// grid with their energies, and some values of the others.
const readNPZ = `
import json, sys
import numpy as np
a = np.load("landscape.npz")
print(json.dumps({
    "shapes": {name: list(a[name].shape) for name in a.files},
    "corners": [[a["y1"][j], a["y2"][i], a["F"][i, j]] for i in (0, 3, -1) for j in (0, 5, -1)],
    "point": list(a["points"][7]), "step": list(a["step"]), "loss": list(a["loss"][-1:]),
}))
`

// TestExport fetches all files of a room from a server, and reads them with numpy and as tables:
// their numbers are those of the run.
func TestExport(t *testing.T) {
	python := numpy(t)
	server, err := web.New(web.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	defer h.Close()
	do := func(method, path, token, body string) string {
		t.Helper()
		q, err := http.NewRequest(method, h.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			q.Header.Set("Authorization", "Bearer "+token)
		}
		a, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		text, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode != 200 {
			t.Fatalf("%s %s: %d %.200s %v", method, path, a.StatusCode, text, err)
		}
		return string(text)
	}
	trained, err := sim.NewRun(sim.Config{Model: "cd", Seed: 3, Knobs: map[string]any{"data.n": 200.}}, sched.Parallel())
	if err != nil {
		t.Fatal(err)
	}
	for range 30 {
		if err := trained.Step(); err != nil {
			t.Fatal(err)
		}
	}
	checkpoint, _ := wire.EncodeCheckpoint(trained.Checkpoint())
	room, token, err := server.OpenRoom(sim.Config{Model: "kmeans"})
	if err != nil {
		t.Fatal(err)
	}
	do("PUT", "/api/rooms/"+room+"/checkpoint", token, string(checkpoint))
	file := func(name string) string { return do("GET", "/api/rooms/"+room+"/files/"+name, "", "") }
	exact := trained.Exact()
	energy := func(y1, y2 float64) float64 {
		var e [1]float64
		exact.Energy(e[:], []r2.Vec{{X: y1, Y: y2}})
		return e[0]
	}

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "landscape.npz"), []byte(file("landscape.npz")), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(python, "-W", "error", "-c", readNPZ)
	run.Dir = dir
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*exec.ExitError).Stderr)
	}
	var npz struct {
		Shapes     map[string][]int
		Corners    [][3]float64
		Point      [2]float64
		Step, Loss []float64
	}
	if err := json.Unmarshal(out, &npz); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// The history of a run that was just loaded is empty.
	for name, shape := range map[string][]int{"y1": {128}, "y2": {128}, "F": {128, 128}, "points": {200, 2}, "step": {0}, "loss": {0}} {
		if got := npz.Shapes[name]; !slices.Equal(got, shape) {
			t.Errorf("%s has the shape %v, want %v", name, got, shape)
		}
	}
	for _, c := range npz.Corners {
		if want := energy(c[0], c[1]); math.Abs(c[2]-want) > 1e-9*(1+math.Abs(want)) {
			t.Errorf("F(%v, %v) = %v, want %v", c[0], c[1], c[2], want)
		}
	}
	if y := trained.Points()[7]; npz.Point != [2]float64{y.X, y.Y} {
		t.Errorf("point 7 is %v, want %v", npz.Point, y)
	}

	var landscape struct {
		Model  string
		Step   uint64
		F      [][]float64
		Points [][2]float64
		Curves map[string][]*float64
	}
	if err := json.Unmarshal([]byte(file("landscape.json")), &landscape); err != nil {
		t.Fatal(err)
	}
	if landscape.Model != "cd" || landscape.Step != 30 || len(landscape.F) != 128 || len(landscape.Points) != 200 || len(landscape.Curves["loss"]) != len(landscape.Curves["step"]) {
		t.Errorf("the JSON has %s, step %d, %d rows, %d points, %d and %d numbers", landscape.Model, landscape.Step, len(landscape.F), len(landscape.Points), len(landscape.Curves["loss"]), len(landscape.Curves["step"]))
	}
	if got := landscape.F[0][0]; got != npz.Corners[0][2] {
		t.Errorf("F in JSON is %v, in NPZ %v", got, npz.Corners[0][2])
	}
	for name, lines := range map[string]int{"grid.csv": 1 + 128*128, "points.csv": 1 + 200} {
		if n := strings.Count(file(name), "\n"); n != lines {
			t.Errorf("%s has %d lines, want %d", name, n, lines)
		}
	}
	if curves := file("curves.csv"); !strings.HasPrefix(curves, "step,loss,") || strings.Contains(curves, "NaN") {
		t.Errorf("the curves are %.100s", curves)
	}
	at := []r2.Vec{{X: .3, Y: -1.2}, {X: -1.5, Y: 1.5}}
	for i, f := range ran(t, python, file("model.py"), at) {
		if want := energy(at[i].X, at[i].Y); math.Abs(f-want) > 1e-9*(1+math.Abs(want)) {
			t.Errorf("the script says F(%v) = %v, want %v", at[i], f, want)
		}
	}
	if a, err := http.Get(h.URL + "/api/rooms/" + room + "/files/passwd"); err != nil || a.StatusCode != 404 {
		t.Errorf("another file: %v %v", a.StatusCode, err)
	}
}
