package contrastive

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/spatial/r2"
)

// run is a method at work on the spiral.
type run struct {
	t     *testing.T
	model ebm.Model
	knobs *ebm.Knobs
	u     *ebm.Update
}

// start begins a run; settings are pairs of a knob and its value.
func start(t *testing.T, model ebm.Model, seed uint64, settings ...any) *run {
	t.Helper()
	r := &run{t: t, model: model, knobs: ebm.NewKnobs("the method"), u: ebm.NewUpdate(rand.New(rand.NewPCG(seed, 2)))}
	model.Knobs(r.knobs)
	r.set(settings...)
	model.Init(spiral(t), r.u.Rand)
	return r
}

func (r *run) set(settings ...any) {
	r.t.Helper()
	for i := 0; i < len(settings); i += 2 {
		if err := r.knobs.Set(settings[i].(string), settings[i+1]); err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r *run) steps(n int) *run {
	for range n {
		r.u.Trace.Reset()
		r.model.Step(r.u)
	}
	return r
}

func spiral(t *testing.T) []r2.Vec {
	t.Helper()
	card, err := data.Lookup("spiral")
	if err != nil {
		t.Fatal(err)
	}
	set := card.New()
	set.Knobs(ebm.NewKnobs("spiral"))
	return set.Points()
}

// energies returns F on a coarse grid.
func energies(m ebm.Model) []float64 {
	var at []r2.Vec
	for i := range 225 {
		at = append(at, r2.Vec{X: -1.4 + .2*float64(i%15), Y: -1.4 + .2*float64(i/15)})
	}
	e := make([]float64, len(at))
	m.Energy(e, at)
	return e
}

// all are the methods of this package, float32.
func all() map[string]func() ebm.Model {
	return map[string]func() ebm.Model{
		"maxlik": func() ebm.Model { return newMaxLik[float32]() },
		"dae":    func() ebm.Model { return newDAE[float32]() },
		"cd":     func() ebm.Model { return newCD[float32]() },
		"cd mala": func() ebm.Model {
			c := newCD[float32]()
			c.variant = variantMALA
			return c
		},
	}
}

func TestStepsAndEnergiesAllocateNothing(t *testing.T) {
	for name, newModel := range all() {
		t.Run(name, func(t *testing.T) {
			r := start(t, newModel(), 1).steps(2)
			at, e, g := slices.Clone(spiral(t)[:200]), make([]float64, 200), make([]r2.Vec, 200)
			if n := testing.AllocsPerRun(10, func() { r.steps(1) }); n != 0 {
				t.Errorf("a step allocates %v times", n)
			}
			if raceDetector {
				return // a sync.Pool then drops things at random
			}
			r.model.Energy(e, at)
			ebm.Gradient(r.model, g, at)
			if n := testing.AllocsPerRun(10, func() {
				r.model.Energy(e, at)
				ebm.Gradient(r.model, g, at)
			}); n != 0 {
				t.Errorf("energies and gradients allocate %v times", n)
			}
		})
	}
}

func TestResultsDoNotDependOnTheCores(t *testing.T) {
	parallel := func(n int, body func(i int)) {
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { body(i) })
		}
		wg.Wait()
	}
	for name, newModel := range all() {
		t.Run(name, func(t *testing.T) {
			a, b := start(t, newModel(), 1, "batch", 300), start(t, newModel(), 1, "batch", 300)
			b.u.For = parallel
			if !slices.Equal(energies(a.steps(6).model), energies(b.steps(6).model)) {
				t.Error("serial and parallel steps end in different landscapes")
			}
		})
	}
}

func TestGradIsTheSlopeOfTheEnergy(t *testing.T) {
	for name, m := range map[string]ebm.Model{"energy net": newCD[float64](), "dae": newDAE[float64]()} {
		t.Run(name, func(t *testing.T) {
			r := start(t, m, 3).steps(30)
			e, g := make([]float64, 1), make([]r2.Vec, 1)
			for _, y := range spiral(t)[:50] {
				ebm.Gradient(r.model, g, []r2.Vec{y})
				want := fd.Gradient(nil, func(x []float64) float64 {
					r.model.Energy(e, []r2.Vec{{X: x[0], Y: x[1]}})
					return e[0]
				}, []float64{y.X, y.Y}, &fd.Settings{Formula: fd.Central})
				if d := math.Hypot(g[0].X-want[0], g[0].Y-want[1]); d > 1e-6*(1+math.Hypot(want[0], want[1])) {
					t.Fatalf("∂E/∂y at %v is %v, but the energy rises by %v", y, g[0], want)
				}
			}
		})
	}
}

