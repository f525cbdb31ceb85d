package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim"
	_ "ebmviz/sim/internal/toy"
	"ebmviz/sim/room"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

var _ room.Room = (*Session)(nil)

// newCores returns n cores whose helpers return early. In a bubble of synctest, time stands still
// as long as a helper looks for work.
func newCores(n int) *sched.Cores {
	c := sched.NewCores(n)
	c.Spin = 10
	return c
}

// openWatched opens a session with a viewer, for a test in a bubble of synctest.
func openWatched(t *testing.T, c sim.Config, v View, o Options) *Session {
	t.Helper()
	if o.Cores == nil {
		o.Cores = newCores(2)
	}
	if v.Grid == 0 {
		v.Grid = 16
	}
	s, err := Open(c, v, o)
	if err != nil {
		t.Fatal(err)
	}
	s.Watch(wire.Look{})
	synctest.Wait()
	t.Cleanup(s.Close)
	return s
}

func mustDo(t *testing.T, s *Session, c wire.Command) {
	t.Helper()
	if _, err := s.Do(context.Background(), c, wire.Driver); err != nil {
		t.Fatalf("%T%v: %v", c, c, err)
	}
}

// refuse returns the error of a command.
func refuse(t *testing.T, s *Session, c wire.Command) error {
	t.Helper()
	_, err := s.Do(t.Context(), c, wire.Driver)
	return err
}

// waitFor waits until the state fulfills a condition.
func waitFor(t *testing.T, s *Session, what string, ok func(wire.State) bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		n := s.Snapshot()
		if ok(n.State) {
			return
		}
		select {
		case <-n.Next():
		case <-deadline:
			t.Fatalf("%s: not within a minute: %+v", what, n.State)
		}
	}
}

// mustSeek goes to a step, and waits until the session is there.
func mustSeek(t *testing.T, s *Session, step uint64) {
	t.Helper()
	mustDo(t, s, wire.Seek{Step: step})
	waitFor(t, s, fmt.Sprint("seek to step ", step), func(st wire.State) bool { return st.Goal == 0 })
	for f := s.Frame(); f.Step != step && s.Snapshot().State.Halt == nil; f = s.Frame() {
		<-f.Next()
	}
}

// ask returns a file of the session.
func ask(t *testing.T, s *Session, file string) []byte {
	t.Helper()
	a, err := s.Ask(t.Context(), wire.Query{File: file})
	if err != nil {
		t.Fatal(err)
	}
	return a.Body
}

// TestFrameFile asks for the present frame as a file.
func TestFrameFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "kmeans"}, View{Grid: 32}, Options{})
		mustSeek(t, s, 20)
		f, err := wire.DecodeFrame(ask(t, s, FrameFile))
		if err != nil {
			t.Fatal(err)
		}
		want := decode(t, s.Frame())
		if f.ServerMS = want.ServerMS; !reflect.DeepEqual(f, want) || len(f.Field) == 0 {
			t.Errorf("the file is of step %d with %d cells; the frame of step %d with %d", f.Step, len(f.Grid), want.Step, len(want.Grid))
		}
	})
}

// checkpoint returns a checkpoint of the session, without a past.
func checkpoint(t *testing.T, s *Session) sim.Checkpoint {
	t.Helper()
	c, err := wire.DecodeCheckpoint(ask(t, s, CheckpointFile))
	if err != nil {
		t.Fatal(err)
	}
	c.Past = nil
	return c
}

