package web

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"ebmviz/sim"
)

// room is a session with an address.
type room struct {
	id      string
	token   string // who knows it drives
	session *sim.Session
	words   words

	// Owned by rooms, under its lock.
	viewers int
	watched bool        // somebody has been here
	empty   time.Time   // since when nobody has
	timer   *time.Timer // ends the room; runs while nobody watches
}

// key is what lets somebody in, as JSON. The token has no sign that JSON would have to escape.
func (r *room) key() []byte { return []byte(`{"room":"` + r.id + `","token":"` + r.token + `"}`) }

// rooms is the register of what is open. A room ends when nobody has watched it for a
// while. When the house is full, a new room takes the place of the one abandoned longest,
// so that a page that is reloaded again and again does not lock itself out; rooms that
// were never entered, or are being watched, keep their place.
type rooms struct {
	server *Server
	mu     sync.Mutex
	byID   map[string]*room
	closed bool
}

func (rs *rooms) init(s *Server) {
	rs.server = s
	rs.byID = map[string]*room{}
}

// errFull is what somebody is told who asks for one room too many.
var errFull = &sim.Error{Code: "limit", Message: fmt.Sprintf("all %d rooms of this server are taken; close a tab that shows one and try again in half an hour", maxRooms)}

var errClosing = &sim.Error{Code: "closing", Message: "the server is shutting down"}

// add opens a room with a session of its own.
func (rs *rooms) add(c sim.Config) (*room, error) {
	return rs.house(func(o sim.Options) (*sim.Session, error) { return sim.Open(c, sim.View{}, o) })
}

// house gives a session that is just being started a room.
func (rs *rooms) house(start func(sim.Options) (*sim.Session, error)) (*room, error) {
	if err := rs.makePlace(); err != nil {
		return nil, err
	}
	session, err := start(sim.Options{Log: rs.server.log})
	if err != nil {
		return nil, err
	}
	r := &room{id: randomHex(8), token: randomHex(16), session: session, empty: time.Now()}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.closed || len(rs.byID) >= maxRooms { // others came while this one was being made
		go session.Close()
		return nil, errFull
	}
	rs.byID[r.id] = r
	r.timer = time.AfterFunc(rs.server.timing.empty, func() { rs.endIfEmpty(r) })
	rs.server.log.Info("room opened", "room", r.id, "rooms", len(rs.byID))
	return r, nil
}

// makePlace ends the room abandoned longest if the house is full.
func (rs *rooms) makePlace() error {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.closed {
		return errClosing
	}
	if len(rs.byID) < maxRooms {
		return nil
	}
	var oldest *room
	for _, r := range rs.byID {
		if r.viewers == 0 && r.watched && (oldest == nil || r.empty.Before(oldest.empty)) {
			oldest = r
		}
	}
	if oldest == nil {
		return errFull
	}
	rs.drop(oldest)
	return nil
}

// drop forgets a room and ends its session, which may take as long as a step does. The
// lock is held.
func (rs *rooms) drop(r *room) {
	delete(rs.byID, r.id)
	r.timer.Stop()
	go r.session.Close()
	rs.server.log.Info("room ended", "room", r.id, "rooms", len(rs.byID))
}

// end ends a room at once. Sockets in it are told by their session.
func (rs *rooms) end(r *room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID[r.id] == r {
		rs.drop(r)
	}
}

func (rs *rooms) endIfEmpty(r *room) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID[r.id] == r && r.viewers == 0 && time.Since(r.empty) >= rs.server.timing.empty {
		rs.drop(r)
	}
}

// find returns the room of that id, or nil.
func (rs *rooms) find(id string) *room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.byID[id]
}

func (rs *rooms) count() int {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return len(rs.byID)
}

// watch says that somebody came to a room; false if it has just ended. The session wakes.
func (rs *rooms) watch(r *room) (leave func(), ok bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.byID[r.id] != r {
		return nil, false
	}
	r.viewers++
	r.watched = true
	r.timer.Stop()
	sleep := r.session.Watch()
	return func() {
		sleep()
		rs.mu.Lock()
		defer rs.mu.Unlock()
		if r.viewers--; r.viewers == 0 && rs.byID[r.id] == r {
			r.empty = time.Now()
			r.timer.Reset(rs.server.timing.empty)
		}
	}, true
}

func (rs *rooms) closeAll() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.closed = true
	for _, r := range rs.byID {
		rs.drop(r)
	}
}

// randomHex returns 2n hexadecimal digits of chance that nobody can guess.
func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the process if there is no chance to be had
	return hex.EncodeToString(b)
}
