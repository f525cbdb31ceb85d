package web

import (
	"time"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
)

// writer sends one client what it is to see. It holds the last frame and the last news
// that it sent, and waits until newer ones exist.
type writer struct {
	*client
	news    *sim.News   // nil before the welcome
	frame   *sim.Frame  // likewise
	told    uint32      // the generation of the points that were sent
	owed    []letter    // answers that wait for the news that tells of what was done
	stale   uint32      // frames up to this one show less than has been answered
	pending []int64     // frames sent and not acknowledged, at most credit
	late    *time.Timer // runs while the client owes something: its hello, then an acknowledgment
}

// write is the goroutine of the writer.
func (c *client) write() {
	w := &writer{client: c, late: time.NewTimer(c.server.timing.hello)}
	defer w.late.Stop()
	ping := time.NewTicker(c.server.timing.ping)
	defer ping.Stop()
	for c.ctx.Err() == nil {
		if err := w.next(ping.C); err != nil {
			c.end(websocket.CloseAbnormalClosure, "") // nobody is there to be told
		}
	}
	if c.code != websocket.CloseAbnormalClosure {
		goodbye := websocket.FormatCloseMessage(c.code, c.reason)
		c.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(c.server.timing.goodbye))
	}
}

// next waits for the next thing to send and sends it.
func (w *writer) next(ping <-chan time.Time) error {
	var frames, news <-chan struct{}
	if w.news != nil {
		news = w.news.Next()
		if len(w.pending) < credit {
			frames = w.frame.Next()
		}
	}
	select {
	case <-w.ctx.Done():
	case <-w.wake:
		w.settle()
		return w.deliver()
	case <-frames:
		return w.picture()
	case <-news:
		return w.tell(w.room.session.News())
	case <-ping:
		if w.missed.Add(1) > 2 {
			w.end(websocket.CloseGoingAway, "two pings went unanswered")
			return nil
		}
		return w.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(w.server.timing.write))
	case <-w.late.C:
		why := "frames were not acknowledged"
		if w.news == nil {
			why = "no hello came"
		}
		w.end(websocket.ClosePolicyViolation, why)
	}
	return nil
}

// deliver sends what is in the mail.
func (w *writer) deliver() error {
	w.mail.mu.Lock()
	letters := w.mail.letters
	w.mail.letters = nil
	w.mail.mu.Unlock()
	for _, l := range letters {
		var err error
		switch {
		case l.text != nil:
			err = w.put(websocket.TextMessage, l.text)
		case l.role != "":
			err = w.welcome(l)
		default:
			w.owed = append(w.owed, l)
		}
		if err != nil {
			return err
		}
	}
	if len(w.owed) > 0 {
		if n := w.room.session.News(); n != w.owed[0].after {
			return w.tell(n)
		}
	}
	return nil
}

// welcome answers hello: all that there is, the points, and the first frame.
func (w *writer) welcome(l letter) error {
	w.late.Stop()
	w.news = w.room.session.News()
	state, points := w.room.words.say(w.news)
	w.told = w.news.State.Generation
	body := []byte(`{"room":"` + w.room.id + `","role":"` + string(l.role) + `","catalogHash":"` + w.server.hash + `"`)
	if !l.brief {
		body = append(append(body, `,"catalog":`...), w.server.catalog...)
	}
	body = append(append(body, `,"state":`...), state...)
	if err := w.put(websocket.TextMessage, message("welcome", append(body, '}'), l.id)); err != nil {
		return err
	}
	if err := w.put(websocket.TextMessage, points); err != nil {
		return err
	}
	return w.picture()
}

// tell sends the state, as an answer to those who wait for it, and the points if they
// have changed.
func (w *writer) tell(n *sim.News) error {
	w.news = n
	state, points := w.room.words.say(n)
	waiting := w.owed
	w.owed = nil
	answered := false
	for _, l := range waiting {
		if l.after == n {
			w.owed = append(w.owed, l)
			continue
		}
		answered = true
		w.stale = max(w.stale, l.shown)
		if err := w.put(websocket.TextMessage, message("state", state, l.id)); err != nil {
			return err
		}
	}
	if !answered {
		if err := w.put(websocket.TextMessage, message("state", state, nil)); err != nil {
			return err
		}
	}
	if w.told == n.State.Generation {
		return nil
	}
	w.told = n.State.Generation
	return w.put(websocket.TextMessage, points)
}

// picture sends the newest frame, and before it the news and the answers that it may
// show. The frame is taken first, so that they are early, never late; where an answer is
// too early, the frame that shows what was done is just coming, and this one is skipped.
func (w *writer) picture() error {
	w.frame = w.room.session.Frame()
	if err := w.deliver(); err != nil {
		return err
	}
	if n := w.room.session.News(); n != w.news {
		if err := w.tell(n); err != nil {
			return err
		}
	}
	if w.frame.Seq <= w.stale {
		return nil
	}
	seq := int64(w.frame.Seq)
	w.sent.Store(seq) // before it leaves: the acknowledgment may be quick
	w.pending = append(w.pending, seq)
	if len(w.pending) == credit {
		w.late.Reset(w.server.timing.ack)
	}
	return w.put(websocket.BinaryMessage, w.frame.Data)
}

// settle takes what was acknowledged off the account.
func (w *writer) settle() {
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

// put writes one message, which must leave within the deadline.
func (w *writer) put(kind int, m []byte) error {
	w.conn.SetWriteDeadline(time.Now().Add(w.server.timing.write))
	return w.conn.WriteMessage(kind, m)
}
