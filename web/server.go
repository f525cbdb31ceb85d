package web

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/static"
)

// Options configure a server. The zero value allows loopback addresses only and logs nothing.
type Options struct {
	AllowHosts []string         // names, or origins of proxies, that browsers may use for the server besides loopback
	Open       bool             // others than the user of this computer may reach the server; the site's token is then asked for
	AnyoneOpen bool             // on a server that is open, anyone may open rooms
	Rooms      int              // how many rooms there may be; 0 is 64, or 640 on a server that is open
	Base       string           // the path below which everything is served, such as /viz/; / if empty
	Proxies    []string         // addresses and networks of proxies whose X-Forwarded headers are believed
	TLS        *tls.Config      // serves https; nil serves http
	Uplink     float64          // Mbit/s for the frames of viewers on other computers; 0 is no limit
	Version    string           // reported by /healthz
	Points     string           // a folder for points that are too many for a link; none if empty
	Lessons    []content.Lesson // shown besides the project's
	Log        *slog.Logger     // none if nil; tokens are never logged
}

// timing holds the durations of the server. Tests shorten them.
type timing struct {
	header  time.Duration // until the header of a request is read
	body    time.Duration // until a request is read, and an answer written
	table   time.Duration // that a table may take, besides a second for each tableRate bytes
	hello   time.Duration // until a socket has sent hello
	command time.Duration // until a room has begun a command
	write   time.Duration // until a message is sent
	ping    time.Duration // between two pings; a socket that misses two is closed
	ack     time.Duration // until a viewer without credit acknowledges
	closing time.Duration // until a close message is sent, and until it is answered
	idle    time.Duration // until a room that nobody watches ends
	class   time.Duration // until a room with a class does
	place   time.Duration // for which a room that was opened or left keeps its place
}

var defaultTiming = timing{
	header:  5 * time.Second,
	body:    60 * time.Second,
	table:   15 * time.Second,
	hello:   10 * time.Second,
	command: 15 * time.Second,
	write:   5 * time.Second,
	ping:    15 * time.Second,
	ack:     30 * time.Second,
	closing: time.Second,
	idle:    30 * time.Minute,
	class:   12 * time.Hour,
	place:   10 * time.Second,
}

// Limits of what the server accepts.
const (
	maxUpload     = 16 << 20 // bytes of a checkpoint
	maxRooms      = 64
	maxRoomsOpen  = 640  // on a server that is open to others
	maxAwake      = 32   // members' forks that make steps at a time
	maxSockets    = 2000 // and sessions of requests
	maxCommands   = 60   // a second from one client
	maxWaiting    = 60   // commands of one client that wait for the room
	maxOutbox     = 1000 // answers and errors that wait for one client to read them
	maxProbes     = 60   // a second from one client
	maxErrors     = 500  // a second to one client; with more, its messages are read at this rate
	maxForks      = 32   // in forkSeconds, from one client
	forkSeconds   = 10
	maxOpened     = 160 // rooms opened in openSeconds, from one address
	openSeconds   = 10
	classInterval = 100 * time.Millisecond // between two messages of a class to one client
	credit        = 2                      // frames that a client may leave unacknowledged
)

// Server serves the page, the rooms and their sockets.
type Server struct {
	options     Options
	base        string // begins and ends with /
	token       string // the site's: it opens rooms and drives all; "" on a server that is not open
	proxies     proxies
	listener    netip.AddrPort // that is served
	timing      timing
	guard       *guard
	log         *slog.Logger
	handler     http.Handler
	upgrader    websocket.Upgrader
	catalog     []byte
	catalogFile *static.Asset // the same
	lessons     *lessons
	uplink      *uplink

	catalogHash string
	reachedAt   atomic.Int64 // when another device than this computer sent a request, in s since 1970

	rooms      rooms
	points     *pointStore
	opened     *openLimits
	wrongCodes *wrongCodes
	tables     chan struct{} // holds one for each table that is being read

	mu       sync.Mutex
	sockets  map[*client]bool        // with the sessions; http.Server.Shutdown does not know of them
	sessions map[string]*requestLine // by their secrets
	closing  bool
	open     sync.WaitGroup // one for each socket
}

