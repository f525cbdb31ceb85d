// Package sampler moves points over an energy landscape.
//
// A contrastive method has to find the places where the model wrongly believes data could
// be: they are where the energy is low and no data are. Two walks look for them.
//
// [Descent] is the plain one: a training point is kicked away from its place and then
// runs downhill, without noise, as a ball in oil would. It ends in a valley. It is no
// sampler in the sense of statistics: the ends of the walks have no known distribution.
//
// [MALA], the Metropolis-adjusted Langevin algorithm, is one: each step goes downhill a
// little, adds Gaussian noise, and is then accepted or refused so that in the long run a
// place is visited in proportion to the Gibbs density
//
//	p(y) ∝ e^{-βE(y)}
//
// Walks never leave the box: Descent bounces off its walls ([Reflect]), MALA refuses a
// step outside. That matters, for an energy network is periodic or undefined out there.
//
// Every walk takes the memory and the random numbers it needs from its caller. So steps
// allocate nothing, blocks of points can walk on several cores at once, and since the
// noise was drawn beforehand the result does not depend on how many.
package sampler
