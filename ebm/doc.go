// Package ebm defines energy-based models in the plane: their interfaces, knobs, cards and
// state.
//
// An energy F(y) gives every point y = (y1, y2) of the box [-1.5, 1.5]² a number:
// low where the data lie, high elsewhere. Learning shapes that landscape, either by
// pushing it down at the data and up at chosen other points (contrastive methods), or
// by building it so that little of it can be low (architectural methods).
//
// A [Model] is one such method. It declares its hyperparameters ([Knobs]), takes one
// step at a time ([Update]) and records what the step pushed, where and how hard
// ([Trace]). It knows nothing of screens, sockets or clocks. A method registers a [Card]
// in its init function ([Register]); sliders, command-line flags, the catalogue and the
// conformance tests are built from the cards.
//
// The package has no methods of its own. Methods live in ebm/architectural and
// ebm/contrastive, the shared network in ebm/net, datasets in ebm/data, samplers in
// ebm/sampler, the metrics of a landscape in ebm/measure, and inference with a trained
// model in ebm/infer.
package ebm
