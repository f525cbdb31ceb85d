package sampler

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// ULA is the unadjusted Langevin algorithm: a step downhill plus noise. Nothing is rejected,
// so walkers never get stuck; but their density is wider than e^{-βE}, the more so the
// larger η is.
//
//	y ← reflect(y - η·clip(β∂E/∂y) + √(2η)·n),  n ~ N(0, I)
//
// In a valley of curvature κ their variance is too large by a factor
//
//	1/(1 - ηβκ/2)
//
// and with η > 2/βκ they oscillate across it with growing amplitude.
//
// Source: G. Parisi, Correlation functions and computer simulations, Nuclear Physics B
// 180 (1981).
type ULA struct {
	Eta  float64 // η, the step size: half the variance of the noise
	Beta float64 // β, the inverse temperature
	Clip float64 // the longest drift β∂E/∂y that is followed; longer ones are shortened to it
}

// Traits: ULA needs noise and rejects nothing.
func (ULA) Traits() Traits {
	return Traits{Name: NameULA, Noise: true, Gradient: true, Settings: Settings{Size: 3e-4, Beta: 1, Clip: 100}}
}

// Set takes η, β and the clip.
func (l *ULA) Set(s Settings) { l.Eta, l.Beta, l.Clip = s.Size, s.Beta, s.Clip }

// Begin does nothing: every step evaluates the target itself.
func (ULA) Begin(Walkers, Target) {}

// Step moves the walkers by one step. Their E and G are those of their previous places.
func (l ULA) Step(w Walkers, next Proposals, t Target, noise []r2.Vec, _ []float64) (accepted int) {
	w.Update(t)
	spread := math.Sqrt(2 * l.Eta)
	for i, g := range w.G {
		drift := r2.Scale(l.Beta, g)
		drift = r2.Scale(l.Eta*clipFactor(drift, l.Clip), drift)
		to := Reflect(r2.Add(r2.Sub(w.Y[i], drift), r2.Scale(spread, noise[i])))
		next.propose(i, w.Y[i], to)
		w.Y[i], next.Accepted[i] = to, true
	}
	return len(w.Y)
}
