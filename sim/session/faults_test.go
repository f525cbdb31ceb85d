package sim

import (
	"bytes"
	"context"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// halted waits until the session stands still because of something.
func halted(t *testing.T, s *Session) *Halt {
	t.Helper()
	time.Sleep(10 * time.Second)
	synctest.Wait()
	h := s.News().State.Halt
	if h == nil || s.News().State.Playing {
		t.Fatalf("it was not halted: %+v", s.News().State)
	}
	return h
}

// TestPanic has a model panic wherever it can. Its session says so and can go on once the
// cause is gone; another one on the same cores does not notice.
func TestPanic(t *testing.T) {
	for fault, says := range map[string]string{"step": "no step", "parallel": "no block", "energy": "no energy", "marks": "no marks"} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			cores := NewCores(2)
			s := open(t, Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores, Log: slog.New(slog.NewTextHandler(&log, nil))})
			other := open(t, Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores})
			defer s.Close()
			defer other.Close()
			time.Sleep(time.Second)
			mustDo(t, s, Set{"fault", fault})
			h := halted(t, s)
			if h.Code != Panicked || !strings.Contains(h.Message, says) || h.Step < 200 {
				t.Errorf("%s: %+v", fault, h)
			}
			synctest.Wait()
			if !strings.Contains(log.String(), says) || !strings.Contains(log.String(), "toy_test.go") {
				t.Errorf("%s: the stack is not in the log: %.200s", fault, &log)
			}
			if steps, frames := passed(other, time.Second); steps < 240 || frames < 29 {
				t.Errorf("%s: the other session made %d steps and %d frames in a second", fault, steps, frames)
			}
			mustDo(t, s, Set{"fault", "none"})
			mustDo(t, s, Play{})
			if steps, _ := passed(s, time.Second); steps < 240 || s.News().State.Halt != nil {
				t.Errorf("%s: afterwards it made %d steps: %+v", fault, steps, s.News().State.Halt)
			}
			if n := len(cores.tokens); n != 0 {
				t.Errorf("%s: %d cores are still taken", fault, n)
			}
		})
	}
}

// TestPanicLeavesNothingBehind: after a panic in the middle of a step the landscape is
// that of the step before.
func TestPanicLeavesNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		mustDo(t, s, Pause{})
		mustDo(t, s, Set{"fault", "step"})
		before, _ := Decode(s.Frame().Data)
		mustDo(t, s, Play{})
		halted(t, s)
		after, _ := Decode(s.Frame().Data)
		if after.Seq == before.Seq || after.Step != before.Step || !slices.Equal(after.Grid, before.Grid) {
			t.Errorf("frame %d of step %d is not as frame %d of step %d", after.Seq, after.Step, before.Seq, before.Step)
		}
	})
}

// TestPanicInACommand leaves the session as it was.
func TestPanicInACommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		bad := Config{Model: "toy", Knobs: map[string]any{"fault": "start"}}
		if _, err := Open(bad, View{}, Options{Cores: NewCores(1)}); CodeOf(err) != Panicked {
			t.Errorf("opened: %v", err)
		}
		if err := s.Do(t.Context(), Reopen{bad}); CodeOf(err) != Panicked {
			t.Errorf("reopened: %v", err)
		}
		mustDo(t, s, Set{"fault", "start"}) // it is not started again now
		for _, c := range []Command{Reset{}, Set{"data.n", 50}, Set{"wells", 3}} {
			if err := s.Do(t.Context(), c); CodeOf(err) != Panicked {
				t.Errorf("%T: %v", c, err)
			}
		}
		if steps, _ := passed(s, time.Second); steps < 240 {
			t.Errorf("after the errors it made %d steps: %+v", steps, s.News().State.Halt)
		}
	})
}

