package class

import (
	"encoding/json"
	"slices"
	"time"

	"ebmviz/sim/wire"
)

// The kinds of messages.
const (
	banner = iota
	people
	shown
	acts
	kinds
)

// interval is how often a message of each kind is built anew at most, unless somebody waits for it.
var interval = [kinds]time.Duration{banner: 250 * time.Millisecond, people: 500 * time.Millisecond, shown: 50 * time.Millisecond, acts: 200 * time.Millisecond}

// actRate is how many bytes of acts a socket is sent a second at most, unless something has begun or ended:
// 2,000 points that are drawn together are 30 kB, which 500 phones cannot be sent ten times a second.
const actRate = 32 << 10

// message is the newest message of a kind.
type message struct {
	version uint64 // 1, 2, 3, …: of what it tells
	urgent  uint64 // the newest version that must not wait

	built  uint64    // the version that the body tells; 0 if there is none
	at     time.Time // when it was built
	all    []byte    // for members and screens
	owners []byte    // for the owner
}

// Who is at a socket: a member, the owner (Driver) or a screen.
type Who struct {
	Member string    // the id of a member; "" for the owner and for screens
	Role   wire.Role // Driver or Screen if it is no member
	Fork   bool      // the socket is of a room that the member has forked
}

// Feed is what one socket is told of the class.
type Feed struct {
	class  *Class
	member *member // nil for the owner and for screens
	role   wire.Role
	forked bool // the member is in a fork with this socket

	next   chan struct{}
	ready  bool // next is closed
	err    error
	sent   [kinds]uint64 // versions
	person uint64        // the version of what the member was told about themself
	mine   bool          // the own answer has changed
	due    time.Time     // before which an act that is not urgent is not sent
}

// Watch adds a socket.
func (c *Class) Watch(w Who) *Feed {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := &Feed{class: c, role: w.Role, next: make(chan struct{})}
	m := c.members[w.Member]
	switch {
	case c.ended:
		f.end(errEnded)
		return f
	case w.Member == "":
	case m == nil:
		f.end(errUnknown)
		return f
	case m.state != in:
		f.end(errRemoved)
		return f
	default:
		if len(m.feeds) == maxFeeds { // the oldest may have lost its network
			m.feeds[0].end(errFeeds)
			delete(c.feeds, m.feeds[0])
			m.feeds = slices.Delete(m.feeds, 0, 1)
		}
		f.member, f.forked = m, w.Fork
		m.feeds = append(m.feeds, f)
		m.came = true
		if w.Fork {
			m.detached = false
		}
		c.changePerson(m, false)
		c.changeHere()
	}
	c.feeds[f] = true
	f.notify()
	return f
}

// Close ends the feed.
func (f *Feed) Close() {
	c := f.class
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.feeds[f] {
		return
	}
	delete(c.feeds, f)
	if c.shownBy == f {
		c.shownBy = nil
	}
	if m := f.member; m != nil {
		m.feeds = slices.DeleteFunc(m.feeds, func(other *Feed) bool { return other == f })
		m.last = time.Now()
		if m.state == in {
			c.changePerson(m, false)
			c.changeHere()
		}
	}
}

// Next returns a channel that is closed when there is something new, or when the socket is to end. What is
// not urgent Messages may still hold back, so a caller asks at most ten times a second. It is called by the
// goroutine that calls Messages, which alone replaces the channel.
func (f *Feed) Next() <-chan struct{} { return f.next }

// Err returns why the socket is to end: its member was removed, or the class has ended. It is nil until then.
func (f *Feed) Err() error {
	f.class.mu.Lock()
	defer f.class.mu.Unlock()
	return f.err
}

// Role returns the role in the class, now: Driver for the owner, Chalk, Member or Screen.
func (f *Feed) Role() wire.Role {
	if f.member == nil {
		return f.role
	}
	return f.class.RoleOf(f.member.id)
}

// notify closes the channel that the socket waits on. The lock is held.
func (f *Feed) notify() {
	if !f.ready {
		f.ready = true
		close(f.next)
	}
}

// end ends the feed with an error. The lock is held.
func (f *Feed) end(err error) {
	if f.err == nil {
		f.err = err
		f.notify()
	}
}

// change notes that a message tells something new. The lock is held.
func (c *Class) change(kind int, urgent bool) {
	m := &c.messages[kind]
	m.version++
	if urgent {
		m.urgent = m.version
	}
	for f := range c.feeds {
		if !f.ready && f.wants(kind) {
			f.notify()
		}
	}
}

// changePerson notes that something is new about a member. The lock is held.
func (c *Class) changePerson(m *member, urgent bool) {
	m.version++
	for _, f := range m.feeds {
		f.notify()
	}
	c.change(people, urgent)
}

