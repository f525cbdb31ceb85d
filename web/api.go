package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	stdnet "net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"ebmviz/ebm/net"
	"ebmviz/sim"
	"ebmviz/sim/session"
	"ebmviz/sim/wire"
)

const unknownRoom sim.Code = "unknown-room"

const noRoom = "there is no such room; it ends when nobody has watched it for half an hour"

// refuse answers a request with an error, in the form of the sockets.
func refuse(w http.ResponseWriter, status int, code sim.Code, sentence string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(wire.Message("error", wire.Error{Code: code, Message: sentence}.JSON(), nil))
}

// fail answers a request with the error of a room, and the status that goes with it.
func fail(w http.ResponseWriter, err error) {
	e, status := wire.ErrorOf(err), http.StatusBadRequest
	var full fullError
	switch {
	case errors.As(err, &full) || errors.Is(err, errClosing) || errors.Is(err, errTables):
		status = http.StatusServiceUnavailable
	case errors.Is(err, errOpenLimit) || e.Code == overQuota:
		status = http.StatusTooManyRequests
	case e.Code == sim.Limit:
		status = http.StatusRequestEntityTooLarge
	case e.Code == unknownChart || e.Code == unknownPoints || e.Code == session.NoFile:
		status = http.StatusNotFound
	case e.Code == session.Closed: // since it was found
		e, status = wire.ErrorOf(errGone), http.StatusNotFound
	}
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		e = wire.Error{Code: sim.Limit, Message: fmt.Sprintf("the body is longer than the limit of %d bytes", long.Limit)}
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, context.DeadlineExceeded):
		e, status = wire.ErrorOf(errBusy), http.StatusServiceUnavailable
	}
	refuse(w, status, e.Code, e.Message)
}

// answer sends JSON.
func answer(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body)
}

func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	body, _ := json.Marshal(struct { // strings and a number: it cannot fail
		OK      bool   `json:"ok"`
		Version string `json:"version"`
		Kernels string `json:"kernels"`
		Rooms   int    `json:"rooms"`
	}{true, s.options.Version, net.Kernels(), s.rooms.count()})
	answer(w, body)
}

// serveCatalogByHash serves the catalogue under the hash of its content, so that browsers cache it.
func (s *Server) serveCatalogByHash(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("hash") != s.catalogHash {
		refuse(w, http.StatusNotFound, session.NoFile, "this server has another catalogue; its hash is "+s.catalogHash)
		return
	}
	s.catalogFile.ServeImmutable(w, r)
}

// contentHash returns a name for bytes that changes whenever they do.
func contentHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// openLimits counts the rooms that each address has opened lately.
type openLimits struct {
	mu        sync.Mutex
	byAddress *simplelru.LRU[string, *rate.Limiter]
}

func newOpenLimits() *openLimits {
	const addresses = 4096
	l, _ := simplelru.NewLRU[string, *rate.Limiter](addresses, nil) // no error: the size is positive
	return &openLimits{byAddress: l}
}

var errOpenLimit = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("more than %d rooms in %d seconds from one address; this one was not opened", maxOpened, openSeconds)}

// allow counts one room, and reports whether the address may open it.
func (l *openLimits) allow(address string, now time.Time) bool {
	host, _, err := stdnet.SplitHostPort(address)
	if err != nil {
		host = address
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter, ok := l.byAddress.Get(host)
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(maxOpened)/openSeconds, maxOpened)
		l.byAddress.Add(host, limiter)
	}
	return limiter.AllowN(now, 1)
}

// postRoom opens a room: the body is an open object, or empty.
func (s *Server) postRoom(w http.ResponseWriter, r *http.Request) {
	if s.token != "" && !s.options.AnyoneOpen && !sameToken(bearerToken(r), s.token) {
		refuse(w, http.StatusForbidden, "site-token", "rooms of this server are opened with its token; to take part in a class, join with its code")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxMessage))
	if err != nil {
		fail(w, err)
		return
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	open, err := wire.DecodeOpen(body)
	if err == nil {
		err = s.resolvePoints(&open)
	}
	if err == nil && !s.opened.allow(r.RemoteAddr, time.Now()) {
		err = errOpenLimit
	}
	if err != nil {
		fail(w, err)
		return
	}
	from := ""
	if s.options.AnyoneOpen {
		from = addressOf(r).String()
	}
	e, err := s.rooms.open(open.Config, from)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, []byte(`{"room":"`+e.id+`","token":"`+e.token+`","catalogHash":"`+s.catalogHash+`"}`))
}

