package kernel

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/net/internal/kernel/poly"
)

// MaxPrototypes is the largest number of prototypes that Nearest and SoftMin take.
const MaxPrototypes = 128

// Shape is a quadratic energy of the difference d from a prototype to a point:
//
//	E = Offset + (A d1 + B d2)² + (C d2)²
type Shape struct{ Offset, A, B, C float64 }

// Round is the shape of E = ‖d‖².
var Round = Shape{A: 1, C: 1}

// Nearest writes the squared distance from at[i] to the nearest of the prototypes
// (x[k], y[k]) to dst[i]. A prototype that is not a number is passed over, as if it were
// infinitely far; a point that is not finite gets NaN.
func (s *Set[T]) Nearest(dst []float64, at []r2.Vec, x, y []float64) {
	if len(dst) != len(at) || len(x) < 1 || len(x) > MaxPrototypes || len(y) != len(x) {
		panic(fmt.Sprintf("kernel: Nearest of %d points, %d results and prototypes in slices of %d, %d", len(at), len(dst), len(x), len(y)))
	}
	s.nearest(dst, at, x, y)
}

// SoftMin writes the free energy over K prototypes (x[k], y[k]) to dst[i]:
//
//	F(y) = -(1/β) log (1/K) Σ_k exp(-β E_k(y)) = min_k E_k - (1/β) log (1/K) Σ_k exp(-β (E_k - min E))
//
// where E_k is given by shapes[k], or by Round for all if shapes is nil, and β > 0. What
// is not a number counts as in Nearest.
func (s *Set[T]) SoftMin(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64) {
	if len(dst) != len(at) || len(x) < 1 || len(x) > MaxPrototypes || len(y) != len(x) || shapes != nil && len(shapes) != len(x) || !(beta > 0) {
		panic(fmt.Sprintf("kernel: SoftMin at β = %v of %d points, %d results and prototypes in slices of %d, %d, %d", beta, len(at), len(dst), len(x), len(y), len(shapes)))
	}
	s.softMin(dst, at, x, y, shapes, beta)
}

// well is a prototype with its shape.
type well[T Float] struct{ x, y, lift, a, b, c T }

// wells are all prototypes of a call, on its stack.
type wells[T Float] [MaxPrototypes]well[T]

// gather converts the prototypes to T and returns those that there are.
func (t *wells[T]) gather(x, y []float64, shapes []Shape) []well[T] {
	shape := Round
	for k := range x {
		if shapes != nil {
			shape = shapes[k]
		}
		t[k] = well[T]{T(x[k]), T(y[k]), T(shape.Offset), T(shape.A), T(shape.B), T(shape.C)}
	}
	return t[:len(x)]
}

func (b *well[T]) energy(x, y T) T {
	dx, dy := x-b.x, y-b.y
	u, v := b.a*dx+b.b*dy, b.c*dy
	return b.lift + u*u + v*v
}

// far is +∞ for a point from which distances can be measured, and otherwise NaN.
func far[T Float](x, y T) T { return (x - x) + (y - y) + T(math.Inf(1)) }

func nearest[T Float](dst []float64, at []r2.Vec, wx, wy []float64) {
	var room [MaxPrototypes][2]T
	for k := range wx {
		room[k] = [2]T{T(wx[k]), T(wy[k])}
	}
	w := room[:len(wx)]
	for i, p := range at {
		x, y := T(p.X), T(p.Y)
		least := far(x, y)
		for _, w := range w {
			dx, dy := x-w[0], y-w[1]
			if d := dx*dx + dy*dy; d < least {
				least = d
			}
		}
		dst[i] = float64(least)
	}
}

// energies writes the energy of each well to e and returns the least.
func energies[T Float](e []T, wells []well[T], x, y T) T {
	e = e[:len(wells)]
	least := far(x, y)
	for k := range wells {
		e[k] = wells[k].energy(x, y)
		if e[k] < least {
			least = e[k]
		}
	}
	return least
}

func softMin64(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64) {
	var room wells[float64]
	var e [MaxPrototypes]float64
	all := room.gather(x, y, shapes)
	for i, p := range at {
		least := energies(e[:], all, p.X, p.Y)
		lost := 0.
		for _, e := range e[:len(all)] {
			if d := e - least; d >= 0 {
				lost -= math.Expm1(-beta * d)
			} else {
				lost++
			}
		}
		dst[i] = least + math.Log1p(lost/(float64(len(all))-lost))/beta
	}
}

// softMin32 adds 1 - e^(-β (E - min E)) in place of the exponential, and takes the
// logarithm of what K/Σ exceeds 1 by: at a small β all terms are near 1, and what counts
// is by how little they differ from it.
func softMin32(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64) {
	var room wells[float32]
	var e [MaxPrototypes]float32
	all, b := room.gather(x, y, shapes), float32(beta)
	for i, p := range at {
		least := energies(e[:], all, float32(p.X), float32(p.Y))
		lost := float32(0)
		for _, e := range e[:len(all)] {
			if d := b * (least - e); d > -poly.Faint {
				s, t := exp32(d)
				lost += (1 - s) - t
			} else {
				lost++
			}
		}
		dst[i] = float64(least + log1p32(lost/(float32(len(all))-lost))/b)
	}
}

// lanes are the coordinates of a block of points, and one result for each.
type lanes struct{ x, y, out [Block]float32 }

// log1p32 is log(1 + r) for r >= 0. With 2^n <= 1 + r < 2^(n+1),
//
//	log(1 + r) = n log 2 + log(1 + f),  f = (1 + r)/2^n - 1 = r 2^-n + (2^-n - 1)
//
// A small r is f itself, and keeps its digits.
func log1p32(r float32) float32 {
	n := math.Float32bits(1+r)>>23 - 127
	scale := math.Float32frombits((127 - n) << 23)
	f := r*scale + (scale - 1)
	c := &log1p
	return float32(int32(n))*poly.Ln2 +
		f*(c[0]+f*(c[1]+f*(c[2]+f*(c[3]+f*(c[4]+f*(c[5]+f*(c[6]+f*(c[7]+f*c[8]))))))))
}
