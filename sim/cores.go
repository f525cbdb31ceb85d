package sim

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"ebmviz/ebm"
)

// turnTime is how long a session keeps a core while others wait for one.
const turnTime = 5 * time.Millisecond

// Cores is a budget of processor cores that sessions share. A session takes one for each
// turn, and those who wait are served in the order they came; what is left over helps in
// the parallel parts of whoever is at work, and comes back as soon as somebody waits.
type Cores struct {
	tokens  chan struct{} // one for each core that is taken
	waiting atomic.Int32  // how many sessions wait for one
}

// NewCores returns a budget of n cores.
func NewCores(n int) *Cores { return &Cores{tokens: make(chan struct{}, max(1, n))} }

// wanted reports whether somebody waits for a core.
func (c *Cores) wanted() bool { return c.waiting.Load() > 0 }

// machine is the budget of the whole process.
var machine = sync.OnceValue(func() *Cores { return NewCores(runtime.GOMAXPROCS(0)) })

// Parallel returns a For over all cores of the machine, for a program that owns a [Run]
// itself and has no sessions. It must not be called by two goroutines at once, nor from
// within itself.
func Parallel() ebm.For {
	t := newTeam(NewCores(runtime.GOMAXPROCS(0)))
	t.take(nil) // the caller's own
	return t.For
}

// team is one session's share of the cores: that of its own goroutine, which takes it for
// a turn, and those of helpers in its parallel loops.
type team struct {
	cores   *Cores
	since   time.Time    // when the owner took its core
	held    atomic.Int32 // how many cores it has at present
	helpers atomic.Int32 // how many of them are helpers'
	lend    func()       // t.help, bound once: binding allocates
	loop    atomic.Pointer[loop]
	loops   []*loop // for use again
}

func newTeam(c *Cores) *team {
	t := &team{cores: c}
	t.lend = t.help
	return t
}

// take waits for a core and reports whether it got one before stop was closed.
func (t *team) take(stop <-chan struct{}) bool {
	if !t.borrow() {
		t.cores.waiting.Add(1)
		defer t.cores.waiting.Add(-1)
		select {
		case t.cores.tokens <- struct{}{}:
			t.held.Add(1)
		case <-stop:
			return false
		}
	}
	t.since = time.Now()
	return true
}

// borrow takes a core if one is idle.
func (t *team) borrow() bool {
	select {
	case t.cores.tokens <- struct{}{}:
		t.held.Add(1)
		return true
	default:
		return false
	}
}

// yield lets others have the owner's core if they wait and it had it for its time. It
// returns when the owner has one again, and reports false if stop was closed first.
func (t *team) yield(stop <-chan struct{}) bool {
	if !t.cores.wanted() || time.Since(t.since) < turnTime {
		return true
	}
	t.release()
	return t.take(stop)
}

// release gives a core back, unless revoke has done so already.
func (t *team) release() {
	for h := t.held.Load(); h > 0; h = t.held.Load() {
		if t.held.CompareAndSwap(h, h-1) {
			<-t.cores.tokens
			return
		}
	}
}

// revoke gives back all cores of a session whose step does not end, so that it does not
// take them from the others for ever.
func (t *team) revoke() {
	for range t.held.Swap(0) {
		<-t.cores.tokens
	}
}
