package web

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// proxies are the senders whose X-Forwarded headers are believed.
type proxies []netip.Prefix

// parseProxies reads addresses and networks, such as 127.0.0.1 and 10.0.0.0/8.
func parseProxies(texts []string) (proxies, error) {
	var all proxies
	for _, text := range texts {
		if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil && a.Zone() == "" {
			a = a.Unmap()
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q is not the address of a proxy: write one such as 127.0.0.1, or a network such as 10.0.0.0/8", text)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

func (p proxies) trusts(a netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// forwarded returns the request as the proxy received it: the address of the client, the host and the
// scheme are those of the X-Forwarded headers. Without a trusted sender it is the request itself; the
// headers are then ignored, as anybody may send them.
func (p proxies) forwarded(r *http.Request) *http.Request {
	sender := addressOf(r)
	if len(p) == 0 || !p.trusts(sender) {
		return r
	}
	out := *r
	// The last entries were added by proxies; the last that is not one of them is the client.
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		a, err := netip.ParseAddr(strings.Trim(strings.TrimSpace(hops[i]), "[]"))
		if err != nil {
			break
		}
		out.RemoteAddr = net.JoinHostPort(a.Unmap().String(), "0")
		if !p.trusts(a) {
			break
		}
	}
	if host := r.Header.Get("X-Forwarded-Host"); host != "" {
		out.Host = host
	}
	switch r.Header.Get("X-Forwarded-Proto") {
	case "http":
		out.TLS = nil
	case "https":
		out.TLS = &tls.ConnectionState{}
	}
	return &out
}

// addressOf returns the address of the client of a request; the zero value if it is not known.
func addressOf(r *http.Request) netip.Addr {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}
