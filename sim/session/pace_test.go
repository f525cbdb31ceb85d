package session

import (
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

func TestPace(t *testing.T) {
	for _, c := range []struct {
		name          string
		config        sim.Config
		view          View
		steps, frames [2]int // within 4 s
	}{
		{"by default 2000 steps take 8 s", sim.Config{Model: "toy"}, View{}, [2]int{990, 1010}, [2]int{119, 121}},
		{"faster than frames", sim.Config{Model: "toy"}, View{Speed: 1000}, [2]int{3960, 4040}, [2]int{119, 121}},
		{"a frame for each slow step", sim.Config{Model: "toy"}, View{Speed: 0.5}, [2]int{2, 2}, [2]int{2, 2}},
		{"few frames", sim.Config{Model: "toy"}, View{Speed: 50, FPS: 2}, [2]int{198, 202}, [2]int{8, 8}},
		{"too slow for its pace", slow(100), View{Speed: 1000}, [2]int{38, 41}, [2]int{38, 41}},
		{"as fast as can be", slow(1), View{Speed: 2000}, [2]int{3960, 4035}, [2]int{110, 121}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := openWatched(t, c.config, c.view, Options{Play: true})
			defer s.Close()
			elapse(s, time.Second)
			steps, frames := elapse(s, 4*time.Second)
			if !between(steps, c.steps[0], c.steps[1]) || !between(frames, c.frames[0], c.frames[1]) {
				t.Errorf("%s: %d steps and %d frames in 4 s; want %v and %v", c.name, steps, frames, c.steps, c.frames)
			}
		})
	}
}

// TestFullSpeed makes steps as fast as possible.
func TestFullSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, slow(1), View{}, Options{Play: true})
		defer s.Close()
		mustDo(t, s, wire.SetView{Speed: ptr(wire.MaxSpeed)})
		if steps, frames := elapse(s, 4*time.Second); !between(steps, 3960, 4035) || !between(frames, 110, 125) {
			t.Errorf("%d steps and %d frames in 4 s", steps, frames)
		}
	})
}

// TestMissedStepsAreDropped makes a model slow for a while. When it is fast again it goes at its speed,
// and does not make the steps that it missed.
func TestMissedStepsAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{Speed: 100}, Options{Play: true})
		defer s.Close()
		mustDo(t, s, wire.Set{Knob: "delay", Value: 500.0})
		if steps, _ := elapse(s, 10*time.Second); !between(steps, 19, 21) {
			t.Errorf("%d slow steps in 10 s", steps)
		}
		mustDo(t, s, wire.Set{Knob: "delay", Value: 0.0})
		if steps, _ := elapse(s, time.Second); !between(steps, 98, 107) {
			t.Errorf("%d steps in the second after", steps)
		}
	})
}

// TestPauseAndStep: a paused session does nothing, a step is one step.
func TestPauseAndStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{})
		defer s.Close()
		if steps, frames := elapse(s, time.Hour); steps != 0 || frames != 0 {
			t.Errorf("before play: %d steps, %d frames", steps, frames)
		}
		mustDo(t, s, wire.Play)
		if !s.Snapshot().State.Playing {
			t.Error("the state does not say that it plays")
		}
		time.Sleep(time.Second)
		mustDo(t, s, wire.Pause)
		at := s.Frame().Step
		if steps, frames := elapse(s, time.Hour); steps != 0 || frames != 0 || at == 0 {
			t.Errorf("after pause at %d: %d steps, %d frames", at, steps, frames)
		}
		for i := range uint64(3) {
			mustDo(t, s, wire.Step)
			if f := s.Frame(); f.Step != at+i+1 || s.Snapshot().State.Step != f.Step {
				t.Errorf("a step from %d leads to %d, the state says %d", at+i, f.Step, s.Snapshot().State.Step)
			}
		}
		if _, due := s.due(time.Now()); due {
			t.Error("a timer runs while it is paused")
		}
	})
}

// TestSleep: without viewers nothing happens, and no timer runs.
func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(sim.Config{Model: "toy"}, View{Grid: 16}, Options{Cores: newCores(1), Play: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		asleep := func(when string) {
			t.Helper()
			synctest.Wait()
			if steps, frames := elapse(s, time.Hour); steps != 0 || frames != 0 {
				t.Errorf("%s: %d steps, %d frames", when, steps, frames)
			}
			if _, due := s.due(time.Now()); due || !s.Snapshot().State.Asleep || !s.Snapshot().State.Playing {
				t.Errorf("%s: due %v, %+v", when, due, s.Snapshot().State)
			}
		}
		asleep("before the first viewer")
		first, second := s.Watch(wire.Look{}), s.Watch(wire.Look{})
		if steps, _ := elapse(s, time.Second); !between(steps, 240, 270) || s.Snapshot().State.Asleep {
			t.Errorf("awake, %d steps in a second", steps)
		}
		first.Close()
		first.Close() // the second call has no effect
		if steps, _ := elapse(s, time.Second); steps == 0 {
			t.Error("it sleeps although there is a viewer")
		}
		second.Close()
		asleep("after the last viewer")
		mustDo(t, s, wire.Set{Knob: "scale", Value: 2.0})
		if s.Snapshot().State.Knobs["scale"] != 2.0 {
			t.Error("asleep it carries out no command")
		}
		asleep("after a command")
	})
}