// New returns a server. The error names an option that is not valid.
func New(o Options) (*Server, error) {
	g, err := newGuard(o.AllowHosts)
	if err != nil {
		return nil, err
	}
	base, err := basePath(o.Base)
	if err != nil {
		return nil, err
	}
	trusted, err := parseProxies(o.Proxies)
	if err != nil {
		return nil, err
	}
	if !(o.Uplink >= 0) { // NaN too
		return nil, fmt.Errorf("the uplink must be 0 Mbit/s or more; got %v", o.Uplink)
	}
	page, err := static.Handler(static.FS)
	if err != nil {
		return nil, err
	}
	catalog, err := json.Marshal(content.Catalog())
	if err != nil {
		return nil, err
	}
	lessons, err := newLessons(o.Lessons)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, base: base, proxies: trusted, timing: defaultTiming, guard: g, log: o.Log, catalog: catalog, catalogFile: static.NewAsset("application/json", catalog), catalogHash: contentHash(catalog), lessons: lessons, uplink: newUplink(o.Uplink), sockets: map[*client]bool{}, sessions: map[string]*requestLine{}}
	if o.Open {
		s.token = randomHex(16)
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.points = newPointStore(o.Points, s.log)
	s.opened = newOpenLimits()
	s.wrongCodes = newWrongCodes()
	s.tables = make(chan struct{}, maxTables)
	s.rooms.init(s)
	s.upgrader = websocket.Upgrader{
		Subprotocols:    []string{"ebmviz.v1"},
		ReadBufferSize:  1024,
		WriteBufferSize: 4096,
		WriteBufferPool: &sync.Pool{},
		// Origin is checked before the upgrade; compression stays off, since the read limit
		// would count compressed bytes.
		CheckOrigin: func(*http.Request) bool { return true },
	}
	s.handler = s.protect(s.below(s.routes(page)))
	return s, nil
}

// basePath returns a base with a / at both ends.
func basePath(base string) (string, error) {
	if base == "" {
		return "/", nil
	}
	if !strings.HasPrefix(base, "/") || path.Clean(base) != strings.TrimSuffix(base, "/") && base != "/" || strings.ContainsAny(base, "?#%\\ ") {
		return "", fmt.Errorf("%q is not a path to serve below: write one such as /viz/", base)
	}
	return strings.TrimSuffix(base, "/") + "/", nil
}

// below serves below the base only, and redirects its name without the last /.
func (s *Server) below(h http.Handler) http.Handler {
	if s.base == "/" {
		return h
	}
	mux := http.NewServeMux()
	mux.Handle(s.base, http.StripPrefix(strings.TrimSuffix(s.base, "/"), h)) // it redirects /viz to /viz/
	return mux
}

// Token returns the site's token, which opens rooms and drives all; "" on a server that is not open.
func (s *Server) Token() string { return s.token }

// Addresses returns the addresses of the page, by which others may reach it, the likeliest first:
// origins that the options name, then those of this machine on which the server listens. Nobody but
// the user of this computer reaches a server on loopback: then it is that address.
func (s *Server) Addresses() []string {
	var all []string
	for _, host := range s.options.AllowHosts {
		if strings.Contains(host, "://") {
			all = append(all, strings.TrimSuffix(host, "/")+s.base)
		}
	}
	if len(all) > 0 {
		return all
	}
	scheme := "http"
	if s.options.TLS != nil {
		scheme = "https"
	}
	url := func(a netip.Addr) string {
		return scheme + "://" + netip.AddrPortFrom(a, s.listener.Port()).String() + s.base
	}
	if a := s.listener.Addr().Unmap(); a.IsValid() && !a.IsUnspecified() {
		return []string{url(a)}
	}
	for _, a := range machineAddresses() {
		if a.Is4() || s.listener.Addr().Is6() {
			all = append(all, url(a))
		}
	}
	if len(all) == 0 {
		all = []string{url(netip.AddrFrom4([4]byte{127, 0, 0, 1}))}
	}
	return all
}

