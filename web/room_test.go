package web

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

// fed is a room whose frames and state come from outside: it runs no model.
type fed struct {
	*room.Broadcast
	revision uint64
	closed   chan struct{}
}

func newFed() *fed {
	f := &fed{Broadcast: room.NewBroadcast(func() {}), closed: make(chan struct{})}
	f.publish()
	return f
}

// publish publishes a state and a frame with the present revision.
func (f *fed) publish() {
	state := wire.State{Model: "bowl", Knobs: map[string]any{"height": float64(f.revision)}, Grid: 16, Revision: f.revision, Generation: 1}
	f.PublishSnapshot(&room.Snapshot{State: state, JSON: mustJSON(state), Points: &room.Points{Generation: 1}})
	frame := &room.Frame{Seq: uint32(f.revision), Revision: f.revision, Grid: 16}
	picture := sim.Picture{NX: 16, NY: 16, Step: f.revision, Grid: make([]float32, 256)}
	frame.Add(wire.Format{}, wire.EncodeFrame(&wire.Frame{Seq: frame.Seq, Picture: picture}, wire.Format{}))
	f.PublishFrame(frame)
}

func (f *fed) Do(context.Context, wire.Command, wire.Role) (uint64, error) {
	f.revision++
	f.publish()
	return f.revision, nil
}

func (f *fed) Ask(context.Context, wire.Query) (wire.Answer, error) {
	return wire.Answer{Body: []byte(`{"F":7}`)}, nil
}

func (f *fed) Fork(context.Context, room.Fork) (room.Room, error) { return newFed(), nil }

func (f *fed) Describe() *room.Snapshot { return f.Snapshot() }

func (f *fed) Close() { f.Broadcast.Close(); close(f.closed) }

// TestRoomFedFromOutside serves a room that is no session: commands, answers, frames, probes, forks
// and its end work as with any other.
func TestRoomFedFromOutside(t *testing.T) {
	h := serve(t, nil)
	f := newFed()
	e, err := h.rooms.add(f)
	if err != nil {
		t.Fatal(err)
	}
	d := h.join(e.id, e.token)
	for i := int64(1); i <= 20; i++ {
		d.say(`{"do":"step","id":` + itoa(i) + `}`)
		if s := d.answer(i).State; s.Knobs["height"] != float64(i) {
			t.Fatalf("the answer to command %d says %v", i, s.Knobs)
		}
		for d.last < uint32(i) {
			if name, _, err := d.next(); err != nil || name != "frame" {
				t.Fatalf("after the answer came %q, %v", name, err)
			}
		}
	}
	d.say(`{"probe":{"y":[0,0]},"id":30}`)
	if r := d.answer(30); r.Probe.F != 7 {
		t.Errorf("probe: %+v", r)
	}
	d.say(`{"fork":{},"id":31}`)
	if key := d.answer(31).Forked; h.rooms.find(key.Room) == nil {
		t.Errorf("fork: %+v", key)
	}
	h.rooms.end(e)
	d.closed()
	<-f.closed
}

func mustJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// blocked is a room fed from outside that carries out no command until free is closed.
type blocked struct {
	*fed
	begun chan struct{} // receives once for each command that begins
	free  chan struct{}
}

func (b *blocked) Do(ctx context.Context, _ wire.Command, _ wire.Role) (uint64, error) {
	b.begun <- struct{}{}
	select {
	case <-b.free:
		return 0, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// TestFullQueue sends more commands than may wait to a room that is busy: those beyond are refused,
// and the client's acknowledgments, which come after them, still bring it new frames.
func TestFullQueue(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.command = time.Minute })
	b := &blocked{fed: newFed(), begun: make(chan struct{}, 2*maxWaiting), free: make(chan struct{})}
	e, err := h.rooms.add(b)
	if err != nil {
		t.Fatal(err)
	}
	d := h.join(e.id, e.token)
	for _, c := range h.socketsOf(e.id) {
		c.commands.SetLimit(rate.Inf)
	}
	d.say(`{"do":"step"}`)
	<-b.begun
	const beyond = 5
	for range maxWaiting + beyond {
		d.say(`{"do":"step"}`)
	}
	for range beyond {
		if r := d.await("error"); r.Error.Code != sim.Limit || !strings.Contains(r.Error.Message, "more than 60 commands wait") {
			t.Fatalf("a command beyond the queue: %+v", r.Error)
		}
	}
	for range 3 * credit {
		b.revision++
		b.publish()
		d.awaitThat("frame", func(reply) bool { return d.last == uint32(b.revision) })
	}
	close(b.free)
	for range maxWaiting { // those that waited are carried out
		select {
		case <-b.begun:
		case <-time.After(maxWait):
			t.Fatal("a command that waited was not carried out")
		}
	}
	d.say(`{"probe":{"y":[0,0]},"id":1}`)
	if r := d.answer(1); r.Probe.F != 7 {
		t.Errorf("after the queue was full: %+v", r)
	}
	if n := len(b.begun); n > 0 {
		t.Errorf("%d refused commands were carried out", n)
	}
}
