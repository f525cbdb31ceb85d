package sim

import (
	"runtime"
	"sync/atomic"

	"ebmviz/ebm"
)

// linger is how often a helper that has nothing to do looks for the next loop before it
// leaves, and an owner for the end of a block that a helper is at before it sleeps: some
// 100 µs. To wake somebody takes half of that, and a step of a model has loops of that length,
// one after the other.
var linger = 1000

// loop is one parallel loop.
type loop struct {
	n        int64
	body     func(i int)
	taken    atomic.Int64 // how many blocks are: from the front in the low half, from the back in the high
	done     atomic.Int64 // how many are done
	users    atomic.Int32 // the owner and the helpers that have not left
	finished chan struct{}
	failed   atomic.Pointer[failure]
}

// failure is what a body panicked with.
type failure struct {
	value any
	stack []byte
}

// For is an [ebm.For]: it runs body(0) … body(n-1) on the owner's goroutine and on as
// many helpers as there are idle cores. A panic in a body is raised again here, in the
// owner. The owner waits for blocks, never for helpers that have not begun: on a busy
// machine a helper may come too late, and then finds nothing to do. Between two blocks a
// helper leaves if somebody waits for a core, and the owner lets others go first if its
// time is up.
func (t *team) For(n int, body func(i int)) {
	if n < 2 {
		ebm.Serial(n, body)
		return
	}
	l := t.idle()
	l.n, l.body = int64(n), body
	l.taken.Store(0)
	l.done.Store(0)
	t.loop.Store(l)
	for int(t.helpers.Load()) < n-1 && t.borrow() {
		t.helpers.Add(1)
		go t.lend()
	}
	for l.block(owner) {
		t.yield(nil)
	}
	t.loop.Store(nil)
	l.wait()
	failed := l.failed.Swap(nil)
	l.users.Add(-1)
	if failed != nil {
		panic(failed)
	}
}

// idle returns a loop that no late helper looks at any more.
func (t *team) idle() *loop {
	for _, l := range t.loops {
		if l.users.CompareAndSwap(0, 1) {
			return l
		}
	}
	l := &loop{finished: make(chan struct{}, 1)}
	l.users.Store(1)
	t.loops = append(t.loops, l)
	return l
}

// help is the goroutine of a helper. It works in loop after loop, and leaves when none
// has come for a while, or when somebody waits for its core.
func (t *team) help() {
	for idle := 0; idle < linger && !t.cores.wanted(); idle++ {
		if l := t.loop.Load(); l != nil && t.join(l) {
			idle = 0
		}
		runtime.Gosched()
	}
	t.helpers.Add(-1)
	t.release()
}

// join works in a loop, unless it is over, and reports whether there was anything to do.
func (t *team) join(l *loop) (useful bool) {
	l.users.Add(1)
	defer l.users.Add(-1)
	if t.loop.Load() != l { // the owner may be at work on it for another one
		return false
	}
	for l.block(helper) {
		useful = true
		if t.cores.wanted() {
			break
		}
	}
	return useful
}

// The owner takes blocks from the front and helpers take them from the back, so that in loop after
// loop over the same blocks each finds in its own cache most of what it left there.
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
			l.failed.CompareAndSwap(nil, fail(v))
		}
	}()
	if l.failed.Load() == nil {
		l.body(i)
	}
}

// wait returns when all blocks are done.
func (l *loop) wait() {
	for range linger {
		select {
		case <-l.finished:
			return
		default:
			runtime.Gosched()
		}
	}
	<-l.finished
}

// fail describes a recovered panic. One that was raised again by For keeps the stack of
// the place where it began.
func fail(v any) *failure {
	if f, ok := v.(*failure); ok {
		return f
	}
	stack := make([]byte, 16<<10)
	return &failure{v, stack[:runtime.Stack(stack, false)]}
}