func TestTraceHoldsTheWholeStep(t *testing.T) {
	for _, c := range []struct {
		name                   string
		model                  ebm.Model
		settings               []any
		downs, ups, paths, way int
	}{
		{"maxlik", newMaxLik[float32](), nil, 128, 0, 0, 0},
		{"dae", newDAE[float32](), nil, 128, 128, 128, 2},
		{"lecture", newCD[float32](), nil, 128, 128, 128, 12},
		{"lecture, only kicked", newCD[float32](), []any{"chain", 0}, 128, 128, 128, 2},
		{"lecture, long", newCD[float32](), []any{"chain", 50, "batch", 32}, 32, 32, 32, 52},
		{"lecture, longer than a trace", newCD[float32](), []any{"chain", 50}, 128, 128, 78, 52},
		{"lecture, large batch", newCD[float32](), []any{"batch", 1024}, 512, 512, 128, 12},
		{"mala", newCD[float32](), []any{"variant", "mala"}, 128, 128, 128, 11},
		{"mala, odd batch", newCD[float32](), []any{"variant", "mala", "batch", 70}, 70, 70, 70, 11},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := start(t, c.model, 1, c.settings...).steps(3)
			downs, ups := 0, 0
			weight := map[bool]float64{}
			for _, p := range r.u.Trace.Pushes {
				weight[p.Amount > 0] += math.Abs(p.Amount)
				if p.Amount > 0 {
					ups++
				} else {
					downs++
				}
			}
			if downs != c.downs || c.ups > 0 && ups != c.ups || ups == 0 {
				t.Errorf("%d pushes down and %d up, want %d and %d", downs, ups, c.downs, c.ups)
			}
			if downs < ebm.MaxPushes && (math.Abs(weight[true]-1) > 1e-9 || math.Abs(weight[false]-1) > 1e-9) {
				t.Errorf("the pushes up weigh %v and those down %v, want 1 each", weight[true], weight[false])
			}
			length := map[int]int{}
			last := map[int]r2.Vec{}
			for _, v := range r.u.Trace.Visits {
				length[v.Path]++
				last[v.Path] = v.At
			}
			if len(length) != c.paths {
				t.Errorf("%d paths, want %d", len(length), c.paths)
			}
			for p, n := range length {
				if n != c.way {
					t.Fatalf("path %d has %d points, want %d", p, n, c.way)
				}
				if _, ok := c.model.(*cd[float32]); ok && r.u.Trace.Pushes[2*p+1].At != last[p] {
					t.Fatalf("path %d ends at %v, but the push up is at %v", p, last[p], r.u.Trace.Pushes[2*p+1].At)
				}
			}
		})
	}
}

func TestArrowsOfMaxlikFollowTheProbability(t *testing.T) {
	m := newMaxLik[float32]()
	r := start(t, m, 1).steps(100)
	var shown, exact r2.Vec
	for _, p := range r.u.Trace.Pushes {
		if p.Amount > 0 {
			shown = r2.Add(shown, r2.Scale(p.Amount*(.5+p.At.Y), p.At))
		}
	}
	for i, p := range m.p {
		exact = r2.Add(exact, r2.Scale(p*(.5+m.grid[i].Y), m.grid[i]))
	}
	if d := r2.Norm(r2.Sub(shown, exact)); d > .05 {
		t.Errorf("moments of the arrows %v, of the probability %v", shown, exact)
	}
}

func TestGridOfMaxlikFillsTheBox(t *testing.T) {
	m := newMaxLik[float64]()
	for _, shift := range []r2.Vec{{}, {X: -.5, Y: -.5}, {X: .499, Y: -.3}} {
		m.placePoints(shift)
		for i, y := range m.grid {
			cell := int((y.X+ebm.L)/(2*ebm.L)*float64(m.g)) + m.g*int((y.Y+ebm.L)/(2*ebm.L)*float64(m.g))
			if cell != i && shift.X > -.5 {
				t.Fatalf("point %d at %v lies in cell %d", i, y, cell)
			}
			if math.Abs(y.X) > ebm.L || math.Abs(y.Y) > ebm.L {
				t.Fatalf("%v lies outside the box", y)
			}
		}
	}
}

