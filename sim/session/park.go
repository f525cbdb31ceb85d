package session

import (
	"slices"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// parkAfter is how long a run in the background is at rest before it is parked, and parkWatchedAfter how long
// if somebody watches: who has looked at it for a while will hardly notice that it is opened again.
const (
	parkAfter        = 5 * time.Second
	parkWatchedAfter = time.Minute
)

// ownSnapshotBytes bounds the snapshots of a run in the background, apart from those that it shares with
// its parent.
const ownSnapshotBytes = 1 << 20

// parking returns how long to wait until a run that is at rest is parked, if it is to be.
func (s *Session) parking(now time.Time) (wait time.Duration, ok bool) {
	if !s.options.Background || s.run == nil || s.halt != nil {
		return 0, false
	}
	after := parkAfter
	if s.watched() {
		after = parkWatchedAfter
	}
	return max(0, s.idle.Add(after).Sub(now)), true
}

// park frees a run in the background that has been at rest for a while, and what it takes to show it.
// The past, most of which the run shares with its parent, is enough to open an equal run. A run that
// has stopped because of an error is not parked, since that might meet the error again.
func (s *Session) park(asked bool) {
	now := time.Now()
	if asked || s.running() || s.goal != nil || s.idle.IsZero() {
		s.idle = now
		return
	}
	if wait, ok := s.parking(now); !ok || wait > 0 {
		return
	}
	past := s.run.Past()
	s.past, s.run, s.renderer, s.frame = &past, nil, sim.Renderer{}, wire.Frame{}
}

// unpark opens the run again if there is anything to do. It reports whether there is; if the run
// cannot be opened, the session ends.
func (s *Session) unpark(asked bool) bool {
	frame := s.Frame()
	if !asked && !s.running() && !slices.ContainsFunc(s.formats(), func(f wire.Format) bool { return !frame.Has(f) }) {
		s.publishAsleep()
		return false
	}
	err := s.guard(func() (err error) {
		if s.run, err = s.past.Open(s.share.For); err == nil {
			s.run.LimitSnapshots(s.snapshotBytes)
			err = s.noteDeltas()
		}
		return err
	})
	s.past = nil
	if err != nil {
		s.log.Error("a run cannot be opened again", "error", err)
		s.run = nil
		s.Broadcast.Close()
		return false
	}
	s.runRevision, s.idle = s.run.Revision(), time.Now()
	return true
}

// publishAsleep publishes whether a session whose run is parked has viewers.
func (s *Session) publishAsleep() {
	if asleep := !s.watched(); asleep != s.asleep {
		s.asleep = asleep
		old := s.Snapshot()
		state := old.State
		state.Asleep = asleep
		s.watchdog.mu.Lock()
		defer s.watchdog.mu.Unlock()
		s.PublishSnapshot(newSnapshot(state, old.Points))
	}
}
