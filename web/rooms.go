package web

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/sched"
	"ebmviz/sim/session"
	"ebmviz/web/class"
)

// entry is a room with an address.
type entry struct {
	id    string
	token string // a client that sends it is a driver
	room.Room

	class atomic.Pointer[class.Class] // that the room belongs to; nil if there is none. Forks have that of their room
	owner string                      // the id of the member whose fork it is; "" if it is no member's
	from  string                      // the address that opened it, on a server where anyone may

	index  int         // of a member's fork, from 1; no other has the same. 0 if it is none
	bounds room.Bounds // what the forks of the class that the room has may do with time
	quotas quotas      // of the members of the class that the room has

	// Owned by rooms, under its lock.
	viewers int
	idle    time.Time   // since when nobody has watched
	timer   *time.Timer // ends the room; runs while nobody watches
	board   *entry      // of the class that the room has; nil until it is asked for
}

// key returns the id and the token as JSON. Neither has a character that JSON would escape.
func (e *entry) key() []byte { return []byte(`{"room":"` + e.id + `","token":"` + e.token + `"}`) }

// rooms is the register of the open rooms. A room ends when nobody has watched it for a while.
// When all places are taken, a new room takes the place of the one that nobody has watched for
// longest. Rooms that are watched, rooms that were opened just now, and the rooms of classes keep their
// place.
type rooms struct {
	server *Server
	max    int          // how many there may be
	turns  *sched.Turns // for the forks of members
	mu     sync.Mutex
	byID   map[string]*entry
	forks  int    // how many forks of members there were
	check  *entry // tries lines; nil until it is asked for
	closed bool
}

func (rs *rooms) init(s *Server) {
	rs.server = s
	rs.byID = map[string]*entry{}
	rs.turns = sched.NewTurns(maxAwake)
	switch rs.max = s.options.Rooms; {
	case rs.max > 0:
	case s.options.Open:
		rs.max = maxRoomsOpen
	default:
		rs.max = maxRooms
	}
}

// fullError is the error that all places are taken.
type fullError struct{ rooms int }

func (e fullError) Error() string {
	return fmt.Sprintf("all %d rooms of this server are taken; close a tab that shows one and try again in half an hour", e.rooms)
}

func (e fullError) Unwrap() error { return &sim.Error{Code: sim.Limit, Message: e.Error()} }

var errClosing = &sim.Error{Code: "closing", Message: "the server is shutting down"}

// open opens a room with a session of its own. The address is that of who opens it, "" if that does
// not matter.
func (rs *rooms) open(c sim.Config, from string) (*entry, error) {
	s, err := session.Open(c, session.View{}, session.Options{Log: rs.server.log, Turns: rs.turns})
	if err != nil {
		return nil, err
	}
	return rs.register(&entry{Room: s, from: from})
}

// add gives a room an address.
func (rs *rooms) add(r room.Room) (*entry, error) { return rs.register(&entry{Room: r}) }

// register gives a room an id and a token. If there is no place for it, it closes the room.
func (rs *rooms) register(e *entry) (*entry, error) {
	e.id, e.token, e.idle = randomHex(8), randomHex(16), time.Now()
	rs.mu.Lock()
	defer rs.mu.Unlock()
	err := rs.makePlaceFor(e)
	if err == nil {
		err = rs.makePlace()
	}
	if err != nil {
		go e.Close()
		return nil, err
	}
	rs.byID[e.id] = e
	if e.owner != "" {
		rs.forks++
		e.index = rs.forks
		e.class.Load().SetFork(e.owner, e.id, e.index)
	}
	e.timer = time.AfterFunc(rs.idleTime(e), func() { rs.endIdle(e) })
	rs.server.log.Info("room opened", "room", e.id, "rooms", len(rs.byID))
	return e, nil
}

// makePlace ends the room that was idle for longest if all places are taken. The lock is held.
func (rs *rooms) makePlace() error {
	switch {
	case rs.closed:
		return errClosing
	case len(rs.byID) < rs.max:
		return nil
	}
	oldest, _ := rs.longestIdle(func(e *entry) bool { return !e.hasClass() })
	if oldest == nil || time.Since(oldest.idle) < rs.server.timing.place {
		return fullError{rs.max}
	}
	rs.drop(oldest)
	return nil
}

// longestIdle returns, of the rooms that fulfill a condition, the one that nobody has watched for longest,
// nil if all are watched, and how many they are. The lock is held.
func (rs *rooms) longestIdle(ok func(*entry) bool) (oldest *entry, n int) {
	for _, e := range rs.byID {
		if !ok(e) {
			continue
		}
		n++
		if e.viewers == 0 && (oldest == nil || e.idle.Before(oldest.idle)) {
			oldest = e
		}
	}
	return oldest, n
}

// drop removes a room and ends it, which may take as long as a step does. The lock is held.
func (rs *rooms) drop(e *entry) {
	delete(rs.byID, e.id)
	e.timer.Stop()
	switch of := e.class.Load(); {
	case e.hasClass():
		of.Close()
		if e.board != nil {
			go e.board.Close()
		}
		for _, fork := range rs.byID {
			if fork.class.Load() == of {
				rs.drop(fork)
			}
		}
	case e.owner != "":
		rs.noteForkOf(of, e.owner)
		of.EndFork(e.id)
	}
	go e.Close()
	rs.server.log.Info("room ended", "room", e.id, "rooms", len(rs.byID))
}

// end ends a room at once. Its feeds end, and with them its sockets.
func (rs *rooms) end(e *entry) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID[e.id] == e {
		rs.drop(e)
	}
}

// idleTime returns how long nobody may watch a room before it ends. That of a class is longer: the code may
// be printed in the morning and the lesson be in the afternoon.
func (rs *rooms) idleTime(e *entry) time.Duration {
	if e.hasClass() {
		return rs.server.timing.class
	}
	return rs.server.timing.idle
}

func (rs *rooms) endIdle(e *entry) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID[e.id] == e && e.viewers == 0 && time.Since(e.idle) >= rs.idleTime(e) {
		rs.drop(e)
	}
}

// find returns the room of that id, or nil.
func (rs *rooms) find(id string) *entry {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.byID[id]
}

func (rs *rooms) count() int {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return len(rs.byID)
}

// enter counts a viewer of a room; false if the room has just ended.
func (rs *rooms) enter(e *entry) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if b, ok := e.Room.(*board); ok {
		return rs.byID[b.of.id] == b.of
	}
	if e.isCheck() {
		return !rs.closed
	}
	if rs.byID[e.id] != e {
		return false
	}
	e.viewers++
	e.timer.Stop()
	return true
}

// leave is the inverse of enter.
func (rs *rooms) leave(e *entry) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if e.isBoard() || e.isCheck() {
		return
	}
	if e.viewers--; e.viewers == 0 && rs.byID[e.id] == e {
		e.idle = time.Now()
		e.timer.Reset(rs.idleTime(e))
	}
}

func (rs *rooms) closeAll() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.closed = true
	for _, e := range rs.byID {
		rs.drop(e)
	}
	if rs.check != nil {
		go rs.check.Close()
	}
}

// randomHex returns 2n hexadecimal digits that nobody can guess.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the process if there is no source of random numbers
	return hex.EncodeToString(b)
}
