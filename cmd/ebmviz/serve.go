package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/web"
)

// Without --listen the page is served on port, or on the first free one of the next portsTried.
const (
	port       = 8080
	portsTried = 20
)

type serve struct {
	Listen       string   `placeholder:"HOST:PORT" help:"Address to serve on; port 0 takes any free one. Without it: port 8080 of 127.0.0.1, with --class of all addresses, or the next free port."`
	Open         bool     `help:"Open the page in the browser."`
	Class        bool     `help:"Let a class in: listen on all addresses, and print the link of the teacher, the address and QR code for all others, and the code to join with."`
	AllowHost    []string `placeholder:"NAME" help:"Another host name or origin, such as https://viz.school, by which browsers reach the server (may be repeated)."`
	Base         string   `placeholder:"PATH" help:"Path to serve below, such as /viz/, behind a proxy that passes it on."`
	TrustedProxy []string `placeholder:"ADDRESS" help:"Address or network of a proxy whose X-Forwarded-For, -Host and -Proto are believed (may be repeated)."`
	TLSCert      string   `name:"tls-cert" type:"path" placeholder:"FILE" help:"Certificate, to serve https; with --tls-key."`
	TLSKey       string   `name:"tls-key" type:"path" placeholder:"FILE" help:"Key of the certificate."`
	Rooms        int      `placeholder:"N" help:"How many rooms there may be; 64 by default, 640 on a server that others reach."`
	OpenRooms    string   `enum:"anyone,token" default:"token" help:"Who may open rooms on a server that others reach: anyone, or who has its token (${enum}; ${default} by default)."`
	Uplink       float64  `placeholder:"MBIT" default:"300" help:"Megabits per second that viewers on other computers share: when these are used up they get smaller frames, then fewer (${default} by default; 0 is no limit)."`
	Lessons      string   `type:"path" placeholder:"DIR" help:"Folder of lessons (*.json) to show besides the program's own; ebmviz lesson check checks one."`
}

func (s *serve) Run(ctx context.Context, m *Main) error {
	listener, err := s.listen()
	if err != nil {
		return err
	}
	defer listener.Close()
	options, err := s.options(m)
	if err != nil {
		return usage{err}
	}
	options.Open = s.open(listener)
	server, err := web.New(options)
	if err != nil {
		return usage{err}
	}
	server.SetListener(listener.Addr())
	url := server.Addresses()[0]
	if options.Open {
		if url, err = s.invite(m, server); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(m.Stdout, url)
	}
	if s.Open {
		if err := browse(url); err != nil {
			fmt.Fprintf(m.Stderr, "ebmviz: cannot start a browser (%v); open %s yourself\n", err, url)
		}
	}
	return server.Serve(ctx, listener)
}

// open reports whether others than the user of this computer may reach the server. Behind a proxy
// everybody comes from loopback.
func (s *serve) open(l net.Listener) bool {
	t, ok := l.Addr().(*net.TCPAddr)
	return s.Class || s.Base != "" || len(s.TrustedProxy) > 0 || !ok || !t.IP.IsLoopback()
}

// invite opens a room with a class and prints how to get in: the link of the teacher on the first line,
// then what the class needs.
func (s *serve) invite(m *Main, server *web.Server) (url string, err error) {
	class, err := server.OpenClass(sim.Config{Seed: 1})
	if err != nil {
		return "", err
	}
	addresses := server.Addresses()
	url = addresses[0] + "#room=" + class.Room + "&token=" + server.Token()
	fmt.Fprintf(m.Stdout, "%s\n\nWith this link you lead the class; keep it to yourself. Everyone else opens\n\n    %s   and types the code   %s\n\n", url, addresses[0], class.Code)
	if isTerminal(m.Stdout) {
		qr, err := web.QRText(addresses[0] + "#join=" + class.Code)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(m.Stdout, qr)
	}
	if len(addresses) > 1 {
		fmt.Fprintf(m.Stdout, "This computer is in several networks. If that address does not open, try\n\n    %s\n\n", strings.Join(addresses[1:], "\n    "))
	}
	return url, nil
}

// options returns the server's options. Warnings and errors, such as the stack of a panic in a
// model, are logged on standard error.
func (s *serve) options(m *Main) (web.Options, error) {
	o := web.Options{AllowHosts: s.AllowHost, Base: s.Base, Proxies: s.TrustedProxy, Rooms: s.Rooms, Uplink: s.Uplink, AnyoneOpen: s.OpenRooms == "anyone", Version: version()}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return o, errors.New("--tls-cert and --tls-key go together: give both, or none to serve http")
	}
	if s.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(s.TLSCert, s.TLSKey)
		if err != nil {
			return o, fmt.Errorf("--tls-cert %s and --tls-key %s cannot be used: %w", s.TLSCert, s.TLSKey, err)
		}
		o.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	}
	if s.Lessons != "" {
		if _, err := os.ReadDir(s.Lessons); err != nil {
			return o, fmt.Errorf("--lessons %s: %w", s.Lessons, err)
		}
		var err error
		if o.Lessons, err = content.ReadLessons(os.DirFS(s.Lessons)); err != nil {
			return o, fmt.Errorf("--lessons %s: %w", s.Lessons, err)
		}
	}
	if cache, err := os.UserCacheDir(); err == nil {
		o.Points = filepath.Join(cache, "ebmviz", "points")
	}
	o.Log = slog.New(slog.NewTextHandler(m.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return o, nil
}

// listen listens on the address of --listen, or on the first free port from 8080 on.
func (s *serve) listen() (net.Listener, error) {
	if s.Listen == "" {
		host := "127.0.0.1"
		if s.Class {
			host = ""
		}
		var err error // the last one; that of a port in use differs between systems
		for p := port; p < port+portsTried; p++ {
			var l net.Listener
			if l, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(p))); err == nil {
				return l, nil
			}
		}
		return nil, fmt.Errorf("none of the ports %d to %d can be used (%w); choose another with --listen %s", port, port+portsTried-1, err, net.JoinHostPort(host, "PORT"))
	}
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil || host != "" && host != "localhost" && net.ParseIP(host) == nil {
		return nil, usage{fmt.Errorf("--listen must be ADDRESS:PORT, such as 127.0.0.1:8080, or :8080 for all addresses; got %q", s.Listen)}
	}
	l, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, usage{fmt.Errorf("cannot listen on %s: %w", s.Listen, err)}
	}
	return l, nil
}

// browse opens the page in the desktop's default browser.
func browse(url string) error {
	switch runtime.GOOS {
	case "darwin":
		return exec.Command("open", url).Start()
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", url).Start()
	}
	return exec.Command("xdg-open", url).Start()
}
