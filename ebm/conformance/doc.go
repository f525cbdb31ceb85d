// Package conformance holds the tests that every method must pass, whatever it is.
//
// A method is known to the rest of the program only by its card and by the interfaces of
// package ebm, and each of these makes promises: Energy may run on several goroutines and
// gives the same bits however the points are cut into blocks; a model that goes on from a
// saved state goes on to the bit; the same seed gives the same run on one core and on
// many; a knob at either end of its range may spoil the landscape, but never in a way
// that nobody would notice. Here each promise is one check, and [Test] holds a card to
// all of them.
//
// A check is a function from a card to an error, so that this package's own tests can
// hand it methods that break the promise and see that it is noticed. A new method needs
// no test of this kind: once registered it is found and checked.
package conformance
