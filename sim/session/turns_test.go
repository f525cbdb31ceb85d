package session

import (
	"context"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

// TestTurns has 640 forks play at full speed on two cores, 32 at a time. Each of them makes steps,
// and the room that they are forks of keeps its pace.
func TestTurns(t *testing.T) {
	const forks, turns = 640, 32
	synctest.Test(t, func(t *testing.T) {
		all := sched.NewTurns(turns)
		class := openWatched(t, slow(5), View{Speed: 50}, Options{Turns: all})
		mustDo(t, class, wire.SetView{FPS: ptr(1.)})
		mustDo(t, class, wire.Set{Knob: "delay", Value: 40.}) // of the forks, which are equal to it
		mustDo(t, class, wire.SetView{Speed: ptr(wire.MaxSpeed)})
		members := make([]room.Room, forks)
		for i := range members {
			fork, err := class.Fork(t.Context(), room.Fork{Background: true})
			if err != nil {
				t.Fatal(err)
			}
			defer fork.Close()
			fork.Watch(wire.Look{Sections: 1 << 1})
			members[i] = fork
		}
		mustDo(t, class, wire.Set{Knob: "delay", Value: 5.})
		mustDo(t, class, wire.SetView{Speed: ptr[wire.Speed](50)})
		for _, m := range members {
			if _, err := m.Do(context.Background(), wire.Play, wire.Driver); err != nil {
				t.Fatal(err)
			}
		}
		mustDo(t, class, wire.Play)
		synctest.Wait()
		if n := all.Waiting(); n != forks-turns {
			t.Errorf("%d of %d sessions wait for a turn; want %d", n, forks, forks-turns)
		}
		steps := func() []uint64 {
			at := make([]uint64, forks)
			for i, m := range members {
				at[i] = m.Describe().State.Step
			}
			return at
		}
		time.Sleep(50 * time.Second) // each has had a turn, and the state says so
		synctest.Wait()
		from := steps()
		made, frames := elapse(class, 20*time.Second)
		if !between(made, 990, 1010) || !between(frames, 19, 21) {
			t.Errorf("in 20 s the room of the class made %d steps and %d frames; want 1000 and 20", made, frames)
		}
		time.Sleep(40 * time.Second)
		synctest.Wait()
		waiting := 0
		for i, at := range steps() {
			if n := at - from[i]; n < 1 || n > 20 {
				t.Errorf("in a minute fork %d made %d steps", i, n)
			}
			if members[i].Describe().State.Waits {
				waiting++
			}
		}
		if waiting < forks-2*turns || waiting == forks {
			t.Errorf("%d sessions say that they wait", waiting)
		}
		for _, m := range members {
			m.Close()
		}
		if n := all.Waiting(); n != 0 {
			t.Errorf("after all have ended, %d wait for a turn", n)
		}
	})
}

// TestTurnIsGivenUp has two sessions for one turn. A session that does not play, that nobody
// watches, or that has ended leaves its turn to the other.
func TestTurnIsGivenUp(t *testing.T) {
	for name, leave := range map[string]func(t *testing.T, s *Session, f *room.Feed){
		"pause": func(t *testing.T, s *Session, f *room.Feed) { mustDo(t, s, wire.Pause) },
		"sleep": func(t *testing.T, s *Session, f *room.Feed) { f.Close() },
		"end":   func(t *testing.T, s *Session, f *room.Feed) { s.Close() },
		"halt":  func(t *testing.T, s *Session, f *room.Feed) { mustDo(t, s, wire.Set{Knob: "fault", Value: "step"}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := Options{Cores: newCores(2), Turns: sched.NewTurns(1), Background: true, Play: true}
				first, err := Open(slow(1), View{Grid: 16}, o)
				if err != nil {
					t.Fatal(err)
				}
				defer first.Close()
				feed := first.Watch(wire.Look{})
				synctest.Wait()
				second := openWatched(t, slow(1), View{}, o)
				if a, b := first.Snapshot().State, second.Snapshot().State; a.Waits || !b.Waits || !b.Playing {
					t.Fatalf("at first %+v, %+v", a, b)
				}
				if steps, _ := elapse(second, time.Second); steps != 0 {
					t.Errorf("it makes %d steps while it waits", steps)
				}
				leave(t, first, feed)
				if steps, _ := elapse(second, 4*time.Second); steps < 900 || second.Snapshot().State.Waits {
					t.Errorf("then it makes %d steps in 4 s: %+v", steps, second.Snapshot().State)
				}
			})
		})
	}
}

