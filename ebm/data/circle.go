package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "circle", Title: "Circle", Order: 50, Axes: Plain, Icon: lineIcon(circle, 0, 1), New: func() Set { return newCurve(0.05, circle) }})
}

// circle is the unit circle: (cos 2πu, sin 2πu).
func circle(u float64) r2.Vec {
	sin, cos := math.Sincos(2 * math.Pi * u)
	return r2.Vec{X: cos, Y: sin}
}
