package sampler

import "gonum.org/v1/gonum/spatial/r2"

// RandomWalk is random walk Metropolis for the density e^{-βE} on the box. A step proposes a
// random place nearby, whatever the slope, and accepts or rejects it:
//
//	y' = y + s·n,             n ~ N(0, I)
//	accept if log u < log α,  u ~ U(0, 1), y' in the box
//
// Steps downhill are always accepted. It needs energies only, so a step costs less than half
// of one of the others ([Energier]); but it ignores the slope, and in a thin valley most
// proposals lie on the walls.
//
// Source: N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller and E. Teller,
// Equation of state calculations by fast computing machines, 1953.
type RandomWalk struct {
	S    float64 // s, the standard deviation of a proposal
	Beta float64 // β, the inverse temperature
}

// AcceptanceRandomWalk is the share of accepted steps at which a random walk moves fastest:
// between the 0.44 of one dimension and the 0.234 of many (Roberts, Gelman
// and Gilks 1997).
const AcceptanceRandomWalk = .3

// Traits: RandomWalk needs noise and uniforms, but no gradient.
func (RandomWalk) Traits() Traits {
	return Traits{Name: NameRandomWalk, Noise: true, Uniforms: true, Acceptance: AcceptanceRandomWalk, Settings: Settings{Size: .1, Beta: 1}}
}

// Set takes s and β.
func (r *RandomWalk) Set(s Settings) { r.S, r.Beta = s.Size, s.Beta }

// Begin computes E.
func (RandomWalk) Begin(w Walkers, t Target) { w.UpdateEnergy(t) }

// Step moves the walkers by one step and returns how many proposals were accepted. Their E
// must be up to date before the first step ([RandomWalk.Begin]) and is so afterwards; their
// G is not.
func (r RandomWalk) Step(w Walkers, next Proposals, t Target, noise []r2.Vec, u []float64) (accepted int) {
	for i, n := range noise {
		next.propose(i, w.Y[i], r2.Add(w.Y[i], r2.Scale(r.S, n)))
	}
	next.UpdateEnergy(t)
	for i, y := range next.Y {
		accepted += next.decide(w, i, inside(y) && accepts(u[i], r.LogAlpha(w, next.Walkers, i)))
	}
	return accepted
}

// LogAlpha returns the logarithm of the Metropolis ratio of walker i for going from w to
// next:
//
//	log α = -β(E(y') - E(y))
func (r RandomWalk) LogAlpha(w, next Walkers, i int) float64 { return -r.Beta * (next.E[i] - w.E[i]) }
