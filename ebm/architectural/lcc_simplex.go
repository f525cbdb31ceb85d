package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/net"
)

// anchor is a prototype as seen from y: its place relative to y and its squared distance.
type anchor struct {
	k  int
	a  r2.Vec
	d2 float64
}

// mixture is a code with at most three anchors.
type mixture struct {
	n      int
	anchor [3]anchor
	z      [3]float64
	r      r2.Vec  // W z - y
	e      float64 // E(y, z)
}

// exact finds the best code of y. It begins with the nearest anchor alone and takes in,
// again and again, the one that E falls most steeply towards,
//
//	½ ∂E/∂z_k = (w_k - y)·(W z - y) + ½ λ ‖y - w_k‖²,
//
// each time going to the best mixture of that one and those at hand. Three are enough:
// lifted to (w, ‖w‖²), the anchors of the best code lie on one face of the lower hull,
// which is to say that they span a Delaunay triangle, or a side or a corner of one. E falls
// each time and there are finitely many mixtures, so it ends; and E is convex in z, so
// where no direction leads down is the minimum. Each point is solved independently of the
// others.
//
// P. Wolfe, "Finding the nearest point in a polytope", 1976.
func (m *lcc) exact(y r2.Vec) mixture {
	k, d2 := m.w.nearest(y)
	a := r2.Sub(m.w.at(k), y)
	best := mixture{n: 1, anchor: [3]anchor{{k, a, d2}}, z: [3]float64{1}, r: a, e: (1 + m.lambda) * d2}
	for {
		next := m.steepest(y, best.r)
		if best.has(next.k) {
			return best
		}
		better := best.with(next, m.lambda)
		if !(better.e < best.e) {
			return best
		}
		best = better
	}
}

// steepest is the anchor with the least ∂E/∂z_k where W z - y = r.
func (m *lcc) steepest(y, r r2.Vec) anchor {
	x1, x2 := m.w.x, m.w.y[:len(m.w.x)]
	rx, ry, half := r.X, r.Y, m.lambda/2
	best, least := 0, math.Inf(1)
	for k := range x1 {
		ax, ay := x1[k]-y.X, x2[k]-y.Y
		if s := ax*(rx+half*ax) + ay*(ry+half*ay); s < least {
			best, least = k, s
		}
	}
	a := r2.Sub(m.w.at(best), y)
	return anchor{best, a, r2.Norm2(a)}
}

func (s *mixture) has(k int) bool {
	for i := range s.n {
		if s.anchor[i].k == k {
			return true
		}
	}
	return false
}

// with is the best mixture of c and one or two of the anchors of s, or s if none is better.
func (s *mixture) with(c anchor, lambda float64) mixture {
	best := *s
	for i := range s.n {
		best.tryPair(c, s.anchor[i], lambda)
		for j := range i {
			best.tryTriple(c, s.anchor[i], s.anchor[j], lambda)
		}
	}
	return best
}

// tryPair makes s the best mixture of p and q, if that is better. Along the way from p to
// q, d = q - p, E is a parabola with its lowest point at
//
//	s = -(1 + λ) d·a_p / ‖d‖² - λ/2
func (s *mixture) tryPair(p, q anchor, lambda float64) {
	d := r2.Sub(q.a, p.a)
	t := -(1+lambda)*r2.Dot(d, p.a)/r2.Norm2(d) - lambda/2
	if !(t > 0 && t < 1) {
		return
	}
	r := r2.Add(p.a, r2.Scale(t, d))
	if e := r2.Norm2(r) + lambda*((1-t)*p.d2+t*q.d2); e < s.e {
		*s = mixture{2, [3]anchor{p, q}, [3]float64{1 - t, t}, r, e}
	}
}

