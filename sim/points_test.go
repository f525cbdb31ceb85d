package sim

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// TestPointsID: the same points have the same name, other points another.
func TestPointsID(t *testing.T) {
	points := []r2.Vec{{X: .5, Y: .25}, {X: -1, Y: 1}}
	id := PointsID(points)
	if again := PointsID(slices.Clone(points)); again != id {
		t.Errorf("the same points are called %s and %s", id, again)
	}
	for _, other := range [][]r2.Vec{points[:1], {points[1], points[0]}, {{X: .5, Y: .25}, {X: -1, Y: math.Nextafter(1, 2)}}} {
		if PointsID(other) == id {
			t.Errorf("%v have the name of %v", other, points)
		}
	}
	if !IsPointsID(id) || len(id) != 18 || IsPointsID("p.AAAA") {
		t.Errorf("the name is %q", id)
	}
	r := mustRun(t, Config{Model: "toy", Data: customData, Points: points}, ebm.Serial)
	if got := r.PointsID(); got != id {
		t.Errorf("the run says %q, want %q", got, id)
	}
	if got := mustRun(t, Config{Model: "toy"}, ebm.Serial).PointsID(); got != "" {
		t.Errorf("with generated points the run says %q", got)
	}
}

// TestSetPoints gives a run points, and later others: it goes on with its present parameters, and can
// return to each step.
func TestSetPoints(t *testing.T) {
	given := map[uint64][]r2.Vec{10: circle(50, 1), 25: circle(80, .5), 40: circle(120, .7)}
	for _, model := range []string{"kmeans", "cd", "dae"} {
		r := mustRun(t, Config{Model: model, Knobs: map[string]any{"data.n": 100}}, ebm.Serial)
		first := map[uint64]string{}
		for s := uint64(0); s <= 60; s++ {
			if points := given[s]; points != nil {
				before := picture(t, r, 16).Grid
				if restarted, err := r.SetPoints(points[:1]); restarted || err != nil {
					t.Fatalf("%s: one point: %v %v", model, restarted, err)
				}
				if restarted, err := r.SetPoints(points); restarted || err != nil || r.StepCount() != s {
					t.Fatalf("%s at %d: %v %v, and the run is at %d", model, s, restarted, err, r.StepCount())
				}
				if r.Config().Data != "custom" || len(r.Points()) != len(points) {
					t.Fatalf("%s: %d points of %s", model, len(r.Points()), r.Config().Data)
				}
				if !slices.Equal(picture(t, r, 16).Grid, before) {
					t.Errorf("%s: the landscape changed without a step", model)
				}
				if s == 25 {
					mustSet(t, r, "data.noise", .05) // which the next points keep
				}
			}
			first[s] = digest(t, r)
			mustStep(t, r, 1)
		}
		if n := r.Knobs()["data.noise"]; n != .05 {
			t.Errorf("%s: the noise is %v", model, n)
		}
		if len(r.timeline.log) != 4 {
			t.Errorf("%s: the log has %d entries; points without a step count", model, len(r.timeline.log))
		}
		for _, s := range []uint64{9, 41, 10, 0, 60, 24, 25, 11} {
			mustSeek(t, r, s)
			if digest(t, r) != first[s] {
				t.Errorf("%s: the picture of step %d differs after a seek", model, s)
			}
		}
	}
}

// TestPointsInLogAreBounded gives many points again and again: older ones are dropped from the log.
func TestPointsInLogAreBounded(t *testing.T) {
	r := mustRun(t, Config{Model: "toy-short"}, ebm.Serial)
	for i := range 40 {
		points := make([]r2.Vec, data.MaxPoints)
		points[0].X = float64(i) / 40
		if _, err := r.SetPoints(points); err != nil {
			t.Fatal(err)
		}
		mustStep(t, r, 1)
	}
	if len(r.timeline.log) > 2*maxEntryPoints/data.MaxPoints {
		t.Errorf("the log has %d sets of points", len(r.timeline.log))
	}
	if err := r.Seek(r.First()); err != nil {
		t.Error(err)
	}
}

// TestDropOlderHalf: where all of the past is dropped, the run can still return to the present state, to
// the bit.
func TestDropOlderHalf(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	for i := 0; r.First() == 0; i++ {
		points := circle(data.MaxPoints, 0.5+float64(i)/100)
		if _, err := r.SetPoints(points); err != nil {
			t.Fatal(err)
		}
		if r.First() == 0 {
			mustStep(t, r, 1)
		}
	}
	first := r.StepCount()
	before := picture(t, r, 16)
	mustStep(t, r, 1)
	after := digest(t, r)
	mustSeek(t, r, first)
	p := picture(t, r, 16) // without what the step pushed, since that step is not made again
	if r.First() != first || !slices.Equal(p.Grid, before.Grid) || fmt.Sprint(p.Scalars[1:]) != fmt.Sprint(before.Scalars[1:]) {
		t.Errorf("the run begins at step %d, want %d, and its picture differs", r.First(), first)
	}
	mustStep(t, r, 1)
	if digest(t, r) != after {
		t.Errorf("the picture of step %d differs", first+1)
	}
}
