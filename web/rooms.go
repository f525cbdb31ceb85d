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

	// Owned by rooms, under its lock.
	viewers int
	idle    time.Time   // since when nobody has watched
	timer   *time.Timer // ends the room; runs while nobody watches
}

// key returns the id and the token as JSON. Neither has a character that JSON would escape.
func (e *entry) key() []byte { return []byte(`{"room":"` + e.id + `","token":"` + e.token + `"}`) }

// rooms is the register of the open rooms. A room ends when nobody has watched it for a while.
// When all places are taken, a new room takes the place of the one that nobody has watched for
// longest. Rooms that are watched, and rooms that were opened just now, keep their place.
type rooms struct {
	server *Server
	mu     sync.Mutex
	byID   map[string]*entry
	closed bool
}

func (rs *rooms) init(s *Server) {
	rs.server = s
	rs.byID = map[string]*entry{}
}

var errFull = &sim.Error{Code: sim.Limit, Message: fmt.Sprintf("all %d rooms of this server are taken; close a tab that shows one and try again in half an hour", maxRooms)}

var errClosing = &sim.Error{Code: "closing", Message: "the server is shutting down"}

// open opens a room with a session of its own.
func (rs *rooms) open(c sim.Config) (*entry, error) {
	s, err := session.Open(c, session.View{}, session.Options{Log: rs.server.log})
	if err != nil {
		return nil, err
	}
	return rs.add(s)
}

// add gives a room an address. If there is no place for it, it closes the room.
func (rs *rooms) add(r room.Room) (*entry, error) {
	e := &entry{id: randomHex(8), token: randomHex(16), Room: r, idle: time.Now()}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if err := rs.makePlace(); err != nil {
		go r.Close()
		return nil, err
	}
	rs.byID[e.id] = e
	e.timer = time.AfterFunc(rs.server.timing.idle, func() { rs.endIdle(e) })
	rs.server.log.Info("room opened", "room", e.id, "rooms", len(rs.byID))
	return e, nil
}

// makePlace ends the room that was idle for longest if all places are taken. The lock is held.
func (rs *rooms) makePlace() error {
	switch {
	case rs.closed:
		return errClosing
	case len(rs.byID) < maxRooms:
		return nil
	}
	var oldest *entry
	for _, e := range rs.byID {
		if e.viewers == 0 && (oldest == nil || e.idle.Before(oldest.idle)) {
			oldest = e
		}
	}
	if oldest == nil || time.Since(oldest.idle) < rs.server.timing.place {
		return errFull
	}
	rs.drop(oldest)
	return nil
}

// drop removes a room and ends it, which may take as long as a step does. The lock is held.
func (rs *rooms) drop(e *entry) {
	delete(rs.byID, e.id)
	e.timer.Stop()
	if e.hasClass() {
		e.class.Load().Close()
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

func (rs *rooms) endIdle(e *entry) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID[e.id] == e && e.viewers == 0 && time.Since(e.idle) >= rs.server.timing.idle {
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
	if e.viewers--; e.viewers == 0 && rs.byID[e.id] == e {
		e.idle = time.Now()
		e.timer.Reset(rs.server.timing.idle)
	}
}

func (rs *rooms) closeAll() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.closed = true
	for _, e := range rs.byID {
		rs.drop(e)
	}
}

// randomHex returns 2n hexadecimal digits that nobody can guess.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the process if there is no source of random numbers
	return hex.EncodeToString(b)
}
