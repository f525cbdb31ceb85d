package web

import (
	"net/http"
	"strings"

	"ebmviz/sim/wire"
	"ebmviz/web/class"
)

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
	wrong := errToken
	if c != nil || s.token != "" && !s.options.AnyoneOpen { // nor may one watch without a token
		wrong = errNoAccess
	}
	switch {
	case s.token != "" && sameToken(token, s.token):
		return owner, nil
	case c == nil && sameToken(token, e.token):
		return identity{role: wire.Driver}, nil
	case c == nil:
		return identity{}, wrong
	case c.Room() == e.id && sameToken(token, e.token):
		return owner, nil
	case sameToken(token, c.ScreenKey()):
		return identity{role: wire.Screen, class: c, who: class.Who{Role: wire.Screen}}, nil
	}
	if parent := s.rooms.find(c.Room()); parent != nil && sameToken(token, parent.token) {
		return owner, nil
	}
	if !sameToken(token, e.token) {
		return identity{}, wrong
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
