package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"ebmviz/sim/wire"
)

// requestConn is the client's end of a session of requests. It has the methods of a websocket that
// tests use; a message is one of the stream, and a close message is a [websocket.CloseError].
type requestConn struct {
	h      *host
	room   string
	poll   bool
	http   *http.Transport
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	session string

	deadline time.Time
	in       *bufio.Reader
}

func (h *host) requests(room string) *requestConn {
	c := &requestConn{h: h, room: room, poll: h.line == "poll", http: &http.Transport{}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	h.t.Cleanup(func() { c.Close() })
	return c
}

// do sends a request with the secret of the session, and returns the answer if it is good.
func (c *requestConn) do(method, path, body string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(c.ctx, method, "http://"+c.h.addr+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if c.session != "" {
		r.Header.Set("Authorization", "Bearer "+c.session)
	} else {
		r.Header.Set("Origin", "http://"+c.h.addr)
	}
	a, err := c.http.RoundTrip(r)
	if err == nil && a.StatusCode >= 300 {
		text, _ := io.ReadAll(a.Body)
		a.Body.Close()
		return nil, fmt.Errorf("%s %s: %d %s", method, path, a.StatusCode, text)
	}
	return a, err
}

func (c *requestConn) WriteMessage(_ int, m []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	path := "/api/send"
	if c.session == "" {
		path += "?room=" + c.room
	}
	a, err := c.do("POST", path, string(m)+"\n")
	if err != nil {
		return err
	}
	defer a.Body.Close()
	if c.session != "" {
		return nil
	}
	var opened struct{ Session string }
	err = json.NewDecoder(a.Body).Decode(&opened)
	c.session = opened.Session
	return err
}

func (c *requestConn) SetReadDeadline(t time.Time) error { c.deadline = t; return nil }

func (c *requestConn) ReadMessage() (kind int, m []byte, err error) {
	timer := time.AfterFunc(time.Until(c.deadline), c.cancel)
	defer timer.Stop()
	if c.session == "" {
		if err := c.WriteMessage(0, nil); err != nil {
			return 0, nil, err
		}
	}
	for {
		if c.in == nil {
			if err := c.get(); err != nil {
				if c.ctx.Err() == nil {
					c.h.t.Log(err)
				}
				return 0, nil, err
			}
		}
		var head [5]byte
		if _, err := io.ReadFull(c.in, head[:]); err == io.EOF && c.poll {
			c.in = nil
			continue
		} else if err != nil {
			return 0, nil, err
		}
		m = make([]byte, binary.LittleEndian.Uint32(head[1:]))
		if _, err := io.ReadFull(c.in, m); err != nil {
			return 0, nil, err
		}
		switch kind = int(head[0]); kind {
		case websocket.TextMessage, websocket.BinaryMessage:
			return kind, m, nil
		case websocket.PingMessage:
			c.WriteMessage(0, nil) // it fails if the session has ended, which the next message says
		case websocket.CloseMessage:
			return 0, nil, &websocket.CloseError{Code: int(binary.LittleEndian.Uint16(m)), Text: string(m[2:])}
		default:
			return 0, nil, fmt.Errorf("a message of kind %d", kind)
		}
	}
}

// get begins the next GET.
func (c *requestConn) get() error {
	path := "/api/stream"
	if c.poll {
		path += "?one"
	}
	a, err := c.do("GET", path, "")
	if err != nil {
		return err
	}
	c.in = bufio.NewReader(a.Body)
	if c.poll { // so that the connection is free
		all, err := io.ReadAll(a.Body)
		a.Body.Close()
		c.in = bufio.NewReader(bytes.NewReader(all))
		return err
	}
	return nil
}

func (c *requestConn) Close() error {
	if c.ctx.Err() == nil && c.session != "" {
		if a, err := c.do("DELETE", "/api/stream", ""); err == nil {
			a.Body.Close()
		}
	}
	c.cancel()
	c.http.CloseIdleConnections()
	return nil
}

// TestOtherLines tries over the stream and over the long poll what websockets are tried by.
func TestOtherLines(t *testing.T) {
	for _, line := range []string{"stream", "poll"} {
		t.Run(line, func(t *testing.T) {
			for name, test := range map[string]func(*testing.T){
				"hello":                    TestHello,
				"roles":                    TestViewerMayOnlyLook,
				"answer_before_frame":      TestAnswerComesBeforeItsFrame,
				"points":                   TestNewPointsAreSent,
				"no_hello":                 TestSocketWithoutHelloIsClosed,
				"leaves_no_goroutine":      TestClosedSocketLeavesNoGoroutine,
				"22_silent":                silentSocket,
				"24_slow_reader":           slowReader,
				"25_never_acknowledges":    neverAcknowledges,
				"26_acknowledges_too_much": acknowledgesTooMuch,
				"29_shutdown":              shutdownWithManyViewers,
			} {
				t.Run(name, func(t *testing.T) {
					if name != "leaves_no_goroutine" { // it counts them
						t.Parallel()
					}
					test(t)
				})
			}
		})
	}
}

// TestLongPollAcknowledges: with the next GET; the answer has all that can be sent at once.
func TestLongPollAcknowledges(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	h.play(room, token)
	h.line = "poll"
	c := h.requests(room)
	if err := c.WriteMessage(0, []byte(`{"hello":{}}`)); err != nil {
		t.Fatal(err)
	}
	ack := ""
	for i := range 10 {
		a, err := c.do("GET", "/api/stream?one"+ack, "")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if a.ContentLength != int64(len(body)) {
			t.Errorf("the answer has %d bytes and says %d", len(body), a.ContentLength)
		}
		var kinds []byte
		for len(body) > 0 {
			n := 5 + binary.LittleEndian.Uint32(body[1:])
			kinds = append(kinds, body[0])
			if body[0] == websocket.BinaryMessage {
				f, err := wire.DecodeFrame(body[5:n])
				if err != nil {
					t.Fatal(err)
				}
				ack = fmt.Sprintf("&ack=%d", f.Seq)
			}
			body = body[n:]
		}
		if want := "\x01\x01\x02"; i == 0 && string(kinds) != want {
			t.Errorf("the first answer has messages of kinds %v, want welcome, points and a frame", kinds)
		}
	}
}

// TestSessionSecret: 42. Requests without the secret of a session change nothing and get nothing.
func TestSessionSecret(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	h.line = "poll"
	d := h.join(room, token)
	secret := d.connection.(*requestConn).session
	if len(secret) != 32 {
		t.Errorf("the secret is %q", secret)
	}
	d.say(`{"do":"step","id":9}`) // now the room is awake
	d.answer(9)
	before := h.rooms.find(room).Describe().JSON
	for _, bearer := range []string{"", "Bearer ", "Bearer " + secret[:31], "Bearer " + secret + "0", secret, "Basic " + secret, "Bearer " + token, "Bearer " + room} {
		header := []string{"Origin", "http://" + h.addr}
		if bearer != "" {
			header = append(header, "Authorization", bearer)
		}
		if status, text := h.do("POST", "/api/send", `{"do":"step"}`, header...); status != 403 || strings.Contains(text, secret) {
			t.Errorf("POST with %q: %d %s", bearer, status, text)
		}
		for _, one := range []string{"", "?one"} {
			if status, text := h.do("GET", "/api/stream"+one, "", header...); status != 403 || strings.Contains(text, secret) {
				t.Errorf("GET with %q: %d %s", bearer, status, text)
			}
		}
	}
	if after := h.rooms.find(room).Describe().JSON; string(before) != string(after) {
		t.Errorf("the state went from\n%s to\n%s", before, after)
	}
	// Who has the secret needs no Origin, as who has a token; another site has none of both.
	if status, text := h.do("POST", "/api/send", "{\"do\":\"step\",\"id\":1}\n\n{\"do\":\"step\",\"id\":2}", "Authorization", "Bearer "+secret); status != 204 {
		t.Errorf("with the secret: %d %s", status, text)
	}
	d.answer(1)
	if r := d.answer(2); r.State.Step != 3 {
		t.Errorf("two messages in one POST lead to %+v", r)
	}
	for _, header := range [][]string{
		{"Origin", "http://evil.example"}, {"Origin", "null"}, {}, {"Sec-Fetch-Site", "cross-site"}, {"Authorization", "Bearer " + token[:31] + "x"},
		{"Host", "evil.example", "Origin", "http://evil.example"},
	} {
		if status, _ := h.do("POST", "/api/send?room="+room, `{"hello":{}}`, header...); status != 403 {
			t.Errorf("a session with %v: %d", header, status)
		}
	}
	if status, _ := h.do("GET", "/api/stream?one", "", "Host", "evil.example", "Authorization", "Bearer "+secret); status != 403 {
		t.Errorf("by another name: %d", status)
	}
}

// TestSessionLimits: a message or a POST that is too long, or not UTF-8, ends as over a websocket.
func TestSessionLimits(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	h.line = "stream"
	for _, c := range []struct {
		body         string
		status, code int
	}{
		{`{"set":{"knob":"height","value":"` + strings.Repeat("x", wire.MaxMessage) + `"}}`, 413, websocket.CloseMessageTooBig},
		{"{\"do\":\"\xff\"}", 400, websocket.CloseInvalidFramePayloadData},
	} {
		p := h.join(room, token)
		status, text := h.do("POST", "/api/send", c.body, "Authorization", "Bearer "+p.connection.(*requestConn).session)
		if status != c.status {
			t.Errorf("%.20s: %d %s, want %d", c.body, status, text, c.status)
		}
		if code := p.closed(); code != c.code {
			t.Errorf("%.20s: closed with %d, want %d", c.body, code, c.code)
		}
	}
	p := h.join(room, token)
	secret := p.connection.(*requestConn).session
	if status, _ := h.do("POST", "/api/send", strings.Repeat("{\"do\":\"step\"}\n", 1+maxBatch/14), "Authorization", "Bearer "+secret); status != 413 {
		t.Errorf("a POST over the limit: %d", status)
	}
	p.say(`{"do":"step","id":1}`)
	if r := p.answer(1); r.State.Step != 1 {
		t.Errorf("after a POST that was refused: %+v", r.State)
	}
}

// TestManyLongPolls: 42. Sessions are bounded as sockets are, and each has one GET at a time.
func TestManyLongPolls(t *testing.T) {
	h := serve(t, nil)
	room, _ := h.room()
	h.line = "poll"
	p := h.join(room, "")
	p.await("frame")
	secret := "Bearer " + p.connection.(*requestConn).session
	// Each GET replaces the one before it, which is answered.
	answers := make(chan int, 20)
	for range cap(answers) {
		go func() {
			status, _ := h.do("GET", "/api/stream?one", "", "Authorization", secret)
			answers <- status
		}()
	}
	for range cap(answers) - 1 {
		select {
		case status := <-answers:
			if status != 204 {
				t.Errorf("a GET that was replaced: %d", status)
			}
		case <-time.After(maxWait):
			t.Fatal("a GET that was replaced is not answered")
		}
	}
	select {
	case <-answers:
		t.Error("the last GET was answered too")
	default:
	}
	p.say(`{"probe":{"y":[0,0]},"id":1}`)
	if status := <-answers; status != 200 {
		t.Errorf("the last GET: %d", status)
	}
	opened := 1
	for status := 200; status == 200; opened++ {
		var text string
		if status, text = h.do("POST", "/api/send?room="+room, `{"hello":{}}`, "Origin", "http://"+h.addr); status == 503 && opened == maxSockets && strings.Contains(text, "2000") {
			break
		}
		if status != 200 || opened > maxSockets {
			t.Fatalf("session %d: %d %s", opened+1, status, text)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.sessions) != maxSockets || len(h.sockets) != maxSockets {
		t.Errorf("%d sessions, %d sockets, want %d of each", len(h.sessions), len(h.sockets), maxSockets)
	}
}

// TestStreamThatIsNotRead: 42. It is closed, and the room goes on for others.
func TestStreamThatIsNotRead(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.write = slack * 100 * time.Millisecond })
	room, token := h.room()
	d := h.play(room, token)
	d.say(`{"view":{"grid":512},"id":2}`) // the buffers of the kernel are full after a few frames
	d.answer(2)
	h.line = "stream"
	p := h.join(room, "")
	p.await("frame")
	secret := "Bearer " + p.connection.(*requestConn).session
	deadline := time.Now().Add(maxWait)
	clients := h.socketsOf(room)
	for len(h.sessionsNow()) > 0 { // it acknowledges, and so answers pings, but does not read
		if time.Now().After(deadline) {
			t.Fatal("the stream is still open")
		}
		for _, c := range clients {
			h.do("POST", "/api/send", fmt.Sprintf(`{"ack":%d}`, c.sent.Load()), "Authorization", secret)
		}
	}
	if status, _ := h.do("POST", "/api/send", `{"do":"step"}`, "Authorization", secret); status != 403 {
		t.Errorf("a message to a session that has ended: %d", status)
	}
	d.say(`{"probe":{"y":[0,0]},"id":3}`)
	d.answer(3)
}

// TestPollThatIsNotRead: 42. Who sends messages and never asks for the answers is as silent as who sends
// nothing, and what waits for them is bounded.
func TestPollThatIsNotRead(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.ping = slack * 200 * time.Millisecond })
	room, token := h.room()
	h.line = "poll"
	p := h.join(room, token)
	secret := "Bearer " + p.connection.(*requestConn).session
	for start := time.Now(); len(h.sessionsNow()) > 0; {
		if time.Since(start) > maxWait {
			t.Fatal("the session is still open")
		}
		h.do("POST", "/api/send", `{"probe":{"y":[0,0]}}`, "Authorization", secret)
	}
	h = serve(t, nil)
	room, token = h.room()
	h.line = "poll"
	p = h.join(room, token)
	secret = "Bearer " + p.connection.(*requestConn).session
	for start := time.Now(); len(h.sessionsNow()) > 0; {
		if time.Since(start) > maxWait {
			t.Fatal("errors are kept for who does not read them")
		}
		h.do("POST", "/api/send", strings.Repeat("{}\n", 100), "Authorization", secret)
	}
}

func (h *host) sessionsNow() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for secret := range h.sessions {
		all = append(all, secret)
	}
	return all
}

// TestAckWithAnIDIsAnswered, also while the room makes a long step: a client asks by it whether its
// line still carries messages.
func TestAckWithAnIDIsAnswered(t *testing.T) {
	h := serve(t, nil)
	room, _ := h.room()
	for _, line := range []string{"", "stream", "poll"} {
		h.line = line
		p := h.join(room, "")
		p.await("frame")
		p.say(fmt.Sprintf(`{"ack":%d,"id":7}`, p.last))
		p.awaitThat("done", func(r reply) bool { return *r.ID == 7 })
		p.say(`{"ack":4000000000,"id":8}`)
		p.awaitThat("done", func(r reply) bool { return *r.ID == 8 })
		p.Close()
	}
}
