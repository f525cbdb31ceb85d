package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
)

// client is one websocket. See the package comment for its three goroutines.
type client struct {
	server *Server
	room   *room
	conn   *websocket.Conn
	bearer bool // the handshake carried the room's token

	role    role   // owned by the reader
	unwatch func() // says that the room has lost this viewer; set by hello

	ctx      context.Context // done once the connection is to end
	cancel   context.CancelFunc
	ending   sync.Once
	code     int // of the close frame, and why
	reason   string
	commands chan request // from the reader to the carrier
	mail     mailbox      // to the writer
	wake     chan struct{}

	sent   atomic.Int64 // the newest frame that went out; -1 before the first
	acked  atomic.Int64 // the newest frame acknowledged
	missed atomic.Int32 // pings without an answer
}

// letter is what the writer is asked to send besides frames and news.
type letter struct {
	text  []byte    // a whole message; nil for a welcome or a state, which the writer fills in with the newest
	role  role      // of the welcome; "" for a state
	brief bool      // the welcome has only the hash of the catalogue
	after *sim.News // the news that does not tell yet what the state is to tell
	shown uint32    // the frame that does not show it yet
	id    *int64
}

// mailbox holds letters until the writer takes them.
type mailbox struct {
	mu      sync.Mutex
	letters []letter
}

// post hands a letter to the writer. It never blocks: the session itself calls it.
func (c *client) post(l letter) (waiting int) {
	c.mail.mu.Lock()
	c.mail.letters = append(c.mail.letters, l)
	waiting = len(c.mail.letters)
	c.mail.mu.Unlock()
	c.nudge()
	return waiting
}

