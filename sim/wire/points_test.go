package wire

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/sim"
)

// TestDecodePoints reads the corners of the box and its middle, and texts that are no code.
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
		if _, err := DecodePoints(bad); sim.CodeOf(err) != sim.BadValue {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := DecodePoints(pointsCodePrefix + strings.Repeat("AAAA", 20_001)); sim.CodeOf(err) != sim.Limit {
		t.Errorf("too many: %v", err)
	}
}

// TestPointsMessage: the event is JSON, in single precision.
func TestPointsMessage(t *testing.T) {
	text := PointsMessage(7, []r2.Vec{{X: 0.1, Y: -2}, {X: 1. / 3}}, nil)
	if want := `{"points":{"generation":7,"y":[[0.1,-2],[0.33333334,0]]}}`; string(text) != want || !json.Valid(text) {
		t.Errorf("%s, want %s", text, want)
	}
	text = PointsMessage(7, []r2.Vec{{X: 1}, {X: 2}, {X: 3}}, []int{0, 2})
	if want := `{"points":{"generation":7,"y":[[1,0],[2,0],[3,0]],"held":[0,2]}}`; string(text) != want || !json.Valid(text) {
		t.Errorf("%s, want %s", text, want)
	}
}