// tryTriple does so for three anchors. If they lie on a line, where two are enough, the
// weights are not finite and are rejected. With d = q - p and f = o - p the weights s and t
// of q and o solve
//
//	‖d‖² s + d·f t = -(1 + λ) d·a_p - λ ‖d‖²/2
//	d·f s + ‖f‖² t = -(1 + λ) f·a_p - λ ‖f‖²/2
func (s *mixture) tryTriple(p, q, o anchor, lambda float64) {
	d, f := r2.Sub(q.a, p.a), r2.Sub(o.a, p.a)
	dd, df, ff := r2.Norm2(d), r2.Dot(d, f), r2.Norm2(f)
	det := dd*ff - df*df
	b, c := -(1+lambda)*r2.Dot(d, p.a)-lambda*dd/2, -(1+lambda)*r2.Dot(f, p.a)-lambda*ff/2
	zq, zo := (b*ff-c*df)/det, (c*dd-b*df)/det
	zp := 1 - zq - zo
	if !(zp > 0 && zq > 0 && zo > 0) {
		return
	}
	r := r2.Add(p.a, r2.Add(r2.Scale(zq, d), r2.Scale(zo, f)))
	if e := r2.Norm2(r) + lambda*(zp*p.d2+zq*q.d2+zo*o.d2); e < s.e {
		*s = mixture{3, [3]anchor{p, q, o}, [3]float64{zp, zq, zo}, r, e}
	}
}

// descend makes n steps of projected FISTA from the even mixture of all anchors.
//
// A. Beck, M. Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear
// inverse problems", 2009.
func (m *lcc) descend(z []float64, y r2.Vec, n int) {
	var a1, a2, d2, now, ahead [maxK]float64 // on the stack: this is the innermost loop
	for k := range z {
		a1[k], a2[k], d2[k] = m.w.x[k]-y.X, m.w.y[k]-y.Y, m.w.squared(k, y)
		now[k], ahead[k] = 1/float64(len(z)), 1/float64(len(z))
	}
	lipschitz, lambda, t := m.lipschitz, m.lambda, momentum(1)
	if lipschitz == 0 {
		n = 0 // all anchors are at one place
	}
	for range n {
		var r r2.Vec
		for k := range z {
			r.X += ahead[k] * a1[k]
			r.Y += ahead[k] * a2[k]
		}
		for k := range z {
			ahead[k] -= (2*(a1[k]*r.X+a2[k]*r.Y) + lambda*d2[k]) / lipschitz
		}
		projectSimplex(ahead[:len(z)])
		extrapolation := t.next()
		for k := range z {
			c := ahead[k]
			ahead[k], now[k] = c+extrapolation*(c-now[k]), c
		}
	}
	copy(z, now[:])
}

// iterate does what descend does for a block of points at once. Relative to the mean of the
// anchors, and without the terms that are the same for all k, which the projection onto the
// simplex ignores,
//
//	∂E/∂z_k = -2 w_k·((1 + λ) y - W z) + λ ‖w_k‖²
func (m *lcc) iterate(dst []float64, at []r2.Vec) {
	c := searches.Get().(*net.Codes[float32])
	c.Atoms(m.w.x, m.w.y, m.middle, 2/m.lipschitz)
	for k := range c.B {
		c.B[k] = float32(-m.lambda / m.lipschitz * m.w.squared(k, m.middle))
	}
	for lo := 0; lo < len(at); lo += net.Block {
		block := at[lo:min(lo+net.Block, len(at))]
		c.Load(block, 1+m.lambda)
		c.Start(1 / float32(m.k))
		t := momentum(1)
		for range m.iterations {
			c.Simplex(float32(t.next()))
		}
		c.Load(block, 1)
		x, y, squared := c.Spreads()
		for i := range block {
			dst[lo+i] = float64(x[i]*x[i]+y[i]*y[i]) + m.lambda*float64(squared[i])
		}
	}
	searches.Put(c)
}

// projectSimplex moves v to the nearest point with v >= 0 and Σ v = 1. All coordinates
// sink by the same amount, those that fall below 0 stay there, and the others share what
// is missing, until none falls any more.
//
// C. Michelot, "A finite algorithm for finding the projection of a point onto the
// canonical simplex of Rⁿ", 1986.
func projectSimplex(v []float64) {
	threshold, kept := math.Inf(-1), len(v)
	for {
		sum, n := 0.0, 0
		for _, c := range v {
			if c > threshold {
				sum += c
				n++
			}
		}
		if n == kept && !math.IsInf(threshold, -1) || n == 0 {
			break
		}
		threshold, kept = (sum-1)/float64(n), n
	}
	for k, c := range v {
		v[k] = max(c-threshold, 0)
	}
}
