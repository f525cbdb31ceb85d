package web

import (
	"crypto/subtle"

	"ebmviz/sim/wire"
)

// may reports whether a client with that role may send a message. It is the only place where this
// is decided; PUT of a checkpoint or of points counts as "open", DELETE of a room as "close".
func may(r wire.Role, verb string) bool {
	switch verb {
	case "hello":
		return r == wire.Anonymous
	case "ack", "probe", "fork", "look":
		return r == wire.Viewer || r == wire.Driver
	default:
		return r == wire.Driver
	}
}

// sameToken compares in a time that does not depend on how many characters are right.
func sameToken(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
