package web

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ebmviz/sim/wire"
)

// uplink divides among the viewers what the server may send in a second. Viewers on this computer are
// not counted, nor is anything but frames.
//
// A viewer that reads the encoding compact gets it if all such viewers, each with a fair share, could
// have it at the full rate of its room; otherwise small. If even that is too much, a viewer waits
// after each frame until its share allows the next.
type uplink struct {
	limit float64       // bytes in a second; +Inf is no limit
	share atomic.Uint64 // a float64: the bytes a second that a viewer may have
	next  atomic.Int64  // when the shares are computed again, in ns since 1970

	mu      sync.Mutex
	viewers map[*consumer]bool
	last    time.Time // when they were computed
}

const (
	shareInterval = time.Second
	shareSettle   = 5 * time.Second // for which compact must have fitted before a viewer gets it back
	shareMargin   = 1.25            // by which it must fit then
	usable        = .95             // the part of the limit that is shared; the rest is for other messages
)

func newUplink(mbits float64) *uplink {
	u := &uplink{limit: mbits * 1e6 / 8 * usable, viewers: map[*consumer]bool{}}
	if mbits == 0 {
		u.limit = math.Inf(1)
	}
	u.share.Store(math.Float64bits(math.Inf(1)))
	return u
}

// consumer is one viewer of those that share the uplink.
type consumer struct {
	uplink *uplink
	room   *entry
	wish   atomic.Uint32   // the wire.Encoding that it asked for
	fps    atomic.Uint64   // a float64: the frames a second that it asked for; 0 is all
	slow   atomic.Bool     // it gets small because it acknowledges late
	over   atomic.Bool     // it gets small because compact is too much for its share
	sizes  [3]atomic.Int64 // of its last frame in each encoding; 0 is unknown
	frames atomic.Int64    // that its room has made since the shares were computed

	// Owned by the uplink, under its lock.
	rate float64   // frames that its room makes in a second
	fits time.Time // since when compact would fit again; zero if it does not
}

// defaultSizes are taken for encodings that nobody in a room has had: those of 128² cells.
var defaultSizes = [3]float64{wire.F32: 80 << 10, wire.Compact: 10 << 10, wire.Small: 2500}

// defaultRate is taken before a room has been measured, in frames a second.
const defaultRate = 30

// overhead returns what a frame takes on the network: there are headers below.
func overhead(bytes float64) float64 { return bytes*1.04 + 60 }

// join adds a viewer.
func (u *uplink) join(e *entry, l wire.Look, now time.Time) *consumer {
	c := &consumer{uplink: u, room: e, rate: defaultRate}
	c.ask(l)
	if math.IsInf(u.limit, 1) {
		return c
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.viewers) == 0 {
		u.last = now // nothing was measured before
	}
	for other := range u.viewers { // it begins as the others are
		if other.room == e {
			c.rate = other.rate
			c.over.Store(other.over.Load())
			break
		}
	}
	u.viewers[c] = true
	u.compute(now)
	return c
}

// ask notes what the viewer asks for.
func (c *consumer) ask(l wire.Look) {
	c.wish.Store(uint32(l.Enc))
	c.fps.Store(math.Float64bits(l.FPS))
}

// leave removes the viewer.
func (c *consumer) leave() {
	u := c.uplink
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.viewers, c)
}

// encoding returns the encoding that the viewer gets now.
func (c *consumer) encoding() wire.Encoding {
	enc := c.unlimited()
	if enc == wire.Compact && c.over.Load() {
		return wire.Small
	}
	return enc
}

// sent notes a frame of that many bytes, the first after so many of the room, and returns how long the
// viewer waits for the next one.
func (c *consumer) sent(enc wire.Encoding, bytes int, frames int64, now time.Time) time.Duration {
	c.sizes[enc].Store(int64(bytes))
	c.frames.Add(frames)
	u := c.uplink
	if now.UnixNano() >= u.next.Load() && u.mu.TryLock() {
		if now.UnixNano() >= u.next.Load() {
			u.compute(now)
		}
		u.mu.Unlock()
	}
	share := math.Float64frombits(u.share.Load())
	return time.Duration(overhead(float64(bytes)) / share * float64(time.Second))
}

