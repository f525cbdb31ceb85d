package session

import (
	"sync"
	"time"

	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

// stuckAfter is how long a turn may take before the session is reported as stuck. It ends in time
// for the next frame unless one single step, or grid, takes longer. Nothing can end a step from
// outside, but other sessions need not wait for it.
const stuckAfter = 5 * time.Second

// watchdog watches a session from outside, without touching its model.
type watchdog struct {
	session *Session

	mu    sync.Mutex // guards what follows, and the publishing of snapshots
	timer *time.Timer
	began time.Time // when the turn began; zero between two turns
	stuck bool
}

func (w *watchdog) init(s *Session) {
	w.session = s
	w.timer = time.AfterFunc(stuckAfter, w.expire)
	w.timer.Stop()
}

// begin notes that a turn begins.
func (w *watchdog) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.began = time.Now()
	w.timer.Reset(stuckAfter)
}

// end notes that it has ended, and reports whether it was reported as stuck meanwhile.
func (w *watchdog) end() (wasStuck bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	wasStuck = w.stuck
	w.began, w.stuck = time.Time{}, false
	w.timer.Stop()
	return wasStuck
}

// expire is called by the timer. The call may be that of an earlier turn, which ended just then.
func (w *watchdog) expire() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.began.IsZero() || time.Since(w.began) < stuckAfter || w.stuck {
		return
	}
	w.stuck = true
	s := w.session
	s.share.Revoke()
	s.awake.Release()
	old := s.Snapshot()
	state := old.State
	state.Playing = false
	state.Halt = &wire.Halt{Code: Stuck, Step: state.Step, Back: state.Step,
		Message: "one step of " + state.Model + " has taken more than 5 seconds and has not ended yet; the session can be closed, or waited for"}
	s.PublishSnapshot(newSnapshot(state, old.Points))
}

// stuck reports whether the snapshot says that the session is stuck.
func stuck(n *room.Snapshot) bool { return n.State.Halt != nil && n.State.Halt.Code == Stuck }
