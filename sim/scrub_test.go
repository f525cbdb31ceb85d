package sim

import (
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"ebmviz/ebm"
)

var measureSeek = flag.Bool("measure", false, "measure how long a seek takes in a run of 10,000 steps")

// TestScrub measures seeks to random steps of a run of 10,000.
func TestScrub(t *testing.T) {
	if !*measureSeek {
		t.Skip("-measure is not set")
	}
	for _, card := range ebm.Cards() {
		t.Run(card.ID, func(t *testing.T) {
			r := mustRun(t, Config{Model: card.ID}, ebm.Serial)
			start := time.Now()
			if err := r.Seek(10_000); err != nil {
				t.Skip(err)
			}
			step := time.Since(start) / 10_000
			rng := rand.New(rand.NewPCG(1, 2))
			var took []time.Duration
			for range 40 {
				to := 1 + rng.Uint64N(10_000)
				start := time.Now()
				mustSeek(t, r, to)
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			tl := &r.timeline
			t.Logf("step %v, %d snapshots of %d kB, one each %d steps; seek median %v, worst %v",
				step, len(tl.snapshots), tl.snapshots[1].bytes()/1000, tl.every, took[20], took[39])
		})
	}
}
