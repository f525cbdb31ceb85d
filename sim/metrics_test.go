package sim

import (
	"math"
	"slices"
	"testing"

	"ebmviz/ebm"
)

// TestScalars compares the scalars with the full measurement.
func TestScalars(t *testing.T) {
	r := mustRun(t, Config{Model: "softkmeans"}, ebm.Serial)
	if math.IsNaN(scalar(r, "auc_ceiling")) {
		t.Error("auc_ceiling is not known at step 0")
	}
	mustStep(t, r, 100*int(r.metrics.every))
	full := r.Measure()
	for name, want := range map[string]float64{
		"auc": full.AUC, "auc_ceiling": full.AUCCeiling, "nll": full.NLL, "nll_true": full.TrueNLL,
		"vol95": full.Vol95, "mean_data": full.MeanData, "mean_uniform": full.MeanUniform,
	} {
		if got := scalar(r, name); !(math.Abs(got-want) < 0.02*max(1, math.Abs(want))) {
			t.Errorf("%s is %v live and %v in full", name, got, want)
		}
	}
	if full.AUC < 0.9 || full.AUC > full.AUCCeiling+0.005 {
		t.Errorf("AUC %v under a ceiling of %v", full.AUC, full.AUCCeiling)
	}
}

// TestOracleInParts: the oracle of a new run is evaluated at once. After a knob of the dataset is set
// it is evaluated part by part, one with each measurement, and gives the same.
func TestOracleInParts(t *testing.T) {
	r := mustRun(t, Config{Model: "toy-short"}, ebm.Serial) // measures at each step
	before := scalar(r, "auc_ceiling")
	mustSet(t, r, "data.noise", 0.1)
	for i := range oracleParts {
		if v := scalar(r, "auc_ceiling"); !math.IsNaN(v) {
			t.Fatalf("after %d of %d parts the ceiling is %v", i, oracleParts, v)
		}
		mustStep(t, r, 1)
	}
	late := scalar(r, "auc_ceiling")
	if !(late < before) { // broader data overlap more with the plane
		t.Errorf("the ceiling was %v and is %v", before, late)
	}
	at := r.StepCount()
	fresh := mustRun(t, r.Config(), ebm.Serial)
	if now := scalar(fresh, "auc_ceiling"); now != late {
		t.Errorf("in parts it is %v, at once %v", late, now)
	}
	if err := r.Seek(at - 1); err != nil || !math.IsNaN(scalar(r, "auc_ceiling")) {
		t.Errorf("a step earlier it is known already: %v", err)
	}
}

// TestScalarsFollowKnob: the scalars change with a knob although no step is made.
func TestScalarsFollowKnob(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 41) // not a step that is measured
	before := scalar(r, "mean_data")
	mustSet(t, r, "scale", 10.0)
	if !r.metrics.now.Stale {
		t.Error("the values do not count as stale")
	}
	if now := scalar(r, "mean_data"); math.Abs(now-10*before) > 0.2*now {
		t.Errorf("the mean energy was %v and is %v at ten times the scale", before, now)
	}
	if r.metrics.now.Stale {
		t.Error("the values are measured again at each call")
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
			t.Errorf("after %d steps there is a sample each %d steps, want %d", r.StepCount(), every, want)
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
