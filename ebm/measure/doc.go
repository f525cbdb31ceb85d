// Package measure computes metrics of landscapes: is the energy low where data lie, and only
// there?
//
// A [Suite] holds the test set of one dataset, with uniform points and a grid, and computes the
// [Report] of an energy. The test set are points that no model was trained on, unless the report
// says that they are the training points ([TestSet]). Three of its metrics matter most:
//
//   - [AUC] measures the order only: does a data point have less energy than a uniform
//     one? The true density itself stays below 1, since a uniform point may hit the data,
//     so the report has its AUC as the ceiling.
//   - The NLL measures the depth as well: how probable are the test points under the
//     density e^{-βE} / Z? β is that of the model. An energy without a density of its own, such
//     as a squared distance, has none; the best one is used ([Calibrate]).
//   - Vol95 is the volume of low energy: the part of the box that lies as low as 95 % of
//     the data. Pushing up, or the architecture, keeps it small.
//
// OffMass and FarMin measure the energy where there are no data: chains that never got there
// may leave a valley that is deeper than that of the data. [ColourRange] chooses the energies
// between which a landscape is coloured.
//
// Samples of a model can be measured too: [Draw] samples its density, and [Chamfer], [MMD2]
// and [W2] or [SlicedW2] are distances from the test points. The report has for each the
// floor that fresh points of the dataset reach. [ESS] is the effective size of a weighted
// sample.
//
// Z is an integral over the box, by the midpoint rule on a grid ([LogZ]), which is affordable
// in the plane.
package measure
