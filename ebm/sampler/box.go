package sampler

import (
	"math"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// Reflect returns y moved into the box: a coordinate outside is reflected at the edge once
// and, if that is still outside, set to the edge.
//
//	y > L:  2L - y        y < -L:  -2L - y        then clamped to [-L, L]
func Reflect(y r2.Vec) r2.Vec { return r2.Vec{X: reflect(y.X), Y: reflect(y.Y)} }

func reflect(v float64) float64 {
	switch {
	case v > ebm.L:
		return max(2*ebm.L-v, -ebm.L)
	case v < -ebm.L:
		return min(-2*ebm.L-v, ebm.L)
	}
	return v
}

// bounce returns the coordinate and momentum of a ball that would be at v if there were no
// edges: reflected as often as it hit one, the momentum reversed each time. Unlike [Reflect]
// it never stops at an edge, so that distinct balls stay distinct.
func bounce(v, p float64) (float64, float64) {
	if v >= -ebm.L && v <= ebm.L {
		return v, p
	}
	around := math.Mod(v+ebm.L, 4*ebm.L) // there and back again
	if around < 0 {
		around += 4 * ebm.L
	}
	if around <= 2*ebm.L {
		return around - ebm.L, p
	}
	return 3*ebm.L - around, -p
}

// inside reports whether y lies in the box.
func inside(y r2.Vec) bool {
	return y.X >= -ebm.L && y.X <= ebm.L && y.Y >= -ebm.L && y.Y <= ebm.L
}
