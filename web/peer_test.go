package web

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// host is a server under test, on a port of its own.
type host struct {
	*Server
	t      *testing.T
	addr   string
	stop   context.CancelFunc // begins the shutdown
	served chan error
	line   string // by which peers connect: "" is the websocket, or "stream", or "poll"
}

// serve starts a server; tune shortens its durations.
func serve(t *testing.T, tune func(*Server)) *host {
	t.Helper()
	return serveWith(t, Options{Version: "test"}, tune)
}

// serveWith starts a server with options.
func serveWith(t *testing.T, o Options, tune func(*Server)) *host {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if tune != nil {
		tune(s)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &host{Server: s, t: t, addr: l.Addr().String(), stop: stop, served: make(chan error, 1)}
	for _, line := range []string{"stream", "poll"} { // TestOtherLines names its subtests so
		if strings.Contains(t.Name(), "/"+line+"/") {
			h.line = line
		}
	}
	go func() { h.served <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-h.served:
			if err != nil {
				t.Errorf("the server ended with %v", err)
			}
		case <-time.After(maxWait):
			t.Error("the server does not end")
		}
	})
	return h
}

// room opens a room with a bowl in it.
func (h *host) room() (id, token string) {
	h.t.Helper()
	id, token, err := h.OpenRoom(sim.Config{Model: "bowl"})
	if err != nil {
		h.t.Fatal(err)
	}
	return id, token
}

// do sends a request; header is a list of names and values.
func (h *host) do(method, path, body string, header ...string) (status int, text string) {
	h.t.Helper()
	r, err := http.NewRequest(method, "http://"+h.addr+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer a.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, a.Body); err != nil {
		h.t.Fatal(err)
	}
	return a.StatusCode, b.String()
}

// connection is a websocket, or a requestConn.
type connection interface {
	ReadMessage() (kind int, message []byte, err error)
	WriteMessage(kind int, message []byte) error
	SetReadDeadline(time.Time) error
	Close() error
}

// peer is the other end of a client's line.
type peer struct {
	connection
	t     testing.TB
	pen   sync.Mutex // one writer at a time
	noAck bool       // does not acknowledge frames
	last  uint32     // the number of the newest frame
	text  []byte     // and its bytes
	seen  int        // how many frames came
}

// step returns the step of the newest frame.
func (p *peer) step() uint64 {
	p.t.Helper()
	f, err := wire.DecodeFrame(p.text)
	if err != nil {
		p.t.Fatal(err)
	}
	return f.Step
}

// top returns the highest energy of the newest frame.
func (p *peer) top() float64 {
	p.t.Helper()
	f, err := wire.DecodeFrame(p.text)
	if err != nil {
		p.t.Fatal(err)
	}
	return float64(slices.Max(f.Grid))
}

func (h *host) handshake(room string, header http.Header) (*websocket.Conn, *http.Response, error) {
	if header == nil {
		header = http.Header{"Origin": {"http://" + h.addr}}
	}
	d := websocket.Dialer{Subprotocols: []string{"ebmviz.v1"}, HandshakeTimeout: 10 * time.Second}
	return d.Dial("ws://"+h.addr+"/ws?room="+room, header)
}

// dial opens a socket to a room, without saying anything.
func (h *host) dial(room string) *peer {
	h.t.Helper()
	if h.line != "" {
		return &peer{connection: h.requests(room), t: h.t}
	}
	conn, _, err := h.handshake(room, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	return &peer{connection: conn, t: h.t}
}

// join opens a socket, says hello and waits for the welcome.
func (h *host) join(room, token string) *peer {
	h.t.Helper()
	p := h.dial(room)
	p.say(`{"hello":{"token":"` + token + `","enc":"f32"}}`)
	p.await("welcome")
	return p
}

func (p *peer) say(text string) {
	p.t.Helper()
	if err := p.write(text); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) write(text string) error {
	p.pen.Lock()
	defer p.pen.Unlock()
	return p.WriteMessage(websocket.TextMessage, []byte(text))
}

const maxWait = slack * 10 * time.Second

// next returns the next message: its name and its whole text, or "frame" and the bytes.
// It acknowledges frames unless noAck is set.
func (p *peer) next() (name string, body []byte, err error) {
	p.SetReadDeadline(time.Now().Add(maxWait))
	kind, text, err := p.ReadMessage()
	if err != nil {
		return "", nil, err
	}
	if kind == websocket.BinaryMessage {
		p.seen++
		p.text = text
		p.last = uint32(text[12]) | uint32(text[13])<<8 | uint32(text[14])<<16 | uint32(text[15])<<24
		if !p.noAck {
			p.write(`{"ack":` + itoa(int64(p.last)) + `}`) // if it fails, so will the next read, and say why
		}
		return "frame", text, nil
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(text, &m); err != nil {
		return "", nil, err
	}
	for key := range m {
		if key != "id" {
			name = key
		}
	}
	return name, text, nil
}

// reply is what a message may hold.
type reply struct {
	ID      *int64
	Error   wire.Error
	State   roomState
	Welcome struct {
		Room, Role  string
		State       roomState
		Catalog     struct{ Models []struct{ ID string } }
		CatalogHash string
		Class       string
		Member      struct{ ID, Name string }
	}
	Points struct {
		Generation uint32
		Y          [][2]float64
	}
	Probe  struct{ F float64 }
	Forked struct{ Room, Token string }

	Done   *struct{}
	Banner *struct {
		Here, Members int
		Lead, Class   string
		Locked        bool
	}
	People []struct {
		ID, Name, Where string
		Chalk, You      bool
	}
	Shown map[string]any
	Act   *struct {
		ID       int64
		Phase    string
		Answered int
		Counts   []int
		Points   [][2]float64
		Names    [][2]any
		Share    *float64
		Mine     *struct {
			Choice *int
			Points [][2]float64
			Share  *float64
		}
	}
}

type roomState struct {
	Model      string
	Data, Own  string
	Step       uint64
	Playing    bool
	Knobs      map[string]any
	Grid       int
	Generation uint32
	Halt       *struct{ Code, Message string }
}

// await reads on until a message of that name comes.
func (p *peer) await(name string) reply {
	p.t.Helper()
	return p.awaitThat(name, func(reply) bool { return true })
}

// answer reads on until the answer or error with that id comes.
func (p *peer) answer(id int64) reply {
	p.t.Helper()
	return p.awaitThat("", func(r reply) bool { return r.ID != nil && *r.ID == id })
}

func (p *peer) awaitThat(name string, good func(reply) bool) reply {
	p.t.Helper()
	for {
		got, text, err := p.next()
		if err != nil {
			p.t.Fatalf("while waiting for %q: %v", name, err)
		}
		if got == "frame" && name != "frame" || name != "" && got != name {
			continue
		}
		var r reply
		if got != "frame" {
			if err := json.Unmarshal(text, &r); err != nil {
				p.t.Fatal(err)
			}
		}
		if good(r) {
			return r
		}
	}
}

// closed reads on until the connection ends, and returns the code of the close frame; 0
// if it ended without.
func (p *peer) closed() int {
	defer p.Close()
	for {
		if _, _, err := p.next(); err != nil {
			if c, ok := err.(*websocket.CloseError); ok {
				return c.Code
			}
			if n, ok := err.(net.Error); ok && n.Timeout() {
				p.t.Errorf("the connection is still open after %v", maxWait)
			}
			return 0
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
