package sim

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim/sched"
)

// setting is a knob that is set at a step.
type setting struct {
	step  uint64
	knob  string
	value any
}

// randomSettings returns settings in order of step, none of which restarts the run.
func randomSettings(rng *rand.Rand, model string, steps int) []setting {
	var all []setting
	for s := range steps {
		for rng.IntN(12) == 0 {
			var m setting
			switch {
			case rng.IntN(4) == 0:
				m = setting{uint64(s), "data.n", 100 + rng.IntN(50)}
			case rng.IntN(4) == 0:
				m = setting{uint64(s), "data.noise", rng.Float64() / 10}
			case model == "kmeans" && rng.IntN(2) == 0:
				m = setting{uint64(s), "update", []string{"online", "macqueen", "minibatch", "lloyd"}[rng.IntN(4)]}
			case model == "kmeans":
				m = setting{uint64(s), "batch", 1 + rng.IntN(64)}
			case model == "softkmeans":
				m = setting{uint64(s), "beta", 1 + 100*rng.Float64()}
			case rng.IntN(2) == 0:
				m = setting{uint64(s), "rate", 0.01 + rng.Float64()/2}
			default:
				m = setting{uint64(s), "scale", 0.5 + rng.Float64()}
			}
			all = append(all, m)
		}
	}
	return all
}

// perform makes steps and the settings at each of them. After those of a step it calls see.
func perform(t testing.TB, r *Run, settings []setting, steps int, see func(step uint64)) {
	t.Helper()
	for s := uint64(0); ; s++ {
		for len(settings) > 0 && settings[0].step == s {
			mustSet(t, r, settings[0].knob, settings[0].value)
			settings = settings[1:]
		}
		see(s)
		if s == uint64(steps) {
			return
		}
		mustStep(t, r, 1)
	}
}

// TestSameCommandsSameFrames compares the pictures of a run with those of one on more cores that is
// rendered now and then only.
func TestSameCommandsSameFrames(t *testing.T) {
	for _, model := range []string{"toy", "toy-nats", "kmeans", "softkmeans"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(7, 7))
			for trial := range 2 {
				const steps = 90
				settings := randomSettings(rng, model, steps)
				c := Config{Model: model, Seed: uint64(trial + 1), Knobs: map[string]any{"data.n": 200}}

				first := map[uint64]string{}
				a := mustRun(t, c, ebm.Serial)
				perform(t, a, settings, steps, func(s uint64) { first[s] = digest(t, a) })

				b := mustRun(t, c, sched.NewCores(3).NewShare().For)
				perform(t, b, settings, steps, func(s uint64) {
					if rng.IntN(5) == 0 && digest(t, b) != first[s] {
						t.Fatalf("trial %d: the pictures of step %d differ", trial, s)
					}
				})
				if c.Seed++; digest(t, mustRun(t, c, ebm.Serial)) == first[0] {
					t.Error("another seed gives the same picture")
				}
			}
		})
	}
}

func TestSet(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 10)
	for _, c := range []struct {
		knob     string
		value    any
		restarts bool
	}{
		{"rate", 0.5, false},
		{"rate", 0.5, false},
		{"scale", 2.0, false},
		{"wells", 1, false}, // it is 1 already
		{"wells", 3, true},
		{"flag", true, true},
		{"data.noise", 0.1, false},
	} {
		mustStep(t, r, 3)
		before := r.StepCount()
		restarted, err := r.Set(c.knob, c.value)
		if err != nil || restarted != c.restarts {
			t.Errorf("Set(%s, %v) = %v, %v", c.knob, c.value, restarted, err)
		}
		if restarted != (r.StepCount() == 0) || !restarted && r.StepCount() != before {
			t.Errorf("Set(%s, %v) left the run at step %d", c.knob, c.value, r.StepCount())
		}
		if got := r.Knobs()[c.knob]; got != c.value {
			t.Errorf("%s is %v after Set(%v)", c.knob, got, c.value)
		}
	}
}

// TestRestartEqualsNewRun compares a run that was restarted by a knob, and one that was reset, with
// a new run of the same configuration.
func TestRestartEqualsNewRun(t *testing.T) {
	fresh := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"wells": 4, "rate": 0.3}}, ebm.Serial)
	mustStep(t, fresh, 30)
	want := digest(t, fresh)
	for name, begin := range map[string]func(r *Run) error{
		"knob":  func(r *Run) error { _, err := r.Set("wells", 4); return err },
		"reset": (*Run).Reset,
	} {
		r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
		mustStep(t, r, 17)
		mustSet(t, r, "rate", 0.3)
		mustSet(t, r, "wells", 4)
		mustStep(t, r, 5)
		mustSet(t, r, "wells", 5)
		mustSet(t, r, "wells", 4)
		if err := begin(r); err != nil {
			t.Fatal(err)
		}
		mustStep(t, r, 30)
		if digest(t, r) != want {
			t.Errorf("%s: the run differs from a new one", name)
		}
	}
}

