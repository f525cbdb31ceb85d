// Package sim runs the training of one model on one dataset.
//
// A [Run] has a configuration, steps, knobs, a timeline and metrics. It has no clock and no
// goroutine, and knows no transport. What it computes depends on its [Config] and on the knobs
// and points that were set, each at its step, and on nothing else: not on the time of day, the
// number of cores, or who watches. These values are the [Log] of the run. [Replay] makes an equal
// run from a log, and [Run.Seek] returns to any earlier step, to the bit.
//
// A [Renderer] makes a [Picture] of the present step: the energy on a grid, what the last step
// pushed, where the model's parts are. A [Checkpoint] is everything that training needs to go on.
package sim
