package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"
)

// pointsIDPrefix begins every [PointsID].
const pointsIDPrefix = "h."

// PointsID returns the name of points, a hash of their coordinates: the same points in the same
// order have the same name. It needs no escape in an address.
func PointsID(points []r2.Vec) string {
	h := sha256.New()
	var b [16]byte
	for _, y := range points {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(y.X))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(y.Y))
		h.Write(b[:])
	}
	return pointsIDPrefix + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}

// IsPointsID reports whether the text has the form of a [PointsID].
func IsPointsID(text string) bool { return strings.HasPrefix(text, pointsIDPrefix) }
