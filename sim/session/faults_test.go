package session

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/internal/toy"
	"ebmviz/sim/wire"
)

// halted waits until the session has stopped because of an error.
func halted(t *testing.T, s *Session) *wire.Halt {
	t.Helper()
	waitFor(t, s, "halt", func(st wire.State) bool { return st.Halt != nil && !st.Playing })
	synctest.Wait()
	return s.Snapshot().State.Halt
}

// TestPanic has a model panic wherever it can. Its session reports that, and can go on when the cause is
// gone; another one on the same cores is not affected.
func TestPanic(t *testing.T) {
	for fault, says := range map[string]string{"step": "no step", "parallel": "no block", "energy": "no energy", "marks": "no marks"} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			cores := newCores(2)
			s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores, Log: slog.New(slog.NewTextHandler(&log, nil))})
			other := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores})
			defer s.Close()
			defer other.Close()
			time.Sleep(time.Second)
			mustDo(t, s, wire.Set{Knob: "fault", Value: fault})
			h := halted(t, s)
			if h.Code != Panicked || !strings.Contains(h.Message, says) || h.Step < 200 {
				t.Errorf("%s: %+v", fault, h)
			}
			synctest.Wait()
			if !strings.Contains(log.String(), says) || !strings.Contains(log.String(), "toy.go") {
				t.Errorf("%s: the stack is not in the log: %.200s", fault, &log)
			}
			if steps, frames := elapse(other, time.Second); steps < 240 || frames < 29 {
				t.Errorf("%s: the other session made %d steps and %d frames in a second", fault, steps, frames)
			}
			mustDo(t, s, wire.Set{Knob: "fault", Value: "none"})
			mustDo(t, s, wire.Play)
			if steps, _ := elapse(s, time.Second); steps < 240 || s.Snapshot().State.Halt != nil {
				t.Errorf("%s: afterwards it made %d steps: %+v", fault, steps, s.Snapshot().State.Halt)
			}
			if n := cores.InUse(); n != 0 {
				t.Errorf("%s: %d cores are still in use", fault, n)
			}
		})
	}
}

// TestPanicIsRepaired: after a panic in the middle of a step the landscape is that of the step before.
func TestPanicIsRepaired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		mustDo(t, s, wire.Pause)
		mustDo(t, s, wire.Set{Knob: "fault", Value: "step"})
		before := decode(t, s.Frame())
		mustDo(t, s, wire.Play)
		halted(t, s)
		after := decode(t, s.Frame())
		if after.Seq == before.Seq || after.Step != before.Step || !slices.Equal(after.Grid, before.Grid) {
			t.Errorf("frame %d of step %d is not as frame %d of step %d", after.Seq, after.Step, before.Seq, before.Step)
		}
	})
}

// TestPanicInACommand leaves the session as it was.
func TestPanicInACommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		bad := sim.Config{Model: "toy", Knobs: map[string]any{"fault": "start"}}
		if _, err := Open(bad, View{}, Options{Cores: newCores(1)}); sim.CodeOf(err) != Panicked {
			t.Errorf("opened: %v", err)
		}
		if err := refuse(t, s, wire.Open{Config: bad}); sim.CodeOf(err) != Panicked {
			t.Errorf("opened in its place: %v", err)
		}
		mustDo(t, s, wire.Set{Knob: "fault", Value: "start"}) // it is not started again now
		for _, c := range []wire.Command{wire.Reset, wire.Set{Knob: "data.n", Value: 50}, wire.Set{Knob: "wells", Value: 3}} {
			if err := refuse(t, s, c); sim.CodeOf(err) != Panicked {
				t.Errorf("%T: %v", c, err)
			}
		}
		if steps, _ := elapse(s, time.Second); steps < 240 {
			t.Errorf("after the errors it made %d steps: %+v", steps, s.Snapshot().State.Halt)
		}
	})
}

