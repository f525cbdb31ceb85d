package sampler

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// MALA is the Metropolis-adjusted Langevin algorithm for the density e^{-βE} on the box.
// A step proposes a place and goes there or stays:
//
//	y' = y - ηβ∂E/∂y + √(2η)·n,  n ~ N(0, I)
//	accept if log u < log α,     u ~ U(0, 1), y' in the box
//
// Small η: nearly all steps are accepted, and all are short. Large η: the walkers stand
// still. In between (see [Adapt]) they cover the most ground.
//
// Source: Roberts and Tweedie, Exponential convergence of Langevin distributions and
// their discrete approximations, Bernoulli 2 (1996).
type MALA struct {
	Eta  float64 // η, the step size: half the variance of the noise
	Beta float64 // β, the inverse temperature
}

// AcceptanceMALA is the share of accepted steps at which MALA covers the most ground
// (Roberts and Rosenthal 1998: 0.574).
const AcceptanceMALA = .57

// Step moves the walkers by one step and returns how many went. Their E and G must be up
// to date before the first step ([Walkers.Look]) and are so afterwards. next is memory
// for the proposals, noise and u the random numbers of this step, all as long as w.
func (m MALA) Step(w, next Walkers, t Target, noise []r2.Vec, u []float64) (accepted int) {
	spread := math.Sqrt(2 * m.Eta)
	for i, n := range noise {
		drift := r2.Sub(w.Y[i], r2.Scale(m.Eta*m.Beta, w.G[i]))
		next.Y[i] = r2.Add(drift, r2.Scale(spread, n))
	}
	next.Look(t)
	for i := range next.Y {
		if inside(next.Y[i]) && math.Log(u[i]) < m.LogAlpha(w, next, i) {
			w.Y[i], w.E[i], w.G[i] = next.Y[i], next.E[i], next.G[i]
			accepted++
		}
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

// Adapt returns the step size for the next update after steps of size eta of which the
// given share was accepted: a little longer if more than the target were, else shorter.
//
//	η ← clamp(η·exp(0.1(acceptance - target)), 1e-5, 0.5)
func Adapt(eta, acceptance, target float64) float64 {
	return min(max(eta*math.Exp(.1*(acceptance-target)), 1e-5), .5)
}
