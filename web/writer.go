package web

import (
	"encoding/json"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
	"ebmviz/web/class"
)

// writer sends to one client. It holds the frame and the snapshot that it sent last, and waits until
// newer ones exist.
//
// A client gets the answer to its command before any other state or frame that shows the command.
// The room answers a command after it has published both, so while a command of the client is in
// flight, what is of a newer revision than was answered is held back.
type writer struct {
	*client
	look       wire.Look // what the client asks for; watching has the encoding that it gets
	lag        lag
	snapshot   *room.Snapshot // nil before the welcome
	frame      *room.Frame    // nil before the first
	generation uint32         // of the points that were sent
	answered   uint64         // the newest revision that a command was answered with
	held       bool           // the newest snapshot and frame wait for an answer
	badCells   bool           // the frame that was sent last has cells without a finite energy
	pending    []pendingFrame // sent and not acknowledged, at most credit
	woken      bool           // there was a wake while the line was not ready

	// When something is due; the zero time is never. One timer wakes the writer for all: a select
	// over a timer for each would start and stop each for every frame.
	timer    *time.Timer
	armed    time.Time // when the timer fires
	pingAt   time.Time
	late     time.Time // when hello, or an acknowledgment, must have come
	resume   time.Time // when the next frame may be sent, if the client wants few
	classMay time.Time // when the next messages of the class may be sent
}

// pendingFrame is a frame that was sent.
type pendingFrame struct {
	seq int64
	at  time.Time
}

// write is the goroutine of the writer.
func (c *client) write() {
	now := time.Now()
	w := &writer{client: c, late: now.Add(c.server.timing.hello), pingAt: now.Add(c.server.timing.ping)}
	w.timer = time.AfterFunc(w.late.Sub(now), c.notify)
	w.armed = w.late
	defer w.timer.Stop()
	for !c.ended.Load() {
		err := w.next()
		if err == nil {
			err = c.line.flush()
		}
		if err != nil {
			c.end(closeFailed, "")
		}
	}
	if c.code != closeFailed {
		c.line.hangUp(c.code, c.reason)
	}
}

// next waits for the next thing to send and sends it.
func (w *writer) next() error {
	now := time.Now()
	w.removeAcked()
	if due, err := w.due(now); due {
		return err
	}
	ready := w.line.ready()
	if w.woken && ready == nil {
		return w.answer()
	}
	w.arm(now)
	var frames, snapshots, ended, class <-chan struct{}
	if w.snapshot != nil {
		ended = w.feed.Load().Done()
	}
	if w.snapshot != nil && ready == nil {
		if w.class != nil && w.classMay.IsZero() {
			class = w.class.Next()
		}
		if !w.held {
			snapshots = w.snapshot.Next()
			if len(w.pending) < credit && w.resume.IsZero() && w.frame != nil {
				frames = w.frame.Next()
			}
		}
	}
	select {
	case <-ended:
		w.end(closeGoingAway, "the room has ended")
	case <-ready:
	case <-w.wake:
		w.woken = true
	case <-frames:
		return w.sendFrame()
	case <-snapshots:
		return w.sendSnapshot()
	case <-class:
		return w.sendClass()
	}
	return nil
}

// answer sends what is in the outbox, and the first frame if it was held back.
func (w *writer) answer() error {
	w.woken, w.held = false, false
	if err := w.deliver(); err != nil || w.snapshot == nil || w.frame != nil {
		return err
	}
	return w.sendFrame()
}

// due does what is due, and reports whether it sent something or the connection is to end.
func (w *writer) due(now time.Time) (bool, error) {
	past := func(t time.Time) bool { return !t.IsZero() && !now.Before(t) }
	if past(w.resume) {
		w.resume = time.Time{}
	}
	if past(w.classMay) {
		w.classMay = time.Time{}
	}
	switch {
	case past(w.late):
		why := "frames were not acknowledged"
		if w.snapshot == nil {
			why = "no hello came"
		}
		w.end(closePolicy, why)
	case past(w.pingAt):
		w.pingAt = now.Add(w.server.timing.ping)
		if w.missed.Add(1) > 2 {
			w.end(closeGoingAway, "two pings were not answered")
			break
		}
		return true, w.line.send(pingMessage, nil)
	default:
		return false, nil
	}
	return true, nil
}

