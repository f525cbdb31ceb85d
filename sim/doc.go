// Package sim gives the models time. It knows nothing of sockets or pages.
//
// A [Run] is one life of one model on one dataset: it steps, it evaluates the energy on
// a grid, it can be rewound. It has no clock and no goroutine, and what it computes
// depends on nothing but its [Config] and the knobs that were moved, or the points that were
// brought, each at a certain step: not on the time of day, the number of cores or who looks on. So the past need
// not be kept. A snapshot here and there and the list of moved knobs are enough to come
// back to any step, to the bit.
//
// A [Session] gives a Run a goroutine of its own, a pace and an audience. Between two
// steps it does what it was asked to ([Session.Do]), and at each tick it makes one
// [Frame]: a whole instant, encoded for the wire once for all viewers and never changed.
// Viewers follow a chain: each frame holds a channel that closes when a newer one is
// there. Nobody who reads slowly can hold the session up. A session that nobody watches
// sleeps.
//
// Sessions share the cores of the machine ([Cores]) turn by turn. A model that blows up
// stops at its last good step, one that panics stops with a sentence, one whose step
// never ends is called stuck, and in each case the others go on.
package sim
