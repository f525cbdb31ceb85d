package web

import (
	"ebmviz/sim/wire"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// meter is what a viewer saw of a room that plays.
type meter struct {
	frames int
	ages   []time.Duration // how old each frame was when it came
	gap    time.Duration   // the longest time between two frames
	err    error
}

// age returns how long ago the newest frame was made.
func (p *peer) age() time.Duration {
	f, err := wire.DecodeFrame(p.text)
	if err != nil {
		return time.Hour
	}
	return time.Since(time.UnixMicro(int64(f.ServerMS * 1000)))
}

// measure watches for a while. A slow viewer takes its time over each frame before it
// acknowledges it.
func (p *peer) measure(d, slow time.Duration) (m meter) {
	p.noAck = slow > 0
	var last time.Time
	for end := time.Now().Add(d); time.Now().Before(end); {
		name, _, err := p.next()
		if err != nil {
			m.err = err
			return m
		}
		if name != "frame" {
			continue
		}
		now := time.Now()
		if m.frames++; !last.IsZero() {
			m.gap = max(m.gap, now.Sub(last))
		}
		last = now
		m.ages = append(m.ages, p.age())
		if slow > 0 {
			time.Sleep(slow)
			p.say(fmt.Sprintf(`{"ack":%d}`, p.last))
		}
	}
	return m
}

// quantile returns the q-th quantile of some durations.
func quantile(all []time.Duration, q float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))]
}

// crowd lets n viewers in, each reading in a goroutine of its own, and returns what they
// saw in d.
func (h *host) crowd(room string, n int, d time.Duration) (fewest int, ages []time.Duration) {
	h.t.Helper()
	peers := make([]*peer, n)
	for i := range peers {
		peers[i] = h.join(room, "")
	}
	meters := make([]meter, n)
	var all sync.WaitGroup
	for i, p := range peers {
		all.Go(func() { meters[i] = p.measure(d, 0) })
	}
	all.Wait()
	fewest = meters[0].frames
	for _, m := range meters {
		if m.err != nil {
			h.t.Error(m.err)
		}
		fewest = min(fewest, m.frames)
		ages = append(ages, m.ages...)
	}
	return fewest, ages
}

// play sets a room going with small pictures, so that the test's own viewers, which share
// the machine with the server, can follow.
func (h *host) play(room, token string) *peer {
	d := h.join(room, token)
	d.say(`{"view":{"grid":64}}`)
	d.say(`{"do":"play","id":1}`)
	if r := d.answer(1); !r.State.Playing {
		h.t.Fatalf("it does not play: %+v", r)
	}
	return d
}

func commandsOverTheLimit(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d, v := h.play(room, token), h.join(room, "")
	const window = 1500 * time.Millisecond
	least := 20.0 // frames a second for the other viewer
	if !long() {  // the cores are shared: a quarter of what it sees before the flood
		least = min(2.5, float64(v.measure(window, 0).frames)/window.Seconds()/4)
	}
	var refused, done atomic.Int64
	go func() {
		for i := range 1000 {
			d.write(fmt.Sprintf(`{"set":{"knob":"height","value":%d},"id":%d}`, i%9+1, i+10))
		}
	}()
	var all sync.WaitGroup
	start := time.Now()
	all.Go(func() {
		for refused.Load()+done.Load() < 1000 {
			name, text, err := d.next()
			switch {
			case err != nil:
				t.Error(err)
				return
			case name == "error" && (strings.Contains(string(text), "more than 60 commands in a second") || strings.Contains(string(text), "more than 60 commands wait")):
				refused.Add(1)
			case name == "state" && strings.Contains(string(text), `"id":`):
				done.Add(1)
			}
		}
	})
	var took float64 // seconds, once it is over
	over := make(chan struct{})
	go func() {
		all.Wait()
		took = time.Since(start).Seconds()
		close(over)
	}()
	frames, windows := 0, 0
	for flooded := true; flooded; windows++ {
		m := v.measure(window, 0)
		if m.err != nil {
			t.Fatal(m.err)
		}
		frames += m.frames
		select {
		case <-over:
			flooded = false
		default:
		}
	}
	if most := 60 * (took + 2); float64(done.Load()) > most || done.Load() < 60 {
		t.Errorf("%d of 1000 commands were carried out in %.1f s", done.Load(), took)
	}
	fps := float64(frames) / float64(windows) / window.Seconds()
	t.Logf("%d commands carried out and %d refused in %.1f s; another viewer saw %.1f frames/s", done.Load(), refused.Load(), took, fps)
	if fps < least {
		t.Errorf("another viewer saw %.1f frames/s, want %.1f at least", fps, least)
	}
}