// decode reads a frame as a viewer gets it that wants everything.
func decode(t *testing.T, f *room.Frame) *wire.Frame {
	t.Helper()
	p, err := wire.DecodeFrame(f.Bytes(wire.Look{}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// elapse lets time pass and returns how many steps and frames were made.
func elapse(s *Session, d time.Duration) (steps, frames int) {
	a := s.Frame()
	time.Sleep(d)
	synctest.Wait()
	b := s.Frame()
	return int(b.Step) - int(a.Step), int(b.Seq) - int(a.Seq)
}

func between(x, lo, hi int) bool { return lo <= x && x <= hi }

// slow is a model whose steps take so many ms of the bubble's time.
func slow(ms float64) sim.Config {
	return sim.Config{Model: "toy", Knobs: map[string]any{"delay": ms}}
}

func ptr[T any](v T) *T { return &v }

// TestBurst drags a slider while a step takes long: all commands are carried out before the next frame.
func TestBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, slow(200), View{Speed: 1000}, Options{Play: true})
		defer s.Close()
		time.Sleep(300 * time.Millisecond)
		synctest.Wait()
		before, start := s.Frame(), time.Now()
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() { mustDo(t, s, wire.Set{Knob: "scale", Value: 1 + float64(i+1)/100}) })
		}
		all.Wait()
		if n := s.Frame().Seq - before.Seq; n > 2 {
			t.Errorf("50 commands made %d frames", n)
		}
		if d := time.Since(start); d > 200*time.Millisecond {
			t.Errorf("they took %v, more than a step", d)
		}
		entries, err := wire.ReadJournal(strings.NewReader(string(ask(t, s, JournalFile))))
		if err != nil || len(entries) != 50 || s.Snapshot().State.Revision != 50 {
			t.Errorf("the journal has %d entries at revision %d: %v", len(entries), s.Snapshot().State.Revision, err)
		}
		for i, e := range entries {
			if _, ok := e.Command.(wire.Set); !ok || e.Revision != uint64(i+1) || e.Role != wire.Driver {
				t.Errorf("entry %d is %+v", i, e)
			}
		}
	})
}

// TestFrameShowsCommand: when Do returns, the snapshot and the frame show the new value, after no more
// than the step that was being made.
func TestFrameShowsCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, slow(30), View{Speed: 5, FPS: 1}, Options{Play: true})
		defer s.Close()
		for i := range 20 {
			time.Sleep(time.Duration(i) * 7 * time.Millisecond)
			scale, start, before := 2+float64(i), time.Now(), s.Frame()
			revision, err := s.Do(t.Context(), wire.Set{Knob: "scale", Value: scale}, wire.Driver)
			if err != nil {
				t.Fatal(err)
			}
			if d := time.Since(start); d > 30*time.Millisecond {
				t.Errorf("the frame came after %v", d)
			}
			f, n := s.Frame(), s.Snapshot()
			if n.State.Knobs["scale"] != scale || n.State.Revision != revision || f.Revision != revision || f.Seq == before.Seq {
				t.Errorf("revision %d: the snapshot is %+v, the frame of revision %d", revision, n.State, f.Revision)
			}
		}
	})
}

// TestSnapshotBeforeFrame follows the frames: the snapshot that each shows is published before it.
func TestSnapshotBeforeFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		go func() {
			for i := range 30 {
				time.Sleep(11 * time.Millisecond)
				s.Do(context.Background(), wire.Set{Knob: "scale", Value: float64(i + 2)}, wire.Driver)
			}
		}()
		frames := 0
		for f := s.Frame(); f.Revision < 30; frames++ {
			<-f.Next()
			f = s.Frame()
			if n := s.Snapshot().State; f.Revision > n.Revision || n.Knobs["scale"] != float64(max(n.Revision, 0)+1) {
				t.Fatalf("the frame of revision %d came before its snapshot; the newest is %+v", f.Revision, n)
			}
		}
		if frames < 30 {
			t.Errorf("only %d frames came", frames)
		}
	})
}

