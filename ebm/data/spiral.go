package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "spiral", Title: "Spiral", Order: 10, Axes: Plain, Icon: lineIcon(spiral, 0, 1), New: func() Set { return newCurve(0.04, spiral) }})
}

// spiral makes two turns, its arms 0.625 apart. The root makes the density nearly uniform
// in arc length:
//
//	s = √(s0² + (1 - s0²) u),  y = 1.25 s (cos 4πs, sin 4πs),  s0 = 0.12
func spiral(u float64) r2.Vec {
	const s0 = 0.12
	s := math.Sqrt(s0*s0 + (1-s0*s0)*u)
	sin, cos := math.Sincos(4 * math.Pi * s)
	return r2.Vec{X: 1.25 * s * cos, Y: 1.25 * s * sin}
}
