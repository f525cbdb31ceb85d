package web

import (
	"bytes"
	"testing"
)

// TestFork: whoever is in a room may have an equal one, drives it, and does not touch the first.
func TestFork(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d, v := h.join(room, token), h.join(room, "")
	d.say(`{"seek":{"step":12},"id":1}`)
	d.answer(1)
	for {
		if d.await("frame"); d.step() == 12 {
			break
		}
	}
	for i, p := range []*peer{d, v} {
		p.say(`{"fork":{},"id":2}`)
		key := p.answer(2).Forked
		if key.Room == "" || key.Room == room || key.Token == token {
			t.Fatalf("the fork of %s is %+v", room, key)
		}
		f := h.join(key.Room, key.Token)
		f.await("frame")
		if i == 0 && !bytes.Equal(f.text[64:], d.text[64:]) { // all but the head, which says when it was made
			t.Error("the fork's first frame is not its parent's last")
		}
		f.say(`{"set":{"knob":"height","value":2},"id":3}`)
		if r := f.answer(3); r.Error.Code != "" || r.State.Knobs["height"] != 2. || r.State.Step != 12 {
			t.Errorf("a knob of the fork: %+v", r)
		}
	}
	d.say(`{"fork":{"step":13},"id":4}`)
	if r := d.answer(4); r.Error.Code != "bad-step" {
		t.Errorf("forked at a step that nobody knows: %+v", r)
	}
	d.say(`{"do":"pause","id":5}`)
	if s := d.answer(5).State; s.Knobs["height"] != 1. || s.Step != 12 {
		t.Errorf("after its forks were changed, the room has %+v", s)
	}
}