// nudge has the writer look at its mail and at what was acknowledged.
func (c *client) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// handshake lets somebody into a room.
func (s *Server) handshake(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("room")
	bearer := bearerToken(r)
	room := s.rooms.find(id)
	switch {
	case r.Header.Get("Origin") == "" && bearer == "":
		refuse(w, http.StatusForbidden, "origin", "a client that is no browser must send the room's token: Authorization: Bearer TOKEN")
		return
	case r.Header.Get("Origin") != "" && !s.guard.origin(r):
		refuse(w, http.StatusForbidden, "origin", "this request comes from a page of another site")
		return
	case id == "":
		refuse(w, http.StatusBadRequest, "bad-message", "a socket needs a room: /ws?room=ID; POST /api/rooms opens one")
		return
	case room == nil:
		refuse(w, http.StatusNotFound, "unknown-room", "there is no such room; it ends when nobody has watched it for half an hour")
		return
	case bearer != "" && !sameToken(bearer, room.token):
		refuse(w, http.StatusForbidden, "token", "this is not the token of the room")
		return
	}
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	c := &client{
		server: s, room: room, conn: conn, bearer: bearer != "",
		role: stranger, unwatch: func() {},
		commands: make(chan request, maxRate), wake: make(chan struct{}, 1),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.sent.Store(-1)
	c.acked.Store(-1)
	if !s.enter(c) {
		refusal := websocket.FormatCloseMessage(websocket.CloseTryAgainLater, "the server is full, or shutting down")
		conn.WriteControl(websocket.CloseMessage, refusal, time.Now().Add(s.timing.goodbye))
		conn.Close()
		return
	}
	defer s.leave(c)
	c.serve()
}

func bearerToken(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// serve runs the connection to its end.
func (c *client) serve() {
	var others sync.WaitGroup
	others.Go(c.carry)
	others.Go(c.write)
	c.read()
	c.end(websocket.CloseNormalClosure, "")
	others.Wait()
	c.unwatch()
	c.drain()
	c.conn.Close()
}

// end lets the connection end with a close frame of that code. The first call counts.
func (c *client) end(code int, reason string) {
	c.ending.Do(func() {
		c.code, c.reason = code, reason
		c.cancel()
		// Wake the reader, and cut short a write to somebody who does not read.
		c.conn.NetConn().SetReadDeadline(time.Now())
		c.conn.NetConn().SetWriteDeadline(time.Now().Add(c.server.timing.goodbye))
	})
}

// drain reads what is still coming, for a moment. A connection that is closed with unread
// bytes is reset, and the other side may then never see why it was closed.
func (c *client) drain() {
	raw := c.conn.NetConn()
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	raw.SetReadDeadline(time.Now().Add(c.server.timing.goodbye))
	io.Copy(io.Discard, raw)
}

// read is the reader: it returns when the connection has failed or is to end.
func (c *client) read() {
	c.conn.SetReadLimit(maxMessage)
	c.conn.SetPongHandler(func(string) error { c.missed.Store(0); return nil })
	rate := newBucket(maxRate, time.Now())
	for c.ctx.Err() == nil {
		kind, text, err := c.conn.ReadMessage()
		if err != nil {
			return
		}
		c.missed.Store(0)
		if kind == websocket.TextMessage && !utf8.Valid(text) {
			c.end(websocket.CloseInvalidFramePayloadData, "text messages are UTF-8")
			return
		}
		c.receive(kind, text, rate)
	}
}

var (
	errBinary = &sim.Error{Code: "bad-message", Message: "binary messages go from the server to the page only; commands are JSON text"}
	errRate   = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d commands in a second; this one was not carried out", maxRate)}
	errToken  = &sim.Error{Code: "token", Message: "this is not the token of the room; say hello without one to watch"}
	errBusy   = &sim.Error{Code: "busy", Message: "the model is still busy with one long step; the command was given up"}
	errGone   = &sim.Error{Code: "unknown-room", Message: "the room has just ended"}
)

// receive handles one message of the client.
func (c *client) receive(kind int, text []byte, rate *bucket) {
	var r request
	err := error(errBinary)
	if kind == websocket.TextMessage {
		r, err = decode(text)
	}
	if err == nil && r.verb == "ack" && c.acknowledge(int64(r.ack)) {
		return // what moves the picture on is not counted as a command
	}
	switch {
	case !rate.take(time.Now()):
		err = errRate
	case err != nil:
	case !may(c.role, r.verb):
		err = forbidden(c.role, r.verb)
	case r.verb == "hello":
		err = c.hello(r)
	case r.verb != "ack":
		select {
		case c.commands <- r:
		case <-c.ctx.Done():
		}
	}
	if err != nil {
		c.complain(err, r.id)
	}
}

// acknowledge notes that a frame has been drawn or skipped; false if that is no news, or
// if the frame has not been sent yet.
func (c *client) acknowledge(seq int64) bool {
	if seq <= c.acked.Load() || seq > c.sent.Load() {
		return false
	}
	c.acked.Store(seq)
	c.nudge()
	return true
}

// hello gives the client its role and wakes the room.
func (c *client) hello(r request) error {
	role := viewer
	switch {
	case c.bearer || r.token != "" && sameToken(r.token, c.room.token):
		role = driver
	case r.token != "":
		return errToken
	}
	leave, ok := c.server.rooms.watch(c.room)
	if !ok {
		return errGone
	}
	c.role, c.unwatch = role, leave
	c.post(letter{role: role, brief: r.catalog != "", id: r.id})
	return nil
}

// forbidden says why somebody may not send a message.
func forbidden(r role, verb string) error {
	switch {
	case r == stranger:
		return &sim.Error{Code: "hello-first", Message: `the first message is {"hello":{"token":"..."}}`}
	case verb == "hello":
		return &sim.Error{Code: "bad-message", Message: "hello was said already"}
	}
	return &sim.Error{Code: "forbidden", Message: fmt.Sprintf("who only watches may not send %q: that is for who opened the room", verb)}
}

// complain tells the client what went wrong. Who is wrong often is read more slowly.
func (c *client) complain(err error, id *int64) {
	waiting := c.post(letter{text: message("error", complain(err).json(), id)})
	if err == errRate || waiting > maxRate {
		select {
		case <-time.After(2 * time.Millisecond):
		case <-c.ctx.Done():
		}
	}
}

// carry is the carrier: it takes commands to the session, in the order they came.
func (c *client) carry() {
	for {
		select {
		case <-c.ctx.Done():
			return
		case r := <-c.commands:
			ctx, cancel := context.WithTimeout(c.ctx, c.server.timing.command)
			err := c.carryOut(ctx, r)
			cancel()
			switch {
			case errors.Is(err, context.Canceled):
				return
			case errors.Is(err, context.DeadlineExceeded):
				c.complain(errBusy, r.id)
			case err != nil:
				c.complain(err, r.id)
			}
		}
	}
}

// carryOut does what the request asks. The answer is what was probed, the key of the fork, or
// for a command with an id the first state that tells of it.
func (c *client) carryOut(ctx context.Context, r request) error {
	session := c.room.session
	switch r.verb {
	case "probe":
		return c.probe(ctx, r)
	case "fork":
		return c.fork(ctx, r)
	case "open":
		reopen := r.command.(sim.Reopen)
		if err := c.server.own.bring(&reopen.Config, r.own); err != nil {
			return err
		}
		r.command = reopen
	}
	return session.DoThen(ctx, r.command, func() {
		if r.id != nil {
			c.post(letter{after: session.News(), shown: session.Frame().Seq, id: r.id})
		}
	})
}

func (c *client) probe(ctx context.Context, r request) error {
	p, err := c.room.session.Probe(ctx, r.at, r.how)
	if err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return &sim.Error{Code: sim.BadValue, Message: "the energy there is no finite number"}
	}
	c.post(letter{text: message("probe", body, r.id)})
	return nil
}

// fork gives an equal run a room of its own, and tells its key.
func (c *client) fork(ctx context.Context, r request) error {
	room, err := c.server.rooms.house(func(o sim.Options) (*sim.Session, error) {
		return c.room.session.Fork(ctx, r.step, o)
	})
	if err != nil {
		return err
	}
	c.post(letter{text: message("forked", room.key(), r.id)})
	return nil
}
