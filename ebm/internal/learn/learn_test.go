package learn

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// toy has two networks and an array between them, and a gradient that is the parameters
// themselves, so that all of them shrink.
func toy[T net.Float](seed uint64) (*Learner[T], *rand.Rand) {
	l := New[T]()
	l.Batch = 3
	spec := net.Spec{In: 2, Hidden: []int{3}, Out: 1, Act: net.Tanh}
	l.Begin([]r2.Vec{{X: 1}, {Y: 2}}, Part{Name: "enc.", Net: spec}, Part{Name: "theta", Shape: []int{2, 4}}, Part{Name: "dec.", Net: spec})
	rng := rand.New(rand.NewPCG(seed, 1))
	l.Randomise(rng)
	for i := range l.Arrays[0].Values {
		l.Arrays[0].Values[i] = T(i + 1)
	}
	l.InitAverage()
	return &l, rng
}

func step[T net.Float](l *Learner[T], rng *rand.Rand, n int, knobs ...float64) {
	for range n {
		l.Draw(rng)
		copy(l.Gradient, l.Params)
		l.Descend(knobs...)
	}
}

func TestPartsShareOneList(t *testing.T) {
	l, rng := toy[float64](1)
	step(l, rng, 1)
	flat := slices.Concat(l.Nets[0].MLP.Params(), l.Arrays[0].Values, l.Nets[1].MLP.Params())
	if !slices.Equal(flat, l.Params) {
		t.Error("the parameters of the parts are not those of the learner")
	}
	flat = slices.Concat(l.Nets[0].Grad, l.Arrays[0].Grad, l.Nets[1].Grad)
	if !slices.Equal(flat, l.Gradient) {
		t.Error("the gradients of the parts are not those of the learner")
	}
	flat = slices.Concat(l.Nets[0].Shown.Params(), l.Arrays[0].Shown, l.Nets[1].Shown.Params())
	if !slices.Equal(flat, l.Shown) || slices.Equal(l.Shown, l.Params) {
		t.Error("the averages of the parts are not those of the learner, or no averages")
	}
}

func TestStateContinuesToTheBit(t *testing.T) {
	a, rng := toy[float32](1)
	step(a, rng, 5, .5)
	b, _ := toy[float32](2)
	if err := b.SetState(a.State()); err != nil {
		t.Fatal(err)
	}
	step(a, rand.New(rand.NewPCG(3, 3)), 4, .5)
	step(b, rand.New(rand.NewPCG(3, 3)), 4, .5)
	if !reflect.DeepEqual(a.State(), b.State()) {
		t.Error("the restored learner goes on differently")
	}
	names := []string{"dec.layer0.W", "dec.layer0.b", "dec.layer1.W", "dec.layer1.b", "enc.layer0.W", "enc.layer0.b", "enc.layer1.W", "enc.layer1.b", "theta"}
	s := a.State()
	for _, name := range names {
		if _, ok := s.Params[name]; !ok {
			t.Errorf("no tensor %q among %v", name, s.Params)
		}
		if !reflect.DeepEqual(s.Params[name].Shape, s.Train["raw."+name].Shape) {
			t.Errorf("shapes of %q: %v shown, %v raw", name, s.Params[name].Shape, s.Train["raw."+name].Shape)
		}
	}
	if len(s.Params) != len(names) {
		t.Errorf("%d tensors, want %d", len(s.Params), len(names))
	}
	if c, _ := toy[float32](2); c.SetState(ebm.State{Params: s.Params}) != nil || !slices.Equal(c.Params, a.Shown) || c.ScheduleStep() != 0 {
		t.Error("without Train the parameters are not what was shown")
	}
}

func TestSetStateRefuses(t *testing.T) {
	good, rng := toy[float32](1)
	step(good, rng, 2)
	for name, bad := range map[string]ebm.Tensor{
		"theta":          {Shape: []int{8}, Values: make([]float64, 8)},
		"raw.theta":      {Shape: []int{2, 4}, Values: slices.Repeat([]float64{1e300}, 8)},
		"enc.layer0.W":   {Shape: []int{3, 2}, Values: []float64{1, 2, 3, 4, 5, math.NaN()}},
		"schedule":       {Shape: []int{1}, Values: []float64{-1}},
		"schedule.knobs": {Shape: []int{1}, Values: []float64{math.Inf(1)}},
		"optim.m":        {Shape: []int{1}, Values: []float64{0}},
	} {
		l, rng := toy[float32](2)
		step(l, rng, 1)
		before, s := l.State(), good.State()
		if _, ok := s.Params[name]; ok {
			s.Params[name] = bad
		} else {
			s.Train[name] = bad
		}
		if err := l.SetState(s); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s corrupted: error %v", name, err)
		}
		if !reflect.DeepEqual(before, l.State()) {
			t.Errorf("%s corrupted: the rejected state changed the learner", name)
		}
	}
}

func TestAKnobRestartsTheSchedule(t *testing.T) {
	l, rng := toy[float64](1)
	step(l, rng, 10, .1)
	step(l, rng, 1, .2)
	if l.ScheduleStep() != 1 {
		t.Errorf("a step after a knob was moved the age is %d", l.ScheduleStep())
	}
	l.Batch = 5
	if step(l, rng, 1, .2); l.ScheduleStep() != 1 {
		t.Errorf("a step after the batch was changed the age is %d", l.ScheduleStep())
	}
	if step(l, rng, 1, .2); l.ScheduleStep() != 2 || l.State().Train["optim.t"].Values[0] != 13 {
		t.Errorf("age %d, steps of Adam %v", l.ScheduleStep(), l.State().Train["optim.t"].Values)
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	l, rng := toy[float32](1)
	step(l, rng, 1, 1, 2)
	if n := testing.AllocsPerRun(10, func() { step(l, rng, 1, 1, 2) }); n > 0 {
		t.Errorf("a step allocates %v times", n)
	}
}
