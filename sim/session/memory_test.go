package session

import (
	"flag"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/internal/race"
	"ebmviz/sim/room"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

var measure = flag.Bool("measure", false, "measure the memory of 500 forks, and not of 20")

// TestMemoryOfSleepingForks has forks of a model with 12,000 parameters make some steps of their own
// and sleep. Go test -run MemoryOf -v -measure prints how much memory each then takes.
func TestMemoryOfSleepingForks(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector needs memory of its own")
	}
	const limit = 256 << 10
	forks := 20
	if *measure {
		forks = 500
	}
	synctest.Test(t, func(t *testing.T) {
		parent := openWatched(t, sim.Config{Model: "dae", Knobs: map[string]any{"width": 96., "layers": 2.}}, View{Grid: 128}, Options{})
		mustSeek(t, parent, 300)
		parameters := 0
		for _, p := range checkpoint(t, parent).Params {
			parameters += len(p.Values)
		}
		heap := func() int {
			runtime.GC()
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return int(m.HeapAlloc + m.StackInuse)
		}
		before := heap()
		all := make([]room.Room, forks)
		for i := range all {
			f, err := parent.Fork(t.Context(), room.Fork{Background: true})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			for range 3 {
				mustDo(t, f.(*Session), wire.Step)
			}
			all[i] = f
			if i%20 == 19 {
				time.Sleep(2 * parkAfter)
				synctest.Wait()
			}
		}
		each := (heap() - before) / forks
		t.Logf("%d forks of a model with %d parameters: %d KB each", forks, parameters, each>>10)
		if each > limit {
			t.Errorf("a sleeping fork takes %d KB; the limit is %d KB", each>>10, limit>>10)
		}
		runtime.KeepAlive(all)
	})
}

// TestPaceOfClass measures how a room keeps its pace while forks of it play at full speed.
func TestPaceOfClass(t *testing.T) {
	if !*measure {
		t.Skip("it only measures")
	}
	class, err := Open(sim.Config{Model: "cd"}, View{}, Options{Turns: sched.NewTurns(32)})
	if err != nil {
		t.Fatal(err)
	}
	defer class.Close()
	defer class.Watch(wire.Look{}).Close()
	mustDo(t, class, wire.SetView{Speed: ptr(wire.MaxSpeed)})
	mustSeek(t, class, 100)
	var all []room.Room
	pace := func() {
		const seconds = 5
		steps, frames := elapseReal(class, seconds*time.Second)
		made := uint64(0)
		for _, f := range all {
			made += f.Frame().Step - 100
		}
		t.Logf("beside %d forks at full speed: %d steps and %d frames a second; the forks made %d steps", len(all), steps/seconds, frames/seconds, made)
	}
	for _, forks := range []int{0, 40, 200} {
		for len(all) < forks {
			f, err := class.Fork(t.Context(), room.Fork{Background: true})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			defer f.Watch(wire.Look{}).Close()
			all = append(all, f)
		}
		if forks == 0 {
			mustDo(t, class, wire.SetView{Speed: ptr[wire.Speed](60)})
			mustDo(t, class, wire.Play)
			pace()
			mustDo(t, class, wire.Pause)
			mustDo(t, class, wire.SetView{Speed: ptr(wire.MaxSpeed)})
			mustSeek(t, class, 100)
			continue
		}
		for _, f := range all {
			mustDo(t, f.(*Session), wire.Play)
		}
		mustDo(t, class, wire.SetView{Speed: ptr[wire.Speed](60)})
		mustDo(t, class, wire.Play)
		pace()
		mustDo(t, class, wire.Pause)
		mustDo(t, class, wire.SetView{Speed: ptr(wire.MaxSpeed)})
		mustSeek(t, class, 100)
	}
}

func elapseReal(s *Session, d time.Duration) (steps, frames int) {
	a := s.Frame()
	time.Sleep(d)
	b := s.Frame()
	return int(b.Step) - int(a.Step), int(b.Seq) - int(a.Seq)
}
