// Package room declares what a room is to those who serve it.
//
// A [Room] takes commands, answers queries and has feeds. Nothing crosses it but data, so that it
// may be a session in this process, one on another machine, or one that another process feeds.
//
// A [Broadcast] holds the newest [Snapshot] and the newest [Frame] of a room for any number of
// [Feed]s. A feed has no queue: a reader holds the last frame, waits on its Next, and then takes
// the newest. A slow reader skips frames and delays no other.
package room

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// Room is a run that can be watched and, by commands, changed.
type Room interface {
	// Do carries out a command between two steps. It returns when that is published, with the
	// revision that shows it. If ctx ends before the command is begun, it never is.
	Do(ctx context.Context, c wire.Command, by wire.Role) (revision uint64, err error)

	// Ask answers a query. The error is a [*sim.Error], or that of ctx.
	Ask(ctx context.Context, q wire.Query) (wire.Answer, error)

	// Watch follows the room until the feed is closed.
	Watch(l wire.Look) *Feed

	// Describe returns the newest snapshot.
	Describe() *Snapshot

	// Frame returns the newest frame, nil before the first. Without a feed it may be old.
	Frame() *Frame

	// Fork opens an equal room, paused. Played without a change it shows the same frames as this one.
	Fork(ctx context.Context, f Fork) (Room, error)

	// Close ends the room and its feeds.
	Close()
}

// Fork says how a fork is opened.
type Fork struct {
	Step *uint64 // where it stands; nil is the present step

	// Background has the fork wait for a turn to play, and for a core behind rooms that are not in the
	// background. Its frames have small pictures.
	Background bool

	Bounds *Bounds // what it may do with time; nil is everything
}

// Bound limits what rooms may do with time. The zero value is no limit.
type Bound struct {
	Between *[2]uint64 // the first and the last step that a run may go to; it stops at the last
	Pause   bool       // runs stay where they are
}

// Bounds is a bound of many rooms. It may be set at any time, by any goroutine.
type Bounds struct{ now atomic.Pointer[Bound] }

// Set changes the bound. A room that plays beyond it stops; one that sleeps does so when it wakes.
func (b *Bounds) Set(to Bound) { b.now.Store(&to) }

// Bound returns the present bound; a nil *Bounds has no limit.
func (b *Bounds) Bound() Bound {
	if b == nil {
		return Bound{}
	}
	if now := b.now.Load(); now != nil {
		return *now
	}
	return Bound{}
}

// Snapshot is the state of a room and its training points. It never changes.
type Snapshot struct {
	State  wire.State
	Points *Points
	JSON   []byte // of the state

	next chan struct{}
}

// Next returns a channel that is closed when there is a newer snapshot.
func (s *Snapshot) Next() <-chan struct{} { return s.next }

// Points are the points of a generation.
type Points struct {
	Generation uint32
	Y          []r2.Vec
	Held       []int          // indices of those that are held out from training
	Info       sim.PointsInfo // what goes with them

	once    sync.Once
	message []byte
}

// Message returns the event "points", encoded once.
func (p *Points) Message() []byte {
	p.once.Do(func() { p.message = wire.PointsMessage(p.Generation, p.Y, p.Held, p.Info) })
	return p.message
}

// Frame is one published frame in each format that a feed wants. It never changes.
type Frame struct {
	Seq      uint32
	Step     uint64
	Revision uint64 // of the snapshot that it shows
	Grid     int    // cells a side
	BadCells int    // how many cells have no finite energy

	// Small is a small picture of the landscape, at most 200 ms older than the frame; nil if the
	// room is not in the background.
	Small *wire.SmallPicture

	encoded []encoded
	next    chan struct{}
}

type encoded struct {
	format wire.Format
	bytes  []byte
}

// Add adds the bytes of a format, before the frame is published.
func (f *Frame) Add(format wire.Format, b []byte) { f.encoded = append(f.encoded, encoded{format, b}) }

// Has reports whether the frame is encoded in the format.
func (f *Frame) Has(format wire.Format) bool {
	return slices.ContainsFunc(f.encoded, func(e encoded) bool { return e.format == format })
}

