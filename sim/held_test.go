package sim

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"
)

// TestHeldOut: the model sees the training points alone, those drawn later as well; the points shown are all.
func TestHeldOut(t *testing.T) {
	points := circle(400, 1)
	r := mustRun(t, Config{Model: "toy", Data: customData, Points: points[:300]}, ebm.Serial)
	before := r.Held()
	if r.TestSet() != measure.HeldOutPoints || len(before) == 0 || !slices.Equal(r.Points(), points[:300]) {
		t.Fatalf("%d of %d points are held out, measured on %s", len(before), len(r.Points()), r.TestSet())
	}
	check := func() {
		t.Helper()
		var training []r2.Vec
		for i, y := range r.Points() {
			if !slices.Contains(r.Held(), i) {
				training = append(training, y)
			}
		}
		if !slices.Equal(toyOf(r).Data, training) {
			t.Errorf("the model has %d points, want %d", len(toyOf(r).Data), len(training))
		}
	}
	check()
	if _, err := r.SetPoints(points, PointsInfo{}); err != nil {
		t.Fatal(err)
	}
	check()
	if !slices.Equal(r.Held()[:len(before)], before) {
		t.Error("a stroke changes which of the earlier points are held out")
	}
	mustSet(t, r, "data.n", 99)
	check()
	if r.TestSet() != measure.TrainingPoints || r.Held() != nil {
		t.Errorf("of 99 points %d are held out, measured on %s", len(r.Held()), r.TestSet())
	}
	mustStep(t, r, 5)
	mustSeek(t, r, 0)
	if fresh := mustRun(t, Config{Model: "toy"}, ebm.Serial); fresh.TestSet() != measure.FreshSamples || fresh.Held() != nil {
		t.Error("points of a dataset are held out")
	}
}

// TestSeenIsNotHeldOut: points that a model may have been trained on are not held out later, until it
// restarts.
func TestSeenIsNotHeldOut(t *testing.T) {
	points := circle(300, 1)
	for name, c := range map[string]Config{
		"few points":    {Model: "toy", Data: customData, Points: points[:50]},
		"built-in data": {Model: "toy", Data: "circle"},
	} {
		for step, want := range map[int]measure.TestSet{0: measure.HeldOutPoints, 3: measure.TrainingPoints} {
			r := mustRun(t, c, ebm.Serial)
			mustStep(t, r, step)
			if _, err := r.SetPoints(points, PointsInfo{}); err != nil {
				t.Fatal(err)
			}
			if r.TestSet() != want {
				t.Errorf("%s: with 300 points after step %d it is measured on %s, want %s", name, step, r.TestSet(), want)
			}
			mustStep(t, r, 2)
			mustSeek(t, r, uint64(step)+1)
			if r.TestSet() != want {
				t.Errorf("%s: after a seek it is measured on %s, want %s", name, r.TestSet(), want)
			}
			if err := r.Reset(); err != nil {
				t.Fatal(err)
			}
			if r.TestSet() != measure.HeldOutPoints {
				t.Errorf("%s: after a restart it is measured on %s", name, r.TestSet())
			}
		}
	}
}

