package sim

import (
	"encoding/base64"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// TestDecodePoints reads the corners of the box and its middle, and what is no code.
func TestDecodePoints(t *testing.T) {
	code := pointsCodePrefix + base64.RawURLEncoding.EncodeToString([]byte{0, 0, 0, 0xff, 0xff, 0xff, 0x80, 0x0f, 0xff})
	got, err := DecodePoints(code)
	if err != nil {
		t.Fatal(err)
	}
	want := []r2.Vec{{X: -1.5, Y: -1.5}, {X: 1.5, Y: 1.5}, {X: 1.5 / 4095, Y: 1.5}}
	for i, y := range want {
		if math.Abs(got[i].X-y.X) > 1e-12 || math.Abs(got[i].Y-y.Y) > 1e-12 {
			t.Errorf("point %d is %v, want %v", i, got[i], y)
		}
	}
	for _, bad := range []string{"", "p.", "p.AAA", "q.AAAA", "p.AA=A", "p.<b>A", "h.AAAA"} {
		if _, err := DecodePoints(bad); CodeOf(err) != BadValue {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := DecodePoints(pointsCodePrefix + strings.Repeat("AAAA", 20_001)); CodeOf(err) != Limit {
		t.Errorf("too many: %v", err)
	}
}

// TestOwnID: the same points have the same name, any other points another, and a session says
// which it has.
func TestOwnID(t *testing.T) {
	points := []r2.Vec{{X: .5, Y: .25}, {X: -1, Y: 1}}
	id := PointsID(points)
	for _, other := range [][]r2.Vec{points[:1], {points[1], points[0]}, {{X: .5, Y: .25}, {X: -1, Y: math.Nextafter(1, 2)}}} {
		if PointsID(other) == id {
			t.Errorf("%v has the name of %v", other, points)
		}
	}
	if !IsPointsID(id) || len(id) != 18 {
		t.Errorf("the name is %q", id)
	}
	s, err := Open(Config{Model: "toy", Data: "custom", Points: points}, View{Grid: 16}, Options{Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if own := s.News().State.Own; own != id {
		t.Errorf("the session says %q, want %q", own, id)
	}
	mustDo(t, s, Reopen{Config{Model: "toy"}})
	if own := s.News().State.Own; own != "" {
		t.Errorf("on other data the session says %q", own)
	}
}

// TestOwnPointsGoOn brings points of one's own, and other ones, in the middle of a run: it goes on
// from where it is, and every step can be gone to again.
func TestOwnPointsGoOn(t *testing.T) {
	ring := func(n int, r float64) []r2.Vec {
		points := make([]r2.Vec, n)
		for i := range points {
			sin, cos := math.Sincos(float64(i))
			points[i] = r2.Vec{X: r * cos, Y: r * sin}
		}
		return points
	}
	grid := func(r *Run) []float32 {
		p, err := new(Renderer).Render(r, 16)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(p.Grid)
	}
	bring := map[uint64][]r2.Vec{10: ring(50, 1), 25: ring(80, .5), 40: ring(120, .7)}
	for _, model := range []string{"kmeans", "cd", "dae"} {
		r := mustRun(t, Config{Model: model, Knobs: map[string]any{"data.n": 100}}, ebm.Serial)
		first := map[uint64]string{}
		for s := uint64(0); s <= 60; s++ {
			if points := bring[s]; points != nil {
				before := grid(r)
				if restarted, err := r.SetPoints(points[:1]); restarted || err != nil {
					t.Fatalf("%s: one point: %v %v", model, restarted, err)
				}
				if restarted, err := r.SetPoints(points); restarted || err != nil || r.StepCount() != s {
					t.Fatalf("%s at %d: %v %v, and the run is at %d", model, s, restarted, err, r.StepCount())
				}
				if r.Config().Data != "custom" || len(r.Points()) != len(points) {
					t.Fatalf("%s: %d points of %s", model, len(r.Points()), r.Config().Data)
				}
				if !slices.Equal(grid(r), before) {
					t.Errorf("%s: the landscape changed before anything was learnt", model)
				}
				if s == 25 {
					mustSet(t, r, "data.noise", .05) // which stays with the next points
				}
			}
			first[s] = digest(t, r)
			mustStep(t, r, 1)
		}
		if n := r.Knobs()["data.noise"]; n != .05 {
			t.Errorf("%s: the noise is %v", model, n)
		}
		if len(r.timeline.log) != 4 {
			t.Errorf("%s: the log has %d entries; points that nothing was learnt from count", model, len(r.timeline.log))
		}
		for _, s := range []uint64{9, 41, 10, 0, 60, 24, 25, 11} {
			if err := r.Seek(s); err != nil {
				t.Fatal(err)
			}
			if digest(t, r) != first[s] {
				t.Errorf("%s: step %d looks different the second time", model, s)
			}
		}
	}
}

// TestOwnPointsAreBounded brings many points again and again: the past is forgotten, not kept for ever.
func TestOwnPointsAreBounded(t *testing.T) {
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
		t.Errorf("%d sets of points are kept", len(r.timeline.log))
	}
	if err := r.Seek(r.First()); err != nil {
		t.Error(err)
	}
}