// inRoom finds the room that the address names.
func (s *Server) inRoom(then func(http.ResponseWriter, *http.Request, *entry)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := s.rooms.find(r.PathValue("id"))
		if e == nil {
			refuse(w, http.StatusNotFound, unknownRoom, noRoom)
			return
		}
		then(w, r, e)
	}
}

// watched is inRoom for what a room shows: on a server that is open to others it asks for what a socket
// needs to watch the room. What members ask for counts as their probes do.
func (s *Server) watched(then func(http.ResponseWriter, *http.Request, *entry)) http.HandlerFunc {
	return s.inRoom(func(w http.ResponseWriter, r *http.Request, e *entry) {
		if s.token != "" {
			i, err := s.byBearer(e, r)
			if err != nil {
				refuse(w, http.StatusForbidden, wire.ErrorOf(err).Code, wire.ErrorOf(err).Message)
				return
			}
			if i.member != "" {
				if err := s.rooms.quotasOf(e).probe(i.member, e.hasClass(), time.Now()); err != nil {
					fail(w, err)
					return
				}
			}
		}
		then(w, r, e)
	})
}

// getRoom answers with the state of a room.
func (s *Server) getRoom(w http.ResponseWriter, r *http.Request, e *entry) {
	answer(w, []byte(`{"room":"`+e.id+`","state":`+string(e.Describe().JSON)+`}`))
}

// deleteRoom ends a room.
func (s *Server) deleteRoom(w http.ResponseWriter, r *http.Request, e *entry) {
	if !s.permit(w, r, e, "close") {
		return
	}
	s.rooms.end(e)
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) getChart(w http.ResponseWriter, r *http.Request, e *entry) {
	name, ok := strings.CutSuffix(r.PathValue("name"), ".json")
	if !ok {
		refuse(w, http.StatusNotFound, session.NoFile, "the name of a chart ends in .json")
		return
	}
	file, err := e.Ask(r.Context(), wire.Query{File: session.HistoryFile})
	if err != nil {
		fail(w, err)
		return
	}
	history, err := wire.DecodeHistory(file.Body)
	if err != nil {
		fail(w, err)
		return
	}
	body, err := chart(name, history)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, body)
}

func (s *Server) getCheckpoint(w http.ResponseWriter, r *http.Request, e *entry) {
	file, err := e.Ask(r.Context(), wire.Query{File: session.CheckpointFile})
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="ebmviz-checkpoint.json"`)
	answer(w, file.Body)
}

// permit reports whether the token of the request allows it to send a message, and refuses the
// request if not.
func (s *Server) permit(w http.ResponseWriter, r *http.Request, e *entry, verb string) bool {
	i, err := s.byBearer(e, r)
	role := i.role
	if i.member != "" && e.hasClass() { // who has the chalk may drive
		role = i.class.RoleOf(i.member)
	}
	if err != nil || !may(role, verb) {
		refuse(w, http.StatusForbidden, "token", "only the room's driver may do this: Authorization: Bearer TOKEN")
		return false
	}
	return true
}

// putCheckpoint replaces the run by that of a checkpoint.
func (s *Server) putCheckpoint(w http.ResponseWriter, r *http.Request, e *entry) {
	if !s.permit(w, r, e, "open") || !s.allowUpload(w, r, e, maxUpload) {
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil {
		fail(w, err)
		return
	}
	c, err := wire.DecodeCheckpoint(body)
	if err != nil {
		fail(w, err)
		return
	}
	s.points.add(pointSet{c.Points, c.PointsInfo})
	s.do(w, r, e, wire.Load{Checkpoint: c})
}

// do has the room carry out a command of its driver, and answers with the state that shows it.
func (s *Server) do(w http.ResponseWriter, r *http.Request, e *entry, c wire.Command) {
	ctx, cancel := context.WithTimeout(r.Context(), s.timing.command)
	defer cancel()
	if _, err := e.Do(ctx, c, wire.Driver); err != nil {
		fail(w, err)
		return
	}
	answer(w, wire.Message("state", e.Describe().JSON, nil))
}
