package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

type train struct {
	Model      string   `required:"" placeholder:"ID" help:"The method, such as cd; see ebmviz models."`
	Data       string   `placeholder:"ID" help:"The dataset, such as spiral; the model's own choice if missing."`
	Steps      *uint64  `placeholder:"N" help:"How many updates; as many as the model's defaults need if missing."`
	Seed       uint64   `default:"1" help:"Seed of the model's chance; the data have their own, data.seed."`
	Knob       []string `short:"k" placeholder:"NAME=VALUE" sep:"none" help:"A hyperparameter, such as sigma=0.2 or data.noise=0 (may be repeated)."`
	Points     string   `type:"path" placeholder:"CSV" help:"Training points y1,y2 for --data custom."`
	Checkpoint string   `required:"" type:"path" placeholder:"JSON" help:"Where to write the trained model."`
	Metrics    string   `type:"path" placeholder:"CSV" help:"Where to write the loss and the other numbers as they went."`
}

func (t *train) Run(ctx context.Context, m *Main) error {
	run, err := t.open()
	if err != nil {
		return usage{err}
	}
	return create(t.Checkpoint, func(w io.Writer) error {
		if err := t.teach(ctx, m, run); err != nil {
			return err
		}
		return json.NewEncoder(w).Encode(run.Checkpoint())
	})
}

// teach makes the steps that the flags ask for, and writes the metrics if they are wanted.
func (t *train) teach(ctx context.Context, m *Main, run *sim.Run) error {
	steps := uint64(run.Card().Steps)
	if t.Steps != nil {
		steps = *t.Steps
	}
	if t.Metrics == "" {
		return learn(ctx, m, run, steps, func() error { return nil })
	}
	return create(t.Metrics, func(w io.Writer) error {
		table := csv.NewWriter(w)
		if err := learn(ctx, m, run, steps, journal(run, table)); err != nil {
			return err
		}
		table.Flush()
		return table.Error()
	})
}

// open makes the run that the flags ask for.
func (t *train) open() (*sim.Run, error) {
	c := sim.Config{Model: t.Model, Data: t.Data, Seed: t.Seed}
	card, err := ebm.Lookup(t.Model)
	if err != nil {
		return nil, err
	}
	if c.Data == "" {
		c.Data = card.Data
	}
	if (c.Data == "custom") != (t.Points != "") {
		return nil, errors.New("--data custom and --points FILE go together")
	}
	if t.Points != "" {
		if c.Points, err = readPoints(t.Points); err != nil {
			return nil, err
		}
	}
	if c.Knobs, err = parseKnobs(card, c.Data, t.Knob); err != nil {
		return nil, err
	}
	return sim.NewRun(c, sim.Parallel())
}

// learn makes the steps, notes the numbers after each hundredth of them, and tells on
// standard error how it goes. A model that blows up is an error that says where; what it
// had learnt until then is not written, since it would pass for the whole.
func learn(ctx context.Context, m *Main, run *sim.Run, steps uint64, note func() error) error {
	if err := note(); err != nil {
		return err
	}
	every := max(1, steps/100)
	for i := uint64(1); i <= steps; i++ {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted after %d of %d steps; nothing was written", i-1, steps)
		}
		if err := run.Step(); err != nil {
			fmt.Fprintln(m.Stderr)
			return err
		}
		if i%every == 0 || i == steps {
			fmt.Fprintf(m.Stderr, "\r%d of %d steps", i, steps)
			if err := note(); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(m.Stderr)
	return nil
}

// journal returns a function that appends a line of the run's numbers to the table.
func journal(run *sim.Run, table *csv.Writer) func() error {
	names := run.ScalarNames()
	values := make([]float64, len(names))
	row := append([]string{"step"}, names...)
	headed := false
	return func() error {
		if !headed {
			headed = true
			if err := table.Write(row); err != nil {
				return err
			}
		}
		run.Scalars(values)
		row[0] = strconv.FormatUint(run.StepCount(), 10)
		for i, v := range values {
			row[i+1] = ""
			if !math.IsNaN(v) {
				row[i+1] = strconv.FormatFloat(v, 'g', -1, 64)
			}
		}
		return table.Write(row)
	}
}

// parseKnobs turns name=value texts into values of the model's and the dataset's knobs.
func parseKnobs(card ebm.Card, dataset string, texts []string) (map[string]any, error) {
	set, err := data.Lookup(dataset)
	if err != nil {
		return nil, err
	}
	ofModel, ofData := ebm.NewKnobs(card.ID), ebm.NewKnobs(dataset)
	card.New().Knobs(ofModel)
	set.New().Knobs(ofData)
	values := map[string]any{}
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("-k takes NAME=VALUE, such as -k sigma=0.2; got %q", text)
		}
		knobs := ofModel
		if strings.HasPrefix(name, "data.") {
			knobs = ofData
		}
		if err := knobs.Parse(name, value); err != nil {
			return nil, err
		}
		values[name] = knobs.Values()[name]
	}
	return values, nil
}

// readPoints reads y1,y2 lines from a file.
func readPoints(path string) ([]r2.Vec, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, err)
	}
	defer f.Close()
	points, err := data.ReadCSV(f, data.DefaultLimits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return points, nil
}
