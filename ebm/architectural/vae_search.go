package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
)

// search finds the energies of many points at once. It divides the box into squares, a
// quadtree, and of the terms of a square passes to its quarters only those that are not
// negligible anywhere in them. So the energy of a point depends on its square alone, not on
// the other points.
//
// The exponent of a term is linear in y but for a part that all have in common,
//
//	e_j(y) = log p(z_j) Δz - h‖y - g_j‖² = b_j + 2h y·g_j - h‖y‖²,   h = 1/2σ²
//
// and so is the difference of two of them: over a square about c it is greatest in a
// corner. If k is the largest at c, then j is below e^-cutoff of it all over the square if
//
//	e_j(c) - e_k(c) + 2hr (|x_j - x_k| + |y_j - y_k|) < -cutoff,   g = (x, y), r half the side
//
// In a square that is small enough the exponential of such a difference is a product of
// one for the column and one for the row of a point, none of them too large: see
// net.ExpSums. The sum is at least 1, the term k.
type search[T net.Float] struct {
	h         float64
	terms     terms[float64] // the lattice's, and behind them those of the enclosing squares
	gaussians *net.ExpSums[T]
	dst       []float64
	at        []r2.Vec
	order     []int // indices of points, those of a square together

	// Of the current square: its centre, its first term, and, as differences from that one,
	// all that matter; as differences they are accurate in float32.
	c         r2.Vec
	first     [3]float64
	termsHere terms[T]

	// The distinct coordinates of some of its points.
	columns, rows []float64
	cells         []cell
}

// cell is a point with the indices of its column and row.
type cell struct{ point, column, row int }

// terms are the coefficients of exponents b + u x + v y.
type terms[T net.Float] struct{ b, x, y []T }

func (t *terms[T]) cut(n int) { t.b, t.x, t.y = t.b[:n], t.x[:n], t.y[:n] }

func (t *terms[T]) add(b, x, y T) { t.b, t.x, t.y = append(t.b, b), append(t.x, x), append(t.y, y) }

const (
	maxLeaf     = ebm.L / 4    // half the side of the largest squares that are not divided any more
	minSplit    = ebm.L / 4096 // of the smallest that are
	maxExponent = 20           // the largest exponent by a column or a row
)

// negligible is the cutoff for T.
func negligible[T net.Float]() float64 {
	if T(1)+1e-9 == 1 {
		return 25 // float32
	}
	return cutoff
}

// energy writes -log p(at[i]) to dst[i].
func (s *search[T]) energy(l *lattice, sigma float64, dst []float64, at []r2.Vec) {
	if s.gaussians == nil {
		s.gaussians = net.NewExpSums[T]()
	}
	s.h, s.dst, s.at = 1/(2*sigma*sigma), dst, at
	s.terms.cut(0)
	for j, g := range l.g {
		s.terms.add(l.log[j]-s.h*r2.Norm2(g), g.X, g.Y)
	}
	s.order = learn.Resize(s.order, len(at))
	inside := 0
	for i, y := range at {
		if math.Abs(y.X) <= ebm.L && math.Abs(y.Y) <= ebm.L {
			s.order[inside] = i
			inside++
		} else { // its own square
			s.order[inside] = i
			s.square(s.order[inside:inside+1], y, 0, 0)
		}
	}
	s.quarters(s.order[:inside], r2.Vec{}, ebm.L, 0)
	s.dst, s.at = nil, nil
}

// quarters goes to the quarters of a square, whose terms begin at lo.
func (s *search[T]) quarters(points []int, c r2.Vec, r float64, lo int) {
	r /= 2
	y := s.split(points, func(p r2.Vec) bool { return p.Y < c.Y })
	for half, points := range [2][]int{points[:y], points[y:]} {
		x := s.split(points, func(p r2.Vec) bool { return p.X < c.X })
		middle := r2.Vec{X: c.X, Y: c.Y + r*float64(2*half-1)}
		s.square(points[:x], r2.Vec{X: middle.X - r, Y: middle.Y}, r, lo)
		s.square(points[x:], r2.Vec{X: middle.X + r, Y: middle.Y}, r, lo)
	}
}

// split moves the points that are below to the front, and returns how many there are.
func (s *search[T]) split(points []int, below func(r2.Vec) bool) (n int) {
	for i, p := range points {
		if below(s.at[p]) {
			points[i], points[n] = points[n], p
			n++
		}
	}
	return n
}

// square finds the energies of the points of a square about c, half a side r wide, from
// the terms of the larger one, which begin at lo.
func (s *search[T]) square(points []int, c r2.Vec, r float64, lo int) {
	if len(points) == 0 {
		return
	}
	hi := len(s.terms.b)
	farthest := s.selectTerms(c, r, lo)
	switch {
	case len(s.terms.b) == hi: // all terms are NaN
		for _, i := range points {
			s.dst[i] = math.NaN()
		}
	case r == 0:
		s.dst[points[0]] = s.single(c, hi)
	case r <= maxLeaf && 2*s.h*r*farthest <= maxExponent:
		s.loadTerms(c, hi)
		s.sum(points, c, r)
	case r > minSplit:
		s.quarters(points, c, r, hi)
	default:
		for i, p := range points {
			s.square(points[i:i+1], s.at[p], 0, hi)
		}
	}
	s.terms.cut(hi)
}

