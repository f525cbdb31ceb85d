package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

// ownMark and codeMark begin the two ways of writing down somebody's own points: by name, and
// whole. What follows is of the letters that need no escape in an address.
const (
	ownMark   = "h."
	codeMark  = "p."
	codeSteps = 4095 // a coordinate in a code is a multiple of the box over this
)

// OwnID names points by a hash of their coordinates: the same points have the same name.
func OwnID(points []r2.Vec) string {
	h := sha256.New()
	var b [16]byte
	for _, y := range points {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(y.X))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(y.Y))
		h.Write(b[:])
	}
	return ownMark + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}

// IsOwnID reports whether the text can be a name of points, not points themselves.
func IsOwnID(text string) bool { return strings.HasPrefix(text, ownMark) }

// DecodePoints reads points from the code that a link carries them in: the mark, then four
// letters of base64 a point, which are 12 bits of y1 and 12 bits of y2 over the box.
func DecodePoints(code string) ([]r2.Vec, error) {
	letters, marked := strings.CutPrefix(code, codeMark)
	b, err := base64.RawURLEncoding.DecodeString(letters)
	if !marked || err != nil || len(b)%3 != 0 || len(b) == 0 {
		return nil, complain(BadValue, "this is no code of points: it begins with %q and has four letters a point", codeMark)
	}
	if len(b)/3 > data.MaxPoints {
		return nil, complain(Limit, "%d points are more than the %d that are allowed", len(b)/3, data.MaxPoints)
	}
	at := func(n int) float64 { return ebm.L * (2*float64(n)/codeSteps - 1) }
	points := make([]r2.Vec, len(b)/3)
	for i := range points {
		n := int(b[3*i])<<16 | int(b[3*i+1])<<8 | int(b[3*i+2])
		points[i] = r2.Vec{X: at(n >> 12), Y: at(n & codeSteps)}
	}
	return points, nil
}
