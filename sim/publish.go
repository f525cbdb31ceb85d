package sim

import (
	"errors"
	"time"

	"gonum.org/v1/gonum/spatial/r2"
)

// trip stops the session because something went wrong in the run.
func (s *Session) trip(err error) {
	h := &Halt{Code: CodeOf(err), Step: s.run.step, Back: s.run.base(), Message: err.Error()}
	var d *Diverged
	switch {
	case errors.As(err, &d):
		h.Step, h.Quantity, h.Knob, h.Back = d.Step, d.Quantity, d.Knob, d.Back
	case h.Code == Panicked:
		// What the panic left behind may be half done.
		if s.guard(s.run.mend) == nil {
			h.Back = s.run.step
		}
	}
	s.halt, s.playing = h, false
	s.changed = true
	s.arrived(err)
}

// publish tells what has changed and shows what has moved.
func (s *Session) publish() {
	if s.run.revision != s.revision {
		s.revision, s.changed = s.run.revision, true
	}
	var frame *Frame
	if s.moved {
		start := time.Now()
		frame = s.shoot()
		s.cost = (3*s.cost + time.Since(start)) / 4
		s.moved = false
	}
	if s.run.revision != s.revision {
		s.revision, s.changed = s.run.revision, true
	}
	if s.changed {
		s.tell()
	}
	if frame != nil {
		frame.News = s.News()
		s.chain.publish(frame)
	}
}

// shoot makes the frame of the present instant. Where the landscape cannot be shown the
// run has gone back to where it could, and that is shown.
func (s *Session) shoot() *Frame {
	for range 2 {
		var data []byte
		err := s.guard(func() error {
			p, err := s.easel.paint(s.run, s.view.Grid)
			if err != nil {
				return err
			}
			s.seq++
			p.Seq = s.seq
			p.ServerMS = float64(time.Now().UnixMicro()) / 1000
			data = Encode(p)
			return nil
		})
		if err == nil {
			return &Frame{Seq: s.seq, Step: s.run.step, Data: data}
		}
		s.trip(err)
	}
	return nil
}

func (s *Session) paceName() string {
	switch {
	case !s.paced:
		return "auto"
	case s.view.Speed == 0:
		return "max"
	}
	return "set"
}

// tell announces the news.
func (s *Session) tell() {
	s.changed = false
	c := s.run.Config()
	if !s.paced {
		s.view.Speed = pace(s.run.card)
	}
	n := &News{
		State: State{
			Model: c.Model, Data: c.Data, Own: s.run.cloud.own, Seed: c.Seed, Step: s.run.step, Playing: s.playing, Knobs: c.Knobs,
			Grid: s.view.Grid, FPS: s.view.FPS, Speed: s.view.Speed, Pace: s.paceName(), Run: s.runs, Revision: s.revisions,
			Generation: s.run.cloud.generation, Ledger: s.view.Ledger, Asleep: s.asleep, Halt: s.halt,
		},
		Points: []r2.Vec(s.run.cloud.points),
	}
	if s.goal != nil {
		n.State.Goal = s.goal.step
	}
	s.watchdog.mu.Lock()
	defer s.watchdog.mu.Unlock()
	s.announce(n)
}
