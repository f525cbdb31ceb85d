package sim

import (
	"runtime"
	"sync"
	"sync/atomic"

	"ebmviz/ebm"
)

// Cores is a budget of processor cores that sessions share. A session takes one for each
// turn, and those who wait are served in the order they came; what is left over helps in
// the parallel parts of whoever is at work.
type Cores struct{ tokens chan struct{} }

// NewCores returns a budget of n cores.
func NewCores(n int) *Cores { return &Cores{make(chan struct{}, max(1, n))} }

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

// team is one session's share of the cores.
type team struct {
	cores *Cores
	held  atomic.Int32 // how many cores it has at present
	calls []*call      // for use again
}

func newTeam(c *Cores) *team { return &team{cores: c} }

// take waits for a core and reports whether it got one before stop was closed.
func (t *team) take(stop <-chan struct{}) bool {
	select {
	case t.cores.tokens <- struct{}{}:
		t.held.Add(1)
		return true
	case <-stop:
		return false
	}
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

// For is an [ebm.For]: it runs body(0) … body(n-1) on the owner's goroutine and on as
// many helpers as there are idle cores. A panic in a body is raised again here, in the
// owner. The owner waits for blocks, never for helpers that have not begun: on a busy
// machine a helper may come too late, and then finds nothing to do.
func (t *team) For(n int, body func(i int)) {
	if n < 2 {
		ebm.Serial(n, body)
		return
	}
	c := t.idle()
	c.n, c.body = int64(n), body
	c.next.Store(0)
	c.done.Store(0)
	for helpers := 1; helpers < n && t.borrow(); helpers++ {
		c.users.Add(1)
		go c.lend()
	}
	c.work()
	<-c.finished
	failed := c.failed.Swap(nil)
	c.users.Add(-1)
	if failed != nil {
		panic(failed)
	}
}

// idle returns a call that no late helper looks at any more.
func (t *team) idle() *call {
	for _, c := range t.calls {
		if c.users.CompareAndSwap(0, 1) {
			return c
		}
	}
	c := &call{team: t, finished: make(chan struct{}, 1)}
	c.users.Store(1)
	t.calls = append(t.calls, c)
	return c
}

// call is one parallel loop.
type call struct {
	team     *team
	n        int64
	body     func(i int)
	next     atomic.Int64 // the block to be taken next
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

func (c *call) lend() {
	c.work()
	c.team.release()
	c.users.Add(-1)
}

func (c *call) work() {
	for {
		i := c.next.Add(1) - 1
		if i >= c.n {
			return
		}
		c.run(int(i))
		if c.done.Add(1) == c.n {
			c.finished <- struct{}{}
		}
	}
}

func (c *call) run(i int) {
	defer func() {
		if v := recover(); v != nil {
			c.failed.CompareAndSwap(nil, fail(v))
		}
	}()
	if c.failed.Load() == nil {
		c.body(i)
	}
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
