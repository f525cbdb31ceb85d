package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
	"ebmviz/sim/export"
)

const readUnits = `
import json
import numpy as np
a = np.load("landscape.npz")
print(json.dumps({
    "names": list(a["units_names"]), "points": a["units_points"].tolist(),
    "ends": [a["units_y1"][0], a["units_y2"][-1]], "cells": [a["y1"][0], a["y2"][-1]],
}))
import model
print(json.dumps(model.AXES))
`

// TestUnitsInPython: numpy reads the names and units in landscape.npz, and model.py has the same axes.
func TestUnitsInPython(t *testing.T) {
	python := numpy(t)
	axes := data.Axes{Names: [2]string{"Größe \"😀\"\\n", "ENERGY"}, Scale: [2]float64{1.25, 20}, Offset: [2]float64{3.5, 70}}
	run, err := sim.NewRun(sim.Config{
		Model: "kmeans", Data: "custom", Points: []r2.Vec{{X: 1, Y: .5}, {X: -1}, {}}, PointsInfo: sim.PointsInfo{Axes: &axes}, Knobs: map[string]any{"k": 2.},
	}, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"landscape.npz", "model.py"} {
		f, _ := export.Lookup(name)
		var b bytes.Buffer
		if err := f.Write(&b, export.Source{Checkpoint: run.Checkpoint(), History: run.History(), Grid: 16}, ebm.Serial); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(python, "-W", "error", "-c", readUnits)
	command.Dir = dir
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*exec.ExitError).Stderr)
	}
	var npz struct {
		Names       [2]string
		Points      [][2]float64
		Ends, Cells [2]float64
	}
	var script data.Axes
	d := json.NewDecoder(bytes.NewReader(out))
	if err := d.Decode(&npz); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := d.Decode(&script); err != nil || script != axes {
		t.Errorf("model.py has the axes %+v, want %+v: %v", script, axes, err)
	}
	if npz.Names != axes.Names || len(npz.Points) != 3 || npz.Points[0] != [2]float64{4.75, 80} {
		t.Errorf("landscape.npz has the points %v of %q", npz.Points, npz.Names)
	}
	if got, want := npz.Ends, [2]float64{3.5 + 1.25*npz.Cells[0], 70 + 20*npz.Cells[1]}; got != want {
		t.Errorf("landscape.npz has the cells %v, want %v", got, want)
	}
}
