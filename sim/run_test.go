package sim

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// mustRun starts a run that cannot fail.
func mustRun(t testing.TB, c Config, f ebm.For) *Run {
	t.Helper()
	r, err := NewRun(c, f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustSet(t testing.TB, r *Run, knob string, value any) {
	t.Helper()
	if _, err := r.Set(knob, value); err != nil {
		t.Fatal(err)
	}
}

func mustStep(t testing.TB, r *Run, n int) {
	t.Helper()
	for range n {
		if err := r.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

// shot returns the bytes of the present frame, without what tells one showing of it from
// another: its number, the time, the generation of the points.
func shot(t testing.TB, r *Run) string {
	t.Helper()
	var e easel
	p, err := e.paint(r, 16)
	if err != nil {
		t.Fatal(err)
	}
	p.Generation = 0
	return string(Encode(p))
}

// move is one moved knob of a script.
type move struct {
	step  uint64
	knob  string
	value any
}

// script makes up a list of moves in order of step, none of which restarts the run.
func script(rng *rand.Rand, model string, steps int) []move {
	var moves []move
	for s := range steps {
		for rng.IntN(12) == 0 {
			var m move
			switch {
			case rng.IntN(4) == 0:
				m = move{uint64(s), "data.n", 100 + rng.IntN(50)}
			case rng.IntN(4) == 0:
				m = move{uint64(s), "data.noise", rng.Float64() / 10}
			case model == "kmeans" && rng.IntN(2) == 0:
				m = move{uint64(s), "update", []string{"online", "macqueen", "minibatch", "lloyd"}[rng.IntN(4)]}
			case model == "kmeans":
				m = move{uint64(s), "batch", 1 + rng.IntN(64)}
			case model == "softkmeans":
				m = move{uint64(s), "beta", 1 + 100*rng.Float64()}
			case rng.IntN(2) == 0:
				m = move{uint64(s), "rate", 0.01 + rng.Float64()/2}
			default:
				m = move{uint64(s), "scale", 0.5 + rng.Float64()}
			}
			moves = append(moves, m)
		}
	}
	return moves
}

// perform steps the run through the script. After each step and its moves it calls see.
func perform(t testing.TB, r *Run, moves []move, steps int, see func(step uint64)) {
	t.Helper()
	for s := uint64(0); ; s++ {
		for len(moves) > 0 && moves[0].step == s {
			mustSet(t, r, moves[0].knob, moves[0].value)
			moves = moves[1:]
		}
		see(s)
		if s == uint64(steps) {
			return
		}
		mustStep(t, r, 1)
	}
}

func TestSameCommandsSameFrames(t *testing.T) {
	for _, model := range []string{"toy", "toy-nats", "kmeans", "softkmeans"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(7, 7))
			for trial := range 2 {
				const steps = 90
				moves := script(rng, model, steps)
				c := Config{Model: model, Seed: uint64(trial + 1), Knobs: map[string]any{"data.n": 200}}

				first := map[uint64]string{}
				a := mustRun(t, c, ebm.Serial)
				perform(t, a, moves, steps, func(s uint64) { first[s] = shot(t, a) })

				// On more cores, and looked at now and then only.
				b := mustRun(t, c, newTeam(NewCores(3)).For)
				perform(t, b, moves, steps, func(s uint64) {
					if rng.IntN(5) == 0 && shot(t, b) != first[s] {
						t.Fatalf("trial %d: step %d looks different the second time", trial, s)
					}
				})
				if c.Seed++; shot(t, mustRun(t, c, ebm.Serial)) == first[0] {
					t.Error("another seed gives the same frame")
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

// TestRestartIsAFreshStart compares a run that was restarted by a knob, and one that was
// reset, with one that began that way.
func TestRestartIsAFreshStart(t *testing.T) {
	fresh := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"wells": 4, "rate": 0.3}}, ebm.Serial)
	mustStep(t, fresh, 30)
	want := shot(t, fresh)
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
		if shot(t, r) != want {
			t.Errorf("%s: the run is not as a fresh one", name)
		}
	}
}

// TestConfigIsComplete starts a run again from what it says it is.
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
	if shot(t, r) != shot(t, again) || !maps.Equal(r.Knobs(), again.Knobs()) {
		t.Error("a run from Config() is not the same run")
	}
}

// TestDataKnob moves a knob of the dataset while the model learns.
func TestDataKnob(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 50)
	before, w := r.Points(), r.model.(*toy).w[0]
	if restarted, err := r.Set("data.n", 77); err != nil || restarted {
		t.Fatalf("restarted %v, error %v", restarted, err)
	}
	if len(r.Points()) != 77 || len(before) == 77 || r.Generation() != 2 || r.StepCount() != 50 {
		t.Errorf("%d points of generation %d at step %d", len(r.Points()), r.Generation(), r.StepCount())
	}
	if r.model.(*toy).w[0] != w {
		t.Error("the well did not stay where it was")
	}
	if len(r.model.(*toy).data) != 77 {
		t.Error("the model does not know the new points")
	}
	mustStep(t, r, 1)
	if r.model.(*toy).w[0] == w {
		t.Error("the well does not move any more")
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
		{Config{Model: "toy", Knobs: map[string]any{"scale": 1e10}}, DivergedCode, `from the start`},
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
	before := shot(t, r)
	for _, m := range []move{{0, "wells", 0}, {0, "flag", 1.0}, {0, "raet", 1.0}, {0, "data.n", "x"}, {0, "data.x", 1.0}} {
		if _, err := r.Set(m.knob, m.value); err == nil {
			t.Errorf("Set(%s, %v) is allowed", m.knob, m.value)
		}
	}
	mustSet(t, r, "scale", 1.0)
	if shot(t, r) != before || len(r.log) != 0 {
		t.Error("an error changed the run")
	}
}
