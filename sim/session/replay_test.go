package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim"
	"ebmviz/sim/internal/race"
	"ebmviz/sim/wire"
)

// frames is what a room showed at each step, as the bytes of its frames without sequence number and
// server time.
type frames map[uint64]string

// sameFor returns the bytes of a frame that must be the same in a replay.
func sameFor(b []byte) string {
	b = slices.Clone(b)
	clear(b[12:16])
	clear(b[32:40])
	return string(b)
}

// performed carries out random commands in a room and returns what it showed last at each step of
// its present timeline, and its run log. The choices come from next, which returns a number below n.
func performed(t *testing.T, commands int, next func(n int) int) (shown frames, log []byte) {
	t.Helper()
	s, err := Open(sim.Config{Model: "kmeans", Seed: 3, Knobs: map[string]any{"data.n": 60}}, View{Grid: 16}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Watch(wire.Look{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	shown = frames{}
	run := s.Snapshot().State.Run
	for range commands {
		before := s.Snapshot().State
		c := randomCommand(before, next)
		revision, err := s.Do(ctx, c, wire.Driver)
		if err != nil {
			continue // a refused command changes nothing
		}
		for s.Snapshot().State.Goal != 0 {
			select {
			case <-s.Snapshot().Next():
			case <-ctx.Done():
				t.Fatalf("%T %v never arrives", c, c)
			}
		}
		for s.Frame().Revision < revision || s.Frame().Step != s.Snapshot().State.Step {
			<-s.Frame().Next()
		}
		now := s.Snapshot().State
		switch c.(type) {
		case wire.Set, wire.SetPoints:
			for step := range shown {
				if step > now.Step {
					delete(shown, step)
				}
			}
		}
		if now.Run != run || now.Halt != nil {
			clear(shown)
			run = now.Run
		}
		shown[now.Step] = sameFor(s.Frame().Bytes(wire.Look{}))
	}
	file, err := s.Ask(ctx, wire.Query{File: LogFile})
	if err != nil {
		t.Fatal(err)
	}
	return shown, file.Body
}

// randomCommand makes up a command for a room in that state.
func randomCommand(now wire.State, next func(n int) int) wire.Command {
	uniform := func(lo, hi float64) float64 { return lo + (hi-lo)*float64(next(1000))/1000 }
	switch next(12) {
	case 0:
		if next(4) == 0 {
			models := []string{"kmeans", "cd", "dae", "gmm", "pcd", "softkmeans"}
			return wire.Open{Config: sim.Config{Model: models[next(len(models))], Seed: uint64(next(9)), Knobs: map[string]any{"data.n": float64(40 + next(60))}}}
		}
		return wire.Set{Knob: "data.n", Value: float64(30 + next(50))}
	case 1:
		return wire.Set{Knob: "data.noise", Value: uniform(0, 0.2)}
	case 2:
		points := make([]r2.Vec, 5+next(40))
		for i := range points {
			points[i] = r2.Vec{X: uniform(-1.4, 1.4), Y: uniform(-1.4, 1.4)}
		}
		return wire.SetPoints{Points: points}
	case 3:
		return wire.Seek{Step: uint64(next(int(now.Step) + 1))}
	case 4:
		return wire.Seek{Step: now.Step + uint64(next(20))}
	case 5:
		if next(8) == 0 {
			return wire.Reset
		}
		return wire.Step
	case 6, 7, 8:
		card, err := ebm.Lookup(now.Model)
		if err != nil {
			panic(err)
		}
		knobs := ebm.NewKnobs(card.ID)
		card.New().Knobs(knobs)
		all := knobs.All()
		k := all[next(len(all))]
		switch {
		case k.Kind == ebm.Choice:
			return wire.Set{Knob: k.Name, Value: k.Choices[next(len(k.Choices))]}
		case k.Kind == ebm.Bool:
			return wire.Set{Knob: k.Name, Value: next(2) == 0}
		case k.Kind == ebm.Int:
			return wire.Set{Knob: k.Name, Value: float64(int(uniform(k.Min, min(k.Max, k.Min+20))))}
		}
		return wire.Set{Knob: k.Name, Value: uniform(k.Min, min(k.Max, 4*k.Min+1))}
	}
	return wire.Step
}

// replayed replays a log step by step and returns what it shows at each.
func replayed(text []byte) (frames, error) {
	l, err := wire.DecodeLog(text)
	if err != nil {
		return nil, err
	}
	r, err := sim.Replay(l, ebm.Serial)
	if err != nil {
		return nil, err
	}
	shown := frames{}
	var renderer sim.Renderer
	for {
		p, err := renderer.Render(r, 16)
		if err != nil {
			return nil, err
		}
		shown[p.Step] = sameFor(wire.EncodeFrame(&wire.Frame{Picture: *p}, wire.Format{}))
		if p.Step == r.Furthest() {
			return shown, nil
		}
		if err := r.Step(); err != nil {
			return nil, err
		}
	}
}

// compare reports the first step that a replay shows differently.
func compare(t *testing.T, want, got frames) {
	t.Helper()
	for step, w := range want {
		if got[step] != w {
			t.Errorf("step %d of %d looks different in the replay", step, len(want))
			return
		}
	}
}

const replayFile = "EBMVIZ_REPLAY_LOG"

// TestReplayInANewProcess writes the log of a random session of 200 commands and replays it in a new
// process: the frames are the same to the byte.
func TestReplayInANewProcess(t *testing.T) {
	notRaced(t)
	if file := os.Getenv(replayFile); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := replayed(text)
		if err != nil {
			t.Fatal(err)
		}
		for step, b := range shown {
			fmt.Printf("frame %d %s\n", step, digest(b))
		}
		return
	}
	for seed := range seeds(4) {
		rng := rand.New(rand.NewPCG(seed, 1))
		shown, log := performed(t, 200, rng.IntN)
		file := filepath.Join(t.TempDir(), "log.json")
		if err := os.WriteFile(file, log, 0o600); err != nil {
			t.Fatal(err)
		}
		again := exec.Command(os.Args[0], "-test.run=^TestReplayInANewProcess$")
		again.Env = append(os.Environ(), replayFile+"="+file)
		out, err := again.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for step, b := range shown {
			if want := fmt.Sprintf("frame %d %s\n", step, digest(b)); !strings.Contains(string(out), want) {
				t.Errorf("seed %d: step %d of %d looks different in the replay", seed, step, len(shown))
				break
			}
		}
	}
}

// notRaced skips a test of what is computed: the race detector finds nothing there, at ten times the time.
func notRaced(t testing.TB) {
	t.Helper()
	if race.Enabled {
		t.Skip("make test runs it without the race detector")
	}
}

// seeds returns how many seeds a test uses: one with -short.
func seeds(n uint64) uint64 {
	if testing.Short() {
		return 1
	}
	return n
}

func digest(b string) string {
	sum := sha256.Sum256([]byte(b))
	return hex.EncodeToString(sum[:])
}

// FuzzReplay holds the replay of random commands to the original.
func FuzzReplay(f *testing.F) {
	notRaced(f)
	for seed := range seeds(6) {
		b := make([]byte, 400)
		rng := rand.New(rand.NewPCG(seed, 2))
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		if len(choices) > 2000 {
			return
		}
		at := 0
		next := func(n int) int {
			v := 0
			for range 2 {
				if at < len(choices) {
					v = v<<8 | int(choices[at])
					at++
				}
			}
			return v % max(n, 1)
		}
		shown, log := performed(t, min(len(choices)/6, 60), next)
		got, err := replayed(log)
		if err != nil {
			t.Fatalf("the log cannot be replayed: %v\n%.2000s", err, log)
		}
		compare(t, shown, got)
	})
}
