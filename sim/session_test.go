package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/ebm"
)

// open opens a session that is watched, for a test in a bubble of its own time.
func open(t *testing.T, c Config, v View, o Options) *Session {
	t.Helper()
	if o.Cores == nil {
		o.Cores = NewCores(2)
	}
	if v.Grid == 0 {
		v.Grid = 16
	}
	s, err := Open(c, v, o)
	if err != nil {
		t.Fatal(err)
	}
	s.Watch()
	synctest.Wait()
	t.Cleanup(s.Close)
	return s
}

func mustDo(t *testing.T, s *Session, c Command) {
	t.Helper()
	if err := s.Do(context.Background(), c); err != nil {
		t.Fatalf("%T%v: %v", c, c, err)
	}
}

// passed lets time pass and returns how many steps and frames that made.
func passed(s *Session, d time.Duration) (steps, frames int) {
	a := s.Frame()
	time.Sleep(d)
	synctest.Wait()
	b := s.Frame()
	return int(b.Step) - int(a.Step), int(b.Seq) - int(a.Seq)
}

func between(x, lo, hi int) bool { return lo <= x && x <= hi }

// slow is a model whose steps take so many ms of the bubble's time.
func slow(ms float64) Config { return Config{Model: "toy", Knobs: map[string]any{"delay": ms}} }

func ptr[T any](v T) *T { return &v }

// TestBurstOfMoves drags a slider while a step takes long: all moves are applied before
// the next frame.
func TestBurstOfMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, slow(200), View{Speed: 1000}, Options{Play: true})
		defer s.Close()
		time.Sleep(300 * time.Millisecond)
		synctest.Wait()
		before, start := s.Frame(), time.Now()
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() { mustDo(t, s, Set{"scale", 1 + float64(i+1)/100}) })
		}
		all.Wait()
		if n := s.Frame().Seq - before.Seq; n > 2 {
			t.Errorf("50 moves made %d frames", n)
		}
		if d := time.Since(start); d > 200*time.Millisecond {
			t.Errorf("they took %v, more than a step", d)
		}
		if n := len(s.run.log); n < 50 {
			t.Errorf("%d moves are in the log", n)
		}
	})
}

// TestFrameFollowsMove: when Do returns, the news and the frame show the new value, after
// no more than the step that was under way.
func TestFrameFollowsMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, slow(30), View{Speed: 5, FPS: 1}, Options{Play: true})
		defer s.Close()
		for i := range 20 {
			time.Sleep(time.Duration(i) * 7 * time.Millisecond)
			scale, start := 2+float64(i), time.Now()
			mustDo(t, s, Set{"scale", scale})
			if d := time.Since(start); d > 30*time.Millisecond {
				t.Errorf("the frame came after %v", d)
			}
			f := s.Frame()
			if f.News.State.Knobs["scale"] != scale || s.News().State.Knobs["scale"] != scale {
				t.Errorf("the frame is of %v", f.News.State.Knobs["scale"])
			}
		}
	})
}

// TestNewsComesBeforeFrames follows both chains and never finds a frame whose knobs have
// not been told.
func TestNewsComesBeforeFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		told := s.News()
		var seen []float64
		go func() {
			for i := range 30 {
				time.Sleep(11 * time.Millisecond)
				s.Do(context.Background(), Set{"scale", float64(i + 2)})
			}
		}()
		for f := s.Frame(); f.News.State.Knobs["scale"] != 31.0; f = s.Frame() {
			<-f.Next()
			f = s.Frame()
			if n := s.News(); n != told {
				told = n
			}
			if a, b := f.News.State.Knobs["scale"].(float64), told.State.Knobs["scale"].(float64); a > b {
				t.Fatalf("a frame of %v came before the news of it: %v is told", a, b)
			}
			seen = append(seen, f.News.State.Knobs["scale"].(float64))
		}
		if len(seen) < 30 {
			t.Errorf("only %d frames came", len(seen))
		}
	})
}

