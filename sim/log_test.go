package sim

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"ebmviz/ebm"
)

// TestForkGoesTheSameWay: whatever the method, a fork looks like its parent at the step where
// it stands, and without a change it looks like it at every step that follows, known or new.
func TestForkGoesTheSameWay(t *testing.T) {
	skipSlow(t)
	for _, card := range ebm.Cards() {
		t.Run(card.ID, func(t *testing.T) {
			const known, new = 24, 6
			rng := rand.New(rand.NewPCG(3, 3))
			moves := slices.DeleteFunc(script(rng, card.ID, known), func(m move) bool { return m.knob == "rate" || m.knob == "scale" })
			parent := mustRun(t, Config{Model: card.ID, Seed: 5, Knobs: map[string]any{"data.n": 200}}, ebm.Serial)
			looks := map[uint64]string{}
			perform(t, parent, moves, known, func(s uint64) { looks[s] = digest(t, parent) })
			past := parent.past()
			mustStep(t, parent, new)
			last := digest(t, parent)

			fork, err := past.run(known/2, ebm.Serial)
			if err != nil {
				t.Fatal(err)
			}
			for s := fork.StepCount(); ; s++ {
				if digest(t, fork) != looks[s] {
					t.Fatalf("step %d of the fork looks different", s)
				}
				if s == known {
					break
				}
				mustStep(t, fork, 1)
			}
			if mustStep(t, fork, new); digest(t, fork) != last {
				t.Errorf("step %d of the fork, which nobody knew, looks different", known+new)
			}
		})
	}
}

// TestForkLeavesItsParentAlone: a knob moved in a fork is moved there alone, and both may go on
// at the same time.
func TestForkLeavesItsParentAlone(t *testing.T) {
	parent := mustRun(t, Config{Model: "kmeans", Seed: 5}, ebm.Serial)
	mustStep(t, parent, 20)
	mustSet(t, parent, "data.noise", 0.1) // what its best energy would reach is found out bit by bit, in both
	mustStep(t, parent, 20)
	look := digest(t, parent)
	fork, err := parent.past().run(40, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fork.Set("data.noise", 0.2); err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	both.Go(func() { mustStep(t, fork, 60) })
	both.Go(func() { mustStep(t, parent, 60) })
	both.Wait()
	if parent.Furthest() != 100 || fork.Furthest() != 100 {
		t.Errorf("they have been at steps %d and %d", parent.Furthest(), fork.Furthest())
	}
	if err := parent.Seek(40); err != nil {
		t.Fatal(err)
	}
	if digest(t, parent) != look {
		t.Error("the parent's step 40 looks different after its fork has gone on")
	}
	if parent.Knobs()["data.noise"] == fork.Knobs()["data.noise"] {
		t.Error("the fork's knob was moved in its parent too")
	}
}

func TestSessionForks(t *testing.T) {
	parent, err := Open(Config{Model: "kmeans"}, View{Grid: 16, Speed: 7, FPS: 12}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer parent.Close()
	mustDo(t, parent, Seek{Step: 30})
	fork, err := parent.Fork(t.Context(), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer fork.Close()
	a, b := parent.News().State, fork.News().State
	if b.Step != 30 || b.Grid != a.Grid || b.Speed != a.Speed || b.FPS != a.FPS || b.Playing {
		t.Errorf("the fork of %+v is %+v", a, b)
	}
	early, err := parent.Fork(t.Context(), ptr[uint64](10), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer early.Close()
	if s := early.News().State.Step; s != 10 {
		t.Errorf("forked at step 10, it stands at %d", s)
	}
	if _, err := parent.Fork(t.Context(), ptr[uint64](31), Options{}); CodeOf(err) != BadStep {
		t.Errorf("forked at a step that nobody knows: %v", err)
	}
}
