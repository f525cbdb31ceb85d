package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
)

func TestHello(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()

	p := h.dial(room)
	if c, ok := p.connection.(*websocket.Conn); ok && c.Subprotocol() != "ebmviz.v1" {
		t.Errorf("subprotocol %q", c.Subprotocol())
	}
	p.say(`{"do":"play","id":1}`)
	if r := p.answer(1); r.Error.Code != "hello-first" {
		t.Errorf("a command before hello: %+v", r.Error)
	}
	p.say(`{"hello":{"token":"wrong"},"id":2}`)
	if r := p.answer(2); r.Error.Code != "token" {
		t.Errorf("a wrong token: %+v", r.Error)
	}
	p.say(`{"hello":{"token":"` + token + `"},"id":3}`)
	w := p.answer(3).Welcome
	if w.Room != room || w.Role != "driver" || w.State.Model != "bowl" || w.State.Generation == 0 || len(w.Catalog.Models) == 0 {
		t.Errorf("welcome: %+v", w)
	}
	points := p.await("points").Points
	if points.Generation != w.State.Generation || len(points.Y) == 0 {
		t.Errorf("%d points of generation %d, the state says %d", len(points.Y), points.Generation, w.State.Generation)
	}
	p.await("frame")
	p.say(`{"hello":{},"id":4}`)
	if r := p.answer(4); r.Error.Code == "" {
		t.Error("hello was taken twice")
	}
	if q := h.dial(room); q != nil {
		q.say(`{"hello":{}}`)
		if w := q.await("welcome").Welcome; w.Role != "viewer" {
			t.Errorf("without a token one is %q", w.Role)
		}
	}
}

func TestViewerMayOnlyLook(t *testing.T) {
	h := serve(t, nil)
	room, _ := h.room()
	v := h.join(room, "")
	before := h.rooms.find(room).Describe().JSON
	for end := time.Now().Add(maxWait); bytes.Contains(before, []byte(`"asleep":true`)) && time.Now().Before(end); time.Sleep(time.Millisecond) {
		before = h.rooms.find(room).Describe().JSON // it wakes
	}
	for i, text := range []string{
		`{"set":{"knob":"height","value":2},"id":%}`, `{"do":"play","id":%}`, `{"do":"step","id":%}`, `{"do":"reset","id":%}`,
		`{"open":{"model":"bowl"},"id":%}`, `{"view":{"grid":16},"id":%}`, `{"seek":{"step":0},"id":%}`,
	} {
		id := int64(i + 10)
		v.say(strings.Replace(text, "%", itoa(id), 1))
		if r := v.answer(id); r.Error.Code != "forbidden" {
			t.Errorf("%s: %+v", text, r)
		}
	}
	after := h.rooms.find(room).Describe().JSON
	if !bytes.Equal(before, after) {
		t.Errorf("the state went from\n%s to\n%s", before, after)
	}
	v.say(`{"probe":{"y":[1,0]},"id":1}`)
	if r := v.answer(1); r.Error.Code != "" || r.Probe.F != 1 {
		t.Errorf("a viewer's probe: %+v", r)
	}
}

// TestAnswerComesBeforeItsFrame: what a frame shows was sent before in a state, to the driver as an
// answer. The bowl does not move, so its rim is as high as the knob height says.
func TestAnswerComesBeforeItsFrame(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d, v := h.join(room, token), h.join(room, "")
	d.await("frame")
	rim := d.top()
	const moves = 60
	var watching sync.WaitGroup
	for _, p := range []*peer{d, v} {
		watching.Go(func() {
			stated, answered := 1.0, int64(0)
			for stated < 1+moves/10. || p.top() < rim*stated*.999 {
				name, text, err := p.next()
				if err != nil {
					t.Error(err)
					return
				}
				switch name {
				case "state":
					var r reply
					if err := json.Unmarshal(text, &r); err != nil {
						t.Error(err)
					}
					stated = r.State.Knobs["height"].(float64)
					if r.ID != nil {
						answered = *r.ID
						if stated < .999+float64(answered)/10 {
							t.Errorf("the answer to move %d says %v", answered, stated)
						}
					}
				case "frame":
					shown := p.top() / rim
					if shown > stated*1.001 {
						t.Errorf("a frame shows %v after a state with %v", shown, stated)
					}
					if p == d && math.Abs(shown-1-float64(answered)/10) > .001 {
						t.Errorf("a frame shows %v after the answer to move %d", shown, answered)
					}
				}
			}
		})
	}
	for i := 1; i <= moves; i++ {
		d.say(fmt.Sprintf(`{"set":{"knob":"height","value":%v},"id":%d}`, 1+float64(i)/10, i))
		time.Sleep(2 * time.Millisecond)
	}
	watching.Wait()
}

