// Package contrastive holds the methods that learn by contrast: they push the energy down
// at the training points and up at other points, and so dig a canyon where the data lie.
//
// All of them have to answer one question: where to push up? Each file is one answer.
//
//   - maxlik pushes up everywhere, in proportion to the probability that the model itself
//     gives to a place. That needs an integral over the whole plane: on a grid in two
//     dimensions it can be had, in a thousand it cannot.
//   - mc takes points at random for the whole plane, and weighs them. mcmc sends chains out
//     that end where the model believes data could be, hmc lets them roll, and pcd never
//     calls them back: they go on from step to step (chains.go).
//   - cd looks nearby only: it kicks a training point, lets it run down into the nearest
//     valley, and pushes up where it comes to rest; or begins its chains at the data.
//   - nce tells data from noise whose density is known, and hinge is content once the noise
//     lies higher by a margin.
//   - dae spoils training points with noise and learns to mend them: the energy is the
//     distance between a point and its mended version, so it rises where the noise went.
//     masked hides a coordinate and guesses it.
//   - scorematching and dsm look at slopes: level at the data, steep around it. They count
//     as architectural, but train the same network.
//
// How far the gradient of a method that samples leads away from the true one is measured
// as it learns (bias.go): in the plane the true one is known.
//
// What the methods share is a small network (network.go; its training is that of
// ebm/internal/learn) and the special case in which the network's one output is the energy
// (energynet.go).
//
// Each method is generic in the type of its parameters: float32 trains and draws, and the
// same code at float64 is what is compared with reference numbers and what measures.
package contrastive
