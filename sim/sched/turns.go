package sched

import (
	"slices"
	"sync"
	"time"
)

// turnLength is how long a session keeps a turn while others wait for one.
const turnLength = 2 * time.Second

// Turns lets some sessions at a time play, of many more. A session that wants to play waits for a
// turn, in the order in which sessions came, and passes it on after two seconds if others wait.
type Turns struct {
	mu    sync.Mutex
	free  int
	queue []*Turn // those that wait
}

// NewTurns returns n turns, at least one.
func NewTurns(n int) *Turns { return &Turns{free: max(1, n)} }

// Waiting returns how many sessions wait for a turn.
func (t *Turns) Waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.queue)
}

// Turn is a session's turn. A nil turn is always held. Its methods may be called by any goroutine.
type Turn struct {
	turns   *Turns
	granted func() // called, with the lock held, when a turn that was waited for is held

	// Owned by turns, under its lock.
	held, waiting bool
	since         time.Time // when it was granted
}

// New returns a turn that is not held. When one that was waited for is held, granted is called,
// which must not block.
func (t *Turns) New(granted func()) *Turn { return &Turn{turns: t, granted: granted} }

// Hold asks for the turn, unless it is held, and reports whether it is now. A turn that has been
// held for its time is passed on if others wait, and waited for again.
func (u *Turn) Hold() bool {
	if u == nil {
		return true
	}
	t := u.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	switch now := time.Now(); {
	case u.held && len(t.queue) > 0 && now.Sub(u.since) >= turnLength:
		u.held, u.waiting = false, true
		t.queue = append(t.queue, u)
		t.pass()
	case u.held || u.waiting:
	case t.free > 0:
		t.free--
		u.held, u.since = true, now
	default:
		u.waiting = true
		t.queue = append(t.queue, u)
	}
	return u.held
}

// Release gives the turn up, or stops waiting for it.
func (u *Turn) Release() {
	if u == nil {
		return
	}
	t := u.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case u.held:
		u.held = false
		t.pass()
	case u.waiting:
		u.waiting = false
		i := slices.Index(t.queue, u)
		t.queue = slices.Delete(t.queue, i, i+1)
	}
}

// pass grants a turn that was given up to the first session that waits. The lock is held.
func (t *Turns) pass() {
	if len(t.queue) == 0 {
		t.free++
		return
	}
	u := t.queue[0]
	t.queue = slices.Delete(t.queue, 0, 1)
	u.held, u.waiting, u.since = true, false, time.Now()
	u.granted()
}

// Ends returns how long to wait at most before Hold is called again, so that the turn is passed on
// in time. It reports false if there is no need.
func (u *Turn) Ends(now time.Time) (wait time.Duration, ok bool) {
	if u == nil {
		return 0, false
	}
	t := u.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait = u.since.Add(turnLength).Sub(now); wait <= 0 {
		wait = turnLength // nobody waited when it might have been passed on
	}
	return wait, u.held
}
