package sim

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestPace(t *testing.T) {
	for _, c := range []struct {
		name          string
		config        Config
		view          View
		steps, frames [2]int // within 4 s
	}{
		{"by default 2000 steps take 8 s", Config{Model: "toy"}, View{}, [2]int{990, 1010}, [2]int{119, 121}},
		{"faster than frames", Config{Model: "toy"}, View{Speed: 1000}, [2]int{3960, 4040}, [2]int{119, 121}},
		{"a frame for each slow step", Config{Model: "toy"}, View{Speed: 0.5}, [2]int{2, 2}, [2]int{2, 2}},
		{"few frames", Config{Model: "toy"}, View{Speed: 50, FPS: 2}, [2]int{198, 202}, [2]int{8, 8}},
		{"too slow for its pace", slow(100), View{Speed: 1000}, [2]int{38, 41}, [2]int{38, 41}},
		{"as fast as can be", slow(1), View{Speed: 2000}, [2]int{3960, 4035}, [2]int{110, 121}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, c.config, c.view, Options{Play: true})
			defer s.Close()
			passed(s, time.Second)
			steps, frames := passed(s, 4*time.Second)
			if !between(steps, c.steps[0], c.steps[1]) || !between(frames, c.frames[0], c.frames[1]) {
				t.Errorf("%s: %d steps and %d frames in 4 s; want %v and %v", c.name, steps, frames, c.steps, c.frames)
			}
		})
	}
}

// TestFullSpeed has no pace at all.
func TestFullSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, slow(1), View{}, Options{Play: true})
		defer s.Close()
		mustDo(t, s, SetView{Speed: ptr(0.0)})
		if steps, frames := passed(s, 4*time.Second); !between(steps, 3960, 4035) || !between(frames, 110, 125) {
			t.Errorf("%d steps and %d frames in 4 s", steps, frames)
		}
	})
}

// TestNoDebt makes a model slow for a while. When it is fast again it goes at its pace,
// and does not make up for what it missed.
func TestNoDebt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{Speed: 100}, Options{Play: true})
		defer s.Close()
		mustDo(t, s, Set{"delay", 500.0})
		if steps, _ := passed(s, 10*time.Second); !between(steps, 19, 21) {
			t.Errorf("%d slow steps in 10 s", steps)
		}
		mustDo(t, s, Set{"delay", 0.0})
		if steps, _ := passed(s, time.Second); !between(steps, 98, 107) {
			t.Errorf("%d steps in the second after", steps)
		}
	})
}

// TestPauseAndStep: a paused session does nothing, a step is one step.
func TestPauseAndStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{})
		defer s.Close()
		if steps, frames := passed(s, time.Hour); steps != 0 || frames != 0 {
			t.Errorf("before play: %d steps, %d frames", steps, frames)
		}
		mustDo(t, s, Play{})
		if !s.News().State.Playing {
			t.Error("it does not say that it plays")
		}
		time.Sleep(time.Second)
		mustDo(t, s, Pause{})
		at := s.Frame().Step
		if steps, frames := passed(s, time.Hour); steps != 0 || frames != 0 || at == 0 {
			t.Errorf("after pause at %d: %d steps, %d frames", at, steps, frames)
		}
		for i := range uint64(3) {
			mustDo(t, s, StepOnce{})
			if f := s.Frame(); f.Step != at+i+1 || s.News().State.Step != f.Step {
				t.Errorf("a step from %d leads to %d, told as %d", at+i, f.Step, s.News().State.Step)
			}
		}
		if _, due := s.due(time.Now()); due {
			t.Error("a timer runs while it is paused")
		}
	})
}

// TestSleep: without viewers nothing happens, and no timer waits for anything.
func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(Config{Model: "toy"}, View{Grid: 16}, Options{Cores: NewCores(1), Play: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		asleep := func(when string) {
			t.Helper()
			synctest.Wait()
			if steps, frames := passed(s, time.Hour); steps != 0 || frames != 0 {
				t.Errorf("%s: %d steps, %d frames", when, steps, frames)
			}
			if _, due := s.due(time.Now()); due || !s.News().State.Asleep || !s.News().State.Playing {
				t.Errorf("%s: due %v, %+v", when, due, s.News().State)
			}
		}
		asleep("nobody came yet")
		first, second := s.Watch(), s.Watch()
		if steps, _ := passed(s, time.Second); !between(steps, 240, 270) || s.News().State.Asleep {
			t.Errorf("awake, %d steps in a second", steps)
		}
		first()
		first() // twice is once
		if steps, _ := passed(s, time.Second); steps == 0 {
			t.Error("it sleeps although somebody looks on")
		}
		second()
		asleep("everybody has left")
		mustDo(t, s, Set{"scale", 2.0})
		if s.News().State.Knobs["scale"] != 2.0 {
			t.Error("asleep it does not listen")
		}
		asleep("after a command")
		mustDo(t, s, Keep{true})
		if steps, _ := passed(s, time.Second); steps == 0 {
			t.Error("it does not go on although it is asked to")
		}
		mustDo(t, s, Keep{false})
		asleep("not asked to go on any more")
	})
}

