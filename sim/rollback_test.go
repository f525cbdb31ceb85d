package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
)

// untilDiverged steps until the run diverges. After each so many steps it renders a picture, never
// if render is 0.
func untilDiverged(t *testing.T, r *Run, render int) *Diverged {
	t.Helper()
	for i := 1; i < 10_000; i++ {
		err := r.Step()
		var d *Diverged
		if errors.As(err, &d) {
			return d
		}
		if err != nil {
			t.Fatal(err)
		}
		if render > 0 && i%render == 0 {
			picture(t, r, 32)
		}
	}
	t.Fatal("it never diverges")
	return nil
}

// TestDiverged has a rate of 2.5, at which the error grows by 1.5 with each step.
func TestDiverged(t *testing.T) {
	begin := func() *Run {
		r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.noise": 0.1}}, ebm.Serial)
		mustStep(t, r, 40)
		mustSet(t, r, "scale", 1.5)
		mustStep(t, r, 40)
		for i, rate := range []float64{0.4, 1.1, 2.5} { // a slider is dragged
			mustSet(t, r, "rate", rate)
			mustStep(t, r, i)
		}
		return r
	}
	r := begin()
	d := untilDiverged(t, r, 0)
	if d.Quantity != "energy" || d.Knob != "rate" || d.Back != 79 {
		t.Errorf("diverged: %+v", d)
	}
	if !strings.Contains(d.Message, "diverged") || !strings.Contains(d.Message, "rate was set to 2.5") {
		t.Errorf("the error is %q", d.Message)
	}
	if r.StepCount() != d.Step-1 {
		t.Errorf("step %d diverged, and the run is at step %d", d.Step, r.StepCount())
	}
	if bad := picture(t, r, 64).BadCells; bad != 0 {
		t.Errorf("at the last good step %d cells are not finite", bad)
	}
	good := digest(t, r)
	same := begin()
	if err := same.Seek(d.Step - 1); err != nil || digest(t, same) != good {
		t.Errorf("the last good step has changed: %v", err)
	}

	// The next step diverges again; further back the old rate and an open future return.
	if err := r.Step(); err == nil || r.StepCount() != d.Step-1 {
		t.Errorf("the next step: %v, at %d", err, r.StepCount())
	}
	mustSeek(t, r, d.Back)
	if got := r.Knobs()["rate"]; got != 0.05 || r.Knobs()["scale"] != 1.5 {
		t.Errorf("at step %d the knobs are %v", d.Back, r.Knobs())
	}
	mustStep(t, r, 500)

	for _, render := range []int{1, 3, 10} {
		if other := untilDiverged(t, begin(), render); *other != *d {
			t.Errorf("with a picture each %d steps it is %+v, without %+v", render, other, d)
		}
	}
}

// TestDivergedInACorner has a peak grow where only a full check finds it, sooner or later.
func TestDivergedInACorner(t *testing.T) {
	for _, render := range []int{0, 1, 7, 50} {
		r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"fault": "spike"}}, ebm.Serial)
		if d := untilDiverged(t, r, render); d.Step != 100 || r.StepCount() != 99 {
			t.Errorf("with a picture each %d steps it diverges at step %d and is left at %d", render, d.Step, r.StepCount())
		}
	}
}

// TestDivergedBySet sets a knob that makes the energy too large without a step, in the middle and at
// the beginning.
func TestDivergedBySet(t *testing.T) {
	for _, steps := range []int{0, 1, 6, 7, 33} {
		r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
		mustSet(t, r, "rate", 0.07)
		mustStep(t, r, steps)
		var d *Diverged
		if _, err := r.Set("scale", 1e9); !errors.As(err, &d) || d.Knob != "scale" {
			t.Fatalf("after %d steps: %v", steps, err)
		}
		if got := r.Knobs()["scale"]; got != 1.0 {
			t.Errorf("after %d steps: scale is still %v", steps, got)
		}
		if bad := picture(t, r, 32).BadCells; bad != 0 {
			t.Errorf("after %d steps: %d cells are not finite", steps, bad)
		}
		mustStep(t, r, 20)
	}
}

// TestDivergedAfterSet sets a knob after which only a full check fails: the next step finds it.
func TestDivergedAfterSet(t *testing.T) {
	for _, steps := range []int{0, 1, 61, 62, 90} {
		r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
		mustStep(t, r, steps)
		before := digest(t, r)
		mustSet(t, r, "scale", 1.1*maxEnergy/slices.Max(energyGrid(r, checkSide)))
		var d *Diverged
		if err := r.Step(); !errors.As(err, &d) || d.Knob != "scale" || d.Step != uint64(steps) {
			t.Fatalf("after %d steps: %v", steps, err)
		}
		if steps == 0 && digest(t, r) != before {
			t.Error("the knob is set back, and the picture differs")
		}
		mustStep(t, r, 5)
	}
}

// TestDivergedParameter has a tensor that is not finite although the energy is.
func TestDivergedParameter(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"wells": 2}}, ebm.Serial)
	mustStep(t, r, 10)
	toyOf(r).W[0].X /= 0 // the well is W[1]
	d := untilDiverged(t, r, 0)
	if d.Quantity != "w" || !strings.Contains(d.Message, "parameter w") {
		t.Errorf("%+v", d)
	}
}

// TestRenderingChangesNothing: pictures on any grid, at any step, or none leave the log, the step of
// the divergence and later pictures as they are.
func TestRenderingChangesNothing(t *testing.T) {
	run := func(rng *rand.Rand) (summary string) {
		r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"fault": "spike", "data.n": 50}}, ebm.Serial)
		render := func() {
			if rng != nil && rng.IntN(3) == 0 {
				p := picture(t, r, MinGrid+rng.IntN(200))
				if len(p.Grid) != p.NX*p.NY || !allInRange(widen(p.Grid)) {
					t.Fatalf("the grid of step %d is not finite", p.Step)
				}
			}
		}
		var d *Diverged
		for !errors.As(r.Step(), &d) {
			render()
			switch r.StepCount() {
			case 20:
				mustSet(t, r, "scale", 4.0)
				render()
			case 50:
				mustSet(t, r, "data.noise", 0.2)
				render()
			case 70:
				mustSeek(t, r, 40)
				render()
				mustSeek(t, r, 70)
				mustSet(t, r, "rate", 0.2)
			}
		}
		render()
		mustSet(t, r, "fault", "none")
		mustStep(t, r, 30)
		return fmt.Sprint(*d, r.Log(), digest(t, r), r.History())
	}
	want := run(nil)
	for seed := range uint64(4) {
		if run(rand.New(rand.NewPCG(seed, 1))) != want {
			t.Fatalf("seed %d: the pictures changed the run", seed)
		}
	}
}

func widen(grid []float32) []float64 {
	all := make([]float64, len(grid))
	for i, v := range grid {
		all[i] = float64(v)
	}
	return all
}
