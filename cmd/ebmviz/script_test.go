package main

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/export"
)

// numpy returns a Python that has numpy; without EBMVIZ_PYTHON the test is skipped where there is none.
func numpy(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import numpy").Run() == nil {
			return python
		}
	}
	if os.Getenv("EBMVIZ_PYTHON") == "" {
		t.Skip("there is no python3 with numpy")
	}
	t.Fatal("there is no python3 with numpy; on Debian the package is python3-numpy")
	return ""
}

// ran writes the points, runs a script on them and returns what it says F is.
func ran(t *testing.T, python, script string, at []r2.Vec) []float64 {
	t.Helper()
	dir := t.TempDir()
	var points strings.Builder
	points.WriteString("y1,y2\n")
	for _, y := range at {
		fmt.Fprintf(&points, "%.17g,%.17g\n", y.X, y.Y)
	}
	for name, text := range map[string]string{"model.py": script, "points.csv": points.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command(python, "-W", "error", "model.py", "points.csv")
	run.Dir = dir
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*exec.ExitError).Stderr)
	}
	rows, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil || len(rows) != len(at)+1 {
		t.Fatalf("%d lines for %d points: %v", len(rows), len(at), err)
	}
	f := make([]float64, len(at))
	for i, row := range rows[1:] {
		if f[i], err = strconv.ParseFloat(row[2], 64); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// TestScripts runs the script of every method that has one, and of its variants, after some
// steps: it says F as the engine does.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts Python some forty times")
	}
	python := numpy(t)
	format, ok := export.Lookup("model.py")
	if !ok {
		t.Fatal("there is no model.py")
	}
	rng := rand.New(rand.NewPCG(7, 7))
	at := make([]r2.Vec, 100)
	for i := range at {
		at[i] = r2.Vec{X: 3*rng.Float64() - 1.5, Y: 3*rng.Float64() - 1.5}
	}
	configs := []sim.Config{}
	for _, card := range ebm.Cards() {
		configs = append(configs, sim.Config{Model: card.ID})
	}
	for _, v := range []struct {
		model string
		knobs map[string]any
	}{
		{"cd", map[string]any{"activation": "relu", "harmonics": 0.}}, {"mc", map[string]any{"activation": "softplus"}},
		{"gmm", map[string]any{"covariance": "full"}}, {"gmm", map[string]any{"covariance": "spherical"}},
		{"pca", map[string]any{"components": 2.}}, {"ae", map[string]any{"code": 2.}}, {"vae", map[string]any{"code": 1.}},
		{"latent", map[string]any{"code": "line", "w": .1}}, {"latent", map[string]any{"inference": "soft"}},
		{"sparse", map[string]any{"inference": "ista"}}, {"sparse", map[string]any{"inference": "fista", "nonneg": true}},
		{"sparse", map[string]any{"nonneg": true}}, {"lista", map[string]any{"variant": "lista"}},
		{"masked", map[string]any{"energy": "chain"}}, {"masked", map[string]any{"energy": "independent"}}, {"lcc", map[string]any{"inference": "fista"}},
	} {
		configs = append(configs, sim.Config{Model: v.model, Knobs: v.knobs})
	}
	for _, c := range configs {
		card, err := ebm.Lookup(c.Model)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprint(c.Model, c.Knobs), func(t *testing.T) {
			t.Parallel()
			r, err := sim.NewRun(c, ebm.Serial)
			if err != nil {
				t.Fatal(err)
			}
			for range 40 {
				if err := r.Step(); err != nil {
					t.Fatal(err)
				}
			}
			var script strings.Builder
			err = format.Write(&script, export.Source{Checkpoint: r.Checkpoint()}, ebm.Serial)
			if card.Script == "" {
				if c.Model != "mean" {
					t.Errorf("%s has no script", c.Model)
				}
				if err == nil || !strings.Contains(err.Error(), "cannot be exported as a Python script") {
					t.Errorf("without a script: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := make([]float64, len(at))
			r.Exact().Energy(want, at)
			worst := 0.
			for i, f := range ran(t, python, script.String(), at) {
				worst = max(worst, math.Abs(f-want[i])/max(1, math.Abs(want[i])))
			}
			if !(worst <= 1e-5) {
				t.Errorf("F differs by %.2g", worst)
			}
		})
	}
}
