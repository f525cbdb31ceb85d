package sim

import (
	"errors"
	"strings"
	"testing"

	"ebmviz/ebm"
)

// untilDiverged steps and looks, each so many steps, until the landscape blows up.
func untilDiverged(t *testing.T, r *Run, look int) *Diverged {
	t.Helper()
	grid := make([]float32, 32*32)
	for i := 1; i < 10_000; i++ {
		err := r.Step()
		if err == nil && look > 0 && i%look == 0 {
			err = r.Grid(grid, 32)
		}
		var d *Diverged
		if errors.As(err, &d) {
			return d
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("it never blows up")
	return nil
}

// TestDiverged blows a run up with a rate of 2.5, at which the error grows by 1.5 with
// each step.
func TestDiverged(t *testing.T) {
	begin := func() *Run {
		r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.noise": 0.1}}, ebm.Serial)
		mustStep(t, r, 40)
		mustSet(t, r, "scale", 1.5)
		mustStep(t, r, 40)
		for i, rate := range []float64{0.4, 1.1, 2.5} { // a dragged slider
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
	if !strings.Contains(d.Message, "rate") || !strings.Contains(d.Message, "2.5") {
		t.Errorf("the sentence is %q", d.Message)
	}
	if r.StepCount() != d.Step-1 {
		t.Errorf("blew up at %d, left at %d", d.Step, r.StepCount())
	}
	good := digest(t, r) // fails if anything there is not finite
	same := begin()
	if err := same.Seek(d.Step - 1); err != nil || digest(t, same) != good {
		t.Errorf("the last good step is not what it was: %v", err)
	}

	// Going on blows up again; going back gives the old rate and an open future.
	if err := r.Step(); err == nil || r.StepCount() != d.Step-1 {
		t.Errorf("the next step: %v, at %d", err, r.StepCount())
	}
	if err := r.Seek(d.Back); err != nil {
		t.Fatal(err)
	}
	if got := r.Knobs()["rate"]; got != 0.05 || r.Knobs()["scale"] != 1.5 {
		t.Errorf("after going back the knobs are %v", r.Knobs())
	}
	mustStep(t, r, 500)

	// Whoever looks, and how often, the first bad step is the same.
	for _, look := range []int{1, 3, 10} {
		if other := untilDiverged(t, begin(), look); other.Step != d.Step {
			t.Errorf("looking each %d steps, it blows up at %d instead of %d", look, other.Step, d.Step)
		}
	}
}

// TestDivergedInACorner has a spike grow where only a look at the whole grid finds it,
// sooner or later.
func TestDivergedInACorner(t *testing.T) {
	for _, look := range []int{0, 1, 7, 50} {
		r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"fault": "spike"}}, ebm.Serial)
		if d := untilDiverged(t, r, look); d.Step != 100 || r.StepCount() != 99 {
			t.Errorf("looking each %d steps, it blows up at %d and is left at %d", look, d.Step, r.StepCount())
		}
	}
}

// TestDivergedByTheKnobItself moves a knob that makes the energy too large without any
// step, in the middle and at the beginning.
func TestDivergedByTheKnobItself(t *testing.T) {
	for _, steps := range []int{0, 1, 6, 7, 33} {
		r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
		mustSet(t, r, "rate", 0.07)
		mustStep(t, r, steps)
		mustSet(t, r, "scale", 1e9)
		var d *Diverged
		if err := r.Grid(make([]float32, 32*32), 32); !errors.As(err, &d) || d.Knob != "scale" {
			t.Fatalf("after %d steps: %v", steps, err)
		}
		if got := r.Knobs()["scale"]; got != 1.0 {
			t.Errorf("after %d steps: scale is still %v", steps, got)
		}
		digest(t, r)
		mustStep(t, r, 20)
	}
}

// TestDivergedParameter has a tensor that is not finite although the energy is.
func TestDivergedParameter(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"wells": 2}}, ebm.Serial)
	mustStep(t, r, 10)
	r.state.model.(*toy.Model).W[0].X /= 0 // the well is w[1]
	d := untilDiverged(t, r, 0)
	if d.Quantity != "w" || !strings.Contains(d.Message, "parameter w") {
		t.Errorf("%+v", d)
	}
}
