package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// What follows is the method of CONTRIBUTING.md, to the letter.

func init() {
	ebm.Register(ebm.Card{
		ID: "mean", Title: "One prototype", Family: ebm.Architectural, Strategy: "A1",
		Summary:  "{down|Every point pulls} the one prototype: the landscape is a single bowl.",
		Formulas: []ebm.Formula{{Label: "energy", TeX: `F(y) = \lVert y - w \rVert^2`}},
		Source:   "S. P. Lloyd, “Least squares quantization in PCM”, 1982",
		Data:     "gaussians", Steps: 100, Scalars: []string{"loss"},
		New: func() ebm.Model { return &mean{eta: .1} },
	})
}

type mean struct {
	eta  float64
	w    r2.Vec
	data []r2.Vec
	loss float64
}

func (m *mean) Knobs(k *ebm.Knobs) {
	k.Float(&m.eta, "eta", `\eta`, 1e-3, 1, "How far the prototype moves at each step.", ebm.OnLog)
}

func (m *mean) Init(data []r2.Vec, rng ebm.Rand) { m.data, m.w = data, data[rng.IntN(len(data))] }

func (m *mean) Step(u *ebm.Update) {
	y := m.data[u.Rand.IntN(len(m.data))]
	m.loss = r2.Norm2(r2.Sub(y, m.w))
	m.w = r2.Add(m.w, r2.Scale(2*m.eta, r2.Sub(y, m.w)))
	u.Trace.Down(y, m.w, 1)
}

func (m *mean) Energy(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = r2.Norm2(r2.Sub(y, m.w))
	}
}

func (m *mean) Scalars(dst []float64) { dst[0] = m.loss }

func (m *mean) State() ebm.State {
	return ebm.State{Params: map[string]ebm.Tensor{"w": {Shape: []int{2}, Values: []float64{m.w.X, m.w.Y}}}}
}

func (m *mean) SetState(s ebm.State) error {
	w, err := ebm.Fetch(s.Params, "w", 2)
	if err == nil {
		m.w = r2.Vec{X: w.Values[0], Y: w.Values[1]}
	}
	return err
}

func TestContributingExample(t *testing.T) {
	guide, err := os.ReadFile(root + "/CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.ReadFile("toy_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(guide), "```go\n")
	code, _, found := strings.Cut(code, "```")
	if !found || !bytes.Contains(here, []byte(code)) {
		t.Error("the method in CONTRIBUTING.md is not the one that is tested here")
	}
}

// A method is one file: registered above, it is in the catalogue and on the command line.
func TestOneFileIsEnough(t *testing.T) {
	for args, wants := range map[string][]string{
		"models":        {"mean ", "A1", "One prototype", "eta=0.1", "a number from 0.001 to 1"},
		"models --json": {`"id": "mean"`, `"name": "eta"`},
		"train --model mean --steps 50 -k eta=0.5 --checkpoint " + t.TempDir() + "/mean.json": nil,
	} {
		var out, errs bytes.Buffer
		m := &Main{Stdout: &out, Stderr: &errs}
		if status := m.Run(context.Background(), strings.Fields(args)); status != 0 {
			t.Errorf("ebmviz %s: status %d, %s", args, status, &errs)
		}
		for _, want := range wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("ebmviz %s does not print %q:\n%.600s", args, want, &out)
			}
		}
	}
}
