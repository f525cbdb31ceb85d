package wire

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
	"ebmviz/sim"
	"ebmviz/sim/internal/toy"
)

// TestStateJSON: the page and scripts depend on the keys.
func TestStateJSON(t *testing.T) {
	text, err := json.Marshal(State{Model: "cd", Data: "spiral", Seed: 1, Knobs: map[string]any{"k": 3}, Pace: "auto", Run: 2, Revision: 9,
		Halt: &Halt{Code: sim.DivergedCode, Step: 12, Quantity: "energy", Knob: "lr", Message: "m", Back: 7}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"model":"cd","data":"spiral","seed":1,"step":0,"playing":false,"knobs":{"k":3},"grid":0,"fps":0,"speed":0,` +
		`"pace":"auto","run":2,"revision":9,"generation":0,` +
		`"halt":{"code":"diverged","step":12,"quantity":"energy","knob":"lr","message":"m","back":7}}`
	if string(text) != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
	text, _ = json.Marshal(State{PointsID: "h.x", DeltaSpan: 10, Goal: 30, Asleep: true})
	want = `{"model":"","data":"","own":"h.x","seed":0,"step":0,"playing":false,"knobs":null,"grid":0,"fps":0,"speed":0,` +
		`"pace":"","run":0,"revision":0,"generation":0,"ledger":10,"goal":30,"asleep":true}`
	if string(text) != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
}

func TestMessage(t *testing.T) {
	if got := string(Message("state", []byte(`{"step":1}`), nil)); got != `{"state":{"step":1}}` {
		t.Error(got)
	}
	id := int64(-3)
	if got := string(Message("ok", []byte(`{}`), &id)); got != `{"ok":{},"id":-3}` {
		t.Error(got)
	}
}

func TestErrorOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{sim.Errorf(sim.Limit, "too \"many\""), `{"code":"limit","message":"too \"many\""}`},
		{errors.New("no"), `{"code":"bad-message","message":"no"}`},
	} {
		if got := string(ErrorOf(c.err).JSON()); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// TestProbeJSON: parts that do not apply are missing, and no number is NaN.
func TestProbeJSON(t *testing.T) {
	for _, c := range []struct {
		model         string
		keys, missing []string
	}{
		{"kmeans", []string{"y", "F", "grad", "reconstruct", "latents", "best", "free", "path", "slice", "across"}, nil},
		{"toy", []string{"y", "F", "grad", "path", "slice", "across"}, []string{"reconstruct", "latents", "best", "free"}},
	} {
		r := newRun(t, sim.Config{Model: c.model})
		p := r.Probe(r2.Vec{X: 0.3, Y: 0.1}, sim.ProbeOptions{})
		text, err := EncodeProbe(p)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		for _, k := range c.keys {
			if _, ok := got[k]; !ok {
				t.Errorf("%s: %s is missing in %.80s…", c.model, k, text)
			}
		}
		for _, k := range c.missing {
			if _, ok := got[k]; ok {
				t.Errorf("%s: %s is there in %.80s…", c.model, k, text)
			}
		}
		if y := got["y"].([]any); y[0] != 0.3 || y[1] != 0.1 || got["F"] != p.Energy {
			t.Errorf("%s: the energy at %v is %v, want %v", c.model, y, got["F"], p.Energy)
		}
		slice, across := got["slice"].(map[string]any), got["across"].(map[string]any)
		if slice["y1"] != 0.3 || across["y2"] != 0.1 || len(slice["y2"].([]any)) != len(slice["F"].([]any)) {
			t.Errorf("%s: the slices are at %v and %v", c.model, slice["y1"], across["y2"])
		}
	}
}

// TestProbeOutsideTheBox probes where energies overflow, and far outside the box.
func TestProbeOutsideTheBox(t *testing.T) {
	r := newRun(t, sim.Config{Model: "toy"})
	r.Model().(*toy.Model).Scale = math.MaxFloat64
	if text, err := EncodeProbe(r.Probe(r2.Vec{X: 1e3}, sim.ProbeOptions{})); sim.CodeOf(err) != sim.BadValue {
		t.Errorf("%v, %s", err, text)
	}
	for _, model := range []string{"cd", "dae", "softkmeans"} {
		r := newRun(t, sim.Config{Model: model})
		mustStep(t, r, 10)
		for _, y := range []r2.Vec{{}, {X: 1.5, Y: -1.5}, {X: 100, Y: 100}} {
			if text, err := EncodeProbe(r.Probe(y, sim.ProbeOptions{})); err != nil || !json.Valid(text) {
				t.Errorf("%s at %v: %v", model, y, err)
			}
		}
	}
}

// TestHistoryJSON: NaN is null.
func TestHistoryJSON(t *testing.T) {
	want := sim.History{Names: []string{"loss", "auc"}, Steps: []uint64{1, 2}, Values: [][]float64{{0.5, 1. / 3}, {math.NaN(), 1}}}
	text, err := EncodeHistory(want)
	if err != nil {
		t.Fatal(err)
	}
	if s := `{"names":["loss","auc"],"steps":[1,2],"values":[[0.5,0.3333333333333333],[null,1]]}`; string(text) != s {
		t.Errorf("%s, want %s", text, s)
	}
	got, err := DecodeHistory(text)
	if err != nil || !math.IsNaN(got.Values[1][0]) {
		t.Fatalf("%+v, %v", got, err)
	}
	got.Values[1][0], want.Values[1][0] = 0, 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	want.On = []measure.TestSet{measure.FreshSamples, measure.TrainingPoints}
	if text, err = EncodeHistory(want); err == nil {
		got, err = DecodeHistory(text)
	}
	if err != nil || !reflect.DeepEqual(got, want) || !strings.Contains(string(text), `"on":["fresh samples","training points"]`) {
		t.Errorf("%s: %+v, want %+v: %v", text, got, want, err)
	}
}

// newRun starts a run that cannot fail.
func newRun(t testing.TB, c sim.Config) *sim.Run {
	t.Helper()
	r, err := sim.NewRun(c, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustStep(t testing.TB, r *sim.Run, n int) {
	t.Helper()
	for range n {
		if err := r.Step(); err != nil {
			t.Fatal(err)
		}
	}
}