func silentSocket(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.ping = 100 * time.Millisecond })
	room, _ := h.room()
	start := time.Now() // before the server begins to ping
	idle, awake := h.join(room, ""), h.join(room, "")
	left := make(chan int)
	go func() { left <- awake.closed() }()
	// The first one does not read, and so does not answer pings.
	for len(h.socketsOf(room)) > 1 && time.Since(start) < maxWait {
		time.Sleep(time.Millisecond)
	}
	took := time.Since(start)
	if code := idle.closed(); code != websocket.CloseGoingAway {
		t.Errorf("the socket that does not read was closed with %d", code)
	}
	if took < 250*time.Millisecond || took > maxWait {
		t.Errorf("it was closed after %v, with a ping each 100 ms", took)
	}
	select {
	case code := <-left:
		t.Errorf("the socket that answers was closed too, with %d", code)
	default:
	}
	awake.Close()
	<-left
}

// socketsOf lists the sockets of a room.
func (h *host) socketsOf(id string) (all []*client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.sockets {
		if c.room.id == id && c.ctx.Err() == nil {
			all = append(all, c)
		}
	}
	return all
}

// fair is a limit: the full one on a machine that does nothing else (the long test), and a
// mild one where the cores are shared with other tests. The figures themselves are printed.
func fair(alone, shared int) int {
	if long() {
		return alone
	}
	return shared
}

func zeroWindowAmongMany(t *testing.T) {
	n, seconds, least := 40/slack, 2*time.Second, float64(fair(25/slack, 2))
	if long() {
		n, seconds = 199, 5*time.Second
	}
	h := serve(t, func(s *Server) { s.timing.write = 500 * time.Millisecond })
	room, token := h.room()
	h.play(room, token)

	// One viewer acknowledges without reading, until its window is shut.
	stuck := h.join(room, "")
	stuck.await("frame")
	end := make(chan struct{})
	var shouting sync.WaitGroup
	shouting.Go(func() {
		for seq := stuck.last; ; seq++ {
			if stuck.write(fmt.Sprintf(`{"ack":%d}`, seq)) != nil {
				return
			}
			select {
			case <-end:
				return
			case <-time.After(33 * time.Millisecond):
			}
		}
	})
	fewest, ages := h.crowd(room, n, seconds)
	close(end)
	shouting.Wait()
	fps := float64(fewest) / seconds.Seconds()
	t.Logf("%d viewers: the unluckiest saw %.1f frames/s; age of a frame: median %v, p99 %v", n, fps, quantile(ages, .5), quantile(ages, .99))
	if fps < least {
		t.Errorf("the unluckiest viewer saw %.1f frames/s, want %.1f at least", fps, least)
	}
}

func slowReader(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	h.play(room, token)
	v := h.join(room, "")
	m := v.measure(3*time.Second, 200*time.Millisecond)
	if m.err != nil {
		t.Fatal(m.err)
	}
	ages := m.ages[min(2, len(m.ages)):] // the first were made before it played
	t.Logf("%d frames, age: median %v, p99 %v", m.frames, quantile(ages, .5), quantile(ages, .99))
	if p := quantile(ages, .99); len(ages) < fair(8, 4) || p > time.Duration(fair(300, 1000))*time.Millisecond { // without a credit it is late by 2 s and more
		t.Errorf("%d frames, of which the oldest was %v old", len(ages), p)
	}
}

