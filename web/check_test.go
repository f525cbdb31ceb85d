package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// TestCheck: everybody may try the line, also where a class needs a code, and nobody can do more there.
func TestCheck(t *testing.T) {
	h := serveWith(t, Options{Open: true}, nil)
	if _, err := h.OpenClass(sim.Config{Model: "bowl"}); err != nil {
		t.Fatal(err)
	}
	p := h.dial(checkRoom)
	p.say(`{"hello":{"catalog":"x"}}`)
	if role := p.await("welcome").Welcome.Role; role != "viewer" {
		t.Errorf("the role is %s", role)
	}
	p.await("frame")
	first := p.last
	p.await("frame")
	if f, err := wire.DecodeFrame(p.text); err != nil || f.Seq <= first || f.NX != checkSide {
		t.Errorf("after frame %d came %d of %d cells, %v", first, f.Seq, f.NX, err)
	}
	for _, m := range []string{`{"do":"play","id":1}`, `{"fork":{},"id":1}`, `{"set":{"knob":"k","value":1},"id":1}`, `{"probe":{"y":[0,0]},"id":1}`, `{"open":{"model":"bowl"},"id":1}`} {
		p.say(m)
		if e := p.await("error"); e.Error.Message == "" {
			t.Errorf("%s: no error", m)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/check", nil)
	r.Host = "localhost"
	h.Handler().ServeHTTP(w, r)
	if w.Code != 200 || !strings.Contains(w.Body.String(), "/js/check.js") {
		t.Errorf("/check: %d %.60s", w.Code, w.Body)
	}
}

// TestOtherDevices: the computer of the class is told whether another device has come through, and
// nobody else is.
func TestOtherDevices(t *testing.T) {
	s, err := New(Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(from string) (out struct {
		Here, Open bool
		Reached    int64
		Addresses  []string
	}) {
		t.Helper()
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/api/check", nil)
		r.Host, r.RemoteAddr = "localhost", from
		s.Handler().ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		return out
	}
	const here, phone = "127.0.0.1:4000", "192.0.2.77:4000"
	if got := ask(here); !got.Here || !got.Open || got.Reached != -1 {
		t.Errorf("before: %+v", got)
	}
	if got := ask(phone); got.Here || got.Reached != -1 || len(got.Addresses) != 0 {
		t.Errorf("a phone is told %+v", got)
	}
	if got := ask(here); got.Reached < 0 || got.Reached > 60 {
		t.Errorf("after a phone has come through: %+v", got)
	}
}
