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
