// Package measure judges landscapes: is the energy low where data lie, and only there?
//
// A [Suite] holds what one dataset is judged by, test points that no model was trained
// on, uniform points and a grid, and turns an energy into a [Report]. Three of its numbers
// say most:
//
//   - [AUC] asks for the order only: does a point of the data lie lower than one drawn
//     anywhere? The true density itself stays below 1, since a uniform point may hit the
//     data, so the report gives its AUC as the ceiling.
//   - The NLL asks for the depth as well: how probable are the test points under the
//     density e^{-βE} / Z? An energy that is no log probability, such as a squared
//     distance, has no β of its own; it is given the best ([Calibrate]).
//   - Vol95 is the volume of low energy: the part of the box that lies as low as 95 % of
//     the data. It is what pushing up, or an architecture, keeps small.
//
// OffMass and FarMin look where no data are: a valley there, perhaps deeper than that of
// the data, is what a chain that never went there has left behind. [ColourRange] chooses
// the energies between which a landscape is coloured.
//
// A model can also be judged by what it makes up: [Draw] takes points from its density,
// and [Chamfer], [MMD2] and [W2] or [SlicedW2] say how far they lie from test points. The
// report sets beside each what fresh points of the data themselves reach, its floor. [ESS]
// tells how many points an average with weights is worth.
//
// Z is an integral over the box, by the midpoint rule on a grid ([LogZ]): in the plane
// one can afford the truth.
package measure
