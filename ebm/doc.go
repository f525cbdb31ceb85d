// Package ebm is the vocabulary of energy-based models in the plane.
//
// An energy F(y) gives every point y = (y1, y2) of the box [-1.5, 1.5]² a number:
// low where the data lie, high elsewhere. Learning shapes that landscape, either by
// pushing it down at the data and up at chosen other points (contrastive methods), or
// by building it so that little of it can be low (architectural methods).
//
// A [Model] is one such method. It declares its hyperparameters ([Knobs]), takes one
// step at a time ([Update]) and tells what the step pushed, where and how hard
// ([Trace]). It knows nothing of screens, sockets or clocks. A method introduces itself
// with a [Card], in one file, by calling [Register] in its init function; sliders,
// command-line flags, the catalogue and the conformance tests then find it by
// themselves.
//
// The package holds no method of its own. Methods live in ebm/architectural and
// ebm/contrastive, the shared network in ebm/net, datasets in ebm/data, samplers in
// ebm/sampler, the figures that judge a landscape in ebm/measure, and the questions that a
// trained one answers in ebm/infer.
package ebm
