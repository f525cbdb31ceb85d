package web

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim/room"
	"ebmviz/sim/wire"
)

func TestFairShare(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		wanted []float64
		limit  float64
		want   float64
	}{
		{nil, 10, inf},
		{[]float64{3, 4}, 10, inf},
		{[]float64{5, 5}, 10, inf},
		{[]float64{8, 8}, 10, 5},
		{[]float64{9, 1, 9}, 10, 4.5}, // who wants little leaves the rest to the others
		{[]float64{2, 3, 100, 4, 100}, 30, 10.5},
		{[]float64{1, 1}, 0, 0},
		{[]float64{1, 1}, inf, inf},
	} {
		if got := fairShare(slices.Clone(c.wanted), c.limit); got != c.want {
			t.Errorf("fairShare(%v, %v) = %v, want %v", c.wanted, c.limit, got, c.want)
		}
	}
}

// TestFirstOnUplink: before anything is measured, the rate of a room is taken to be the usual one.
func TestFirstOnUplink(t *testing.T) {
	u := newUplink(1)
	for hours := range 3 {
		c := u.join(&entry{}, wire.Look{Enc: wire.Auto}, time.Now().Add(time.Duration(hours)*time.Hour))
		if got := c.encoding(); got != wire.Small {
			t.Errorf("the first viewer over 1 Mbit/s gets %v", got)
		}
		c.leave()
	}
}

// sizes of the frames of a lecture, by encoding.
var lectureSizes = map[wire.Encoding]int{wire.F32: 77000, wire.Compact: 11000, wire.Small: 2400}

// lecture is a room that plays, with the viewers of a server, in a bubble of synctest.
type lecture struct {
	*fed
	t      *testing.T
	server *Server
	entry  *entry
	seq    uint32
	fps    float64

	mu   sync.Mutex
	made map[wire.Format]int // frames by format
	sent map[int64]int       // bytes to viewers on other computers, by second
}

func newLecture(t *testing.T, mbits float64) *lecture {
	s, err := New(Options{Uplink: mbits})
	if err != nil {
		t.Fatal(err)
	}
	l := &lecture{fed: newFed(), t: t, server: s, fps: 30, made: map[wire.Format]int{}, sent: map[int64]int{}}
	if l.entry, err = s.rooms.add(l); err != nil {
		t.Fatal(err)
	}
	l.publishFrame(wire.Look{Enc: wire.F32}, wire.Look{Enc: wire.Compact}, wire.Look{Enc: wire.Small})
	clear(l.made)
	return l
}

// publishFrame publishes a frame in the formats of some looks.
func (l *lecture) publishFrame(looks ...wire.Look) {
	l.seq++
	frame := &room.Frame{Seq: l.seq, Grid: 128}
	for _, look := range looks {
		format := look.Format(128)
		if frame.Has(format) {
			continue
		}
		b := make([]byte, lectureSizes[format.Enc])
		b[5] = byte(format.Enc)
		frame.Add(format, b)
		l.mu.Lock()
		l.made[format]++
		l.mu.Unlock()
	}
	l.PublishFrame(frame)
}

// play publishes frames for a while, each in the formats that viewers want.
func (l *lecture) play(d time.Duration) {
	for range int(d.Seconds() * l.fps) {
		l.publishFrame(l.Demand().Looks...)
		time.Sleep(time.Duration(float64(time.Second) / l.fps))
	}
	synctest.Wait()
}

// end closes the server.
func (l *lecture) end() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	l.server.Shutdown(ctx)
	synctest.Wait()
}

// student is a viewer whose line takes any frame and whose acknowledgments come after a time.
type student struct {
	lecture *lecture
	client  *client
	delay   atomic.Int64 // of an acknowledgment, in ns
	one     chan int64   // if not nil, takes the frames for who reads one after the other
	stuck   bool         // does not read at all: send waits until it is interrupted

	mu       sync.Mutex
	frames   int
	encoding wire.Encoding // of the last frame
	changes  int           // of it
	code     int           // of the close message; 0 is none
}