func TestSessionDiverges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		mustDo(t, s, Set{"rate", 2.5})
		h := halted(t, s)
		if h.Code != DivergedCode || h.Knob != "rate" || h.Quantity != "energy" || h.Step <= h.Back {
			t.Errorf("%+v", h)
		}
		if s.Frame().Step != h.Step-1 {
			t.Errorf("it shows step %d, the last good one is %d", s.Frame().Step, h.Step-1)
		}
		p, err := Decode(s.Frame().Data)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range append(p.Grid, p.Lo, p.Hi) {
			if !tame([]float64{float64(e)}) {
				t.Fatalf("it shows an energy of %v", e)
			}
		}
		mustDo(t, s, Play{})
		if again := halted(t, s); again.Step != h.Step {
			t.Errorf("the second time it blows up at %d, not %d", again.Step, h.Step)
		}
		mustDo(t, s, Seek{h.Back})
		if n := s.News().State; n.Halt != nil || n.Knobs["rate"] != 0.05 || n.Step != h.Back {
			t.Errorf("back at %+v", n)
		}
		mustDo(t, s, Play{})
		if steps, _ := passed(s, time.Second); steps < 240 {
			t.Errorf("after going back it made %d steps", steps)
		}
	})
}

// TestMovedKnobDiverges: the energy is too large at once, without a step.
func TestMovedKnobDiverges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{})
		defer s.Close()
		mustDo(t, s, Seek{100})
		mustDo(t, s, Set{"scale", 1e9})
		n := s.News().State
		if n.Step != 99 || s.Frame().Step != 99 {
			t.Errorf("it is at step %d and shows step %d", n.Step, s.Frame().Step)
		}
		if n.Halt == nil || n.Halt.Knob != "scale" || n.Knobs["scale"] != 1.0 {
			t.Errorf("%+v, %+v", n, n.Halt)
		}
		mustDo(t, s, Play{})
		if steps, _ := passed(s, time.Second); steps < 240 {
			t.Errorf("after that it made %d steps", steps)
		}
	})
}

// TestStuck has a step that does not end. Within 5 s everybody knows, the others have the
// core, and the session can be left alone or waited for.
func TestStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang = make(chan struct{})
		cores := NewCores(1)
		s := open(t, Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores})
		other := open(t, Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores})
		defer other.Close()
		time.Sleep(time.Second)
		s.Do(t.Context(), Set{"fault", "hang"})
		time.Sleep(50 * time.Millisecond) // now it hangs
		waiting := make(chan error)
		go func() { waiting <- s.Do(context.Background(), Pause{}) }()
		time.Sleep(5100 * time.Millisecond)
		synctest.Wait()
		if h := s.News().State.Halt; h == nil || h.Code != Stuck {
			t.Fatalf("after 5 s: %+v", h)
		}
		if err := <-waiting; CodeOf(err) != Stuck {
			t.Errorf("who waited is told %v", err)
		}
		if err := s.Do(t.Context(), Pause{}); CodeOf(err) != Stuck {
			t.Errorf("who asks is told %v", err)
		}
		if steps, _ := passed(other, time.Second); steps < 240 {
			t.Errorf("the other session made %d steps in a second", steps)
		}
		close(hang)
		time.Sleep(time.Second)
		synctest.Wait()
		if h := s.News().State.Halt; h != nil {
			t.Errorf("after the step has ended: %+v", h)
		}
		if len(cores.tokens) > 1 {
			t.Errorf("%d of 1 core are taken", len(cores.tokens))
		}
		mustDo(t, s, Set{"fault", "none"})
		hang = make(chan struct{})
		s.Do(t.Context(), Set{"fault", "hang"})
		time.Sleep(6 * time.Second)
		s.Close() // does not wait for the step
		close(hang)
	})
}

// TestNoGoroutineIsLeft opens and closes sessions in the world's own time.
func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		var all []*Session
		for range 4 {
			s, err := Open(Config{Model: "toy"}, View{Grid: 16}, Options{Play: true, Keep: true})
			if err != nil {
				t.Fatal(err)
			}
			<-s.Frame().Next()
			all = append(all, s)
		}
		for _, s := range all {
			s.Close()
		}
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}
