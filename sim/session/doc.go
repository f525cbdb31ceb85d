// Package session runs a training run at a pace and publishes it to viewers.
//
// A [Session] has one goroutine. Between two steps it carries out the commands that wait, and at
// each tick it publishes a frame and, if something has changed, a snapshot of its state. A session
// without viewers sleeps. A run that diverges stops at its last good step, a model that panics
// stops its session with a sentence, and a session whose step does not end is reported as stuck;
// in each case other sessions go on.
//
// A session in the background is one of very many. It makes steps only while it has a turn
// ([sched.Turns]), its core goes to other sessions first, and when its run has been at rest for five
// seconds, or a minute if somebody watches, the run is parked: freed, and opened again from its past,
// at the same step to the bit, when it is needed. Then it takes 134 KB with 12,000 parameters (go test -run MemoryOf -measure -v).
//
// A session is a [room.Room].
package session
