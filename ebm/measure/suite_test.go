package measure

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"

	"gonum.org/v1/gonum/spatial/r2"
)

func set(t testing.TB, id string, noise float64) data.Set {
	t.Helper()
	card, err := data.Lookup(id)
	if err != nil {
		t.Fatal(err)
	}
	s := card.New()
	if noise >= 0 {
		k := ebm.NewKnobs(id)
		s.Knobs(k)
		if err := k.Set("data.noise", noise); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

var suites = map[string]*Suite{}

// suite returns the suite of a dataset with its defaults, the same to all tests: what it
// computes of the true density takes a while.
func suite(t *testing.T, id string) *Suite {
	t.Helper()
	if suites[id] == nil {
		suites[id] = NewSuite(set(t, id, -1))
	}
	return suites[id]
}

// The figures of the true density, as they were measured elsewhere on other samples.
func TestOracle(t *testing.T) {
	for _, c := range []struct {
		id                 string
		nll, ceiling, vol9 float64
	}{
		{"spiral", 0.26, 0.945, 0.134},
		{"moons", 0.25, 0.947, math.NaN()},
		{"rings", 0.79, 0.905, math.NaN()},
		{"gaussians", 0.67, 0.920, math.NaN()},
	} {
		s := suite(t, c.id)
		r := s.Measure(s.negLogDensity, 1)
		t.Logf("%-10s %+v", c.id, r)
		near := func(what string, got, want, within float64) {
			if !(math.Abs(got-want) <= within) {
				t.Errorf("%s: %s is %.4f, want %.4f ± %.4f", c.id, what, got, want, within)
			}
		}
		near("true NLL", r.TrueNLL, c.nll, 0.02)
		near("AUC ceiling", r.AUCCeiling, c.ceiling, 0.003)
		near("AUC", r.AUC, r.AUCCeiling, 0)
		near("NLL", r.NLL, r.TrueNLL, 2e-3)
		near("calibrated NLL", r.NLLCalibrated, r.TrueNLL, 3e-3)
		near("calibrated β", r.BetaCalibrated, 1, 0.08)
		near("KL", r.KL, 0, 1e-9)
		near("mass far off", r.OffMass, 0, 1e-4)
		if !math.IsNaN(c.vol9) {
			near("vol95", r.Vol95, c.vol9, 0.01)
		}
		if r.FarMin < 3 || r.Gap() < 1 {
			t.Errorf("%s: FarMin %v, gap %v", c.id, r.FarMin, r.Gap())
		}

		live := s.Live(s.negLogDensity, 1)
		near("live AUC", live.AUC, r.AUC, 0.005)
		near("live AUC ceiling", live.AUCCeiling, live.AUC, 0)
		near("live NLL", live.NLL, r.NLL, 0.01)
		near("live vol95", live.Vol95, r.Vol95, 0.01)
	}
}

// An energy of any scale is measured at its own β, as well as one in nats.
func TestMeasureCalibrates(t *testing.T) {
	s := suite(t, "moons")
	scaled := func(dst []float64, at []r2.Vec) {
		s.negLogDensity(dst, at)
		for i := range dst {
			dst[i] = 0.01*dst[i] + 5
		}
	}
	want, got := s.Measure(s.negLogDensity, 1), s.Measure(scaled, 0)
	if got.AUC != want.AUC || got.Vol95 != want.Vol95 || math.Abs(got.NLL-want.NLLCalibrated) > 1e-6 || math.Abs(got.BetaCalibrated/want.BetaCalibrated/100-1) > 1e-4 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if live := s.Live(scaled, 0); math.Abs(live.NLL-want.NLL) > 0.01 || live.NLL != live.NLLCalibrated {
		t.Errorf("live NLL %v, want about %v", live.NLL, want.NLL)
	}
	if again := s.Measure(scaled, 0); again != got {
		t.Errorf("measured again: %+v, before %+v", again, got)
	}
	if other := NewSuite(set(t, "moons", -1)).Measure(s.negLogDensity, 1); other != want {
		t.Errorf("another suite of the same dataset: %+v, want %+v", other, want)
	}
}

// A deep valley without data has the model's mass, and FarMin is its depth.
func TestSpuriousValley(t *testing.T) {
	s := suite(t, "rings")
	at := r2.Vec{X: 0.015, Y: 0.015} // the middle of a cell
	pit := func(dst []float64, y []r2.Vec) {
		s.negLogDensity(dst, y)
		for i := range dst {
			if r2.Norm(r2.Sub(y[i], at)) < 0.1 {
				dst[i] = -11
			}
		}
	}
	r := s.Measure(pit, 1)
	onData := evaluate(s.negLogDensity, s.Test())
	slices.Sort(onData)
	if want := -11 - onData[len(onData)/2]; r.OffMass < 0.99 || math.Abs(r.FarMin-want) > 0.01 {
		t.Errorf("mass far off %v, least energy there %v from the data's, want %v", r.OffMass, r.FarMin, want)
	}
	if healthy := s.Measure(s.negLogDensity, 1); r.NLL < healthy.NLL+3 || r.KL < 3 {
		t.Errorf("NLL %v, KL %v with the valley; NLL %v without", r.NLL, r.KL, healthy.NLL)
	}
}

func TestFlatLandscape(t *testing.T) {
	r := suite(t, "spiral").Measure(func(dst []float64, at []r2.Vec) { clear(dst) }, 1)
	if r.AUC != 0.5 || r.Vol95 != 1 || math.Abs(r.NLL-math.Log(9)) > 1e-12 || r.Gap() != 0 {
		t.Errorf("%+v", r)
	}
}

// Without noise there is no density to compare with; the other metrics apply.
func TestWithoutDensity(t *testing.T) {
	s := NewSuite(set(t, "topographic", 0))
	for name, r := range map[string]Report{"full": s.Measure(gaussian(r2.Vec{}, r2.Vec{X: 1, Y: 1}), 1), "live": s.Live(gaussian(r2.Vec{}, r2.Vec{X: 1, Y: 1}), 1)} {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var has map[string]any
		if err := json.Unmarshal(text, &has); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"auc", "nll", "vol95", "mean_data", "mean_uniform"} {
			if _, ok := has[key]; !ok {
				t.Errorf("%s: %s is missing in %s", name, key, text)
			}
		}
		for _, key := range []string{"chamfer", "chamfer_floor", "mmd2", "mmd2_floor", "w2", "w2_floor"} {
			if _, ok := has[key]; ok != (name == "full") {
				t.Errorf("%s: %s in %s", name, key, text)
			}
		}
		for _, key := range []string{"auc_ceiling", "true_nll", "kl", "off_mass", "far_min"} {
			if _, ok := has[key]; ok {
				t.Errorf("%s: %s is there in %s", name, key, text)
			}
		}
	}
}

func TestReportJSON(t *testing.T) {
	r := emptyReport()
	r.AUC, r.Vol95, r.NLL, r.KL = 0.5, 0, math.Inf(1), math.Inf(-1)
	text, err := json.Marshal(r)
	if want := `{"auc":0.5,"vol95":0}`; err != nil || string(text) != want {
		t.Errorf("got %s, %v; want %s", text, err, want)
	}
}

// An energy that has diverged is measured without a panic or a NaN in JSON.
func TestMeasureWhatIsNotFinite(t *testing.T) {
	s := suite(t, "moons")
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308} {
		for _, some := range []int{1, 7} {
			energy := func(dst []float64, at []r2.Vec) {
				for i := range dst {
					dst[i] = at[i].X
					if i%some == 0 {
						dst[i] = bad
					}
				}
			}
			for _, beta := range []float64{1, 0, 3} {
				if _, err := json.Marshal(s.Measure(energy, beta)); err != nil {
					t.Error(err)
				}
				if _, err := json.Marshal(s.Live(energy, beta)); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// No training point is a test point, whatever the seed.
func TestSuiteHasPointsOfItsOwn(t *testing.T) {
	card, _ := data.Lookup("spiral")
	test := map[r2.Vec]bool{}
	for _, y := range NewSuite(card.New()).Test() {
		test[y] = true
	}
	for seed := range 20 {
		training := card.New()
		k := ebm.NewKnobs("spiral")
		training.Knobs(k)
		if err := k.Set("data.seed", seed); err != nil {
			t.Fatal(err)
		}
		for _, y := range training.Points() {
			if test[y] {
				t.Fatalf("seed %d: %v is a training point and a test point", seed, y)
			}
		}
	}
}

func TestLiveAllocatesNothing(t *testing.T) {
	s := NewSuite(set(t, "moons", -1))
	energy := gaussian(r2.Vec{}, r2.Vec{X: 1, Y: 1})
	for _, beta := range []float64{1, 0, 3} {
		s.Live(energy, beta)
		if n := testing.AllocsPerRun(5, func() { s.Live(energy, beta) }); n > 0 {
			t.Errorf("β = %v: %v allocations", beta, n)
		}
	}
}

func BenchmarkLive(b *testing.B) {
	s := NewSuite(set(b, "spiral", -1))
	e := map[int][]float64{testPoints: nil}
	for _, sm := range []sample{s.liveGrid, s.test, s.uniform, s.grid} {
		e[len(sm.at)] = evaluate(s.negLogDensity, sm.at)
	}
	free := func(dst []float64, at []r2.Vec) { copy(dst, e[len(at)]) }
	b.Run("nats", func(b *testing.B) {
		for b.Loop() {
			s.Live(free, 1)
		}
	})
	b.Run("calibrated", func(b *testing.B) {
		for b.Loop() {
			s.Live(free, 0)
		}
	})
	b.Run("full", func(b *testing.B) {
		for b.Loop() {
			s.Measure(free, 0)
		}
	})
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			NewSuite(s.set).Live(free, 1)
		}
	})
}

// A well that is narrower than a cell of either grid has its NLL nevertheless: log 2πσ² at its bottom. The
// best β of an energy that knows its points by heart ends where its well gets too narrow.
func TestNarrowWell(t *testing.T) {
	const sigma = 0.011
	at := r2.Vec{X: 0.2137, Y: -0.6191}
	s := NewSuiteOn([]r2.Vec{at, at, at}, TrainingPoints)
	well := func(scale float64) Energy {
		return func(dst []float64, y []r2.Vec) {
			for i := range y {
				dst[i] = scale * r2.Norm2(r2.Sub(y[i], at))
			}
		}
	}
	want := math.Log(2 * math.Pi * sigma * sigma)
	for _, beta := range []float64{1, 3} {
		energy := well(1 / (2 * sigma * sigma * beta))
		for name, r := range map[string]Report{"full": s.Measure(energy, beta), "live": s.Live(energy, beta)} {
			if math.Abs(r.NLL-want) > 0.02 || r.Beta != beta || r.On != TrainingPoints {
				t.Errorf("%s: NLL %v at β = %v on %s, want %v at %v", name, r.NLL, r.Beta, r.On, want, beta)
			}
			if !math.IsNaN(r.AUCCeiling) || !math.IsNaN(r.TrueNLL) || !math.IsNaN(r.KL) || !math.IsNaN(r.Floor.Chamfer) {
				t.Errorf("%s: given points have a true density in %+v", name, r)
			}
		}
	}
	for name, r := range map[string]Report{"full": s.Measure(well(1), 0), "live": s.Live(well(1), 0)} {
		width := 1 / math.Sqrt(2*r.Beta)
		if want := math.Log(2 * math.Pi * width * width); math.Abs(r.NLL-want) > 0.02 || width < 0.02 || width > 0.1 {
			t.Errorf("%s: at the best β the well is %v wide and the NLL %v, want %v", name, width, r.NLL, want)
		}
	}
}

// Of very many given points a part is measured, from all over the list.
func TestManyGivenPoints(t *testing.T) {
	points := make([]r2.Vec, 20_000)
	for i := range points {
		points[i] = r2.Vec{X: float64(i)/10_000 - 1}
	}
	s := NewSuiteOn(points, HeldOutPoints)
	if test := s.Test(); len(test) != mostGiven || test[0] != points[0] || test[mostGiven-1].X < 0.99 || len(NewSuiteOn(points[:4000], HeldOutPoints).Test()) != 4000 {
		t.Errorf("%d of %d points are measured, up to %v", len(test), len(points), test[len(test)-1])
	}
}
