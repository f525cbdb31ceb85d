package net

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/net/internal/kernel"
)

// Shape is a quadratic energy of the difference d from a prototype to a point:
//
//	E = Offset + (A d1 + B d2)² + (C d2)²
type Shape = kernel.Shape

// Nearest writes the squared distance from at[i] to the nearest of at most 128 prototypes,
// (x[k], y[k]), to dst[i]. It computes in float32, with a relative error of 5e-6: for
// pictures. A prototype that is not a number is passed over; a point that is not finite
// gets NaN.
func Nearest(dst []float64, at []r2.Vec, x, y []float64) { kernel.Fast.Nearest(dst, at, x, y) }

// SoftMin writes the free energy over K prototypes, in float32 as Nearest:
//
//	F(y) = -(1/β) log (1/K) Σ_k exp(-β E_k(y))
//
// E_k has the shape shapes[k], or is ‖y - w_k‖² for all k if shapes is nil.
func SoftMin(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64) {
	kernel.Fast.SoftMin(dst, at, x, y, shapes, beta)
}
