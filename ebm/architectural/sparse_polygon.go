package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// polygon is the set of v with |2 w_k·v| <= λ for all k, or with 2 w_k·v <= λ only. It is
// stored for λ = 1: for another λ it is λ times as large. With few atoms it may be unbounded.
type polygon []side

// side is one side of a polygon, from lo to hi along the line {v: normal·v = offset}.
type side struct {
	normal, along  r2.Vec // orthonormal, the normal points out
	offset         float64
	lo, hi         float64
	atom           int // whose bound it is
	atomLo, atomHi int // whose sides meet it at lo and hi, -1 where it is unbounded
}

// newPolygon has room for the sides of k atoms.
func newPolygon(k int) polygon { return make(polygon, 0, 2*k) }

// parallel is the sine of the angle up to which two sides count as parallel. Where two
// nearly parallel lines cross is not known exactly: this bounds the gap between the sides
// at 1e-6, which changes squared distances by 1e-12.
const parallel = 1e-10

// bound makes the polygon that the atoms w bound, by cutting each line to the part that
// satisfies all other bounds.
func (p *polygon) bound(w prototypes, nonneg bool) {
	all := (*p)[:0]
	for k := range w.x {
		n := r2.Norm(w.at(k))
		if n == 0 {
			continue // bounds nothing
		}
		u := r2.Scale(1/n, w.at(k))
		s := side{normal: u, along: r2.Vec{X: -u.Y, Y: u.X}, offset: 1 / (2 * n), lo: math.Inf(-1), hi: math.Inf(1), atom: k, atomLo: -1, atomHi: -1}
		all = append(all, s)
		if !nonneg {
			s.normal, s.along = r2.Scale(-1, s.normal), r2.Scale(-1, s.along)
			all = append(all, s)
		}
	}
	kept := 0
	for i := range all {
		all[i].cut(all, i)
	}
	for _, s := range all {
		if s.lo < s.hi {
			all[kept] = s
			kept++
		}
	}
	*p = all[:kept]
}

// cut restricts s, which is all[i], to the part within all other bounds. Of two equal bounds
// the first is used.
func (s *side) cut(all []side, i int) {
	foot := r2.Scale(s.offset, s.normal)
	for j := range all {
		if j == i {
			continue
		}
		o := &all[j]
		c, room := r2.Dot(o.normal, s.along), o.offset-r2.Dot(o.normal, foot)
		switch {
		case math.Abs(c) < parallel:
			if r2.Dot(o.normal, s.normal) > 0 && (o.offset < s.offset || o.offset == s.offset && j < i) {
				s.lo, s.hi = math.Inf(1), math.Inf(-1)
			}
		case c > 0 && room/c < s.hi:
			s.hi, s.atomHi = room/c, o.atom
		case c < 0 && room/c > s.lo:
			s.lo, s.atomLo = room/c, o.atom
		}
	}
}

// project returns the point v nearest to y of the polygon for λ; the atom whose side it
// lies on, -1 if it is y itself; and the atom of the second side if it is a corner, else
// -1. It looks at the sides that y lies beyond and takes the nearest point of each.
func (p polygon) project(y r2.Vec, lambda float64) (v r2.Vec, atom, second int) {
	v, atom, second = y, -1, -1
	least := math.Inf(1)
	for i := range p {
		s := &p[i]
		beyond := r2.Dot(s.normal, y) - s.offset*lambda
		if beyond <= 0 {
			continue
		}
		at, corner := r2.Dot(s.along, y), -1
		d2 := beyond * beyond
		// An unbounded side at λ = 0 gives 0·∞ here, which compares as not cut.
		if hi := s.hi * lambda; at > hi {
			d2 += (at - hi) * (at - hi)
			at, corner = hi, s.atomHi
		} else if lo := s.lo * lambda; at < lo {
			d2 += (at - lo) * (at - lo)
			at, corner = lo, s.atomLo
		}
		if d2 < least {
			least, atom, second = d2, s.atom, corner
			v = r2.Add(r2.Scale(s.offset*lambda, s.normal), r2.Scale(at, s.along))
		}
	}
	return v, atom, second
}