// compute computes the shares anew. The lock is held.
func (u *uplink) compute(now time.Time) {
	u.next.Store(now.Add(shareInterval).UnixNano())
	if math.IsInf(u.limit, 1) {
		return
	}
	rooms := u.rooms(now)
	wanted := make([]float64, 0, len(u.viewers))
	for c := range u.viewers {
		wanted = append(wanted, c.demand(c.unlimited(), rooms))
	}
	compact := fairShare(wanted, u.limit)
	wanted = wanted[:0]
	for c := range u.viewers {
		c.choose(compact, c.demand(wire.Compact, rooms), now)
		wanted = append(wanted, c.demand(c.encoding(), rooms))
	}
	u.share.Store(math.Float64bits(fairShare(wanted, u.limit)))
}

// unlimited returns the encoding that the viewer would get if there were no limit.
func (c *consumer) unlimited() wire.Encoding {
	switch wish := wire.Encoding(c.wish.Load()); {
	case wish == wire.F32 || wish == wire.Small:
		return wish
	case c.slow.Load():
		return wire.Small
	}
	return wire.Compact
}

// choose decides whether compact is too much, if the shares are such that all who want it have it. A
// viewer loses it at once, and gets it back when it would have fitted for a while.
func (c *consumer) choose(share, demand float64, now time.Time) {
	switch {
	case demand > share:
		c.over.Store(true)
		c.fits = time.Time{}
	case !c.over.Load() || demand*shareMargin > share:
		c.fits = time.Time{}
	case c.fits.IsZero():
		c.fits = now
	case now.Sub(c.fits) >= shareSettle:
		c.over.Store(false)
	}
}

// roomUse is what the viewers of a room have had lately: the greatest of each.
type roomUse struct {
	sizes  [3]float64
	frames int64
}

// rooms returns what the viewers of each room have had, and measures how many frames it makes.
func (u *uplink) rooms(now time.Time) map[*entry]*roomUse {
	all := map[*entry]*roomUse{}
	d := now.Sub(u.last).Seconds()
	measured := d >= shareInterval.Seconds()/2
	for c := range u.viewers {
		r := all[c.room]
		if r == nil {
			r = &roomUse{}
			all[c.room] = r
		}
		for enc := range r.sizes {
			r.sizes[enc] = max(r.sizes[enc], float64(c.sizes[enc].Load()))
		}
		if measured {
			r.frames = max(r.frames, c.frames.Swap(0))
		}
	}
	if measured {
		u.last = now
		for c := range u.viewers {
			c.rate = float64(all[c.room].frames) / d
		}
	}
	return all
}

// demand returns how many bytes a second the viewer takes in an encoding, at the rate of its room or
// the lower one that it asks for.
func (c *consumer) demand(enc wire.Encoding, rooms map[*entry]*roomUse) float64 {
	bytes := float64(c.sizes[enc].Load())
	if bytes == 0 {
		bytes = rooms[c.room].sizes[enc]
	}
	if bytes == 0 {
		bytes = defaultSizes[enc]
	}
	rate := c.rate
	if fps := math.Float64frombits(c.fps.Load()); fps > 0 {
		rate = min(rate, fps)
	}
	return overhead(bytes) * rate
}

// fairShare returns the greatest share so that all get no more than the limit, if who wants less than
// the share leaves the rest to the others; +Inf if all get what they want. It sorts what is wanted.
func fairShare(wanted []float64, limit float64) float64 {
	slices.Sort(wanted)
	for i, w := range wanted {
		share := limit / float64(len(wanted)-i)
		if w > share {
			return share
		}
		limit -= w
	}
	return math.Inf(1)
}

// lag is how late a viewer acknowledges.
type lag struct {
	mean    time.Duration // from sending to acknowledging
	slow    bool
	changed time.Time     // when slow did
	backoff time.Duration // after which a viewer that is no longer late gets larger frames again
}

const (
	lateAck    = 250 * time.Millisecond // more than this on average is slow
	promptAck  = 100 * time.Millisecond // less is not
	minBackoff = 5 * time.Second
	maxBackoff = 2 * time.Minute
)

// note takes the delay of one acknowledgment. The back-off doubles each time a viewer is late soon
// after it got larger frames.
func (l *lag) note(delay time.Duration, now time.Time) {
	l.mean += (delay - l.mean) / 4
	switch {
	case !l.slow && l.mean > lateAck:
		if now.Sub(l.changed) < 4*l.backoff {
			l.backoff = min(2*l.backoff, maxBackoff)
		} else {
			l.backoff = minBackoff
		}
		l.slow, l.changed = true, now
	case l.slow && l.mean < promptAck && now.Sub(l.changed) >= l.backoff:
		l.slow, l.changed = false, now
	}
}
