package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "swissroll", Title: "Swiss roll", Order: 110,
		Axes: Axes{Scale: [2]float64{1 / swissScale, 1 / swissScale}},
		Icon: lineIcon(swissRoll, 0, 1),
		New:  func() Set { return newCurve(0.03, swissRoll) }})
}

// swissScale brings the outer end of the roll, 4.5π from the centre, to 1.25.
const swissScale = 1.25 / (4.5 * math.Pi)

// swissRoll is the usual one without its height: one and a half turns from the middle
// outwards. The angle is uniform, not the arc length as in [spiral], so the points get
// sparser towards the end:
//
//	t = 1.5π(1 + 2u),  y = t (cos t, sin t) · 1.25/4.5π
func swissRoll(u float64) r2.Vec {
	t := 1.5 * math.Pi * (1 + 2*u)
	sin, cos := math.Sincos(t)
	return r2.Vec{X: swissScale * t * cos, Y: swissScale * t * sin}
}
