package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

// The lattice of codes, over [-reach, reach] in each of its numbers.
const (
	reach     = 3.5
	lineSide  = 400 // codes of one number
	planeSide = 60  // along each side, for codes of two
)

// lattice stands for the integral over all codes. Around what each of its codes is decoded
// to there is a Gaussian of width σ, and the energy is that of the mixture of them all:
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
	h := 2 * reach / float64(side)
	l := lattice{make([]r2.Vec, n), make([]float64, n), make([]r2.Vec, n)}
	for j := range l.z {
		l.z[j].X = h*(float64(j%side)+.5) - reach
		if d == 2 {
			l.z[j].Y = h*(float64(j/side)+.5) - reach
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
		if a := most - e; a < faint {
			terms[j] = decay(a)
		}
		sum += terms[j]
	}
	return sum, -most - math.Log(sum*h/math.Pi)
}

// search finds, for many points at once, the terms that matter to each. It cuts the box
// into four squares, these into four and so on. From the terms that matter to a square,
// each of its quarters sieves those that matter to itself, down to squares of about σ.
// Squares without a point are not looked at. What is found for a point depends on its
// square alone, not on the other points.
//
// The exponent of a term is linear in y but for a part that all have in common,
//
//	e_j(y) = log p(z_j) Δz - h|y - g_j|² = b_j + 2h y·g_j - h|y|²,   h = 1/2σ²
//
// and so is the difference of two of them. Over a square about c it is greatest in a corner:
// a term never comes within e^-faint of the term that is largest at c, if
//
//	e_j(c) - e_c(c) + 2hr (|x_j - x_c| + |y_j - y_c|) < -faint,   r half the side
type search[T net.Float] struct {
	h     float64
	small float64 // half the side at which it ends

	dst   []float64
	at    []r2.Vec
	order []int // the points, sorted by square
	level [maxLevels]terms[float64]
	last  terms[T] // those of the square at hand, as differences
}

// maxLevels is enough for the least σ.
const maxLevels = 8

// terms are the coefficients of exponents b + u x + v y.
type terms[T net.Float] struct{ b, x, y []T }

func (t *terms[T]) clear() { t.b, t.x, t.y = t.b[:0], t.x[:0], t.y[:0] }

func (t *terms[T]) add(b, x, y T) { t.b, t.x, t.y = append(t.b, b), append(t.x, x), append(t.y, y) }

// energy writes -log p(at[i]) to dst[i].
func (s *search[T]) energy(l *lattice, sigma float64, dst []float64, at []r2.Vec) {
	s.h, s.small, s.dst, s.at = 1/(2*sigma*sigma), 3*sigma, dst, at
	all := &s.level[0]
	all.clear()
	for j, g := range l.g {
		all.add(l.log[j]-s.h*r2.Norm2(g), g.X, g.Y)
	}
	s.order = s.order[:0]
	for i, y := range at {
		s.order = append(s.order, i)
		if !(math.Abs(y.X) <= ebm.L && math.Abs(y.Y) <= ebm.L) { // in no square
			s.evaluate(s.order[len(s.order)-1:], s.sieve(0, y, 0), y)
			s.order = s.order[:len(s.order)-1]
		}
	}
	s.divide(s.order, 0, r2.Vec{}, ebm.L)
	s.dst, s.at = nil, nil
}

// divide hands the points of a square, half a side of which is r, to its quarters.
func (s *search[T]) divide(points []int, level int, c r2.Vec, r float64) {
	low := s.split(points, func(y r2.Vec) bool { return y.Y < c.Y })
	for i, half := range [2][]int{points[:low], points[low:]} {
		left := s.split(half, func(y r2.Vec) bool { return y.X < c.X })
		for j, quarter := range [2][]int{half[:left], half[left:]} {
			if len(quarter) == 0 {
				continue
			}
			c := r2.Vec{X: c.X + r*(float64(j)-.5), Y: c.Y + r*(float64(i)-.5)}
			kept := s.sieve(level, c, r/2)
			if r/2 <= s.small || level+2 == len(s.level) {
				s.evaluate(quarter, kept, c)
			} else {
				s.divide(quarter, level+1, c, r/2)
			}
		}
	}
}

// split sorts the points for which the condition holds to the front, and counts them.
func (s *search[T]) split(points []int, front func(y r2.Vec) bool) (n int) {
	for i, p := range points {
		if front(s.at[p]) {
			points[n], points[i] = p, points[n]
			n++
		}
	}
	return n
}

// sieve fills the next level with the terms of this one that matter to a square, the one
// that is largest at its middle first.
func (s *search[T]) sieve(level int, c r2.Vec, r float64) *terms[float64] {
	from, to := &s.level[level], &s.level[level+1]
	to.clear()
	b, x, y := from.b, from.x[:len(from.b)], from.y[:len(from.b)]
	u, v, slack := 2*s.h*c.X, 2*s.h*c.Y, 2*s.h*r
	best, most := -1, math.Inf(-1)
	for j := range b {
		if e := b[j] + u*x[j] + v*y[j]; e > most {
			best, most = j, e
		}
	}
	if best < 0 {
		return to // no term is a number
	}
	xc, yc := x[best], y[best]
	to.add(b[best], xc, yc)
	for j := range b {
		e := b[j] + u*x[j] + v*y[j]
		if e+slack*(math.Abs(x[j]-xc)+math.Abs(y[j]-yc)) >= most-faint && j != best {
			to.add(b[j], x[j], y[j])
		}
	}
	return to
}

// evaluate writes the energies of points about c. The exponents go to T as differences
// from those of the first term, and as functions of y - c: in float32 nothing is lost.
func (s *search[T]) evaluate(points []int, t *terms[float64], c r2.Vec) {
	if len(t.b) == 0 {
		for _, p := range points {
			s.dst[p] = math.NaN()
		}
		return
	}
	b0, x0, y0 := t.b[0], t.x[0], t.y[0]
	u, v := 2*s.h*c.X, 2*s.h*c.Y
	s.last.clear()
	for j, b := range t.b {
		dx, dy := t.x[j]-x0, t.y[j]-y0
		s.last.add(T(b-b0+u*dx+v*dy), T(dx), T(dy))
	}
	for len(s.last.b)%net.Terms > 0 {
		s.last.add(T(math.Inf(-1)), 0, 0)
	}
	for _, p := range points {
		y := s.at[p]
		m, sum := net.LogSumExp(s.last.b, s.last.x, s.last.y, T(2*s.h*(y.X-c.X)), T(2*s.h*(y.Y-c.Y)))
		first := b0 + 2*s.h*(y.X*x0+y.Y*y0) - s.h*r2.Norm2(y)
		s.dst[p] = -first - float64(m) - math.Log(float64(sum)*s.h/math.Pi)
	}
}