// changeHere notes that another number of members is here. The lock is held.
func (c *Class) changeHere() {
	c.change(banner, false)
	if c.act != nil && c.act.phase == open && !c.act.alwaysShown() { // the message of a drawing may be long
		c.change(acts, false)
	}
}

// wants reports whether messages of the kind that are built for all are for this socket.
func (f *Feed) wants(kind int) bool {
	switch kind {
	case people:
		return f.role == wire.Driver && f.member == nil
	case shown:
		return f.class.shownBy != f
	}
	return true
}

// Messages returns what the socket has not been sent, as whole messages: the newest of each kind.
func (f *Feed) Messages() [][]byte {
	c := f.class
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.err != nil {
		return nil
	}
	now := time.Now()
	var out [][]byte
	waits := false // something is held back
	for kind := range kinds {
		m := &c.messages[kind]
		if kind == shown && c.shownBy == f {
			f.sent[kind] = m.version
		}
		own := kind == acts && f.mine
		if !f.wants(kind) || f.sent[kind] == m.version && !own {
			continue
		}
		urgent := m.urgent > f.sent[kind]
		if kind == acts && !urgent && !own && now.Before(f.due) {
			waits = true
			continue
		}
		c.build(kind, now)
		if m.built > f.sent[kind] || own {
			if text := f.text(kind); text != nil {
				out = append(out, text)
				if kind == acts {
					f.due = now.Add(time.Duration(len(text)) * time.Second / actRate)
					f.mine = false
				}
			}
			f.sent[kind] = m.built
		}
		waits = waits || f.sent[kind] < m.version
	}
	if f.member != nil && f.person < f.member.version {
		f.person = f.member.version
		p := c.person(f.member)
		p.You, p.Answered = true, false
		out = append(out, wire.Message("people", encode([]person{p}), nil))
	}
	if !waits && f.ready {
		f.ready, f.next = false, make(chan struct{})
	}
	return out
}

// build makes the body of a message anew, if it tells less than it could and is old enough, or somebody
// waits for it. The lock is held.
func (c *Class) build(kind int, now time.Time) {
	m := &c.messages[kind]
	if m.built == m.version || m.built >= max(m.urgent, 1) && now.Sub(m.at) < interval[kind] {
		return
	}
	m.built, m.at = m.version, now
	switch kind {
	case banner:
		m.all = wire.Message("banner", c.bannerJSON(), nil)
		m.owners = m.all
	case people:
		all := make([]person, 0, len(c.order))
		for _, one := range c.order {
			all = append(all, c.person(one))
		}
		m.owners = wire.Message("people", encode(all), nil)
	case shown:
		m.all = nil
		if c.shown != nil {
			m.all = wire.Message("shown", c.shown, nil)
		}
		m.owners = m.all
	case acts:
		m.all, m.owners = c.act.message(c, false), c.act.message(c, true)
	}
}

// text returns the body of a message for this socket, with what is its own; nil if there is nothing to tell.
// The lock is held.
func (f *Feed) text(kind int) []byte {
	m := &f.class.messages[kind]
	body := m.all
	owner := f.role == wire.Driver && f.member == nil
	if owner {
		body = m.owners
	}
	if kind != acts || f.class.act == nil || f.role == wire.Screen && f.member == nil {
		return body
	}
	id := ownerAnswer
	if !owner {
		id = f.member.id
	}
	mine := f.class.act.answers[id]
	if mine == nil {
		return body
	}
	// {"act":{…}} becomes {"act":{…,"mine":{…}}}.
	text := make([]byte, 0, len(body)+64)
	text = append(text, body[:len(body)-2]...)
	text = append(append(text, `,"mine":`...), encode(mine)...)
	return append(text, "}}"...)
}

func (c *Class) bannerJSON() []byte {
	b := struct {
		Here     int        `json:"here"`
		Members  int        `json:"members"`
		Lead     string     `json:"lead"`
		Locked   bool       `json:"locked"`
		Lobby    bool       `json:"lobby"`
		Names    bool       `json:"names"`
		Paused   bool       `json:"paused"`
		Between  *[2]uint64 `json:"between"`
		Gathered int        `json:"gathered"`
		Class    string     `json:"class"`
	}{Locked: c.locked, Lobby: c.lobby, Names: c.renaming, Paused: c.rules.Paused, Between: c.rules.Between, Gathered: c.gathered, Class: c.options.Room}
	b.Here, b.Members = c.count()
	if c.lead != nil {
		b.Lead = c.lead.name
	}
	return encode(b)
}

// count returns how many members have a socket, and how many there are.
func (c *Class) count() (here, members int) {
	for _, m := range c.order {
		if m.state != in {
			continue
		}
		members++
		if len(m.feeds) > 0 {
			here++
		}
	}
	return here, members
}

// encode writes what has no value that JSON cannot hold.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
