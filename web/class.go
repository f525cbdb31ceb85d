package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"ebmviz/sim"
	"ebmviz/sim/session"
	"ebmviz/sim/wire"
	"ebmviz/web/class"
)

// ofClass is the code of an error that a room has no class, or cannot have one.
const ofClass sim.Code = "class"

// Limits of wrong join codes. A code is one of 2^30: in two hours, 1000 addresses together find a given class
// with a probability of one in a thousand.
const (
	wrongBurst     = 30  // from one address
	wrongRate      = 1.  // a second from one address, after those
	wrongBurstAll  = 300 // from all
	wrongRateAll   = 10. // a second from all, after those
	wrongFree      = 20  // from one address while those from all are too many
	wrongFreeRate  = .1  // a second from one address while those from all are too many, after those
	wrongAddresses = 65536
)

var (
	errCode      = &sim.Error{Code: class.CodeError, Message: "no class has this code"}
	errSigns     = &sim.Error{Code: class.CodeError, Message: "a code has six characters: letters except O and I, digits except 0 and 1"}
	errGuesses   = &sim.Error{Code: sim.Limit, Message: "too many wrong codes came from your network; try again in a few seconds"}
	errNotOpen   = &sim.Error{Code: ofClass, Message: "This server listens on this computer only. Start it with: ebmviz serve --class"}
	errOfFork    = &sim.Error{Code: ofClass, Message: "this room belongs to a class already"}
	errNeedsCode = &sim.Error{Code: class.CodeError, Message: "Join with the code of the class."}
	errNoAccess  = &sim.Error{Code: "token", Message: "this room is shown only to those who have its token"}
)

// wrongCodes limits how many wrong join codes are tried. A whole class often shares one address, so right
// codes do not count. An address with too many wrong ones has none of its codes looked at, right or wrong,
// until some time has passed: otherwise a right guess would be found however many are made. When all
// addresses together send too many, each is still looked at as long as few of its own are wrong.
type wrongCodes struct {
	mu        sync.Mutex
	byAddress *simplelru.LRU[netip.Prefix, wrongLimits]
	all       *rate.Limiter
}

// wrongLimits are those of one address.
type wrongLimits struct{ own, free *rate.Limiter }

func newWrongCodes() *wrongCodes {
	l, _ := simplelru.NewLRU[netip.Prefix, wrongLimits](wrongAddresses, nil) // no error: the size is positive
	return &wrongCodes{byAddress: l, all: rate.NewLimiter(wrongRateAll, wrongBurstAll)}
}

// try looks a code up, unless the address has to wait.
func (l *wrongCodes) try(from netip.Addr, now time.Time, find func() *entry) (*entry, error) {
	bits := 64 // one customer of IPv6 has at least 2^64 addresses
	if from.Is4() {
		bits = 32
	}
	network, _ := from.Prefix(bits) // the zero prefix stands for all addresses that are not known
	l.mu.Lock()
	defer l.mu.Unlock()
	limits, known := l.byAddress.Get(network)
	tooMany := l.all.TokensAt(now) < 1
	if known && (limits.own.TokensAt(now) < 1 || tooMany && limits.free.TokensAt(now) < 1) {
		return nil, errGuesses
	}
	if e := find(); e != nil {
		return e, nil
	}
	if !known {
		limits = wrongLimits{rate.NewLimiter(wrongRate, wrongBurst), rate.NewLimiter(wrongFreeRate, wrongFree)}
		l.byAddress.Add(network, limits)
	}
	limits.own.AllowN(now, 1)
	l.all.AllowN(now, 1)
	if tooMany {
		limits.free.AllowN(now, 1)
	}
	return nil, errCode
}

// withCode returns the room whose class has the code, or nil.
func (rs *rooms) withCode(code string) *entry {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	var found *entry
	for _, e := range rs.byID {
		if e.hasClass() && sameToken(e.class.Load().Code(), code) {
			found = e
		}
	}
	return found
}

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
	e.class.CompareAndSwap(nil, c)
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

// identity is who a client is: in the room, and in its class.
type identity struct {
	role   wire.Role // in the room
	class  *class.Class
	who    class.Who // in the class
	member string    // the id, "" for all who are not members
}

// identify works out who shows a token or the key of a member.
func (s *Server) identify(e *entry, token, member string) (identity, error) {
	c := e.class.Load()
	switch {
	case e.isCheck():
		return identity{role: wire.Viewer}, nil
	case token != "":
		return s.byToken(e, c, token, member)
	case member != "":
		return byMember(e, c, member)
	case c != nil:
		return identity{}, errNeedsCode
	case s.token != "" && !s.options.AnyoneOpen:
		return identity{}, errNoAccess
	}
	return identity{role: wire.Viewer}, nil
}

func (s *Server) byToken(e *entry, c *class.Class, token, member string) (identity, error) {
	owner := identity{role: wire.Driver, class: c, who: class.Who{Role: wire.Driver}}
	switch {
	case s.token != "" && sameToken(token, s.token):
		return owner, nil
	case c == nil && sameToken(token, e.token):
		return identity{role: wire.Driver}, nil
	case c == nil:
		return identity{}, errToken
	case c.Room() == e.id && sameToken(token, e.token):
		return owner, nil
	case sameToken(token, c.ScreenKey()):
		return identity{role: wire.Screen, class: c, who: class.Who{Role: wire.Screen}}, nil
	}
	if parent := s.rooms.find(c.Room()); parent != nil && sameToken(token, parent.token) {
		return owner, nil
	}
	if !sameToken(token, e.token) {
		return identity{}, errToken
	}
	if member != "" { // who has forked the room has its token
		if i, err := byMember(e, c, member); err == nil {
			i.role = wire.Driver
			return i, nil
		}
	}
	return identity{role: wire.Driver}, nil
}

func byMember(e *entry, c *class.Class, key string) (identity, error) {
	if c == nil {
		return identity{}, errNoAccess
	}
	id, err := c.Member(key)
	if err != nil {
		return identity{}, err
	}
	i := identity{role: wire.Member, class: c, member: id, who: class.Who{Member: id, Fork: e.owner == id}}
	if e.owner == id {
		i.role = wire.Driver
	}
	return i, nil
}

// byBearer works out who shows a token, or the key of a member, in the header of a request.
func (s *Server) byBearer(e *entry, r *http.Request) (identity, error) {
	bearer := bearerToken(r)
	if strings.Contains(bearer, ".") {
		return s.identify(e, "", bearer)
	}
	return s.identify(e, bearer, "")
}

// drives reports whether a request shows a token of a driver.
func (s *Server) drives(e *entry, r *http.Request) bool {
	if bearerToken(r) == "" {
		return false
	}
	i, err := s.byBearer(e, r)
	return err == nil && i.role == wire.Driver
}

// roleFor returns the role of the client for a message. In the class's own room it may change from one
// message to the next: the chalk is given away. In a fork the role in the room is another than in the class.
func (c *client) roleFor(r *wire.Request) wire.Role {
	if c.class != nil && (r.OfClass() || c.room.hasClass()) {
		return c.class.Role()
	}
	return c.role
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
