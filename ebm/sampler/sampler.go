package sampler

import (
	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// Target is an energy that a walk takes place on.
type Target interface {
	// EnergyGrad writes E(at[i]) to e[i] and ∂E/∂y there to g[i], for a block of at most
	// 64 points.
	EnergyGrad(e []float64, g, at []r2.Vec)
}

// Walkers are points on a landscape, together with what is known of it where they stand.
type Walkers struct {
	Y []r2.Vec  // where they are
	E []float64 // E(y)
	G []r2.Vec  // ∂E/∂y
}

// NewWalkers returns memory for n points.
func NewWalkers(n int) Walkers {
	return Walkers{Y: make([]r2.Vec, n), E: make([]float64, n), G: make([]r2.Vec, n)}
}

// Slice returns the walkers lo, …, hi-1; they share memory with w.
func (w Walkers) Slice(lo, hi int) Walkers {
	return Walkers{Y: w.Y[lo:hi], E: w.E[lo:hi], G: w.G[lo:hi]}
}

// Look brings E and G up to date with Y.
func (w Walkers) Look(t Target) { t.EnergyGrad(w.E, w.G, w.Y) }

// Normal fills dst with standard normal numbers, X before Y.
func Normal(dst []r2.Vec, rng ebm.Rand) {
	for i := range dst {
		dst[i].X = rng.NormFloat64()
		dst[i].Y = rng.NormFloat64()
	}
}

// Uniform fills dst with numbers uniform on [0, 1).
func Uniform(dst []float64, rng ebm.Rand) {
	for i := range dst {
		dst[i] = rng.Float64()
	}
}

// Reflect returns y where it lies in the box; a coordinate beyond a wall is mirrored in
// it once and, where that is still not inside, put on the wall.
//
//	y > L:  2L - y        y < -L:  -2L - y        then clamped to [-L, L]
func Reflect(y r2.Vec) r2.Vec { return r2.Vec{X: reflect(y.X), Y: reflect(y.Y)} }

func reflect(v float64) float64 {
	switch {
	case v > ebm.L:
		return max(2*ebm.L-v, -ebm.L)
	case v < -ebm.L:
		return min(-2*ebm.L-v, ebm.L)
	}
	return v
}

// inside reports whether y lies in the box.
func inside(y r2.Vec) bool {
	return y.X >= -ebm.L && y.X <= ebm.L && y.Y >= -ebm.L && y.Y <= ebm.L
}
