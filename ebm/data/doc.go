// Package data holds the datasets that models are trained on.
//
// A [Set] has knobs of its own (how many points, how much noise, which seed) and gives
// three things: the training points, fresh points of the same distribution to test with,
// and the exact density, against which an energy can be judged. All of it lives in the
// box [-1.5, 1.5]²; the [Axes] of a dataset convert them to the units of its source.
//
// Most sets are a curve with Gaussian noise around it (curve.go): a function from
// u ∈ (0, 1) to the plane defines such a set. Its density is that of 1500 Gaussians along
// the curve, which is exact to 1e-8 (mixture.go). Noise that would leave the box is drawn
// again, so the density is truncated there too. The pinwheel, the checkerboard and the horn have densities in closed form.
//
// A dataset registers a [Card] in its init function ([Register]). [Custom] is the one whose
// points come from outside. Package table reads them from files.
package data
