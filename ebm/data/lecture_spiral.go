package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "lecture-spiral", Title: "Spiral of Fig. 5", Order: 20,
		Axes: Axes{Scale: [2]float64{1 / lectureScale, 1 / lectureScale}},
		Icon: lineIcon(lectureSpiral, 0, 1),
		New:  func() Set { return newCurve(0, lectureSpiral) }})
}

// lectureScale brings the spiral of the lecture's Figure 5 into the box.
const lectureScale = 1.25 / (2 * math.Pi)

// lectureSpiral makes one turn, from the centre outwards; the points get sparser:
//
//	t = 2πu,  y = t (cos t, sin t) · 1.25/2π
func lectureSpiral(u float64) r2.Vec {
	t := 2 * math.Pi * u
	sin, cos := math.Sincos(t)
	return r2.Vec{X: lectureScale * t * cos, Y: lectureScale * t * sin}
}
