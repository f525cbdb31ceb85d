package sampler

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// HMC is Hamiltonian Monte Carlo for the density e^{-βE} on the box. A walker is a ball of
// unit mass that gets a random momentum and rolls over the landscape βE without friction.
// The place where it is after some leapfrog steps is accepted or rejected:
//
//	p ~ N(0, I)
//	p ← p - ½εβ∂E/∂y                      a half step of the momentum
//	y ← y + εp,  then p ← p - εβ∂E/∂y     the leapfrog steps; after the last, a half step again
//	accept if log u < -ΔH,                H = βE(y) + |p|²/2
//
// The ball bounces off the edges of the box: the coordinate is reflected and the momentum
// across the edge reversed. So the motion stays reversible and keeps volumes, as the rule of
// acceptance requires.
//
// A step goes far, and along valleys. The error in H is O(ε²), and O(ε) for a ball that
// bounced off an edge: with ε too large everything is rejected.
//
// Source: R. M. Neal, MCMC using Hamiltonian dynamics, Handbook of Markov Chain Monte
// Carlo (2011).
type HMC struct {
	Eps   float64 // ε, the time of one leapfrog step
	Beta  float64 // β, the inverse temperature
	Leaps int     // leapfrog steps to a step, at least 1
}

// AcceptanceHMC is the share of accepted steps that HMC is tuned to: a little above the
// 0.651 that is best in many dimensions (Beskos et al. 2013), where it is less sensitive.
const AcceptanceHMC = .75

// Traits: HMC needs noise, for the momenta, and uniforms.
func (HMC) Traits() Traits {
	return Traits{Name: NameHMC, Noise: true, Uniforms: true, Gradient: true, Acceptance: AcceptanceHMC, Settings: Settings{Size: .04, Beta: 1, Leaps: 4}}
}

// Set takes ε, β and the number of leaps.
func (h *HMC) Set(s Settings) { h.Eps, h.Beta, h.Leaps = s.Size, s.Beta, s.Leaps }

// Begin computes E and G.
func (HMC) Begin(w Walkers, t Target) { w.Update(t) }

// Step moves the walkers by one step and returns how many proposals were accepted; noise
// holds the initial momenta. E and G of the walkers must be up to date before the first step
// ([HMC.Begin]) and are so afterwards.
func (h HMC) Step(w Walkers, next Proposals, t Target, noise []r2.Vec, u []float64) (accepted int) {
	h.integrate(w, next, t, noise)
	for i := range next.Y {
		accepted += next.decide(w, i, accepts(u[i], -h.DeltaH(w, next, noise, i)))
	}
	return accepted
}

// integrate moves the walkers, with the momenta p, along their trajectories to next.
func (h HMC) integrate(w Walkers, next Proposals, t Target, p []r2.Vec) {
	copy(next.From, w.Y)
	copy(next.Y, w.Y)
	copy(next.G, w.G)
	copy(next.P, p)
	next.recordPath(0)
	leaps := max(h.Leaps, 1)
	h.kick(next, .5)
	for l := range leaps {
		h.drift(next)
		next.Update(t)
		next.recordPath(l + 1)
		if l+1 < leaps {
			h.kick(next, 1)
		}
	}
	h.kick(next, .5)
}

// kick changes the momenta by the gradients, for the given part of ε.
func (h HMC) kick(next Proposals, part float64) {
	for i, g := range next.G {
		next.P[i] = r2.Sub(next.P[i], r2.Scale(part*h.Eps*h.Beta, g))
	}
}

// drift moves the walkers by their momenta, and bounces them off the edges. A walker whose
// place is not finite is put back with NaN as its momentum, so that it is rejected and the
// target is not evaluated there.
func (h HMC) drift(next Proposals) {
	for i, p := range next.P {
		y := r2.Add(next.Y[i], r2.Scale(h.Eps, p))
		y.X, p.X = bounce(y.X, p.X)
		y.Y, p.Y = bounce(y.Y, p.Y)
		if !inside(y) {
			y, p = next.From[i], r2.Vec{X: math.NaN(), Y: math.NaN()}
		}
		next.Y[i], next.P[i] = y, p
	}
}

// DeltaH returns the error in H of walker i from w, with momentum p[i], to next:
//
//	ΔH = β(E(y') - E(y)) + (|p'|² - |p|²)/2
func (h HMC) DeltaH(w Walkers, next Proposals, p []r2.Vec, i int) float64 {
	return h.Beta*(next.E[i]-w.E[i]) + (r2.Norm2(next.P[i])-r2.Norm2(p[i]))/2
}
