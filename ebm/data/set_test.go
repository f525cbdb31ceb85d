package data

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"

	"gonum.org/v1/gonum/spatial/r2"
)

// with returns a fresh dataset with some of its knobs set.
func with(t testing.TB, id string, knobs map[string]any) Set {
	t.Helper()
	card, err := Lookup(id)
	if err != nil {
		t.Fatal(err)
	}
	set := card.New()
	k := ebm.NewKnobs(id)
	set.Knobs(k)
	for name, v := range knobs {
		if err := k.Set(name, v); err != nil {
			t.Fatal(err)
		}
	}
	return set
}

func shown() []string {
	var ids []string
	for _, c := range Cards() {
		if !c.Hidden {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func TestCards(t *testing.T) {
	want := []string{"spiral", "lecture-spiral", "moons", "rings", "circle", "gaussians", "scurve", "sine", "pinwheel",
		"checkerboard", "swissroll", "star", "ellipse", "horn", "topographic"}
	here := slices.DeleteFunc(shown(), func(id string) bool { return !slices.Contains(want, id) })
	if !slices.Equal(here, want) {
		t.Errorf("shown in the order %v, want %v", here, want)
	}
	_, err := Lookup("spirl")
	if err == nil || err.Error() != `there is no dataset "spirl"; did you mean "spiral"?` {
		t.Errorf("got %v", err)
	}
	for _, c := range Cards() {
		k := ebm.NewKnobs(c.ID)
		c.New().Knobs(k)
		var names []string
		for _, knob := range k.All() {
			names = append(names, knob.Name)
			if !strings.HasPrefix(knob.Name, "data.") || !knob.Restart {
				t.Errorf("%s: knob %s must begin with data. and restart", c.ID, knob.Name)
			}
		}
		if !slices.Equal(names[:3], []string{"data.n", "data.noise", "data.seed"}) {
			t.Errorf("%s has knobs %v", c.ID, names)
		}
	}
}

func TestRegisterPanicsOnMistakes(t *testing.T) {
	good := Card{ID: "x", Title: "X", Axes: Plain, New: func() Set { return NewCustom(nil) }}
	for name, change := range map[string]func(*Card){
		"twice":    func(c *Card) { c.ID = "spiral" },
		"no title": func(c *Card) { c.Title = "" },
		"no axes":  func(c *Card) { c.Axes = Axes{} },
		"no New":   func(c *Card) { c.New = nil },
	} {
		bad := good
		change(&bad)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			Register(bad)
		}()
	}
}

func TestPoints(t *testing.T) {
	for _, id := range shown() {
		t.Run(id, func(t *testing.T) {
			first := with(t, id, map[string]any{"data.noise": 0.05}).Points()
			if again := with(t, id, map[string]any{"data.noise": 0.05}).Points(); !slices.Equal(first, again) {
				t.Error("the same knobs give other points")
			}
			if other := with(t, id, map[string]any{"data.noise": 0.05, "data.seed": 2}).Points(); slices.Equal(first, other) {
				t.Error("another seed gives the same points")
			}
			// A noise slider moves the points a little, it does not draw others.
			near := with(t, id, map[string]any{"data.noise": 0.051}).Points()
			for i := range near {
				if d := r2.Norm(r2.Sub(near[i], first[i])); d > 0.01 {
					t.Fatalf("0.001 more noise moves point %d by %v", i, d)
				}
			}
			many := with(t, id, map[string]any{"data.n": MaxPoints, "data.noise": 0.3}).Points()
			if len(many) != MaxPoints {
				t.Fatalf("%d points", len(many))
			}
			for _, y := range many {
				if !(math.Abs(y.X) <= ebm.L && math.Abs(y.Y) <= ebm.L) {
					t.Fatalf("%v lies outside the box", y)
				}
			}
		})
	}
}

// The points come in no order: neighbours in the list are as far apart as any two.
func TestPointsAreShuffled(t *testing.T) {
	for _, id := range shown() {
		points := with(t, id, nil).Points()
		next, any := 0.0, 0.0
		rng := rand.New(rand.NewPCG(3, 4))
		for i := range points[1:] {
			next += r2.Norm(r2.Sub(points[i+1], points[i]))
		}
		for range 10_000 {
			any += r2.Norm(r2.Sub(points[rng.IntN(len(points))], points[rng.IntN(len(points))]))
		}
		next, any = next/float64(len(points)-1), any/10_000
		if next < 0.75*any {
			t.Errorf("%s: neighbours in the list are %.2f apart, any two %.2f", id, next, any)
		}
	}
}

func TestSamplesHaveTheirShape(t *testing.T) {
	const n = 20_000
	draw := func(id string, noise float64) []r2.Vec {
		points := make([]r2.Vec, n)
		with(t, id, map[string]any{"data.noise": noise}).Sample(points, rand.New(rand.NewPCG(5, 6)))
		return points
	}
	share := func(points []r2.Vec, is func(y r2.Vec) bool) float64 {
		count := 0
		for _, y := range points {
			if is(y) {
				count++
			}
		}
		return float64(count) / n
	}
	near := func(what string, got, want, within float64) {
		t.Helper()
		if !(math.Abs(got-want) <= within) {
			t.Errorf("%s is %.4f, want %.4f ± %.4f", what, got, want, within)
		}
	}
	rings := draw("rings", 0)
	near("share of the outer ring", share(rings, func(y r2.Vec) bool { return math.Abs(r2.Norm(y)-1.15) < 1e-9 }), 2./3, 0.01)
	near("share of the inner ring", share(rings, func(y r2.Vec) bool { return math.Abs(r2.Norm(y)-0.55) < 1e-9 }), 1./3, 0.01)
	near("share of the rings on the right", share(rings, func(y r2.Vec) bool { return y.X > 0 }), 0.5, 0.01)

	moons := draw("moons", 0)
	upper := func(y r2.Vec) bool {
		return math.Abs(math.Hypot(y.X/0.8+0.5, y.Y/0.8+0.25)-1) < 1e-9 && y.Y > -0.2-1e-9
	}
	lower := func(y r2.Vec) bool { return math.Abs(math.Hypot(y.X/0.8-0.5, y.Y/0.8-0.25)-1) < 1e-9 && y.Y < 0.2+1e-9 }
	near("share of the upper moon", share(moons, upper), 0.5, 0.01)
	near("share of the lower moon", share(moons, lower), 0.5, 0.01)

	for k := range 8 {
		at := r2.Vec{X: 1.1 * math.Cos(float64(k)*math.Pi/4), Y: 1.1 * math.Sin(float64(k)*math.Pi/4)}
		near("share of a Gaussian", share(draw("gaussians", 0), func(y r2.Vec) bool { return r2.Norm(r2.Sub(y, at)) < 1e-9 }), 1./8, 0.01)
	}
	within := share(draw("gaussians", 0.1), func(y r2.Vec) bool {
		a := math.Round(math.Atan2(y.Y, y.X)/(math.Pi/4)) * math.Pi / 4
		return r2.Norm(r2.Sub(y, r2.Vec{X: 1.1 * math.Cos(a), Y: 1.1 * math.Sin(a)})) < 0.1
	})
	near("share of the noise within σ", within, 1-math.Exp(-0.5), 0.01)

	// On the spirals the radius grows by 0.625 and 1.25 a turn; half of the outer, uniform
	// in s², lies beyond s² = (1 + s0²)/2.
	turns := func(perTurn float64) func(y r2.Vec) bool {
		return func(y r2.Vec) bool {
			turn := r2.Norm(y)/perTurn - math.Atan2(y.Y, y.X)/(2*math.Pi)
			return math.Abs(turn-math.Round(turn)) < 1e-9
		}
	}
	near("share on the spiral", share(draw("spiral", 0), turns(0.625)), 1, 0)
	near("share on the lecture's spiral", share(draw("lecture-spiral", 0), turns(1.25)), 1, 0)
	near("outer half of the spiral", share(draw("spiral", 0), func(y r2.Vec) bool { return r2.Norm(y) > 1.25*math.Sqrt((1+0.0144)/2) }), 0.5, 0.01)
	near("outer half of the lecture's spiral", share(draw("lecture-spiral", 0), func(y r2.Vec) bool { return r2.Norm(y) > 0.625 }), 0.5, 0.01)
}

// The lecture's 34 points, read off the ticks that the page shows.
func TestTopographicIsTheLectures(t *testing.T) {
	card, err := Lookup("topographic")
	if err != nil {
		t.Fatal(err)
	}
	points := card.New().Points()
	slices.SortFunc(points, func(a, b r2.Vec) int { return int(math.Copysign(1, a.Y-b.Y)) })
	if len(points) != 34 {
		t.Fatalf("%d points", len(points))
	}
	for i, y := range points {
		v := -3.5 + 0.25*float64(i)
		x1 := y.X*card.Axes.Scale[0] + card.Axes.Offset[0]
		x2 := y.Y*card.Axes.Scale[1] + card.Axes.Offset[1]
		if math.Abs(x1-(math.Cos(v)-0.75)) > 1e-12 || math.Abs(x2-v) > 1e-12 {
			t.Errorf("point %d is shown at (%v, %v), want (%v, %v)", i, x1, x2, math.Cos(v)-0.75, v)
		}
	}
}

func TestLectureSpiralAxes(t *testing.T) {
	card, err := Lookup("lecture-spiral")
	if err != nil {
		t.Fatal(err)
	}
	end := lectureSpiral(1) // t = 2π on the first axis
	if x := end.X * card.Axes.Scale[0]; math.Abs(x-2*math.Pi) > 1e-12 {
		t.Errorf("the spiral ends at %v, want 2π", x)
	}
}

func TestCustom(t *testing.T) {
	given := []r2.Vec{{X: 1, Y: 1.5}, {X: -1.5, Y: 0}, {X: 0.25, Y: 0.5}, {X: 0, Y: 0}}
	want := slices.Clone(given)
	set := NewCustom(given)
	got := set.Points()
	if !slices.Equal(got, want) {
		t.Errorf("points %v, want %v", got, want)
	}
	if got[0].Y = 9; given[0] != want[0] || set.Points()[0] != want[0] {
		t.Error("the points are not the caller's own")
	}
	k := ebm.NewKnobs("custom")
	set.Knobs(k)
	if err := k.Set("data.n", 5); err == nil {
		t.Error("more points than were given are allowed")
	}
	if err := k.Set("data.n", 2); err != nil {
		t.Fatal(err)
	}
	two, chosen := set.Points(), set.Chosen()
	if len(two) != 2 || len(chosen) != 2 || two[0] == two[1] || two[0] != want[chosen[0]] || two[1] != want[chosen[1]] {
		t.Errorf("two of the points are %v, numbers %v", two, chosen)
	}
	fresh := make([]r2.Vec, 50)
	set.Sample(fresh, rand.New(rand.NewPCG(1, 2)))
	for _, y := range fresh {
		if !slices.Contains(want, y) {
			t.Fatalf("%v was not given", y)
		}
	}

	none := NewCustom(nil)
	none.Knobs(ebm.NewKnobs("custom"))
	if got := none.Points(); len(got) != 0 {
		t.Errorf("points out of nothing: %v", got)
	}
	none.Sample(fresh, rand.New(rand.NewPCG(1, 2)))
	density := make([]float64, len(fresh))
	none.LogDensity(density, fresh)
	if !math.IsNaN(density[0]) {
		t.Errorf("log density %v of nothing", density[0])
	}
	if got := NewCustom(make([]r2.Vec, MaxPoints+1)).Points(); len(got) != MaxPoints {
		t.Errorf("%d points are kept", len(got))
	}
}

func TestOutside(t *testing.T) {
	points := []r2.Vec{{X: 1.5, Y: -1.5}, {X: math.Nextafter(1.5, 2)}, {Y: -9}, {X: math.NaN()}, {Y: math.Inf(1)}, {}}
	if got := Outside(points); got != 4 {
		t.Errorf("%d points lie outside, want 4", got)
	}
}

func TestRefSpiralDataset(t *testing.T) {
	var r struct {
		ref.Tolerance
		U       []float64   `json:"u"`
		XY      [][]float64 `json:"xy"`
		Queries [][]float64 `json:"queries"`
		LogP    []float64   `json:"logp"`
		Entropy float64     `json:"entropy_mc"`
	}
	ref.Load(t, "spiral_dataset", &r)
	t.Run("spiral_dataset", func(t *testing.T) {
		for i, want := range ref.Vecs(r.XY) {
			got := spiral(r.U[i])
			r.Near(t, "y1 of the skeleton", got.X, want.X)
			r.Near(t, "y2 of the skeleton", got.Y, want.Y)
		}
		set := with(t, "spiral", nil)
		got := make([]float64, len(r.LogP))
		set.LogDensity(got, ref.Vecs(r.Queries))
		for i, want := range r.LogP {
			r.Near(t, "log p", got[i], want)
		}
		fresh, logp := make([]r2.Vec, 20_000), make([]float64, 20_000)
		set.Sample(fresh, rand.New(rand.NewPCG(7, 8)))
		set.LogDensity(logp, fresh)
		entropy := 0.0
		for _, l := range logp {
			entropy -= l / float64(len(logp))
		}
		ref.Tolerance{Abs: 0.02}.Near(t, "entropy", entropy, r.Entropy)
	})
}
