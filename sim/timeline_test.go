package sim

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
	"pgregory.net/rapid"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// TestSeek goes to random steps of a run with random settings and compares each picture, and those of
// the next steps, with the first ones.
func TestSeek(t *testing.T) {
	skipSlow(t)
	for _, card := range ebm.Cards() {
		model := card.ID
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(11, 11))
			steps := 150
			var settings []setting
			c := Config{Model: model, Knobs: map[string]any{"data.n": 200}}
			switch model {
			case "cd", "dae":
				steps = 60
				settings = []setting{{5, "lr", 0.005}, {20, "data.noise", 0.1}, {33, "lr", 0.02}, {33, "batch", 64}}
			case "toy", "kmeans", "softkmeans":
				settings = randomSettings(rng, model, steps)
			default:
				steps = 60
				settings = []setting{{20, "data.noise", 0.1}}
			}
			first := map[uint64]string{}
			r := mustRun(t, c, ebm.Serial)
			perform(t, r, settings, steps, func(s uint64) { first[s] = digest(t, r) })
			for range 20 {
				to := uint64(rng.IntN(steps + 1))
				mustSeek(t, r, to)
				for range 3 {
					if s := r.StepCount(); s > uint64(steps) {
						break
					} else if digest(t, r) != first[s] {
						t.Fatalf("after a seek to step %d the picture of step %d differs", to, s)
					}
					mustStep(t, r, 1)
				}
			}
		})
	}
}

// TestSetDiscardsLaterEntries sets a knob at an earlier step: later entries of the log are discarded,
// and the run goes on like one without them.
func TestSetDiscardsLaterEntries(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 30)
	mustSet(t, r, "rate", 0.5)
	mustStep(t, r, 30)
	mustSet(t, r, "scale", 2.0)
	mustStep(t, r, 40)
	mustSeek(t, r, 45)
	if r.Furthest() != 100 {
		t.Errorf("after a seek the furthest step is %d", r.Furthest())
	}
	if got := r.Knobs()["rate"]; got != 0.5 || r.Knobs()["scale"] != 1.0 {
		t.Errorf("at step 45 the knobs are %v", r.Knobs())
	}
	mustSet(t, r, "rate", 0.25)
	if h := r.History(); r.Furthest() != 45 || h.Steps[len(h.Steps)-1] != 45 {
		t.Errorf("after Set the furthest step is %d, the history ends at %d", r.Furthest(), h.Steps[len(h.Steps)-1])
	}
	mustStep(t, r, 55)

	want := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, want, 30)
	mustSet(t, want, "rate", 0.5)
	mustStep(t, want, 15)
	mustSet(t, want, "rate", 0.25)
	mustStep(t, want, 55)
	if digest(t, r) != digest(t, want) {
		t.Error("the run differs from one without the later entries")
	}
	mustSeek(t, r, 20)
	mustStep(t, r, 80)
	if digest(t, r) != digest(t, want) || r.Knobs()["scale"] != 1.0 {
		t.Error("an entry that was discarded is made")
	}
}

func TestSeekBeforeFirst(t *testing.T) {
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

// TestTimelineIsBounded makes many steps and changes: the snapshots and entries are bounded, and the
// run can still return to earlier steps.
func TestTimelineIsBounded(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.n": 10}}, ebm.Serial)
	r.timeline.every = 1
	tl := &r.timeline
	for i := range 300 {
		mustSet(t, r, "scale", 2-float64(i%2))
		if len(tl.snapshots) > maxSnapshots || len(tl.log) > maxEntries {
			t.Fatalf("%d snapshots and %d entries at step %d", len(tl.snapshots), len(tl.log), r.step)
		}
		last := Entry{Step: r.step, Change: Change{Knob: "scale", Value: r.Knobs()["scale"]}}
		tl.log = append(tl.log, slices.Repeat([]Entry{last}, 80)...) // as if the knob was set more often
		tl.applied = len(tl.log)
		mustStep(t, r, 1)
	}
	if r.First() == 0 {
		t.Error("nothing was dropped")
	}
	checkSnapshots(t, r)

	// Large snapshots are fewer.
	r = mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.n": 20_000}}, ebm.Serial)
	r.timeline.every = 1
	for range 120 {
		mustStep(t, r, 1)
		if n := len(r.timeline.snapshots) * r.timeline.snapshots[len(r.timeline.snapshots)-1].bytes(); n > maxSnapshotBytes {
			t.Fatalf("%d snapshots take %d bytes", len(r.timeline.snapshots), n)
		}
	}
	checkSnapshots(t, r)
}

func checkSnapshots(t *testing.T, r *Run) {
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
		t.Errorf("after a seek back and forth the picture differs: %v", err)
	}
}

// TestCoalesce makes random changes at one step. A run that replays the log, which has only some of
// them, shows the same pictures.
func TestCoalesce(t *testing.T) {
	models := []string{"toy", "toy", "toy", "kmeans", "cd", "pcd"}
	rapid.Check(t, func(t *rapid.T) {
		c := Config{Model: rapid.SampledFrom(models).Draw(t, "model"), Knobs: map[string]any{"data.n": 60}}
		if rapid.Bool().Draw(t, "custom") {
			c.Data, c.Points = customData, circle(70, 1)
		}
		r := mustRun(t, c, ebm.Serial)
		mustStep(t, r, rapid.IntRange(0, 3).Draw(t, "steps"))
		n := rapid.IntRange(4, 12).Draw(t, "changes")
		for range n {
			randomChange(t, r)
		}
		checkReplay(t, r)
	})
}

