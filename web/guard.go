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
// every request the name by which it found the server (Host) and, with a handshake, the
// page it comes from (Origin). A hostile page may point a name of its own at 127.0.0.1,
// but cannot lie about that name.
type guard struct {
	names   map[string]bool     // host names that are ours, in lower case
	origins map[string]bool     // whole origins that are ours, where a proxy speaks https for us
	addrs   map[netip.Addr]bool // addresses that the server listens on besides loopback
}

// newGuard returns a guard that lets in loopback addresses, "localhost", and the allowed
// hosts: a name such as "viz.school", or an origin such as "https://viz.school" for a
// server behind a proxy.
func newGuard(allow []string) (*guard, error) {
	g := &guard{names: map[string]bool{"localhost": true}, origins: map[string]bool{}, addrs: map[netip.Addr]bool{}}
	for _, host := range allow {
		name := strings.ToLower(host)
		if strings.Contains(name, "://") {
			u, err := url.Parse(name)
			if err != nil || u.Host == "" || u.Path != "" || u.Scheme != "http" && u.Scheme != "https" {
				return nil, fmt.Errorf("%q is no host: write a name such as viz.school, or an origin such as https://viz.school", host)
			}
			g.origins[name] = true
			name = u.Hostname()
		}
		if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
			g.addrs[a.Unmap()] = true
			continue
		}
		if name == "" || strings.ContainsAny(name, "/:@ *") {
			return nil, fmt.Errorf("%q is no host: write a name such as viz.school, without port or path", host)
		}
		g.names[name] = true
	}
	return g, nil
}

// hears adds the address of a listener to the hosts that are ours.
func (g *guard) hears(addr net.Addr) {
	if t, ok := addr.(*net.TCPAddr); ok && !t.IP.IsUnspecified() {
		g.addrs[t.AddrPort().Addr().Unmap()] = true
	}
}

// host reports whether a Host header, with or without a port, names this server.
func (g *guard) host(header string) bool {
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
		return a.Unmap().IsLoopback() || g.addrs[a.Unmap()]
	}
	return g.names[strings.ToLower(name)]
}

// origin reports whether a handshake comes from a page of this server: same scheme, same
// host, same port.
func (g *guard) origin(r *http.Request) bool {
	all := r.Header.Values("Origin")
	if len(all) != 1 {
		return false
	}
	origin := strings.ToLower(all[0])
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return g.origins[origin] || origin == scheme+"://"+strings.ToLower(r.Host)
}

// policy is the Content-Security-Policy of the page: nothing but what this server sends.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// protect answers 403 to hosts that are not ours and to cross-site writes, and puts on
// every answer the headers that keep the page to itself.
func (s *Server) protect(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusForbidden, "cross-site", "this request comes from a page of another site")
	}))
	next = cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !s.guard.host(r.Host) {
			refuse(w, http.StatusForbidden, "host", fmt.Sprintf("%.100q is no name of this server; start it with --allow-host to add one", r.Host))
			return
		}
		next.ServeHTTP(w, r)
	})
}
