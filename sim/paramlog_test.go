package sim

import (
	"fmt"
	"math"
	"testing"

	"ebmviz/ebm"
)

// pictureWithDelta renders the run with the change of the energy over so many steps.
func pictureWithDelta(t *testing.T, r *Run, span uint64) *Picture {
	t.Helper()
	step, err := r.SetDeltaSpan(span)
	if err == nil {
		err = r.Seek(step)
	}
	if err != nil {
		t.Fatal(err)
	}
	return picture(t, r, 16)
}

// exactGrid returns the energies of the run in float64 at the centers of a 16×16 grid.
func exactGrid(r *Run) []float64 {
	e := make([]float64, 256)
	r.Exact().Energy(e, cellCentres(16))
	return e
}

// TestDeltaIsTheDifference: the change in a picture is that of the float64 energies at its two steps.
func TestDeltaIsTheDifference(t *testing.T) {
	skipSlow(t)
	for _, card := range ebm.Cards() {
		for _, span := range []uint64{1, 10} {
			t.Run(card.ID, func(t *testing.T) {
				t.Parallel()
				r := mustRun(t, Config{Model: card.ID, Knobs: map[string]any{"data.n": 200}}, ebm.Serial)
				mustStep(t, r, 30-int(span))
				before := exactGrid(r)
				mustStep(t, r, int(span))
				after := exactGrid(r)
				p := pictureWithDelta(t, r, span)
				if p.Step != 30 || p.Since != 30-span || len(p.Delta) != 256 {
					t.Fatalf("the picture of step %d has the change since step %d, in %d cells", p.Step, p.Since, len(p.Delta))
				}
				for i, got := range p.Delta {
					want := after[i] - before[i]
					if math.Abs(float64(got)-want) > 1e-3*math.Abs(want)+2e-5*(1+math.Abs(after[i])) {
						t.Fatalf("%d steps changed F at %v by %g, the picture says %g", span, cellCentres(16)[i], want, got)
					}
				}
			})
		}
	}
}

// TestDeltaChangesNothingElse: with a delta or without, after steps or after a Seek, the rest of a
// picture is the same, and so is the delta.
func TestDeltaChangesNothingElse(t *testing.T) {
	const steps = 60
	with, without := mustRun(t, Config{Model: "kmeans"}, ebm.Serial), mustRun(t, Config{Model: "kmeans"}, ebm.Serial)
	if _, err := with.SetDeltaSpan(7); err != nil {
		t.Fatal(err)
	}
	first := map[uint64]string{}
	for range steps {
		mustStep(t, with, 1)
		mustStep(t, without, 1)
		first[with.step] = digest(t, with)
		p, plain := picture(t, with, 16), picture(t, without, 16)
		if want := max(with.step, 7) - 7; p.Since != want || len(p.Delta) == 0 {
			t.Fatalf("at step %d the change is since step %d, want %d", with.step, p.Since, want)
		}
		p.Delta, p.Since, plain.Delta, plain.Since = nil, 0, nil, 0
		if fmt.Sprint(*p) != fmt.Sprint(*plain) {
			t.Fatalf("the pictures of step %d differ with a delta", with.step)
		}
	}
	for _, step := range []uint64{3, 41, 40, 12, 59, 8} {
		mustSeek(t, with, step)
		if digest(t, with) != first[step] {
			t.Errorf("after a seek the picture of step %d differs", step)
		}
	}
	p := pictureWithDelta(t, with, 0)
	if len(p.Delta) != 0 || p.Since != 0 {
		t.Errorf("without a span there is a delta of %d cells since step %d", len(p.Delta), p.Since)
	}
	if p = pictureWithDelta(t, with, 100); p.Since != 0 || len(p.Delta) == 0 {
		t.Errorf("the change over more steps than there are is since step %d", p.Since)
	}
}

// TestDeltaAfterOtherData: parameters are not compared with those of another dataset.
func TestDeltaAfterOtherData(t *testing.T) {
	r := mustRun(t, Config{Model: "cd"}, ebm.Serial)
	mustStep(t, r, 5)
	pictureWithDelta(t, r, 10)
	mustStep(t, r, 5)
	mustSet(t, r, "data.noise", 0.1)
	if p := pictureWithDelta(t, r, 10); len(p.Delta) != 0 && p.Since < 10 {
		t.Errorf("the change is since step %d, which had other points", p.Since)
	}
	mustStep(t, r, 2)
	if p := pictureWithDelta(t, r, 10); len(p.Delta) == 0 || p.Since != 10 {
		t.Errorf("two steps later it is since step %d", p.Since)
	}
}
