package web

import (
	"context"
	"errors"
	"sync"

	"ebmviz/sim/wire"
)

// requests holds what the dispatcher has to give to the room. Its goroutine runs while there is any.
type requests struct {
	mu      sync.Mutex
	waiting []wire.Request
	running sync.WaitGroup // the goroutine, or none
}

// enqueue hands a request to the dispatcher. It does not wait for the room: acknowledgments come
// after this message.
func (c *client) enqueue(r wire.Request) error {
	q := &c.requests
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) > maxWaiting { // one of them is being carried out
		return errWaiting
	}
	q.waiting = append(q.waiting, r)
	if len(q.waiting) == 1 {
		q.running.Go(c.dispatch)
	}
	return nil
}

// dispatch is the dispatcher: it gives the client's requests to the room, in their order, until there
// is none.
func (c *client) dispatch() {
	q := &c.requests
	for more := true; more && !c.ended.Load(); {
		q.mu.Lock()
		r := q.waiting[0]
		q.mu.Unlock()
		ctx, cancel := context.WithTimeout(c.ctx, c.server.timing.command)
		err := c.carryOut(ctx, r)
		cancel()
		switch {
		case errors.Is(err, context.Canceled):
			return
		case errors.Is(err, context.DeadlineExceeded):
			c.report(errBusy, r.ID)
		case err != nil:
			c.report(err, r.ID)
		}
		q.mu.Lock()
		if q.waiting = q.waiting[1:]; len(q.waiting) == 0 {
			q.waiting, more = nil, false
		}
		q.mu.Unlock()
	}
}

// carryOut does what a request asks for. Its answer is the probe, the key of the fork, or for a
// command with an id the state that shows it.
func (c *client) carryOut(ctx context.Context, r wire.Request) error {
	switch r.Verb {
	case "act", "people", "show":
		return c.inClass(ctx, r)
	case "probe":
		a, err := c.room.Ask(ctx, r.Query)
		if err == nil {
			c.post(outgoing{text: wire.Message("probe", a.Body, r.ID)})
		}
		return err
	case "fork":
		return c.fork(ctx, r)
	}
	command := r.Command
	if open, ok := command.(wire.Open); ok {
		if err := c.server.resolvePoints(&open); err != nil {
			return err
		}
		command = open
	}
	if r.ID == nil {
		_, err := c.room.Do(ctx, command, c.roleFor(&r))
		return err
	}
	// No frame that shows the command is sent before its answer; see writer.
	c.inFlight.Store(true)
	revision, err := c.room.Do(ctx, command, c.roleFor(&r))
	if err == nil {
		c.post(outgoing{answers: revision, id: r.ID})
	}
	c.inFlight.Store(false)
	c.notify()
	return err
}

// fork opens an equal room and answers with its key.
func (c *client) fork(ctx context.Context, r wire.Request) error {
	e, err := c.server.rooms.fork(ctx, c.room, c.member, r.Fork)
	if err != nil {
		return err
	}
	c.post(outgoing{text: wire.Message("forked", e.key(), r.ID)})
	return nil
}
