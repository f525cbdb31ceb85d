package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"ebmviz/sim/content"
	"ebmviz/web"
)

// Without --listen the page is served on port, or on the first free one of the next portsTried.
const (
	port       = 8080
	portsTried = 20
)

type serve struct {
	Listen    string   `placeholder:"HOST:PORT" help:"Address to serve on; port 0 takes any free one. Without it: 127.0.0.1:8080, or the next free port."`
	Open      bool     `help:"Open the page in the browser."`
	AllowHost []string `placeholder:"NAME" help:"Another host name or origin, such as https://viz.school, by which browsers reach the server (may be repeated)."`
	Lessons   string   `type:"path" placeholder:"DIR" help:"Folder of lessons (*.json) to show besides the program's own; ebmviz lesson check checks one."`
}

func (s *serve) Run(ctx context.Context, m *Main) error {
	options, err := s.options(m)
	if err != nil {
		return usage{err}
	}
	server, err := web.New(options)
	if err != nil {
		return usage{err}
	}
	listener, err := s.listen()
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String() + "/"
	fmt.Fprintln(m.Stdout, url)
	if s.Open {
		if err := browse(url); err != nil {
			fmt.Fprintf(m.Stderr, "ebmviz: cannot start a browser (%v); open %s yourself\n", err, url)
		}
	}
	return server.Serve(ctx, listener)
}

// options returns the server's options. Warnings and errors, such as the stack of a panic in a
// model, are logged on standard error.
func (s *serve) options(m *Main) (web.Options, error) {
	o := web.Options{AllowHosts: s.AllowHost, Version: version()}
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
		var err error // the last one; that of a port in use differs between systems
		for p := port; p < port+portsTried; p++ {
			var l net.Listener
			if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p))); err == nil {
				return l, nil
			}
		}
		return nil, fmt.Errorf("none of the ports %d to %d can be used (%w); choose another with --listen 127.0.0.1:PORT", port, port+portsTried-1, err)
	}
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return nil, usage{fmt.Errorf("--listen must be HOST:PORT, such as 127.0.0.1:8080; got %q", s.Listen)}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, usage{fmt.Errorf("--listen must be a loopback address such as 127.0.0.1 or [::1]; got %q", host)}
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
