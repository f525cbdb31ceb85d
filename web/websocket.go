package web

import (
	"io"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"ebmviz/sim/wire"
)

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
	l := &websocketLine{conn: conn, timing: s.timing}
	c := s.newClient(e, l, r)
	if !s.enter(c) {
		l.hangUp(closeTryLater, tooManySockets)
		conn.Close()
		return
	}
	go c.serve() // what the handshake needed is freed
}

// websocketLine is a websocket.
type websocketLine struct {
	conn   *websocket.Conn
	timing timing
}

func (l *websocketLine) read(c *client) {
	l.conn.SetReadLimit(wire.MaxMessage)
	l.conn.SetPongHandler(func(string) error { c.missed.Store(0); return nil })
	for c.ctx.Err() == nil {
		kind, text, err := l.conn.ReadMessage()
		if err != nil {
			return
		}
		c.missed.Store(0)
		switch {
		case kind != websocket.TextMessage:
			c.refuse(errBinary)
		case !utf8.Valid(text):
			c.end(closeInvalidText, "text messages are UTF-8")
			return
		default:
			c.receive(text)
		}
	}
}

func (l *websocketLine) ready() <-chan struct{} { return nil }

func (l *websocketLine) send(k messageKind, m []byte) error {
	deadline := time.Now().Add(l.timing.write)
	if k == pingMessage {
		return l.conn.WriteControl(websocket.PingMessage, nil, deadline)
	}
	l.conn.SetWriteDeadline(deadline)
	return l.conn.WriteMessage(int(k), m)
}

func (l *websocketLine) flush() error { return nil }

func (l *websocketLine) hangUp(code int, reason string) {
	message := websocket.FormatCloseMessage(code, reason)
	l.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(l.timing.closing))
}

func (l *websocketLine) interrupt() {
	l.conn.NetConn().SetReadDeadline(time.Now())
	l.conn.NetConn().SetWriteDeadline(time.Now().Add(l.timing.closing))
}

// close reads what still comes, for a short time, before it closes. A connection that is closed with
// unread bytes is reset, and the other side may then never see why it was closed.
func (l *websocketLine) close() {
	raw := l.conn.NetConn()
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
	raw.SetReadDeadline(time.Now().Add(l.timing.closing))
	io.Copy(io.Discard, raw)
	l.conn.Close()
}

func (l *websocketLine) cut() { l.conn.Close() }