// TestSlowTurnIsPassedOn has a session with a step each hundred seconds pass its turn on after two.
func TestSlowTurnIsPassedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := Options{Cores: newCores(2), Turns: sched.NewTurns(1), Background: true, Play: true}
		openWatched(t, slow(1), View{Speed: .01}, o)
		second := openWatched(t, slow(1), View{}, o)
		if steps, _ := elapse(second, 3*time.Second); steps == 0 {
			t.Error("a session waits for one that makes no steps")
		}
	})
}

// TestBound bounds what a room does with time: it stops at the last step, and commands that lead
// beyond are refused.
func TestBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bounds room.Bounds
		s := openWatched(t, sim.Config{Model: "toy"}, View{Speed: 100}, Options{Bounds: &bounds})
		at := func(what string, step uint64, playing bool) {
			t.Helper()
			time.Sleep(time.Minute)
			synctest.Wait()
			if st := s.Snapshot().State; st.Step != step || st.Playing != playing {
				t.Errorf("%s: at step %d, playing %v; want %d, %v", what, st.Step, st.Playing, step, playing)
			}
		}
		refused := func(sentence string, all ...wire.Command) {
			t.Helper()
			for _, c := range all {
				if err := refuse(t, s, c); sim.CodeOf(err) != Bounded || err.Error() != sentence {
					t.Errorf("%T %v: %v; want %q", c, c, err, sentence)
				}
			}
		}
		bounds.Set(room.Bound{Between: &[2]uint64{50, 150}})
		refused("copies of the run may go from step 50 to step 150; step 1 is outside", wire.Play, wire.Step)
		refused("copies of the run may go from step 50 to step 150; step 0 is outside", wire.SetView{DeltaSpan: ptr(3)})
		mustDo(t, s, wire.Seek{Step: 50})
		at("seek", 50, false)
		mustDo(t, s, wire.Play)
		at("play", 150, false)
		refused("copies of the run may go from step 50 to step 150; step 151 is outside", wire.Play, wire.Step, wire.Seek{Step: 151})
		refused("copies of the run may go from step 50 to step 150; step 0 is outside", wire.Reset, wire.Seek{})
		mustDo(t, s, wire.Seek{Step: 149})
		mustDo(t, s, wire.Step)
		at("step", 150, false)

		bounds.Set(room.Bound{})
		mustDo(t, s, wire.Play)
		elapse(s, time.Second)
		bounds.Set(room.Bound{Pause: true})
		elapse(s, time.Second)
		if st := s.Snapshot().State; st.Playing || !between(int(st.Step), 230, 260) {
			t.Errorf("paused: %+v", st)
		}
		refused("the teacher has paused all copies; the step cannot be changed now", wire.Play, wire.Step, wire.Reset, wire.Seek{Step: 3})
		mustDo(t, s, wire.Set{Knob: "scale", Value: 2.})
		bounds.Set(room.Bound{})
		mustDo(t, s, wire.Set{Knob: "delay", Value: 10.})
		mustDo(t, s, wire.Seek{Step: 1000})
		elapse(s, time.Second)
		bounds.Set(room.Bound{Between: &[2]uint64{0, 500}}) // ends the seek too
		time.Sleep(time.Second)
		synctest.Wait()
		if st := s.Snapshot().State; st.Goal != 0 || st.Step > 500 {
			t.Errorf("bounded while it seeks: %+v", st)
		}
	})
}

