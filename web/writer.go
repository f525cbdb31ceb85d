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
	look       wire.Look
	snapshot   *room.Snapshot // nil before the welcome
	frame      *room.Frame    // nil before the first
	generation uint32         // of the points that were sent
	answered   uint64         // the newest revision that a command was answered with
	held       bool           // the newest snapshot and frame wait for an answer
	badCells   bool           // the frame that was sent last has cells without a finite energy
	pending    []int64        // frames sent and not acknowledged, at most credit
	classPause *time.Timer    // runs until the next messages of the class may be sent
	classWaits bool           // it runs
	late       *time.Timer    // runs while the writer waits for hello, or for an acknowledgment
	pause      *time.Timer    // runs until the next frame may be sent, if the client wants few
	paused     bool
}

// write is the goroutine of the writer.
func (c *client) write() {
	w := &writer{client: c, late: time.NewTimer(c.server.timing.hello), pause: time.NewTimer(time.Hour), classPause: time.NewTimer(time.Hour)}
	defer w.late.Stop()
	defer w.pause.Stop()
	defer w.classPause.Stop()
	ping := time.NewTicker(c.server.timing.ping)
	defer ping.Stop()
	for c.ctx.Err() == nil {
		err := w.next(ping.C)
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
func (w *writer) next(ping <-chan time.Time) error {
	var frames, snapshots, ended, class, wake <-chan struct{}
	ready := w.line.ready()
	if w.snapshot != nil {
		ended = w.feed.Load().Done()
	}
	if ready == nil {
		wake = w.wake
	}
	if w.snapshot != nil && ready == nil {
		if w.class != nil && !w.classWaits {
			class = w.class.Next()
		}
		if !w.held {
			snapshots = w.snapshot.Next()
			if len(w.pending) < credit && !w.paused && w.frame != nil {
				frames = w.frame.Next()
			}
		}
	}
	select {
	case <-w.ctx.Done():
	case <-ended:
		w.end(closeGoingAway, "the room has ended")
	case <-ready:
	case <-wake:
		w.held = false
		w.removeAcked()
		if err := w.deliver(); err != nil || w.snapshot == nil || w.frame != nil {
			return err
		}
		return w.sendFrame() // the first one was held back
	case <-frames:
		return w.sendFrame()
	case <-snapshots:
		return w.sendSnapshot()
	case <-class:
		return w.sendClass()
	case <-w.classPause.C:
		w.classWaits = false
	case <-w.pause.C:
		w.paused = false
	case <-ping:
		if w.missed.Add(1) > 2 {
			w.end(closeGoingAway, "two pings were not answered")
			return nil
		}
		return w.line.send(pingMessage, nil)
	case <-w.late.C:
		why := "frames were not acknowledged"
		if w.snapshot == nil {
			why = "no hello came"
		}
		w.end(closePolicy, why)
	}
	return nil
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
		w.late.Reset(w.server.timing.hello)
	}
	switch {
	case m.text != nil:
		return w.line.send(textMessage, m.text)
	case m.welcome != "":
		return w.welcome(m)
	case m.look != nil:
		w.look, w.paused = *m.look, false
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
	w.late.Stop()
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
	w.frame = frame
	if w.snapshot != w.feed.Load().Snapshot() {
		if err := w.sendState(nil); err != nil {
			return err
		}
	}
	if err := w.reportBadCells(); err != nil {
		return err
	}
	seq := int64(frame.Seq)
	w.sent.Store(seq) // before it is sent: the acknowledgment may be quick
	w.pending = append(w.pending, seq)
	if len(w.pending) == credit {
		w.late.Reset(w.server.timing.ack)
	}
	if w.look.FPS > 0 {
		w.paused = true
		w.pause.Reset(time.Duration(float64(time.Second) / w.look.FPS))
	}
	return w.line.send(binaryMessage, frame.Bytes(w.look))
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
	w.classWaits = true
	w.classPause.Reset(classInterval)
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

// removeAcked removes the frames that were acknowledged from those pending.
func (w *writer) removeAcked() {
	acked := w.acked.Load()
	n := 0
	for n < len(w.pending) && w.pending[n] <= acked {
		n++
	}
	w.pending = append(w.pending[:0], w.pending[n:]...)
	if len(w.pending) < credit {
		w.late.Stop()
	}
}