// student lets a viewer in who asks for an encoding.
func (l *lecture) student(address, enc string) *student {
	return l.enter(&student{}, 20*time.Millisecond, address, enc)
}

func (l *lecture) enter(v *student, delay time.Duration, address, enc string) *student {
	v.lecture, v.encoding = l, wire.Auto
	v.delay.Store(int64(delay))
	r := httptest.NewRequest("GET", "/ws", nil)
	r.RemoteAddr = address + ":1234"
	v.client = l.server.newClient(l.entry, v, r)
	if !l.server.enter(v.client) {
		l.t.Fatal("the server is full")
	}
	go v.client.serve()
	v.client.receive([]byte(`{"hello":{"catalog":"x","enc":"` + enc + `"}}`))
	return v
}

func (v *student) read(c *client)                 { <-c.ctx.Done() }
func (v *student) ready() <-chan struct{}         { return nil }
func (v *student) flush() error                   { return nil }
func (v *student) hangUp(code int, reason string) { v.code = code }
func (v *student) interrupt()                     {}
func (v *student) close()                         {}
func (v *student) cut()                           {}
func (v *student) send(k messageKind, m []byte) error {
	if k != binaryMessage {
		v.client.missed.Store(0)
		return nil
	}
	v.mu.Lock()
	v.frames++
	if enc := wire.EncodingOf(m); enc != v.encoding {
		v.encoding = enc
		v.changes++
	}
	v.mu.Unlock()
	if v.client.remote {
		v.lecture.mu.Lock()
		v.lecture.sent[time.Now().Unix()] += len(m)
		v.lecture.mu.Unlock()
	}
	seq := v.client.sent.Load()
	switch {
	case v.stuck:
		<-v.client.ctx.Done()
		return os.ErrDeadlineExceeded
	case v.one != nil:
		v.one <- seq
		return nil
	}
	time.AfterFunc(time.Duration(v.delay.Load()), func() { v.client.receive(fmt.Appendf(nil, `{"ack":%d}`, seq)) })
	return nil
}

// now returns the encoding of the last frame.
func (v *student) now() wire.Encoding {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.encoding
}

// rate plays for a while and returns the frames/s that each viewer gets.
func (l *lecture) rate(d time.Duration, viewers []*student) []float64 {
	rates := make([]float64, len(viewers))
	for i, v := range viewers {
		rates[i] = -float64(v.frames)
	}
	l.play(d)
	for i, v := range viewers {
		rates[i] = (rates[i] + float64(v.frames)) / d.Seconds()
	}
	return rates
}

// TestEncodings: who asks for auto gets f32 on this computer and compact elsewhere; all others get what
// they ask for. A frame is made once in each encoding that somebody gets, and in no other.
func TestEncodings(t *testing.T) {
	const here, there = "127.0.0.1", "192.0.2.7"
	for _, c := range []struct {
		address, ask string
		want         wire.Encoding
	}{
		{here, "auto", wire.F32}, {there, "auto", wire.Compact}, {here, "f32", wire.F32}, {there, "f32", wire.F32},
		{here, "compact", wire.Compact}, {there, "compact", wire.Compact}, {here, "small", wire.Small}, {there, "small", wire.Small},
		{"::1", "auto", wire.F32}, {"::ffff:127.0.0.1", "auto", wire.F32},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := newLecture(t, 300)
			address := c.address
			if address != here && address != there {
				address = "[" + address + "]"
			}
			one, two := l.student(address, c.ask), l.student(address, c.ask)
			l.play(time.Second)
			if one.now() != c.want || two.now() != c.want {
				t.Errorf("%s from %s gets %v and %v, want %v", c.ask, address, one.now(), two.now(), c.want)
			}
			if want := (map[wire.Format]int{{Enc: c.want}: 30}); !maps.Equal(l.made, want) {
				t.Errorf("made for %s from %s: %v, want %v", c.ask, address, l.made, want)
			}
			l.end()
		})
	}
}

