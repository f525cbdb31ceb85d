package session

import (
	"errors"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// maxAhead is how many steps beyond the furthest one a Seek may ask for.
const maxAhead = 100_000

// apply carries out a command.
func (s *Session) apply(c wire.Command) error {
	switch c := c.(type) {
	case wire.Set:
		return s.changed(s.run.Set(c.Knob, c.Value))
	case wire.SetPoints:
		return s.changed(s.run.SetPoints(c.Points, c.PointsInfo))
	case wire.Open:
		return s.replace(s.run.Open(c.Config))
	case wire.Load:
		return s.replace(s.run.Load(c.Checkpoint))
	case wire.Seek:
		return s.seek(c.Step)
	case wire.SetView:
		return s.setView(c)
	}
	switch c {
	case wire.Play:
		if err := s.mayStep(1); err != nil {
			return err
		}
		s.playing, s.halt = true, nil
	case wire.Pause:
		s.playing, s.goal = false, nil
	case wire.Step:
		return s.stepOnce()
	case wire.Reset:
		if err := s.mayBeAt(s.run.First()); err != nil {
			return err
		}
		return s.restarted(s.run.Reset())
	default:
		return sim.Errorf(wire.BadMessage, "there is no command %T", c)
	}
	return nil
}

// changed notes a change of the run. If the run diverged by it, the session stops.
func (s *Session) changed(restarted bool, err error) error {
	if restarted {
		return s.restarted(err)
	}
	var d *sim.Diverged
	switch {
	case errors.As(err, &d):
		s.goal = nil
		s.stop(err)
		return nil
	case err == nil:
		s.goal = nil
	}
	return err
}

// replace puts another run in the place of the present one, unless there is an error.
func (s *Session) replace(r *sim.Run, err error) error {
	if err != nil {
		return err
	}
	if _, err := r.SetDeltaSpan(uint64(s.view.DeltaSpan)); err != nil {
		return err
	}
	s.run = r
	if s.options.Background {
		s.snapshotBytes = ownSnapshotBytes
		s.run.LimitSnapshots(s.snapshotBytes)
	}
	return s.restarted(nil)
}

// restarted notes that the run has begun anew, unless there is an error.
func (s *Session) restarted(err error) error {
	if err == nil {
		s.halt, s.dueSteps, s.goal = nil, 0, nil
		s.runs++
	}
	return err
}

// stepOnce makes one step, the one after the goal if there is one.
func (s *Session) stepOnce() error {
	ahead := uint64(1)
	if s.goal != nil {
		ahead = *s.goal + 1 - s.run.StepCount()
	}
	if err := s.mayStep(ahead); err != nil {
		return err
	}
	s.playing, s.halt = false, nil
	if s.goal != nil {
		next := *s.goal + 1
		s.goal = &next
		return nil
	}
	s.step()
	return nil
}

func (s *Session) seek(step uint64) error {
	if err := s.mayBeAt(step); err != nil {
		return err
	}
	if furthest := s.run.Furthest(); step > furthest && step-furthest > maxAhead {
		return sim.Errorf(sim.Limit, "step %d is more than %d steps ahead", step, maxAhead)
	}
	remaining, err := s.run.Approach(step)
	if err != nil {
		return err
	}
	s.halt, s.goal = nil, nil
	if remaining > 0 {
		s.goal = &step
	}
	return nil
}

// View is what a room shows at most, and how fast its run goes.
type View struct {
	Grid      int        // energies a side, 16 to 512; 0 is 128
	FPS       float64    // frames per second, 1 to 60; 0 is 30
	Speed     wire.Speed // the zero value is that of the model's card
	DeltaSpan int        // over how many steps frames show the change of the energy, 0 to 100
}

// withDefaults fills in what is 0.
func (v View) withDefaults() View {
	if v.Grid == 0 {
		v.Grid = 128
	}
	if v.FPS == 0 {
		v.FPS = 30
	}
	return v
}

func (v View) check() error {
	switch {
	case v.Grid < sim.MinGrid || v.Grid > sim.MaxGrid:
		return sim.Errorf(sim.Limit, "the grid must have from %d to %d points a side; got %d", sim.MinGrid, sim.MaxGrid, v.Grid)
	case !(v.FPS >= 1 && v.FPS <= 60):
		return sim.Errorf(sim.Limit, "there can be from 1 to 60 frames per second; got %v", v.FPS)
	case v.DeltaSpan < 0 || v.DeltaSpan > sim.MaxDeltaSpan:
		return sim.Errorf(sim.Limit, "the change of the energy can be shown over 0 to %d steps; got %d", sim.MaxDeltaSpan, v.DeltaSpan)
	case v.Speed != wire.MaxSpeed && !(v.Speed >= 0 && v.Speed <= wire.MaxStepsPerSecond):
		return sim.Errorf(sim.Limit, "the speed must be from 0 to %v steps per second; got %v", wire.MaxStepsPerSecond, float64(v.Speed))
	}
	return nil
}

// setView changes the view. It changes nothing if it returns an error.
func (s *Session) setView(c wire.SetView) error {
	v := s.view
	if c.Grid != nil {
		v.Grid = *c.Grid
	}
	if c.FPS != nil {
		v.FPS = *c.FPS
	}
	if c.Speed != nil {
		v.Speed = *c.Speed
	}
	if c.DeltaSpan != nil {
		v.DeltaSpan = *c.DeltaSpan
	}
	if err := v.check(); err != nil {
		return err
	}
	if uint64(v.DeltaSpan) != s.run.DeltaSpan() {
		if err := s.mayBeAt(s.run.StepCount()); err != nil {
			return err // its steps are made again
		}
		step, err := s.run.SetDeltaSpan(uint64(v.DeltaSpan))
		if err != nil {
			return err
		}
		if s.goal == nil && s.run.StepCount() < step {
			s.goal = &step
		}
	}
	s.view = v
	return nil
}

// speed returns how many steps per second the run makes, 0 for as many as possible.
func (s *Session) speed() float64 {
	switch s.view.Speed {
	case wire.AutoSpeed:
		return s.run.Card().Speed()
	case wire.MaxSpeed:
		return 0
	}
	return float64(s.view.Speed)
}

// fps returns how many frames per second the viewers want, at most those of the view.
func (s *Session) fps() float64 {
	if f := s.Demand().FPS; f > 0 {
		return min(f, s.view.FPS)
	}
	return s.view.FPS
}
