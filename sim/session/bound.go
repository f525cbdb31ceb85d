package session

import (
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// Bounded is the code of the error that a command leads beyond the limits of a [wire.Bound].
const Bounded sim.Code = "bounded"

// setBound limits what the run may do from now on. A run that is beyond the limits stops where it is.
func (s *Session) setBound(b wire.Bound) error {
	if b.Between != nil && b.Between[0] > b.Between[1] {
		return sim.Errorf(sim.BadValue, "the first step must not be after the last; got %d and %d", b.Between[0], b.Between[1])
	}
	s.bound = b
	if s.goal != nil && s.mayBeAt(*s.goal) != nil {
		s.goal = nil
	}
	if s.playing && s.mayStep(1) != nil {
		s.playing = false
	}
	return nil
}

// mayBeAt reports why the run must not go to a step, nil if it may.
func (s *Session) mayBeAt(step uint64) error {
	between := s.bound.Between
	switch {
	case s.bound.Pause:
		return sim.Errorf(Bounded, "the class is paused; the step cannot be changed now")
	case between != nil && (step < between[0] || step > between[1]):
		return sim.Errorf(Bounded, "the class may go from step %d to step %d; step %d is beyond", between[0], between[1], step)
	}
	return nil
}

// mayStep reports why the run must not make so many steps, nil if it may.
func (s *Session) mayStep(n uint64) error { return s.mayBeAt(s.run.StepCount() + n) }

// stopAtBound stops a run that plays at the last step it may be at, and reports whether it did.
func (s *Session) stopAtBound() bool {
	if !s.playing || s.bound.Between == nil || s.run.StepCount() < s.bound.Between[1] {
		return false
	}
	s.playing, s.goal, s.stateChanged = false, nil, true
	return true
}
