package web

// line is what a client is connected by: a websocket, or a session of HTTP requests.
//
// The writer sends. The other methods say which goroutine calls them.
type line interface {
	// read passes what the client sends to c.receive. It returns when the line has failed or the
	// client is to end. The reader calls it.
	read(c *client)

	// ready returns nil if the next message can be sent at once; otherwise a channel that is closed
	// when it can, so that the writer takes the newest frame then and not before.
	ready() <-chan struct{}

	// send sends a message, or fails at the deadline for it. It may wait for flush.
	send(k messageKind, message []byte) error

	// flush sends what waits.
	flush() error

	// hangUp sends the close message, if it can still be sent.
	hangUp(code int, reason string)

	// interrupt wakes the reader and cuts short what is being sent. Any goroutine may call it.
	interrupt()

	// close ends the line after the reader and the writer have ended. It gives the other side a
	// moment to read the close message.
	close()

	// cut ends the line at once. Any goroutine may call it.
	cut()
}

// messageKind is the kind of a message. The numbers are those of a websocket.
type messageKind uint8

const (
	textMessage   messageKind = 1
	binaryMessage messageKind = 2
	closeMessage  messageKind = 8
	pingMessage   messageKind = 9
)

// Codes of the close message. They are those of a websocket.
const (
	closeNormal      = 1000
	closeGoingAway   = 1001
	closeFailed      = 1006 // nothing more can be sent, also no close message
	closeInvalidText = 1007
	closePolicy      = 1008
	closeTooLong     = 1009
	closeTryLater    = 1013
)
