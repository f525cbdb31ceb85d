package sim

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// TestCheckpointGoesOn puts a run down as JSON, takes it up again and compares what
// follows, to the bit.
func TestCheckpointGoesOn(t *testing.T) {
	for _, c := range []Config{
		{Model: "toy", Seed: 3},
		{Model: "toy", Data: "custom", Points: []r2.Vec{{X: .1, Y: 1. / 3}, {X: -1}}},
		{Model: "kmeans", Data: "moons", Knobs: map[string]any{"k": 7, "data.n": 90}},
		{Model: "cd"},
		{Model: "dae"},
	} {
		t.Run(c.Model+c.Data, func(t *testing.T) {
			a := mustRun(t, c, ebm.Serial)
			mustStep(t, a, 23)
			text, err := json.Marshal(a.Checkpoint())
			if err != nil {
				t.Fatal(err)
			}
			read, err := ParseCheckpoint(text)
			if err != nil {
				t.Fatal(err)
			}
			b, err := Restore(read, ebm.Serial)
			if err != nil {
				t.Fatal(err)
			}
			if b.StepCount() != 23 || !maps.Equal(a.Knobs(), b.Knobs()) || !slices.Equal(a.Points(), b.Points()) {
				t.Errorf("restored at step %d with knobs %v", b.StepCount(), b.Knobs())
			}
			for range 2 * a.metrics.every { // until both have measured
				mustStep(t, a, 1)
				mustStep(t, b, 1)
			}
			if digest(t, a) != digest(t, b) {
				t.Error("the run does not go on as it did")
			}
		})
	}
}

// TestCheckpointWithoutTrain gives a run that can be looked at, and that learns on.
func TestCheckpointWithoutTrain(t *testing.T) {
	for _, model := range []string{"kmeans", "softkmeans", "cd", "dae", "maxlik"} {
		a := mustRun(t, Config{Model: model}, ebm.Serial)
		mustStep(t, a, 50)
		c := a.Checkpoint()
		for name, train := range map[string]map[string]ebm.Tensor{"none": nil, "empty": {}, "chance only": {"rng": c.Train["rng"]}} {
			c.Train = train
			b, err := Restore(c, ebm.Serial)
			if err != nil {
				t.Fatalf("%s, %s: %v", model, name, err)
			}
			at, ea, eb := []r2.Vec{{X: .3, Y: -.2}}, []float64{0}, []float64{1}
			a.Model().Energy(ea, at)
			b.Model().Energy(eb, at)
			if ea[0] != eb[0] {
				t.Errorf("%s, %s: F = %v, was %v", model, name, eb[0], ea[0])
			}
			mustStep(t, b, 10)
		}
	}
}

