package data

import (
	"math"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "topographic", Title: "Curve of Figs 6–10", Order: 150,
		Axes: Axes{Scale: [2]float64{3.6, 3.6}, Offset: [2]float64{0, 0.6}},
		Icon: dotIcon(topographic, 30),
		New: func() Set {
			c := newCurve(0, topographic)
			c.n = topographicPoints
			return &evenly{curve: c}
		}})
}

// topographicPoints is how many points the lecture's figures show: v = -3.5 (0.25) 4.75.
const topographicPoints = 34

// topographic is the curve of the lecture's Figures 6 to 10, brought into the box:
//
//	v = -3.5 + 8.25 u,  y = ((cos v - 0.75, v) - (0, 0.6)) / 3.6
func topographic(u float64) r2.Vec {
	v := -3.5 + 8.25*u
	return r2.Vec{X: (math.Cos(v) - 0.75) / 3.6, Y: (v - 0.6) / 3.6}
}

// evenly is a curve whose training points lie at even steps of u, both ends included.
// More of them lie closer together, which is why there are no fewer than the lecture's.
type evenly struct{ *curve }

func (e *evenly) Knobs(k *ebm.Knobs) { e.declare(k, topographicPoints, MaxPoints, "") }

// Points returns the even points in random order, each with its noise.
func (e *evenly) Points() []r2.Vec {
	rng := e.rng()
	points := make([]r2.Vec, e.n)
	for i, place := range rng.Perm(e.n) {
		at := e.skeleton(float64(place) / float64(e.n-1))
		points[i] = addNoise(e.noise, rng, func() r2.Vec { return at })
	}
	return points
}
