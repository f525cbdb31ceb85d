package wire

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

var somePoints = []r2.Vec{{X: .1, Y: 1. / 3}, {X: -1}, {X: .5, Y: .5}}

// someInfo goes with somePoints, otherInfo with the first two.
var (
	someInfo = sim.PointsInfo{
		Axes:  &data.Axes{Names: [2]string{"eruptions", `<b>"é`}, Scale: [2]float64{1. / 3, 20}, Offset: [2]float64{3.3, -1e9}},
		Label: &sim.Label{Name: "species", Groups: []string{"a", "b,c"}, Of: []uint8{1, sim.NoGroup, 0}},
	}
	otherInfo = sim.PointsInfo{Axes: &data.Axes{Scale: [2]float64{1, 2}}}
)

// aRun returns a run with knobs, knobs of the dataset and points in its log.
func aRun(t testing.TB, c sim.Config) *sim.Run {
	r := newRun(t, c)
	change := func(_ bool, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		mustStep(t, r, 3)
	}
	mustStep(t, r, 3)
	change(r.Set("rate", 0.2))
	change(r.Set("data.noise", 0.1))
	change(r.SetPoints(somePoints, someInfo))
	change(r.Set("data.noise", 0.2))
	return r
}

// TestLogRoundTrip replays a log that was written and read: it gives the same pictures, also if it
// opens with a checkpoint.
func TestLogRoundTrip(t *testing.T) {
	first := aRun(t, sim.Config{Model: "toy", Seed: 3, Data: "custom", Points: somePoints[:2], PointsInfo: otherInfo})
	restored, err := sim.Restore(first.Checkpoint(), ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	mustStep(t, restored, 1)
	if _, err := restored.Set("rate", 0.3); err != nil {
		t.Fatal(err)
	}
	mustStep(t, restored, 2)
	for _, r := range []*sim.Run{first, restored} {
		want := r.Log()
		text, err := EncodeLog(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeLog(text)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Opening.Config.PointsInfo, want.Opening.Config.PointsInfo) || r == first && got.Opening.Config.Axes == nil {
			t.Errorf("the log begins with %+v, want %+v", got.Opening.Config.PointsInfo, want.Opening.Config.PointsInfo)
		}
		if !reflect.DeepEqual(got.Entries, want.Entries) || got.Furthest != want.Furthest || got.Opening.Generation != want.Opening.Generation {
			t.Errorf("%+v, want %+v", got, want)
		}
		again, err := sim.Replay(got, ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Seek(r.StepCount()); err != nil {
			t.Fatal(err)
		}
		if digest(t, again) != digest(t, r) {
			t.Errorf("the picture of step %d differs", r.StepCount())
		}
		if !reflect.DeepEqual(again.PointsInfo(), someInfo) {
			t.Errorf("the points of step %d are in %+v", r.StepCount(), again.PointsInfo())
		}
		if twice, _ := EncodeLog(got); !bytes.Equal(twice, text) {
			t.Errorf("%s\nwant\n%s", twice, text)
		}
	}
}

func digest(t testing.TB, r *sim.Run) string {
	t.Helper()
	p, err := new(sim.Renderer).Render(r, 16)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(*p)
}

func TestDecodeLogRefuses(t *testing.T) {
	const open = `{"format":"ebmviz-log/1","opening":{"open":{"model":"toy"}},`
	for text, says := range map[string]string{
		``:                      "ends too early",
		`[]`:                    "not a run log",
		`{"format":"ebmviz/1"}`: `"ebmviz/1"; this program reads "ebmviz-log/1"`,
		open + `"steps":1} 2`:   "after its end",
		open + `"stesp":1}`:     "stesp",
		open + `"entries":[{"step":1,"points":"h.x"}]}`:                                 `"h.x"`,
		`{"format":"ebmviz-log/1"}`:                                                     "a configuration or a checkpoint",
		`{"format":"ebmviz-log/1","opening":{"open":{},"checkpoint":{}}}`:               "a configuration or a checkpoint",
		`{"format":"ebmviz-log/1","opening":{"open":{"data":"custom","points":"h.x"}}}`: `"h.x"`,
		`{"format":"ebmviz-log/1","opening":{"checkpoint":{"format":"ebmviz/2"}}}`:      "ebmviz/2",
	} {
		if _, err := DecodeLog([]byte(text)); sim.CodeOf(err) != sim.BadCheckpoint || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v; want … %s …", text, err, says)
		}
	}
}

func FuzzDecodeLog(f *testing.F) {
	r := aRun(f, sim.Config{Model: "toy", Knobs: map[string]any{"data.n": 10}})
	text, err := EncodeLog(r.Log())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	if r, err = sim.Restore(r.Checkpoint(), ebm.Serial); err != nil {
		f.Fatal(err)
	}
	if text, err = EncodeLog(r.Log()); err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := DecodeLog(text)
		if err != nil {
			return
		}
		once, err := EncodeLog(l)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeLog(once)
		if err != nil {
			t.Fatalf("%v: %s", err, once)
		}
		if twice, _ := EncodeLog(again); !bytes.Equal(twice, once) {
			t.Errorf("%s\nbecame\n%s", once, twice)
		}
	})
}

