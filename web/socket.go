package web

import (
	"context"
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
	"golang.org/x/time/rate"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

// client is one websocket. The package comment describes its three goroutines.
type client struct {
	server *Server
	room   *entry
	conn   *websocket.Conn
	bearer bool // the handshake had the room's token

	role wire.Role // owned by the reader

	ctx      context.Context // done once the connection is to end
	cancel   context.CancelFunc
	ending   sync.Once
	code     int               // of the close message
	reason   string            // in it
	requests chan wire.Request // from the reader to the dispatcher
	outbox   outbox            // to the writer
	wake     chan struct{}

	feed     atomic.Pointer[room.Feed] // set by hello
	inFlight atomic.Bool               // the room is carrying out a command of this client
	sent     atomic.Int64              // the newest frame that was sent; -1 before the first
	acked    atomic.Int64              // the newest frame that was acknowledged
	missed   atomic.Int32              // pings without an answer

	commands, probes, forks, errors *rate.Limiter
}

// outgoing is a message for the writer, besides frames and snapshots.
type outgoing struct {
	text    []byte    // a whole message; nil for a welcome or a state, which the writer writes
	welcome wire.Role // the role in a welcome
	brief   bool      // the welcome has only the hash of the catalogue
	answers uint64    // the revision that a state answers with
	look    *wire.Look
	id      *int64
}

// outbox holds messages until the writer takes them.
type outbox struct {
	mu       sync.Mutex
	messages []outgoing
}

// post hands a message to the writer. It never blocks.
func (c *client) post(m outgoing) {
	c.outbox.mu.Lock()
	c.outbox.messages = append(c.outbox.messages, m)
	c.outbox.mu.Unlock()
	c.notify()
}

// notify wakes the writer: there is a message, or an acknowledgment.
func (c *client) notify() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// admit returns the room of a handshake, or answers why a websocket to it is refused and returns nil.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) *entry {
	id := r.URL.Query().Get("room")
	bearer := bearerToken(r)
	e := s.rooms.find(id)
	switch {
	case r.Header.Get("Origin") == "" && bearer == "":
		refuse(w, http.StatusForbidden, "origin", "a client that is no browser must send the room's token: Authorization: Bearer TOKEN")
	case r.Header.Get("Origin") != "" && !s.guard.allowsOrigin(r):
		refuse(w, http.StatusForbidden, "origin", refusedOrigin(r))
	case id == "":
		refuse(w, http.StatusBadRequest, wire.BadMessage, "a socket needs a room: /ws?room=ID; POST /api/rooms opens one")
	case e == nil:
		refuse(w, http.StatusNotFound, unknownRoom, noRoom)
	case bearer != "" && !sameToken(bearer, e.token):
		refuse(w, http.StatusForbidden, "token", "this is not the token of the room")
	default:
		return e
	}
	return nil
}

// checkHandshake answers as the handshake would. A page cannot read why its handshake was refused.
func (s *Server) checkHandshake(w http.ResponseWriter, r *http.Request) {
	if s.admit(w, r) != nil {
		w.WriteHeader(http.StatusNoContent)
	}
}

// handshake opens a websocket to a room.
func (s *Server) handshake(w http.ResponseWriter, r *http.Request) {
	e := s.admit(w, r)
	if e == nil {
		return
	}
	conn, err := s.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	c := &client{
		server: s, room: e, conn: conn, bearer: bearerToken(r) != "", role: wire.Anonymous,
		requests: make(chan wire.Request, maxWaiting), wake: make(chan struct{}, 1),
		commands: perSecond(maxCommands), probes: perSecond(maxProbes), errors: rate.NewLimiter(maxErrors, maxCommands),
		forks: rate.NewLimiter(rate.Limit(maxForks)/forkSeconds, maxForks),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.sent.Store(-1)
	c.acked.Store(-1)
	if !s.enter(c) {
		refusal := websocket.FormatCloseMessage(websocket.CloseTryAgainLater, "the server is full, or shutting down")
		conn.WriteControl(websocket.CloseMessage, refusal, time.Now().Add(s.timing.closing))
		conn.Close()
		return
	}
	defer s.leave(c)
	c.serve()
}

// perSecond returns a limiter of so many events a second.
func perSecond(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(n), n) }

func bearerToken(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// serve runs the connection until it ends.
func (c *client) serve() {
	var others sync.WaitGroup
	others.Go(c.dispatch)
	others.Go(c.write)
	c.read()
	c.end(websocket.CloseNormalClosure, "")
	others.Wait()
	if feed := c.feed.Load(); feed != nil {
		feed.Close()
		c.server.rooms.leave(c.room)
	}
	c.drain()
	c.conn.Close()
}

// end ends the connection with a close frame of that code. The first call counts.
func (c *client) end(code int, reason string) {
	c.ending.Do(func() {
		c.code, c.reason = code, reason
		c.cancel()
		// Wake the reader, and cut short a write to a client that does not read.
		c.conn.NetConn().SetReadDeadline(time.Now())
		c.conn.NetConn().SetWriteDeadline(time.Now().Add(c.server.timing.closing))
	})
}

// drain reads what still comes, for a short time. A connection that is closed with unread bytes is
// reset, and the other side may then never see why it was closed.
func (c *client) drain() {
	raw := c.conn.NetConn()
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	raw.SetReadDeadline(time.Now().Add(c.server.timing.closing))
	io.Copy(io.Discard, raw)
}

// read is the reader. It returns when the connection has failed or is to end.
func (c *client) read() {
	c.conn.SetReadLimit(wire.MaxMessage)
	c.conn.SetPongHandler(func(string) error { c.missed.Store(0); return nil })
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
		c.receive(kind, text)
	}
}

