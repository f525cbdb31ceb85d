package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data/table"
	"ebmviz/sim"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

type eval struct {
	Checkpoint string `required:"" type:"path" placeholder:"JSON" help:"A trained model."`
	Points     string `required:"" type:"path" placeholder:"FILE" help:"Table of points of the plane."`
}

// Run prints y1, y2, F and its two derivatives at each point, computed in float64. Where the points
// that the model was trained on have axes, it also prints y1 and y2 in their units.
func (e *eval) Run(m *Main) error {
	run, err := restore(e.Checkpoint)
	if err != nil {
		return usage{err}
	}
	t, err := m.readTable(e.Points, table.Options{Most: math.MaxInt})
	if err == nil && t.LeftOut.Count > 0 { // a line that is not there would shift the others
		err = fmt.Errorf("%s: line %d: %s", filepath.Base(e.Points), t.LeftOut.First[0].Line, t.LeftOut.First[0].Reason)
	}
	if err != nil {
		return usage{err}
	}
	at := t.Points
	energy, grad := make([]float64, len(at)), make([]r2.Vec, len(at))
	model := run.Exact()
	model.Energy(energy, at)
	ebm.Gradient(model, grad, at)

	out := bufio.NewWriter(m.Stdout)
	info := run.PointsInfo()
	header := []string{"y1", "y2", "F", "dF1", "dF2"}
	names := csv.NewWriter(out)
	names.Write(append(header, info.UnitColumns(header...)...))
	names.Flush() // an error is also that of out
	line := []byte{}
	for i, y := range at {
		line = line[:0]
		values := []float64{y.X, y.Y, energy[i], grad[i].X, grad[i].Y}
		if info.Axes != nil {
			u := info.Axes.Units(y)
			values = append(values, u.X, u.Y)
		}
		for j, v := range values {
			if j > 0 {
				line = append(line, ',')
			}
			line = strconv.AppendFloat(line, v, 'g', 17, 64)
		}
		out.Write(append(line, '\n'))
	}
	return out.Flush()
}

type measure struct {
	Checkpoint string `required:"" type:"path" placeholder:"JSON" help:"A trained model."`
}

// Run prints the evaluation metrics, computed in float64. "on" says what they were measured on: fresh
// samples of a dataset; of a user's points those held out from training, or, if they are too few for that,
// the training points.
func (c *measure) Run(m *Main) error {
	run, err := restore(c.Checkpoint)
	if err != nil {
		return usage{err}
	}
	out := json.NewEncoder(m.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(run.Measure())
}

// restore returns the run of a checkpoint file.
func restore(path string) (*sim.Run, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	c, err := wire.DecodeCheckpoint(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	run, err := sim.Restore(c, sched.Parallel())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}
