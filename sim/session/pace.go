package session

import (
	"time"

	"ebmviz/sim"
	"ebmviz/sim/sched"
	"ebmviz/sim/wire"
)

// commandBudget is how long the steps may take, except for the first, before a command is
// answered by a frame.
const commandBudget = 5 * time.Millisecond

// pacer is when the next step and the next frame are due.
type pacer struct {
	dueSteps float64       // steps that are due; what cannot be made in time is dropped
	since    time.Time     // up to when they have been counted: the beginning of the last turn
	lastTurn time.Time     // when the last turn was due, so that small delays do not add up
	cost     time.Duration // of a frame, on average
}

// loop is the goroutine of the session.
func (s *Session) loop() {
	defer close(s.done)
	defer s.awake.Release()
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		first, ok := s.await(timer)
		if !ok || !s.turn(first) {
			return
		}
	}
}

// expired is a timer that has expired. A real one expires when a core has nothing else to do,
// which on a busy machine is late.
var expired = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// await waits until there is something to do: a request, or a turn that is due. It reports false
// if the session is to end.
func (s *Session) await(timer *time.Timer) (first *request, ok bool) {
	var tick <-chan time.Time
	if wait, due := s.due(time.Now()); due && wait == 0 {
		tick = expired
	} else if due {
		timer.Reset(wait)
		tick = timer.C
	}
	defer timer.Stop()
	select {
	case first = <-s.requests:
	case <-tick:
	case <-s.wake:
	case <-s.closing:
		return nil, false
	}
	return first, true
}

// due returns how long to wait for the next turn, if there is to be one.
func (s *Session) due(now time.Time) (wait time.Duration, ok bool) {
	if s.waits {
		return 0, false // until wakeUp
	}
	if s.goal != nil {
		return 0, true
	}
	if !s.running() {
		return s.parking(now)
	}
	speed := s.speed()
	if speed == 0 {
		return 0, true
	}
	frame := s.lastTurn.Add(seconds(1 / s.fps()))
	step := s.since.Add(seconds((1-s.dueSteps)/speed) + 1) // rounded up, or it would not be due then
	if step.After(frame) {
		frame = step
	}
	wait = max(0, frame.Sub(now))
	if left, ok := s.awake.Ends(now); ok {
		wait = min(wait, left)
	}
	return wait, true
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// running reports whether the run makes steps by itself.
func (s *Session) running() bool { return s.playing && s.watched() }

// takeTurn asks for a turn if the run is to make steps, or gives it up.
func (s *Session) takeTurn() {
	waits := false
	if s.running() || s.goal != nil {
		waits = !s.awake.Hold()
	} else {
		s.awake.Release()
	}
	if waits != s.waits {
		s.waits, s.stateChanged = waits, true
	}
}

// setPriority has a turn in the background wait less if somebody waits for an answer.
func (s *Session) setPriority(asked bool) {
	switch {
	case !s.options.Background:
	case asked || s.run == nil:
		s.share.Priority = sched.Prompt
		select {
		case <-s.share.Raise: // it has been taken note of
		default:
		}
	default:
		s.share.Priority = sched.Background
	}
}

// turn carries out the commands that wait, makes the steps that are due and publishes the result,
// with a core of its own meanwhile. It reports false if the session is to end.
func (s *Session) turn(first *request) bool {
	s.setPriority(first != nil)
	if !s.share.Acquire(s.closing) {
		return false
	}
	s.watchdog.begin()
	if s.run == nil && !s.unpark(first != nil) {
		s.watchdog.end()
		s.share.Release()
		return s.run != nil || s.past != nil
	}
	wait, ok := s.due(time.Now())
	early := ok && wait > 0 // what a viewer wants has changed, or a command came
	if first != nil {
		s.serve(first)
	}
	commands := s.serveWaiting() || first != nil
	s.stopAtBound()
	s.takeTurn()
	if !early || commands {
		s.advance(commands)
	}
	s.takeTurn()
	s.meetDemand()
	s.publish()
	if s.watchdog.end() {
		s.publishState() // it is no longer stuck
	}
	s.park(first != nil)
	s.share.Release()
	for _, r := range s.replies {
		r.to <- r
	}
	s.replies = s.replies[:0]
	return true
}

// serve does what one request asks for, unless its caller has given it up.
func (s *Session) serve(q *request) {
	if !q.begun.CompareAndSwap(false, true) {
		return
	}
	if q.call != nil {
		q.reply <- reply{err: s.guard(q.call)}
		return
	}
	step, before := s.run.StepCount(), s.run.Revision()
	err := s.guard(func() error { return s.apply(q.command) })
	if sim.CodeOf(err) == Panicked && s.run.Revision() != before {
		s.stop(err) // the change was made, and the model panicked after it
		err = nil
	}
	if err == nil {
		s.revision++
		s.journal.add(wire.JournalEntry{Revision: s.revision, Step: step, Role: q.by, Time: time.Now(), Command: q.command})
	}
	s.stateChanged, s.frameChanged = true, true
	s.replies = append(s.replies, reply{q.reply, s.revision, err})
}

// serveWaiting does all that has been asked for by now, so that a burst of moves of a slider costs
// one frame. It reports whether a command was carried out.
func (s *Session) serveWaiting() (changed bool) {
	for {
		select {
		case q := <-s.requests:
			s.serve(q)
			changed = changed || q.command != nil
		default:
			return changed
		}
	}
}

// advance makes the steps that are due, but stops in time for the next frame, and as soon as
// a command comes. If this turn was asked for, the time of the frames begins with it.
func (s *Session) advance(asked bool) {
	now := time.Now()
	frame := seconds(1 / s.fps())
	speed := s.speed()
	if s.running() {
		s.dueSteps += speed * now.Sub(s.since).Seconds()
		s.dueSteps = min(s.dueSteps, max(1, 2*speed/s.fps()))
	}
	s.since = now
	s.lastTurn = s.lastTurn.Add(frame)
	if late := now.Sub(s.lastTurn); late > frame || late < 0 && asked {
		s.lastTurn = now
	}
	deadline := now.Add(max(s.lastTurn.Add(frame).Sub(now)-s.cost, s.cost/2)) // late: fewer steps, the next frame in time
	if s.stateChanged {                                                       // a command waits for its frame
		deadline = now.Add(min(frame, commandBudget))
	}
	for s.stepDue() {
		seeking := s.goal != nil
		if !seeking {
			s.dueSteps--
		}
		if !s.step() {
			break
		}
		if seeking && s.reachedGoal() || s.stopAtBound() || s.serveWaiting() {
			break
		}
		if !time.Now().Before(deadline) {
			s.dueSteps = min(s.dueSteps, 1)
			break
		}
		if !s.share.Yield(s.closing) {
			break
		}
	}
	s.dueSteps = max(s.dueSteps, 0)
}

// stepDue reports whether there is a step to be made now.
func (s *Session) stepDue() bool {
	const rounding = 1e-9
	return !s.waits && (s.goal != nil || s.running() && (s.speed() == 0 || s.dueSteps >= 1-rounding))
}

// reachedGoal reports whether the step of a Seek has been reached.
func (s *Session) reachedGoal() bool {
	if s.goal == nil || s.run.StepCount() < *s.goal {
		return false
	}
	s.goal, s.stateChanged = nil, true
	return true
}

// step makes one step, and reports whether it succeeded.
func (s *Session) step() bool {
	err := s.guard(s.stepRun)
	s.frameChanged = true
	if err != nil {
		s.stop(err)
	}
	return err == nil
}
