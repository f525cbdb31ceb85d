package infer

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Method is a way to move a point to the manifold. The two methods need not end in the same
// place: the energy of an autoencoder is also low halfway between two arms, where its
// reconstruction switches from one to the other. Descent may stop there, while the
// reconstruction leads away.
type Method string

// The methods.
const (
	Descent        Method = "descent"     // gradient descent on F, for every model
	Reconstruction Method = "reconstruct" // r(y), r(r(y)), …, where the model is an [ebm.Reconstructer]
)

// Nearest returns the path from y to the manifold, y first. A model that is no
// [ebm.Reconstructer] uses Descent, whatever the method.
func Nearest(m ebm.Model, y r2.Vec, method Method) []r2.Vec {
	if r, ok := m.(ebm.Reconstructer); ok && method == Reconstruction {
		return Iterate(r, y)
	}
	return Descend(m, y)
}

const (
	maxMoves           = 500
	minSlope           = 1e-6 // the slope at which descent stops
	minMove            = 1e-6 // the move at which iteration stops
	maxMove            = 0.1  // the longest move downhill, so that the point stays in its own valley
	sufficientDecrease = 1e-4 // the constant of Armijo's condition
)

// Iterate applies the reconstruction until the point does not move any more, at most 500
// times. K-means and similar models need one step.
func Iterate(m ebm.Reconstructer, y r2.Vec) []r2.Vec {
	path := []r2.Vec{y}
	for range maxMoves {
		next := Reconstruct(m, y)
		if !finite(next) || r2.Norm(r2.Sub(next, y)) < minMove {
			break
		}
		y = next
		path = append(path, y)
	}
	return path
}

// Reconstruct returns the model's point for y: W z*, g(z*) or r(y).
func Reconstruct(m ebm.Reconstructer, y r2.Vec) r2.Vec {
	var to [1]r2.Vec
	m.Reconstruct(to[:], []r2.Vec{y})
	return to[0]
}

// Descend moves the point to the bottom of its valley, within the box, by gradient descent
// with line search. It ends where the projected gradient is below 1e-6, or after 500 moves.
// A point outside starts at the nearest one of the box.
//
//	y' = clamp(y - t ∂F/∂y)
//	F(y') ≤ F(y) - 10⁻⁴ ∂F/∂y·(y - y'), else with t halved
//
// The first t that is tried is twice the last, but takes y no farther than 0.1.
//
// Source: Armijo, Minimization of functions having Lipschitz continuous first partial
// derivatives, Pacific J. Math. 16 (1966); in a box Bertsekas, On the
// Goldstein-Levitin-Polyak gradient projection method, IEEE Trans. Automatic Control 21
// (1976).
func Descend(m ebm.Model, y r2.Vec) []r2.Vec {
	y = clamp(y)
	path := []r2.Vec{y}
	f, t := energy(m, y), maxMove
	for range maxMoves {
		g := Gradient(m, y)
		if r2.Norm(r2.Sub(y, clamp(r2.Sub(y, g)))) < minSlope {
			break
		}
		t = min(2*t, maxMove/r2.Norm(g))
		next, e, ok := backtrack(m, y, g, f, &t)
		if !ok {
			break
		}
		y, f = next, e
		path = append(path, y)
	}
	return path
}

// backtrack halves t until the move against g lowers the energy f by enough. It reports
// false where rounding hides any further decrease.
func backtrack(m ebm.Model, y, g r2.Vec, f float64, t *float64) (next r2.Vec, e float64, ok bool) {
	for ; *t*r2.Norm(g) > 1e-12; *t /= 2 {
		next = clamp(r2.Sub(y, r2.Scale(*t, g)))
		e = energy(m, next)
		if e <= f-sufficientDecrease*r2.Dot(g, r2.Sub(y, next)) {
			return next, e, true
		}
	}
	return y, f, false
}

// Gradient returns ∂F/∂y at one point.
func Gradient(m ebm.Model, y r2.Vec) r2.Vec {
	var g [1]r2.Vec
	ebm.Gradient(m, g[:], []r2.Vec{y})
	return g[0]
}

func energy(m ebm.Model, y r2.Vec) float64 {
	var e [1]float64
	m.Energy(e[:], []r2.Vec{y})
	return e[0]
}

func clamp(y r2.Vec) r2.Vec {
	return r2.Vec{X: max(-ebm.L, min(ebm.L, y.X)), Y: max(-ebm.L, min(ebm.L, y.Y))}
}

func finite(y r2.Vec) bool { return !math.IsNaN(y.X-y.X) && !math.IsNaN(y.Y-y.Y) }
