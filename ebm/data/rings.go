package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "rings", Title: "Two rings", Order: 40, Axes: Plain, Icon: lineIcon(rings, 0, 2./3, 1), New: func() Set { return newCurve(0.05, rings) }})
}

// rings are two circles round the centre: radius 1.15 with probability ⅔, 0.55 with ⅓.
func rings(u float64) r2.Vec {
	radius, turn := 1.15, u*3/2
	if turn >= 1 {
		radius, turn = 0.55, u*3-2
	}
	sin, cos := math.Sincos(2 * math.Pi * turn)
	return r2.Vec{X: radius * cos, Y: radius * sin}
}
