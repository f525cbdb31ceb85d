package net

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/net/internal/kernel"
)

// Codes finds the codes z of up to Block points at once, K numbers each, which reconstruct a
// point y as W z, by the proximal gradient method with momentum:
//
//	c.Atoms(x, y, origin, 2/ℓ)       // once for many points
//	c.Load(at, gain)                 // gain·y in place of y
//	c.Start(0)                       // all codes 0
//	c.Shrink(-cut, cut, momentum)        // again and again, or c.Simplex(momentum)
//
// Shrink makes a step down ‖y - W z‖² + λ‖z‖₁, with cut = λ/ℓ, and Simplex one down
// ‖y - W z‖² + ℓ b·z for weights z of a mixture; ℓ is the greatest curvature in z. Z[k*Block+i] is
// number k of point i. What it is does not depend on the other points.
type Codes[T Float] struct {
	kernel.Codes[T]
	set    *kernel.Set[T]
	origin r2.Vec
}

// NewCodes returns memory for codes of any size, which belongs to one goroutine.
func NewCodes[T Float]() *Codes[T] {
	c := &Codes[T]{set: kernel.For[T]()}
	c.Y, c.Pull, c.Threshold = aligned[T](2*Block), aligned[T](2*Block), aligned[T](Block)
	return c
}

// Atoms sets the columns of W, as seen from the origin, and the rate 2/ℓ. It leaves b to
// the caller.
func (c *Codes[T]) Atoms(x, y []float64, origin r2.Vec, rate float64) {
	if n := len(x); cap(c.W1) < n {
		c.W1, c.W2, c.B = make([]T, n), make([]T, n), make([]T, n)
		c.Z, c.Q = aligned[T](n*Block), aligned[T](n*Block)
	} else {
		c.W1, c.W2, c.B = c.W1[:n], c.W2[:n], c.B[:n]
	}
	for k := range x {
		c.W1[k], c.W2[k] = T(x[k]-origin.X), T(y[k]-origin.Y)
	}
	c.origin, c.Rate = origin, T(rate)
}

// Load sets up to Block points, as seen from the origin and times gain. Lanes without a
// point get 0.
func (c *Codes[T]) Load(at []r2.Vec, gain float64) {
	y1, y2 := (*[Block]T)(c.Y), (*[Block]T)(c.Y[Block:])
	*y1, *y2 = [Block]T{}, [Block]T{}
	for i, y := range at[:min(len(at), Block)] {
		y1[i], y2[i] = T(gain*(y.X-c.origin.X)), T(gain*(y.Y-c.origin.Y))
	}
}

// Shrink makes a step for all points: z = u - min(max(u, low), cut), where u is the place
// that the gradient leads to.
func (c *Codes[T]) Shrink(low, cut, momentum T) { c.set.Shrink(&c.Codes, low, cut, momentum) }

// Simplex makes a step for all points: z is the point of the simplex nearest to u.
func (c *Codes[T]) Simplex(momentum T) { c.set.Simplex(&c.Codes, momentum) }

// Residual returns y - W z of point i, if the last step had no momentum.
func (c *Codes[T]) Residual(i int) r2.Vec {
	return r2.Vec{X: float64(c.Pull[i] / c.Rate), Y: float64(c.Pull[Block+i] / c.Rate)}
}

// Lengths returns Σ_k |z_k| for each point.
func (c *Codes[T]) Lengths() (sum [Block]T) {
	for k := range c.W1 {
		for i, z := range (*[Block]T)(c.Z[k*Block:]) {
			sum[i] += max(z, -z)
		}
	}
	return sum
}

// Spreads returns Σ_k z_k (w_k - y) and Σ_k z_k ‖w_k - y‖² for each point, loaded with a gain
// of 1.
func (c *Codes[T]) Spreads() (x, y, squared [Block]T) {
	y1, y2 := (*[Block]T)(c.Y), (*[Block]T)(c.Y[Block:])
	for k, w1 := range c.W1 {
		w2 := c.W2[k]
		for i, z := range (*[Block]T)(c.Z[k*Block:]) {
			dx, dy := w1-y1[i], w2-y2[i]
			x[i] += z * dx
			y[i] += z * dy
			squared[i] += z * (dx*dx + dy*dy)
		}
	}
	return x, y, squared
}
