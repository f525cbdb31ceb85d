package sim

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Command changes a session. It is applied between two steps.
type Command interface{ apply(s *Session) error }

// Set moves a knob: value is a number, a string (of a choice) or a bool.
type Set struct {
	Knob  string
	Value any
}

// Bring makes somebody's own points the data; the model goes on learning, from them.
type Bring struct{ Points []r2.Vec }

// Play lets time pass, Pause stops it, StepOnce makes one step while it stands still.
type (
	Play     struct{}
	Pause    struct{}
	StepOnce struct{}
)

// Reset begins again at step 0 with the knobs as they are.
type Reset struct{}

// Reopen puts another run in the place of the present one.
type Reopen struct{ Config Config }

// Load puts the run of a checkpoint in the place of the present one.
type Load struct{ Checkpoint Checkpoint }

// SetView changes what is seen and how fast; nil keeps what there is.
type SetView struct {
	Grid  *int
	FPS   *float64
	Speed *float64
	// Auto takes the pace of the card, whatever Speed says.
	Auto bool
	// Ledger is of how many steps each frame is to show what they did to the energy; 0 of none.
	Ledger *int
}

// Seek goes to a step of the past, which is quick, or of the future, which takes as long
// as it takes: [Session.Do] returns when the step is reached, or after a tenth of a
// second while the session is on its way. Any command that changes the run ends the way.
type Seek struct{ Step uint64 }

// Keep says whether the session goes on while nobody watches.
type Keep struct{ On bool }

// farthest bounds how many unknown steps a Seek may ask for.
const farthest = 100_000

func (c Set) apply(s *Session) error { return s.steered(s.run.Set(c.Knob, c.Value)) }

func (c Bring) apply(s *Session) error { return s.steered(s.run.SetPoints(c.Points)) }

// steered notes that the run has begun anew, or goes another way from where it is, unless there is an
// error.
func (s *Session) steered(restarted bool, err error) error {
	if restarted {
		return s.renew(err)
	}
	if err == nil {
		s.arrived(nil)
	}
	return err
}

func (Play) apply(s *Session) error {
	s.playing, s.halt = true, nil
	return nil
}

func (Pause) apply(s *Session) error {
	s.playing = false
	s.arrived(nil)
	return nil
}

func (StepOnce) apply(s *Session) error {
	s.playing, s.halt = false, nil
	if way := s.goal; way != nil { // the step after the one that is on its way
		s.arrived(nil)
		s.goal = &goal{step: way.step + 1}
		return nil
	}
	s.step()
	return nil
}

func (Reset) apply(s *Session) error { return s.renew(s.run.Reset()) }

func (c Reopen) apply(s *Session) error {
	return s.replace(newRun(c.Config, s.team.For, s.run.generations+1))
}

func (c Load) apply(s *Session) error {
	return s.replace(restore(c.Checkpoint, s.team.For, s.run.generations+1))
}

// replace puts another run in the place of the present one, unless there is an error.
func (s *Session) replace(r *Run, err error) error {
	if err == nil {
		s.run = r
		r.ledger.span = uint64(s.view.Ledger)
	}
	return s.renew(err)
}

// renew notes that the run has begun anew, unless there is an error.
func (s *Session) renew(err error) error {
	if err == nil {
		s.halt, s.owed = nil, 0
		s.runs++
		s.arrived(nil)
	}
	return err
}

func (c SetView) apply(s *Session) error {
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
	if c.Ledger != nil {
		v.Ledger = *c.Ledger
	}
	if err := v.check(); err != nil {
		return err
	}
	s.view = v
	s.paced = (s.paced || c.Speed != nil) && !c.Auto
	if uint64(v.Ledger) == s.run.ledger.span {
		return nil
	}
	back, err := s.run.Look(uint64(v.Ledger))
	if err == nil && s.goal == nil && s.run.step < back {
		s.goal = &goal{step: back}
	}
	return err
}

func (c Seek) apply(s *Session) error {
	if c.Step > s.run.Furthest() && c.Step-s.run.Furthest() > farthest {
		return complain(Limit, "step %d is more than %d steps ahead", c.Step, farthest)
	}
	if err := s.run.rewind(c.Step); err != nil {
		return err
	}
	s.arrived(nil)
	s.halt = nil
	if s.run.StepCount() < c.Step {
		s.goal = &goal{step: c.Step}
	}
	return nil
}

func (c Keep) apply(s *Session) error {
	s.keep = c.On
	return nil
}

// View is what is seen of a run, and how fast it goes.
type View struct {
	Grid  int     `json:"grid"`  // energies a side, 16 to 512
	FPS   float64 `json:"fps"`   // frames per second, 1 to 60
	Speed float64 `json:"speed"` // steps per second; 0 = as fast as the machine allows
	// Ledger is of how many steps frames show what they did to the energy, 0 to 100.
	Ledger int `json:"ledger,omitempty"`
}

// MaxSpeed is the greatest pace that can be asked for, in steps per second.
const MaxSpeed = 1e6

func (v View) check() error {
	switch {
	case v.Grid < MinGrid || v.Grid > MaxGrid:
		return complain(Limit, "the grid must have from %d to %d points a side; got %d", MinGrid, MaxGrid, v.Grid)
	case !(v.FPS >= 1 && v.FPS <= 60):
		return complain(Limit, "there can be from 1 to 60 frames per second; got %v", v.FPS)
	case v.Ledger < 0 || v.Ledger > MostLedger:
		return complain(Limit, "the ledger can look back from 0 to %d steps; got %d", MostLedger, v.Ledger)
	case !(v.Speed >= 0 && v.Speed <= MaxSpeed):
		return complain(Limit, "the speed must be from 0 to %v steps per second; got %v", MaxSpeed, v.Speed)
	}
	return nil
}

// defaults fills in what is 0: 128 points, 30 frames, and a pace at which the card's
// model learns in 8 seconds.
func (v View) defaults(card ebm.Card) View {
	if v.Grid == 0 {
		v.Grid = 128
	}
	if v.FPS == 0 {
		v.FPS = 30
	}
	if v.Speed == 0 {
		v.Speed = pace(card)
	}
	return v
}

func pace(card ebm.Card) float64 { return float64(card.Steps) / 8 }