// TestSameCommandsSameFrames compares the frames of two sessions of different speeds and cores.
func TestSameCommandsSameFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := sim.Config{Model: "kmeans", Seed: 5}
		gather := func(s *Session, until uint64, frames map[uint64]string) {
			for f := s.Frame(); ; f = s.Frame() {
				frames[f.Step] = fmt.Sprint(decode(t, f).Picture)
				if f.Step >= until {
					return
				}
				<-f.Next()
			}
		}
		a := openWatched(t, c, View{Speed: 20, FPS: 60}, Options{Cores: newCores(1)})
		b := openWatched(t, c, View{Speed: 700, FPS: 23}, Options{Cores: newCores(4)})
		defer a.Close()
		defer b.Close()
		for _, s := range []*Session{a, b} {
			mustSeek(t, s, 30)
			mustDo(t, s, wire.Set{Knob: "batch", Value: 3})
			mustDo(t, s, wire.Play)
		}
		every, some := map[uint64]string{}, map[uint64]string{}
		until, least := uint64(400), 10
		if testing.Short() {
			until, least = 200, 2
		}
		gather(b, until, some)
		gather(a, until, every)
		compared := 0
		for step, frame := range some {
			if other, ok := every[step]; ok {
				compared++
				if other != frame {
					t.Errorf("the frames of step %d differ", step)
				}
			}
		}
		if compared < least || uint64(len(every)) < until-60 {
			t.Errorf("%d frames compared of %d and %d", compared, len(every), len(some))
		}
	})
}

func TestSeek(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, slow(1), View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(2 * time.Second)
		mustDo(t, s, wire.Pause)
		end := s.Frame().Step
		for _, to := range []uint64{100, 40, 41, end, 0, 7} {
			start := time.Now()
			mustSeek(t, s, to)
			if st := s.Snapshot().State; s.Frame().Step != to || st.Step != to || st.Playing || time.Since(start) > 100*time.Millisecond {
				t.Errorf("a seek to step %d leads to %d in %v: %+v", to, s.Frame().Step, time.Since(start), st)
			}
		}
		if steps, _ := elapse(s, time.Second); steps != 0 {
			t.Error("it plays after a seek while paused")
		}

		// Do returns when the seek has begun.
		start := time.Now()
		mustDo(t, s, wire.Seek{Step: 2000})
		if d := time.Since(start); d > 50*time.Millisecond || s.Snapshot().State.Goal != 2000 {
			t.Errorf("after %v the goal is %d", d, s.Snapshot().State.Goal)
		}
		waitFor(t, s, "seek to step 2000", func(st wire.State) bool { return st.Goal == 0 })
		synctest.Wait()
		if n := s.Snapshot().State; n.Step != 2000 || s.Frame().Step != 2000 {
			t.Errorf("it arrived at step %d, the frame is of %d", n.Step, s.Frame().Step)
		}
		if err := refuse(t, s, wire.Seek{Step: 1e9}); sim.CodeOf(err) != sim.Limit {
			t.Errorf("a seek to step 1e9: %v", err)
		}

		// One step that is asked for during a seek is the one after its goal.
		mustDo(t, s, wire.Seek{Step: 2500})
		mustDo(t, s, wire.Step)
		if goal := s.Snapshot().State.Goal; goal != 2501 {
			t.Errorf("one step more than 2500 leads to %d", goal)
		}
		waitFor(t, s, "seek to step 2501", func(st wire.State) bool { return st.Goal == 0 })
		synctest.Wait()
		if at := s.Frame().Step; at != 2501 {
			t.Errorf("one step more than 2500 led to %d", at)
		}
		for _, c := range []wire.Command{wire.Set{Knob: "rate", Value: 0.5}, wire.Pause} {
			mustDo(t, s, wire.Seek{Step: 5000})
			mustDo(t, s, c)
			if steps, _ := elapse(s, time.Second); steps != 0 || s.Snapshot().State.Goal != 0 {
				t.Errorf("%v does not end the seek", c)
			}
		}
	})
}