// TestHeldOutIsKept: a run that goes on elsewhere holds out the same points, to the bit.
func TestHeldOutIsKept(t *testing.T) {
	for _, model := range []string{"glo", "kmeans", "cd"} {
		r := mustRun(t, Config{Model: model, Data: customData, Points: circle(150, 1)}, ebm.Serial)
		mustStep(t, r, 20)
		restored, err := Restore(r.Checkpoint(), ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		fork, err := r.Past().Open(ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		replayed, err := Replay(r.Log(), ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		mustSeek(t, replayed, 20)
		mustStep(t, r, 5)
		for name, other := range map[string]*Run{"a checkpoint": restored, "a fork": fork, "a replay": replayed} {
			mustStep(t, other, 5)
			if !slices.Equal(other.Held(), r.Held()) || !slices.Equal(picture(t, other, 16).Grid, picture(t, r, 16).Grid) {
				t.Errorf("%s: %s holds out %d points, the run %d, or its energies differ", model, name, len(other.Held()), len(r.Held()))
			}
		}
	}
}

// TestTrainedOnAll: a checkpoint of a program that held nothing out has a model that has seen all points.
// It goes on so, and is measured on the training points, until the model starts again.
func TestTrainedOnAll(t *testing.T) {
	for _, model := range []string{"glo", "kmeans"} {
		points := circle(150, 1)
		// What that program wrote: the codes of GLO are as many as the points.
		old := mustRun(t, Config{Model: model, Data: customData, Points: points}, ebm.Serial)
		old.dataset.useAll()
		if err := old.restoreAll(t); err != nil {
			t.Fatal(err)
		}
		c := old.Checkpoint()
		if c.HeldOut {
			t.Fatal("the checkpoint says that points are held out")
		}
		r, err := Restore(c, ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		if r.Held() != nil || r.TestSet() != measure.TrainingPoints {
			t.Errorf("%s: %d points are held out of a model that has seen all", model, len(r.Held()))
		}
		mustStep(t, r, 5)
		if _, err := r.SetPoints(circle(200, 1), PointsInfo{}); err != nil || r.Held() != nil {
			t.Errorf("%s: after a stroke %d points are held out: %v", model, len(r.Held()), err)
		}
		again, err := Replay(r.Log(), ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		mustSeek(t, again, r.StepCount())
		mustStep(t, again, 1)
		mustStep(t, r, 1)
		if !slices.Equal(picture(t, again, 16).Grid, picture(t, r, 16).Grid) {
			t.Errorf("%s: a replay differs", model)
		}
		generation := r.Generation()
		if err := r.Reset(); err != nil {
			t.Fatal(err)
		}
		if r.Held() == nil || r.TestSet() != measure.HeldOutPoints || r.Generation() == generation {
			t.Errorf("%s: a new model is trained on all points", model)
		}
	}
}

// restoreAll starts the model of a run anew on all points.
func (r *Run) restoreAll(t *testing.T) (err error) {
	t.Helper()
	r.state, err = r.newModelState(r.state.knobs.Values(), r.dataset.points)
	r.update.Rand = r.state.rng
	return err
}

// twelve returns the points of homework12.csv, fitted to the plane.
func twelve(t *testing.T) []r2.Vec {
	t.Helper()
	text, err := os.ReadFile("../ebm/data/table/testdata/homework12.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var points []r2.Vec
	for _, row := range rows[1:] {
		x, _ := strconv.ParseFloat(row[0], 64)
		y, _ := strconv.ParseFloat(row[1], 64)
		points = append(points, r2.Vec{X: (x - 5.25) / 3.5, Y: (y - 4) / 2.5})
	}
	if len(points) != 12 || data.Outside(points) > 0 {
		t.Fatalf("%d points", len(points))
	}
	return points
}

// TestFewPoints: every method draws something of one point, two, twelve, and many that are equal: finite
// energies, and a range of colours that has a width in float32 and, as far as the page writes them, in
// its numbers.
func TestFewPoints(t *testing.T) {
	equal := make([]r2.Vec, 300)
	for i := range equal {
		equal[i] = r2.Vec{X: .4, Y: -.7}
	}
	for name, points := range map[string][]r2.Vec{"one": equal[:1], "two": {{X: -.5, Y: .5}, {X: 1, Y: 0}}, "twelve": twelve(t), "equal": equal} {
		for _, card := range ebm.Cards() {
			if strings.HasPrefix(card.ID, "toy") {
				continue
			}
			t.Run(card.ID+" "+name, func(t *testing.T) {
				r := mustRun(t, Config{Model: card.ID, Data: customData, Points: points}, ebm.Serial)
				for step := range 40 {
					if step%13 == 0 {
						checkPicture(t, r)
					}
					mustStep(t, r, 1)
				}
				checkPicture(t, r)
				if r.TestSet() != measure.TrainingPoints {
					t.Errorf("measured on %s", r.TestSet())
				}
			})
		}
	}
}

func checkPicture(t *testing.T, r *Run) {
	t.Helper()
	p := picture(t, r, 64)
	if p.BadCells > 0 {
		t.Errorf("step %d: %d cells are not finite", p.Step, p.BadCells)
	}
	width := float64(p.Hi) - float64(p.Lo)
	if !(width >= .99e-4*max(math.Abs(float64(p.Lo)), 1e-3)) {
		t.Errorf("step %d: the colours go from %v to %v", p.Step, p.Lo, p.Hi)
	}
	below := 0
	for _, f := range p.Grid {
		if f < p.Hi {
			below++
		}
	}
	flat := slices.Max(p.Grid)-slices.Min(p.Grid) < p.Hi-p.Lo
	if share := float64(below) / float64(len(p.Grid)); share < .045 && !flat {
		t.Errorf("step %d: %.3f of the plane has a colour", p.Step, share)
	}
	for i, v := range r.metrics.now.Values {
		if math.IsInf(v, 0) {
			t.Errorf("step %d: %s is %v", p.Step, commonScalars[i], v)
		}
	}
}

// TestNotice: a run says that there are fewer points than prototypes.
func TestNotice(t *testing.T) {
	for model, want := range map[string]string{
		"kmeans":     "12 points, 32 wells: at least 20 of the wells have no point of their own.",
		"softkmeans": "12 points, 32 prototypes: at least 20 of the prototypes have no point of their own.",
		"gmm":        "12 points, 32 components: at least 20 of the components have no point of their own.",
		"lcc":        "12 points, 32 anchors: at least 20 of the anchors have no point of their own.",
		"lista":      "12 points, 32 anchors: at least 20 of the anchors have no point of their own.",
		"cd":         "",
	} {
		r := mustRun(t, Config{Model: model, Data: customData, Points: twelve(t)}, ebm.Serial)
		if got := r.Notice(); got != want {
			t.Errorf("%s: %q, want %q", model, got, want)
		}
	}
	r := mustRun(t, Config{Model: "kmeans", Data: customData, Points: twelve(t), Knobs: map[string]any{"k": 12}}, ebm.Serial)
	if got := r.Notice(); got != "" {
		t.Errorf("with 12 wells: %q", got)
	}
	if _, err := r.SetPoints(append(twelve(t)[:5], twelve(t)[:5]...), PointsInfo{}); err != nil {
		t.Fatal(err)
	}
	if got, want := r.Notice(), "5 different points, 12 wells: at least 7 of the wells have no point of their own."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
