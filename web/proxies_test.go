package web

import (
	"crypto/tls"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestForwarded(t *testing.T) {
	trusted, err := parseProxies([]string{"127.0.0.1", "10.0.0.0/8", "[::1]"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                         string
		from, forwarded, host, proto string
		wantAddress, wantHost        string
		wantTLS                      bool
	}{
		{"nobody", "192.168.1.9:40", "1.2.3.4", "evil.example", "https", "192.168.1.9", "viz.school", false},
		{"the proxy", "127.0.0.1:40", "1.2.3.4", "site.school", "https", "1.2.3.4", "site.school", true},
		{"a client's own header before the proxy's", "127.0.0.1:40", "9.9.9.9, 1.2.3.4", "", "", "1.2.3.4", "viz.school", false},
		{"two proxies", "127.0.0.1:40", "1.2.3.4, 10.1.2.3", "", "https", "1.2.3.4", "viz.school", true},
		{"no address", "127.0.0.1:40", "unknown", "", "", "127.0.0.1", "viz.school", false},
		{"IPv6", "[::1]:40", "2001:db8::7", "", "", "2001:db8::7", "viz.school", false},
		{"nothing", "127.0.0.1:40", "", "", "", "127.0.0.1", "viz.school", false},
	} {
		r := httptest.NewRequest("GET", "http://viz.school/", nil)
		r.RemoteAddr = c.from
		for name, value := range map[string]string{"X-Forwarded-For": c.forwarded, "X-Forwarded-Host": c.host, "X-Forwarded-Proto": c.proto} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		got := trusted.forwarded(r)
		if a := addressOf(got).String(); a != c.wantAddress || got.Host != c.wantHost || (got.TLS != nil) != c.wantTLS {
			t.Errorf("%s: address %s, host %s, TLS %v; want %s, %s, %v", c.name, a, got.Host, got.TLS != nil, c.wantAddress, c.wantHost, c.wantTLS)
		}
	}
	r := httptest.NewRequest("GET", "http://viz.school/", nil)
	r.TLS = &tls.ConnectionState{}
	r.RemoteAddr = "127.0.0.1:40"
	r.Header.Set("X-Forwarded-Proto", "http")
	if trusted.forwarded(r).TLS != nil {
		t.Error("a page that the proxy serves over http counts as https")
	}
	for _, bad := range []string{"", "proxy.school", "10.0.0.0/33", "fe80::1%eth0"} {
		if _, err := parseProxies([]string{bad}); err == nil || !strings.Contains(err.Error(), "not the address of a proxy") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestBase(t *testing.T) {
	s, err := New(Options{Base: "/viz"})
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", path, nil)
		r.Host = "localhost"
		s.Handler().ServeHTTP(w, r)
		return w.Code, w.Header().Get("Location")
	}
	for path, want := range map[string]int{"/viz/": 200, "/viz/healthz": 200, "/viz/api/catalog": 200, "/viz/js/main.js": 200, "/": 404, "/healthz": 404, "/vizier/": 404} {
		if got, _ := get(path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if code, to := get("/viz"); code/100 != 3 || to != "/viz/" {
		t.Errorf("/viz: %d to %q", code, to)
	}
	for _, bad := range []string{"viz", "/a//b", "/../x", "/a?b", "/a b/"} {
		if _, err := New(Options{Base: bad}); err == nil {
			t.Errorf("%q is taken as a base", bad)
		}
	}
}

// TestSiteToken opens rooms of a server that others may reach.
func TestSiteToken(t *testing.T) {
	s, err := New(Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	post := func(s *Server, token string) (int, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("POST", "/api/rooms", strings.NewReader(`{"model":"bowl"}`))
		r.Host = "localhost"
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		s.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for _, token := range []string{"", "x", s.Token() + "0", s.Token()[1:]} {
		if code, body := post(s, token); code != 403 || !strings.Contains(body, "site-token") {
			t.Errorf("token %q: %d %s", token, code, body)
		}
	}
	if code, body := post(s, s.Token()); code != 200 || len(s.Token()) != 32 {
		t.Errorf("with the site's token: %d %s", code, body)
	}
	anyone, err := New(Options{Open: true, AnyoneOpen: true})
	if err != nil {
		t.Fatal(err)
	}
	if code, body := post(anyone, ""); code != 200 {
		t.Errorf("where anyone may open rooms: %d %s", code, body)
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		options Options
		address string
		want    string
	}{
		{Options{}, "127.0.0.1:8080", "http://127.0.0.1:8080/"},
		{Options{Base: "/viz/"}, "192.168.1.7:80", "http://192.168.1.7:80/viz/"},
		{Options{TLS: &tls.Config{}}, "[::1]:443", "https://[::1]:443/"},
		{Options{AllowHosts: []string{"viz.school", "https://viz.school"}, Base: "/viz/"}, "0.0.0.0:8080", "https://viz.school/viz/"},
	} {
		s, err := New(c.options)
		if err != nil {
			t.Fatal(err)
		}
		addr, _ := net.ResolveTCPAddr("tcp", c.address)
		s.SetListener(addr)
		if got := s.Addresses(); len(got) != 1 || got[0] != c.want {
			t.Errorf("on %s: %v, want %s", c.address, got, c.want)
		}
	}
	s, _ := New(Options{})
	s.SetListener(&net.TCPAddr{IP: net.IPv4zero, Port: 8080})
	for _, a := range s.Addresses() {
		if !strings.HasPrefix(a, "http://") || !strings.HasSuffix(a, ":8080/") || strings.Contains(a, "0.0.0.0") {
			t.Errorf("the address %s", a)
		}
	}
}