// TestOpenAndLoad replace the run by another.
func TestOpenAndLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		kept := checkpoint(t, s)
		generation := s.Snapshot().State.Generation
		mustDo(t, s, wire.Open{Config: sim.Config{Model: "kmeans", Data: "moons", Knobs: map[string]any{"k": 5}}})
		n := s.Snapshot()
		if n.State.Model != "kmeans" || n.State.Knobs["k"] != 5 || n.State.Generation <= generation || !n.State.Playing {
			t.Errorf("opened: %+v", n.State)
		}
		if card, _ := ebm.Lookup("kmeans"); n.State.Speed != float64(card.Steps)/card.Seconds {
			t.Errorf("the speed is %v", n.State.Speed)
		}
		for _, bad := range []wire.Command{
			wire.Open{Config: sim.Config{Model: "none"}}, wire.Load{}, wire.Set{Knob: "k", Value: -1}, wire.SetPoints{},
			wire.SetView{Grid: ptr(7)}, wire.SetView{FPS: ptr(0.5)}, wire.SetView{Speed: ptr[wire.Speed](-1)},
		} {
			err := refuse(t, s, bad)
			if _, ok := err.(*sim.Error); !ok {
				t.Errorf("%T%v: %v", bad, bad, err)
			}
		}
		if after := s.Snapshot().State; after.Model != "kmeans" || !maps.Equal(after.Knobs, n.State.Knobs) || after.Grid != n.State.Grid || after.Revision != n.State.Revision {
			t.Errorf("an error changed the session: %+v", after)
		}
		mustDo(t, s, wire.SetView{Speed: ptr[wire.Speed](7)})
		mustDo(t, s, wire.Load{Checkpoint: kept})
		if after := s.Snapshot().State; after.Model != "toy" || s.Frame().Step < kept.Step || after.Speed != 7 {
			t.Errorf("loaded: %+v", after)
		}
		mustDo(t, s, wire.Pause)
		mustDo(t, s, wire.Reset)
		if s.Frame().Step != 0 {
			t.Errorf("reset led to step %d", s.Frame().Step)
		}
	})
}

func TestClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, slow(100), View{}, Options{Play: true})
		feed := s.Watch(wire.Look{})
		s.Close()
		s.Close()
		if err := refuse(t, s, wire.Play); sim.CodeOf(err) != Closed {
			t.Errorf("Do after Close: %v", err)
		}
		if _, err := s.Ask(t.Context(), wire.Query{File: HistoryFile}); sim.CodeOf(err) != Closed {
			t.Errorf("Ask after Close: %v", err)
		}
		if _, err := s.Fork(t.Context(), room.Fork{}); sim.CodeOf(err) != Closed {
			t.Errorf("Fork after Close: %v", err)
		}
		select {
		case <-feed.Done():
		default:
			t.Error("a feed does not end")
		}
	})
}

// TestGivenUp gives up a command that the session has received but not begun, since it waits for a
// core: it is never carried out.
func TestGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := newCores(1)
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Cores: cores})
		defer s.Close()
		other := cores.NewShare()
		other.Acquire(nil)
		ctx, cancel := context.WithCancel(t.Context())
		result := make(chan error)
		go func() {
			_, err := s.Do(ctx, wire.Set{Knob: "scale", Value: 3.0}, wire.Driver)
			result <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("the command given up: %v", err)
		}
		other.Release()
		mustDo(t, s, wire.Pause)
		if n := s.Snapshot().State; n.Knobs["scale"] != 1.0 || n.Revision != 1 {
			t.Errorf("it was carried out: %+v", n)
		}
	})
}

// TestAskGivenUp has a query and a file wait for the only core until their time is up.
func TestAskGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cores := newCores(1)
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{Cores: cores})
		defer s.Close()
		other := cores.NewShare()
		other.Acquire(nil)
		defer other.Release()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for _, q := range []wire.Query{{Probe: &wire.ProbeQuery{}}, {File: HistoryFile}} {
			if _, err := s.Ask(ctx, q); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%+v: %v", q, err)
			}
		}
	})
}

