package sched

import (
	"runtime"
	"sync/atomic"

	"ebmviz/ebm"
)

// loop is one parallel loop.
type loop struct {
	n        int64
	body     func(i int)
	taken    atomic.Int64 // how many blocks are taken: from the front in the low half, from the back in the high
	done     atomic.Int64 // how many are done
	users    atomic.Int32 // the owner and the helpers that have not left
	finished chan struct{}
	failed   atomic.Pointer[Panic]
}

// Panic is a recovered panic with the stack of the place where it began.
type Panic struct {
	Value any
	Stack []byte
}

// Recovered returns the panic of a recovered value. A panic that [Share.For] raised again keeps
// its first stack.
func Recovered(v any) *Panic {
	if p, ok := v.(*Panic); ok {
		return p
	}
	stack := make([]byte, 16<<10)
	return &Panic{v, stack[:runtime.Stack(stack, false)]}
}

// For is an [ebm.For]. It runs body(0) … body(n-1) on the owner's goroutine and on as many
// helpers as there are idle cores. A panic in a body is raised again in the owner, as a [*Panic].
// The owner waits for blocks, never for helpers that have not begun: on a busy machine a helper
// may come too late, and then finds nothing to do. Between two blocks a helper leaves if a
// session waits for a core, and the owner yields if its time is up.
func (s *Share) For(n int, body func(i int)) {
	if n < 2 {
		ebm.Serial(n, body)
		return
	}
	l := s.freeLoop()
	l.n, l.body = int64(n), body
	l.taken.Store(0)
	l.done.Store(0)
	s.loop.Store(l)
	for int(s.helpers.Load()) < n-1 && s.tryAcquire() {
		s.helpers.Add(1)
		go s.runHelp()
	}
	for l.block(owner) {
		s.Yield(nil)
	}
	s.loop.Store(nil)
	l.wait(s.cores.Spin)
	l.body = nil // it holds the model, and late helpers do not call it
	failed := l.failed.Swap(nil)
	l.users.Add(-1)
	if failed != nil {
		panic(failed)
	}
}

// freeLoop returns a loop that no late helper looks at any more.
func (s *Share) freeLoop() *loop {
	for _, l := range s.loops {
		if l.users.CompareAndSwap(0, 1) {
			return l
		}
	}
	l := &loop{finished: make(chan struct{}, 1)}
	l.users.Store(1)
	s.loops = append(s.loops, l)
	return l
}

// help is the goroutine of a helper. It works in loop after loop, and ends when none has come
// for a while, or when a session waits for its core.
func (s *Share) help() {
	for idle := 0; idle < s.cores.Spin && !s.cores.contended(); idle++ {
		if l := s.loop.Load(); l != nil && s.join(l) {
			idle = 0
		}
		runtime.Gosched()
	}
	s.helpers.Add(-1)
	s.Release()
}

// join works in a loop, unless it is over, and reports whether there was anything to do.
func (s *Share) join(l *loop) (useful bool) {
	l.users.Add(1)
	defer l.users.Add(-1)
	if s.loop.Load() != l { // the owner may be preparing it for another loop
		return false
	}
	for l.block(helper) {
		useful = true
		if s.cores.contended() {
			break
		}
	}
	return useful
}

// The owner takes blocks from the front and helpers take them from the back, so that in repeated
// loops over the same blocks each core finds most of its data in its own cache.
const (
	owner  = 1
	helper = 1 << 32
)

// block does the next block for the owner or a helper, if there is one left.
func (l *loop) block(who int64) bool {
	taken := l.taken.Add(who)
	front, back := taken%helper, taken/helper
	if front+back > l.n {
		return false
	}
	i := front - 1
	if who == helper {
		i = l.n - back
	}
	l.run(int(i))
	if l.done.Add(1) == l.n {
		l.finished <- struct{}{}
	}
	return true
}

func (l *loop) run(i int) {
	defer func() {
		if v := recover(); v != nil {
			l.failed.CompareAndSwap(nil, Recovered(v))
		}
	}()
	if l.failed.Load() == nil {
		l.body(i)
	}
}

// wait returns when all blocks are done. It looks spin times before it sleeps.
func (l *loop) wait(spin int) {
	for range spin {
		select {
		case <-l.finished:
			return
		default:
			runtime.Gosched()
		}
	}
	<-l.finished
}
