package infer

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// regressionWidth is how far in y1, as a standard deviation, a training point counts.
const regressionWidth = 0.08

// Regression returns the least-squares prediction of y2 given y1: the mean of the points' y2,
// weighted by how near their y1 is,
//
//	m(y1) = Σ w_i y2_i / Σ w_i,  w_i = e^{-(y1 - y1_i)² / 2h²}  with h = 0.08,
//
// the kernel regression of Nadaraya (1964) and Watson (1964). Where there are several answers
// it lies between them. It reports false if no point is within 4h.
func Regression(points []r2.Vec, y1 float64) (y2 float64, ok bool) {
	var sum, weights float64
	for _, p := range points {
		d := (p.X - y1) / regressionWidth
		if math.Abs(d) <= 4 {
			w := math.Exp(-d * d / 2)
			sum += w * p.Y
			weights += w
		}
	}
	return sum / weights, weights > 0
}
