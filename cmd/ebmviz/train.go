package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/data/table"
	"ebmviz/sim"
	"ebmviz/sim/export"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

type train struct {
	Model      string    `required:"" placeholder:"ID" help:"The method, such as cd; see ebmviz models."`
	Data       string    `placeholder:"ID" help:"The dataset, such as spiral (default: that of the model)."`
	Steps      *uint64   `placeholder:"N" help:"Number of updates (default: that of the model)."`
	Seed       uint64    `default:"1" help:"Seed of the model's random numbers; that of the data is data.seed."`
	Knob       []string  `short:"k" placeholder:"NAME=VALUE" sep:"none" help:"A hyperparameter, such as sigma=0.2 or data.noise=0 (may be repeated)."`
	Points     string    `type:"path" placeholder:"FILE" help:"Table of training points for --data custom, as ebmviz points reads it."`
	Fit        table.Fit `default:"none" enum:"none,same,each" help:"Scale these points to the plane, as ebmviz points does."`
	Checkpoint string    `required:"" type:"path" placeholder:"JSON" help:"File to write the trained model to."`
	Metrics    string    `type:"path" placeholder:"CSV" help:"File to write the loss and the other scalars to, 100 times during training."`
}

func (t *train) Run(ctx context.Context, m *Main) error {
	run, err := t.newRun(m)
	if err != nil {
		return usage{err}
	}
	return writeFile(t.Checkpoint, func(w io.Writer) error {
		if err := t.train(ctx, m, run); err != nil {
			return err
		}
		text, err := wire.EncodeCheckpoint(run.Checkpoint())
		if err == nil {
			_, err = w.Write(append(text, '\n'))
		}
		return err
	})
}

// train makes the steps that the flags ask for, and writes the metrics file if there is one.
func (t *train) train(ctx context.Context, m *Main, run *sim.Run) error {
	steps := uint64(run.Card().Steps)
	if t.Steps != nil {
		steps = *t.Steps
	}
	if t.Metrics == "" {
		return m.steps(ctx, run, steps, func() error { return nil })
	}
	return writeFile(t.Metrics, func(w io.Writer) error {
		table := csv.NewWriter(w)
		columns := append([]string{"step"}, sim.ColumnNames(run.Card().ID, run.ScalarNames(), "step", export.MeasuredOn)...)
		if run.TestSet().Own() {
			columns = append(columns, export.MeasuredOn)
		}
		if err := table.Write(columns); err != nil {
			return err
		}
		if err := m.steps(ctx, run, steps, func() error { return table.Write(metrics(run)) }); err != nil {
			return err
		}
		table.Flush()
		return table.Error()
	})
}

// newRun returns the run that the flags describe.
func (t *train) newRun(m *Main) (*sim.Run, error) {
	c := sim.Config{Model: t.Model, Data: t.Data, Seed: t.Seed}
	card, err := ebm.Lookup(t.Model)
	if err != nil {
		return nil, err
	}
	if c.Data == "" {
		c.Data = card.Data
	}
	if (c.Data == "custom") != (t.Points != "") {
		return nil, errors.New("--data custom and --points FILE must be used together")
	}
	if t.Points != "" {
		if err = t.readPoints(m, &c); err != nil {
			return nil, err
		}
	}
	if c.Knobs, err = parseKnobs(card, c.Data, t.Knob); err != nil {
		return nil, err
	}
	return sim.NewRun(c, sched.Parallel())
}

// steps trains the run by so many steps and calls record before the first, after each hundredth
// part of them, and after the last. It shows a progress bar. The error is that of a run that
// diverges, of record, or of ctx.
func (m *Main) steps(ctx context.Context, run *sim.Run, steps uint64, record func() error) error {
	if err := record(); err != nil {
		return err
	}
	bar := m.progress(steps)
	defer bar.Clear()
	every := max(1, steps/100)
	for i := uint64(1); i <= steps; i++ {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted after %d of %d steps; no file was written", i-1, steps)
		}
		if err := run.Step(); err != nil {
			return err
		}
		if i%every == 0 || i == steps {
			bar.Set64(int64(i))
			if err := record(); err != nil {
				return err
			}
		}
	}
	return nil
}

// metrics returns the line of the metrics file for the present step. A scalar without a value is
// an empty field.
func metrics(run *sim.Run) []string {
	values := make([]float64, len(run.ScalarNames()))
	run.Scalars(values)
	line := []string{strconv.FormatUint(run.StepCount(), 10)}
	for _, v := range values {
		field := ""
		if !math.IsNaN(v) {
			field = strconv.FormatFloat(v, 'g', -1, 64)
		}
		line = append(line, field)
	}
	if on := run.TestSet(); on.Own() {
		line = append(line, string(on))
	}
	return line
}

// parseKnobs parses texts NAME=VALUE as knobs of the model, or of the dataset if the name begins
// with "data.".
func parseKnobs(card ebm.Card, dataset string, texts []string) (map[string]any, error) {
	set, err := data.Lookup(dataset)
	if err != nil {
		return nil, err
	}
	modelKnobs, dataKnobs := ebm.NewKnobs(card.ID), ebm.NewKnobs(dataset)
	card.New().Knobs(modelKnobs)
	set.New().Knobs(dataKnobs)
	values := map[string]any{}
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("-k takes NAME=VALUE, such as -k sigma=0.2; got %q", text)
		}
		knobs := modelKnobs
		if strings.HasPrefix(name, "data.") {
			knobs = dataKnobs
		}
		if err := knobs.Parse(name, value); err != nil {
			return nil, err
		}
		values[name] = knobs.Values()[name]
	}
	return values, nil
}

// readPoints reads the training points, and says on standard error what of the table was left out.
func (t *train) readPoints(m *Main, c *sim.Config) error {
	from, err := m.readTable(t.Points, table.Options{})
	if err != nil {
		return err
	}
	points, axes, _, outside := from.Fit(t.Fit)
	if outside > 0 {
		return fmt.Errorf("%s: %s; give --fit same or --fit each to scale them", filepath.Base(t.Points), outsideOf(outside, len(points)))
	}
	for _, line := range notes(from) {
		fmt.Fprintln(m.Stderr, line)
	}
	c.Points = points
	if axes.Names == [2]string{"y1", "y2"} { // the names that they have anyway
		axes.Names = [2]string{}
	}
	if axes != data.Plain {
		c.Axes = &axes
	}
	if from.Label >= 0 {
		c.Label = &sim.Label{Name: from.Columns[from.Label].Name, Of: from.GroupOf}
		for _, g := range from.Groups {
			c.Label.Groups = append(c.Label.Groups, g.Name)
		}
	}
	return nil
}