// TestNoForeignEncoding: a viewer that reads f32 only is sent no frame until there is one in f32.
func TestNoForeignEncoding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLecture(t, 300)
		l.student("192.0.2.7", "compact")
		l.play(time.Second) // the newest frame is now in compact only
		old := l.student("192.0.2.8", "f32")
		synctest.Wait()
		if old.frames != 0 {
			t.Errorf("it was sent a frame in %v", old.now())
		}
		l.play(time.Second)
		if old.frames < 29 || old.now() != wire.F32 || old.changes != 1 {
			t.Errorf("it got %d frames, the last in %v, with %d changes", old.frames, old.now(), old.changes)
		}
		l.end()
	})
}

// TestSlowViewer: a viewer that acknowledges late gets small frames, and compact ones again when it has
// been prompt for a while; that while doubles if it is soon late again. Another viewer feels nothing.
func TestSlowViewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLecture(t, 300)
		v, other := l.student("192.0.2.7", "auto"), l.student("192.0.2.8", "auto")
		late := func(is bool) {
			d := 20 * time.Millisecond
			if is {
				d = 400 * time.Millisecond
			}
			v.delay.Store(int64(d))
		}
		for i, step := range []struct {
			late bool
			play time.Duration
			want wire.Encoding
		}{
			{false, 2 * time.Second, wire.Compact},
			{true, 4 * time.Second, wire.Small},
			{false, 10 * time.Second, wire.Compact}, // more than 5 s after it got small ones
			{true, 4 * time.Second, wire.Small},
			{false, 5 * time.Second, wire.Small}, // now it takes 10 s
			{false, 5 * time.Second, wire.Compact},
		} {
			late(step.late)
			l.play(step.play)
			if got := v.now(); got != step.want {
				t.Errorf("step %d: the viewer gets %v, want %v", i, got, step.want)
			}
		}
		if other.changes != 1 || other.now() != wire.Compact {
			t.Errorf("another viewer gets %v after %d changes", other.now(), other.changes)
		}
		l.end()
	})
}

// TestUplink has more and more viewers on a narrow uplink: all get compact frames, then all get small
// ones, then fewer; when most have left, compact ones again. It is never exceeded, no viewer gets
// less than another, and viewers on this computer get everything.
func TestUplink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const mbits = 20 // 2.5 MB/s: 7 viewers with compact frames, 32 with small ones
		l := newLecture(t, mbits)
		here := l.student("127.0.0.1", "auto")
		var viewers []*student
		grow := func(n int) {
			for len(viewers) < n {
				viewers = append(viewers, l.student(fmt.Sprintf("192.0.2.%d", len(viewers)+1), "auto"))
			}
			l.play(2 * time.Second)
		}
		check := func(enc wire.Encoding, least, most float64) {
			t.Helper()
			rates := l.rate(4*time.Second, viewers)
			for i, v := range viewers {
				if v.now() != enc || rates[i] < least || rates[i] > most {
					t.Errorf("viewer %d of %d gets %.1f frames/s in %v, want %v to %v in %v", i+1, len(viewers), rates[i], v.now(), least, most, enc)
					return
				}
			}
		}
		grow(6)
		check(wire.Compact, 29.5, 30.5)
		grow(24)
		check(wire.Small, 29.5, 30.5)
		grow(96) // 2.375 MB/s make 9.7 frames/s
		check(wire.Small, 9, 10.5)
		for _, v := range viewers[5:] {
			v.client.end(closeNormal, "")
		}
		viewers = viewers[:5]
		l.play(8 * time.Second)
		check(wire.Compact, 29.5, 30.5)
		for i, v := range viewers {
			if v.changes != 3 {
				t.Errorf("viewer %d saw %d changes, want 3", i, v.changes)
			}
		}
		for second, bytes := range l.sent {
			if limit := mbits * 1e6 / 8; float64(bytes) > limit {
				t.Errorf("in second %d of the test %d bytes were sent, %.2f of the limit", second-946684800, bytes, float64(bytes)/limit)
			}
		}
		if here.now() != wire.F32 || here.frames < int(l.seq)-1 {
			t.Errorf("the viewer on this computer got %d of %d frames, the last in %v", here.frames, l.seq, here.now())
		}
		l.end()
	})
}

