package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "ellipse", Title: "Ellipse", Order: 130,
		Axes: Axes{Scale: [2]float64{1 / ellipseScale, 1 / ellipseScale}},
		Icon: lineIcon(ellipse, 0, 1),
		New:  func() Set { return newCurve(0.05*ellipseScale, ellipse) }})
}

// ellipseScale brings the ellipse into the box, and its noise with it: σ is 1/20 in the
// units of the source.
const ellipseScale = 0.6

// ellipse is the narrow end of the [horn], x = 0. The angle is uniform, so the points lie
// closer together at the ends of the long axis:
//
//	y = 0.6 (2 cos θ, 1.5 sin θ),  θ = 2πu
//
// Source: A. Canziani, Inference for latent variable energy-based models, practicum of
// Deep Learning, New York University, 2020.
func ellipse(u float64) r2.Vec {
	axes, _ := hornAxes(0)
	sin, cos := math.Sincos(2 * math.Pi * u)
	return r2.Scale(ellipseScale, r2.Vec{X: axes.X * cos, Y: axes.Y * sin})
}
