package sim

import (
	"math"
	"slices"
	"testing"

	"ebmviz/ebm"
)

// TestScalars compares the live numbers with those of the full measurement.
func TestScalars(t *testing.T) {
	r := mustRun(t, Config{Model: "softkmeans"}, ebm.Serial)
	if math.IsNaN(numberOf(r, "auc_ceiling")) {
		t.Error("the ceiling is not known from the start")
	}
	mustStep(t, r, 100*int(r.metrics.every))
	full := r.Measure()
	for name, want := range map[string]float64{
		"auc": full.AUC, "auc_ceiling": full.AUCCeiling, "nll": full.NLL, "nll_true": full.TrueNLL,
		"vol95": full.Vol95, "mean_data": full.MeanData, "mean_uniform": full.MeanUniform,
	} {
		if got := numberOf(r, name); !(math.Abs(got-want) < 0.02*max(1, math.Abs(want))) {
			t.Errorf("%s is %v live and %v in full", name, got, want)
		}
	}
	if full.AUC < 0.9 || full.AUC > full.AUCCeiling+0.005 {
		t.Errorf("AUC %v under a ceiling of %v", full.AUC, full.AUCCeiling)
	}
}

// TestTruthComesBitByBit while the knobs of the data move, and at once otherwise.
func TestTruthComesBitByBit(t *testing.T) {
	r := mustRun(t, Config{Model: "toy-short"}, ebm.Serial) // measures with each step
	before := numberOf(r, "auc_ceiling")
	mustSet(t, r, "data.noise", 0.1)
	for i := range oracleParts {
		if v := numberOf(r, "auc_ceiling"); !math.IsNaN(v) {
			t.Fatalf("after %d of %d parts the ceiling is %v", i, oracleParts, v)
		}
		mustStep(t, r, 1)
	}
	late := numberOf(r, "auc_ceiling")
	if !(late < before) { // broader data overlap more with the plane
		t.Errorf("the ceiling was %v and is %v", before, late)
	}
	at := r.StepCount()
	fresh := mustRun(t, r.Config(), ebm.Serial)
	if now := numberOf(fresh, "auc_ceiling"); now != late {
		t.Errorf("bit by bit it is %v, at once %v", late, now)
	}
	if err := r.Seek(at - 1); err != nil || !math.IsNaN(numberOf(r, "auc_ceiling")) {
		t.Errorf("in the past it is known already: %v", err)
	}
}

// TestMovedKnobIsMeasured: the numbers follow a knob although no step is made.
func TestMovedKnobIsMeasured(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 41) // not a step that is measured by itself
	before := numberOf(r, "mean_data")
	mustSet(t, r, "scale", 10.0)
	if !r.metrics.now.Stale {
		t.Error("what was measured counts as good")
	}
	if now := numberOf(r, "mean_data"); math.Abs(now-10*before) > 0.2*now {
		t.Errorf("the mean energy was %v and is %v at ten times the scale", before, now)
	}
	if r.metrics.now.Stale {
		t.Error("it is measured each time that somebody looks")
	}
}

func TestHistory(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.n": 20}}, ebm.Serial)
	for i, n := range []int{100, 924, 1, 2000} {
		mustStep(t, r, n)
		h := r.History()
		if len(h.Steps) > maxSamples || len(h.Values) != len(h.Names) || len(h.Values[0]) != len(h.Steps) {
			t.Fatalf("%d steps, %d names, %d columns", len(h.Steps), len(h.Names), len(h.Values))
		}
		every := h.Steps[1] - h.Steps[0]
		if want := []uint64{1, 1, 2, 4}[i]; every != want {
			t.Errorf("after %d steps there is a sample each %d, not %d", r.StepCount(), every, want)
		}
		steps := slices.Index(h.Names, "steps")
		for j, s := range h.Steps {
			if h.Values[steps][j] != float64(s) || s%every != 0 {
				t.Fatalf("the sample of step %d was taken at %v", s, h.Values[steps][j])
			}
		}
		if last := h.Steps[len(h.Steps)-1]; r.StepCount()-last >= every {
			t.Errorf("the last sample is of step %d of %d", last, r.StepCount())
		}
	}
	before := r.History()
	if err := r.Seek(500); err != nil {
		t.Fatal(err)
	}
	mustStep(t, r, 100)
	if after := r.History(); !slices.Equal(after.Steps, before.Steps) {
		t.Error("a seek changed the history")
	}
}
