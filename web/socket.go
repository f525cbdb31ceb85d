package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

// client is one connection to a room. The package comment describes its three goroutines.
type client struct {
	server *Server
	room   *entry
	line   line
	bearer bool // the handshake had the room's token

	role   wire.Role // in the room, owned by the reader; see roleFor
	class  classFeed // set by hello where the room has a class; else nil
	member string    // set by hello: the id of the member of the class; "" for all others

	ctx      context.Context // done once the connection is to end
	cancel   context.CancelFunc
	ending   sync.Once
	ended    atomic.Bool // what ctx says, for the writer
	code     int         // of the close message
	reason   string      // in it
	requests requests    // from the reader to the dispatcher
	outbox   outbox      // to the writer
	wake     chan struct{}

	remote   bool      // the client is on another computer
	consumer *consumer // of such a client, set by hello
	watching wire.Look // what the feed is asked for; set by hello, then owned by the writer

	feed     atomic.Pointer[room.Feed] // set by hello
	inFlight atomic.Bool               // the room is carrying out a command of this client
	sent     atomic.Int64              // the newest frame that was sent; -1 before the first
	acked    atomic.Int64              // the newest frame that was acknowledged
	ackedAt  atomic.Int64              // when, in ns since 1970
	starved  atomic.Bool               // the writer waits for an acknowledgment
	missed   atomic.Int32              // pings without an answer

	commands, probes, forks, errors *rate.Limiter
}

// classFeed is what a client of a class gets besides the feed of its room.
type classFeed interface {
	Next() <-chan struct{} // closed when Messages would return something
	Messages() [][]byte    // the newest of each kind that this client has not been sent
	Role() wire.Role       // now
	Err() error            // why the client is to end; nil until then
	Do(context.Context, wire.Request) error
	Close()
}

// outgoing is a message for the writer, besides frames and snapshots.
type outgoing struct {
	text    []byte     // a whole message; nil for a welcome or a state, which the writer writes
	welcome wire.Role  // the role in a welcome
	brief   bool       // the welcome has only the hash of the catalogue
	answers uint64     // the revision that a state answers with
	look    *wire.Look // what the client asks for
	id      *int64
	again   bool // the time in which hello has to come begins again
}

// outbox holds messages until the writer takes them.
type outbox struct {
	mu       sync.Mutex
	messages []outgoing
}

// post hands a message to the writer. It never blocks. It ends a client that has too many messages to read.
func (c *client) post(m outgoing) {
	c.outbox.mu.Lock()
	full := len(c.outbox.messages) == maxOutbox
	if !full {
		c.outbox.messages = append(c.outbox.messages, m)
	}
	c.outbox.mu.Unlock()
	if full {
		c.end(closePolicy, "messages were not read")
		return
	}
	c.notify()
}

