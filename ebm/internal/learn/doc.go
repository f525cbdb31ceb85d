// Package learn trains parameters by stochastic gradient descent, for all methods with
// networks, and keeps their moving average, which is what is displayed.
//
// A [Learner] owns one flat list of parameters, divided into parts: networks and plain
// arrays. A method describes its parts to [Learner.Begin], which makes them with all
// parameters 0; sets the initial values; and calls [Learner.InitAverage], which copies them
// to the average. From then on each step is
//
//	l.Draw(rng)       // a batch in l.Y, and zero gradients
//	…                 // the method adds to the gradients of its parts
//	l.Descend(knobs)  // a step down the gradient, and an update of the average
//
// [Shape] holds the knobs of a network's shape.
package learn
