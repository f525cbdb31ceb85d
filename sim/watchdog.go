package sim

import (
	"sync"
	"time"
)

// patience is how long a turn may take before the session is called stuck. It ends in
// time for the next frame unless one single step, or grid, takes longer. Nothing can end
// a step from outside, but the others need not suffer from it.
const patience = 5 * time.Second

// watchdog looks after a session from outside, without touching its model.
type watchdog struct {
	session *Session

	mu    sync.Mutex // guards what follows, and the announcing of news
	timer *time.Timer
	busy  bool
	stuck bool
}

func (w *watchdog) init(s *Session) {
	w.session = s
	w.timer = time.AfterFunc(patience, w.look)
	w.timer.Stop()
}

// begin says that the goroutine is at work.
func (w *watchdog) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = true
	w.timer.Reset(patience)
}

// end says that it is not, and reports whether it was called stuck meanwhile.
func (w *watchdog) end() (wasStuck bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	wasStuck = w.stuck
	w.busy, w.stuck = false, false
	w.timer.Stop()
	return wasStuck
}

// look is called by the timer.
func (w *watchdog) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.busy || w.stuck {
		return
	}
	w.stuck = true
	s := w.session
	s.team.revoke()
	n := *s.News()
	n.State.Playing = false
	n.State.Halt = &Halt{Code: Stuck, Step: n.State.Step, Back: n.State.Step,
		Message: "one step of " + n.State.Model + " has taken more than 5 seconds and has not ended yet; the session can be closed, or waited for"}
	s.announce(&n)
}

// stuck reports whether the news is that the session is stuck.
func (n *News) stuck() bool { return n.State.Halt != nil && n.State.Halt.Code == Stuck }
