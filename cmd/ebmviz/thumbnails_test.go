package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/content"
)

// thumbnailsFile has a small landscape of every exhibit and of the first step of every lesson;
// static/js/thumbnails.js draws them.
const thumbnailsFile = root + "/static/thumbnails.json"

const (
	thumbnailSide   = 48  // cells of a side
	thumbnailPoints = 100 // training points at most
	thumbnailBytes  = 150_000
)

// thumbnail is a landscape in bytes: the level of each cell, row by row, lowest y2 first, from 0 for
// the lowest energy to 255 for all above the colour range, with equal areas between; and y1, y2 of
// training points, 0 to 255 from one edge of the box to the other.
type thumbnail struct {
	Grid   []byte `json:"grid"`
	Points []byte `json:"points"`
}

// TestThumbnails: the file has a picture of each exhibit and lesson, and its landscape is what the
// model has learnt. With -update it writes the file.
func TestThumbnails(t *testing.T) {
	trials := map[string]content.Trial{}
	var ids []string
	add := func(id string, trial content.Trial) {
		if slices.Contains(ids, id) {
			t.Errorf("two pictures are of %q", id)
		}
		ids = append(ids, id)
		trials[id] = trial
	}
	for _, l := range content.Lessons() {
		add(l.ID, l.Steps[0].Trial())
	}
	for _, e := range content.Exhibits() {
		add(e.ID, e.Trial)
	}
	if *update {
		writeThumbnails(t, ids, trials)
	}
	text, err := os.ReadFile(thumbnailsFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) > thumbnailBytes {
		t.Errorf("%s has %d bytes, more than %d", thumbnailsFile, len(text), thumbnailBytes)
	}
	var stored map[string]thumbnail
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	for id, got := range stored {
		if _, ok := trials[id]; !ok {
			t.Errorf("%q is no lesson and no exhibit; run the test with -update", id)
		}
		if len(got.Grid) != thumbnailSide*thumbnailSide {
			t.Errorf("the picture of %q has %d cells", id, len(got.Grid))
		}
	}
	for _, id := range ids {
		got, ok := stored[id]
		if !ok {
			t.Errorf("there is no picture of %q; run the test with -update", id)
			continue
		}
		t.Run(id, func(t *testing.T) {
			if testing.Short() {
				t.Skip("it trains a model")
			}
			t.Parallel()
			want, err := newThumbnail(trials[id])
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Points, want.Points) {
				t.Error("the points are others; run the test with -update")
			}
			// Other processors round differently, and a long run enlarges that.
			if d := meanDifference(got.Grid, want.Grid); d > 8 {
				t.Errorf("on average the levels differ by %.1f of 255; run the test with -update", d)
			}
		})
	}
}

func meanDifference(a, b []byte) float64 {
	sum := 0.
	for i := range a {
		sum += math.Abs(float64(a[i]) - float64(b[i]))
	}
	return sum / float64(len(a))
}

// writeThumbnails writes the file, one line for each picture.
func writeThumbnails(t *testing.T, ids []string, trials map[string]content.Trial) {
	t.Helper()
	var out bytes.Buffer
	for i, id := range ids {
		picture, err := newThumbnail(trials[id])
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		line, err := json.Marshal(picture)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s%q: %s", map[bool]string{true: "{\n", false: ",\n"}[i == 0], id, line)
	}
	out.WriteString("\n}\n")
	if err := os.WriteFile(thumbnailsFile, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// newThumbnail runs a trial and makes its picture; if the run diverges, that of the step before.
func newThumbnail(trial content.Trial) (thumbnail, error) {
	o, err := player.Play(trial)
	if err != nil {
		return thumbnail{}, err
	}
	if step := o.Numbers()["diverged"]; !math.IsNaN(step) {
		trial.Stop = content.Stop{Step: uint64(step) - 1}
		if o, err = player.Play(trial); err != nil {
			return thumbnail{}, err
		}
	}
	run := o.Run()
	renderer := sim.Renderer{SkipField: true}
	p, err := renderer.Render(run, thumbnailSide)
	if err != nil {
		return thumbnail{}, err
	}
	var below []float32 // the energies within the colour range
	for _, v := range p.Grid {
		if v < p.Hi {
			below = append(below, v)
		}
	}
	slices.Sort(below)
	var out thumbnail
	for _, v := range p.Grid {
		level := 255
		if v < p.Hi {
			rank, _ := slices.BinarySearch(below, v)
			level = rank * 250 / len(below)
		}
		out.Grid = append(out.Grid, byte(level))
	}
	points := run.Points()
	every := max(1, len(points)/thumbnailPoints)
	for i := 0; i < len(points) && len(out.Points) < 2*thumbnailPoints; i += every {
		for _, v := range []float64{points[i].X, points[i].Y} {
			out.Points = append(out.Points, byte(math.Round(255*min(1, max(0, (v+ebm.L)/(2*ebm.L))))))
		}
	}
	return out, nil
}
