package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "scurve", Title: "S-curve", Order: 70, Axes: Plain, Icon: lineIcon(sCurve, 0, 1), New: func() Set { return newCurve(0.05, sCurve) }})
}

// sCurve has the shape of an S. Nearly every y1 has three y2, so that no function of y1
// fits it:
//
//	t = 3π(u - ½),  y = (0.95 sin t, 0.6 sgn(t) (cos t - 1))
func sCurve(u float64) r2.Vec {
	t := 3 * math.Pi * (u - 0.5)
	sin, cos := math.Sincos(t)
	return r2.Vec{X: 0.95 * sin, Y: math.Copysign(0.6, t) * (cos - 1)}
}