// checkReplay compares a run with one that replays its log, at the present step and the next ones.
func checkReplay(t failer, r *Run) {
	t.Helper()
	log := r.Log()
	again, err := Replay(log, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	mustSeek(t, again, r.step)
	for range 4 {
		if again.Generation() != r.Generation() || again.PointsID() != r.PointsID() || !maps.Equal(again.Knobs(), r.Knobs()) {
			t.Fatal("the run is", r.Config(), "the other", again.Config(), "the log", describe(log.Entries))
		}
		if digest(t, again) != digest(t, r) {
			t.Fatal("the pictures of step", r.step, "differ; the log is", describe(log.Entries))
		}
		mustStep(t, r, 1)
		mustStep(t, again, 1)
	}
}

// TestCoalesced makes changes at one step, and counts the entries that they leave.
func TestCoalesced(t *testing.T) {
	points := func(n int) Change { return Change{Points: circle(n, 0.8)} }
	set := func(knob string, value any) Change { return Change{Knob: knob, Value: value} }
	for i, c := range []struct {
		changes []Change
		entries int
	}{
		{[]Change{set("rate", 0.1), set("scale", 2.0), set("rate", 0.2)}, 2},
		{[]Change{set("push", 2.0), points(60), set("push", 3.0)}, 3}, // points initialize the model
		{[]Change{set("push", 2.0), set("data.noise", 0.1), set("push", 3.0)}, 3},
		{[]Change{set("push", 2.0), set("push", 4.0), points(60), points(61)}, 2},
		{[]Change{points(60), points(61), points(62)}, 1},
		{[]Change{points(60), set("data.noise", 0.1), points(61)}, 3},
		{[]Change{points(60), set("data.noise", 0.1), points(61), set("data.noise", 0.2)}, 2},
		{[]Change{set("data.noise", 0.2), points(60), set("data.noise", 0.1), points(61)}, 3},
		{[]Change{points(60), set("data.noise", 0.1), points(64), set("data.n", 62), points(63)}, 3},
		{[]Change{points(60), set("data.seed", 2), points(64), set("data.n", 62), set("data.noise", 0.1), points(63)}, 4},
	} {
		r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
		mustStep(t, r, 3)
		for _, change := range c.changes {
			if change.Points != nil {
				if _, err := r.SetPoints(change.Points, change.PointsInfo); err != nil {
					t.Fatal(err)
				}
			} else {
				mustSet(t, r, change.Knob, change.Value)
			}
		}
		if n := len(r.timeline.log); n != c.entries {
			t.Errorf("sequence %d leaves the entries %v, want %d", i, describe(r.timeline.log), c.entries)
		}
		checkReplay(t, r)
	}
}

// randomChange sets a knob or points. A change that is refused has no effect.
func randomChange(t *rapid.T, r *Run) {
	kind := rapid.SampledFrom([]string{"knob", "data", "points"}).Draw(t, "kind")
	if kind == "points" {
		r.SetPoints(circle(rapid.IntRange(60, 64).Draw(t, "n"), 0.8), PointsInfo{})
		return
	}
	knobs := r.state.knobs.All()
	if kind == "data" {
		knobs = r.dataset.knobs.All()
	}
	knobs = slices.DeleteFunc(slices.Clone(knobs), func(k *ebm.Knob) bool {
		return k.Restart || k.Name == "fault" || k.Name == "delay"
	})
	if len(knobs) > 0 {
		k := rapid.SampledFrom(knobs).Draw(t, "set")
		r.Set(k.Name, randomValue(t, k))
	}
}

// randomValue returns a value of a knob near its default.
func randomValue(t *rapid.T, k *ebm.Knob) any {
	n := rapid.SampledFrom([]int{1, 2, 3, 0}).Draw(t, "value")
	switch v := k.Default.(type) {
	case float64:
		return min(max(v*(1+float64(n)/10), k.Min), k.Max)
	case int:
		return min(max(v-n, int(k.Min)), int(k.Max))
	case string:
		return k.Choices[n%len(k.Choices)]
	}
	return n%2 == 0
}

// describe returns entries without their points.
func describe(entries []Entry) (all []string) {
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%d: %s=%v, %d points", e.Step, e.Knob, e.Value, len(e.Points)))
	}
	return all
}

// circle returns n points on a circle.
func circle(n int, radius float64) []r2.Vec {
	points := make([]r2.Vec, n)
	for i := range points {
		sin, cos := math.Sincos(float64(i))
		points[i] = r2.Vec{X: radius * cos, Y: radius * sin}
	}
	return points
}

// TestManyChangesAtOneStep changes two knobs alternately, and points and a knob of theirs, without a
// step: the log stays short, and nothing is dropped.
func TestManyChangesAtOneStep(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.n": 50}}, ebm.Serial)
	mustStep(t, r, 10)
	mustSet(t, r, "rate", 0.2)
	mustStep(t, r, 10)
	before := digest(t, r)
	mustStep(t, r, 10)
	for i := range 20_001 {
		mustSet(t, r, []string{"rate", "scale"}[i%2], 1+float64(i%7)/10)
	}
	if n := len(r.Log().Entries); n != 3 {
		t.Errorf("the log has %d entries", n)
	}
	points := circle(data.MaxPoints, 1)
	for i := range 40 {
		if _, err := r.SetPoints(points[i:], PointsInfo{}); err != nil {
			t.Fatal(err)
		}
		mustSet(t, r, "data.noise", 0.005*float64(1+i))
	}
	if n := len(r.Log().Entries); n > 7 {
		t.Errorf("after points and a knob of theirs the log has %d entries", n)
	}
	mustSeek(t, r, 20)
	if r.First() != 0 || digest(t, r) != before {
		t.Errorf("the run begins at step %d; the picture of step 20 differs", r.First())
	}
}