var (
	errBinary   = &sim.Error{Code: wire.BadMessage, Message: "binary messages go from the server to the page only; commands are JSON text"}
	errCommands = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d commands in a second; this one was not carried out", maxCommands)}
	errWaiting  = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d commands wait for the room; this one was not carried out", maxWaiting)}
	errProbes   = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d probes in a second; this one was not answered", maxProbes)}
	errForks    = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d forks in %d seconds; this one was not made", maxForks, forkSeconds)}
	errToken    = &sim.Error{Code: "token", Message: "wrong room token; you can only watch, with a hello without a token"}
	errBusy     = &sim.Error{Code: "busy", Message: "the model is still busy with one long step; the command was not carried out"}
	errGone     = &sim.Error{Code: unknownRoom, Message: "the room has just ended"}
)

// receive handles one message of the client.
func (c *client) receive(kind int, text []byte) {
	var r wire.Request
	err := error(errBinary)
	if kind == websocket.TextMessage {
		r, err = wire.DecodeRequest(text)
	}
	if err == nil && r.Verb == "ack" && c.acknowledge(int64(r.Ack)) {
		return // it is not counted as a command
	}
	switch {
	case !c.commands.Allow():
		err = errCommands
	case err != nil:
	case !may(c.role, r.Verb):
		err = forbidden(c.role, r.Verb)
	case r.Verb == "probe" && !c.probes.Allow():
		err = errProbes
	case r.Verb == "fork" && !c.forks.Allow():
		err = errForks
	case r.Verb == "hello":
		err = c.hello(r)
	case r.Verb == "look":
		c.feed.Load().Look(r.Look)
		c.post(outgoing{look: &r.Look, id: r.ID})
	case r.Verb != "ack":
		select {
		case c.requests <- r:
		default: // the reader does not wait: acknowledgments come after this message
			err = errWaiting
		}
	}
	if err != nil {
		c.report(err, r.ID)
	}
}

// acknowledge notes that a frame was drawn or skipped. It reports false if the frame was
// acknowledged before, or was not sent.
func (c *client) acknowledge(seq int64) bool {
	if seq <= c.acked.Load() || seq > c.sent.Load() {
		return false
	}
	c.acked.Store(seq)
	c.notify()
	return true
}

// hello gives the client its role and its feed.
func (c *client) hello(r wire.Request) error {
	role := wire.Viewer
	switch {
	case c.bearer || r.Hello.Token != "" && sameToken(r.Hello.Token, c.room.token):
		role = wire.Driver
	case r.Hello.Token != "":
		return errToken
	}
	if !c.server.rooms.enter(c.room) {
		return errGone
	}
	c.role = role
	c.feed.Store(c.room.Watch(wire.Look{}))
	c.post(outgoing{welcome: role, brief: r.Hello.Catalog != "", id: r.ID})
	return nil
}

// forbidden says why a client may not send a message.
func forbidden(r wire.Role, verb string) error {
	switch {
	case r == wire.Anonymous:
		return &sim.Error{Code: "hello-first", Message: `the first message is {"hello":{"token":"..."}}`}
	case verb == "hello":
		return &sim.Error{Code: wire.BadMessage, Message: "hello was sent already"}
	}
	return &sim.Error{Code: "forbidden", Message: fmt.Sprintf("a viewer may not send %q; only the driver of the room may", verb)}
}

// report sends an error. A client with many errors is read more slowly, at a rate that does not
// depend on how busy the machine is: its acknowledgments come after the messages that it sent before.
func (c *client) report(err error, id *int64) {
	c.post(outgoing{text: wire.Message("error", wire.ErrorOf(err).JSON(), id)})
	c.errors.Wait(c.ctx) // it fails only if the connection is to end
}

// dispatch is the dispatcher: it gives the client's requests to the room, in their order.
func (c *client) dispatch() {
	for {
		select {
		case <-c.ctx.Done():
			return
		case r := <-c.requests:
			ctx, cancel := context.WithTimeout(c.ctx, c.server.timing.command)
			err := c.carryOut(ctx, r)
			cancel()
			switch {
			case errors.Is(err, context.Canceled):
				return
			case errors.Is(err, context.DeadlineExceeded):
				c.report(errBusy, r.ID)
			case err != nil:
				c.report(err, r.ID)
			}
		}
	}
}

// carryOut does what a request asks for. Its answer is the probe, the key of the fork, or for a
// command with an id the state that shows it.
func (c *client) carryOut(ctx context.Context, r wire.Request) error {
	switch r.Verb {
	case "probe":
		a, err := c.room.Ask(ctx, r.Query)
		if err == nil {
			c.post(outgoing{text: wire.Message("probe", a.Body, r.ID)})
		}
		return err
	case "fork":
		return c.fork(ctx, r)
	}
	command := r.Command
	if open, ok := command.(wire.Open); ok {
		if err := c.server.resolvePoints(&open); err != nil {
			return err
		}
		command = open
	}
	if r.ID == nil {
		_, err := c.room.Do(ctx, command, c.role)
		return err
	}
	// No frame that shows the command is sent before its answer; see writer.
	c.inFlight.Store(true)
	revision, err := c.room.Do(ctx, command, c.role)
	if err == nil {
		c.post(outgoing{answers: revision, id: r.ID})
	}
	c.inFlight.Store(false)
	c.notify()
	return err
}

// fork opens an equal room and answers with its key.
func (c *client) fork(ctx context.Context, r wire.Request) error {
	fork, err := c.room.Fork(ctx, room.Fork{Step: r.Fork})
	if err != nil {
		return err
	}
	e, err := c.server.rooms.add(fork)
	if err != nil {
		return err
	}
	c.post(outgoing{text: wire.Message("forked", e.key(), r.ID)})
	return nil
}
