package conformance

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// Test runs all checks on one method, a subtest for each; most of them also with every other
// value of every choice and switch among its knobs. It makes t parallel once allocations are
// counted, which is done while no other test runs. With -short the knobs keep their defaults.
func Test(t *testing.T, card ebm.Card) {
	for i, c := range checks {
		if i == 1 {
			t.Parallel()
		}
		t.Run(c.name, func(t *testing.T) {
			if err := c.check(card); err != nil {
				t.Error(err)
			}
			for _, s := range variants(card) {
				if !c.variants || testing.Short() {
					break
				}
				if err := c.check(withSetting(card, s)); err != nil {
					t.Errorf("with %s = %v: %v", s.name, s.value, err)
				}
			}
		})
	}
}

// checks lists the checks, allocation first. Those with variants set run with every choice and switch.
var checks = []struct {
	name     string
	variants bool
	check    func(ebm.Card) error
}{
	{"allocation", true, checkAllocation},
	{"card", false, checkCard},
	{"gradient", true, checkGradient},
	{"blocks", true, checkBlocks},
	{"concurrent", true, checkConcurrent},
	{"seed", true, checkSeed},
	{"init", true, checkInit},
	{"state", true, checkState},
	{"display", true, checkDisplay},
	{"refusal", true, checkRefusal},
	{"knobs", false, checkKnobs},
	{"learning", false, checkLearning},
}

// variants lists the settings in which one choice or switch differs from its default.
func variants(card ebm.Card) (all []setting) {
	knobs := ebm.NewKnobs(card.ID)
	card.New().Knobs(knobs)
	for _, k := range knobs.All() {
		for _, c := range k.Choices {
			if c != k.Default {
				all = append(all, setting{k.Name, c})
			}
		}
		if on, ok := k.Default.(bool); ok {
			all = append(all, setting{k.Name, !on})
		}
	}
	return all
}

// withSetting returns the card of the method with another default: the present value of a
// field is the default of the knob that is bound to it.
func withSetting(card ebm.Card, s setting) ebm.Card {
	turn := func(m ebm.Model) ebm.Model {
		knobs := ebm.NewKnobs(card.ID)
		m.Knobs(knobs)
		if err := knobs.Set(s.name, s.value); err != nil {
			panic(err) // the value is one of the knob's own
		}
		return m
	}
	out := card
	out.New = func() ebm.Model { return turn(card.New()) }
	out.Exact = func() ebm.Model { return turn(card.NewExact()) }
	return out
}

// run is a model in training, with its own random numbers.
type run struct {
	model ebm.Model
	knobs *ebm.Knobs
	u     *ebm.Update
}

// setting is a knob and the value it is given.
type setting struct {
	name  string
	value any
}

// begin initialises a model with the given knobs and seed on the given points.
func begin(card ebm.Card, m ebm.Model, points []r2.Vec, seed uint64, set ...setting) (*run, error) {
	knobs := ebm.NewKnobs(card.ID)
	m.Knobs(knobs)
	for _, s := range set {
		if err := knobs.Set(s.name, s.value); err != nil {
			return nil, err
		}
	}
	rng := rand.New(rand.NewPCG(seed, 0xeb))
	m.Init(points, rng)
	return &run{m, knobs, ebm.NewUpdate(rng)}, nil
}

// trained is begin with the default knobs, followed by n steps.
func trained(card ebm.Card, points []r2.Vec, seed uint64, n int) (*run, error) {
	r, err := begin(card, card.New(), points, seed)
	if err == nil {
		r.steps(n)
	}
	return r, err
}

func (r *run) steps(n int) {
	for range n {
		r.u.Trace.Reset()
		r.model.Step(r.u)
	}
}

func (r *run) energy(at []r2.Vec) []float64 {
	dst := make([]float64, len(at))
	r.model.Energy(dst, at)
	return dst
}

// sample returns n training points of the card's own dataset.
func sample(card ebm.Card, n int) ([]r2.Vec, error) {
	c, err := data.Lookup(card.Data)
	if err != nil {
		return nil, err
	}
	set := c.New()
	set.Knobs(ebm.NewKnobs(c.ID))
	points := set.Points()
	if len(points) == 0 {
		return nil, fmt.Errorf("dataset %q has no points", card.Data)
	}
	return points[:min(n, len(points))], nil
}

// uniform returns n points spread over the box.
func uniform(n int, seed uint64) []r2.Vec {
	rng := rand.New(rand.NewPCG(seed, 0))
	at := make([]r2.Vec, n)
	for i := range at {
		at[i] = r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
	}
	return at
}

// differ returns an error if two lists of numbers differ in any bit.
func differ(a, b []float64) error {
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return fmt.Errorf("number %d of %d is %v and %v", i, len(a), a[i], b[i])
		}
	}
	return nil
}

// flat lists the coordinates of points.
func flat(at []r2.Vec) []float64 {
	all := make([]float64, 0, 2*len(at))
	for _, p := range at {
		all = append(all, p.X, p.Y)
	}
	return all
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// energyInBlocks evaluates F in blocks of the given size.
func (r *run) energyInBlocks(at []r2.Vec, size int) []float64 {
	dst := make([]float64, len(at))
	for lo := 0; lo < len(at); lo += size {
		hi := min(lo+size, len(at))
		r.model.Energy(dst[lo:hi], at[lo:hi])
	}
	return dst
}

// outputs returns the results of the model's read-only methods at the points.
func (r *run) outputs(at []r2.Vec) map[string][]float64 {
	all := map[string][]float64{"Energy": r.energy(at)}
	dst := make([]r2.Vec, len(at))
	ebm.Gradient(r.model, dst, at)
	all["Grad"] = flat(dst)
	if m, ok := r.model.(ebm.Reconstructer); ok {
		m.Reconstruct(dst, at)
		all["Reconstruct"] = flat(dst)
	}
	if m, ok := r.model.(ebm.Marker); ok {
		for _, k := range m.Marks(nil) {
			all["Marks"] = append(all["Marks"], k.At.X, k.At.Y)
		}
	}
	if m, ok := r.model.(ebm.Latent); ok {
		for _, l := range m.Latents(at[0]) {
			all["Latents"] = append(all["Latents"], l.Z, l.E, l.Y.X, l.Y.Y)
		}
	}
	return all
}
