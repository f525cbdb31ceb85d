package sim

import "time"

// hurry is how long the steps may take, but for the first, before a command is answered
// by a frame.
const hurry = 5 * time.Millisecond

// soon is how long a Seek keeps whoever asked waiting for a step that is far away.
const soon = 100 * time.Millisecond

// pacer is when the next step and the next frame are due.
type pacer struct {
	owed  float64       // steps that are due; what cannot be made in time is forgotten
	since time.Time     // up to when they have been counted: the beginning of the last turn
	beat  time.Time     // when the last turn was due, so that being a little late does not add up
	cost  time.Duration // what a frame takes, on average
}

// loop is the goroutine of the session.
func (s *Session) loop() {
	defer close(s.done)
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		first, ok := s.await(timer)
		if !ok || !s.turn(first) {
			return
		}
	}
}

// rightAway is a timer that has expired. A real one expires when a core has nothing else
// to do, which on a busy machine is late.
var rightAway = func() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}()

// await waits, without a timer if there is nothing to do, until there is something: a
// request, or a turn that is due. It reports false if the session is to end.
func (s *Session) await(timer *time.Timer) (first *request, ok bool) {
	var tick <-chan time.Time
	if wait, due := s.due(time.Now()); due && wait == 0 {
		tick = rightAway
	} else if due {
		timer.Reset(wait)
		tick = timer.C
	}
	defer timer.Stop()
	select {
	case first = <-s.requests:
	case <-tick:
	case <-s.woken:
	case <-s.closing:
		return nil, false
	}
	return first, true
}

// due returns how long to wait for the next turn, if there is to be one.
func (s *Session) due(now time.Time) (wait time.Duration, ok bool) {
	if s.goal != nil {
		return 0, true
	}
	if !s.running() {
		return 0, false
	}
	if s.view.Speed == 0 {
		return 0, true
	}
	frame := s.beat.Add(seconds(1 / s.view.FPS))
	step := s.since.Add(seconds((1-s.owed)/s.view.Speed) + 1) // rounded up, or it would not be due then
	if step.After(frame) {
		frame = step
	}
	return max(0, frame.Sub(now)), true
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// running reports whether time passes in the run.
func (s *Session) running() bool { return s.playing && s.watched() }

// turn does what was asked, makes the steps that are due and shows the result, with a
// core of its own meanwhile. It reports false if the session is to end.
func (s *Session) turn(first *request) bool {
	if !s.team.take(s.closing) {
		return false
	}
	s.watchdog.begin()
	if first != nil {
		s.serve(first)
	}
	s.serveWaiting()
	s.advance(first != nil)
	if asleep := !s.watched(); asleep != s.asleep {
		s.asleep, s.changed = asleep, true
	}
	s.publish()
	if s.watchdog.end() {
		s.tell() // that it is not stuck any more
	}
	s.team.release()
	for _, answer := range s.answers {
		answer()
	}
	s.answers = s.answers[:0]
	return true
}

// serve does what one request asks for.
func (s *Session) serve(q *request) {
	former := s.goal
	err := s.guard(q.do)
	switch {
	case !q.changes:
		q.reply <- err
		return
	case s.goal != nil && s.goal != former:
		s.goal.reply, s.goal.due = q.reply, time.Now().Add(soon)
	default:
		s.answer(q.reply, err)
	}
	s.revisions++
	s.changed, s.moved = true, true
}

// answer tells whoever asked, once the news is out and the frame is there.
func (s *Session) answer(reply chan<- error, err error) {
	s.answers = append(s.answers, func() { reply <- err })
}

// serveWaiting does all that has been asked for by now, so that a burst of moves of a
// slider costs one frame. It reports whether anything changed.
func (s *Session) serveWaiting() (changed bool) {
	for {
		select {
		case q := <-s.requests:
			s.serve(q)
			changed = changed || q.changes
		default:
			return changed
		}
	}
}

// advance makes the steps that are due, but stops in time for the next frame, and as soon
// as somebody changes something. If somebody asked for this turn, the time of the frames
// begins anew with it.
func (s *Session) advance(asked bool) {
	now := time.Now()
	frame := seconds(1 / s.view.FPS)
	if s.running() {
		s.owed += s.view.Speed * now.Sub(s.since).Seconds()
		s.owed = min(s.owed, max(1, 2*s.view.Speed/s.view.FPS))
	}
	s.since = now
	s.beat = s.beat.Add(frame)
	if late := now.Sub(s.beat); late > frame || late < 0 && asked {
		s.beat = now
	}
	deadline := now.Add(max(s.beat.Add(frame).Sub(now)-s.cost, s.cost/2)) // late: fewer steps, the next frame in time
	if s.changed {                                                        // somebody waits to see what their move does
		deadline = now.Add(min(frame, hurry))
	}
	for s.isDue() {
		way := s.goal
		if way == nil {
			s.owed--
		}
		if !s.step() {
			break
		}
		now = time.Now()
		if way != nil && s.onTheWay(now) || s.serveWaiting() {
			break
		}
		if !now.Before(deadline) {
			s.owed = min(s.owed, 1)
			break
		}
		if !s.team.yield(s.closing) {
			break
		}
	}
	s.owed = max(s.owed, 0)
}

// isDue reports whether there is a step to be made now.
func (s *Session) isDue() bool {
	const rounding = 1e-9
	return s.goal != nil || s.running() && (s.view.Speed == 0 || s.owed >= 1-rounding)
}

// onTheWay reports whether the step that is sought has been reached, and tells those who
// asked for it, at the latest when they have waited long enough.
func (s *Session) onTheWay(now time.Time) (reached bool) {
	if s.goal != nil && s.run.step >= s.goal.step {
		s.arrived(nil)
		s.changed = true
		return true
	}
	if s.goal != nil && s.goal.reply != nil && now.After(s.goal.due) {
		s.answer(s.goal.reply, nil)
		s.goal.reply = nil
	}
	return false
}

// arrived ends the way to a step that was sought.
func (s *Session) arrived(err error) {
	if s.goal != nil && s.goal.reply != nil {
		s.answer(s.goal.reply, err)
	}
	s.goal = nil
}

// step makes one step, and reports whether it went well.
func (s *Session) step() bool {
	err := s.guard(s.stepRun)
	s.moved = true
	if err != nil {
		s.trip(err)
	}
	return err == nil
}
