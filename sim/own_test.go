package sim

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// TestDecodePoints reads the corners of the box and its middle, and what is no code.
func TestDecodePoints(t *testing.T) {
	code := codeMark + base64.RawURLEncoding.EncodeToString([]byte{0, 0, 0, 0xff, 0xff, 0xff, 0x80, 0x0f, 0xff})
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
	if _, err := DecodePoints(codeMark + strings.Repeat("AAAA", 20_001)); CodeOf(err) != Limit {
		t.Errorf("too many: %v", err)
	}
}

// TestOwnID: the same points have the same name, any other points another, and a session says
// which it has.
func TestOwnID(t *testing.T) {
	points := []r2.Vec{{X: .5, Y: .25}, {X: -1, Y: 1}}
	id := OwnID(points)
	for _, other := range [][]r2.Vec{points[:1], {points[1], points[0]}, {{X: .5, Y: .25}, {X: -1, Y: math.Nextafter(1, 2)}}} {
		if OwnID(other) == id {
			t.Errorf("%v has the name of %v", other, points)
		}
	}
	if !IsOwnID(id) || len(id) != 18 {
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
