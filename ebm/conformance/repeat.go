package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"ebmviz/ebm"
)

// checkSeed repeats a run with the same seed, one core at a time and several at once.
func checkSeed(card ebm.Card) error {
	points, err := sample(card, 1000)
	if err != nil {
		return err
	}
	runs := make([]*run, 3)
	for i := range runs {
		if runs[i], err = begin(card, card.New(), points, 5); err != nil {
			return err
		}
		if i > 0 {
			runs[i].u.For = []ebm.For{1: backwards, 2: concurrently}[i]
		}
		runs[i].steps(6)
		if err := same(runs[0], runs[i]); err != nil {
			return fmt.Errorf("the same seed gives another run when the loops run %s: %w", []string{1: "backwards", 2: "on several goroutines"}[i], err)
		}
	}
	other, err := trained(card, points, 6, 6)
	if err != nil {
		return err
	}
	if same(runs[0], other) == nil {
		return fmt.Errorf("another seed gives the same run: the model does not use its random numbers")
	}
	return nil
}

// backwards is an ebm.For that runs the bodies in reverse order.
func backwards(n int, body func(i int)) {
	for i := n - 1; i >= 0; i-- {
		body(i)
	}
}

// concurrently is an ebm.For that runs all bodies at once.
func concurrently(n int, body func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Add(1)
		go func() {
			defer all.Done()
			body(i)
		}()
	}
	all.Wait()
}

// twoGoroutines returns an ebm.For that runs every second body on another goroutine, until stop
// is called, and allocates nothing.
func twoGoroutines() (f ebm.For, stop func()) {
	type loop struct {
		n    int
		body func(i int)
	}
	odd, done := make(chan loop), make(chan bool)
	go func() {
		for l := range odd {
			for i := 1; i < l.n; i += 2 {
				l.body(i)
			}
			done <- true
		}
	}()
	return func(n int, body func(i int)) {
		odd <- loop{n, body}
		for i := 0; i < n; i += 2 {
			body(i)
		}
		<-done
	}, func() { close(odd) }
}

// same reports where two runs differ: in state, landscape or trace.
func same(a, b *run) error {
	if what := differingTensor(stateOf(a.model), stateOf(b.model)); what != "" {
		return fmt.Errorf("tensor %q differs", what)
	}
	at := uniform(100, 9)
	if err := differ(a.energy(at), b.energy(at)); err != nil {
		return fmt.Errorf("energy %w", err)
	}
	if !reflect.DeepEqual(a.u.Trace, b.u.Trace) {
		return errors.New("the traces of the last step differ")
	}
	return nil
}

func stateOf(m ebm.Model) ebm.State { return m.(ebm.Stater).State() }

// differingTensor names a tensor in which two states differ, "" if there is none.
func differingTensor(a, b ebm.State) string {
	for _, pair := range [][2]map[string]ebm.Tensor{{a.Params, b.Params}, {a.Train, b.Train}} {
		names := maps.Clone(pair[0])
		if names == nil {
			names = map[string]ebm.Tensor{}
		}
		maps.Copy(names, pair[1])
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if !reflect.DeepEqual(pair[0][name], pair[1][name]) {
				return name
			}
		}
	}
	return ""
}

// checkInit initialises a model that has been trained before: it must behave as a new one.
func checkInit(card ebm.Card) error {
	points, err := sample(card, 300)
	if err != nil {
		return err
	}
	fresh, err := trained(card, points, 1, 4)
	if err != nil {
		return err
	}
	used, err := trained(card, uniform(77, 2), 2, 5)
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(1, 0xeb))
	used.model.Init(points, rng)
	used.u.Rand = rng
	used.steps(4)
	if err := same(fresh, used); err != nil {
		return fmt.Errorf("the model keeps something of an earlier run after Init: %w", err)
	}
	return nil
}

