package web

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// Limits of the lines that are made of requests.
const (
	maxBatch = 2 * wire.MaxMessage // bytes of a POST of messages
	pollHold = 25 * time.Second    // for which a GET of one message waits; proxies often cut at 30 s
)

const unknownSession sim.Code = "session"

// openSession opens a session to a room: a line made of requests, for networks that do not pass
// websockets. The body has the first messages of the client, one a line; the answer has the secret
// that goes with all other requests.
func (s *Server) openSession(w http.ResponseWriter, r *http.Request) {
	e := s.admit(w, r)
	if e == nil {
		return
	}
	body, ok := readMessages(w, r)
	if !ok {
		return
	}
	l := &requestLine{server: s, secret: randomHex(16), turn: make(chan struct{}, 1)}
	l.client = s.newClient(e, l, r)
	if !s.enter(l.client) {
		refuse(w, http.StatusServiceUnavailable, sim.Limit, tooManySockets)
		return
	}
	s.mu.Lock()
	s.sessions[l.secret] = l
	s.mu.Unlock()
	go l.client.serve()
	if l.receive(r.Context(), w, body) {
		answer(w, []byte(`{"session":"`+l.secret+`"}`))
	}
}

// postMessages takes messages of a client, one a line.
func (s *Server) postMessages(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("room") {
		s.openSession(w, r)
		return
	}
	l := s.session(w, r)
	if l == nil {
		return
	}
	if body, ok := readMessages(w, r); ok && l.receive(r.Context(), w, body) {
		w.WriteHeader(http.StatusNoContent)
	}
}

// getStream answers with the server's messages: each is a byte with its kind, its length as a
// little-endian uint32, and then itself. The answer goes on until the session ends. With ?one it ends
// with the first message that can be sent and those that follow it at once; the status is 204 if none
// came for 25 s, or for &hold seconds. With &ack=SEQ the client acknowledges a frame too. A second GET of a session
// replaces the first.
func (s *Server) getStream(w http.ResponseWriter, r *http.Request) {
	l := s.session(w, r)
	if l == nil {
		return
	}
	q := r.URL.Query()
	l.client.missed.Store(0)
	if seq, err := strconv.ParseUint(q.Get("ack"), 10, 32); err == nil {
		l.client.acknowledge(int64(seq))
	}
	hold := pollHold
	if n, err := strconv.ParseUint(q.Get("hold"), 10, 8); err == nil {
		hold = min(hold, time.Duration(n)*time.Second)
	}
	l.serve(w, r, q.Has("one"), hold)
}

// endSession ends a session at once: the client leaves between two long polls.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) {
	if l := s.session(w, r); l != nil {
		l.client.end(closeFailed, "")
		w.WriteHeader(http.StatusNoContent)
	}
}

// session returns the session whose secret the request has, or answers that there is none.
func (s *Server) session(w http.ResponseWriter, r *http.Request) *requestLine {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.sessions[bearerToken(r)]
	if l == nil {
		refuse(w, http.StatusForbidden, unknownSession, "there is no such session; it ends when its room does, or when its client is silent for a while")
	}
	return l
}

// readMessages reads the body of a POST of messages, or answers why it is refused.
func readMessages(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBatch))
	if err != nil {
		fail(w, err)
	}
	return body, err == nil
}

// requestLine is a session: the client sends messages by POST and gets those of the server by GET.
type requestLine struct {
	server *Server
	client *client
	secret string
	turn   chan struct{} // holds one while messages of the client are received, and in the end

	mu   sync.Mutex
	get  *download     // takes the next messages; nil while there is no GET
	came chan struct{} // closed when there is one; nil if nobody waits for that
	out  [][]byte      // what waits for flush: of each message the head and the body
	over bool          // the last message is in out, or was sent
}

// download is the answer to a GET.
type download struct {
	http.ResponseWriter
	control *http.ResponseController
	one     bool
	sent    bool          // something of it
	done    chan struct{} // closed when it is complete
}

// receive passes the messages of a POST to the client. It reports false if it has answered why not.
func (l *requestLine) receive(ctx context.Context, w http.ResponseWriter, body []byte) bool {
	c := l.client
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-c.ctx.Done():
		refuse(w, http.StatusForbidden, unknownSession, "the session has ended")
		return false
	case <-ctx.Done():
		return false
	}
	if l.streams() { // it may be the answer to a ping; who polls answers with the next GET
		c.missed.Store(0)
	}
	for line := range bytes.Lines(body) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		switch {
		case len(line) > wire.MaxMessage:
			c.end(closeTooLong, "")
			refuse(w, http.StatusRequestEntityTooLarge, sim.Limit, "a message has at most "+strconv.Itoa(wire.MaxMessage)+" bytes")
			return false
		case !utf8.Valid(line):
			c.end(closeInvalidText, "text messages are UTF-8")
			refuse(w, http.StatusBadRequest, wire.BadMessage, "text messages are UTF-8")
			return false
		case len(line) > 0 && c.ctx.Err() == nil:
			c.receive(line)
		}
	}
	return true
}