func TestAKnobRestartsTheSchedule(t *testing.T) {
	m := newCD[float32]()
	r := start(t, m, 1).steps(400)
	if m.ScheduleStep() != 400 {
		t.Fatalf("after 400 steps t = %d", m.ScheduleStep())
	}
	for _, setting := range [][]any{{"kick", .4}, {"r", 0.}, {"lr", 2e-2}, {"batch", 200}, {"chain", 3}, {"variant", "mala"}, {"beta", 2.}, {"optimiser", "momentum"}} {
		r.steps(5)
		r.set(setting...)
		if r.steps(1); m.ScheduleStep() != 1 {
			t.Errorf("%v moved, and t = %d a step later", setting[0], m.ScheduleStep())
		}
		if r.steps(1); m.ScheduleStep() != 2 {
			t.Errorf("%v moved once, and t = %d two steps later", setting[0], m.ScheduleStep())
		}
	}
}

// TestMovingAKnobKeepsTheMoments: a slider that moves at every step must not discard
// Adam back to its first steps, which move every weight by the full rate.
func TestMovingAKnobKeepsTheMoments(t *testing.T) {
	m := newDAE[float32]()
	r := start(t, m, 1).steps(100)
	for i := range 20 {
		r.set("sigma", .15+.001*float64(i+1))
		r.steps(1)
	}
	if n := m.State().Train["optim.t"].Values[0]; n != 120 || m.ScheduleStep() != 1 {
		t.Errorf("after 120 steps Adam counts %v and the schedule %d; want 120 and 1", n, m.ScheduleStep())
	}
}

func TestMALAFindsItsStepSize(t *testing.T) {
	m := newCD[float32]()
	r := start(t, m, 1, "variant", "mala").steps(400)
	if math.Abs(m.acceptance-.57) > .12 {
		t.Errorf("%.2f of the steps are accepted at η = %.2g", m.acceptance, m.step)
	}
	r.set("eta", 1e-2)
	if r.steps(1); m.step < .9e-2 || m.step > 1.1e-2 {
		t.Errorf("η was set to 0.01 and is %v a step later", m.step)
	}
	var s [6]float64
	if m.Scalars(s[:]); s[3] != m.step || s[2] != m.acceptance {
		t.Errorf("scalars %v", s)
	}
}

// TestMomentumDiverges shows that a rate which is too large ends in energies that a session
// takes for diverged, and that nothing panics on the way or afterwards.
func TestMomentumDiverges(t *testing.T) {
	r := start(t, newCD[float32](), 1, "optimiser", "momentum", "lr", .1, "r", 0.)
	for range 15 {
		r.steps(100)
		for _, e := range energies(r.model) {
			if !(math.Abs(e) < 1e6) {
				r.steps(50)
				return
			}
		}
	}
	t.Error("momentum at a rate of 0.1 without regulariser is still finite after 1500 steps")
}

func TestNonFiniteWeights(t *testing.T) {
	for name, newModel := range all() {
		t.Run(name, func(t *testing.T) {
			r := start(t, newModel(), 1).steps(1)
			switch m := r.model.(type) {
			case *maxlik[float32]:
				m.mlp.Params()[0] = float32(math.NaN())
			case *dae[float32]:
				m.mlp.Params()[0] = float32(math.NaN())
			case *cd[float32]:
				m.mlp.Params()[0] = float32(math.NaN())
			}
			if e := energies(r.steps(3).model); !math.IsNaN(e[0]) {
				t.Errorf("the energy is %v", e[0])
			}
		})
	}
}

func TestNoData(t *testing.T) {
	for name, newModel := range all() {
		t.Run(name, func(t *testing.T) {
			m, u := newModel(), ebm.NewUpdate(rand.New(rand.NewPCG(1, 1)))
			m.Init(nil, u.Rand)
			m.Step(u)
			if len(u.Trace.Pushes) > 0 {
				t.Error("pushes without data")
			}
		})
	}
}
