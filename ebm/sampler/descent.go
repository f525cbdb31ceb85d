package sampler

import "gonum.org/v1/gonum/spatial/r2"

// Perturb writes to dst the points y plus Gaussian noise of standard deviation size, kept
// inside the box. noise holds standard normal numbers.
//
//	dst = reflect(y + size·n)
func Perturb(dst, y, noise []r2.Vec, size float64) {
	for i := range dst {
		dst[i] = Reflect(r2.Add(y[i], r2.Scale(size, noise[i])))
	}
}

// Descent is gradient descent without noise. Points collect in the valleys, at their bottom
// if there are enough steps.
//
//	y ← reflect(y - η·clip(∂E/∂y))
type Descent struct {
	Eta  float64 // η, the step size: units of y² per unit of energy
	Clip float64 // the longest gradient that is followed; longer ones are shortened to it
}

// Traits: Descent needs no random numbers and rejects nothing.
func (Descent) Traits() Traits {
	return Traits{Name: NameDescent, Gradient: true, Settings: Settings{Size: 1e-3, Clip: 50}}
}

// Set takes η and the clip.
func (d *Descent) Set(s Settings) { d.Eta, d.Clip = s.Size, s.Clip }

// Begin does nothing: every step evaluates the target itself.
func (Descent) Begin(Walkers, Target) {}

// Step moves the walkers by one step. Their E and G are those of their previous places.
func (d Descent) Step(w Walkers, next Proposals, t Target, _ []r2.Vec, _ []float64) (accepted int) {
	w.Update(t)
	for i, g := range w.G {
		to := Reflect(r2.Sub(w.Y[i], r2.Scale(d.Eta*clipFactor(g, d.Clip), g)))
		next.propose(i, w.Y[i], to)
		w.Y[i], next.Accepted[i] = to, true
	}
	return len(w.Y)
}
