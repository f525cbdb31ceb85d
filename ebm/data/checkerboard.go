package data

import (
	"fmt"
	"math"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "checkerboard", Title: "Checkerboard", Order: 100, Axes: Plain, Icon: checkerboardIcon(),
		New: func() Set { return &checkerboard{settings{n: 1000, seed: 1}} }})
}

// The board.
const (
	boardSide  = 4
	squareSide = 0.65
	boardEdge  = boardSide * squareSide / 2 // its squares lie in [-1.3, 1.3]²
)

// checkerboard is uniform on the squares of one colour on a board of 4×4, eight of them,
// with Gaussian noise, truncated at the edges of the box. Without noise the density is
// uniform on the squares and 0 between them, where its logarithm is -∞.
type checkerboard struct{ settings }

func (c *checkerboard) Knobs(k *ebm.Knobs) {
	c.declare(k, 10, MaxPoints, "How far the points lie from their square: sharp edges, or squares that merge")
}

func (c *checkerboard) Points() []r2.Vec { return c.draw(c.Sample) }

func (c *checkerboard) Sample(dst []r2.Vec, rng ebm.Rand) {
	for i := range dst {
		dst[i] = addNoise(c.noise, rng, func() r2.Vec {
			row, column := squareAt(rng.IntN(boardSide * boardSide / 2))
			return r2.Vec{
				X: squareSide*(float64(column)+rng.Float64()) - boardEdge,
				Y: squareSide*(float64(row)+rng.Float64()) - boardEdge,
			}
		})
	}
}

// squareAt returns the row and column of one of the eight squares.
func squareAt(square int) (row, column int) {
	row = square / (boardSide / 2)
	return row, square%(boardSide/2)*2 + row%2
}

// LogDensity takes the squares as products of intervals. In each direction there are two
// pairs, the even and the odd ones, and the squares are even × even and odd × odd:
//
//	p(y) = (e(y1) e(y2) + o(y1) o(y2)) / mass in B
//	e(v) = Σ P(a ≤ v + σ ε ≤ b) over the even intervals [a, b]; o(v) likewise
func (c *checkerboard) LogDensity(dst []float64, at []r2.Vec) {
	// Without noise, the smallest float64 makes each probability 0 or 1, and ½ on an edge.
	width := max(math.Sqrt2*c.noise, math.SmallestNonzeroFloat64)
	// The even intervals mirror the odd ones: each pair has the same mass in B,
	// half of ∫ inside(v, σ) over the side of the board.
	integral := func(v float64) float64 {
		return v*math.Erf(v/width) + width/math.SqrtPi*math.Exp(-(v/width)*(v/width))
	}
	pair := (integral(ebm.L+boardEdge) - integral(ebm.L-boardEdge)) / 2
	norm := -math.Log(2 * pair * pair)
	for i, y := range at {
		e1, o1 := pairs(y.X, width)
		e2, o2 := pairs(y.Y, width)
		dst[i] = norm + math.Log(e1*e2+o1*o2)
	}
}

// pairs returns the probabilities that v and noise of that width, √2 σ, lie in the even
// intervals and in the odd ones.
func pairs(v, width float64) (even, odd float64) {
	var pair [2]float64
	for i := range boardSide {
		a := squareSide*float64(i) - boardEdge
		pair[i%2] += between((a-v)/width, (a+squareSide-v)/width)
	}
	return pair[0], pair[1]
}

// between returns P(a ≤ ε/√2 ≤ b), accurate in the tails too.
func between(a, b float64) float64 {
	switch {
	case a > 0:
		return (math.Erfc(a) - math.Erfc(b)) / 2
	case b < 0:
		return (math.Erfc(-b) - math.Erfc(-a)) / 2
	}
	return (math.Erf(b) - math.Erf(a)) / 2
}

// checkerboardIcon shows the squares.
func checkerboardIcon() string {
	icon := ""
	for square := range boardSide * boardSide / 2 {
		row, column := squareAt(square)
		corner := r2.Vec{X: squareSide*float64(column) - boardEdge, Y: squareSide*float64(row) - boardEdge}
		side := 10 * squareSide
		icon += fmt.Sprintf("M%.1f %.1fh%.1fv%.1fh%.1fz", iconX(corner), iconY(corner), side, -side, -side)
	}
	return icon
}
