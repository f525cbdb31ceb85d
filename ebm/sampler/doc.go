// Package sampler moves points over an energy landscape.
//
// A contrastive method has to find places where the energy is low although there are no
// data. Samplers find them.
//
// [Descent] is gradient descent: a training point is perturbed ([Perturb]) and then moves
// downhill without noise until it is in a valley. It is not a sampler in the statistical
// sense: where it ends has no known distribution.
//
// The others are samplers, exactly or nearly. In the long run they visit a place in
// proportion to the Gibbs density
//
//	p(y) ∝ e^{-βE(y)}
//
// [RandomWalk] proposes a random place nearby and rejects most proposals uphill. [MALA], the
// Metropolis-adjusted Langevin algorithm, proposes a step downhill plus noise, and rejects
// as many proposals as the density requires. [HMC], Hamiltonian Monte Carlo, follows the
// motion of a ball without friction for a while. [ULA], the unadjusted Langevin algorithm,
// rejects nothing, and its density is only nearly right.
//
// Each is a [Kernel], so that a method can offer all of them by name. [Chains] runs any on
// any landscape, such as that of a trained model ([On]). [Proposals] holds what was proposed
// and rejected in a step.
//
// Walkers never leave the box: Descent and ULA reflect them at its edges ([Reflect]), HMC
// bounces off, RandomWalk and MALA reject a step outside. An energy network is periodic or
// undefined out there.
//
// The caller provides the memory and the random numbers of a step. So steps allocate
// nothing, blocks of points can run on several cores, and the result does not depend on
// how many, because the noise was drawn beforehand.
package sampler
