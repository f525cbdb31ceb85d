package sampler

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// Kick writes to dst the points y thrown off their places by Gaussian noise of standard
// deviation size, kept inside the box. noise holds standard normal numbers.
//
//	dst = reflect(y + size·n)
func Kick(dst, y, noise []r2.Vec, size float64) {
	for i := range dst {
		dst[i] = Reflect(r2.Add(y[i], r2.Scale(size, noise[i])))
	}
}

// Descent runs downhill without noise. Points collect in the valleys, at their bottom if
// there are enough steps.
//
//	y ← reflect(y - η·clip(∂E/∂y))
type Descent struct {
	Eta  float64 // η, the step size: units of y² per unit of energy
	Clip float64 // the longest gradient that is followed; longer ones are shortened to it
}

// Step moves the walkers by one step. Their E and G are those of the place they left.
func (d Descent) Step(w Walkers, t Target) {
	w.Look(t)
	for i, g := range w.G {
		eta := d.Eta
		if norm := math.Hypot(g.X, g.Y); norm > d.Clip {
			eta *= d.Clip / norm
		}
		w.Y[i] = Reflect(r2.Sub(w.Y[i], r2.Scale(eta, g)))
	}
}