// Bytes returns the frame as a look wants it. For a look that has just changed it returns the shortest
// format that its viewer reads: who reads compact or small frames reads all encodings. It returns nil if
// there is none; then the next frame has it.
func (f *Frame) Bytes(l wire.Look) []byte {
	format := l.Format(f.Grid)
	var other []byte
	for _, e := range f.encoded {
		if e.format == format {
			return e.bytes
		}
		if (other == nil || len(e.bytes) < len(other)) && (format.Enc != wire.F32 || e.format.Enc == wire.F32) {
			other = e.bytes
		}
	}
	return other
}

// Next returns a channel that is closed when there is a newer frame.
func (f *Frame) Next() <-chan struct{} { return f.next }

// Broadcast holds the newest snapshot and frame of a room. Its methods may be called by any
// goroutine, but frames are published one after the other, and so are snapshots.
type Broadcast struct {
	frame    atomic.Pointer[Frame]
	snapshot atomic.Pointer[Snapshot]
	demand   atomic.Pointer[Demand]
	done     chan struct{}
	close    sync.Once
	changed  func() // called when the demand has changed

	mu    sync.Mutex
	feeds map[*Feed]wire.Look
}

// NewBroadcast returns a broadcast without a snapshot and a frame. It calls changed when the
// demand has changed.
func NewBroadcast(changed func()) *Broadcast {
	b := &Broadcast{done: make(chan struct{}), changed: changed, feeds: map[*Feed]wire.Look{}}
	b.demand.Store(&Demand{})
	return b
}

// PublishFrame makes f the newest frame. The snapshot that it shows is published before.
func (b *Broadcast) PublishFrame(f *Frame) {
	f.next = make(chan struct{})
	if old := b.frame.Swap(f); old != nil {
		close(old.next)
	}
}

// PublishSnapshot makes s the newest snapshot.
func (b *Broadcast) PublishSnapshot(s *Snapshot) {
	s.next = make(chan struct{})
	if old := b.snapshot.Swap(s); old != nil {
		close(old.next)
	}
}

// Frame returns the newest frame, nil before the first.
func (b *Broadcast) Frame() *Frame { return b.frame.Load() }

// Snapshot returns the newest snapshot, nil before the first.
func (b *Broadcast) Snapshot() *Snapshot { return b.snapshot.Load() }

// Close ends all feeds.
func (b *Broadcast) Close() { b.close.Do(func() { close(b.done) }) }

// Demand is what the feeds of a room want together.
type Demand struct {
	Viewers int
	FPS     float64     // of the most demanding one; 0 is the room's
	Looks   []wire.Look // each once
}

// Demand returns what the feeds want. It must not be changed.
func (b *Broadcast) Demand() *Demand { return b.demand.Load() }

// update computes the demand. The lock is held.
func (b *Broadcast) update() {
	d := &Demand{Viewers: len(b.feeds)}
	full := false
	for _, l := range b.feeds {
		full = full || l.FPS == 0
		d.FPS = max(d.FPS, l.FPS)
		l.FPS = 0 // it does not matter to the encoding
		if !slices.Contains(d.Looks, l) {
			d.Looks = append(d.Looks, l)
		}
	}
	if full {
		d.FPS = 0
	}
	b.demand.Store(d)
}

// Watch adds a feed.
func (b *Broadcast) Watch(l wire.Look) *Feed {
	f := &Feed{b: b}
	f.set(l, true)
	return f
}

// Feed follows a room.
type Feed struct{ b *Broadcast }

// Frame returns the newest frame.
func (f *Feed) Frame() *Frame { return f.b.Frame() }

// Snapshot returns the newest snapshot. What a frame shows is in a snapshot published before it.
func (f *Feed) Snapshot() *Snapshot { return f.b.Snapshot() }

// Done returns a channel that is closed when the room has ended.
func (f *Feed) Done() <-chan struct{} { return f.b.done }

// Look changes what the feed wants. It does nothing after Close.
func (f *Feed) Look(l wire.Look) { f.set(l, false) }

// set sets the look of a feed that is new or open.
func (f *Feed) set(l wire.Look, isNew bool) {
	f.b.mu.Lock()
	_, open := f.b.feeds[f]
	if open || isNew {
		f.b.feeds[f] = l
		f.b.update()
	}
	f.b.mu.Unlock()
	if open || isNew {
		f.b.changed()
	}
}

// Close ends the feed. A second call does nothing.
func (f *Feed) Close() {
	f.b.mu.Lock()
	_, open := f.b.feeds[f]
	delete(f.b.feeds, f)
	f.b.update()
	f.b.mu.Unlock()
	if open {
		f.b.changed()
	}
}
