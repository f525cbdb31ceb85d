package data

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "sine", Title: "Inverse sine", Order: 80, Axes: Plain, Icon: lineIcon(inverseSine, 0, 1), New: func() Set { return newCurve(0.05, inverseSine) }})
}

// inverseSine is a sine wave plus a slope, with the axes swapped: y1 is a function of y2, and
// one y1 has up to five y2:
//
//	s = 1.2 (2u - 1),  y = (0.6 s + 0.55 sin(2πs/1.2), s)
func inverseSine(u float64) r2.Vec {
	s := 1.2 * (2*u - 1)
	return r2.Vec{X: 0.6*s + 0.55*math.Sin(2*math.Pi*s/1.2), Y: s}
}