func (s *Server) routes(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /", page)
	mux.HandleFunc("GET /ws", s.handshake)
	mux.HandleFunc("POST /ws", s.checkHandshake)
	mux.HandleFunc("POST /api/send", s.postMessages)
	mux.HandleFunc("GET /api/stream", s.getStream)
	mux.HandleFunc("DELETE /api/stream", s.endSession)
	mux.HandleFunc("GET /healthz", s.health)
	mux.Handle("GET /api/catalog", s.catalogFile)
	mux.HandleFunc("GET /api/catalog/{hash}", s.serveCatalogByHash)
	mux.Handle("GET /api/lessons", s.lessons.list)
	mux.HandleFunc("POST /api/lessons", s.postLesson)
	mux.HandleFunc("GET /api/check", s.getCheck)
	mux.HandleFunc("GET /api/lessons/{id}", s.getLesson)
	mux.HandleFunc("POST /api/rooms", s.postRoom)
	mux.HandleFunc("GET /api/rooms/{id}", s.watched(s.getRoom))
	mux.HandleFunc("DELETE /api/rooms/{id}", s.inRoom(s.deleteRoom))
	mux.HandleFunc("POST /api/join", s.postJoin)
	mux.HandleFunc("GET /api/rooms/{id}/class", s.inRoom(s.getClass))
	mux.HandleFunc("POST /api/rooms/{id}/class", s.inRoom(s.postClass))
	mux.HandleFunc("GET /api/rooms/{id}/charts/{name}", s.watched(s.getChart))
	mux.HandleFunc("GET /api/rooms/{id}/checkpoint", s.watched(s.getCheckpoint))
	mux.HandleFunc("PUT /api/rooms/{id}/checkpoint", s.inRoom(s.putCheckpoint))
	mux.HandleFunc("PUT /api/rooms/{id}/points", s.inRoom(s.putPoints))
	mux.HandleFunc("GET /api/rooms/{id}/files/{name}", s.watched(s.getFile))
	mux.HandleFunc("GET /api/qr", s.getQR)
	mux.HandleFunc("GET /api/points/{id}", s.getPoints)
	mux.HandleFunc("POST /api/curve", s.postCurve)
	mux.HandleFunc("POST /api/table", s.postTable)
	mux.HandleFunc("GET /api/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "not-found", "there is nothing at this address")
	})
	return mux
}

// Handler returns the server as a handler, with all its checks.
func (s *Server) Handler() http.Handler { return s.handler }

// OpenRoom opens a room and returns its id, and the token that drives it.
func (s *Server) OpenRoom(c sim.Config) (id, token string, err error) {
	e, err := s.rooms.open(c, "")
	if err != nil {
		return "", "", err
	}
	return e.id, e.token, nil
}

// SetListener tells the server on which address it is served, before [Server.Serve] or any request.
func (s *Server) SetListener(addr net.Addr) {
	s.guard.addListener(addr)
	if t, ok := addr.(*net.TCPAddr); ok {
		s.listener = t.AddrPort()
	}
}

// Serve serves on the listener until ctx is done, then shuts down in less than three
// seconds. It returns nil after such a shutdown.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.SetListener(l.Addr())
	h := s.httpServer()
	failed := make(chan error, 1)
	go func() {
		if h.TLSConfig != nil {
			failed <- h.ServeTLS(l, "", "")
		} else {
			failed <- h.Serve(l)
		}
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2500*time.Millisecond)
	defer cancel()
	l.Close()       // no new sockets while the old ones are closed
	s.Shutdown(end) // before h, which would wait for requests of pages that are still open
	if err := h.Shutdown(end); err != nil {
		h.Close()
	}
	if err := <-failed; err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		TLSConfig:         s.options.TLS,
		ReadHeaderTimeout: s.timing.header,
		ReadTimeout:       s.timing.body,
		WriteTimeout:      s.timing.body,
		IdleTimeout:       s.timing.body,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// Shutdown closes every socket with 1001 ("going away") and then every room. Sockets that are
// still open when ctx is done are cut.
func (s *Server) Shutdown(ctx context.Context) {
	s.mu.Lock()
	s.closing = true
	for c := range s.sockets {
		c.end(closeGoingAway, "the server is shutting down")
	}
	s.mu.Unlock()

	closed := make(chan struct{})
	go func() { s.open.Wait(); close(closed) }()
	select {
	case <-closed:
	case <-ctx.Done():
		s.mu.Lock()
		for c := range s.sockets {
			c.line.cut()
		}
		s.mu.Unlock()
	}
	s.rooms.closeAll()
}

// enter adds a socket to those that Shutdown closes. It reports false if there are too many, or if
// the server is closing.
func (s *Server) enter(c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing || len(s.sockets) >= maxSockets {
		return false
	}
	s.sockets[c] = true
	s.open.Add(1)
	return true
}

func (s *Server) leave(c *client) {
	s.mu.Lock()
	delete(s.sockets, c)
	s.mu.Unlock()
	s.open.Done()
}
