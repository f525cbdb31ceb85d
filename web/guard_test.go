package web

import (
	"crypto/tls"
	"net/http/httptest"
	"strings"
	"testing"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

func TestGuardHost(t *testing.T) {
	g, err := newGuard([]string{"Viz.School", "https://proxy.school", "192.168.1.7"})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "LOCALHOST:1": true,
		"127.0.0.1": true, "127.0.0.1:8080": true, "127.8.9.10": true,
		"[::1]": true, "[::1]:8080": true, "[::ffff:127.0.0.1]:80": true,
		"viz.school": true, "viz.school:443": true, "proxy.school": true, "192.168.1.7:8080": true,
		"": false, ":8080": false, "evil.example": false, "evil": false, "localhost.evil": false,
		"127.evil.example": false, "127.0.0.1.evil.example": false, "127.1": false, "2130706433": false,
		"0x7f000001": false, "0.0.0.0": false, "[::]": false, "192.168.1.8": false, "localhost.": false,
		"a.viz.school": false, "[::1%25lo]": false, "localhost:8080@evil": false,
	} {
		if got := g.allowsHost(host); got != want {
			t.Errorf("host %q: %v, want %v", host, got, want)
		}
	}
}

func TestGuardOrigin(t *testing.T) {
	g, _ := newGuard([]string{"https://proxy.school"})
	for _, c := range []struct {
		host, origin string
		tls, want    bool
	}{
		{"localhost:8080", "http://localhost:8080", false, true},
		{"LocalHost:8080", "http://localhost:8080", false, true},
		{"localhost:8080", "https://localhost:8080", false, false},
		{"localhost:8080", "https://localhost:8080", true, true},
		{"localhost:8080", "http://localhost:3000", false, false}, // another server of the same machine
		{"localhost:8080", "http://127.0.0.1:8080", false, false},
		{"localhost:8080", "null", false, false},
		{"localhost:8080", "", false, false},
		{"localhost:8080", "http://evil.example", false, false},
		{"localhost:8080", "https://proxy.school", false, true},
		{"localhost:8080", "http://proxy.school", false, false},
	} {
		r := httptest.NewRequest("GET", "http://"+c.host+"/ws", nil)
		r.Host = c.host
		r.Header.Set("Origin", c.origin)
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if got := g.allowsOrigin(r); got != c.want {
			t.Errorf("host %s, origin %q: %v, want %v", c.host, c.origin, got, c.want)
		}
	}
}

// TestTrustedOriginMayWrite sends what a page behind a proxy sends: the proxy names the server
// by its own address, and older browsers send no Sec-Fetch-Site.
func TestTrustedOriginMayWrite(t *testing.T) {
	s, err := New(Options{AllowHosts: []string{"https://Proxy.School"}})
	if err != nil {
		t.Fatal(err)
	}
	room, token, err := s.OpenRoom(sim.Config{Model: "bowl"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method, path, body, origin, site string
		want                             int
	}{
		{"POST", "/api/rooms", `{"model":"bowl"}`, "https://proxy.school", "", 200},
		{"POST", "/api/rooms", `{"model":"bowl"}`, "https://proxy.school", "same-origin", 200},
		{"PUT", "/api/rooms/" + room + "/points", "0,0\n1,1\n", "https://proxy.school", "", 200},
		{"POST", "/api/rooms", `{"model":"bowl"}`, "http://proxy.school", "", 403},
		{"POST", "/api/rooms", `{"model":"bowl"}`, "https://proxy.school:8443", "", 403},
		{"POST", "/api/rooms", `{"model":"bowl"}`, "https://evil.example", "", 403},
		{"PUT", "/api/rooms/" + room + "/points", "0,0\n1,1\n", "https://evil.example", "cross-site", 403},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1:8080"+c.path, strings.NewReader(c.body))
		r.Header.Set("Origin", c.origin)
		r.Header.Set("Authorization", "Bearer "+token)
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s %s from %s (%s): %d %s, want %d", c.method, c.path, c.origin, c.site, w.Code, w.Body, c.want)
		}
	}
}

func TestGuardRefusesInvalidHosts(t *testing.T) {
	for _, host := range []string{"", "*", "a b", "viz.school:80", "viz.school/x", "ftp://viz.school", "https://viz.school/x", "https://", "https://me@viz.school", "https://viz.school?x", "https://viz.school#x"} {
		if _, err := newGuard([]string{host}); err == nil {
			t.Errorf("%q was allowed as a host", host)
		}
	}
}

func TestMay(t *testing.T) {
	for _, verb := range wire.Verbs() {
		for _, r := range []wire.Role{wire.Anonymous, wire.Viewer, wire.Driver} {
			want := r == wire.Driver && verb != "hello"
			switch verb {
			case "hello":
				want = r == wire.Anonymous
			case "ack", "probe", "fork", "look":
				want = r != wire.Anonymous
			}
			if may(r, verb) != want {
				t.Errorf("a %s may %s: %v, want %v", r, verb, !want, want)
			}
		}
	}
	if may(wire.Viewer, "whatever comes later") {
		t.Error("a viewer may send unknown messages")
	}
}

// TestRefusalsSayWhatToDo sends what a page behind a proxy sends that the server was not told of, by
// each of its doors: the answer names the address and the option that allows it.
func TestRefusalsSayWhatToDo(t *testing.T) {
	h := serve(t, nil)
	room, _ := h.room()
	own := "http://" + h.addr
	for _, c := range []struct {
		method, path string
		header       []string
		status       int
		want         string // "" for no sentence
	}{
		{"POST", "/ws?room=" + room, []string{"Origin", own}, 204, ""},
		{"POST", "/ws?room=nosuchroom", []string{"Origin", own}, 404, "no such room"},
		{"POST", "/ws?room=" + room, []string{"Origin", "https://viz.school", "Sec-Fetch-Site", "same-origin"}, 403, "a page at https://viz.school, which is not an address of this server; if it is one, start the server with --allow-host https://viz.school"},
		{"POST", "/ws?room=" + room, []string{"Origin", "http://viz.school:8000"}, 403, "--allow-host http://viz.school:8000"},
		{"POST", "/api/rooms", []string{"Origin", "http://viz.school:8000"}, 403, "--allow-host http://viz.school:8000"},
		{"POST", "/ws?room=" + room, []string{"Origin", "null"}, 403, "a page of another site"},
		{"POST", "/ws?room=" + room, []string{"Host", "viz.school:8000", "Origin", "http://viz.school:8000"}, 403, `\"viz.school:8000\" is not a host name of this server; if it is one, start the server with --allow-host viz.school`},
		{"GET", "/", []string{"Host", "viz.school", "Accept", "text/html,*/*"}, 403, `ebmviz: "viz.school" is not a host name of this server; if it is one, start the server with --allow-host viz.school`},
	} {
		status, text := h.do(c.method, c.path, "", c.header...)
		if status != c.status || !strings.Contains(text, c.want) || c.want == "" && text != "" {
			t.Errorf("%s %s %v: %d %s, want %d and %q", c.method, c.path, c.header, status, text, c.status, c.want)
		}
		if c.method == "GET" && strings.Contains(text, "{") {
			t.Errorf("a browser shows %s", text)
		}
	}
	if status, _ := h.do("POST", "/ws?room="+room, ""); status != 403 { // as the handshake: without Origin a token is needed
		t.Errorf("without an origin: %d", status)
	}
}
