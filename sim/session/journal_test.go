package session

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// TestJournalReplays writes the journal of a room with random commands, reads it, gives its commands
// to a new room at their steps, and compares the run logs of both.
func TestJournalReplays(t *testing.T) {
	notRaced(t)
	for seed := range seeds(5) {
		start := time.Now()
		c := sim.Config{Model: "kmeans", Seed: 3, Knobs: map[string]any{"data.n": 60}}
		s, err := Open(c, View{Grid: 16}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.Watch(wire.Look{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		rng := rand.New(rand.NewPCG(seed, 5))
		done := uint64(0)
		for range 80 {
			revision, err := s.Do(ctx, randomCommand(s.Snapshot().State, rng.IntN), wire.Driver)
			if err != nil {
				continue
			}
			if done++; revision != done {
				t.Fatalf("command %d has revision %d", done, revision)
			}
		}
		atRest(t, s, ctx)
		file := fileOf(t, s, JournalFile)
		entries, err := wire.ReadJournal(bytes.NewReader(file))
		if err != nil || uint64(len(entries)) != done {
			t.Fatalf("%d commands, %d entries, %v", done, len(entries), err)
		}

		again, err := Open(c, View{Grid: 16}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		again.Watch(wire.Look{})
		for i, e := range entries {
			if e.Revision != uint64(i+1) || e.Role != wire.Driver || e.Time.Before(start) || e.Time.After(time.Now()) {
				t.Fatalf("entry %d is %+v", i, e)
			}
			if again.Snapshot().State.Goal != 0 { // the original may have been stopped on its way here
				if _, err := again.Do(ctx, wire.Pause, wire.Driver); err != nil {
					t.Fatal(err)
				}
			}
			if again.Snapshot().State.Step != e.Step {
				if _, err := again.Do(ctx, wire.Seek{Step: e.Step}, wire.Driver); err != nil {
					t.Fatal(err)
				}
				atRest(t, again, ctx)
			}
			if _, err := again.Do(ctx, e.Command, e.Role); err != nil {
				t.Fatalf("%T of step %d: %v", e.Command, e.Step, err)
			}
		}
		atRest(t, again, ctx)
		if a, b := fileOf(t, s, LogFile), fileOf(t, again, LogFile); !bytes.Equal(a, b) {
			t.Errorf("seed %d: the runs differ:\n%.1500s\n%.1500s", seed, a, b)
		}
	}
}

// TestJournalIsBounded adds commands of which four are as large as a journal may be.
func TestJournalIsBounded(t *testing.T) {
	const part = maxJournalNumbers / 4
	tensors := map[string]ebm.Tensor{"w": {Values: make([]float64, part)}}
	points := make([]r2.Vec, part/2)
	label := sim.PointsInfo{Label: &sim.Label{Groups: []string{strings.Repeat("g", 8*part)}}}
	for name, c := range map[string]wire.Command{
		"groups":              wire.SetPoints{PointsInfo: label},
		"open, groups":        wire.Open{Config: sim.Config{PointsInfo: label}},
		"groups, checkpoint":  wire.Load{Checkpoint: sim.Checkpoint{PointsInfo: label}},
		"past, groups":        wire.Load{Checkpoint: sim.Checkpoint{Past: &sim.Log{Entries: []sim.Entry{{Change: sim.Change{PointsInfo: label}}}}}},
		"points":              wire.SetPoints{Points: points},
		"open":                wire.Open{Config: sim.Config{Points: points}},
		"moves":               wire.Open{Config: sim.Config{Moves: make([]sim.Move, part/8)}},
		"parameters":          wire.Load{Checkpoint: sim.Checkpoint{Params: tensors}},
		"training state":      wire.Load{Checkpoint: sim.Checkpoint{Train: tensors}},
		"points, checkpoint":  wire.Load{Checkpoint: sim.Checkpoint{Points: points}},
		"past":                wire.Load{Checkpoint: sim.Checkpoint{Past: &sim.Log{Entries: []sim.Entry{{Change: sim.Change{Points: points}}}}}},
		"past, configuration": wire.Load{Checkpoint: sim.Checkpoint{Past: &sim.Log{Opening: sim.Opening{Config: sim.Config{Points: points}}}}},
		"past, checkpoint":    wire.Load{Checkpoint: sim.Checkpoint{Past: &sim.Log{Opening: sim.Opening{Checkpoint: &sim.Checkpoint{Params: tensors}}}}},
	} {
		var j journal
		for i := range 20 {
			j.add(wire.JournalEntry{Revision: uint64(i + 1), Command: c})
		}
		if n := len(j.entries); n < 2 || n > 4 || j.entries[n-1].Revision != 20 {
			t.Errorf("%s: %d entries are left of 20", name, n)
		}
	}
}

// atRest waits until a paused room has reached the step that it seeks.
func atRest(t *testing.T, s *Session, ctx context.Context) {
	t.Helper()
	for s.Snapshot().State.Goal != 0 {
		select {
		case <-s.Snapshot().Next():
		case <-ctx.Done():
			t.Fatal("the room does not reach its step")
		}
	}
}

func fileOf(t *testing.T, s *Session, name string) []byte {
	t.Helper()
	a, err := s.Ask(t.Context(), wire.Query{File: name})
	if err != nil {
		t.Fatal(err)
	}
	return a.Body
}