// checkState saves a model through JSON, as a checkpoint does, and restores it in another one:
// both must continue with the same bits.
func checkState(card ebm.Card) error {
	points, err := sample(card, 300)
	if err != nil {
		return err
	}
	a, err := trained(card, points, 1, 4)
	if err != nil {
		return err
	}
	saved := stateOf(a.model)
	text, err := json.Marshal(saved)
	if err != nil {
		return err
	}
	var restored ebm.State
	if err := json.Unmarshal(text, &restored); err != nil {
		return err
	}
	b, err := begin(card, card.New(), points, 99)
	if err != nil {
		return err
	}
	if err := b.model.(ebm.Stater).SetState(restored); err != nil {
		return fmt.Errorf("its own state is refused: %w", err)
	}
	at := uniform(200, 4)
	if err := differ(a.energy(at), b.energy(at)); err != nil {
		return fmt.Errorf("after saving and loading, energy %w", err)
	}
	for _, t := range restored.Params { // the model must have copied it
		for i := range t.Values {
			t.Values[i] = math.NaN()
		}
	}
	a.u = ebm.NewUpdate(rand.New(rand.NewPCG(7, 7)))
	b.u = ebm.NewUpdate(rand.New(rand.NewPCG(7, 7)))
	for n := range 5 {
		a.steps(1)
		b.steps(1)
		if err := same(a, b); err != nil {
			return fmt.Errorf("%d steps after saving and loading: %w", n+1, err)
		}
	}
	var first ebm.State
	if err := json.Unmarshal(text, &first); err != nil {
		return err
	}
	if what := differingTensor(saved, first); what != "" {
		return fmt.Errorf("tensor %q of a saved state changes while the model trains on", what)
	}
	return nil
}

// checkDisplay restores a state without Train: the landscape must be the same, and the model
// must be able to train on.
func checkDisplay(card ebm.Card) error {
	points, err := sample(card, 300)
	if err != nil {
		return err
	}
	a, err := trained(card, points, 1, 4)
	if err != nil {
		return err
	}
	b, err := begin(card, card.New(), points, 99)
	if err != nil {
		return err
	}
	if err := b.model.(ebm.Stater).SetState(ebm.State{Params: stateOf(a.model).Params}); err != nil {
		return fmt.Errorf("a state without Train is refused: %w", err)
	}
	at := uniform(200, 4)
	if err := differ(a.energy(at), b.energy(at)); err != nil {
		return fmt.Errorf("from a state without Train, energy %w", err)
	}
	b.steps(2)
	for _, e := range b.energy(at) {
		if !finite(e) {
			return fmt.Errorf("two steps after a state without Train there is an energy of %v", e)
		}
	}
	return nil
}

