package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/session"
	"ebmviz/sim/wire"
	"ebmviz/web/class"
)

// ofClass is the code of an error that a room has no class, or cannot have one.
const ofClass sim.Code = "class"

var (
	errCode      = &sim.Error{Code: class.CodeError, Message: "no class has this code"}
	errSigns     = &sim.Error{Code: class.CodeError, Message: "a code has six characters: letters except O and I, digits except 0 and 1"}
	errGuesses   = &sim.Error{Code: sim.Limit, Message: "too many wrong codes came from your network; try again in a few seconds"}
	errNotOpen   = &sim.Error{Code: ofClass, Message: "This server listens on this computer only. Start it with: ebmviz serve --class"}
	errOfFork    = &sim.Error{Code: ofClass, Message: "this room belongs to a class already"}
	errNeedsCode = &sim.Error{Code: class.CodeError, Message: "Join with the code of the class."}
	errNoAccess  = &sim.Error{Code: "token", Message: "this room is shown only to those who have its token"}
)

// hasClass reports whether the room is that of a class, and not a fork.
func (e *entry) hasClass() bool {
	c := e.class.Load()
	return c != nil && c.Room() == e.id
}

// openClass returns the class of a room, and makes it if there is none.
func (rs *rooms) openClass(e *entry) (*class.Class, error) {
	if c := e.class.Load(); c != nil {
		if c.Room() != e.id {
			return nil, errOfFork
		}
		return c, nil
	}
	code := class.NewCode()
	for rs.withCode(code) != nil {
		code = class.NewCode()
	}
	c := class.New(class.Options{Room: e.id, Code: code, Landscape: e.landscape})
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID[e.id] != e {
		return nil, errGone
	}
	if e.class.CompareAndSwap(nil, c) && e.viewers == 0 {
		e.timer.Reset(rs.idleTime(e))
	}
	return e.class.Load(), nil
}

// landscape returns the energy over the plane now.
func (e *entry) landscape(ctx context.Context) (class.Landscape, error) {
	file, err := e.Ask(ctx, wire.Query{File: session.FrameFile})
	if err != nil {
		return class.Landscape{}, err
	}
	f, err := wire.DecodeFrame(file.Body)
	if err != nil {
		return class.Landscape{}, err
	}
	return class.Landscape{
		Step: f.Step, NX: f.NX, NY: f.NY, X0: float64(f.X0), X1: float64(f.X1), Y0: float64(f.Y0), Y1: float64(f.Y1), Energy: f.Grid,
	}, nil
}

// Invitation is what others need to take part in a class.
type Invitation struct {
	Room   string // its id
	Code   string // with which members join
	Screen string // the key of a projector
}

// OpenClass opens a room and its class.
func (s *Server) OpenClass(c sim.Config) (Invitation, error) {
	e, err := s.rooms.open(c, "")
	if err != nil {
		return Invitation{}, err
	}
	of, err := s.rooms.openClass(e)
	if err != nil {
		return Invitation{}, err
	}
	return Invitation{e.id, of.Code(), of.ScreenKey()}, nil
}

// postClass makes the class of a room, if there is none, and answers with how to take part in it.
func (s *Server) postClass(w http.ResponseWriter, r *http.Request, e *entry) {
	switch {
	case s.token == "":
		refuse(w, http.StatusForbidden, errNotOpen.Code, errNotOpen.Message)
		return
	case !s.permit(w, r, e, "class"):
		return
	}
	c, err := s.rooms.openClass(e)
	if err != nil {
		fail(w, err)
		return
	}
	s.invite(w, c)
}

// getClass answers with how to take part in the class of a room.
func (s *Server) getClass(w http.ResponseWriter, r *http.Request, e *entry) {
	switch {
	case s.token == "":
		refuse(w, http.StatusForbidden, errNotOpen.Code, errNotOpen.Message)
	case !s.permit(w, r, e, "class"):
	case !e.hasClass():
		refuse(w, http.StatusNotFound, errNoClass.Code, errNoClass.Message)
	default:
		s.invite(w, e.class.Load())
	}
}

func (s *Server) invite(w http.ResponseWriter, c *class.Class) {
	type address struct {
		URL  string `json:"url"`
		Join string `json:"join"`
	}
	body := struct {
		Code      string    `json:"code"`
		Screen    string    `json:"screen"`
		Addresses []address `json:"addresses"`
	}{c.Code(), c.ScreenKey(), []address{}}
	for _, url := range s.Addresses() {
		body.Addresses = append(body.Addresses, address{url, url + "#join=" + c.Code()})
	}
	text, _ := json.Marshal(body) // strings: it cannot fail
	answer(w, text)
}

// postJoin lets a person with the code of a class in.
func (s *Server) postJoin(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 16<<10))
	if err != nil {
		fail(w, err)
		return
	}
	typed, name, err := wire.DecodeJoin(body)
	if err != nil {
		fail(w, err)
		return
	}
	code, ok := class.ReadCode(typed)
	if !ok {
		refuse(w, http.StatusNotFound, errSigns.Code, errSigns.Message)
		return
	}
	e, err := s.wrongCodes.try(addressOf(r), time.Now(), func() *entry { return s.rooms.withCode(code) })
	if err != nil {
		refuseJoin(w, err)
		return
	}
	key, shown, err := e.class.Load().Join(name)
	if err != nil {
		refuseJoin(w, err)
		return
	}
	text, _ := json.Marshal(map[string]string{"room": e.id, "member": key, "name": shown}) // strings: it cannot fail
	answer(w, text)
}

func refuseJoin(w http.ResponseWriter, err error) {
	e := wire.ErrorOf(err)
	status := http.StatusForbidden
	switch e.Code {
	case class.EndedError: // it has ended just now: as if it had never been
		e, status = wire.ErrorOf(errCode), http.StatusNotFound
	case class.CodeError:
		status = http.StatusNotFound
	case class.NameError:
		status = http.StatusBadRequest
	case sim.Limit:
		w.Header().Set("Retry-After", "3")
		status = http.StatusTooManyRequests
	}
	refuse(w, status, e.Code, e.Message)
}

// inClass does what a message to the class asks for.
func (c *client) inClass(ctx context.Context, r wire.Request) error {
	if c.class == nil {
		return errNoClass
	}
	of := c.room.class.Load()
	if r.Verb == "show" {
		if err := c.server.checkShow(of, r.Show); err != nil {
			return err
		}
	}
	if err := c.class.Do(ctx, r); err != nil {
		return err
	}
	if r.Verb == "people" {
		switch r.People.Verb {
		case "pause", "between", "remove":
			c.server.rooms.bind(of)
		}
	}
	if r.ID != nil {
		c.post(outgoing{text: wire.Message("done", []byte("{}"), r.ID)})
	}
	if r.Verb == "people" && r.People.Verb == "end" {
		if e := c.server.rooms.find(of.Room()); e != nil {
			c.server.rooms.end(e)
		}
	}
	return nil
}

// checkShow refuses to show a room that is not of the class.
func (s *Server) checkShow(of *class.Class, show json.RawMessage) error {
	var what struct {
		Room *string `json:"room"`
	}
	if err := json.Unmarshal(show, &what); err != nil {
		return errors.New(`"room" of show must be the id of a room`)
	}
	if what.Room == nil {
		return nil
	}
	if e := s.rooms.find(*what.Room); e == nil || e.class.Load() != of {
		return &sim.Error{Code: unknownRoom, Message: "only rooms of the class can be shown"}
	}
	return nil
}
