package sim

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"ebmviz/ebm"
)

// TestForkEqualsParent: whatever the method, a fork shows the same pictures as its parent at the step
// where it is opened and at all later ones, known or new.
func TestForkEqualsParent(t *testing.T) {
	skipSlow(t)
	for _, card := range ebm.Cards() {
		t.Run(card.ID, func(t *testing.T) {
			t.Parallel()
			const known, new = 24, 6
			rng := rand.New(rand.NewPCG(3, 3))
			settings := slices.DeleteFunc(randomSettings(rng, card.ID, known), func(s setting) bool { return s.knob == "rate" || s.knob == "scale" })
			parent := mustRun(t, Config{Model: card.ID, Seed: 5, Knobs: map[string]any{"data.n": 200}}, ebm.Serial)
			first := map[uint64]string{}
			perform(t, parent, settings, known, func(s uint64) { first[s] = digest(t, parent) })
			past, err := parent.Past().At(known / 2)
			if err != nil {
				t.Fatal(err)
			}
			mustStep(t, parent, new)
			last := digest(t, parent)

			fork, err := past.Open(ebm.Serial)
			if err != nil {
				t.Fatal(err)
			}
			for s := fork.StepCount(); ; s++ {
				if digest(t, fork) != first[s] {
					t.Fatalf("the picture of step %d differs in the fork", s)
				}
				if s == known {
					break
				}
				mustStep(t, fork, 1)
			}
			if mustStep(t, fork, new); digest(t, fork) != last {
				t.Errorf("the picture of step %d, which is new, differs in the fork", known+new)
			}
		})
	}
}

// TestForkIsIndependent: a knob that is set in a fork is set there alone, and both can run at the same
// time.
func TestForkIsIndependent(t *testing.T) {
	parent := mustRun(t, Config{Model: "kmeans", Seed: 5}, ebm.Serial)
	mustStep(t, parent, 20)
	mustSet(t, parent, "data.noise", 0.1) // both evaluate its oracle part by part
	mustStep(t, parent, 20)
	before := digest(t, parent)
	fork, err := parent.Past().Open(ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	mustSet(t, fork, "data.noise", 0.2)
	var both sync.WaitGroup
	both.Go(func() { mustStep(t, fork, 60) })
	both.Go(func() { mustStep(t, parent, 60) })
	both.Wait()
	if parent.Furthest() != 100 || fork.Furthest() != 100 {
		t.Errorf("they have been at steps %d and %d", parent.Furthest(), fork.Furthest())
	}
	mustSeek(t, parent, 40)
	if digest(t, parent) != before {
		t.Error("the picture of the parent's step 40 differs after the steps of the fork")
	}
	if parent.Knobs()["data.noise"] == fork.Knobs()["data.noise"] {
		t.Error("the knob of the fork is set in its parent too")
	}
}

// TestForkAtUnknownStep: a fork is opened at a step that the run has been at.
func TestForkAtUnknownStep(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 5)
	if _, err := r.Past().At(6); CodeOf(err) != BadStep {
		t.Errorf("At(6) of a run that has made 5 steps: %v", err)
	}
}
