package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "moons", Title: "Two moons", Order: 30, Axes: Plain, Icon: lineIcon(moons, 0, 1./2, 1), New: func() Set { return newCurve(0.06, moons) }})
}

// moons are two interleaved half circles, each with probability ½:
//
//	(cos t - ½, sin t - ¼) · 0.8   and   (½ - cos t, ¼ - sin t) · 0.8,   t ~ U(0, π)
func moons(u float64) r2.Vec {
	side := 0.8
	u *= 2
	if u >= 1 {
		u, side = u-1, -side
	}
	sin, cos := math.Sincos(math.Pi * u)
	return r2.Vec{X: side * (cos - 0.5), Y: side * (sin - 0.25)}
}
