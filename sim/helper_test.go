package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim/internal/race"
	"ebmviz/sim/internal/toy"
)

// failer is a test, of package testing or rapid.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// mustRun starts a run that cannot fail.
func mustRun(t failer, c Config, f ebm.For) *Run {
	t.Helper()
	r, err := NewRun(c, f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustSet(t failer, r *Run, knob string, value any) {
	t.Helper()
	if _, err := r.Set(knob, value); err != nil {
		t.Fatal(err)
	}
}

func mustStep(t failer, r *Run, n int) {
	t.Helper()
	for range n {
		if err := r.Step(); err != nil {
			t.Fatal(err)
		}
	}
}

func mustSeek(t failer, r *Run, step uint64) {
	t.Helper()
	if err := r.Seek(step); err != nil {
		t.Fatal(err)
	}
}

// picture renders the present step on a grid of n×n cells.
func picture(t failer, r *Run, n int) *Picture {
	t.Helper()
	p, err := new(Renderer).Render(r, n)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// digest returns all numbers of the present picture, except for the generation of the points.
func digest(t failer, r *Run) string {
	t.Helper()
	p := picture(t, r, 16)
	p.Generation = 0
	return fmt.Sprint(*p)
}

// toyOf returns the model of a run of the toy.
func toyOf(r *Run) *toy.Model { return r.state.model.(*toy.Model) }

// scalar returns a scalar by its name.
func scalar(r *Run, name string) float64 {
	dst := make([]float64, len(r.ScalarNames()))
	r.Scalars(dst)
	return dst[slices.Index(r.ScalarNames(), name)]
}

// methods calls f for every method but the models of package toy.
func methods(f func(card ebm.Card)) {
	for _, card := range ebm.Cards() {
		if !strings.HasPrefix(card.ID, "toy") {
			f(card)
		}
	}
}

// skipSlow skips a slow test with -short and under the race detector, which finds nothing on one
// goroutine and takes ten times the time.
func skipSlow(t *testing.T) {
	t.Helper()
	if race.Enabled || testing.Short() {
		t.Skip("slow: runs without -short and without the race detector")
	}
}

// energyGrid returns the energies at the n×n cell centres, row by row, lowest y2 first.
func energyGrid(r *Run, n int) []float64 {
	energies := make([]float64, n*n)
	r.evaluator.evaluate(r.state.model, energies, cellCentres(n))
	return energies
}
