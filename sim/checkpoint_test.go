package sim

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

func mustRestore(t failer, c Checkpoint) *Run {
	t.Helper()
	r, err := Restore(c, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRestoreGoesOn restores a run and compares its later pictures with those of the first one.
func TestRestoreGoesOn(t *testing.T) {
	for _, c := range []Config{
		{Model: "toy", Seed: 3},
		{Model: "toy", Data: "custom", Points: []r2.Vec{{X: .1, Y: 1. / 3}, {X: -1}}},
		{Model: "kmeans", Data: "moons", Knobs: map[string]any{"k": 7, "data.n": 90}},
		{Model: "cd"},
		{Model: "dae"},
	} {
		t.Run(c.Model+c.Data, func(t *testing.T) {
			a := mustRun(t, c, ebm.Serial)
			mustStep(t, a, 23)
			b := mustRestore(t, a.Checkpoint())
			if b.StepCount() != 23 || !maps.Equal(a.Knobs(), b.Knobs()) || !slices.Equal(a.Points(), b.Points()) {
				t.Errorf("restored at step %d with knobs %v", b.StepCount(), b.Knobs())
			}
			for range 2 * a.metrics.every { // until both have measured
				mustStep(t, a, 1)
				mustStep(t, b, 1)
			}
			if digest(t, a) != digest(t, b) {
				t.Error("the restored run goes on differently")
			}
		})
	}
}

// TestRestoreAfterKnob has a knob with which the energy of the first step would be too large, and that of
// the checkpoint is not.
func TestRestoreAfterKnob(t *testing.T) {
	tried := 0
	for seed := range uint64(20) {
		r := mustRun(t, Config{Model: "toy", Seed: seed}, ebm.Serial)
		first := slices.Max(energyGrid(r, checkSide))
		mustStep(t, r, 40)
		last := slices.Max(energyGrid(r, checkSide))
		if last > 0.99*first {
			continue
		}
		tried++
		mustSet(t, r, "scale", maxEnergy/((first+last)/2))
		if b := mustRestore(t, r.Checkpoint()); !slices.Equal(energyGrid(b, 16), energyGrid(r, 16)) {
			t.Errorf("seed %d: the restored run has other energies", seed)
		}
	}
	if tried == 0 {
		t.Error("no seed has such a knob")
	}
}

// TestRestoreWithPast: a run that is restored with its past can return to each earlier step, and go on
// from there.
func TestRestoreWithPast(t *testing.T) {
	for _, last := range []uint64{39, 40} { // a change just before the checkpoint, or at it
		a := mustRun(t, Config{Model: "toy", Seed: 3}, ebm.Serial)
		first, generation := map[uint64]string{}, map[uint64]uint32{}
		for s := range last + 1 {
			switch s {
			case 10:
				mustSet(t, a, "rate", 0.2)
			case 39:
				mustSet(t, a, "data.noise", 0.1)
				mustSet(t, a, "rate", 0.3)
			case 40:
				mustSet(t, a, "data.n", 77)
				mustSet(t, a, "push", 3.0)
			}
			first[s], generation[s] = digest(t, a), a.Generation()
			if s < last {
				mustStep(t, a, 1)
			}
		}
		c, past := a.Checkpoint(), a.Log()
		c.Past = &past
		for range 20 {
			mustStep(t, a, 1)
			first[a.step], generation[a.step] = digest(t, a), a.Generation()
		}
		b := mustRestore(t, c)
		if b.StepCount() != last || b.First() != 0 || b.Generation() != a.Generation() {
			t.Errorf("restored at step %d, from step %d on, generation %d", b.StepCount(), b.First(), b.Generation())
		}
		for _, s := range []uint64{5, 10, 11, 39, last, last - 1, 0, last + 20} {
			mustSeek(t, b, s)
			if s > last {
				for range 2 * a.metrics.every { // until both have measured
					mustStep(t, a, 1)
					mustStep(t, b, 1)
				}
				first[s] = digest(t, a)
			}
			if digest(t, b) != first[s] || b.Generation() != generation[s] {
				t.Errorf("with a last change at step %d the picture of step %d differs, or its generation %d", last, s, b.Generation())
			}
		}
	}
}

func TestPastOfAnotherRun(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 10)
	for name, corrupt := range map[string]func(l *Log){
		"seed":     func(l *Log) { l.Opening.Config.Seed = 7 },
		"model":    func(l *Log) { l.Opening.Config = Config{Model: "kmeans"} },
		"furthest": func(l *Log) { l.Furthest = 9 },
		"order":    func(l *Log) { l.Entries = []Entry{{Step: 5, Change: Change{Knob: "rate", Value: 1.0}}, {Step: 4}} },
		"points":   func(l *Log) { l.Entries = []Entry{{Step: 5, Change: Change{Points: []r2.Vec{{X: math.NaN()}}}}} },
	} {
		c, past := r.Checkpoint(), r.Log()
		corrupt(&past)
		c.Past = &past
		if _, err := Restore(c, ebm.Serial); CodeOf(err) != BadCheckpoint {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRestoreWithoutTrain gives a run that can be shown and trained.
func TestRestoreWithoutTrain(t *testing.T) {
	for _, model := range []string{"kmeans", "softkmeans", "cd", "dae", "maxlik"} {
		a := mustRun(t, Config{Model: model}, ebm.Serial)
		mustStep(t, a, 50)
		c := a.Checkpoint()
		for name, train := range map[string]map[string]ebm.Tensor{"none": nil, "empty": {}, "random numbers only": {"rng": c.Train["rng"]}} {
			c.Train = train
			b, err := Restore(c, ebm.Serial)
			if err != nil {
				t.Fatalf("%s, %s: %v", model, name, err)
			}
			at, ea, eb := []r2.Vec{{X: .3, Y: -.2}}, []float64{0}, []float64{1}
			a.Model().Energy(ea, at)
			b.Model().Energy(eb, at)
			if ea[0] != eb[0] {
				t.Errorf("%s, %s: F = %v, was %v", model, name, eb[0], ea[0])
			}
			mustStep(t, b, 10)
		}
	}
}

func TestRestoreRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		corrupt func(c *Checkpoint)
		says    string
	}{
		"model":     {func(c *Checkpoint) { c.Model = "tyo" }, `no model "tyo"`},
		"no model":  {func(c *Checkpoint) { c.Model = "" }, "names no model"},
		"no data":   {func(c *Checkpoint) { c.Data = "" }, "no dataset"},
		"data":      {func(c *Checkpoint) { c.Data = "spirla" }, `no dataset "spirla"`},
		"knob":      {func(c *Checkpoint) { c.Knobs["rat"] = 1.0 }, `knob "rat"`},
		"value":     {func(c *Checkpoint) { c.Knobs["rate"] = 1e300 }, `knob "rate" must be`},
		"data knob": {func(c *Checkpoint) { c.DataKnobs["m"] = 1.0 }, `knob "data.m"`},
		"step":      {func(c *Checkpoint) { c.Step = 1 << 60 }, "step"},
		"missing":   {func(c *Checkpoint) { c.Params = nil }, `"w" is missing`},
		"shape":     {func(c *Checkpoint) { c.Params["w"] = ebm.Scalar(1) }, "shape"},
		"values": {func(c *Checkpoint) {
			c.Params["w"] = ebm.Tensor{Shape: []int{1, 2}, Values: []float64{1}}
		}, "1 values"},
		"NaN": {func(c *Checkpoint) {
			c.Params["w"] = ebm.Tensor{Shape: []int{1, 2}, Values: []float64{1, math.NaN()}}
		}, "NaN"},
		"huge": {func(c *Checkpoint) {
			c.Params["w"] = ebm.Tensor{Shape: []int{1, 2}, Values: []float64{1, 1e200}}
		}, "not finite"},
		"train": {func(c *Checkpoint) { c.Train["steps"] = ebm.Tensor{} }, `"steps"`},
		"rng":   {func(c *Checkpoint) { c.Train["rng"] = ebm.Scalar(1) }, `"rng"`},
		"rng is no integer": {func(c *Checkpoint) {
			c.Train["rng"] = ebm.Tensor{Shape: []int{4}, Values: []float64{1, 2, 3, .5}}
		}, "whole numbers"},
		"points":      {func(c *Checkpoint) { c.Data, c.DataKnobs = customData, nil }, "no points"},
		"many points": {func(c *Checkpoint) { c.Data, c.DataKnobs, c.Points = customData, nil, make([]r2.Vec, 30_000) }, "are allowed"},
	} {
		r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
		corrupted := r.Checkpoint()
		c.corrupt(&corrupted)
		_, err := Restore(corrupted, ebm.Serial)
		if err == nil || !strings.Contains(err.Error(), c.says) || CodeOf(err) == "" {
			t.Errorf("%s: %v (%q); want … %s …", name, err, CodeOf(err), c.says)
		}
	}
}
