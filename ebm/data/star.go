package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "star", Title: "Star", Order: 120, Axes: Plain, Icon: lineIcon(star, 0, 1./5, 2./5, 3./5, 4./5, 1), New: func() Set { return newCurve(0.04, star) }})
}

// star is five rays from the centre, the first upwards, with as many points near the
// centre as near the tips of each:
//
//	y = 1.25 r (cos a, sin a),  r ~ U(0, 1),  a = π/2 + 2πk/5,  k = 0 … 4
func star(u float64) r2.Vec {
	ray, r := math.Modf(5 * u)
	sin, cos := math.Sincos(math.Pi/2 + 2*math.Pi*ray/5)
	return r2.Vec{X: 1.25 * r * cos, Y: 1.25 * r * sin}
}
