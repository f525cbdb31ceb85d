// Package learn is what all methods with networks share: parameters that go down a
// gradient by batches, and the average of these parameters, which is what is shown.
//
// A [Learner] owns one flat list of parameters, cut into parts: networks and plain arrays.
// A method describes its parts to [Learner.Begin], which makes them with all parameters 0;
// fills in the first values; and calls [Learner.Settle], which makes the average a copy.
// From then on each step is
//
//	l.Draw(rng)       // a batch in l.Y, and zero gradients
//	…                 // the method adds to the gradients of its parts
//	l.Descend(knobs)  // down the gradient, and the average after it
//
// [Shape] holds the knobs of a network's shape, for it is asked for by nearly all of them.
package learn
