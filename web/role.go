package web

import (
	"crypto/subtle"

	"ebmviz/sim/wire"
)

// may reports whether a client with that role may send a message. It is the only place where this
// is decided. The messages "act" and "people" count with what they do, "act.start" (wire.Request.Permission);
// PUT of a checkpoint or of points counts as "open", DELETE of a room as "close", the class of a room as
// "class".
//
// The driver of the class's room is the owner of the class. A member who has opened a fork drives the fork,
// and is a member in the class.
func may(r wire.Role, verb string) bool {
	switch verb {
	case "hello":
		return r == wire.Anonymous
	case "ack", "look":
		return r != wire.Anonymous
	case "probe", "fork":
		return r != wire.Anonymous && r != wire.Screen
	case "act.answer", "people.name", "people.follow":
		return r == wire.Driver || r == wire.Chalk || r == wire.Member
	case "set", "do", "open", "view", "seek", "show", "people.back":
		return r == wire.Driver || r == wire.Chalk
	default:
		return r == wire.Driver
	}
}

// sameToken compares in a time that does not depend on how many characters are right.
func sameToken(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