// TestSessionsShowTheSame compares the frames of two sessions at other paces, other cores
// and with other viewers, step by step.
func TestSessionsShowTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := Config{Model: "kmeans", Seed: 5}
		gather := func(s *Session, until uint64, frames map[uint64]string) {
			for f := s.Frame(); ; f = s.Frame() {
				p, err := Decode(f.Data)
				if err != nil {
					t.Fatal(err)
				}
				p.Seq, p.ServerMS = 0, 0
				frames[f.Step] = string(Encode(p))
				if f.Step >= until {
					return
				}
				<-f.Next()
			}
		}
		a := open(t, c, View{Speed: 20, FPS: 60}, Options{Cores: NewCores(1)})
		b := open(t, c, View{Speed: 700, FPS: 23}, Options{Cores: NewCores(4)})
		defer a.Close()
		defer b.Close()
		for _, s := range []*Session{a, b} {
			mustDo(t, s, Seek{30})
			mustDo(t, s, Set{"batch", 3})
			mustDo(t, s, Play{})
		}
		every, some := map[uint64]string{}, map[uint64]string{}
		gather(b, 400, some)
		gather(a, 400, every)
		compared := 0
		for step, frame := range some {
			if other, ok := every[step]; ok {
				compared++
				if other != frame {
					t.Errorf("step %d looks different", step)
				}
			}
		}
		if compared < 10 || len(every) < 340 {
			t.Errorf("%d frames compared of %d and %d", compared, len(every), len(some))
		}
	})
}

func TestSessionSeeks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, slow(1), View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(2 * time.Second)
		mustDo(t, s, Pause{})
		end := s.Frame().Step
		for _, to := range []uint64{100, 40, 41, end, 0, 7} {
			start := time.Now()
			mustDo(t, s, Seek{to})
			if s.Frame().Step != to || s.News().State.Step != to || time.Since(start) > 50*time.Millisecond {
				t.Errorf("seeking %d led to %d in %v", to, s.Frame().Step, time.Since(start))
			}
		}
		if steps, _ := passed(s, time.Second); steps != 0 {
			t.Error("it plays after a seek in a pause")
		}

		// The unknown future takes its time, and whoever asked is not kept waiting.
		start := time.Now()
		mustDo(t, s, Seek{2000})
		if d := time.Since(start); d > 150*time.Millisecond || s.News().State.Goal != 2000 {
			t.Errorf("after %v it is on the way to %d", d, s.News().State.Goal)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if n := s.News().State; n.Step != 2000 || n.Goal != 0 || s.Frame().Step != 2000 {
			t.Errorf("it arrived at %d, told as %d", s.Frame().Step, n.Step)
		}
		if err := s.Do(t.Context(), Seek{1e9}); CodeOf(err) != Limit {
			t.Errorf("a seek to step 1e9: %v", err)
		}
		// A step that is asked for on the way is the one after its end.
		mustDo(t, s, Seek{2500})
		mustDo(t, s, StepOnce{})
		if goal := s.News().State.Goal; goal != 2501 {
			t.Errorf("one step more than 2500 leads to %d", goal)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if at := s.Frame().Step; at != 2501 {
			t.Errorf("one step more than 2500 led to %d", at)
		}
		mustDo(t, s, Seek{5000})
		mustDo(t, s, Set{"rate", 0.5})
		if steps, _ := passed(s, time.Second); steps != 0 || s.News().State.Goal != 0 {
			t.Error("a moved knob does not end the way")
		}
	})
}

