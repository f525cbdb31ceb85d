package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "gaussians", Title: "Eight Gaussians", Order: 60, Axes: Plain, Icon: gaussiansIcon(), New: func() Set {
		c := newCurve(0.12, gaussians)
		c.centres = 8
		return c
	}})
}

// gaussians are eight Gaussians on a circle: centres 1.1 (cos kπ/4, sin kπ/4), k = 0 … 7.
func gaussians(u float64) r2.Vec {
	sin, cos := math.Sincos(math.Floor(8*u) * math.Pi / 4)
	return r2.Vec{X: 1.1 * cos, Y: 1.1 * sin}
}

// gaussiansIcon shows five points of each Gaussian.
func gaussiansIcon() string {
	return dotIcon(func(u float64) r2.Vec {
		sin, cos := math.Sincos(2 * math.Pi * 8 * u)
		return r2.Add(gaussians(u), r2.Vec{X: 0.16 * cos, Y: 0.16 * sin})
	}, 8*5)
}