// checkRefusal corrupts each tensor of a state in each way: SetState must name it and leave
// the model unchanged.
func checkRefusal(card ebm.Card) error {
	points, err := sample(card, 300)
	if err != nil {
		return err
	}
	donor, err := trained(card, points, 1, 4)
	if err != nil {
		return err
	}
	r, err := trained(card, points, 2, 2)
	if err != nil {
		return err
	}
	before, at := stateOf(r.model), uniform(50, 4)
	energy := r.energy(at)
	refused := func(how, name string, s ebm.State) error {
		err := r.model.(ebm.Stater).SetState(s)
		switch {
		case err == nil:
			return fmt.Errorf("a state with tensor %q %s is accepted", name, how)
		case !strings.Contains(err.Error(), name):
			return fmt.Errorf("the error about tensor %q %s does not name it: %v", name, how, err)
		case differingTensor(before, stateOf(r.model)) != "" || differ(energy, r.energy(at)) != nil:
			return fmt.Errorf("a refused state, with tensor %q %s, changes the model", name, how)
		}
		return nil
	}
	good := stateOf(donor.model)
	for part, tensors := range []map[string]ebm.Tensor{good.Params, good.Train} {
		for _, name := range slices.Sorted(maps.Keys(tensors)) {
			for _, fault := range faults {
				s := ebm.State{Params: maps.Clone(good.Params), Train: maps.Clone(good.Train)}
				target := []map[string]ebm.Tensor{s.Params, s.Train}[part]
				t := target[name]
				if len(t.Values) == 0 {
					continue // it is empty
				}
				t.Shape, t.Values = slices.Clone(t.Shape), slices.Clone(t.Values)
				if fault.corrupt(target, name, t); part == 1 && len(target) == 0 {
					continue // a state without Train is valid
				}
				if err := refused(fault.how, name, s); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// faults are the ways in which a tensor of a checkpoint can be wrong.
var faults = []struct {
	how     string
	corrupt func(in map[string]ebm.Tensor, name string, t ebm.Tensor)
}{
	{"missing", func(in map[string]ebm.Tensor, name string, _ ebm.Tensor) { delete(in, name) }},
	{"of another shape", func(in map[string]ebm.Tensor, name string, t ebm.Tensor) {
		in[name] = ebm.Tensor{Shape: append(t.Shape, 1), Values: t.Values}
	}},
	{"of another length than its shape", func(in map[string]ebm.Tensor, name string, t ebm.Tensor) {
		in[name] = ebm.Tensor{Shape: t.Shape, Values: append(t.Values, 0)}
	}},
	{"of NaN", func(in map[string]ebm.Tensor, name string, t ebm.Tensor) {
		t.Values[len(t.Values)-1] = math.NaN()
		in[name] = t
	}},
	{"of infinity", func(in map[string]ebm.Tensor, name string, t ebm.Tensor) {
		t.Values[0] = math.Inf(-1)
		in[name] = t
	}},
}

// checkAllocation requires that a step (on one core or two), a landscape and the scalars
// allocate nothing after the first steps. The race detector allocates by itself.
func checkAllocation(card ebm.Card) error {
	if raceDetector {
		return nil
	}
	points, err := sample(card, 1000)
	if err != nil {
		return err
	}
	r, err := trained(card, points, 1, 3)
	if err != nil {
		return err
	}
	at := uniform(300, 1)
	dst, scalars := make([]float64, len(at)), make([]float64, len(card.Scalars))
	halves, stop := twoGoroutines()
	defer stop()
	for what, f := range map[string]func(){
		"Step": func() {
			r.u.For = ebm.Serial
			r.steps(1)
		},
		"Step on two cores": func() {
			r.u.For = halves
			r.steps(1)
		},
		"Energy":  func() { r.model.Energy(dst, at) },
		"Scalars": func() { r.model.(ebm.Scalarer).Scalars(scalars) },
	} {
		if n := testing.AllocsPerRun(10, f); n > 0 {
			return fmt.Errorf("%s allocates %v times", what, n)
		}
	}
	if m, ok := r.model.(ebm.Marker); ok {
		marks := m.Marks(nil)
		if n := testing.AllocsPerRun(10, func() { marks = m.Marks(marks[:0]) }); n > 0 {
			return fmt.Errorf("its marks allocate %v times", n)
		}
	}
	return nil
}

// checkLearning trains for an eighth of the steps that the defaults need. The AUC, the
// probability that a data point has less energy than a uniform one, must have grown.
func checkLearning(card ebm.Card) error {
	points, err := sample(card, 1000)
	if err != nil {
		return err
	}
	r, err := trained(card, points, 1, 0)
	if err != nil {
		return err
	}
	at := uniform(1000, 8)
	before := auc(r.energy(points), r.energy(at))
	r.steps(card.Steps / 8)
	after := auc(r.energy(points), r.energy(at))
	least := 0.55
	if card.Strategy == "" { // a baseline only has to get better
		least = 0.5
	}
	if !(after > before && after > least) {
		return fmt.Errorf("the AUC of data against uniform points was %.3f at the start and is %.3f after %d steps", before, after, card.Steps/8)
	}
	return nil
}

// auc is the probability that a number of a is less than one of b.
func auc(a, b []float64) float64 {
	slices.Sort(b)
	sum := 0.0
	for _, v := range a {
		less, _ := slices.BinarySearch(b, v)
		sum += float64(len(b) - less)
	}
	return sum / float64(len(a)*len(b))
}