func neverAcknowledges(t *testing.T) {
	if defaultTiming.ack != 30*time.Second {
		t.Errorf("an acknowledgment may take %v, want 30s", defaultTiming.ack)
	}
	h := serve(t, func(s *Server) { s.timing.ack = 400 * time.Millisecond })
	room, token := h.room()
	h.play(room, token)
	v := h.join(room, "")
	v.noAck = true
	start := time.Now()
	if code := v.closed(); code != websocket.ClosePolicyViolation {
		t.Errorf("closed with %d", code)
	}
	if v.seen != credit || time.Since(start) < 300*time.Millisecond {
		t.Errorf("%d frames in %v, want 2", v.seen, time.Since(start))
	}
}

func acknowledgesTooMuch(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.ack = slack * 400 * time.Millisecond })
	room, token := h.room()
	h.play(room, token)
	v := h.join(room, "")
	v.noAck = true
	v.await("frame")
	first := v.last
	v.await("frame") // now all the credit is out
	for i := range 20 {
		v.say(fmt.Sprintf(`{"ack":%d}`, first))
		v.say(fmt.Sprintf(`{"ack":%d}`, 4294967295-i))
	}
	v.closed()
	if want := 1 + credit; v.seen != want {
		t.Errorf("%d frames for one that was acknowledged 20 times, want %d", v.seen, want)
	}
}

func panicInAModel(t *testing.T) {
	h := serve(t, nil)
	good, token := h.room()
	h.play(good, token)
	v := h.join(good, "")
	var m meter
	var watching sync.WaitGroup
	watching.Go(func() { m = v.measure(1500*time.Millisecond, 0) })
	for _, fault := range []string{"step", "grid"} {
		bad, token := h.room()
		d := h.join(bad, token)
		d.say(`{"do":"play"}`)
		d.say(`{"set":{"knob":"fault","value":"` + fault + `"}}`)
		r := d.awaitThat("state", func(r reply) bool { return r.State.Halt != nil })
		if r.State.Halt.Code != "panic" || !strings.Contains(r.State.Halt.Message, "the bowl broke") || r.State.Playing {
			t.Errorf("a panic in the %s: %+v", fault, r.State.Halt)
		}
	}
	watching.Wait()
	t.Logf("frames of another room: %d in 1.5 s, longest gap %v", m.frames, m.gap)
	if m.err != nil || m.frames < fair(30, 4) || long() && m.gap > slack*100*time.Millisecond {
		t.Errorf("another room showed %d frames, the longest gap %v, error %v", m.frames, m.gap, m.err)
	}
	if status, _ := h.do("GET", "/healthz", ""); status != 200 {
		t.Error("the server is not well")
	}
}

func shutdownWithManyViewers(t *testing.T) {
	n := 60 / slack
	if long() {
		n = 200
	}
	h := serve(t, nil)
	room, token := h.room()
	peers := []*peer{h.play(room, token)}
	for len(peers) < n {
		peers = append(peers, h.join(room, ""))
	}
	codes := make([]int, n)
	var all sync.WaitGroup
	for i, p := range peers {
		all.Go(func() { codes[i] = p.closed() })
	}
	start := time.Now()
	h.stop()
	err := <-h.served
	took := time.Since(start)
	h.served <- err // for the cleanup
	all.Wait()
	t.Logf("%d viewers closed in %v", n, took)
	for i, code := range codes {
		if code != websocket.CloseGoingAway {
			t.Errorf("viewer %d was closed with %d", i, code)
		}
	}
	if err != nil || took > 3*time.Second {
		t.Errorf("shutdown took %v: %v", took, err)
	}
}
