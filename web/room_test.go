package web

import (
	"context"
	"encoding/json"
	"testing"

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

func (f *fed) Fork(context.Context, *uint64) (room.Room, error) { return newFed(), nil }

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