// TestManyAskAtOnce is for the race detector.
func TestManyAskAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "kmeans"}, View{}, Options{Play: true})
		defer s.Close()
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				feed := s.Watch(wire.Look{Side: 8 * (i % 3)})
				defer feed.Close()
				for j := range 10 {
					switch (i + j) % 5 {
					case 0:
						mustDo(t, s, wire.Set{Knob: "eta", Value: 0.01 * float64(i+1)})
					case 1:
						mustDo(t, s, wire.Set{Knob: "data.seed", Value: 10*i + j})
					case 2:
						s.Ask(t.Context(), wire.Query{Probe: &wire.ProbeQuery{At: s.Snapshot().Points.Y[0]}})
					case 3:
						s.Ask(t.Context(), wire.Query{File: HistoryFile})
					case 4:
						<-s.Frame().Next()
						decode(t, s.Frame())
					}
					_ = fmt.Sprint(s.Snapshot().State)
				}
			})
		}
		all.Wait()
	})
}

func TestFork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		parent := openWatched(t, sim.Config{Model: "kmeans"}, View{Grid: 20, Speed: 7, FPS: 12}, Options{})
		mustSeek(t, parent, 30)
		fork := func(step *uint64) *room.Snapshot {
			t.Helper()
			f, err := parent.Fork(t.Context(), room.Fork{Step: step})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(f.Close)
			return f.Describe()
		}
		a, b := parent.Snapshot().State, fork(nil).State
		if b.Step != 30 || b.Grid != a.Grid || b.Speed != a.Speed || b.Pace != "set" || b.FPS != a.FPS || b.Playing {
			t.Errorf("the fork of %+v is %+v", a, b)
		}
		if n := fork(ptr[uint64](10)).State; n.Step != 10 {
			t.Errorf("forked at step 10, it is at step %d", n.Step)
		}
		if _, err := parent.Fork(t.Context(), room.Fork{Step: ptr[uint64](31)}); sim.CodeOf(err) != sim.BadStep {
			t.Errorf("a fork at a step that is not known: %v", err)
		}
		mustDo(t, parent, wire.SetView{DeltaSpan: ptr(4)})
		waitFor(t, parent, "the steps of the span", func(st wire.State) bool { return st.Goal == 0 })
		f, err := parent.Fork(t.Context(), room.Fork{})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		of, at := decode(t, parent.Frame()), decode(t, f.Frame())
		if of.Seq, of.ServerMS = at.Seq, at.ServerMS; !reflect.DeepEqual(of, at) || at.Since != 26 {
			t.Errorf("a fork with changes of the energy is at step %d, since %d; its parent at %d, since %d", at.Step, at.Since, of.Step, of.Since)
		}
		mustDo(t, parent, wire.SetView{Speed: ptr(wire.MaxSpeed)})
		if n := fork(nil).State; n.Pace != "max" || n.Speed != 0 {
			t.Errorf("the fork at full speed has pace %q, speed %v", n.Pace, n.Speed)
		}
		mustDo(t, parent, wire.SetView{Speed: ptr(wire.AutoSpeed)})
		if n := fork(nil).State; n.Pace != "auto" || n.Speed != parent.Snapshot().State.Speed {
			t.Errorf("the fork at the speed of the card has pace %q, speed %v", n.Pace, n.Speed)
		}
	})
}

// TestDelta: frames show the change of the energy over as many steps as the view says.
func TestDelta(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "kmeans"}, View{}, Options{})
		mustSeek(t, s, 50)
		mustDo(t, s, wire.SetView{DeltaSpan: ptr(20)})
		waitFor(t, s, "delta", func(st wire.State) bool { return st.Goal == 0 })
		synctest.Wait()
		if p := decode(t, s.Frame()); p.Step != 50 || p.Since != 30 || len(p.Delta) != 256 || s.Snapshot().State.DeltaSpan != 20 {
			t.Errorf("the frame of step %d has the change since step %d, in %d cells", p.Step, p.Since, len(p.Delta))
		}
		mustDo(t, s, wire.Open{Config: sim.Config{Model: "pca"}})
		mustDo(t, s, wire.Step)
		if p := decode(t, s.Frame()); p.Since != 0 || len(p.Delta) != 256 {
			t.Errorf("the first step of another run: since %d, in %d cells", p.Since, len(p.Delta))
		}
		for _, n := range []int{-1, sim.MaxDeltaSpan + 1} {
			if err := refuse(t, s, wire.SetView{DeltaSpan: ptr(n)}); sim.CodeOf(err) != sim.Limit {
				t.Errorf("a delta over %d steps: %v", n, err)
			}
		}
	})
}