func TestDiverged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		mustDo(t, s, wire.Set{Knob: "rate", Value: 2.5})
		h := halted(t, s)
		if h.Code != sim.DivergedCode || h.Knob != "rate" || h.Quantity != "energy" || h.Step <= h.Back {
			t.Errorf("%+v", h)
		}
		if s.Frame().Step != h.Step-1 {
			t.Errorf("it shows step %d, the last good one is %d", s.Frame().Step, h.Step-1)
		}
		p := decode(t, s.Frame())
		for _, e := range append(p.Grid, p.Lo, p.Hi) {
			if !(math.Abs(float64(e)) <= 1e6) {
				t.Fatalf("the frame has an energy of %v", e)
			}
		}
		mustDo(t, s, wire.Play)
		if again := halted(t, s); again.Step != h.Step {
			t.Errorf("the second time it diverges at step %d, not %d", again.Step, h.Step)
		}
		mustDo(t, s, wire.Seek{Step: h.Back})
		if n := s.Snapshot().State; n.Halt != nil || n.Knobs["rate"] != 0.05 || n.Step != h.Back {
			t.Errorf("after going back: %+v", n)
		}
		mustDo(t, s, wire.Play)
		if steps, _ := elapse(s, time.Second); steps < 240 {
			t.Errorf("after going back it made %d steps", steps)
		}
	})
}

// TestSetDiverges: the energy is too large at once, without a step.
func TestSetDiverges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{})
		defer s.Close()
		mustSeek(t, s, 100)
		mustDo(t, s, wire.Set{Knob: "scale", Value: 1e9})
		n := s.Snapshot().State
		if n.Step != 99 || s.Frame().Step != 99 {
			t.Errorf("it is at step %d and shows step %d", n.Step, s.Frame().Step)
		}
		if n.Halt == nil || n.Halt.Knob != "scale" || n.Knobs["scale"] != 1.0 {
			t.Errorf("%+v, %+v", n, n.Halt)
		}
		mustDo(t, s, wire.Play)
		if steps, _ := elapse(s, time.Second); steps < 240 {
			t.Errorf("after that it made %d steps", steps)
		}
	})
}

// TestStuck has a step that does not end. After 5 s the session is reported as stuck, others have its
// core, and it can be closed or waited for.
func TestStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		toy.Hang = make(chan struct{})
		cores := newCores(1)
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores})
		other := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true, Cores: cores})
		defer other.Close()
		time.Sleep(time.Second)
		s.Do(t.Context(), wire.Set{Knob: "fault", Value: "hang"}, wire.Driver)
		time.Sleep(50 * time.Millisecond) // now it hangs
		waiting := make(chan error)
		go func() {
			_, err := s.Do(context.Background(), wire.Pause, wire.Driver)
			waiting <- err
		}()
		time.Sleep(5100 * time.Millisecond)
		synctest.Wait()
		if h := s.Snapshot().State.Halt; h == nil || h.Code != Stuck {
			t.Fatalf("after 5 s: %+v", h)
		}
		if err := <-waiting; sim.CodeOf(err) != Stuck {
			t.Errorf("a command that waits: %v", err)
		}
		if err := refuse(t, s, wire.Pause); sim.CodeOf(err) != Stuck {
			t.Errorf("another command: %v", err)
		}
		if steps, _ := elapse(other, time.Second); steps < 240 {
			t.Errorf("the other session made %d steps in a second", steps)
		}
		close(toy.Hang)
		time.Sleep(time.Second)
		synctest.Wait()
		if h := s.Snapshot().State.Halt; h != nil {
			t.Errorf("after the step has ended: %+v", h)
		}
		if cores.InUse() > 1 {
			t.Errorf("%d of 1 core are in use", cores.InUse())
		}
		mustDo(t, s, wire.Set{Knob: "fault", Value: "none"})
		toy.Hang = make(chan struct{})
		s.Do(t.Context(), wire.Set{Knob: "fault", Value: "hang"}, wire.Driver)
		time.Sleep(6 * time.Second)
		s.Close() // does not wait for the step
		close(toy.Hang)
	})
}

// TestLateTimer has the timer of one turn fire in the next one.
func TestLateTimer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{})
		defer s.Close()
		synctest.Wait()
		s.watchdog.begin()
		s.watchdog.expire()
		if stuck(s.Snapshot()) || s.watchdog.end() {
			t.Error("a turn that has just begun is reported as stuck")
		}
	})
}

// TestNoGoroutineIsLeft opens and closes sessions in real time.
func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 10 {
		var all []*Session
		for range 4 {
			s, err := Open(sim.Config{Model: "toy"}, View{Grid: 16}, Options{Play: true})
			if err != nil {
				t.Fatal(err)
			}
			s.Watch(wire.Look{})
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
