package web

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"sync"
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
	l := newWebsocketLine(conn, s.timing)
	c := s.newClient(e, l, r)
	if !s.enter(c) {
		l.hangUp(closeTryLater, tooManySockets)
		conn.Close()
		return
	}
	go c.serve() // what the handshake needed is freed
}

// websocketLine is a websocket. Over plain TCP a message is written with one system call from where it
// is, together with its head; a connection keeps no buffer for it.
type websocketLine struct {
	conn   *websocket.Conn
	timing timing
	in     []byte // a short message of the client

	mu     sync.Mutex // held while a message is written, and while the close message is answered
	closed bool       // it was answered: nothing may follow it

	tcp   *net.TCPConn // nil with TLS
	until time.Time    // the deadline for writing
	head  [10]byte
	parts [2][]byte
	out   net.Buffers // parts
}

func newWebsocketLine(conn *websocket.Conn, t timing) *websocketLine {
	l := &websocketLine{conn: conn, timing: t, in: make([]byte, 0, 64)}
	l.tcp, _ = conn.NetConn().(*net.TCPConn)
	answer := conn.CloseHandler()
	conn.SetCloseHandler(func(code int, text string) error {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.closed = true
		return answer(code, text)
	})
	return l
}

func (l *websocketLine) read(c *client) {
	l.conn.SetReadLimit(wire.MaxMessage)
	l.conn.SetPongHandler(func(string) error { c.missed.Store(0); return nil })
	l.conn.SetPingHandler(func(m string) error {
		// The deadline is that of the writer, which does not set it each time.
		l.conn.WriteControl(websocket.PongMessage, []byte(m), time.Now().Add(l.timing.write))
		return nil // if it cannot be written, the next message cannot either
	})
	for c.ctx.Err() == nil {
		kind, r, err := l.conn.NextReader()
		if err != nil {
			return
		}
		text, err := l.message(r)
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

// message reads a message. Only an acknowledgment is in memory that the next message uses again.
func (l *websocketLine) message(r io.Reader) ([]byte, error) {
	b := l.in
	for {
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch _, isAck := wire.DecodeAck(b); {
		case err == io.EOF && isAck:
			return b, nil
		case err == io.EOF:
			return bytes.Clone(b), nil
		case err != nil:
			return nil, err
		case len(b) == cap(b):
			b = slices.Grow(b, len(b))
		}
	}
}

func (l *websocketLine) ready() <-chan struct{} { return nil }

func (l *websocketLine) send(k messageKind, m []byte) error {
	now := time.Now()
	deadline := now.Add(l.timing.write)
	if k == pingMessage {
		return l.conn.WriteControl(websocket.PingMessage, nil, deadline)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return websocket.ErrCloseSent
	}
	if l.tcp == nil {
		l.conn.SetWriteDeadline(deadline)
		return l.conn.WriteMessage(int(k), m)
	}
	if deadline.Sub(l.until) > l.timing.write/8 { // to set it takes as long as the rest
		l.tcp.SetWriteDeadline(deadline)
		l.until = deadline
	}
	// The connection writes one slice of buffers at a time: a pong of the reader comes before or after.
	l.parts = [2][]byte{websocketHead(l.head[:0], k, len(m)), m}
	l.out = l.parts[:]
	_, err := l.out.WriteTo(l.tcp)
	return err
}

// websocketHead appends the head of a whole message of a server.
func websocketHead(b []byte, k messageKind, size int) []byte {
	const last = 0x80
	b = append(b, last|byte(k))
	switch {
	case size < 126:
		return append(b, byte(size))
	case size <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(b, 127), uint64(size))
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
