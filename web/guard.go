package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// guard decides which requests come from this server's own page. A browser sends with
// every request the name by which it reached the server (Host) and, with a handshake or a
// write, the page that the request comes from (Origin). A hostile page may point a name of
// its own at 127.0.0.1 (DNS rebinding), but it cannot change what the browser sends.
type guard struct {
	names   map[string]bool     // allowed host names, in lower case
	origins map[string]bool     // allowed origins, in lower case: those of proxies in front of the server
	addrs   map[netip.Addr]bool // allowed addresses besides loopback
	local   *localAddresses     // of this machine, if the server listens on all of them; nil if not
	cross   *http.CrossOriginProtection
}

// newGuard returns a guard that allows loopback addresses, "localhost" and the given hosts:
// names such as "viz.school", addresses, or origins such as "https://viz.school" for a
// server behind a proxy.
func newGuard(allow []string) (*guard, error) {
	g := &guard{
		names:   map[string]bool{"localhost": true},
		origins: map[string]bool{},
		addrs:   map[netip.Addr]bool{},
		cross:   http.NewCrossOriginProtection(),
	}
	g.cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusForbidden, "cross-site", refusedOrigin(r))
	}))
	for _, host := range allow {
		name := strings.ToLower(host)
		if strings.Contains(name, "://") {
			u, err := url.Parse(name)
			if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" || g.cross.AddTrustedOrigin(name) != nil {
				return nil, fmt.Errorf("%q is not an origin: write one such as https://viz.school, without a path", host)
			}
			g.origins[name] = true
			name = u.Hostname()
		}
		if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
			g.addrs[a.Unmap()] = true
			continue
		}
		if name == "" || strings.ContainsAny(name, "/:@ *") {
			return nil, fmt.Errorf("%q is not a host: write a name such as viz.school, without a port or a path", host)
		}
		g.names[name] = true
	}
	return g, nil
}

// addListener allows the address of a listener as a host, or all of this machine if it listens on all.
func (g *guard) addListener(addr net.Addr) {
	t, ok := addr.(*net.TCPAddr)
	switch {
	case ok && t.IP.IsUnspecified():
		g.local = &localAddresses{}
	case ok:
		g.addrs[t.AddrPort().Addr().Unmap()] = true
	}
}

// allowsHost reports whether a Host header, with or without a port, names this server.
func (g *guard) allowsHost(header string) bool {
	name := header
	if h, port, err := net.SplitHostPort(header); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return false
		}
		name = h
	} else if strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]") {
		name = name[1 : len(name)-1]
	}
	if a, err := netip.ParseAddr(name); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return a.IsLoopback() || g.addrs[a] || g.local != nil && g.local.has(a)
	}
	return g.names[strings.ToLower(name)]
}

// allowsOrigin reports whether a handshake comes from a page of this server (same scheme,
// same host, same port) or from an allowed origin.
func (g *guard) allowsOrigin(r *http.Request) bool {
	values := r.Header.Values("Origin")
	if len(values) != 1 {
		return false
	}
	origin := strings.ToLower(values[0])
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return g.origins[origin] || origin == scheme+"://"+strings.ToLower(r.Host)
}

// refusedOrigin says that a request comes from a page of another site, and what to do if that site
// is a proxy of this server.
func refusedOrigin(r *http.Request) string {
	u, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "this request comes from a page of another site"
	}
	return fmt.Sprintf("this request comes from a page at %.100s, which is not an address of this server; if it is one, start the server with --allow-host %[1]s", u.Scheme+"://"+u.Host)
}

// refusedHost says that a Host header does not name this server, and what to do if it should.
func refusedHost(header string) string {
	name := header
	if h, _, err := net.SplitHostPort(header); err == nil {
		name = h
	}
	return fmt.Sprintf("%.100q is not a host name of this server; if it is one, start the server with --allow-host %.100s", header, name)
}

// contentPolicy is the Content-Security-Policy of every answer: the page may load only what
// this server sends.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// protect sets the security headers on every answer. It answers 403 to a request whose Host
// does not name this server, and to a write that comes from a page of another site.
func (s *Server) protect(next http.Handler) http.Handler {
	next = s.guard.cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = s.proxies.forwarded(r)
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !s.guard.allowsHost(r.Host) {
			if strings.Contains(r.Header.Get("Accept"), "text/html") { // a browser shows the answer as it is
				http.Error(w, "ebmviz: "+refusedHost(r.Host), http.StatusForbidden)
				return
			}
			refuse(w, http.StatusForbidden, "host", refusedHost(r.Host))
			return
		}
		s.noteDevice(r)
		next.ServeHTTP(w, r)
	})
}
