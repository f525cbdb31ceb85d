package ebm

// MapKind says how formulas write the map of a [Reconstructer], which takes a point to the
// point that the model offers in its place.
type MapKind string

const (
	MapProject     MapKind = "project"     // W z*: the best column, or combination of columns, of a dictionary
	MapDecode      MapKind = "decode"      // g(z*): the decoder at the best code
	MapReconstruct MapKind = "reconstruct" // r(y): the output of a network
)

// Stage is one part of a step that is shown in slow motion, one stage after the other. The
// page finds the stages of a step in its [Trace].
type Stage string

const (
	StagePoints  Stage = "points"  // the training points of the step
	StageStart   Stage = "start"   // where chains start that do not start at the data
	StagePerturb Stage = "perturb" // each point is moved by noise
	StageWalk    Stage = "walk"    // chains move over the landscape
	StageDenoise Stage = "denoise" // the model's estimate of the point before the noise
	StageGuess   Stage = "guess"   // other places for each point
	StageScatter Stage = "scatter" // places that do not depend on the points
	StageNear    Stage = "near"    // the model's answer to each point
	StageUp      Stage = "up"      // where the energy is pushed up
	StageDown    Stage = "down"    // where the energy is pushed down
	StageLimit   Stage = "limit"   // how the answer varies about each point, which a penalty limits
	StagePull    Stage = "pull"    // the answer moves towards the point
	StageChange  Stage = "change"  // the new energy less the old one
	StageRest    Stage = "rest"    // nothing was pushed
)

// Stages holds a method's own sentence for some of the stages; the page has a general one
// for each. Sentences are templates:
//
//	{down|…} {up|…}   in the colour of that push
//	{downs} {ups}     how many points were pushed down or up
//	{followed}        how many of them are drawn with their paths
//	{steps}           how many steps the longest path has
//	{varies}          how far apart the two answers of the stage limit are on average
//	{lowered}         how far the energy fell at most; {raised}: how far it rose
//	{downs point}     the number with its noun: "1 point", "4 points"
//	[part|…]          only if fewer points are followed than were pushed down
//	[perturbed|…]     only if the paths begin with a perturbation; [!perturbed|…]: only if not
//	[rejected|…]      only if a proposal was rejected on one of the paths
//
// Brackets do not nest.
//
// The stage limit is shown only of methods with a sentence for it, and that record its paths in the
// [Trace], one for each point: the point, the answer to its code without noise, and that with noise;
// or a place beside the point, the answer to it, that to a place on the other side, and that place.
type Stages map[Stage]string
