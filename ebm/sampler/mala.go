package sampler

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// MALA is the Metropolis-adjusted Langevin algorithm for the density e^{-βE} on the box.
// A step proposes a place, and accepts or rejects it:
//
//	y' = y - ηβ∂E/∂y + √(2η)·n,  n ~ N(0, I)
//	accept if log u < log α,     u ~ U(0, 1), y' in the box
//
// Small η: nearly all steps are accepted, and all are short. Large η: nearly all are
// rejected. In between (see [Adapt]) the walkers move fastest.
//
// Source: Roberts and Tweedie, Exponential convergence of Langevin distributions and
// their discrete approximations, Bernoulli 2 (1996).
type MALA struct {
	Eta  float64 // η, the step size: half the variance of the noise
	Beta float64 // β, the inverse temperature
}

// AcceptanceMALA is the share of accepted steps at which MALA moves fastest
// (Roberts and Rosenthal 1998: 0.574).
const AcceptanceMALA = .57

// Traits: MALA needs noise and uniforms.
func (MALA) Traits() Traits {
	return Traits{Name: NameMALA, Noise: true, Uniforms: true, Gradient: true, Acceptance: AcceptanceMALA, Settings: Settings{Size: 1e-3, Beta: 1}}
}

// Set takes η and β.
func (m *MALA) Set(s Settings) { m.Eta, m.Beta = s.Size, s.Beta }

// Begin computes E and G.
func (MALA) Begin(w Walkers, t Target) { w.Update(t) }

// Step moves the walkers by one step and returns how many proposals were accepted. E and G
// of the walkers must be up to date before the first step ([MALA.Begin]) and are so
// afterwards.
func (m MALA) Step(w Walkers, next Proposals, t Target, noise []r2.Vec, u []float64) (accepted int) {
	spread := math.Sqrt(2 * m.Eta)
	for i, n := range noise {
		drift := r2.Sub(w.Y[i], r2.Scale(m.Eta*m.Beta, w.G[i]))
		next.propose(i, w.Y[i], r2.Add(drift, r2.Scale(spread, n)))
	}
	next.Update(t)
	for i, y := range next.Y {
		accepted += next.decide(w, i, inside(y) && accepts(u[i], m.LogAlpha(w, next.Walkers, i)))
	}
	return accepted
}

// LogAlpha returns the logarithm of the Metropolis-Hastings ratio of walker i for going
// from w to next, with both proposal densities q:
//
//	log α = -β(E(y') - E(y)) + log q(y|y') - log q(y'|y)
//	log q(b|a) = -|b - a + ηβ∂E(a)/∂y|² / 4η + const
//
// It is above 0 for a move that is always accepted.
func (m MALA) LogAlpha(w, next Walkers, i int) float64 {
	there := r2.Add(r2.Sub(next.Y[i], w.Y[i]), r2.Scale(m.Eta*m.Beta, w.G[i]))
	back := r2.Add(r2.Sub(w.Y[i], next.Y[i]), r2.Scale(m.Eta*m.Beta, next.G[i]))
	return -m.Beta*(next.E[i]-w.E[i]) + (r2.Norm2(there)-r2.Norm2(back))/(4*m.Eta)
}
