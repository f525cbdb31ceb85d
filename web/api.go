package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"ebmviz/ebm/data"
	"ebmviz/ebm/net"
	"ebmviz/sim"
)

// refuse answers a request with an error, in the form that sockets use too.
func refuse(w http.ResponseWriter, status int, code sim.Code, sentence string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(message("error", complaint{code, sentence}.json(), nil))
}

// fail answers with an error of the session's.
func fail(w http.ResponseWriter, err error) {
	c, status := complain(err), http.StatusBadRequest
	switch {
	case errors.Is(err, errFull) || errors.Is(err, errClosing):
		status = http.StatusServiceUnavailable
	case c.Code == sim.Limit:
		status = http.StatusRequestEntityTooLarge
	case c.Code == unknownChart || c.Code == unknownPoints:
		status = http.StatusNotFound
	}
	var long *http.MaxBytesError
	var line *data.CSVError
	switch {
	case errors.As(err, &long):
		c = complaint{sim.Limit, fmt.Sprintf("the body is longer than the limit of %d bytes", long.Limit)}
		status = http.StatusRequestEntityTooLarge
	case errors.As(err, &line) && line.TooLarge:
		c.Code, status = sim.Limit, http.StatusRequestEntityTooLarge
	case errors.Is(err, context.DeadlineExceeded):
		c, status = complaint{errBusy.Code, errBusy.Message}, http.StatusServiceUnavailable
	}
	refuse(w, status, c.Code, c.Message)
}

// answer sends a value as JSON.
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

func (s *Server) serveCatalog(w http.ResponseWriter, r *http.Request) { answer(w, s.catalog) }

// serveCatalogOf serves the catalogue under the hash of its content, so that browsers may keep it.
func (s *Server) serveCatalogOf(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("hash") != s.hash {
		refuse(w, http.StatusNotFound, "not-found", "this server has another catalogue; its hash is "+s.hash)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(s.catalog)
}

// hashOf returns a name for bytes that changes whenever they do.
func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// deleteRoom ends a room.
func (s *Server) deleteRoom(w http.ResponseWriter, r *http.Request, room *room) {
	if s.drives(w, r, room) {
		s.rooms.end(room)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Server) serveLessons(w http.ResponseWriter, r *http.Request) { answer(w, s.lessons) }

// postRoom opens a room on loopback for whoever asks: the body is an open object, or empty.
func (s *Server) postRoom(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	if err != nil {
		fail(w, err)
		return
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	config, own, err := readConfig(body)
	if err == nil {
		err = s.own.bring(&config, own)
	}
	if err != nil {
		fail(w, err)
		return
	}
	room, err := s.rooms.add(config)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, []byte(`{"room":"`+room.id+`","token":"`+room.token+`","catalogHash":"`+s.hash+`"}`))
}

// inRoom finds the room that the address names.
func (s *Server) inRoom(then func(http.ResponseWriter, *http.Request, *room)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		room := s.rooms.find(r.PathValue("id"))
		if room == nil {
			refuse(w, http.StatusNotFound, errGone.Code, "there is no such room; it ends when nobody has watched it for half an hour")
			return
		}
		then(w, r, room)
	}
}

// getRoom tells whether a room is there, and what runs in it: a page that cannot reach
// its socket learns from it whether the room has ended or the server is away.
func (s *Server) getRoom(w http.ResponseWriter, r *http.Request, room *room) {
	state, _ := room.words.say(room.session.News())
	answer(w, []byte(`{"room":"`+room.id+`","state":`+string(state)+`}`))
}

func (s *Server) getChart(w http.ResponseWriter, r *http.Request, room *room) {
	name, ok := strings.CutSuffix(r.PathValue("name"), ".json")
	if !ok {
		refuse(w, http.StatusNotFound, "not-found", "the name of a chart ends in .json")
		return
	}
	history, err := room.session.History(r.Context())
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

func (s *Server) getCheckpoint(w http.ResponseWriter, r *http.Request, room *room) {
	c, err := room.session.Checkpoint(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	body, err := json.Marshal(c)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="ebmviz-checkpoint.json"`)
	answer(w, body)
}

// drives reports whether the request carries the room's token, and refuses it if not.
func (s *Server) drives(w http.ResponseWriter, r *http.Request, room *room) bool {
	who := viewer
	if sameToken(bearerToken(r), room.token) {
		who = driver
	}
	if !may(who, "open") {
		refuse(w, http.StatusForbidden, "token", "only the room's driver may do this: Authorization: Bearer TOKEN")
		return false
	}
	return true
}

// putCheckpoint goes on from a checkpoint.
func (s *Server) putCheckpoint(w http.ResponseWriter, r *http.Request, room *room) {
	if !s.drives(w, r, room) {
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpload))
	if err != nil {
		fail(w, err)
		return
	}
	c, err := sim.ParseCheckpoint(body)
	if err != nil {
		fail(w, err)
		return
	}
	s.own.keep(c.Own(), false)
	s.command(w, r, room, sim.Load{Checkpoint: c})
}

// command has the session carry out a command, and answers with the state that follows.
func (s *Server) command(w http.ResponseWriter, r *http.Request, room *room, c sim.Command) {
	ctx, cancel := context.WithTimeout(r.Context(), s.timing.command)
	defer cancel()
	var before *sim.News
	err := room.session.DoThen(ctx, c, func() { before = room.session.News() })
	if err != nil {
		fail(w, err)
		return
	}
	select {
	case <-before.Next():
	case <-ctx.Done():
	}
	state, _ := room.words.say(room.session.News())
	answer(w, message("state", state, nil))
}
