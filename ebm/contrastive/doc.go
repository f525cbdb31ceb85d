// Package contrastive holds the methods that learn by contrast: they push the energy down
// at the training points and up at other points, and so dig a canyon where the data lie.
//
// All of them have to answer one question: where to push up? Each file is one answer.
//
//   - maxlik pushes up everywhere, in proportion to the probability that the model itself
//     gives to a place. That needs an integral over the whole plane: on a grid in two
//     dimensions it can be had, in a thousand it cannot.
//   - cd looks for the low places only: it kicks a training point, lets it run down into
//     the nearest valley, and pushes up where it comes to rest.
//   - dae spoils training points with noise and learns to mend them. The energy is the
//     distance between a point and its mended version, so it rises where the noise went.
//
// What the methods share is a small network with its optimiser (network.go) and the
// special case in which the network's one output is the energy (energynet.go).
//
// Each method is generic in the type of its parameters: float32 trains and draws, and the
// same code at float64 is what is compared with reference numbers and what measures.
package contrastive
