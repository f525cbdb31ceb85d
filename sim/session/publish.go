package session

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

// stop stops the run because of an error in it.
func (s *Session) stop(err error) {
	h := &wire.Halt{Code: sim.CodeOf(err), Step: s.run.StepCount(), Back: s.run.First(), Message: err.Error()}
	var d *sim.Diverged
	switch {
	case errors.As(err, &d):
		h.Step, h.Quantity, h.Knob, h.Back = d.Step, d.Quantity, d.Knob, d.Back
	case h.Code == Panicked:
		// The panic may have left the model half changed.
		if s.guard(s.run.Repair) == nil {
			h.Back = s.run.StepCount()
		}
	}
	s.halt, s.playing, s.goal = h, false, nil
	s.stateChanged = true
}

// meetDemand notes whether the viewers want something that the newest frame does not have.
func (s *Session) meetDemand() {
	if asleep := !s.watched(); asleep != s.asleep {
		s.asleep, s.stateChanged = asleep, true
	}
	if frame := s.Frame(); frame != nil && slices.ContainsFunc(s.formats(), func(f wire.Format) bool { return !frame.Has(f) }) {
		s.frameChanged = true
	}
}

// formats returns the formats that the viewers want, each once; without viewers the whole.
func (s *Session) formats() []wire.Format {
	looks := s.Demand().Looks
	if len(looks) == 0 {
		return []wire.Format{{}}
	}
	all := make([]wire.Format, 0, len(looks))
	for _, l := range looks {
		if f := l.Format(s.view.Grid); !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return all
}

// publish publishes the state if it has changed, and then a frame if there is something new to
// show.
func (s *Session) publish() {
	var frame *room.Frame
	if s.frameChanged {
		start := time.Now()
		frame = s.renderFrame()
		s.cost = (3*s.cost + time.Since(start)) / 4
		s.frameChanged = false
	}
	s.noteRun()
	if s.stateChanged {
		s.publishState()
	}
	if frame != nil {
		frame.Revision = s.revision
		s.PublishFrame(frame)
	}
}

// noteRun notes a change of the run.
func (s *Session) noteRun() {
	if r := s.run.Revision(); r != s.runRevision {
		s.runRevision, s.stateChanged = r, true
	}
}

// renderFrame makes the frame of the present step. If the model panics, the run stops, and the
// frame is that of the step it is repaired at.
func (s *Session) renderFrame() *room.Frame {
	for range 2 {
		var frame *room.Frame
		err := s.guard(func() error {
			formats := s.formats()
			s.renderer.SkipField = !slices.ContainsFunc(formats, func(f wire.Format) bool { return f.Sections.Field() })
			p, err := s.renderer.Render(s.run, s.view.Grid)
			if err != nil {
				return err
			}
			s.seq++
			s.frame = wire.Frame{Seq: s.seq, ServerMS: float64(time.Now().UnixMicro()) / 1000, Picture: *p}
			frame = &room.Frame{Seq: s.seq, Step: p.Step, Grid: p.NX, BadCells: p.BadCells, Small: s.smallPicture(p)}
			for _, f := range formats {
				frame.Add(f, wire.EncodeFrame(&s.frame, f))
			}
			return nil
		})
		if err == nil {
			return frame
		}
		s.stop(err)
	}
	return nil
}

// smallSide is how many cells a side a small picture has, and smallEvery how often there is another
// while the run plays.
const (
	smallSide  = 48
	smallEvery = 200 * time.Millisecond
)

// smallPicture returns a small picture of the landscape, nil if the session is not in the background.
// Its measure is the AUC, -1 where that does not apply.
func (s *Session) smallPicture(p *sim.Picture) *wire.SmallPicture {
	now := time.Now()
	switch {
	case !s.options.Background:
		return nil
	case s.small != nil && s.running() && now.Sub(s.smallTime) < smallEvery:
		return s.small
	}
	small := wire.PictureOf(p, smallSide, nil)
	small.Measure = -1
	if i := slices.Index(s.run.ScalarNames(), "auc"); i >= 0 && !math.IsNaN(p.Scalars[i]) {
		small.Measure = float32(p.Scalars[i])
	}
	s.small, s.smallTime = &small, now
	return &small
}

// publishState publishes a snapshot.
func (s *Session) publishState() {
	s.stateChanged = false
	c := s.run.Config()
	state := wire.State{
		Model: c.Model, Data: c.Data, PointsID: s.run.PointsID(), Seed: c.Seed, Step: s.run.StepCount(), Playing: s.playing, Knobs: c.Knobs,
		Grid: s.view.Grid, FPS: s.view.FPS, Speed: s.speed(), Pace: s.view.Speed.Name(), Run: s.runs, Revision: s.revision,
		Generation: s.run.Generation(), DeltaSpan: s.view.DeltaSpan, Asleep: s.asleep, Waits: s.waits, Notice: s.run.Notice(), Halt: s.halt,
	}
	if s.goal != nil {
		state.Goal = *s.goal
	}
	points := &room.Points{Generation: state.Generation, Y: s.run.Points(), Held: s.run.Held(), Info: s.run.PointsInfo()}
	old := s.options.points // so that forks share the message of their parent
	if n := s.Snapshot(); n != nil {
		old = n.Points
	}
	if old != nil && old.Generation == points.Generation {
		points = old
	}
	s.watchdog.mu.Lock()
	defer s.watchdog.mu.Unlock()
	s.PublishSnapshot(newSnapshot(state, points))
}

func newSnapshot(state wire.State, points *room.Points) *room.Snapshot {
	text, err := json.Marshal(state)
	if err != nil {
		panic(err) // numbers that are finite, words, and knobs that came from JSON or a card
	}
	return &room.Snapshot{State: state, Points: points, JSON: text}
}
