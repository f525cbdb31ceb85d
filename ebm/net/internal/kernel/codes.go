package kernel

import (
	"fmt"
	"math"
)

// Codes are the codes z of a block of points, K numbers each, that come ever closer to the
// least of
//
//	‖y - W z‖² + ℓ b·z, and the penalty or constraint of Shrink or Simplex
//
// by the proximal gradient method with momentum: a step down the gradient from a place q
// ahead of z, the proximal map, and the next q.
//
//	u = q + b + Wᵀ pull,   pull = 2/ℓ (y - W q)
//	q' = z' + momentum (z' - z),   z' the nearest allowed to u
//
// The caller initialises Z, Q, Pull and, for Simplex, Threshold.
type Codes[T Float] struct {
	W1, W2    []T // the rows of W, K numbers each
	B         []T // b, for Simplex
	Rate      T   // 2/ℓ
	Y         []T // two rows: y
	Z, Q      []T // K rows
	Pull      []T // two rows
	Threshold []T // a row: by how much the last Simplex lowered all u, -∞ at first
}

func (c *Codes[T]) check(name string) {
	k := len(c.W1)
	if k < 1 || len(c.W2) != k || len(c.Y) < 2*Block || len(c.Z) < k*Block || len(c.Q) < k*Block || len(c.Pull) < 2*Block {
		panic(fmt.Sprintf("kernel: %s of %d, %d atoms with slices of %d, %d, %d, %d", name, k, len(c.W2), len(c.Y), len(c.Z), len(c.Q), len(c.Pull)))
	}
}

// Shrink makes a step for a penalty of λ‖z‖₁, cut = λ/ℓ, without b:
//
//	z' = u - min(max(u, low), cut)
//
// which is sign(u) max(|u| - cut, 0) for low = -cut and max(u - cut, 0) for low = -∞.
func (s *Set[T]) Shrink(c *Codes[T], low, cut, momentum T) {
	c.check("Shrink")
	s.shrink(c, low, cut, momentum)
}

// Simplex makes a step for codes that are not negative and whose sum is 1. All u are
// lowered by as much as leaves a sum of 1 of what is above 0:
//
//	z' = max(u - threshold, 0),   Σ_k max(u_k - threshold, 0) = 1
//
// The sum falls with threshold and is convex and piecewise linear, so that Newton's method
// comes to the solution from below in finitely many steps, and is below after one from
// anywhere. It begins with the last Threshold. A point that is there stays there, to the bit,
// while others go on.
func (s *Set[T]) Simplex(c *Codes[T], momentum T) {
	c.check("Simplex")
	if len(c.B) != len(c.W1) || len(c.Threshold) < Block {
		panic(fmt.Sprintf("kernel: Simplex of %d atoms with slices of %d, %d", len(c.W1), len(c.B), len(c.Threshold)))
	}
	s.simplex(c, momentum)
}

func shrink[T Float](c *Codes[T], low, cut, momentum T) {
	var w [2][Block]T // W q'
	pull := (*[2 * Block]T)(c.Pull)
	for k, x := range c.W1 {
		y, z, q := c.W2[k], (*[Block]T)(c.Z[k*Block:]), (*[Block]T)(c.Q[k*Block:])
		for p, u := range q {
			u += x*pull[p] + y*pull[Block+p]
			t := u
			if t < low {
				t = low
			}
			if t > cut {
				t = cut
			}
			u -= t
			ahead := u + momentum*(u-z[p])
			z[p], q[p] = u, ahead
			w[0][p] += x * ahead
			w[1][p] += y * ahead
		}
	}
	c.aim(&w)
}

// aim sets the pull for W q.
func (c *Codes[T]) aim(w *[2][Block]T) {
	for i := range w {
		for p, v := range w[i] {
			c.Pull[i*Block+p] = c.Rate * (c.Y[i*Block+p] - v)
		}
	}
}

func simplex[T Float](c *Codes[T], momentum T) {
	pull, threshold := (*[2 * Block]T)(c.Pull), (*[Block]T)(c.Threshold)
	for k, x := range c.W1 {
		y, b, q := c.W2[k], c.B[k], (*[Block]T)(c.Q[k*Block:])
		for p := range q {
			q[p] += b + x*pull[p] + y*pull[Block+p]
		}
	}
	*threshold = c.newton(threshold)
	for more := true; more; {
		more = false
		for p, next := range c.newton(threshold) {
			if next > threshold[p] {
				threshold[p], more = next, true
			}
		}
	}
	var w [2][Block]T
	for k, x := range c.W1 {
		y, z, q := c.W2[k], (*[Block]T)(c.Z[k*Block:]), (*[Block]T)(c.Q[k*Block:])
		for p, u := range q {
			if u -= threshold[p]; u < 0 {
				u = 0
			}
			ahead := u + momentum*(u-z[p])
			z[p], q[p] = u, ahead
			w[0][p] += x * ahead
			w[1][p] += y * ahead
		}
	}
	c.aim(&w)
}

// newton returns the step of Newton's method from threshold: where those u above it, Q, would
// sum to 1. Where there is none above it is -∞.
func (c *Codes[T]) newton(threshold *[Block]T) (next [Block]T) {
	var n [Block]T
	for k := range c.W1 {
		for p, u := range (*[Block]T)(c.Q[k*Block:]) {
			if u > threshold[p] {
				next[p] += u
				n[p]++
			}
		}
	}
	for p := range next {
		next[p] = (next[p] - 1) / n[p]
	}
	return next
}

// Start sets the codes to the same number, and Pull and Threshold to match.
func (c *Codes[T]) Start(z T) {
	var w [2][Block]T
	for k, x := range c.W1 {
		for p := range w[0] {
			c.Z[k*Block+p], c.Q[k*Block+p] = z, z
			w[0][p] += x * z
			w[1][p] += c.W2[k] * z
		}
	}
	c.aim(&w)
	for p := range c.Threshold {
		c.Threshold[p] = T(math.Inf(-1))
	}
}
