package browsertest

import (
	"context"
	"net"
	"testing"

	"ebmviz/sim"
	"ebmviz/web"
)

// class is a server that others can join, with a class open. It listens on loopback, as all tests do.
type class struct {
	address string
	web.Invitation
	token string // the site's
}

// serveClass starts a server with a class on a configuration.
func serveClass(t testing.TB, c sim.Config) class {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server, err := web.New(web.Options{Open: true})
	if err != nil {
		t.Fatal(err)
	}
	serveAs(t, listener, server)
	in, err := server.OpenClass(c)
	if err != nil {
		t.Fatal(err)
	}
	return class{"http://" + listener.Addr().String() + "/", in, server.Token()}
}

// owner returns the address of the owner's page, and member that which a pupil scans; both draw with
// Canvas2D.
func (c class) owner() string {
	return c.address + "#renderer=canvas2d&room=" + c.Room + "&token=" + c.token
}
func (c class) member() string { return c.address + "#renderer=canvas2d&join=" + c.Code }

// serveAs serves until the test ends.
func serveAs(t testing.TB, listener net.Listener, server *web.Server) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
