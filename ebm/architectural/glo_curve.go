package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// curve is a curve in the plane over z in [-1, 1], a cubic Hermite spline through equidistant
// nodes. With 201 nodes its error is below what is visible or measurable.
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
func (c *curve) bound() {
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
func (c *curve) length() float64 {
	sum := 0.0
	for k := range len(c.point.x) - 1 {
		sum += math.Sqrt(c.point.squared(k, c.point.at(k+1)))
	}
	return sum
}

// curvePoint is the point of a curve nearest to another: its place, counted in nodes, and the
// squared distance.
type curvePoint struct {
	t  float64
	at r2.Vec
	d2 float64
}

// nearest returns the point of the curve that is nearest to y. It looks first into the
// piece whose centre is nearest.
func (c *curve) nearest(y r2.Vec) curvePoint {
	first, least := 0, math.Inf(1)
	for i := range c.pieces {
		if d := r2.Norm2(r2.Sub(c.pieces[i].centre, y)); d < least {
			first, least = i, d
		}
	}
	return c.from(first, y)
}

// distances writes the squared distance of at[i] from the curve to dst[i]. Neighbours in
// the list are mostly neighbours in the plane, so it looks first into the piece that was
// nearest to the point before.
func (c *curve) distances(dst []float64, at []r2.Vec) {
	first := 0
	for i, y := range at {
		f := c.from(first, y)
		dst[i] = f.d2
		first = min(int(f.t)/piece, len(c.pieces)-1)
	}
}

// from returns the nearest point to y: it looks into the first piece, then into all that
// may hold a nearer point. Which one is the first does not change the distance.
func (c *curve) from(first int, y r2.Vec) curvePoint {
	const slack = 1 + 1e-12 // for the rounding of within: no piece is left out by it
	best := curvePoint{d2: math.Inf(1)}
	c.search(first, y, &best)
	within := slack * math.Sqrt(best.d2)
	for i := range c.pieces {
		p := &c.pieces[i]
		far := within + slack*p.radius
		if r2.Norm2(r2.Sub(p.centre, y)) <= far*far && i != first {
			c.search(i, y, &best)
			within = slack * math.Sqrt(best.d2)
		}
	}
	return best
}

// search looks at each node of a piece, and in between wherever the curve comes nearer to
// y at one node and goes away at the next.
func (c *curve) search(i int, y r2.Vec, best *curvePoint) {
	lo, hi := i*piece, min((i+1)*piece, len(c.point.x)-1)+1
	px, py, sx, sy := c.point.x[lo:hi], c.point.y[lo:hi], c.slope.x[lo:hi], c.slope.y[lo:hi]
	coming := false
	for k, x := range px {
		v := r2.Vec{X: x - y.X, Y: py[k] - y.Y}
		if d := r2.Norm2(v); d < best.d2 {
			*best = curvePoint{float64(lo + k), r2.Vec{X: x, Y: py[k]}, d}
		}
		going := v.X*sx[k]+v.Y*sy[k] >= 0
		if coming && going {
			if f := c.between(lo+k-1, y); f.d2 < best.d2 {
				*best = f
			}
		}
		coming = !going
	}
}

// between returns the point of the cubic behind node k that is nearest to y, where the
// slope of the distance changes its sign. With v = g - y it is the root of v·v', found by
// Newton's method, which is kept between the last place with a negative sign and the last
// with a positive one. Its error is that of the step before, squared.
func (c *curve) between(k int, y r2.Vec) curvePoint {
	p0, p1, v1, m1 := c.point.at(k), c.point.at(k+1), c.slope.at(k), c.slope.at(k+1)
	gap := r2.Sub(p1, p0)
	v0 := r2.Sub(p0, y)
	v2 := r2.Sub(r2.Scale(3, gap), r2.Add(r2.Scale(2, v1), m1))
	v3 := r2.Sub(r2.Add(v1, m1), r2.Scale(2, gap))
	along := func(s float64) r2.Vec {
		return r2.Add(v0, r2.Scale(s, r2.Add(v1, r2.Scale(s, r2.Add(v2, r2.Scale(s, v3))))))
	}
	before, after := r2.Dot(v0, v1), r2.Dot(r2.Sub(p1, y), m1)
	lo, hi := 0.0, 1.0
	s := before / (before - after)
	for range 30 {
		v := along(s)
		d := r2.Add(v1, r2.Scale(s, r2.Add(r2.Scale(2, v2), r2.Scale(3*s, v3))))
		f := r2.Dot(v, d)
		if f < 0 {
			lo = s
		} else {
			hi = s
		}
		next := s - f/(r2.Norm2(d)+r2.Dot(v, r2.Add(r2.Scale(2, v2), r2.Scale(6*s, v3))))
		close := math.Abs(next-s) < 1e-7
		if !close && !(next > lo && next < hi) {
			next = (lo + hi) / 2
		}
		if s = next; close {
			break
		}
	}
	v := along(s)
	return curvePoint{float64(k) + s, r2.Add(y, v), r2.Norm2(v)}
}
