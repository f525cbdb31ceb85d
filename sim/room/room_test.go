package room

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/sim/wire"
)

// TestDemand adds, changes and closes feeds: the demand is what they want together.
func TestDemand(t *testing.T) {
	changes := 0
	b := NewBroadcast(func() { changes++ })
	check := func(viewers int, fps float64, looks ...wire.Look) {
		t.Helper()
		d := b.Demand()
		if d.Viewers != viewers || d.FPS != fps || len(d.Looks) != len(looks) {
			t.Errorf("the demand is %+v; want %d viewers, %v fps, looks %v", d, viewers, fps, looks)
		}
		for _, l := range looks {
			if !slices.Contains(d.Looks, l) {
				t.Errorf("the demand %+v has no look %+v", d, l)
			}
		}
	}
	check(0, 0)
	small := wire.Look{Side: 32}
	one := b.Watch(wire.Look{FPS: 10, Side: 32})
	check(1, 10, small)
	two := b.Watch(wire.Look{FPS: 20, Side: 32})
	check(2, 20, small) // one look, whatever the frames per second
	three := b.Watch(wire.Look{})
	check(3, 0, small, wire.Look{}) // at the room's frames per second
	three.Look(wire.Look{FPS: 5, Side: 64})
	check(3, 20, small, wire.Look{Side: 64})
	two.Close()
	two.Close()
	check(2, 10, small, wire.Look{Side: 64})
	one.Close()
	three.Close()
	check(0, 0)
	if changes != 7 {
		t.Errorf("the demand has changed %d times, want 7", changes)
	}
}

// TestLookAfterClose: a feed that is closed wants nothing any more.
func TestLookAfterClose(t *testing.T) {
	b := NewBroadcast(func() {})
	f := b.Watch(wire.Look{})
	f.Close()
	f.Look(wire.Look{FPS: 3})
	if d := b.Demand(); d.Viewers != 0 || len(d.Looks) != 0 {
		t.Errorf("the demand of a closed feed is %+v", d)
	}
}

// TestPublish has readers that follow frames and snapshots while they are published: each sees them in
// order, and the last one.
func TestPublish(t *testing.T) {
	const last = 1000
	b := NewBroadcast(func() {})
	b.PublishSnapshot(&Snapshot{})
	b.PublishFrame(&Frame{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			feed := b.Watch(wire.Look{})
			defer feed.Close()
			for f := feed.Frame(); f.Seq < last; {
				<-f.Next()
				next := feed.Frame()
				if next.Seq <= f.Seq {
					t.Errorf("frame %d came after frame %d", next.Seq, f.Seq)
				}
				if n := feed.Snapshot(); n.State.Revision < next.Revision {
					t.Errorf("the frame of revision %d came before its snapshot; the newest is %d", next.Revision, n.State.Revision)
				}
				f = next
			}
		})
	}
	for i := uint32(1); i <= last; i++ {
		if rand.IntN(3) == 0 || i == last {
			b.PublishSnapshot(&Snapshot{State: wire.State{Revision: uint64(i)}})
		}
		b.PublishFrame(&Frame{Seq: i, Revision: b.Snapshot().State.Revision})
	}
	readers.Wait()
}

// TestClose ends feeds.
func TestClose(t *testing.T) {
	b := NewBroadcast(func() {})
	f := b.Watch(wire.Look{})
	select {
	case <-f.Done():
		t.Error("a feed has ended before Close")
	default:
	}
	b.Close()
	b.Close()
	<-f.Done()
}

// TestFrameBytes: a look gets its format. If the frame does not have it, it gets the shortest that its
// viewer reads.
func TestFrameBytes(t *testing.T) {
	f := &Frame{Grid: 64}
	f.Add(wire.Format{Enc: wire.Compact}, []byte("cpt"))
	if got := f.Bytes(wire.Look{}); got != nil {
		t.Errorf("a viewer that reads f32 only gets %s", got)
	}
	f.Add(wire.Format{}, []byte("whole"))
	f.Add(wire.Format{Shrink: 1}, []byte("half"))
	for _, c := range []struct {
		look wire.Look
		want string
	}{
		{wire.Look{}, "whole"}, {wire.Look{Side: 32, FPS: 3}, "half"}, {wire.Look{Side: 16}, "half"},
		{wire.Look{Enc: wire.Compact}, "cpt"}, {wire.Look{Enc: wire.Small}, "cpt"},
	} {
		if got := string(f.Bytes(c.look)); got != c.want {
			t.Errorf("%+v gets %s, want %s", c.look, got, c.want)
		}
	}
	if f.Has(wire.Format{Shrink: 2}) || !f.Has(wire.Format{Shrink: 1}) {
		t.Error("Has does not report which formats there are")
	}
}

func TestPointsMessage(t *testing.T) {
	p := &Points{Generation: 3, Y: []r2.Vec{{X: 1, Y: .5}}}
	a, b := p.Message(), p.Message()
	if string(a) != `{"points":{"generation":3,"y":[[1,0.5]]}}` || &a[0] != &b[0] {
		t.Errorf("%s, then %s", a, b)
	}
}