// streams reports whether there is a GET that does not end with a message.
func (l *requestLine) streams() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.get != nil && !l.get.one
}

// serve answers a GET.
func (l *requestLine) serve(w http.ResponseWriter, r *http.Request, one bool, hold time.Duration) {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no") // nginx passes each message on at once
	control := http.NewResponseController(w)
	d := &download{ResponseWriter: w, control: control, one: one, done: make(chan struct{})}
	var held <-chan time.Time
	if one {
		timer := time.NewTimer(hold)
		defer timer.Stop()
		held = timer.C
	} else {
		control.SetReadDeadline(time.Time{}) // else the request is over after the time for its body
	}
	l.attach(d)
	select {
	case <-d.done:
	case <-held:
	case <-r.Context().Done():
	case <-l.client.ctx.Done():
		control.SetWriteDeadline(time.Now().Add(l.server.timing.closing))
		<-d.done // closed by hangUp or close
	}
	if l.detach(d) && r.Context().Err() != nil {
		l.client.end(closeFailed, "") // as a websocket ends with its connection
	}
	control.SetWriteDeadline(time.Now().Add(l.server.timing.write))
	if one && !d.sent {
		w.WriteHeader(http.StatusNoContent)
	}
}

// attach has a GET take the next messages, and those that wait.
func (l *requestLine) attach(d *download) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.get != nil {
		close(l.get.done)
	}
	l.get = d
	if l.came != nil {
		close(l.came)
		l.came = nil
	}
	if len(l.out) > 0 {
		if err := l.write(); err != nil {
			l.client.end(closeFailed, "")
		}
		return
	}
	switch {
	case l.over:
		l.finish()
	case !d.one:
		d.control.Flush() // the client sees that the server has answered
		d.sent = true
	}
}

// detach reports false if the GET was complete, or replaced.
func (l *requestLine) detach(d *download) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.get != d {
		return false
	}
	l.get = nil
	return true
}

// write writes what waits to the GET. The lock is held.
func (l *requestLine) write() error {
	d := l.get
	d.control.SetWriteDeadline(time.Now().Add(l.server.timing.write))
	if d.one {
		n := 0
		for _, part := range l.out {
			n += len(part)
		}
		d.Header().Set("Content-Length", strconv.Itoa(n))
	}
	d.sent = true
	var err error
	for _, part := range l.out {
		if _, err = d.Write(part); err != nil {
			break
		}
	}
	clear(l.out)
	l.out = l.out[:0]
	if err == nil {
		err = d.control.Flush()
	}
	if err != nil || d.one || l.over {
		l.finish()
	}
	return err
}

// finish completes the GET. The lock is held.
func (l *requestLine) finish() {
	if l.get != nil {
		close(l.get.done)
		l.get = nil
	}
}

// read waits until the client is to end and the last of its messages is received.
func (l *requestLine) read(c *client) {
	<-c.ctx.Done()
	l.turn <- struct{}{}
}

func (l *requestLine) ready() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.get != nil {
		return nil
	}
	return l.wait()
}

// wait returns a channel that is closed when a GET comes. The lock is held.
func (l *requestLine) wait() <-chan struct{} {
	if l.came == nil {
		l.came = make(chan struct{})
	}
	return l.came
}

func (l *requestLine) send(k messageKind, m []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k == pingMessage && (l.get == nil || l.get.one) {
		if l.get != nil {
			l.client.missed.Store(0) // a GET waits; it does so for a limited time
		}
		return nil
	}
	head := binary.LittleEndian.AppendUint32([]byte{byte(k)}, uint32(len(m)))
	l.out = append(l.out, head, m)
	return nil
}

func (l *requestLine) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.get == nil || len(l.out) == 0 {
		return nil
	}
	return l.write()
}

// hangUp sends the close message: the code as a little-endian uint16, and the reason.
func (l *requestLine) hangUp(code int, reason string) {
	l.send(closeMessage, append(binary.LittleEndian.AppendUint16(nil, uint16(code)), reason...))
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.flush()
}

// interrupt does nothing: read waits for the end of the client, and so does the GET.
func (l *requestLine) interrupt() {}

// close waits for a GET, for a short time, if the close message was not sent yet.
func (l *requestLine) close() {
	l.mu.Lock()
	var came <-chan struct{}
	if l.over && len(l.out) > 0 {
		came = l.wait()
	}
	l.mu.Unlock()
	if came != nil {
		select {
		case <-came:
		case <-time.After(l.server.timing.closing):
		}
	}
	l.server.mu.Lock()
	delete(l.server.sessions, l.secret)
	l.server.mu.Unlock()
	l.cut()
}

func (l *requestLine) cut() {
	l.mu.Lock()
	l.over = true
	l.finish()
	l.mu.Unlock()
}