// selectTerms adds those of the terms from lo on that matter to a square, the largest at its
// middle being the first of the square, and returns how far from that one they are.
func (s *search[T]) selectTerms(c r2.Vec, r float64, lo int) (farthest float64) {
	b := s.terms.b[lo:]
	x, y := s.terms.x[lo:][:len(b)], s.terms.y[lo:][:len(b)]
	u, v, slack := 2*s.h*c.X, 2*s.h*c.Y, 2*s.h*r
	best, most := -1, math.Inf(-1)
	for j := range b {
		if e := b[j] + u*x[j] + v*y[j]; e > most {
			best, most = j, e
		}
	}
	if best < 0 {
		return 0
	}
	s.first = [3]float64{b[best], x[best], y[best]}
	least := most - negligible[T]()
	for j := range b {
		dx, dy := math.Abs(x[j]-x[best]), math.Abs(y[j]-y[best])
		if b[j]+u*x[j]+v*y[j]+slack*(dx+dy) >= least {
			s.terms.add(b[j], x[j], y[j])
			farthest = max(farthest, dx, dy)
		}
	}
	return farthest
}

// single returns the energy at y from the terms from lo on, the first being the largest.
func (s *search[T]) single(y r2.Vec, lo int) float64 {
	u, v, sum := 2*s.h*y.X, 2*s.h*y.Y, 0.0
	most := s.first[0] + u*s.first[1] + v*s.first[2]
	for j := lo; j < len(s.terms.b); j++ {
		if a := most - (s.terms.b[j] + u*s.terms.x[j] + v*s.terms.y[j]); a < cutoff {
			sum += decay(max(a, 0))
		}
	}
	return -most + s.h*r2.Norm2(y) - math.Log(sum*s.h/math.Pi)
}

// loadTerms converts the terms from lo on to differences for the current square.
func (s *search[T]) loadTerms(c r2.Vec, lo int) {
	s.c = c
	s.termsHere.cut(0)
	u, v := 2*s.h*c.X, 2*s.h*c.Y
	most := s.first[0] + u*s.first[1] + v*s.first[2]
	for j := lo; j < len(s.terms.b); j++ {
		b, x, y := s.terms.b[j], s.terms.x[j], s.terms.y[j]
		s.termsHere.add(T(b+u*x+v*y-most), T(x-s.first[1]), T(y-s.first[2]))
	}
}

// sum finds the energies of points of the current square, in a part of it about c, half a side
// r wide: all at once if their columns and rows are few enough, else by halves.
func (s *search[T]) sum(points []int, c r2.Vec, r float64) {
	s.columns, s.rows, s.cells = s.columns[:0], s.rows[:0], s.cells[:0]
	for _, i := range points {
		at := cell{i, place(&s.columns, s.at[i].X), place(&s.rows, s.at[i].Y)}
		if at.column < 0 {
			n := s.split(points, func(p r2.Vec) bool { return p.X < c.X })
			s.halves(points, n, c, r2.Vec{X: r / 2}, r)
			return
		}
		if at.row < 0 {
			n := s.split(points, func(p r2.Vec) bool { return p.Y < c.Y })
			s.halves(points, n, c, r2.Vec{Y: r / 2}, r)
			return
		}
		s.cells = append(s.cells, at)
	}
	s.writeEnergies()
}

// halves sums the first n points and the others.
func (s *search[T]) halves(points []int, n int, c, off r2.Vec, r float64) {
	if n == 0 || n == len(points) {
		n = len(points) / 2
	}
	s.sum(points[:n], r2.Sub(c, off), r/2)
	s.sum(points[n:], r2.Add(c, off), r/2)
}

// place returns where x is in the list. It adds x if it is new; where there is no room for
// it, place returns -1.
func place(list *[]float64, x float64) int {
	for i, v := range *list {
		if v == x {
			return i
		}
	}
	if len(*list) == net.Side {
		return -1
	}
	*list = append(*list, x)
	return len(*list) - 1
}

// writeEnergies writes the energies of the points that have been placed.
func (s *search[T]) writeEnergies() {
	for p, x := range s.columns {
		s.gaussians.U[p] = T(2 * s.h * (x - s.c.X))
	}
	for i, y := range s.rows {
		s.gaussians.V[i] = T(2 * s.h * (y - s.c.Y))
	}
	s.gaussians.Add(s.termsHere.b, s.termsHere.x, s.termsHere.y, len(s.rows))
	for _, p := range s.cells {
		y := s.at[p.point]
		first := s.first[0] + 2*s.h*(s.first[1]*y.X+s.first[2]*y.Y) - s.h*r2.Norm2(y)
		s.dst[p.point] = -first - math.Log(float64(s.gaussians.Sum[p.row*net.Side+p.column])*s.h/math.Pi)
	}
}