// TestReplaces puts other runs in the place of the first one.
func TestReplaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{Play: true})
		defer s.Close()
		time.Sleep(time.Second)
		kept, err := s.Checkpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		generation := s.News().State.Generation
		mustDo(t, s, Reopen{Config{Model: "kmeans", Data: "moons", Knobs: map[string]any{"k": 5}}})
		n := s.News()
		if n.State.Model != "kmeans" || n.State.Knobs["k"] != 5 || n.State.Generation <= generation || !n.State.Playing {
			t.Errorf("reopened: %+v", n.State)
		}
		if card, _ := ebm.Lookup("kmeans"); n.State.Speed != float64(card.Steps)/8 {
			t.Errorf("the pace is %v", n.State.Speed)
		}
		for _, bad := range []Command{Reopen{Config{Model: "none"}}, Load{}, Set{"k", -1}, SetView{Grid: ptr(7)}, SetView{FPS: ptr(0.5)}, SetView{Speed: ptr(-1.0)}} {
			err := s.Do(t.Context(), bad)
			if _, ok := err.(*Error); !ok {
				t.Errorf("%T%v: %v", bad, bad, err)
			}
		}
		if after := s.News().State; after.Model != "kmeans" || !maps.Equal(after.Knobs, n.State.Knobs) || after.Grid != n.State.Grid {
			t.Errorf("an error changed the session: %+v", after)
		}
		mustDo(t, s, SetView{Speed: ptr(7.0)})
		mustDo(t, s, Load{kept})
		if after := s.News().State; after.Model != "toy" || s.Frame().Step < kept.Step || after.Speed != 7 {
			t.Errorf("loaded: %+v", after)
		}
		mustDo(t, s, Pause{})
		mustDo(t, s, Reset{})
		if s.Frame().Step != 0 {
			t.Errorf("reset led to step %d", s.Frame().Step)
		}
	})
}

func TestClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, slow(100), View{}, Options{Play: true})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Do(ctx, Pause{}); err != context.Canceled && err != nil {
			t.Error(err)
		}
		s.Close()
		s.Close()
		for _, err := range []error{s.Do(t.Context(), Play{}), func() error { _, err := s.History(t.Context()); return err }()} {
			if CodeOf(err) != Closed {
				t.Errorf("after Close: %v", err)
			}
		}
	})
}

// TestManyAskAtOnce is for the race detector.
func TestManyAskAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "kmeans"}, View{}, Options{Play: true})
		defer s.Close()
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				leave := s.Watch()
				defer leave()
				for j := range 10 {
					switch (i + j) % 5 {
					case 0:
						mustDo(t, s, Set{"eta", 0.01 * float64(i+1)})
					case 1:
						mustDo(t, s, Set{"data.seed", 10*i + j})
					case 2:
						s.Probe(t.Context(), s.News().Points[0], Asking{})
					case 3:
						s.History(t.Context())
					case 4:
						<-s.Frame().Next()
						if _, err := Decode(s.Frame().Data); err != nil {
							t.Error(err)
						}
					}
					_ = fmt.Sprint(s.News().State)
				}
			})
		}
		all.Wait()
	})
}

// TestStateJSON: the keys are the wire's, and page and scripts depend on them.
func TestStateJSON(t *testing.T) {
	text, err := json.Marshal(State{Model: "cd", Data: "spiral", Seed: 1, Knobs: map[string]any{"k": 3},
		Halt: &Halt{Code: DivergedCode, Step: 12, Quantity: "energy", Knob: "lr", Message: "m", Back: 7}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"model":"cd","data":"spiral","seed":1,"step":0,"playing":false,"knobs":{"k":3},"grid":0,"fps":0,"speed":0,"pace":"","run":0,"revision":0,"generation":0,` +
		`"halt":{"code":"diverged","step":12,"quantity":"energy","knob":"lr","message":"m","back":7}}`
	if string(text) != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
}

// TestImpatientQuestion gives up a question while it is being answered: the answer is not
// looked at any more, which the race detector sees to.
func TestImpatientQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, Config{Model: "toy"}, View{}, Options{})
		for range 20 {
			ctx, cancel := context.WithCancel(context.Background())
			got, err := get(ctx, s, func() []int {
				cancel()
				runtime.Gosched()
				return []int{7}
			})
			if err == nil && len(got) != 1 || err != nil && (got != nil || !errors.Is(err, context.Canceled)) {
				t.Fatalf("the answer is %v, the error %v", got, err)
			}
		}
		if _, err := s.History(context.Background()); err != nil { // and nothing is lost
			t.Fatal(err)
		}
	})
}
