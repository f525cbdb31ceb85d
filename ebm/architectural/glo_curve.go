package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// curve is a curve in the plane over z in [-1, 1]. It is known at equal steps of z with
// its slopes; between two nodes it is the cubic that has both points and both slopes,
// which at 201 nodes is off the curve of a network by less than one sees or measures.
type curve struct {
	point  prototypes // at the nodes
	slope  prototypes // dg/dz there, times the step of z from node to node
	pieces []disc     // the i-th holds the curve from node i·piece on
}

// piece is how many steps of z a disc holds.
const piece = 8

type disc struct {
	centre r2.Vec
	radius float64
}

func newCurve(n int) curve {
	return curve{newPrototypes(n), newPrototypes(n), make([]disc, (n-1+piece-1)/piece)}
}

// bound finds the discs. A cubic lies among its four control points: its ends, and a third
// of the slope off each.
func (c curve) bound() {
	for i := range c.pieces {
		lo, hi := i*piece, min((i+1)*piece, len(c.point.x)-1)
		d := disc{centre: c.point.at((lo + hi) / 2)}
		for k := lo; k <= hi; k++ {
			p, third := c.point.at(k), r2.Scale(1./3, c.slope.at(k))
			for _, at := range [3]r2.Vec{p, r2.Add(p, third), r2.Sub(p, third)} {
				d.radius = max(d.radius, r2.Norm(r2.Sub(at, d.centre)))
			}
		}
		c.pieces[i] = d
	}
}

// length is that of the polyline through the nodes.
func (c curve) length() float64 {
	sum := 0.0
	for k := range len(c.point.x) - 1 {
		sum += math.Sqrt(c.point.squared(k, c.point.at(k+1)))
	}
	return sum
}

// foot is a point of a curve: its place, counted in nodes, and its squared distance from
// the point that was asked about.
type foot struct {
	t  float64
	at r2.Vec
	d2 float64
}

// nearest returns the point of the curve that is nearest to y. It looks into the piece
// whose centre is nearest, then into all that may hold a nearer point.
func (c curve) nearest(y r2.Vec) foot {
	first, least := 0, math.Inf(1)
	for i := range c.pieces {
		if d := r2.Norm2(r2.Sub(c.pieces[i].centre, y)); d < least {
			first, least = i, d
		}
	}
	best := foot{d2: math.Inf(1)}
	c.search(first, y, &best)
	reach := math.Sqrt(best.d2)
	for i := range c.pieces {
		p := &c.pieces[i]
		far := reach + p.radius
		if i != first && r2.Norm2(r2.Sub(p.centre, y)) <= far*far {
			c.search(i, y, &best)
			reach = math.Sqrt(best.d2)
		}
	}
	return best
}

// search looks at each node of a piece, and in between wherever the curve comes nearer to
// y at one node and goes away at the next.
func (c curve) search(i int, y r2.Vec, best *foot) {
	coming := false
	for k := i * piece; k <= min((i+1)*piece, len(c.point.x)-1); k++ {
		v := r2.Sub(c.point.at(k), y)
		if d := r2.Norm2(v); d < best.d2 {
			*best = foot{float64(k), c.point.at(k), d}
		}
		going := r2.Dot(v, c.slope.at(k)) >= 0
		if coming && going {
			if f := c.between(k-1, y); f.d2 < best.d2 {
				*best = f
			}
		}
		coming = !going
	}
}

// between returns the point of the cubic behind node k that is nearest to y, where the
// slope of the distance changes its sign. With v = g - y it is the root of v·v', found by
// Newton's method, which is kept between the last place with a negative sign and the last
// with a positive one.
func (c curve) between(k int, y r2.Vec) foot {
	p0, p1, v1, m1 := c.point.at(k), c.point.at(k+1), c.slope.at(k), c.slope.at(k+1)
	gap := r2.Sub(p1, p0)
	v0 := r2.Sub(p0, y)
	v2 := r2.Sub(r2.Scale(3, gap), r2.Add(r2.Scale(2, v1), m1))
	v3 := r2.Sub(r2.Add(v1, m1), r2.Scale(2, gap))
	before, after := r2.Dot(v0, v1), r2.Dot(r2.Sub(p1, y), m1)
	lo, hi := 0.0, 1.0
	s := before / (before - after)
	var v r2.Vec
	for range 30 {
		v = r2.Add(v0, r2.Scale(s, r2.Add(v1, r2.Scale(s, r2.Add(v2, r2.Scale(s, v3))))))
		d := r2.Add(v1, r2.Scale(s, r2.Add(r2.Scale(2, v2), r2.Scale(3*s, v3))))
		f := r2.Dot(v, d)
		if f < 0 {
			lo = s
		} else {
			hi = s
		}
		next := s - f/(r2.Norm2(d)+r2.Dot(v, r2.Add(r2.Scale(2, v2), r2.Scale(6*s, v3))))
		if math.Abs(next-s) < 1e-12 {
			break
		}
		if !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		s = next
	}
	return foot{float64(k) + s, r2.Add(y, v), r2.Norm2(v)}
}