// TestUplinkAtItsLimit has just as many viewers as may have compact frames, and a room whose rate
// varies: they do not change to and fro.
func TestUplinkAtItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLecture(t, 20)
		var viewers []*student
		for i := range 7 {
			viewers = append(viewers, l.student(fmt.Sprintf("192.0.2.%d", i+1), "auto"))
		}
		for i := range 60 {
			l.fps = float64(27 + 4*(i/3%2)) // each for three seconds
			l.play(time.Second)
		}
		for i, v := range viewers {
			if v.changes > 2 || v.now() != wire.Small {
				t.Errorf("viewer %d saw %d changes in a minute, and has %v; want small, at most after compact", i, v.changes, v.now())
			}
		}
		l.end()
	})
}

// TestUplinkIsShared: viewers that read f32 only get fewer frames, not the share of the others.
func TestUplinkIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLecture(t, 20)
		var greedy, modest []*student
		for i := range 4 {
			greedy = append(greedy, l.student(fmt.Sprintf("192.0.2.%d", i+1), "f32"))
			modest = append(modest, l.student(fmt.Sprintf("192.0.2.%d", i+11), "compact"))
		}
		l.play(3 * time.Second)
		for i, r := range l.rate(4*time.Second, modest) {
			if v := modest[i]; r < 29.5 || v.now() == wire.F32 {
				t.Errorf("a viewer with %v gets %.1f frames/s", v.now(), r)
			}
		}
		for _, r := range l.rate(4*time.Second, greedy) {
			if r < 3 || r > 8 {
				t.Errorf("a viewer with f32 gets %.1f frames/s", r)
			}
		}
		l.end()
	})
}

// TestCredit has viewers of each encoding that read badly: one stops acknowledging, one acknowledges
// what was not sent, one reads five frames a second, and one does not read at all. None gets more than
// two frames ahead, what the slow one reads is young, and another viewer gets all frames.
func TestCredit(t *testing.T) {
	for _, enc := range []string{"f32", "compact", "small"} {
		synctest.Test(t, func(t *testing.T) {
			l := newLecture(t, 0)
			other := l.student("192.0.2.1", enc)
			silent := l.enter(&student{}, time.Hour, "192.0.2.2", enc)
			greedy := l.enter(&student{}, time.Hour, "192.0.2.3", enc)
			l.enter(&student{stuck: true}, 0, "192.0.2.4", enc)
			slow := l.enter(&student{one: make(chan int64, 10)}, 0, "192.0.2.5", enc)
			synctest.Wait()
			var late int64 // the most frames that the room was ahead of what the slow one reads
			go func() {
				for {
					select {
					case seq := <-slow.one:
						late = max(late, int64(l.Frame().Seq)-seq)
						time.Sleep(200 * time.Millisecond)
						slow.client.receive(fmt.Appendf(nil, `{"ack":%d}`, seq))
					case <-slow.client.ctx.Done():
						return
					}
				}
			}()
			for i := range 20 {
				greedy.client.receive(fmt.Appendf(nil, `{"ack":%d}`, 1000000-i))
				greedy.client.receive([]byte(`{"ack":1}`)) // the first frame, again and again
			}
			if r := l.rate(20*time.Second, []*student{other, slow}); r[0] < 29.5 || r[1] < 4.5 || r[1] > 5.5 {
				t.Errorf("%s: another viewer gets %.1f frames/s, the slow one %.1f", enc, r[0], r[1])
			}
			if late > 8 {
				t.Errorf("%s: what the slow one reads is %d frames old, %d ms", enc, late, late*1000/30)
			}
			if silent.frames != 2 || greedy.frames != 3 || silent.code != 0 {
				t.Errorf("%s: who does not acknowledge got %d frames, who acknowledged one %d; closed with %d", enc, silent.frames, greedy.frames, silent.code)
			}
			l.play(11 * time.Second)
			if silent.code != closePolicy || greedy.code != closePolicy {
				t.Errorf("%s: after 30 s they were closed with %d and %d, want %d", enc, silent.code, greedy.code, closePolicy)
			}
			l.end()
			time.Sleep(time.Second) // until the slow one is done with its frame
		})
	}
}
