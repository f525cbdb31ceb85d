package class

import (
	"context"
	"errors"

	"ebmviz/sim/wire"
)

// Options of a class.
type Options struct {
	Room    string // the id of the class's room
	Members int    // how many people may be in it; 0 is 500

	// Landscape returns the energy over the plane now. Pins are compared with it.
	Landscape func(context.Context) (Landscape, error)
}

// Landscape is the energy over the plane at a step.
type Landscape struct {
	Step           uint64
	NX, NY         int
	X0, X1, Y0, Y1 float64
	Energy         []float32 // of the centres of the cells, row by row from Y0
}

// Class is who is in a room and what they are asked.
type Class struct{ options Options }

// New returns a class without members.
func New(o Options) *Class { return &Class{options: o} }

// Room returns the id of the class's room.
func (c *Class) Room() string { return c.options.Room }

// Code returns the join code.
func (c *Class) Code() string { return "" }

// ScreenKey returns the key of a projector.
func (c *Class) ScreenKey() string { return "" }

// Join adds a member.
func (c *Class) Join(name string) (key, shownName string, err error) {
	return "", "", errors.New("not yet")
}

// Member returns the id of the member with that key.
func (c *Class) Member(key string) (id string, err error) { return "", errors.New("not yet") }

// Rules are what the owner has set for the forks of members.
type Rules struct {
	Paused  bool       // no fork plays
	Between *[2]uint64 // the steps at which forks may be; nil for all
}

// Rules returns the present rules.
func (c *Class) Rules() Rules { return Rules{} }

// Who is at a socket: a member, the owner (driver) or a screen.
type Who struct {
	Member string    // the id of a member; "" for the owner and for screens
	Role   wire.Role // Driver or Screen if it is no member
	Room   string    // which room the socket is of
}

// Feed is what one socket is told of the class.
type Feed struct{}

// Watch adds a socket.
func (c *Class) Watch(w Who) *Feed { return &Feed{} }

// Next returns a channel that is closed when there is something to send, or when the socket is to end.
func (f *Feed) Next() <-chan struct{} { return nil }

// Messages returns what the socket has not been sent, as whole messages.
func (f *Feed) Messages() [][]byte { return nil }

// Err returns why the socket is to end: its member was removed, or the class has ended. It is nil until then.
func (f *Feed) Err() error { return nil }

// Role returns the role in the class, now.
func (f *Feed) Role() wire.Role { return wire.Member }

// Do carries out act, people or show. The caller has checked that the role allows it.
func (f *Feed) Do(ctx context.Context, r wire.Request) error { return nil }

// Close ends the feed.
func (f *Feed) Close() {}