// TestParkedRun lets a session in the background be at rest, so that its run is parked. Watched again,
// or asked, it goes on as its twin does that was not parked, frame by frame.
func TestParkedRun(t *testing.T) {
	for _, wakeUp := range []string{"watch", "ask", "play"} {
		synctest.Test(t, func(t *testing.T) {
			parent := openWatched(t, sim.Config{Model: "kmeans"}, View{Grid: 20, DeltaSpan: 3}, Options{})
			mustSeek(t, parent, 130)
			open := func() *Session {
				f, err := parent.Fork(t.Context(), room.Fork{Background: true})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(f.Close)
				s := f.(*Session)
				feed := s.Watch(wire.Look{})
				mustDo(t, s, wire.Set{Knob: "lr", Value: .7})
				for range 5 {
					mustDo(t, s, wire.Step)
				}
				mustDo(t, s, wire.Set{Knob: "lr", Value: .2})
				feed.Close()
				return s
			}
			s, twin := open(), open()
			for range 10 { // the twin is never at rest for long
				time.Sleep(parkAfter / 5)
				ask(t, twin, LogFile)
				synctest.Wait()
			}
			if s.run != nil || s.past == nil || twin.run == nil {
				t.Fatalf("after %v at rest, the run is parked: %v; that of the twin: %v", 2*parkAfter, s.run == nil, twin.run == nil)
			}
			if st := s.Snapshot().State; !st.Asleep || st.Step != 135 {
				t.Errorf("parked: %+v", st)
			}
			switch wakeUp {
			case "watch":
				for _, x := range []*Session{s, twin} {
					x.Watch(wire.Look{Side: 10})
				}
			case "ask":
				if a, b := ask(t, s, CheckpointFile), ask(t, twin, CheckpointFile); string(a) != string(b) {
					t.Errorf("the checkpoints differ:\n%.200s\n%.200s", a, b)
				}
			case "play":
				mustDo(t, s, wire.Play)
				mustDo(t, twin, wire.Play)
				mustDo(t, s, wire.Pause)
				mustDo(t, twin, wire.Pause)
			}
			synctest.Wait()
			if s.run == nil {
				t.Fatal("it is still parked")
			}
			for i := range 40 {
				a, b := decode(t, s.Frame()), decode(t, twin.Frame())
				a.Seq, a.ServerMS = b.Seq, b.ServerMS
				if !reflect.DeepEqual(a, b) || a.Step != uint64(135+i) || a.Since != uint64(132+i) {
					t.Fatalf("after %s, frame %d differs from that of the twin: steps %d, %d", wakeUp, i, a.Step, b.Step)
				}
				mustDo(t, s, wire.Step)
				mustDo(t, twin, wire.Step)
			}
		})
	}
}

// TestParkedRunIsAsleep publishes whether somebody watches a session whose run is parked, without opening
// the run again.
func TestParkedRunIsAsleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(sim.Config{Model: "toy"}, View{Grid: 16}, Options{Background: true, Cores: newCores(1)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		feed := s.Watch(wire.Look{})
		mustDo(t, s, wire.Set{Knob: "scale", Value: 3.})
		parked := func(when string, asleep bool) {
			t.Helper()
			synctest.Wait()
			if st := s.Snapshot().State; s.run != nil || st.Asleep != asleep || st.Knobs["scale"] != 3. {
				t.Errorf("%s: parked %v, %+v", when, s.run == nil, st)
			}
		}
		time.Sleep(parkAfter + time.Second)
		synctest.Wait()
		if s.run == nil {
			t.Error("somebody watches, and the run is parked already")
		}
		s.wakeUp() // orders this read before what the goroutine does next
		time.Sleep(parkWatchedAfter)
		parked("at rest", false)
		feed.Close()
		parked("left", true)
		s.Watch(wire.Look{})
		parked("watched again", false)
	})
}

// TestPromptInTheBackground gives commands to a session in the background while twenty others play at full
// speed on one core: each is carried out after the step that is being made, and not after twenty.
func TestPromptInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := Options{Cores: newCores(1), Turns: sched.NewTurns(32), Background: true}
		var all []*Session
		for range 20 {
			s := openWatched(t, slow(100), View{Speed: wire.MaxSpeed, FPS: 1}, o)
			defer s.Close()
			all = append(all, s)
		}
		for _, s := range all[1:] {
			mustDo(t, s, wire.Play)
		}
		time.Sleep(time.Second)
		for _, when := range []string{"paused", "playing"} {
			start := time.Now()
			mustDo(t, all[0], wire.Set{Knob: "rate", Value: .1})
			if d := time.Since(start); d > 350*time.Millisecond { // a step of another, and one of its own
				t.Errorf("while it is %s, a command takes %v", when, d)
			}
			mustDo(t, all[0], wire.Play)
			time.Sleep(3 * time.Second)
			synctest.Wait()
		}
	})
}