// TestConfigIsComplete starts another run from the configuration that a run returns.
func TestConfigIsComplete(t *testing.T) {
	r := mustRun(t, Config{}, ebm.Serial)
	if c := r.Config(); c.Model != "cd" || c.Data != r.Card().Data {
		t.Errorf("the default is %s on %s", c.Model, c.Data)
	}
	r = mustRun(t, Config{Model: "toy", Data: "custom", Points: []r2.Vec{{X: 1}, {Y: -1}}, Seed: 9}, ebm.Serial)
	mustSet(t, r, "scale", 3.0)
	again := mustRun(t, r.Config(), ebm.Serial)
	mustStep(t, r, 20)
	mustStep(t, again, 20)
	if digest(t, r) != digest(t, again) || !maps.Equal(r.Knobs(), again.Knobs()) {
		t.Error("a run from Config() is not the same run")
	}
}

// TestDataKnob sets a knob of the dataset during training: the model keeps its parameters.
func TestDataKnob(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 50)
	before, w := r.Points(), toyOf(r).W[0]
	if restarted, err := r.Set("data.n", 77); err != nil || restarted {
		t.Fatalf("restarted %v, error %v", restarted, err)
	}
	if len(r.Points()) != 77 || len(before) == 77 || r.Generation() != 2 || r.StepCount() != 50 {
		t.Errorf("%d points of generation %d at step %d", len(r.Points()), r.Generation(), r.StepCount())
	}
	if toyOf(r).W[0] != w {
		t.Error("the parameters changed with the dataset")
	}
	if len(toyOf(r).Data) != 77 {
		t.Error("the model does not have the new points")
	}
	mustStep(t, r, 1)
	if toyOf(r).W[0] == w {
		t.Error("the model no longer trains")
	}
}

func TestWrongConfigurations(t *testing.T) {
	for _, c := range []struct {
		config Config
		code   Code
		says   string
	}{
		{Config{Model: "kmaens"}, UnknownModel, `did you mean "kmeans"?`},
		{Config{Model: "toy", Data: "spirl"}, UnknownDataset, `did you mean "spiral"?`},
		{Config{Model: "toy", Knobs: map[string]any{"sclae": 1.0}}, UnknownKnob, `did you mean "scale"?`},
		{Config{Model: "toy", Knobs: map[string]any{"data.nosie": 1.0}}, UnknownKnob, `did you mean "data.noise"?`},
		{Config{Model: "toy", Knobs: map[string]any{"rate": 1e9}}, BadValue, `knob "rate" must be a number from 0.001 to 1000`},
		{Config{Model: "toy", Knobs: map[string]any{"rate": "fast"}}, BadValue, `got "fast"`},
		{Config{Model: "toy", Knobs: map[string]any{"data.n": -1.0}}, BadValue, `knob "data.n" must be`},
		{Config{Model: "toy", Knobs: map[string]any{"wells": 1.5}}, BadValue, `a whole number`},
		{Config{Model: "toy", Knobs: map[string]any{"scale": 1e10}}, DivergedCode, `at the start`},
		{Config{Model: "toy", Data: "custom"}, BadValue, `no points`},
		{Config{Model: "toy", Data: "custom", Points: make([]r2.Vec, 20_001)}, Limit, `20001 points`},
	} {
		_, err := NewRun(c.config, ebm.Serial)
		if CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("NewRun(%v): %q: %v; want %q: … %s …", c.config, CodeOf(err), err, c.code, c.says)
		}
	}
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 5)
	before := digest(t, r)
	for _, m := range []setting{{0, "wells", 0}, {0, "flag", 1.0}, {0, "raet", 1.0}, {0, "data.n", "x"}, {0, "data.x", 1.0}} {
		if _, err := r.Set(m.knob, m.value); err == nil {
			t.Errorf("Set(%s, %v) is allowed", m.knob, m.value)
		}
	}
	mustSet(t, r, "scale", 1.0)
	if digest(t, r) != before || len(r.timeline.log) != 0 {
		t.Error("an error changed the run")
	}
}