// arm lets the timer fire when the next thing is due. It is not put off: it fires once in vain then.
func (w *writer) arm(now time.Time) {
	first := w.pingAt
	for _, t := range [...]time.Time{w.late, w.resume, w.classMay} {
		if !t.IsZero() && t.Before(first) {
			first = t
		}
	}
	if !w.armed.After(now) || first.Before(w.armed) {
		w.armed = first
		w.timer.Reset(first.Sub(now))
	}
}

// deliver sends what is in the outbox.
func (w *writer) deliver() error {
	w.outbox.mu.Lock()
	messages := w.outbox.messages
	w.outbox.messages = nil
	w.outbox.mu.Unlock()
	for _, m := range messages {
		if err := w.send(m); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) send(m outgoing) error {
	if m.again {
		w.late = time.Now().Add(w.server.timing.hello)
	}
	switch {
	case m.text != nil:
		return w.line.send(textMessage, m.text)
	case m.welcome != "":
		return w.welcome(m)
	case m.look != nil:
		w.setLook(*m.look)
		if m.id == nil {
			return nil
		}
		return w.sendState(m.id)
	}
	w.answered = max(w.answered, m.answers)
	return w.sendState(m.id)
}

// welcome answers hello: the welcome with the state, then the points, then the first frame.
func (w *writer) welcome(m outgoing) error {
	w.late, w.look = time.Time{}, *m.look
	w.snapshot = w.feed.Load().Snapshot()
	w.answered = w.snapshot.State.Revision
	body := []byte(`{"room":"` + w.room.id + `","role":"` + string(m.welcome) + `","catalogHash":"` + w.server.catalogHash + `"`)
	if of := w.room.class.Load(); of != nil {
		body = append(append(append(body, `,"class":"`...), of.Room()...), '"')
		if w.member != "" {
			member, _ := json.Marshal(map[string]string{"id": w.member, "name": of.NameOf(w.member)}) // strings: it cannot fail
			body = append(append(body, `,"member":`...), member...)
		}
	}
	if !m.brief {
		body = append(append(body, `,"catalog":`...), w.server.catalog...)
	}
	body = append(append(body, `,"state":`...), w.snapshot.JSON...)
	if err := w.line.send(textMessage, wire.Message("welcome", append(body, '}'), m.id)); err != nil {
		return err
	}
	w.generation = w.snapshot.State.Generation
	if err := w.line.send(textMessage, w.snapshot.Points.Message()); err != nil {
		return err
	}
	return w.sendFrame()
}

// setLook changes what the client asks for.
func (w *writer) setLook(l wire.Look) {
	w.look = l
	if w.consumer == nil {
		w.resume = time.Time{}
	} else { // what it has taken already counts
		w.consumer.ask(l)
	}
	l.Enc = w.encoding(l.Enc, w.lag.slow)
	w.watching = l
	w.feed.Load().Look(l)
}

// adapt changes the encoding if the client has become slow, or its share of the uplink has changed.
func (w *writer) adapt() {
	if w.consumer != nil {
		w.consumer.slow.Store(w.lag.slow)
	}
	if enc := w.encoding(w.look.Enc, w.lag.slow); enc != w.watching.Enc {
		w.watching.Enc = enc
		w.feed.Load().Look(w.watching)
	}
}

// sendSnapshot sends the newest state, unless it has to wait for an answer.
func (w *writer) sendSnapshot() error {
	n := w.feed.Load().Snapshot()
	if err := w.deliverOrHold(n.State.Revision); err != nil || w.held || w.snapshot == w.feed.Load().Snapshot() {
		return err
	}
	return w.sendState(nil)
}

// deliverOrHold sends what is in the outbox. If a command is in flight that the revision may show,
// held is then true.
func (w *writer) deliverOrHold(revision uint64) error {
	inFlight := w.inFlight.Load() // after the revision was taken: a command in flight may be in it
	if err := w.deliver(); err != nil {
		return err
	}
	w.held = inFlight && revision > w.answered
	return nil
}

// sendState sends the newest state, and the points if they have changed. The id is that of the
// request that the state answers, if it does.
func (w *writer) sendState(id *int64) error {
	w.snapshot = w.feed.Load().Snapshot()
	if err := w.line.send(textMessage, wire.Message("state", w.snapshot.JSON, id)); err != nil {
		return err
	}
	if w.generation == w.snapshot.State.Generation {
		return nil
	}
	w.generation = w.snapshot.State.Generation
	return w.line.send(textMessage, w.snapshot.Points.Message())
}

// sendFrame sends the newest frame, and before it the answers and the state that it shows. The
// frame is taken first, so that they are never later than it.
func (w *writer) sendFrame() error {
	frame := w.feed.Load().Frame()
	if err := w.deliverOrHold(frame.Revision); err != nil || w.held {
		return err
	}
	made := int64(1)
	if w.frame != nil {
		made = int64(frame.Seq - w.frame.Seq)
	}
	w.frame = frame
	if w.snapshot != w.feed.Load().Snapshot() {
		if err := w.sendState(nil); err != nil {
			return err
		}
	}
	if err := w.reportBadCells(); err != nil {
		return err
	}
	w.adapt()
	bytes := frame.Bytes(w.watching)
	if bytes == nil {
		return nil // the next one has it in an encoding that the client reads
	}
	now := time.Now()
	w.sent.Store(int64(frame.Seq)) // before it is sent: the acknowledgment may be quick
	w.pending = append(w.pending, pendingFrame{int64(frame.Seq), now})
	if len(w.pending) == credit {
		w.late = now.Add(w.server.timing.ack)
	}
	var pause time.Duration
	if w.consumer != nil {
		pause = w.consumer.sent(wire.EncodingOf(bytes), len(bytes), made, now)
	}
	if w.look.FPS > 0 {
		pause = max(pause, time.Duration(float64(time.Second)/w.look.FPS))
	}
	if pause > 0 {
		w.resume = now.Add(pause)
	}
	return w.line.send(binaryMessage, bytes)
}

// sendClass sends what is new in the class.
func (w *writer) sendClass() error {
	if err := w.class.Err(); err != nil {
		e := wire.ErrorOf(err)
		code := closePolicy
		if e.Code == class.EndedError {
			code = closeGoingAway
		}
		w.end(code, e.Message)
		return nil
	}
	w.classMay = time.Now().Add(classInterval)
	for _, m := range w.class.Messages() {
		if err := w.line.send(textMessage, m); err != nil {
			return err
		}
	}
	return nil
}

// reportBadCells sends an error when frames begin to have cells without a finite energy.
func (w *writer) reportBadCells() error {
	bad := w.frame.BadCells > 0
	if bad == w.badCells {
		return nil
	}
	w.badCells = bad
	if !bad {
		return nil
	}
	err := sim.Errorf("bad-cells", "some cells of the picture have an energy beyond ±1e6 or none that is finite; they are drawn at ±1e6")
	return w.line.send(textMessage, wire.Message("error", wire.ErrorOf(err).JSON(), nil))
}

// removeAcked removes the frames that were acknowledged from those pending. If there is no credit, the
// next acknowledgment wakes the writer.
func (w *writer) removeAcked() {
	if len(w.pending) == credit {
		w.starved.Store(true) // before acked is read: the reader does these in the other order
	}
	acked := w.acked.Load()
	n := 0
	for n < len(w.pending) && w.pending[n].seq <= acked {
		n++
	}
	if n == 0 {
		return
	}
	at := time.Unix(0, w.ackedAt.Load())
	w.lag.note(at.Sub(w.pending[n-1].at), at)
	if len(w.pending) == credit {
		w.starved.Store(false)
		w.late = time.Time{}
	}
	w.pending = append(w.pending[:0], w.pending[n:]...)
}
