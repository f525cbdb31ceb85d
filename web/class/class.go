package class

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// Options of a class.
type Options struct {
	Room    string // the id of the class's room
	Code    string // the join code; "" is a new one
	Members int    // how many people may be in it; 0 is 500

	// Landscape returns the energy over the plane now. Pins are compared with it. It may take a while.
	Landscape func(context.Context) (Landscape, error)
}

// Codes of errors.
const (
	CodeError    sim.Code = "code"    // wrong code, or a key that is no member's
	LobbyError   sim.Code = "lobby"   // the member has to wait
	RemovedError sim.Code = "removed" // the owner has removed the member
	LockedError  sim.Code = "locked"  // nobody else may join
	FullError    sim.Code = "full"    // as many are in as may be
	EndedError   sim.Code = "ended"   // the class has ended
	ActError     sim.Code = "act"     // the act is not there, or not in the right phase
	NameError    sim.Code = "name"    // a name that is not allowed
)

var (
	errUnknown = &sim.Error{Code: CodeError, Message: "join with the code of the class"}
	errLobby   = &sim.Error{Code: LobbyError, Message: "wait here; the teacher has to let you in"}
	errRemoved = &sim.Error{Code: RemovedError, Message: "the teacher has removed you from the class"}
	errLocked  = &sim.Error{Code: LockedError, Message: "the class is locked; ask the teacher to unlock it"}
	errFull    = &sim.Error{Code: FullError, Message: fmt.Sprintf("the class is full; it has %d members", maxMembers)}
	errBusy    = &sim.Error{Code: sim.Limit, Message: "too many people are joining at once; try again in a few seconds"}
	errEnded   = &sim.Error{Code: EndedError, Message: "the class has ended"}
	errFeeds   = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("you have the class open in %d windows already; close one of them", maxFeeds)}
	errMember  = &sim.Error{Code: sim.BadValue, Message: "the class has no such member"}
)

// Limits.
const (
	maxMembers  = 500
	joinRate    = 20               // a second, after the first maxMembers
	neverCame   = 30 * time.Second // after which one who joined and did not open a socket loses the place to another
	longAway    = 10 * time.Minute // after which one who left does
	maxRemoved  = 1000             // members who were removed are known
	maxFeeds    = 8                // of one member
	codeSigns   = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	codeLength  = 6
	idBytes     = 4
	secretBytes = 16
)

const (
	ownerAnswer = ""    // the id under which the answer of the owner is kept
	everybody   = "all" // instead of an id: all who wait
)

// Class is who is in a room and what they are asked. Its methods may be called by any goroutine.
type Class struct {
	options Options
	screen  string

	mu       sync.Mutex
	joins    *rate.Limiter
	members  map[string]*member // by id
	order    []*member          // those who are in or in the lobby, in the order in which they joined
	removed  []string           // ids, the oldest first
	names    map[string]bool    // that are taken, as nameKey has them
	feeds    map[*Feed]bool
	ended    bool
	locked   bool
	lobby    bool // new members wait
	renaming bool // members may change their names
	rules    Rules
	lead     *member // has the chalk; nil if nobody
	gathered int     // how often the owner has sent all back

	shown   json.RawMessage
	shownBy *Feed

	act  *act
	acts int64 // how many there were

	messages [kinds]message
}

// member is a person in the class.
type member struct {
	id, secret string
	name       string
	state      state
	feeds      []*Feed // the newest last
	detached   bool    // looks by themself
	fork       string  // the room that the member has forked
	index      int     // of the fork
	last       time.Time
	came       bool // has had a socket

	version uint64 // of what the member is told about themself
}

type state uint8

const (
	in state = iota
	waiting
	gone // removed
)

// Rules are what the owner has set for the forks of members.
type Rules struct {
	Paused  bool       // no fork plays
	Between *[2]uint64 // the steps at which forks may be; nil for all
}

// New returns a class without members.
func New(o Options) *Class {
	if o.Members == 0 {
		o.Members = maxMembers
	}
	if o.Code == "" {
		o.Code = NewCode()
	}
	c := &Class{
		options: o, screen: randomHex(secretBytes), joins: rate.NewLimiter(joinRate, o.Members),
		members: map[string]*member{}, names: map[string]bool{}, feeds: map[*Feed]bool{},
	}
	for i := range c.messages {
		c.messages[i].version = 1
	}
	return c
}

// NewCode returns a join code that nobody can guess: six letters and digits without O, 0, I and 1.
func NewCode() string {
	b := make([]byte, codeLength)
	rand.Read(b)
	for i := range b {
		b[i] = codeSigns[b[i]%byte(len(codeSigns))] // 32 signs divide 256
	}
	return string(b)
}

// ReadCode returns a code as a person may have typed it in the form of [NewCode]: in upper case, without
// spaces and hyphens. It reports false if it is none.
func ReadCode(typed string) (code string, ok bool) {
	if len(typed) > 4*codeLength {
		return "", false
	}
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\t", "", "\u00a0", "").Replace(typed))
	if len(code) != codeLength {
		return "", false
	}
	for _, r := range code {
		if !strings.ContainsRune(codeSigns, r) {
			return "", false
		}
	}
	return code, true
}

// randomHex returns 2n hexadecimal digits that nobody can guess.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// same compares in a time that does not depend on how many characters are right.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Room returns the id of the class's room.
func (c *Class) Room() string { return c.options.Room }

