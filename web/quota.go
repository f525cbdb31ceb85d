package web

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// overQuota is the code of the error that somebody has used up what one of many may use. Others are not
// affected.
const overQuota sim.Code = "quota"

// Quotas of a member of a class, over all connections, and of all members of a room together.
const (
	memberProbes  = 20      // a second
	classProbes   = 200     // a second, in the room of the class
	memberForks   = 5       // in memberForkSeconds
	memberUploads = 4 << 20 // bytes a minute
	maxRoomsFrom  = 32      // rooms at a time from one address, on a server where anyone may open rooms

	memberForkSeconds = 10
)

var (
	errMemberProbes = &sim.Error{Code: overQuota, Message: fmt.Sprintf("you can ask %d times a second; this one was not answered", memberProbes)}
	errClassProbes  = &sim.Error{Code: overQuota, Message: fmt.Sprintf("the class can ask %d times a second; this one was not answered", classProbes)}
	errForkRate     = &sim.Error{Code: overQuota, Message: fmt.Sprintf("you can make %d copies of the run in %d seconds; this one was not made", memberForks, memberForkSeconds)}
	errUploads      = &sim.Error{Code: overQuota, Message: fmt.Sprintf("you can send %d MB of points and checkpoints a minute; try again in a minute", memberUploads>>20)}
	errAddressRooms = &sim.Error{Code: overQuota, Message: fmt.Sprintf("more than %d rooms are open from one address; close a tab that shows one", maxRoomsFrom)}
)

// quotas counts what the members of a class do. The zero value has counted nothing.
type quotas struct {
	mu       sync.Mutex
	byMember *simplelru.LRU[string, *memberQuota]
	probes   *rate.Limiter
}

type memberQuota struct{ probes, forks, uploads *rate.Limiter }

// of returns the quota of a member. The lock is held.
func (q *quotas) of(member string) *memberQuota {
	if q.byMember == nil {
		const members = 4096
		q.byMember, _ = simplelru.NewLRU[string, *memberQuota](members, nil) // no error: the size is positive
		q.probes = perSecond(classProbes)
	}
	m, ok := q.byMember.Get(member)
	if !ok {
		m = &memberQuota{perSecond(memberProbes), rate.NewLimiter(rate.Limit(memberForks)/memberForkSeconds, memberForks), rate.NewLimiter(memberUploads/60., memberUploads)}
		q.byMember.Add(member, m)
	}
	return m
}

// probe counts a probe of a member, and in the room of the class also as one of all members. The error says
// that it must not be answered. One beyond the member's quota does not count for the others.
func (q *quotas) probe(member string, inClassroom bool, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case !q.of(member).probes.AllowN(now, 1):
		return errMemberProbes
	case inClassroom && !q.probes.AllowN(now, 1):
		return errClassProbes
	}
	return nil
}

// fork counts a fork of a member.
func (q *quotas) fork(member string, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.of(member).forks.AllowN(now, 1) {
		return errForkRate
	}
	return nil
}

// upload counts bytes that a member sends.
func (q *quotas) upload(member string, bytes int, now time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.of(member).uploads.AllowN(now, bytes) {
		return errUploads
	}
	return nil
}

// quotasOf returns the quotas of the members of the class that a room belongs to.
func (rs *rooms) quotasOf(e *entry) *quotas {
	if of := e.class.Load(); of != nil {
		if classroom := rs.find(of.Room()); classroom != nil {
			return &classroom.quotas
		}
	}
	return &e.quotas
}

// countForMember counts a message of a member. The error says that it is one too many.
func (c *client) countForMember(r *wire.Request) error {
	q, now := c.server.rooms.quotasOf(c.room), time.Now()
	switch r.Verb {
	case "probe":
		return q.probe(c.member, c.room.hasClass(), now)
	case "fork":
		return q.fork(c.member, now)
	case "open":
		return q.upload(c.member, len(r.Command.(wire.Open).Points), now)
	}
	return nil
}

// allowUpload reports whether the sender of a request may upload its body, of which at most limit bytes are
// read, and refuses the request if not.
func (s *Server) allowUpload(w http.ResponseWriter, r *http.Request, e *entry, limit int) bool {
	i, err := s.byBearer(e, r)
	if err != nil || i.member == "" {
		return true // of a token
	}
	bytes := int64(limit)
	if r.ContentLength >= 0 {
		bytes = min(r.ContentLength, bytes)
	}
	if err := s.rooms.quotasOf(e).upload(i.member, int(bytes), time.Now()); err != nil {
		fail(w, err)
		return false
	}
	return true
}
