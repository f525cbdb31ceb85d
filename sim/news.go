package sim

import (
	"sync/atomic"

	"gonum.org/v1/gonum/spatial/r2"
)

// Frame is one published frame. It never changes.
type Frame struct {
	Seq  uint32
	Step uint64
	Data []byte // the bytes of the wire
	News *News  // what was to be known when it was made
	next chan struct{}
}

// Next returns a channel that is closed when a newer frame is there.
func (f *Frame) Next() <-chan struct{} { return f.next }

// News is what viewers are told besides frames. It never changes.
type News struct {
	State  State
	Points []r2.Vec // the training points of State.Generation
	next   chan struct{}
}

// Next returns a channel that is closed when newer news is there.
func (n *News) Next() <-chan struct{} { return n.next }

// State is what a session is at, as the wire's `state`.
type State struct {
	Model      string         `json:"model"`
	Data       string         `json:"data"`
	Own        string         `json:"own,omitempty"` // which points somebody has brought, if the data is custom
	Seed       uint64         `json:"seed"`
	Step       uint64         `json:"step"`
	Playing    bool           `json:"playing"`
	Knobs      map[string]any `json:"knobs"`
	Grid       int            `json:"grid"`
	FPS        float64        `json:"fps"`
	Speed      float64        `json:"speed"`
	Pace       string         `json:"pace"` // "auto" (the card's), "max" or "set"
	Run        uint64         `json:"run"`  // grows with every restart, and with every run that takes the place of another
	Revision   uint64         `json:"revision"`
	Generation uint32         `json:"generation"`
	Ledger     int            `json:"ledger,omitempty"` // how many steps back the change of the energy is shown
	Goal       uint64         `json:"goal,omitempty"`   // the step that a Seek is on its way to
	Asleep     bool           `json:"asleep,omitempty"`
	Halt       *Halt          `json:"halt,omitempty"`
}

// Halt tells why a session stands still although nobody stopped it.
type Halt struct {
	Code     Code   `json:"code"` // "diverged", "panic" or "stuck"
	Step     uint64 `json:"step"` // where it happened
	Quantity string `json:"quantity,omitempty"`
	Knob     string `json:"knob,omitempty"` // the knob that was moved last before
	Message  string `json:"message"`
	Back     uint64 `json:"back"` // a step to go back to
}

// chain is the newest frame and the newest news, for any number of readers. There is no
// list of them and nothing to fill up: who wants the next one holds the last one.
type chain struct {
	frame atomic.Pointer[Frame]
	news  atomic.Pointer[News]
}

func (c *chain) publish(f *Frame) {
	f.next = make(chan struct{})
	if old := c.frame.Swap(f); old != nil {
		close(old.next)
	}
}

func (c *chain) announce(n *News) {
	n.next = make(chan struct{})
	if old := c.news.Swap(n); old != nil {
		close(old.next)
	}
}

// Frame returns the newest frame. It is never nil.
func (c *chain) Frame() *Frame { return c.frame.Load() }

// News returns the newest news. It is never nil. What a frame shows is told in the news
// before the frame is there.
func (c *chain) News() *News { return c.news.Load() }