// TestSetViewChangesAllOrNothing: a view of which one part is refused changes nothing.
func TestSetViewChangesAllOrNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{})
		mustSeek(t, s, 40)
		before, frame := s.Snapshot(), s.Frame()
		for _, v := range []wire.SetView{
			{Grid: ptr(32), FPS: ptr(99.0)}, {FPS: ptr(5.0), Speed: ptr[wire.Speed](2e6)},
			{Speed: ptr[wire.Speed](5), DeltaSpan: ptr(101)}, {DeltaSpan: ptr(7), Grid: ptr(513)},
		} {
			if err := refuse(t, s, v); sim.CodeOf(err) != sim.Limit {
				t.Errorf("%+v: %v", v, err)
			}
		}
		if after := s.Snapshot(); string(after.JSON) != string(before.JSON) {
			t.Errorf("the state was\n%s and is\n%s", before.JSON, after.JSON)
		}
		if p := decode(t, s.Frame()); p.NX != 16 || p.Step != frame.Step || len(p.Delta) != 0 {
			t.Errorf("the frame of step %d has %d cells a side", p.Step, p.NX)
		}
	})
}

// TestPointsID: the state names the user's points.
func TestPointsID(t *testing.T) {
	points := []r2.Vec{{X: .5, Y: .25}, {X: -1, Y: 1}}
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy", Data: "custom", Points: points}, View{}, Options{})
		if n := s.Snapshot(); n.State.PointsID != sim.PointsID(points) || len(n.Points.Y) != 2 {
			t.Errorf("the state has points %q, want %q", n.State.PointsID, sim.PointsID(points))
		}
		info := sim.PointsInfo{Label: &sim.Label{Name: "l", Groups: []string{"a", "b"}, Of: []uint8{1, 0}}}
		mustDo(t, s, wire.SetPoints{Points: points, PointsInfo: info})
		if n := s.Snapshot(); n.State.PointsID != sim.PointsID(points) || n.Points.Generation != n.State.Generation || !strings.Contains(string(n.Points.Message()), `"label":{"name":"l","groups":["a","b"],"of":[1,0]}`) {
			t.Errorf("with groups the state has points %q, and the event is %s", n.State.PointsID, n.Points.Message())
		}
		mustDo(t, s, wire.SetPoints{Points: points[:1]})
		if n := s.Snapshot(); n.State.PointsID != sim.PointsID(points[:1]) || len(n.Points.Y) != 1 || n.Points.Generation != n.State.Generation {
			t.Errorf("the state has points %q, want %q", n.State.PointsID, sim.PointsID(points[:1]))
		}
		mustDo(t, s, wire.Open{Config: sim.Config{Model: "toy"}})
		if id := s.Snapshot().State.PointsID; id != "" {
			t.Errorf("with generated points the state has points %q", id)
		}
	})
}

// TestRunGrows: the state's run grows with each restart, and with nothing else.
func TestRunGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{}, Options{})
		for _, c := range []struct {
			command wire.Command
			grows   bool
		}{
			{wire.Step, false}, {wire.Set{Knob: "scale", Value: 2.0}, false}, {wire.Set{Knob: "wells", Value: 2}, true},
			{wire.Reset, true}, {wire.Seek{Step: 0}, false}, {wire.Open{Config: sim.Config{Model: "toy"}}, true},
			{wire.Load{Checkpoint: checkpoint(t, s)}, true}, {wire.SetView{Grid: ptr(20)}, false},
		} {
			before := s.Snapshot().State
			mustDo(t, s, c.command)
			after := s.Snapshot().State
			if after.Revision != before.Revision+1 || (after.Run > before.Run) != c.grows {
				t.Errorf("%T%v: run %d became %d, revision %d became %d", c.command, c.command, before.Run, after.Run, before.Revision, after.Revision)
			}
		}
	})
}