// Code returns the join code.
func (c *Class) Code() string { return c.options.Code }

// ScreenKey returns the key of a projector.
func (c *Class) ScreenKey() string { return c.screen }

// Rules returns the present rules.
func (c *Class) Rules() Rules {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rules
}

// Join adds a member and returns their key, ID.SECRET, and their name. The name is a made-up one unless
// members may choose theirs.
func (c *Class) Join(name string) (key, shownName string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	switch {
	case c.ended:
		return "", "", errEnded
	case c.locked:
		return "", "", errLocked
	case !c.joins.AllowN(now, 1):
		return "", "", errBusy
	case len(c.order) >= c.options.Members && !c.makePlace(now):
		return "", "", errFull
	}
	m := &member{secret: randomHex(secretBytes), last: now, version: 1, index: -1}
	if name != "" && c.renaming {
		if m.name, err = c.chooseName(name, ""); err != nil {
			return "", "", err
		}
	} else {
		m.name = c.madeUpName()
	}
	if c.lobby {
		m.state = waiting
	}
	for m.id == "" || c.members[m.id] != nil {
		m.id = randomHex(idBytes)
	}
	c.members[m.id] = m
	c.order = append(c.order, m)
	c.names[nameKey(m.name)] = true
	c.change(banner, false)
	c.change(people, m.state == waiting)
	return m.id + "." + m.secret, m.name, nil
}

// makePlace drops a member who joined and never came, or who left long ago. The lock is held.
func (c *Class) makePlace(now time.Time) bool {
	var oldest *member
	for _, m := range c.order {
		limit := neverCame
		if m.came {
			limit = longAway
		}
		if len(m.feeds) == 0 && now.Sub(m.last) > limit && (oldest == nil || m.last.Before(oldest.last)) {
			oldest = m
		}
	}
	if oldest == nil {
		return false
	}
	c.drop(oldest)
	delete(c.members, oldest.id)
	return true
}

// drop takes a member off the list, with the answers and the chalk. The lock is held.
func (c *Class) drop(m *member) {
	for i, other := range c.order {
		if other == m {
			c.order = append(c.order[:i], c.order[i+1:]...)
			break
		}
	}
	delete(c.names, nameKey(m.name))
	if c.lead == m {
		c.lead = nil
	}
	if c.act != nil && c.act.withdraw(m.id) {
		c.change(acts, false)
	}
	c.change(banner, true)
	c.change(people, true)
}

// Member returns the id of the member with that key. The error says that there is none, or that the
// member waits in the lobby, or was removed.
func (c *Class) Member(key string) (id string, err error) {
	id, secret, _ := strings.Cut(key, ".")
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.members[id]
	switch {
	case c.ended:
		return "", errEnded
	case m == nil || !same(secret, m.secret):
		return "", errUnknown
	case m.state == gone:
		return "", errRemoved
	case m.state == waiting:
		m.last = time.Now()
		return "", errLobby
	}
	return id, nil
}

// Has reports whether a member of that id is in.
func (c *Class) Has(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.members[id]
	return m != nil && m.state == in
}

// RoleOf returns the role of a member, now: Chalk or Member.
func (c *Class) RoleOf(id string) wire.Role {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lead != nil && c.lead.id == id {
		return wire.Chalk
	}
	return wire.Member
}

// NameOf returns the name of a member, "" if there is no such one.
func (c *Class) NameOf(id string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.members[id]; m != nil {
		return m.name
	}
	return ""
}

// SetFork notes which room a member has forked, and its index among the forks; "" for none.
func (c *Class) SetFork(id, room string, index int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.members[id]; m != nil && (m.fork != room || m.index != index) {
		m.fork, m.index = room, index
		c.changePerson(m, false)
	}
}

// EndFork notes that a room that a member has forked has ended. It is not shown any more: who follows sees the
// class's own room.
func (c *Class) EndFork(room string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all map[string]json.RawMessage
	if json.Unmarshal(c.shown, &all) != nil || string(all["room"]) != strconv.Quote(room) {
		return
	}
	delete(all, "room")
	c.shown = encode(all)
	c.change(shown, true)
}

// Close ends the class: all feeds end, and the members are forgotten.
func (c *Class) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	c.ended = true
	for f := range c.feeds {
		f.end(errEnded)
	}
	c.members, c.order, c.removed, c.names, c.lead = map[string]*member{}, nil, nil, map[string]bool{}, nil
	c.act, c.shown, c.shownBy = nil, nil, nil
}

// show notes what the driver sees.
func (f *Feed) show(what json.RawMessage) {
	c := f.class
	c.shown, c.shownBy = what, f
	c.change(shown, false)
}

// Do carries out a message about the class: act, people or show. The caller has checked that the role
// allows it. That the class is to end ("people.end") is the caller's to do.
func (f *Feed) Do(ctx context.Context, r wire.Request) error {
	if r.Verb == "act" && f.needsLandscape(r.Act) {
		l, err := f.class.options.Landscape(ctx)
		if err != nil {
			return err
		}
		return f.do(r, &l)
	}
	return f.do(r, nil)
}

func (f *Feed) do(r wire.Request, l *Landscape) error {
	f.class.mu.Lock()
	defer f.class.mu.Unlock()
	switch {
	case f.err != nil:
		return f.err
	case r.Verb == "show":
		f.show(r.Show)
		return nil
	case r.Verb == "people":
		return f.people(r.People)
	}
	return f.doAct(r.Act, l)
}
