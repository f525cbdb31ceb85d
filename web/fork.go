package web

import (
	"context"
	"fmt"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/web/class"
)

// maxForksOf is how many forks a member of a class may have at a time.
const maxForksOf = 2

var errMemberForks = &sim.Error{Code: overQuota, Message: fmt.Sprintf("you have %d copies of the run open; close a tab that shows one and try again", maxForksOf)}

// fork opens an equal room, which stands at a step; nil is the present step. It belongs to the class of the
// room, if that has one. The fork of a member plays in the background, within the bounds of the class.
func (rs *rooms) fork(ctx context.Context, parent *entry, member string, step *uint64) (*entry, error) {
	f := room.Fork{Step: step}
	e := &entry{owner: member}
	of := parent.class.Load()
	if of != nil {
		e.class.Store(of)
	}
	if member != "" {
		classroom := rs.find(of.Room())
		if classroom == nil {
			return nil, errGone
		}
		f.Background, f.Bounds = true, &classroom.bounds
		if err := rs.mayFork(e); err != nil {
			return nil, err
		}
	}
	fork, err := parent.Fork(ctx, f)
	if err != nil {
		return nil, err
	}
	e.Room = fork
	return rs.register(e)
}

// mayFork reports why a member must not fork, before there is any work.
func (rs *rooms) mayFork(e *entry) error {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if oldest, n := rs.longestIdle(e.sameOwner); n >= maxForksOf && oldest == nil {
		return errMemberForks
	}
	return nil
}

// sameOwner reports whether two rooms are forks of the same member.
func (e *entry) sameOwner(other *entry) bool {
	return other.owner == e.owner && other.class.Load() == e.class.Load()
}

// makePlaceFor ends a room of whoever a new room belongs to, if they have as many as they may. The lock is
// held.
func (rs *rooms) makePlaceFor(e *entry) error {
	limit, err := maxForksOf, errMemberForks
	same := e.sameOwner
	switch {
	case e.owner != "":
		if of := e.class.Load(); rs.byID[of.Room()] == nil || !of.Has(e.owner) {
			return errGone // the class has ended, or the member was removed, meanwhile
		}
	case e.from != "":
		limit, err = maxRoomsFrom, errAddressRooms
		same = func(other *entry) bool { return other.from == e.from }
	default:
		return nil
	}
	oldest, n := rs.longestIdle(same)
	switch {
	case n < limit:
		return nil
	case oldest == nil || oldest.hasClass():
		return err
	}
	rs.drop(oldest)
	return nil
}

// noteForkOf tells a class which fork of a member is the newest. The lock is held.
func (rs *rooms) noteForkOf(of *class.Class, member string) {
	var newest *entry
	for _, e := range rs.byID {
		if e.owner == member && e.class.Load() == of && (newest == nil || e.index > newest.index) {
			newest = e
		}
	}
	if newest == nil {
		of.SetFork(member, "", -1)
		return
	}
	of.SetFork(member, newest.id, newest.index)
}

// bind sets the bounds of the forks of a class, and ends those of members who are no longer in it.
func (rs *rooms) bind(of *class.Class) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	classroom := rs.byID[of.Room()]
	if classroom == nil {
		return
	}
	rules := of.Rules()
	classroom.bounds.Set(room.Bound{Between: rules.Between, Pause: rules.Paused})
	for _, e := range rs.byID {
		if e.owner != "" && e.class.Load() == of && !of.Has(e.owner) {
			rs.drop(e)
		}
	}
}

// forksOf returns the forks of the members of a class, in order of their index.
func (rs *rooms) forksOf(of *class.Class) []*entry {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	var forks []*entry
	for _, e := range rs.byID {
		if e.owner != "" && e.class.Load() == of {
			forks = append(forks, e)
		}
	}
	return forks
}
