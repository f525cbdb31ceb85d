package wire

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// Point is a point of the plane in JSON: [y1, y2].
type Point [2]float64

// UnmarshalJSON refuses arrays of another length, which encoding/json accepts.
func (p *Point) UnmarshalJSON(text []byte) error {
	var y []*float64
	if json.Unmarshal(text, &y) != nil || len(y) != 2 || y[0] == nil || y[1] == nil {
		return sim.Errorf(sim.BadValue, "a point is [y1,y2]; got %s", excerpt(text))
	}
	*p = Point{*y[0], *y[1]}
	return nil
}

// Points returns vectors as they are written in JSON.
func Points(points []r2.Vec) []Point {
	if points == nil {
		return nil
	}
	all := make([]Point, len(points))
	for i, y := range points {
		all[i] = Point{y.X, y.Y}
	}
	return all
}

// Vectors is the inverse of [Points].
func Vectors(points []Point) []r2.Vec {
	if points == nil {
		return nil
	}
	all := make([]r2.Vec, len(points))
	for i, y := range points {
		all[i] = r2.Vec{X: y[0], Y: y[1]}
	}
	return all
}

// EncodePoints writes points and what goes with them as JSON:
//
//	{"points":[[y1,y2],…],"axes":{…},"label":{…}}
func EncodePoints(points []r2.Vec, info sim.PointsInfo) ([]byte, error) {
	all := Points(points)
	if all == nil {
		all = []Point{}
	}
	return json.Marshal(struct {
		Points []Point `json:"points"`
		pointsInfo
	}{all, pointsInfoJSON(info)})
}

// ReadPoints reads what [EncodePoints] writes, or points alone, [[y1,y2],…]. It stops after one
// point more than is allowed.
func ReadPoints(r io.Reader) ([]r2.Vec, sim.PointsInfo, error) {
	in := bufio.NewReader(r)
	for {
		c, err := in.ReadByte()
		if err != nil || !strings.ContainsRune(" \t\r\n", rune(c)) {
			in.UnreadByte()
			if c != '{' || err != nil {
				points, err := readPointList(in)
				return points, sim.PointsInfo{}, err
			}
			break
		}
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, sim.PointsInfo{}, err
	}
	var points []r2.Vec
	var info pointsInfo
	var wrong error // of the points, whose error needs no more words
	err = object(text, "the body", info.fields(map[string]field{"points": func(raw json.RawMessage) error {
		points, wrong = readPointList(bytes.NewReader(raw))
		return nil
	}}))
	if wrong != nil {
		err = wrong
	} else if err == nil && points == nil {
		err = sim.Errorf(sim.BadValue, `"points" is missing: {"points":[[y1,y2],…]}`)
	}
	if err != nil {
		return nil, sim.PointsInfo{}, err
	}
	return points, info.value(), nil
}

// readPointList reads points from JSON, [[y1,y2],…].
func readPointList(r io.Reader) ([]r2.Vec, error) {
	d := json.NewDecoder(r)
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, sim.Errorf(sim.BadValue, "points are [[y1,y2],…]")
	}
	points := []r2.Vec{}
	for d.More() {
		var p Point
		if err := d.Decode(&p); err != nil {
			return nil, pointError(len(points)+1, err)
		}
		if points = append(points, r2.Vec{X: p[0], Y: p[1]}); len(points) > data.MaxPoints {
			return points, nil
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, pointError(len(points)+1, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, sim.Errorf(sim.BadValue, "there is more text after the last point")
	}
	return points, nil
}

// pointError names the point that could not be read. It returns an error of the
// reader as it is.
func pointError(n int, err error) error {
	if !isJSONError(err) {
		return err
	}
	return sim.Errorf(sim.BadValue, "point %d: %s", n, jsonError(err))
}

// pointsCodePrefix begins points that are written in a link. pointsCodeSteps is how many steps the
// box has: a coordinate is a multiple of the box over it.
const (
	pointsCodePrefix = "p."
	pointsCodeSteps  = 4095
)

// LinkPoints is how many points a link can hold as a code.
const LinkPoints = 1500

// DecodePoints reads points from the code of a link: "p.", then four letters of base64 a point, 12
// bits of y1 and 12 bits of y2 over the box.
func DecodePoints(code string) ([]r2.Vec, error) {
	letters, marked := strings.CutPrefix(code, pointsCodePrefix)
	b, err := base64.RawURLEncoding.DecodeString(letters)
	if !marked || err != nil || len(b)%3 != 0 || len(b) == 0 {
		return nil, sim.Errorf(sim.BadValue, "this is no code of points, which begins with %q and has four letters a point", pointsCodePrefix)
	}
	if len(b)/3 > data.MaxPoints {
		return nil, sim.Errorf(sim.Limit, "%d points are more than the %d that are allowed", len(b)/3, data.MaxPoints)
	}
	at := func(n int) float64 { return ebm.L * (2*float64(n)/pointsCodeSteps - 1) }
	points := make([]r2.Vec, len(b)/3)
	for i := range points {
		n := int(b[3*i])<<16 | int(b[3*i+1])<<8 | int(b[3*i+2])
		points[i] = r2.Vec{X: at(n >> 12), Y: at(n & pointsCodeSteps)}
	}
	return points, nil
}

// PointsMessage writes the event "points": the points in single precision, which is what a screen
// can show, and half the bytes, the indices of those that are held out from training, and what goes
// with the points.
func PointsMessage(generation uint32, points []r2.Vec, held []int, info sim.PointsInfo) []byte {
	m := make([]byte, 0, 40+24*len(points))
	m = append(m, `{"points":{"generation":`...)
	m = strconv.AppendUint(m, uint64(generation), 10)
	m = append(m, `,"y":[`...)
	for i, p := range points {
		if i > 0 {
			m = append(m, ',')
		}
		m = append(m, '[')
		m = strconv.AppendFloat(m, p.X, 'g', -1, 32)
		m = append(m, ',')
		m = strconv.AppendFloat(m, p.Y, 'g', -1, 32)
		m = append(m, ']')
	}
	m = append(m, ']')
	for i, j := range held {
		m = append(m, [2]string{`,"held":[`, `,`}[min(i, 1)]...)
		m = strconv.AppendInt(m, int64(j), 10)
	}
	if len(held) > 0 {
		m = append(m, ']')
	}
	if more, err := json.Marshal(pointsInfoJSON(info)); err == nil && len(more) > len("{}") { // it cannot fail: the numbers are finite
		m = append(m, ',')
		m = append(m, more[1:len(more)-1]...)
	}
	return append(m, `}}`...)
}
