package wire

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim"
)

// manyPoints are enough for a part to be held out.
var manyPoints = func() (points []r2.Vec) {
	for i := range 200 {
		points = append(points, r2.Vec{X: float64(i)/200 - .5, Y: float64(i*i%17) / 20})
	}
	return points
}()

// TestCheckpointRoundTrip writes and reads checkpoints, with and without a past: all numbers are the
// same to the bit.
func TestCheckpointRoundTrip(t *testing.T) {
	for _, c := range []sim.Config{
		{Model: "toy", Seed: math.MaxUint64},
		{Model: "toy", Data: "custom", Points: []r2.Vec{{X: .1, Y: 1. / 3}, {X: -1}}},
		{Model: "toy", Data: "custom", Points: somePoints, PointsInfo: someInfo},
		{Model: "toy", Data: "custom", Points: manyPoints},
		{Model: "kmeans", Data: "moons", Knobs: map[string]any{"k": 7, "data.n": 90}},
		{Model: "cd"},
	} {
		r := newRun(t, c)
		mustStep(t, r, 23)
		if _, err := r.Set("data.seed", 5); err != nil {
			t.Fatal(err)
		}
		want, past := r.Checkpoint(), r.Log()
		for _, want.Past = range []*sim.Log{nil, &past} {
			text, err := EncodeCheckpoint(want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := DecodeCheckpoint(text)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.Params, want.Params) || !reflect.DeepEqual(got.Train, want.Train) || !slices.Equal(got.Points, want.Points) || got.HeldOut != want.HeldOut || got.HeldOut != (len(c.Points) == len(manyPoints)) || !reflect.DeepEqual(got.PointsInfo, want.PointsInfo) {
				t.Errorf("%s: the numbers of the checkpoint have changed", c.Model)
			}
			again, err := sim.Restore(got, ebm.Serial)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(again.Config(), r.Config()) || again.StepCount() != 23 || (want.Past == nil) != (again.First() == 23) {
				t.Errorf("%s: restored at step %d with %+v", c.Model, again.StepCount(), again.Config())
			}
		}
	}
}

func TestCheckpointFormat(t *testing.T) {
	text, err := EncodeCheckpoint(newRun(t, sim.Config{Model: "toy", Knobs: map[string]any{"data.noise": 0.0}}).Checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	keys := slices.Sorted(maps.Keys(c))
	if want := "data format knobs model params seed step train"; strings.Join(keys, " ") != want || c["format"] != "ebmviz/1" {
		t.Errorf("the keys are %v, the format is %v", keys, c["format"])
	}
	data := c["data"].(map[string]any)
	if data["name"] != "spiral" || data["knobs"].(map[string]any)["data.noise"] != 0.0 {
		t.Errorf("data is %v", data)
	}
	w := c["params"].(map[string]any)["w"].(map[string]any)
	if len(w["shape"].([]any)) != 2 || len(w["values"].([]any)) != 2 {
		t.Errorf("w is %v", w)
	}
}

func TestDecodeCheckpointRefuses(t *testing.T) {
	for text, says := range map[string]string{
		``:                                 "ends too early",
		`{"format":"ebmviz/1"`:             "ends too early",
		`{"format":"ebmviz/2"}`:            `"ebmviz/2"; this program reads "ebmviz/1"`,
		`[]`:                               "not a checkpoint",
		`{"step":-1}`:                      `"step"`,
		`{"params":{"W":3}}`:               `"params`,
		`{"stepp":1}`:                      `"stepp"`,
		`{"data":{"points":[[1]]}}`:        "a point is [y1,y2]; got [1]",
		`{"data":{"points":[[1,2,3]]}}`:    "a point is [y1,y2]; got [1,2,3]",
		`{"data":{"points":[[1,null]]}}`:   "a point is [y1,y2]; got [1,null]",
		`{} {}`:                            "after its end",
		`{"data":{"axes":[]}}`:             "the axes must be a JSON object",
		`{"data":{"axes":{"scale":[1]}}}`:  `"scale" of the axes must be two numbers; got [1]`,
		`{"data":{"label":{"of":"AAA="}}}`: `"of" of the label must be a list`,
		`{"format":"ebmviz/1","past":{}}`:  `this program reads "ebmviz-log/1"`,
		`{"format":"ebmviz/1","past":{"format":"ebmviz-log/1","opening":{"checkpoint":{"format":"ebmviz/1","past":{"format":"ebmviz-log/1","opening":{"open":{}}}}}}}`: "no past",
	} {
		_, err := DecodeCheckpoint([]byte(text))
		if err == nil || !strings.Contains(err.Error(), says) || sim.CodeOf(err) != sim.BadCheckpoint || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v; want … %s …", text, err, says)
		}
	}
}

func FuzzRestore(f *testing.F) {
	for _, model := range []string{"toy", "kmeans", "dae"} {
		r := newRun(f, sim.Config{Model: model, Knobs: map[string]any{"data.n": 10}})
		mustStep(f, r, 2)
		c, past := r.Checkpoint(), r.Log()
		for _, c.Past = range []*sim.Log{nil, &past} {
			text, err := EncodeCheckpoint(c)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
	f.Add([]byte(`{"format":"ebmviz/1","model":"toy","data":{"name":"custom","points":[[0,1]]},"params":{"w":{"shape":[1,2],"values":[0,1e999]}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := DecodeCheckpoint(text)
		if err != nil {
			return
		}
		r, err := sim.Restore(c, ebm.Serial)
		if err != nil {
			return
		}
		if p, err := new(sim.Renderer).Render(r, 16); err != nil || p.BadCells > 0 {
			t.Errorf("a restored run has a picture with %d bad cells: %v", p.BadCells, err)
		}
		again, err := sim.Restore(r.Checkpoint(), ebm.Serial)
		if err != nil {
			t.Fatalf("the checkpoint of a restored run is refused: %v", err)
		}
		if again.StepCount() != r.StepCount() {
			t.Error("not at the same step")
		}
	})
}
