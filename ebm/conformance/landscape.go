package conformance

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// checkGradient compares Grad of the float64 model with differences of its Energy: it must
// lie between the slope to the left and the slope to the right. Where these differ there is a
// kink, such as a ridge between two wells; kinks must be rare.
func checkGradient(card ebm.Card) error {
	points, err := sample(card, 300)
	if err != nil {
		return err
	}
	r, err := begin(card, card.NewExact(), points, 1)
	if err != nil {
		return err
	}
	r.steps(3)
	g, ok := r.model.(ebm.Gradienter)
	if !ok {
		return nil
	}
	const n, h = 60, 1e-5
	at := append(uniform(n/2, 5), points[:n/2]...)
	grad := make([]r2.Vec, n)
	g.Grad(grad, at)
	scale := 0.0
	for _, v := range grad {
		scale = max(scale, r2.Norm(v))
	}
	kinks := 0
	for i, y := range at {
		for _, d := range []struct {
			step r2.Vec
			got  float64
			name string
		}{{r2.Vec{X: h}, grad[i].X, "y1"}, {r2.Vec{Y: h}, grad[i].Y, "y2"}} {
			e := r.energy([]r2.Vec{r2.Sub(y, d.step), y, r2.Add(y, d.step)})
			left, right := (e[1]-e[0])/h, (e[2]-e[1])/h
			if math.Abs(right-left) > 0.01*(scale+1) {
				kinks++
			}
			if slack := 1e-5 * (scale + 1); !(d.got >= min(left, right)-slack && d.got <= max(left, right)+slack) {
				return fmt.Errorf("∂F/∂%s at %v is %v, but differences of F give %v to %v", d.name, y, d.got, left, right)
			}
		}
	}
	if kinks > n/5 {
		return fmt.Errorf("the energy has a kink at %d of %d points", kinks, 2*n)
	}
	return nil
}

// checkBlocks evaluates the energy in blocks of many sizes, as sessions do with the grid: the
// energies must not depend on it.
func checkBlocks(card ebm.Card) error {
	points, err := sample(card, 300)
	if err != nil {
		return err
	}
	r, err := trained(card, points, 1, 3)
	if err != nil {
		return err
	}
	at := uniform(517, 7)
	whole := r.energy(at)
	for _, size := range []int{1, 7, 63, 64, 65, 256, 516} {
		if err := differ(whole, r.energyInBlocks(at, size)); err != nil {
			return fmt.Errorf("in blocks of %d points instead of one of %d, energy %w", size, len(at), err)
		}
	}
	r.model.Energy(nil, nil)
	return nil
}

// checkConcurrent calls the read-only methods on several goroutines: the results must be those
// of one goroutine, and the race detector must find nothing.
func checkConcurrent(card ebm.Card) error {
	points, err := sample(card, 300)
	if err != nil {
		return err
	}
	r, err := trained(card, points, 1, 3)
	if err != nil {
		return err
	}
	const workers = 4
	at, want := make([][]r2.Vec, workers), make([]map[string][]float64, workers)
	for i := range at {
		at[i] = uniform(200, uint64(10+i))
		want[i] = r.outputs(at[i])
	}
	got := make([]map[string][]float64, workers)
	var all sync.WaitGroup
	for i := range workers {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 3 {
				got[i] = r.outputs(at[i])
			}
		}()
	}
	all.Wait()
	for i := range workers {
		for _, what := range slices.Sorted(maps.Keys(want[i])) {
			if err := differ(want[i][what], got[i][what]); err != nil {
				return fmt.Errorf("%s on %d goroutines at once: %w", what, workers, err)
			}
		}
	}
	return nil
}

// checkKnobs takes every knob to both ends of its range and every choice, the others at
// their defaults. The model may diverge there, but then its energy must show it, where a
// session checks for it.
func checkKnobs(card ebm.Card) error {
	knobs := ebm.NewKnobs(card.ID)
	card.New().Knobs(knobs)
	ends := []setting{}
	for _, k := range knobs.All() {
		switch k.Kind {
		case ebm.Float:
			ends = append(ends, setting{k.Name, k.Min}, setting{k.Name, k.Max})
		case ebm.Int:
			ends = append(ends, setting{k.Name, int(k.Min)}, setting{k.Name, int(k.Max)})
		case ebm.Choice:
			for _, c := range k.Choices {
				ends = append(ends, setting{k.Name, c})
			}
		case ebm.Bool:
			ends = append(ends, setting{k.Name, true}, setting{k.Name, false})
		}
		if k.Zero {
			ends = append(ends, setting{k.Name, 0})
		}
	}
	points, err := sample(card, 200)
	if err != nil {
		return err
	}
	for _, end := range ends {
		if err := checkEnd(card, points, end); err != nil {
			return fmt.Errorf("with %s = %v: %w", end.name, end.value, err)
		}
	}
	return nil
}

// checkEnd starts a model with the setting, and a second one in which the knob is changed
// later, if that is allowed.
func checkEnd(card ebm.Card, points []r2.Vec, end setting) error {
	r, err := begin(card, card.New(), points, 1, end)
	if err != nil {
		return err
	}
	r.steps(2)
	if err := r.checkFinite(card); err != nil {
		return err
	}
	if k, _ := r.knobs.Lookup(end.name); k.Restart {
		return nil
	}
	if r, err = trained(card, points, 1, 1); err != nil {
		return err
	}
	if err := r.knobs.Set(end.name, end.value); err != nil {
		return err
	}
	r.energy(points) // a session may draw before it steps
	r.steps(2)
	return r.checkFinite(card)
}

// checkFinite returns an error if a number is not finite although all energies are.
func (r *run) checkFinite(card ebm.Card) error {
	at := uniform(100, 3)
	for _, e := range r.energy(at) {
		if !finite(e) || math.Abs(e) > 1e6 {
			return nil // diverged, and a session will detect it
		}
	}
	answers := r.outputs(at)
	for name, t := range r.model.(ebm.Stater).State().Params {
		answers["parameter "+name] = t.Values
	}
	for _, p := range r.u.Trace.Pushes {
		answers["Trace"] = append(answers["Trace"], p.At.X, p.At.Y, p.From.X, p.From.Y, p.Amount)
	}
	for _, v := range r.u.Trace.Visits {
		answers["Trace"] = append(answers["Trace"], v.At.X, v.At.Y)
	}
	for _, what := range slices.Sorted(maps.Keys(answers)) {
		for i, v := range answers[what] {
			if !finite(v) {
				return fmt.Errorf("%s holds %v at index %d, but all energies are finite", what, v, i)
			}
		}
	}
	scalars := make([]float64, len(card.Scalars))
	r.model.(ebm.Scalarer).Scalars(scalars)
	for i, v := range scalars {
		if math.IsInf(v, 0) {
			return fmt.Errorf("scalar %q is %v, but all energies are finite", card.Scalars[i], v)
		}
	}
	return nil
}