// TestFairness has two sessions on one core, one of them with steps ten times as long.
func TestFairness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := NewCores(1)
		serial := func(ms float64) Config {
			return Config{Model: "toy", Knobs: map[string]any{"delay": ms, "fault": "serial"}}
		}
		quick := open(t, serial(0.5), View{FPS: 1}, Options{Play: true, Cores: cores})
		heavy := open(t, serial(5), View{}, Options{Play: true, Cores: cores})
		defer quick.Close()
		defer heavy.Close()
		for _, s := range []*Session{quick, heavy} {
			mustDo(t, s, SetView{Speed: ptr(0.0)})
		}
		passed(quick, time.Second)
		at := func(s *Session) uint64 { // the frames of a session may be a second old
			c, err := s.Checkpoint(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return c.Step
		}
		a, b, frame := at(quick), at(heavy), heavy.Frame()
		time.Sleep(10 * time.Second)
		synctest.Wait()
		share := func(s *Session, from uint64, step float64) float64 {
			return float64(at(s)-from) * step / 10_000
		}
		if x, y := share(quick, a, 0.5), share(heavy, b, 5); x < 0.4 || y < 0.4 || x+y > 1.01 {
			t.Errorf("they had %.2f and %.2f of the core", x, y)
		}
		if n := heavy.Frame().Seq - frame.Seq; n < 120 {
			t.Errorf("of the other session there were %d frames in 10 s", n)
		}
	})
}

// heavy is a session whose frame of 256² takes 128 ms of one core.
func heavy(t *testing.T, cores *Cores) *Session {
	t.Helper()
	return open(t, Config{Model: "toy", Knobs: map[string]any{"fault": "heavy"}}, View{Grid: 256}, Options{Play: true, Cores: cores})
}

// TestFairnessOfFrames has a session with heavy frames on two cores, and three with light
// ones, all as fast as they can: each has its half of a core, and shows its frames.
func TestFairnessOfFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := NewCores(2)
		all := []*Session{heavy(t, cores)}
		for range 3 {
			all = append(all, open(t, slow(2), View{}, Options{Play: true, Cores: cores}))
		}
		for _, s := range all {
			defer s.Close()
			mustDo(t, s, SetView{Speed: ptr(0.0)})
		}
		time.Sleep(time.Second)
		from := make([]*Frame, len(all))
		for i, s := range all {
			from[i] = s.Frame()
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		for i, s := range all {
			steps, frames := (s.Frame().Step-from[i].Step)/20, float64(s.Frame().Seq-from[i].Seq)/20
			switch {
			case i == 0 && frames < 2:
				t.Errorf("the heavy one shows %v frames per second", frames)
			case i > 0 && (steps < 200 || frames < 28):
				t.Errorf("a light one makes %d steps and %v frames per second", steps, frames)
			}
		}
	})
}

// TestFramesKeepTime has frames that suddenly take less time than is set aside for them:
// the next ones do not come sooner for it.
func TestFramesKeepTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := heavy(t, NewCores(1))
		defer s.Close()
		mustDo(t, s, SetView{FPS: ptr(5.0), Speed: ptr(0.0)})
		mustDo(t, s, Set{"delay", 1.0})
		if _, frames := passed(s, 4*time.Second); !between(frames, 18, 21) {
			t.Errorf("%d heavy frames in 4 s", frames)
		}
		mustDo(t, s, Set{"fault", "none"})
		if _, frames := passed(s, 2*time.Second); !between(frames, 9, 10) {
			t.Errorf("%d light frames in 2 s", frames)
		}
	})
}

// TestOneSessionHasTheMachine compares the frames of a heavy session on one core and on
// four.
func TestOneSessionHasTheMachine(t *testing.T) {
	var frames [2]int
	for i, n := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			s := heavy(t, NewCores(n))
			defer s.Close()
			_, frames[i] = passed(s, 5*time.Second)
		})
	}
	if frames[1] < 3*frames[0] {
		t.Errorf("%d frames on one core, %d on four", frames[0], frames[1])
	}
}
