// Package conformance contains the tests that every method must pass.
//
// The rest of the program knows a method only by its card and by the interfaces of package
// ebm, and relies on their contracts: Energy may run on several goroutines and gives the same
// bits however the points are cut into blocks; a model that continues from a saved state
// gives the same bits; the same seed gives the same run on one core and on many; a model that
// diverges at the end of a knob's range must show it in its energy. Each requirement is one
// check, and [Test] runs all of them on a card.
//
// A check is a function from a card to an error, so that this package's own tests can run it
// on methods that violate the requirement. A new method needs no test of this kind: once
// registered it is found and checked.
package conformance