// commands are all kinds of commands, with values that a journal must keep.
func commands(t testing.TB) []Command {
	r := newRun(t, sim.Config{Model: "toy", Knobs: map[string]any{"data.n": 10}})
	return []Command{
		Play, Pause, Step, Reset,
		Set{Knob: "rate", Value: 1. / 3}, Set{Knob: "update", Value: "lloyd"}, Set{Knob: "flag", Value: true},
		Seek{Step: 1 << 52},
		SetView{Grid: ptr(64), FPS: ptr(12.5), Speed: ptr(MaxSpeed), DeltaSpan: ptr(0)}, SetView{Speed: ptr(AutoSpeed)}, SetView{},
		SetPoints{Points: somePoints, ID: sim.PointsID(somePoints)},
		SetPoints{Points: somePoints, ID: sim.PointsID(somePoints), PointsInfo: someInfo},
		SetPoints{Points: somePoints, ID: sim.PointsID(somePoints), PointsInfo: otherInfo},
		SetPoints{Points: somePoints[:1], ID: sim.PointsID(somePoints[:1])},
		Open{Config: sim.Config{Model: "kmeans", Data: "custom", Seed: 7, Points: somePoints}, Points: sim.PointsID(somePoints)},
		Open{Config: sim.Config{Model: "kmeans", Data: "custom", Seed: 7, Points: somePoints, PointsInfo: someInfo}, Points: sim.PointsID(somePoints)},
		Open{Config: sim.Config{Model: "dae", Seed: 1<<64 - 1, Knobs: map[string]any{"sigma": 0.1}}},
		Load{r.Checkpoint()},
	}
}

// TestJournalRoundTrip writes and reads a journal of all commands. Points that several name are in it
// once, also if they have other axes.
func TestJournalRoundTrip(t *testing.T) {
	var want []JournalEntry
	for i, c := range commands(t) {
		want = append(want, JournalEntry{uint64(i + 1), uint64(10 * i), []Role{Driver, Viewer}[i%2], time.Date(2026, 1, 2, 3, 4, i, 5, time.UTC), c})
	}
	text, err := EncodeJournal(want)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), `"y":`); n != 2 {
		t.Errorf("the journal has %d sets of points, want 2", n)
	}
	got, err := ReadJournal(bytes.NewReader(text))
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d of %d entries: %v", len(got), len(want), err)
	}
	for i := range want {
		if _, ok := want[i].Command.(Load); ok { // whole numbers of knobs are read as float64
			a, _ := EncodeCommand(got[i].Command)
			b, _ := EncodeCommand(want[i].Command)
			if !bytes.Equal(a, b) {
				t.Errorf("%s\nwant\n%s", a, b)
			}
			continue
		}
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%+v, want %+v", got[i], want[i])
		}
	}
}

func TestReadJournalRefuses(t *testing.T) {
	const play = `{"revision":1,"role":"driver","command":{"do":"play"}}` + "\n"
	for text, says := range map[string]string{
		play + "{": "line 2",
		play + `{"command":{"points":{"id":"h.x"}}}`: `"h.x"`,
		play + `{"command":{"do":"fly"}}`:            "line 2",
		play + `{"revision":1}`:                      "line 2",
		play + `{"revison":1}`:                       "revison",
	} {
		got, err := ReadJournal(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), says) || len(got) != 1 {
			t.Errorf("%s: %d entries, %v; want … %s …", text, len(got), err, says)
		}
	}
}
