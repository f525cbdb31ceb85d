package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// The lattice of codes, over [-codeRange, codeRange] in each of its numbers.
const (
	codeRange = 5
	lineSide  = 572 // codes of one number
	planeSide = 86  // along each side, for codes of two
)

// lattice approximates the integral over all codes by a mixture of Gaussians of width σ around
// the decoded codes:
//
//	p(y) = ∫ p(z) N(y; g(z), σ²I) dz ≈ Σ_j p(z_j) Δz N(y; g(z_j), σ²I)
type lattice struct {
	z   []r2.Vec  // the codes; those of one number have Y = 0
	log []float64 // log p(z_j) Δz
	g   []r2.Vec  // what they are decoded to
}

// newLattice returns the codes of d numbers, at the centres of equal cells.
func newLattice(d int) lattice {
	side, n := planeSide, planeSide*planeSide
	if d == 1 {
		side, n = lineSide, lineSide
	}
	h := 2 * codeRange / float64(side)
	l := lattice{make([]r2.Vec, n), make([]float64, n), make([]r2.Vec, n)}
	for j := range l.z {
		l.z[j].X = h*(float64(j%side)+.5) - codeRange
		if d == 2 {
			l.z[j].Y = h*(float64(j/side)+.5) - codeRange
		}
		l.log[j] = -r2.Norm2(l.z[j])/2 + float64(d)*math.Log(h/math.Sqrt(2*math.Pi))
	}
	return l
}

// weigh writes the terms of p(y), divided by the largest, and returns their sum and the
// energy -log p(y).
func (l *lattice) weigh(terms []float64, y r2.Vec, sigma float64) (sum, energy float64) {
	h, most := 1/(2*sigma*sigma), math.Inf(-1)
	for j, g := range l.g {
		e := l.log[j] - h*r2.Norm2(r2.Sub(y, g))
		terms[j] = e
		most = max(most, e)
	}
	for j, e := range terms {
		terms[j] = 0
		if a := most - e; a < cutoff {
			terms[j] = decay(a)
		}
		sum += terms[j]
	}
	return sum, -most - math.Log(sum*h/math.Pi)
}
