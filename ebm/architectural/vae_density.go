package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
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
// into squares of a few σ, and for each that holds a point sieves those terms out that
// come near the largest anywhere in it. So what is found for a point depends on its square
// alone, not on the other points.
//
// The exponent of a term is linear in y but for a part that all have in common,
//
//	e_j(y) = log p(z_j) Δz - h‖y - g_j‖² = b_j + 2h y·g_j - h‖y‖²,   h = 1/2σ²
//
// and so is the difference of two of them: over a square about c it is greatest in a
// corner. If k is the largest at c, then j is below e^-faint of it all over the square if
//
//	e_j(c) - e_k(c) + 2hr (|x_j - x_k| + |y_j - y_k|) < -faint,   g = (x, y), r half the side
type search[T net.Float] struct {
	h   float64
	all terms[float64]

	// Of the square at hand: its middle, its first term, and, as differences from that
	// one, all that matter. In float32 nothing is lost so.
	c     r2.Vec
	first [3]float64
	kept  terms[T]

	head, next []int // the points of each square, as a chain of indices that ends with -1
}

// terms are the coefficients of exponents b + u x + v y.
type terms[T net.Float] struct{ b, x, y []T }

func (t *terms[T]) clear() { t.b, t.x, t.y = t.b[:0], t.x[:0], t.y[:0] }

func (t *terms[T]) add(b, x, y T) { t.b, t.x, t.y = append(t.b, b), append(t.x, x), append(t.y, y) }

// energy writes -log p(at[i]) to dst[i].
func (s *search[T]) energy(l *lattice, sigma float64, dst []float64, at []r2.Vec) {
	s.h = 1 / (2 * sigma * sigma)
	s.all.clear()
	for j, g := range l.g {
		s.all.add(l.log[j]-s.h*r2.Norm2(g), g.X, g.Y)
	}
	side := int(math.Ceil(ebm.L / (3 * sigma)))
	r := ebm.L / float64(side)
	s.head, s.next = learn.Sized(s.head, side*side), learn.Sized(s.next, len(at))
	for k := range s.head {
		s.head[k] = -1
	}
	for i, y := range at {
		if !(math.Abs(y.X) <= ebm.L && math.Abs(y.Y) <= ebm.L) { // in no square
			s.sieve(y, 0)
			dst[i] = s.at(y)
			continue
		}
		k := min(int((y.X+ebm.L)/(2*r)), side-1) + side*min(int((y.Y+ebm.L)/(2*r)), side-1)
		s.next[i], s.head[k] = s.head[k], i
	}
	for k, i := range s.head {
		if i >= 0 {
			s.sieve(r2.Vec{X: r*float64(2*(k%side)+1) - ebm.L, Y: r*float64(2*(k/side)+1) - ebm.L}, r)
		}
		for ; i >= 0; i = s.next[i] {
			dst[i] = s.at(at[i])
		}
	}
}

// sieve keeps the terms that matter to a square.
func (s *search[T]) sieve(c r2.Vec, r float64) {
	s.c = c
	s.kept.clear()
	b := s.all.b
	x, y := s.all.x[:len(b)], s.all.y[:len(b)]
	u, v, slack := 2*s.h*c.X, 2*s.h*c.Y, 2*s.h*r
	best, most := -1, math.Inf(-1)
	for j := range b {
		if e := b[j] + u*x[j] + v*y[j]; e > most {
			best, most = j, e
		}
	}
	if best < 0 {
		return // no term is a number
	}
	s.first = [3]float64{b[best], x[best], y[best]}
	for j := range b {
		dx, dy := x[j]-x[best], y[j]-y[best]
		e := b[j] + u*x[j] + v*y[j] - most
		if e+slack*(math.Abs(dx)+math.Abs(dy)) >= -faint {
			s.kept.add(T(e), T(dx), T(dy))
		}
	}
	for len(s.kept.b)%net.Terms > 0 {
		s.kept.add(T(math.Inf(-1)), 0, 0)
	}
}

// at returns the energy of a point of the square at hand.
func (s *search[T]) at(y r2.Vec) float64 {
	if len(s.kept.b) == 0 {
		return math.NaN()
	}
	m, sum := net.LogSumExp(s.kept.b, s.kept.x, s.kept.y, T(2*s.h*(y.X-s.c.X)), T(2*s.h*(y.Y-s.c.Y)))
	first := s.first[0] + 2*s.h*(s.first[1]*y.X+s.first[2]*y.Y) - s.h*r2.Norm2(y)
	return -first - float64(m) - math.Log(float64(sum)*s.h/math.Pi)
}
