package wire

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
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
	text := PointsMessage(7, []r2.Vec{{X: 0.1, Y: -2}, {X: 1. / 3}}, nil, sim.PointsInfo{})
	if want := `{"points":{"generation":7,"y":[[0.1,-2],[0.33333334,0]]}}`; string(text) != want || !json.Valid(text) {
		t.Errorf("%s, want %s", text, want)
	}
	text = PointsMessage(7, []r2.Vec{{X: 1}, {X: 2}, {X: 3}}, []int{0, 2}, sim.PointsInfo{})
	if want := `{"points":{"generation":7,"y":[[1,0],[2,0],[3,0]],"held":[0,2]}}`; string(text) != want || !json.Valid(text) {
		t.Errorf("%s, want %s", text, want)
	}
	text = PointsMessage(7, somePoints[:1], nil, sim.PointsInfo{Axes: someInfo.Axes, Label: &sim.Label{Name: "l", Of: []uint8{sim.NoGroup}}})
	if want := `{"points":{"generation":7,"y":[[0.1,0.33333334]],` +
		`"axes":{"names":["eruptions","\u003cb\u003e\"é"],"scale":[0.3333333333333333,20],"offset":[3.3,-1000000000]},` +
		`"label":{"name":"l","groups":[],"of":[255]}}}`; string(text) != want || !json.Valid(text) {
		t.Errorf("%s, want %s", text, want)
	}
}

// TestReadPoints: points are read alone, as all programs so far wrote them, or with what goes with them.
func TestReadPoints(t *testing.T) {
	encoded, err := EncodePoints(somePoints, someInfo)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]sim.PointsInfo{
		string(encoded): someInfo,
		" \n[[0.1,0.3333333333333333],[-1,0],[0.5,0.5]]":                                        {},
		`{"points":[[0.1,0.3333333333333333],[-1,0],[0.5,0.5]]}`:                                {},
		`{"axes":null,"label":null,"points":[[0.1,0.3333333333333333],[-1,0],[0.5,0.5]]}`:       {},
		"\t{\"axes\":{\"scale\":[1,2]},\"points\":[[0.1,0.3333333333333333],[-1,0],[0.5,0.5]]}": otherInfo,
	} {
		points, info, err := ReadPoints(strings.NewReader(text))
		if err != nil || !slices.Equal(points, somePoints) || !reflect.DeepEqual(info, want) {
			t.Errorf("%s: %v %+v %v", text, points, info, err)
		}
	}
	for text, want := range map[string]string{
		``:                            "points are [[y1,y2],…]",
		`3`:                           "points are [[y1,y2],…]",
		`[[1,2],[3]]`:                 "point 2: a point is [y1,y2]; got [3]",
		`[[1,2]] 3`:                   "more text",
		`{`:                           "ends too early",
		`{}`:                          `"points" is missing`,
		`{"points":null}`:             "points are",
		`{"points":[[1,2],[3]]}`:      "point 2: a point is [y1,y2]; got [3]",
		`{"points":[[1,2]],"axis":1}`: `no field "axis"; did you mean "axes"?`,
		`{"points":[[1,2]],"axes":{"scale":[1,"2"]}}`:          `two numbers; got [1,"2"]`,
		`{"points":[[1,2]],"axes":{"names":["a","b","c"]}}`:    "two names",
		`{"points":[[1,2]],"axes":{"offset":[1,null]}}`:        "two numbers",
		`{"points":[[1,2]],"label":{"groups":[1]}}`:            "a list of names",
		`{"points":[[1,2]],"label":{"of":[256]}}`:              "a list with the number of a group",
		`{"points":[[1,2]],"label":{"of":[-1]}}`:               "a list with the number of a group",
		`{"points":[[1,2]],"label":{"of":[null]}}`:             "a list with the number of a group",
		`{"points":[[1,2]],"label":{"group":["a"]}}`:           `no field "group"; did you mean "groups"?`,
		`{"points":[[1,2]],"label":` + strings.Repeat("[", 40): "nested",
	} {
		if points, _, err := ReadPoints(strings.NewReader(text)); err == nil || points != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v %v, want %q", text, points, err, want)
		}
	}
	many := "[" + strings.Repeat("[0,0],", data.MaxPoints+9) + "[0,0]]"
	for _, text := range []string{many, `{"points":` + many + "}"} {
		if points, _, err := ReadPoints(strings.NewReader(text)); err != nil || len(points) != data.MaxPoints+1 {
			t.Errorf("of too many points %d are read: %v", len(points), err)
		}
	}
}
