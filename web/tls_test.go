package web

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
)

// TestTLS serves the page and a socket over https.
func TestTLS(t *testing.T) {
	lender := httptest.NewTLSServer(http.NotFoundHandler()) // has a certificate for 127.0.0.1 and a client that trusts it
	defer lender.Close()
	s, err := New(Options{TLS: &tls.Config{Certificates: lender.TLS.Certificates}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	origin := "https://" + l.Addr().String()
	answer, err := lender.Client().Get(origin + "/healthz")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("over https: %v, %v", answer, err)
	}
	answer.Body.Close()
	room, _, err := s.OpenRoom(sim.Config{Model: "bowl"})
	if err != nil {
		t.Fatal(err)
	}
	trusts := lender.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	for from, want := range map[string]int{origin: http.StatusSwitchingProtocols, "http" + origin[5:]: http.StatusForbidden} {
		dial := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: trusts}, Subprotocols: []string{"ebmviz.v1"}}
		conn, answer, err := dial.Dial("wss"+origin[5:]+"/ws?room="+room, http.Header{"Origin": {from}})
		if answer == nil || answer.StatusCode != want {
			t.Errorf("a socket from a page at %s: %v, %v, want %d", from, answer, err, want)
		}
		if err == nil {
			conn.Close()
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
