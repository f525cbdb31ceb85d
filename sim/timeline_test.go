package sim

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
)

// TestSeek goes to and fro in a run with a random script and compares every frame with
// the first time, then plays on to the end and compares again.
func TestSeek(t *testing.T) {
	skipSlow(t)
	for _, card := range ebm.Cards() {
		model := card.ID
		t.Run(model, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(11, 11))
			steps := 150
			var moves []move
			c := Config{Model: model, Knobs: map[string]any{"data.n": 200}}
			switch model {
			case "cd", "dae":
				steps = 60
				moves = []move{{5, "lr", 0.005}, {20, "data.noise", 0.1}, {33, "lr", 0.02}, {33, "batch", 64}}
			case "toy", "kmeans", "softkmeans":
				moves = script(rng, model, steps)
			default:
				steps = 60
				moves = []move{{20, "data.noise", 0.1}}
			}
			first := map[uint64]string{}
			r := mustRun(t, c, ebm.Serial)
			perform(t, r, moves, steps, func(s uint64) { first[s] = digest(t, r) })
			for range 20 {
				to := uint64(rng.IntN(steps + 1))
				if err := r.Seek(to); err != nil {
					t.Fatal(err)
				}
				for range 3 {
					if s := r.StepCount(); s > uint64(steps) {
						break
					} else if digest(t, r) != first[s] {
						t.Fatalf("after a seek to %d step %d looks different", to, s)
					}
					mustStep(t, r, 1)
				}
			}
		})
	}
}

// TestSetCutsTheFuture moves a knob in the past: what followed is gone, and what follows
// now is what would have followed then.
func TestSetCutsTheFuture(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 30)
	mustSet(t, r, "rate", 0.5)
	mustStep(t, r, 30)
	mustSet(t, r, "scale", 2.0)
	mustStep(t, r, 40)
	if err := r.Seek(45); err != nil {
		t.Fatal(err)
	}
	if r.Furthest() != 100 {
		t.Errorf("after a seek the future reaches to %d", r.Furthest())
	}
	if got := r.Knobs()["rate"]; got != 0.5 || r.Knobs()["scale"] != 1.0 {
		t.Errorf("at step 45 the knobs are %v", r.Knobs())
	}
	mustSet(t, r, "rate", 0.25)
	if h := r.History(); r.Furthest() != 45 || h.Steps[len(h.Steps)-1] != 45 {
		t.Errorf("after a moved knob the future reaches to %d, the history to %d", r.Furthest(), h.Steps[len(h.Steps)-1])
	}
	mustStep(t, r, 55)

	want := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, want, 30)
	mustSet(t, want, "rate", 0.5)
	mustStep(t, want, 15)
	mustSet(t, want, "rate", 0.25)
	mustStep(t, want, 55)
	if digest(t, r) != digest(t, want) {
		t.Error("the new future is not the one that would have been")
	}
	if err := r.Seek(20); err != nil {
		t.Fatal(err)
	}
	mustStep(t, r, 80)
	if digest(t, r) != digest(t, want) || r.Knobs()["scale"] != 1.0 {
		t.Error("a knob was moved by a future that never came")
	}
}

func TestSeekBeforeTheBeginning(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 20)
	r, err := Restore(r.Checkpoint(), ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	mustStep(t, r, 5)
	if err := r.Seek(19); CodeOf(err) != BadStep || r.StepCount() != 25 {
		t.Errorf("Seek(19) in a run that began at 20: %v, at step %d", err, r.StepCount())
	}
	if err := r.Seek(20); err != nil || r.StepCount() != 20 {
		t.Errorf("Seek(20): %v, at step %d", err, r.StepCount())
	}
}

// TestTimelineIsBounded runs for long and moves knobs often: there are never more than so
// many snapshots and entries, and one can still go back.
func TestTimelineIsBounded(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.n": 10}}, ebm.Serial)
	r.timeline.every = 1
	for s := range 3000 {
		for i := 0; s%20 == 0 && i < 160; i++ {
			mustSet(t, r, "scale", 1+float64(i)/100)
		}
		mustStep(t, r, 1)
		if len(r.timeline.snapshots) > maxSnapshots || len(r.timeline.log) > maxEntries {
			t.Fatalf("%d snapshots and %d entries at step %d", len(r.timeline.snapshots), len(r.timeline.log), s)
		}
	}
	if r.First() == 0 {
		t.Error("nothing was forgotten")
	}
	inOrder(t, r)

	// Large snapshots are fewer.
	r = mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.n": 20_000}}, ebm.Serial)
	r.timeline.every = 1
	for range 120 {
		mustStep(t, r, 1)
		if n := len(r.timeline.snapshots) * r.timeline.snapshots[len(r.timeline.snapshots)-1].bytes(); n > maxSnapshotBytes {
			t.Fatalf("%d snapshots take %d bytes", len(r.timeline.snapshots), n)
		}
	}
	inOrder(t, r)
}

func inOrder(t *testing.T, r *Run) {
	t.Helper()
	for i := 1; i < len(r.timeline.snapshots); i++ {
		if r.timeline.snapshots[i].step <= r.timeline.snapshots[i-1].step || r.timeline.snapshots[i].step%r.timeline.every != 0 {
			t.Fatal(fmt.Sprint("snapshots out of order at ", r.timeline.snapshots[i].step, " every ", r.timeline.every))
		}
	}
	want, end := digest(t, r), r.StepCount()
	if err := r.Seek((r.First() + end) / 2); err != nil {
		t.Fatal(err)
	}
	if err := r.Seek(end); err != nil || digest(t, r) != want {
		t.Errorf("there and back again is not the same: %v", err)
	}
}
