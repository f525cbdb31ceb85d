package sched

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"ebmviz/ebm"
)

// turnTime is how long a session keeps a core while others wait for one.
const turnTime = 5 * time.Millisecond

// Cores is a number of processor cores that sessions share.
type Cores struct {
	// Spin is how often an idle helper looks for the next loop before it returns its core, and
	// how often an owner looks for the end of a helper's block before it sleeps. The default of
	// 1000 takes about 100 µs: to wake a goroutine takes half of that, and a step of a model has
	// loops of that length, one after the other. It must not change while the cores are in use.
	Spin int

	tokens  chan struct{}                // one for each core in use
	handed  [Background]chan struct{}    // pass a core in use to a session of that priority that waits
	waiting [Background + 1]atomic.Int32 // how many sessions of each priority wait for a core
}

// Priority says which of the sessions that wait for a core is served first.
type Priority int

// The priorities, the first first. A session yields its core at once to one of a higher priority.
const (
	Foreground Priority = iota
	Prompt              // somebody waits for an answer
	Background
)

// NewCores returns n cores, at least one.
func NewCores(n int) *Cores {
	c := &Cores{Spin: 1000, tokens: make(chan struct{}, max(1, n))}
	for i := range c.handed {
		c.handed[i] = make(chan struct{})
	}
	return c
}

// InUse returns how many cores are in use.
func (c *Cores) InUse() int { return len(c.tokens) }

// release gives a core to the session of the highest priority that waits longest.
func (c *Cores) release() {
	for _, handed := range c.handed {
		select {
		case handed <- struct{}{}:
			return
		default:
		}
	}
	<-c.tokens
}

// contended reports whether a session waits for a core.
func (c *Cores) contended() bool { return c.waitingAbove(Background + 1) }

// waitingAbove reports whether a session of a higher priority waits for a core.
func (c *Cores) waitingAbove(p Priority) bool {
	for i := range p {
		if c.waiting[i].Load() > 0 {
			return true
		}
	}
	return false
}

// Machine returns the cores of the whole process, GOMAXPROCS of them at the first call.
var Machine = sync.OnceValue(func() *Cores { return NewCores(runtime.GOMAXPROCS(0)) })

// Parallel returns an [ebm.For] over all cores of the machine, for a program that owns a run
// and has no sessions. It must not be called by two goroutines at once, nor from within itself.
func Parallel() ebm.For {
	s := NewCores(runtime.GOMAXPROCS(0)).NewShare()
	s.Acquire(nil)
	return s.For
}

// Share is one session's share of the cores: the core of its own goroutine, which it acquires
// for a turn, and the cores of helpers in its parallel loops. Except for Revoke, its methods are
// called by one goroutine.
type Share struct {
	// Priority is that of the next Acquire.
	Priority Priority

	// Raise raises the priority of a share in the background that waits for a core to Prompt when it
	// receives; nil if it is never raised.
	Raise chan struct{}

	cores   *Cores
	since   time.Time    // when the owner acquired its core
	held    atomic.Int32 // how many cores it has
	helpers atomic.Int32 // how many of them are helpers'
	runHelp func()       // s.help, bound once: binding allocates
	loop    atomic.Pointer[loop]
	loops   []*loop // for use again
}

// NewShare returns a share that holds no core yet.
func (c *Cores) NewShare() *Share {
	s := &Share{cores: c}
	s.runHelp = s.help
	return s
}

// Acquire waits for a core. It reports false if stop was closed first.
func (s *Share) Acquire(stop <-chan struct{}) bool {
	if !s.tryAcquire() && !s.wait(stop) {
		return false
	}
	s.since = time.Now()
	return true
}

// wait waits in line for a core. It reports false if stop was closed first.
func (s *Share) wait(stop <-chan struct{}) bool {
	c := s.cores
	for {
		priority := s.Priority
		var handed, raise chan struct{}
		if priority == Background {
			raise = s.Raise
		} else {
			handed = c.handed[priority]
		}
		c.waiting[priority].Add(1)
		acquired := true
		select {
		case c.tokens <- struct{}{}:
		case <-handed:
		case <-raise:
			s.Priority, acquired = Prompt, false
		case <-stop:
			c.waiting[priority].Add(-1)
			return false
		}
		c.waiting[priority].Add(-1)
		if acquired {
			s.held.Add(1)
			return true
		}
	}
}

// tryAcquire takes a core if one is idle.
func (s *Share) tryAcquire() bool {
	select {
	case s.cores.tokens <- struct{}{}:
		s.held.Add(1)
		return true
	default:
		return false
	}
}

// Yield releases the owner's core if others wait and it has had it for its time, and returns
// when the owner has one again. It reports false if stop was closed first.
func (s *Share) Yield(stop <-chan struct{}) bool {
	if !s.cores.contended() {
		return true
	}
	if !s.cores.waitingAbove(s.Priority) && time.Since(s.since) < turnTime {
		return true
	}
	s.Release()
	return s.Acquire(stop)
}

// Release returns a core, unless Revoke has done so already.
func (s *Share) Release() {
	for h := s.held.Load(); h > 0; h = s.held.Load() {
		if s.held.CompareAndSwap(h, h-1) {
			s.cores.release()
			return
		}
	}
}

// Revoke returns all cores of a session whose step does not end, so that other sessions can
// use them.
func (s *Share) Revoke() {
	for range s.held.Swap(0) {
		s.cores.release()
	}
}