func TestErrorsAreSentences(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d := h.join(room, token)
	for i, c := range []struct{ text, code, want string }{
		{`{"set":{"knob":"hieght","value":2},"id":%}`, "unknown-knob", `did you mean "height"?`},
		{`{"set":{"knob":"height","value":11},"id":%}`, "bad-value", "from 0.1 to 10"},
		{`{"set":{"knob":"height","value":"tall"},"id":%}`, "bad-value", "a number"},
		{`{"open":{"model":"bowll"},"id":%}`, "unknown-model", `did you mean "bowl"?`},
		{`{"open":{"model":"bowl","data":"spirl"},"id":%}`, "unknown-dataset", `did you mean "spiral"?`},
		{`{"view":{"fps":1000},"id":%}`, "limit", "from 1 to 60"},
		{`{"id":%,"do":"paly"}`, "bad-message", `did you mean "play"?`},
	} {
		id := int64(i + 1)
		d.say(strings.Replace(c.text, "%", itoa(id), 1))
		if r := d.answer(id); string(r.Error.Code) != c.code || !strings.Contains(r.Error.Message, c.want) {
			t.Errorf("%s: %+v, want %s with %q", c.text, r.Error, c.code, c.want)
		}
	}
	if err := d.WriteMessage(websocket.BinaryMessage, []byte{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	if r := d.await("error"); r.Error.Code != "bad-message" || !strings.Contains(r.Error.Message, "binary") {
		t.Errorf("binary: %+v", r.Error)
	}
	d.say(`{"do":"step","id":99}`)
	if r := d.answer(99); r.State.Step != 1 {
		t.Errorf("after all these errors a step leads to %+v", r)
	}
}

func TestNewPointsAreSent(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d, v := h.join(room, token), h.join(room, "")
	d.say(`{"set":{"knob":"data.n","value":77},"id":1}`)
	g := d.answer(1).State.Generation
	for _, p := range []*peer{d, v} {
		r := p.awaitThat("points", func(r reply) bool { return r.Points.Generation == g })
		if len(r.Points.Y) != 77 {
			t.Errorf("%d points, want 77", len(r.Points.Y))
		}
	}
}

func TestSocketWithoutHelloIsClosed(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.hello = slack * 200 * time.Millisecond })
	room, _ := h.room()
	other := h.join(room, "")
	if code := h.dial(room).closed(); code != websocket.ClosePolicyViolation {
		t.Errorf("closed with %d", code)
	}
	other.say(`{"probe":{"y":[0,0]},"id":1}`)
	other.answer(1)
}

func TestTokenIsNotLogged(t *testing.T) {
	var log bytes.Buffer
	s, err := New(Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	_, token, err := s.OpenRoom(sim.Config{Model: "bowl"})
	if err != nil {
		t.Fatal(err)
	}
	s.Shutdown(t.Context())
	if log.Len() == 0 || strings.Contains(log.String(), token) {
		t.Errorf("token %s, log:\n%s", token, &log)
	}
}

func TestClosedSocketLeavesNoGoroutine(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	h.play(room, token)
	visit := func() { h.join(room, "").Close() }
	settled := func(most int) (n int) {
		for end := time.Now().Add(maxWait); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if n = runtime.NumGoroutine(); n <= most && h.rooms.viewers(room) == 1 {
				break
			}
		}
		return n
	}
	visit()
	before := settled(0x7fffffff)
	for range 40 {
		visit()
	}
	if after := settled(before + 4); after > before+4 {
		t.Errorf("%d goroutines, after 40 visits %d", before, after)
	}
}