// notify wakes the writer: there is a message, an acknowledgment that it waits for, or a time has come.
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
	e := s.rooms.findOrBoard(id)
	switch {
	case r.Header.Get("Origin") == "" && bearer == "":
		refuse(w, http.StatusForbidden, "origin", "a client that is no browser must send the room's token: Authorization: Bearer TOKEN")
	case r.Header.Get("Origin") != "" && !s.guard.allowsOrigin(r):
		refuse(w, http.StatusForbidden, "origin", refusedOrigin(r))
	case id == "":
		refuse(w, http.StatusBadRequest, wire.BadMessage, "a socket needs a room: /ws?room=ID; POST /api/rooms opens one")
	case e == nil:
		refuse(w, http.StatusNotFound, unknownRoom, noRoom)
	case bearer != "":
		if _, err := s.byBearer(e, r); err != nil {
			refuse(w, http.StatusForbidden, wire.ErrorOf(err).Code, "this is not the token of the room")
			return nil
		}
		return e
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

// newClient returns a client that is not yet served.
func (s *Server) newClient(e *entry, l line, r *http.Request) *client {
	c := &client{
		server: s, room: e, line: l, bearer: s.drives(e, r), remote: !addressOf(r).IsLoopback(), role: wire.Anonymous,
		wake:     make(chan struct{}, 1),
		commands: perSecond(maxCommands), probes: perSecond(maxProbes), errors: rate.NewLimiter(maxErrors, maxCommands),
		forks: rate.NewLimiter(rate.Limit(maxForks)/forkSeconds, maxForks),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.sent.Store(-1)
	c.acked.Store(-1)
	return c
}

var tooManySockets = fmt.Sprintf("all %d connections to this server are taken, or it is shutting down", maxSockets)

// perSecond returns a limiter of so many events a second.
func perSecond(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(n), n) }

func bearerToken(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// serve runs the connection until it ends. The client has been entered.
func (c *client) serve() {
	defer c.server.leave(c)
	var writer sync.WaitGroup
	writer.Go(c.write)
	c.line.read(c)
	c.end(closeNormal, "")
	writer.Wait()
	c.requests.running.Wait()
	if feed := c.feed.Load(); feed != nil {
		feed.Close()
		c.server.rooms.leave(c.room)
	}
	if c.consumer != nil {
		c.consumer.leave()
	}
	if c.class != nil {
		c.class.Close()
	}
	c.line.close()
}

// end ends the connection with a close message of that code. The first call counts.
func (c *client) end(code int, reason string) {
	c.ending.Do(func() {
		c.code, c.reason = code, reason
		c.cancel()
		c.ended.Store(true)
		c.notify()
		c.line.interrupt()
	})
}

var (
	errBinary   = &sim.Error{Code: wire.BadMessage, Message: "binary messages go from the server to the page only; commands are JSON text"}
	errCommands = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d commands in a second; this one was not carried out", maxCommands)}
	errWaiting  = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d commands wait for the room; this one was not carried out", maxWaiting)}
	errProbes   = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d probes in a second; this one was not answered", maxProbes)}
	errForks    = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d forks in %d seconds; this one was not made", maxForks, forkSeconds)}
	errToken    = &sim.Error{Code: "token", Message: "wrong room token; you can only watch, with a hello without a token"}
	errBusy     = &sim.Error{Code: "busy", Message: "the model is still busy with one long step; the command was not carried out"}
	errNoClass  = &sim.Error{Code: "class", Message: "this room has no class"}
	errGone     = &sim.Error{Code: unknownRoom, Message: "the room has just ended"}
)

// receive handles one message of the client, which is UTF-8. The reader calls it.
func (c *client) receive(text []byte) {
	if seq, ok := wire.DecodeAck(text); ok && c.acknowledge(int64(seq)) {
		return // as below, in the form in which pages send it
	}
	r, err := wire.DecodeRequest(text)
	if err == nil && r.Verb == "ack" && c.acknowledge(int64(r.Ack)) && r.ID == nil {
		return // it is not counted as a command
	}
	if !c.commands.Allow() {
		err = errCommands
	} else if err == nil {
		err = c.accept(r)
	}
	if err != nil {
		c.report(err, r.ID)
	}
}

// accept carries out a message, or hands it on, if the client may send it now.
func (c *client) accept(r wire.Request) error {
	if err := c.check(&r); err != nil {
		return err
	}
	switch r.Verb {
	case "hello":
		return c.hello(r)
	case "look":
		c.post(outgoing{look: &r.Look, id: r.ID})
	case "ack":
		if r.ID != nil { // a client asks whether its line still carries messages
			c.post(outgoing{text: wire.Message("done", []byte("{}"), r.ID)})
		}
	default:
		return c.enqueue(r)
	}
	return nil
}

// check returns why the client may not send a message now: its role does not allow it, or it has sent too
// many of that kind. It counts the message.
func (c *client) check(r *wire.Request) error {
	role := c.roleFor(r)
	switch {
	case !may(role, r.Permission()):
		return forbidden(role, r.Permission())
	case r.Verb == "probe" && !c.probes.Allow():
		return errProbes
	case r.Verb == "fork" && !c.forks.Allow():
		return errForks
	case c.member != "":
		return c.countForMember(r)
	}
	return nil
}

// refuse reports an error in a message that could not be read. The reader calls it.
func (c *client) refuse(err error) {
	if !c.commands.Allow() {
		err = errCommands
	}
	c.report(err, nil)
}

// acknowledge notes that a frame was drawn or skipped. It reports false if the frame was
// acknowledged before, or was not sent.
func (c *client) acknowledge(seq int64) bool {
	if seq <= c.acked.Load() || seq > c.sent.Load() {
		return false
	}
	c.ackedAt.Store(time.Now().UnixNano())
	c.acked.Store(seq)
	if c.starved.Load() {
		c.notify()
	}
	return true
}

// hello gives the client its role and its feed.
func (c *client) hello(r wire.Request) error {
	token := r.Hello.Token
	if c.bearer {
		token = c.room.token
	}
	i, err := c.server.identify(c.room, token, r.Hello.Member)
	if err != nil {
		return err
	}
	if c.room.isBoard() && i.role != wire.Driver {
		return errBoard
	}
	if !c.server.rooms.enter(c.room) {
		return errGone
	}
	c.role, c.member = i.role, i.member
	if i.class != nil && !c.room.isBoard() {
		c.class = i.class.Watch(i.who)
	}
	look := wire.Look{Enc: r.Hello.Enc}
	if c.remote {
		c.consumer = c.server.uplink.join(c.room, look, time.Now())
	}
	c.watching = wire.Look{Enc: c.encoding(look.Enc, false)}
	c.feed.Store(c.room.Watch(c.watching))
	c.post(outgoing{welcome: c.roleFor(&r), look: &look, brief: r.Hello.Catalog != "", id: r.ID})
	return nil
}

// encoding returns the encoding in which the client is sent frames now.
func (c *client) encoding(wish wire.Encoding, slow bool) wire.Encoding {
	switch {
	case c.consumer != nil:
		return c.consumer.encoding()
	case wish == wire.Auto:
		return wire.F32
	case wish == wire.Compact && slow:
		return wire.Small
	}
	return wish
}

// forbidden says why a client may not send a message.
func forbidden(r wire.Role, verb string) error {
	switch {
	case r == wire.Anonymous:
		return &sim.Error{Code: "hello-first", Message: `the first message is {"hello":{"token":"..."}}`}
	case verb == "hello":
		return &sim.Error{Code: wire.BadMessage, Message: "hello was sent already"}
	}
	return &sim.Error{Code: "forbidden", Message: fmt.Sprintf("a %s may not send %q; only the driver of the room may", r, verb)}
}

// inLobby is the code of a hello that is to be sent again: the client waits to be let in.
const inLobby sim.Code = "lobby"

// report sends an error. A client with many errors is read more slowly, at a rate that does not
// depend on how busy the machine is: its acknowledgments come after the messages that it sent before.
func (c *client) report(err error, id *int64) {
	e := wire.ErrorOf(err)
	c.post(outgoing{text: wire.Message("error", e.JSON(), id), again: e.Code == inLobby})
	c.errors.Wait(c.ctx) // it fails only if the connection is to end
}
