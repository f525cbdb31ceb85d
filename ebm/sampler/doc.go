// Package sampler moves points over an energy landscape.
//
// A contrastive method has to find the places where the model wrongly believes data could
// be: they are where the energy is low and no data are. Walks look for them.
//
// [Descent] is the plain one: a training point is kicked away from its place and then
// runs downhill, without noise, as a ball in oil would. It ends in a valley. It is no
// sampler in the sense of statistics: the ends of the walks have no known distribution.
//
// The others are samplers, or nearly. In the long run they visit a place in proportion to
// the Gibbs density
//
//	p(y) ∝ e^{-βE(y)}
//
// [RandomWalk] throws the walker somewhere near and refuses most throws uphill. [MALA], the
// Metropolis-adjusted Langevin algorithm, goes downhill a little, adds noise, and refuses
// what would spoil the density. [HMC], Hamiltonian Monte Carlo, lets it roll like a ball
// for a while. [ULA], the unadjusted Langevin algorithm, refuses nothing, and is only
// nearly right.
//
// Each is a [Kernel], so that a method can offer all of them by name. [Chains] runs any on
// any landscape, such as that of a trained model ([On]). What was proposed and refused in
// a step is told by its [Proposals].
//
// Walks never leave the box: Descent and ULA are mirrored in its walls ([Reflect]), HMC
// bounces off them, RandomWalk and MALA refuse a step outside. That matters, for an energy
// network is periodic or undefined out there.
//
// Every walk takes the memory and the random numbers it needs from its caller. So steps
// allocate nothing, blocks of points can walk on several cores at once, and since the
// noise was drawn beforehand the result does not depend on how many.
package sampler
