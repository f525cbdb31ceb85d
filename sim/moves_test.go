package sim

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"ebmviz/ebm"
)

// TestOpening: whatever the method, the run of an opening, also after it was JSON, shows the same
// pictures as the run whose knobs were moved, and has the same log.
func TestOpening(t *testing.T) {
	skipSlow(t)
	for _, card := range ebm.Cards() {
		t.Run(card.ID, func(t *testing.T) {
			t.Parallel()
			const steps = 24
			rng := rand.New(rand.NewPCG(8, 8))
			r := mustRun(t, Config{Model: card.ID, Seed: 5, Knobs: map[string]any{"data.n": 200}}, ebm.Serial)
			shown := map[uint64]string{}
			perform(t, r, randomSettings(rng, card.ID, steps), steps, func(s uint64) { shown[s] = digest(t, r) })
			again := mustRun(t, throughJSON(t, mustOpening(t, r)), ebm.Serial)
			for _, step := range []uint64{steps, steps / 2, steps} {
				mustSeek(t, again, step)
				if digest(t, again) != shown[step] {
					t.Errorf("the picture of step %d differs; the log is %v", step, describe(r.Log().Entries))
				}
			}
			if again.Generation() != r.Generation() || len(again.Log().Entries) != len(r.Log().Entries) {
				t.Error("the logs are", describe(r.Log().Entries), "and", describe(again.Log().Entries))
			}
		})
	}
}

func mustOpening(t failer, r *Run) Config {
	t.Helper()
	c, err := r.Opening()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func throughJSON(t failer, c Config) (again Config) {
	t.Helper()
	text, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(text, &again)
	}
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// TestOpeningStartsAnew: the moves before a restart are not part of the opening, and its knobs are those
// of the restart.
func TestOpeningStartsAnew(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 3)
	mustSet(t, r, "rate", 0.2)
	if c := mustOpening(t, r); c.Knobs["rate"] == 0.2 || len(c.Moves) != 1 || c.Moves[0] != (Move{3, Setting{"rate", 0.2}}) {
		t.Error("after a move the opening is", c)
	}
	if err := r.Reset(); err != nil {
		t.Fatal(err)
	}
	if c := mustOpening(t, r); c.Knobs["rate"] != 0.2 || len(c.Moves) != 0 {
		t.Error("after a reset the opening is", c)
	}
}

// TestNoOpening: a run that no configuration makes says why.
func TestNoOpening(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 3)
	restored, err := Restore(r.Checkpoint(), ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := restored.Opening(); CodeOf(err) != NoOpening || !strings.Contains(err.Error(), "checkpoint") {
		t.Error("of a checkpoint without a past:", err)
	}
	if _, err := r.SetPoints(circle(60, 0.8), PointsInfo{}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Opening(); CodeOf(err) != NoOpening || !strings.Contains(err.Error(), "step 3") {
		t.Error("with other points:", err)
	}
}

func TestWrongMoves(t *testing.T) {
	move := func(step uint64, knob string, value any) []Move { return []Move{{step, Setting{knob, value}}} }
	for _, c := range []struct {
		moves []Move
		code  Code
		says  string
	}{
		{move(1, "raet", 1.0), UnknownKnob, `move 1 of the log: knob "raet" does not exist for toy; did you mean "rate"?`},
		{move(1, "rate", 1e9), BadValue, `from 0.001 to 1000`},
		{move(1, "data.n", "x"), BadValue, `move 1 of the log`},
		{move(1, "wells", 3.0), BadValue, `restarts the model`},
		{move(100_001, "rate", 1.0), Limit, `last step allowed`},
		{append(move(5, "rate", 1.0), move(4, "rate", 2.0)...), BadCheckpoint, `entry 2 of the log is of step 4, after one of step 5`},
	} {
		_, err := NewRun(Config{Model: "toy", Moves: c.moves}, ebm.Serial)
		if CodeOf(err) != c.code || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %q: %v; want %q: … %s …", c.moves, CodeOf(err), err, c.code, c.says)
		}
	}
	// A move at step 0 is made at once.
	if r := mustRun(t, Config{Model: "toy", Moves: move(0, "rate", 0.5)}, ebm.Serial); r.Knobs()["rate"] != 0.5 {
		t.Error("the move of step 0 is not made")
	}
}
