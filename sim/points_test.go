package sim

import (
	"fmt"
	"math"
	"slices"
	"strings"
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
				if restarted, err := r.SetPoints(points[:1], PointsInfo{}); restarted || err != nil {
					t.Fatalf("%s: one point: %v %v", model, restarted, err)
				}
				if restarted, err := r.SetPoints(points, PointsInfo{}); restarted || err != nil || r.StepCount() != s {
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
		if _, err := r.SetPoints(points, PointsInfo{}); err != nil {
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

	r = mustRun(t, Config{Model: "toy-short"}, ebm.Serial)
	label := &Label{Groups: make([]string, MaxGroups), Of: []uint8{0}}
	for i := range label.Groups {
		label.Groups[i] = strings.Repeat("é", MaxName)
	}
	most := 16 * maxEntryPoints / (PointsInfo{Label: label}).Bytes()
	for i := range most + 10 {
		if _, err := r.SetPoints([]r2.Vec{{X: float64(i) / 1000}}, PointsInfo{Label: label}); err != nil {
			t.Fatal(err)
		}
		mustStep(t, r, 1)
	}
	if n := len(r.timeline.log); n > most || n < most/3 {
		t.Errorf("the log has %d points with long groups, at most %d", n, most)
	}
}

// TestDropOlderHalf: where all of the past is dropped, the run can still return to the present state, to
// the bit.
func TestDropOlderHalf(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	for i := 0; r.First() == 0; i++ {
		points := circle(data.MaxPoints, 0.5+float64(i)/100)
		if _, err := r.SetPoints(points, PointsInfo{}); err != nil {
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

// TestPointsInfo: what goes with the points stays with them through resets, seeks, forks, checkpoints,
// and a replay of the log. It changes no energy.
func TestPointsInfo(t *testing.T) {
	points := circle(60, 1)
	axes := &data.Axes{Names: [2]string{"eruptions", "waiting"}, Scale: [2]float64{1.25, 20}, Offset: [2]float64{3.3, 70}}
	label := &Label{Name: "day", Groups: []string{"one", "two"}, Of: make([]uint8, len(points))}
	for i := range label.Of {
		label.Of[i] = []uint8{0, 1, NoGroup}[i%3]
	}
	info := PointsInfo{axes, label}
	expect := func(r *Run, want PointsInfo) {
		t.Helper()
		if got := r.PointsInfo(); !got.equal(want) {
			t.Errorf("at step %d: %+v, want %+v", r.StepCount(), got, want)
		}
	}
	r := mustRun(t, Config{Model: "toy", Data: customData, Points: points, PointsInfo: info}, ebm.Serial)
	plain := mustRun(t, Config{Model: "toy", Data: customData, Points: points}, ebm.Serial)
	expect(r, info)
	expect(plain, PointsInfo{})
	mustStep(t, r, 10)
	mustStep(t, plain, 10)
	if digest(t, r) != digest(t, plain) {
		t.Error("axes and label change the picture")
	}
	renamed := PointsInfo{Axes: &data.Axes{Names: [2]string{"a", "b"}, Scale: axes.Scale, Offset: axes.Offset}}
	before, generation := r.PointsID(), r.Generation()
	if _, err := r.SetPoints(points, renamed); err != nil {
		t.Fatal(err)
	}
	expect(r, renamed)
	if r.PointsID() != before || r.Generation() == generation {
		t.Errorf("other axes: the id is %s, was %s; the generation %d, was %d", r.PointsID(), before, r.Generation(), generation)
	}
	mustStep(t, r, 10)

	again, err := Replay(r.Log(), ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	expect(again, info)
	mustSeek(t, again, 20)
	expect(again, renamed)
	c := r.Checkpoint()
	log := r.Log()
	c.Past = &log
	restored, err := Restore(c, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	expect(restored, renamed)
	fork, err := r.Past().Open(ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*Run{r, restored, fork} {
		mustSeek(t, r, 5)
		expect(r, info)
		mustSeek(t, r, 15)
		expect(r, renamed)
		if err := r.Reset(); err != nil {
			t.Fatal(err)
		}
		expect(r, renamed)
	}
	if opened, err := r.Open(r.Config()); err != nil {
		t.Error(err)
	} else {
		expect(opened, renamed)
	}
	if opened, err := r.Open(Config{Model: "toy"}); err != nil {
		t.Error(err)
	} else {
		expect(opened, PointsInfo{})
	}
}

// TestLabelOfChosenPoints: where fewer points are used than were given, each keeps its group.
func TestLabelOfChosenPoints(t *testing.T) {
	points := circle(60, 1)
	label := &Label{Name: "number", Of: make([]uint8, len(points))}
	for i := range points {
		label.Groups = append(label.Groups, fmt.Sprint(i))
		label.Of[i] = uint8(i)
	}
	r := mustRun(t, Config{Model: "toy", Data: customData, Points: points, PointsInfo: PointsInfo{Label: label}, Knobs: map[string]any{"data.n": 20}}, ebm.Serial)
	of := r.PointsInfo().Label.Of
	if len(of) != len(r.Points()) || len(of) != 20 {
		t.Fatalf("%d groups for %d points", len(of), len(r.Points()))
	}
	for i, y := range r.Points() {
		if points[of[i]] != y {
			t.Errorf("point %v has the group of %v", y, points[of[i]])
		}
	}
	if got := r.Checkpoint().Label; len(got.Of) != len(points) {
		t.Errorf("the checkpoint has groups for %d points", len(got.Of))
	}
}

// TestBadPoints: points outside the box, and axes and labels that cannot be shown, are refused, and the
// run stays as it was.
func TestBadPoints(t *testing.T) {
	long, big := strings.Repeat("é", MaxName+1), math.MaxFloat64
	axes := func(name string, scale, offset float64) PointsInfo {
		return PointsInfo{Axes: &data.Axes{Names: [2]string{"x", name}, Scale: [2]float64{1, scale}, Offset: [2]float64{0, offset}}}
	}
	label := func(name string, groups []string, of ...uint8) PointsInfo {
		return PointsInfo{Label: &Label{name, groups, of}}
	}
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	before := digest(t, r)
	outside := make([]r2.Vec, 272)
	for i := range 12 {
		outside[20*i].Y = -1.5001
	}
	for _, c := range []struct {
		points []r2.Vec
		info   PointsInfo
		want   string
	}{
		{outside, PointsInfo{}, "12 of 272 points lie outside the box from -1.5 to 1.5; fit them first"},
		{[]r2.Vec{{X: math.NaN()}}, PointsInfo{}, "point 1 is not finite"},
		{nil, PointsInfo{}, "no points yet"},
		{nil, axes(long, 1, 0), "longer than 64 characters"},
		{nil, axes("a\x1bb", 1, 0), "control character"},
		{nil, axes("a\xffb", 1, 0), "not UTF-8"},
		{nil, axes("", 0, 0), "scale above 0"},
		{nil, axes("", -1, 0), "scale above 0"},
		{nil, axes("", math.NaN(), 0), "scale above 0"},
		{nil, axes("", 1, math.Inf(1)), "finite"},
		{nil, axes("", big, 0), "finite"},
		{nil, label(long, nil, 0, 0), "longer than 64"},
		{nil, label("", []string{"a\nb"}, 0, 0), "control character"},
		{nil, label("", []string{"a", long}, 0, 0), "longer than 64"},
		{nil, label("", []string{"a"}, 0), "1 of 2 points"},
		{nil, label("", []string{"a"}, 0, 1), "point 2 is in group 1"},
		{nil, label("", make([]string, MaxGroups+1), 0, 1), "65 groups"},
	} {
		if c.points == nil && c.info != (PointsInfo{}) {
			c.points = circle(2, 1)
		}
		if c.points == nil {
			c.points = []r2.Vec{}
		}
		_, err := r.SetPoints(c.points, c.info)
		if CodeOf(err) != BadValue && CodeOf(err) != Limit || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
		if _, err = r.Open(Config{Model: "toy", Data: customData, Points: c.points, PointsInfo: c.info}); err == nil {
			t.Errorf("%q: opened", c.want)
		}
	}
	if digest(t, r) != before || r.Config().Data == customData {
		t.Error("the run has changed")
	}
	for _, good := range []PointsInfo{axes(long[2:], 1e-300, -5), label("", []string{""}, 0, NoGroup), label("", nil, NoGroup, NoGroup)} {
		if _, err := r.SetPoints(circle(2, 1), good); err != nil {
			t.Error(err)
		}
	}
}
