package sim

import (
	"math"
	"runtime/debug"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim/internal/race"
	"ebmviz/sim/sched"
)

// TestGridIsInOrder examines single cells: row by row, lowest y2 first.
func TestGridIsInOrder(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, sched.NewCores(2).NewShare().For)
	const n = 20
	grid := energyGrid(r, n)
	shown := picture(t, r, n).Grid
	for _, c := range [][2]int{{0, 0}, {n - 1, 0}, {3, 17}} {
		y := r2.Vec{X: -ebm.L + (float64(c[0])+.5)*2*ebm.L/n, Y: -ebm.L + (float64(c[1])+.5)*2*ebm.L/n}
		want := toyOf(r).Well(y)
		if got := grid[c[1]*n+c[0]]; math.Abs(got-want) > 1e-12*want || shown[c[1]*n+c[0]] != float32(got) {
			t.Errorf("cell %v is %v, and %v in the picture, want %v", c, got, shown[c[1]*n+c[0]], want)
		}
	}
	for _, n := range []int{0, 15, 513} {
		if _, err := new(Renderer).Render(r, n); CodeOf(err) != Limit {
			t.Errorf("a picture of %d: %v", n, err)
		}
	}
}

// TestPictureIsFinite has a model whose trace, marks and energies are not finite.
func TestPictureIsFinite(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	mustStep(t, r, 1)
	infinite := r2.Vec{X: math.Inf(1), Y: 0}
	tr := r.Trace()
	tr.Up(infinite, r2.Vec{}, 1)
	tr.Up(r2.Vec{}, r2.Vec{X: math.NaN()}, 1)
	tr.Down(r2.Vec{}, r2.Vec{}, 1e300)
	tr.Visit(0, r2.Vec{Y: 1e39}) // infinite in float32
	toyOf(r).W = append([]r2.Vec{infinite}, toyOf(r).W...)
	p := picture(t, r, 16)
	if len(p.Pushes) != 2 || len(p.Visits) != 2 || len(p.Marks) != 1 {
		t.Errorf("%d pushes, %d visits, %d marks are shown", len(p.Pushes), len(p.Visits), len(p.Marks))
	}
	if p.BadCells != 0 {
		t.Errorf("%d bad cells", p.BadCells)
	}

	for scale, want := range map[float64]float32{1e300: 1e6, -1e300: -1e6, math.Inf(1): 1e6, math.NaN(): 1e6} {
		toyOf(r).Scale = scale
		p := picture(t, r, 16)
		if p.BadCells != 256 || slices.ContainsFunc(p.Grid, func(e float32) bool { return e != want }) {
			t.Errorf("at scale %v there are %d bad cells, the first is %v", scale, p.BadCells, p.Grid[0])
		}
		for _, v := range []float32{p.Lo, p.Hi} {
			if !finite(float64(v)) {
				t.Errorf("at scale %v the colours cover %v to %v", scale, p.Lo, p.Hi)
			}
		}
		for _, a := range p.Field {
			if !drawable(a.To) {
				t.Fatalf("at scale %v the field has the arrow %v", scale, a)
			}
		}
	}
}

// TestRendererIsReused renders with one renderer on several grids, with and without field and delta.
func TestRendererIsReused(t *testing.T) {
	r := mustRun(t, Config{Model: "kmeans"}, ebm.Serial)
	if _, err := r.SetDeltaSpan(3); err != nil {
		t.Fatal(err)
	}
	mustStep(t, r, 10)
	var e Renderer
	for _, n := range []int{16, 64, 20} {
		for _, skip := range []bool{false, true} {
			e.SkipField = skip
			p, err := e.Render(r, n)
			if err != nil {
				t.Fatal(err)
			}
			if fresh := picture(t, r, n); !slices.Equal(p.Grid, fresh.Grid) || !slices.Equal(p.Delta, fresh.Delta) || p.Since != 7 {
				t.Errorf("on a grid of %d the picture differs from that of a new renderer", n)
			}
			if (len(p.Field) == 0) != skip {
				t.Errorf("with SkipField %v the field has %d arrows", skip, len(p.Field))
			}
		}
	}
	if _, err := r.SetDeltaSpan(0); err != nil {
		t.Fatal(err)
	}
	if p, _ := e.Render(r, 16); len(p.Delta) != 0 || p.Since != 0 {
		t.Errorf("without a span there is a delta of %d cells since step %d", len(p.Delta), p.Since)
	}
}

// TestNothingIsAllocated covers each step and each picture of every method. Snapshots are left out:
// they are few. The methods have one core and the collector is off, since the pools of the methods
// depend on both.
func TestNothingIsAllocated(t *testing.T) {
	if race.Enabled || testing.Short() {
		t.Skip("the race detector allocates")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	share := sched.NewCores(1).NewShare()
	share.Acquire(nil)
	methods(func(card ebm.Card) {
		r := mustRun(t, Config{Model: card.ID}, share.For)
		mustStep(t, r, 100)
		r.timeline.every = 1 << 40
		var e Renderer
		for what, f := range map[string]func() error{
			"step":    r.Step,
			"picture": func() error { _, err := e.Render(r, 64); return err },
		} {
			if n := testing.AllocsPerRun(20, func() {
				if err := f(); err != nil {
					t.Fatal(err)
				}
			}); n != 0 {
				t.Errorf("%s: a %s allocates %v times", card.ID, what, n)
			}
		}
	})
}

// TestColoursCoverEnoughOfThePlane: whatever the method, and however narrow the canyon that it learns,
// at no time is nearly all of the picture beyond the colours.
func TestColoursCoverEnoughOfThePlane(t *testing.T) {
	t.Parallel()
	const share = 0.25
	type start struct {
		Config
		steps []int
	}
	starts := []start{
		{Config{Model: "cd", Data: "topographic", Seed: 1}, []int{50, 200}},
		{Config{Model: "cd", Data: "spiral", Seed: 1, Knobs: map[string]any{"chain": 0}}, []int{100, 800}},
		{Config{Model: "dae", Data: "topographic", Seed: 1}, []int{200}},
		{Config{Model: "kmeans", Data: "lecture-spiral", Seed: 1}, []int{0, 50}},
	}
	for _, card := range ebm.Cards() {
		starts = append(starts, start{Config{Model: card.ID, Data: card.Data, Seed: 1}, []int{0, 5, 60}})
	}
	for _, s := range starts {
		r := mustRun(t, s.Config, ebm.Serial)
		for _, step := range s.steps {
			mustStep(t, r, step-int(r.StepCount()))
			p := picture(t, r, 48)
			within := 0
			for _, e := range p.Grid {
				if e <= p.Hi {
					within++
				}
			}
			if float64(within) < share*float64(len(p.Grid)) {
				t.Errorf("%s on %s at step %d: %d of %d cells lie within the colours, %v to %v", s.Model, s.Data, step, within, len(p.Grid), p.Lo, p.Hi)
			}
		}
	}
}