// TestLooks has viewers with different looks: each gets its own format, and the frame only formats that
// are wanted.
func TestLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "kmeans"}, View{Grid: 64}, Options{})
		small := wire.Look{Side: 16, Sections: 1<<1 | 1<<5}
		feed := s.Watch(small)
		synctest.Wait()
		read := func(l wire.Look) *wire.Frame {
			p, err := wire.DecodeFrame(s.Frame().Bytes(l))
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if p := read(small); p.NX != 16 || len(p.Marks) == 0 || len(p.Scalars) != 0 || len(p.Field) != 0 {
			t.Errorf("the small look has %d cells a side, %d marks, %d scalars, %d arrows", p.NX, len(p.Marks), len(p.Scalars), len(p.Field))
		}
		if p := read(wire.Look{}); p.NX != 64 || len(p.Scalars) == 0 || len(p.Field) == 0 {
			t.Errorf("the whole look has %d cells a side, %d scalars, %d arrows", p.NX, len(p.Scalars), len(p.Field))
		}
		half := wire.Look{Side: 32}
		feed.Look(half)
		synctest.Wait()
		if p := read(half); p.NX != 32 {
			t.Errorf("after a new look there are %d cells a side", p.NX)
		}
		if s.Frame().Has(small.Format(64)) {
			t.Error("a format that nobody wants is encoded")
		}
	})
}

// TestFramesAreEncodedOnce has several viewers of each encoding: those of one share its bytes, and a
// frame has no encoding that nobody wants.
func TestFramesAreEncodedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "toy"}, View{Grid: 64}, Options{}) // a viewer of f32
		formats := func(want ...wire.Encoding) {
			t.Helper()
			mustDo(t, s, wire.Step)
			f := s.Frame()
			for _, enc := range []wire.Encoding{wire.F32, wire.Compact, wire.Small} {
				if f.Has(wire.Format{Enc: enc}) != slices.Contains(want, enc) {
					t.Errorf("the frame has the encoding %v, or lacks it; want %v", enc, want)
				}
			}
			for _, enc := range want {
				one, two := f.Bytes(wire.Look{Enc: enc}), f.Bytes(wire.Look{Enc: enc, FPS: 7})
				if wire.EncodingOf(one) != enc || &one[0] != &two[0] {
					t.Errorf("two viewers of %v do not share its bytes", enc)
				}
			}
		}
		formats(wire.F32)
		var feeds []*room.Feed
		for _, l := range []wire.Look{{Enc: wire.Compact}, {Enc: wire.Compact, Side: 64}, {Enc: wire.Compact, FPS: 5}, {Enc: wire.Small}, {Enc: wire.Small}} {
			feeds = append(feeds, s.Watch(l))
		}
		formats(wire.F32, wire.Compact, wire.Small)
		for _, f := range feeds[:3] {
			f.Look(wire.Look{Enc: wire.Small})
		}
		formats(wire.F32, wire.Small)
		for _, f := range feeds {
			f.Close()
		}
		formats(wire.F32)
	})
}

