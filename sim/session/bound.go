package session

import "ebmviz/sim"

// Bounded is the code of the error that a command leads beyond the session's bounds.
const Bounded sim.Code = "bounded"

// mayBeAt reports why the run must not go to a step, nil if it may.
func (s *Session) mayBeAt(step uint64) error {
	b := s.options.Bounds.Bound()
	switch {
	case b.Pause:
		return sim.Errorf(Bounded, "the teacher has paused all copies; the step cannot be changed now")
	case b.Between != nil && (step < b.Between[0] || step > b.Between[1]):
		return sim.Errorf(Bounded, "copies of the run may go from step %d to step %d; step %d is outside", b.Between[0], b.Between[1], step)
	}
	return nil
}

// mayStep reports why the run must not make so many steps, nil if it may.
func (s *Session) mayStep(n uint64) error { return s.mayBeAt(s.run.StepCount() + n) }

// stopAtBound stops a run that would go beyond the bounds. It reports whether it did.
func (s *Session) stopAtBound() (stopped bool) {
	if s.goal != nil && s.mayBeAt(*s.goal) != nil {
		s.goal, stopped = nil, true
	}
	if s.playing && s.goal == nil && s.mayStep(1) != nil {
		s.playing, stopped = false, true
	}
	s.stateChanged = s.stateChanged || stopped
	return stopped
}