// TestFairness has two sessions on one core, one of them with steps ten times as long.
func TestFairness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := newCores(1)
		serial := func(ms float64) sim.Config {
			return sim.Config{Model: "toy", Knobs: map[string]any{"delay": ms, "fault": "serial"}}
		}
		quick := openWatched(t, serial(0.5), View{FPS: 1}, Options{Play: true, Cores: cores})
		heavy := openWatched(t, serial(5), View{}, Options{Play: true, Cores: cores})
		defer quick.Close()
		defer heavy.Close()
		for _, s := range []*Session{quick, heavy} {
			mustDo(t, s, wire.SetView{Speed: ptr(wire.MaxSpeed)})
		}
		elapse(quick, time.Second)
		at := func(s *Session) uint64 { // the frames of a session may be a second old
			return checkpoint(t, s).Step
		}
		a, b, frame := at(quick), at(heavy), heavy.Frame()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		share := func(s *Session, from uint64, step float64) float64 {
			return float64(at(s)-from) * step / 10_000
		}
		if x, y := share(quick, a, 0.5), share(heavy, b, 5); x < 0.4 || y < 0.4 || x+y > 1.01 {
			t.Errorf("their shares of the core are %.2f and %.2f", x, y)
		}
		if n := heavy.Frame().Seq - frame.Seq; n < 120 {
			t.Errorf("of the other session there were %d frames in 10 s", n)
		}
	})
}

// heavy is a session whose frame of 256² takes 128 ms of one core.
func heavy(t *testing.T, cores *sched.Cores) *Session {
	t.Helper()
	return openWatched(t, sim.Config{Model: "toy", Knobs: map[string]any{"fault": "heavy"}}, View{Grid: 256}, Options{Play: true, Cores: cores})
}

// TestFairnessOfFrames has a session with heavy frames on two cores, and three with light ones, all at
// full speed: each has half a core, and publishes its frames.
func TestFairnessOfFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := newCores(2)
		all := []*Session{heavy(t, cores)}
		for range 3 {
			all = append(all, openWatched(t, slow(2), View{}, Options{Play: true, Cores: cores}))
		}
		for _, s := range all {
			defer s.Close()
			mustDo(t, s, wire.SetView{Speed: ptr(wire.MaxSpeed)})
		}
		time.Sleep(time.Second)
		from := make([]*room.Frame, len(all))
		for i, s := range all {
			from[i] = s.Frame()
		}
		seconds := uint64(20)
		if testing.Short() {
			seconds = 6
		}
		time.Sleep(time.Duration(seconds) * time.Second)
		synctest.Wait()
		for i, s := range all {
			steps, frames := (s.Frame().Step-from[i].Step)/seconds, float64(s.Frame().Seq-from[i].Seq)/float64(seconds)
			switch {
			case i == 0 && frames < 2:
				t.Errorf("the heavy one shows %v frames per second", frames)
			case i > 0 && (steps < 200 || frames < 28):
				t.Errorf("a light one makes %d steps and %v frames per second", steps, frames)
			}
		}
	})
}

// TestFramesKeepTime has frames that suddenly take less time than is reserved for them: the next ones
// do not come sooner.
func TestFramesKeepTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := heavy(t, newCores(1))
		defer s.Close()
		mustDo(t, s, wire.SetView{FPS: ptr(5.0), Speed: ptr(wire.MaxSpeed)})
		mustDo(t, s, wire.Set{Knob: "delay", Value: 1.0})
		if _, frames := elapse(s, 4*time.Second); !between(frames, 18, 21) {
			t.Errorf("%d heavy frames in 4 s", frames)
		}
		mustDo(t, s, wire.Set{Knob: "fault", Value: "none"})
		if _, frames := elapse(s, 2*time.Second); !between(frames, 9, 10) {
			t.Errorf("%d light frames in 2 s", frames)
		}
	})
}

// TestOneSessionUsesAllCores compares the frames of a heavy session on one core and on four.
func TestOneSessionUsesAllCores(t *testing.T) {
	var frames [2]int
	for i, n := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			s := heavy(t, newCores(n))
			defer s.Close()
			_, frames[i] = elapse(s, 5*time.Second)
		})
	}
	if frames[1] < 3*frames[0] {
		t.Errorf("%d frames on one core, %d on four", frames[0], frames[1])
	}
}

// TestManyLooks changes what a viewer wants again and again: the run makes its steps and its frames all
// the same, then and afterwards.
func TestManyLooks(t *testing.T) {
	for _, speed := range []wire.Speed{3, 30, 200} {
		synctest.Test(t, func(t *testing.T) {
			s := openWatched(t, slow(1), View{Speed: speed}, Options{Play: true})
			looks := []wire.Look{{Side: 16}, {Side: 32}}
			feed := s.Watch(looks[0])
			alone, frames := elapse(s, 5*time.Second)
			check := func(when string) {
				t.Helper()
				steps, more := elapse(s, 5*time.Second)
				if !between(steps, alone*9/10, alone*11/10+1) || !between(more, frames*9/10, frames*11/10+1) {
					t.Errorf("at %v steps/s there are %d steps and %d frames in 5 s %s, %d and %d without", float64(speed), steps, more, when, alone, frames)
				}
			}
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				for i := range 490 {
					feed.Look(looks[i%2])
					time.Sleep(10*time.Millisecond + time.Duration(i)*time.Microsecond)
				}
			}()
			check("with many looks")
			<-ended
			check("after them")
		})
	}
}