func TestCheckpointFormat(t *testing.T) {
	text, err := json.Marshal(mustRun(t, Config{Model: "toy", Knobs: map[string]any{"data.noise": 0.0}}, ebm.Serial).Checkpoint())
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

func TestRestoreRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(c *Checkpoint)
		says  string
	}{
		"format":    {func(c *Checkpoint) { c.Format = "ebmviz/2" }, `reads "ebmviz/1"`},
		"model":     {func(c *Checkpoint) { c.Model = "tyo" }, `no model "tyo"`},
		"no model":  {func(c *Checkpoint) { c.Model = "" }, "names no model"},
		"data":      {func(c *Checkpoint) { c.Data.Name = "spirla" }, `no dataset "spirla"`},
		"knob":      {func(c *Checkpoint) { c.Knobs["rat"] = 1.0 }, `knob "rat"`},
		"value":     {func(c *Checkpoint) { c.Knobs["rate"] = 1e300 }, `knob "rate" must be`},
		"data knob": {func(c *Checkpoint) { c.Data.Knobs["m"] = 1.0 }, `knob "data.m"`},
		"step":      {func(c *Checkpoint) { c.Step = 1 << 60 }, "step"},
		"missing":   {func(c *Checkpoint) { c.Params = nil }, `"w" is missing`},
		"shape":     {func(c *Checkpoint) { c.Params["w"] = ebm.Scalar(1) }, "shape"},
		"values": {func(c *Checkpoint) {
			c.Params["w"] = ebm.Tensor{Shape: []int{1, 2}, Values: []float64{1}}
		}, "1 values"},
		"NaN": {func(c *Checkpoint) {
			c.Params["w"] = ebm.Tensor{Shape: []int{1, 2}, Values: []float64{1, math.NaN()}}
		}, "NaN"},
		"huge": {func(c *Checkpoint) {
			c.Params["w"] = ebm.Tensor{Shape: []int{1, 2}, Values: []float64{1, 1e200}}
		}, "not finite"},
		"train": {func(c *Checkpoint) { c.Train["steps"] = ebm.Tensor{} }, `"steps"`},
		"rng":   {func(c *Checkpoint) { c.Train["rng"] = ebm.Scalar(1) }, `"rng"`},
		"rng is no integer": {func(c *Checkpoint) {
			c.Train["rng"] = ebm.Tensor{Shape: []int{4}, Values: []float64{1, 2, 3, .5}}
		}, "whole numbers"},
		"points": {func(c *Checkpoint) { c.Data = CheckpointData{Name: "custom"} }, "no points"},
		"many points": {func(c *Checkpoint) {
			c.Data = CheckpointData{Name: "custom", Points: make([]Point, 30_000)}
		}, "are allowed"},
	} {
		r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
		spoilt := r.Checkpoint()
		c.spoil(&spoilt)
		_, err := Restore(spoilt, ebm.Serial)
		if err == nil || !strings.Contains(err.Error(), c.says) || CodeOf(err) == "" {
			t.Errorf("%s: %v (%q); want … %s …", name, err, CodeOf(err), c.says)
		}
	}
}

func TestParseCheckpointRefuses(t *testing.T) {
	for text, says := range map[string]string{
		``:                               "ends too early",
		`{"format":"ebmviz/1"`:           "ends too early",
		`[]`:                             "no checkpoint",
		`{"step":-1}`:                    `"step"`,
		`{"params":{"W":3}}`:             `"params`,
		`{"stepp":1}`:                    `"stepp"`,
		`{"data":{"points":[[1]]}}`:      "a point is [y1,y2]; got [1]",
		`{"data":{"points":[[1,2,3]]}}`:  "a point is [y1,y2]; got [1,2,3]",
		`{"data":{"points":[[1,null]]}}`: "a point is [y1,y2]; got [1,null]",
		`{} {}`:                          "after the end",
	} {
		_, err := ParseCheckpoint([]byte(text))
		if err == nil || !strings.Contains(err.Error(), says) || CodeOf(err) != BadCheckpoint || strings.Contains(err.Error(), "Go ") {
			t.Errorf("%s: %v; want … %s …", text, err, says)
		}
	}
}

func FuzzRestore(f *testing.F) {
	for _, model := range []string{"toy", "kmeans", "dae"} {
		r, err := NewRun(Config{Model: model, Knobs: map[string]any{"data.n": 10}}, ebm.Serial)
		if err != nil {
			f.Fatal(err)
		}
		text, err := json.Marshal(r.Checkpoint())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"format":"ebmviz/1","model":"toy","data":{"name":"custom","points":[[0,1]]},"params":{"w":{"shape":[1,2],"values":[0,1e999]}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseCheckpoint(text)
		if err != nil {
			return
		}
		r, err := Restore(c, ebm.Serial)
		if err != nil {
			return
		}
		if err := r.Grid(make([]float32, 16*16), 16); err != nil {
			t.Errorf("a restored run cannot be shown: %v", err)
		}
		again, err := Restore(r.Checkpoint(), ebm.Serial)
		if err != nil {
			t.Fatalf("the checkpoint of a restored run is refused: %v", err)
		}
		if again.StepCount() != r.StepCount() {
			t.Error("not at the same step")
		}
	})
}