// TestFPSOfViewers: the most demanding viewer decides, within the view's.
func TestFPSOfViewers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(sim.Config{Model: "toy"}, View{Grid: 16, FPS: 20, Speed: 500}, Options{Cores: newCores(1), Play: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		slow, fast := s.Watch(wire.Look{FPS: 2}), s.Watch(wire.Look{FPS: 10})
		elapse(s, time.Second)
		for _, c := range []struct {
			look   wire.Look
			frames int // in 10 s
		}{{wire.Look{FPS: 10}, 100}, {wire.Look{FPS: 1}, 20}, {wire.Look{FPS: 60}, 200}, {wire.Look{}, 200}} {
			fast.Look(c.look)
			if _, frames := elapse(s, 10*time.Second); !between(frames, c.frames-2, c.frames+2) {
				t.Errorf("with %v and 2 there are %d frames in 10 s, want %d", c.look.FPS, frames, c.frames)
			}
		}
		slow.Close()
	})
}

// TestFilesOfOneStep: a file of a session that plays has one step throughout.
func TestFilesOfOneStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, slow(1), View{Grid: 32, Speed: 1000}, Options{Play: true})
		for range 20 {
			var l struct {
				Step   uint64
				Y1     []float64
				Curves struct{ Step []uint64 }
			}
			if err := json.Unmarshal(ask(t, s, "landscape.json"), &l); err != nil {
				t.Fatal(err)
			}
			if n := len(l.Curves.Step); n == 0 && l.Step > 0 || n > 0 && l.Curves.Step[n-1] != l.Step || len(l.Y1) != 32 {
				t.Fatalf("the landscape is of step %d, its curves have %d steps to %v", l.Step, n, l.Curves.Step)
			}
			elapse(s, 1500*time.Microsecond)
		}
		if n := s.Frame().Step; n < 20 {
			t.Errorf("only %d steps were made", n)
		}
		for _, name := range Files() {
			if a, err := s.Ask(t.Context(), wire.Query{File: name}); err != nil || len(a.Body) == 0 && name != JournalFile || a.ContentType == "" {
				if name != "model.py" { // the toy has no script
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		if _, err := s.Ask(t.Context(), wire.Query{File: "other"}); sim.CodeOf(err) != NoFile {
			t.Errorf("a file that a room does not have: %v", err)
		}
	})
}

// TestOpenFile carries out the command of open.json in another room, which then shows the same.
func TestOpenFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "kmeans"}, View{}, Options{})
		mustSeek(t, s, 20)
		mustDo(t, s, wire.Set{Knob: "update", Value: "macqueen"})
		mustSeek(t, s, 30)
		mustDo(t, s, wire.Set{Knob: "data.noise", Value: 0.1})
		mustSeek(t, s, 40)
		open, err := wire.DecodeCommand(ask(t, s, OpenFile))
		if err != nil {
			t.Fatal(err)
		}
		again := openWatched(t, sim.Config{Model: "cd"}, View{}, Options{})
		mustDo(t, again, open)
		mustSeek(t, again, 40)
		a, b := decode(t, s.Frame()).Picture, decode(t, again.Frame()).Picture
		a.Generation, b.Generation = 0, 0 // the other room has had a dataset more
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("the frames of steps %d and %d differ", a.Step, b.Step)
		}
		mustDo(t, s, wire.SetPoints{Points: []r2.Vec{{X: 1}, {Y: 1}, {X: -1}}})
		if text := string(ask(t, s, OpenFile)); !strings.Contains(text, `{"missing":"the points were changed at step 40"}`) {
			t.Error("with other points the file is", text)
		}
	})
}

// TestOpenLog opens a session with the log of another, at its last step.
func TestOpenLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openWatched(t, sim.Config{Model: "kmeans"}, View{}, Options{})
		mustSeek(t, s, 20)
		mustDo(t, s, wire.Set{Knob: "data.noise", Value: 0.1})
		mustSeek(t, s, 40)
		l, err := wire.DecodeLog(ask(t, s, LogFile))
		if err != nil {
			t.Fatal(err)
		}
		again, err := OpenLog(l, View{Grid: 16}, Options{Cores: newCores(1)})
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if a, b := decode(t, s.Frame()).Picture, decode(t, again.Frame()).Picture; fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("the frames of steps %d and %d differ", a.Step, b.Step)
		}
	})
}
