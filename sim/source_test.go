package sim

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestSourceIsOneMoment: the checkpoint and the history of a run that plays belong to the same step.
func TestSourceIsOneMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, slow(1), View{Grid: 32, Speed: 1000}, Options{Play: true})
		defer s.Close()
		for range 50 {
			c, h, grid, err := s.Source(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if n := len(h.Steps); n == 0 && c.Step > 0 || n > 0 && h.Steps[n-1] != c.Step {
				t.Fatalf("the checkpoint is of step %d, the history has %d steps: %v", c.Step, n, h.Steps)
			}
			if grid != 32 {
				t.Fatalf("the grid has %d cells a side, want 32", grid)
			}
			passed(s, 1500*time.Microsecond)
		}
		if n := s.Frame().Step; n < 50 {
			t.Errorf("only %d steps were made", n)
		}
	})
}
