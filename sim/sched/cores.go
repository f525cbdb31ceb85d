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

	tokens     chan struct{} // one for each core in use
	handed     chan struct{} // passes a core in use to a session in the foreground
	waiting    atomic.Int32  // how many sessions wait for a core
	foreground atomic.Int32  // how many of them are in the foreground
}

// NewCores returns n cores, at least one.
func NewCores(n int) *Cores {
	return &Cores{Spin: 1000, tokens: make(chan struct{}, max(1, n)), handed: make(chan struct{})}
}

// InUse returns how many cores are in use.
func (c *Cores) InUse() int { return len(c.tokens) }

// release gives a core to the session in the foreground that waits longest, or else to any.
func (c *Cores) release() {
	select {
	case c.handed <- struct{}{}:
	default:
		<-c.tokens
	}
}

// contended reports whether a session waits for a core.
func (c *Cores) contended() bool { return c.waiting.Load() > 0 }

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
	// Background has the share wait for a core behind those in the foreground, and yield to them at
	// once. It is set before the share is used.
	Background bool

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
	if !s.tryAcquire() {
		c := s.cores
		c.waiting.Add(1)
		defer c.waiting.Add(-1)
		var handed chan struct{}
		if !s.Background {
			c.foreground.Add(1)
			defer c.foreground.Add(-1)
			handed = c.handed
		}
		select {
		case c.tokens <- struct{}{}:
		case <-handed:
		case <-stop:
			return false
		}
		s.held.Add(1)
	}
	s.since = time.Now()
	return true
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
	atOnce := s.Background && s.cores.foreground.Load() > 0
	if !atOnce && time.Since(s.since) < turnTime {
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
