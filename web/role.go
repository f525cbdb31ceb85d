package web

import "crypto/subtle"

// role is what somebody is to a room.
type role string

const (
	stranger role = "stranger" // has not said hello
	viewer   role = "viewer"
	driver   role = "driver"
)

// may reports whether somebody in that role may send the message. It is the only place
// where this is decided; PUT of a checkpoint or of points counts as "open".
func may(r role, verb string) bool {
	switch verb {
	case "hello":
		return r == stranger
	case "ack", "probe", "fork":
		return r == viewer || r == driver
	default:
		return r == driver
	}
}

// sameToken compares in a time that does not tell how many characters were right.
func sameToken(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
