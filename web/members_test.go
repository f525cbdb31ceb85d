package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/room"
	"ebmviz/sim/wire"
	"ebmviz/web/class"
)

// forkingClass is a server with a class.
type forkingClass struct {
	*host
	of   *class.Class
	room string
}

// serveClassroom starts a server that is open to others, with a room of that model, and its class.
func serveClassroom(t *testing.T, o Options, model string) *forkingClass {
	t.Helper()
	o.Open = true
	h := serveWith(t, o, nil)
	invitation, err := h.OpenClass(sim.Config{Model: model})
	if err != nil {
		t.Fatal(err)
	}
	return &forkingClass{h, h.rooms.find(invitation.Room).class.Load(), invitation.Room}
}

// owner enters a room of the class as its owner.
func (c *forkingClass) owner(room string) *peer { return c.join(room, c.token) }

// member adds a member, and returns the key and the id.
func (c *forkingClass) member() (key, id string) {
	c.t.Helper()
	key, _, err := c.of.Join("")
	if err != nil {
		c.t.Fatal(err)
	}
	id, _, _ = strings.Cut(key, ".")
	return key, id
}

// enter opens a socket to a room with the key of a member, and returns the answer to hello.
func (c *forkingClass) enter(room, key string) (*peer, reply) {
	c.t.Helper()
	p := c.dial(room)
	return p, p.hello(key)
}

// hello says hello with the key of a member, and returns the answer.
func (p *peer) hello(key string) reply {
	p.t.Helper()
	p.say(`{"hello":{"member":"` + key + `","catalog":"-"},"id":1}`)
	return p.answer(1)
}

// fork has a member fork a room, and enters the fork.
func (c *forkingClass) fork(p *peer, key string) (*peer, string) {
	c.t.Helper()
	p.say(`{"fork":{},"id":2}`)
	r := p.answer(2)
	if r.Forked.Room == "" {
		c.t.Fatalf("fork: %+v", r.Error)
	}
	f, r2 := c.enter(r.Forked.Room, key)
	if r2.Welcome.Role != "driver" {
		c.t.Fatalf("a member is %q in their own fork: %+v", r2.Welcome.Role, r2.Error)
	}
	return f, r.Forked.Room
}

// person is an entry of the message "people".
type person struct {
	ID, Where, Room string
	Index           int
}

// awaitPerson reads on until the entry of a member fulfills a condition.
func (p *peer) awaitPerson(id string, good func(person) bool) person {
	p.t.Helper()
	for {
		name, text, err := p.next()
		if err != nil {
			p.t.Fatalf("while waiting for what people says of %s: %v", id, err)
		}
		if name != "people" {
			continue
		}
		var m struct{ People []person }
		if err := json.Unmarshal(text, &m); err != nil {
			p.t.Fatal(err)
		}
		for _, who := range m.People {
			if who.ID == id && good(who) {
				return who
			}
		}
	}
}

// TestForkOfMember: a member forks the room of the class at its step, to the bit. The fork is driven by the
// member and by the owner, and by nobody else; the owner sees where the member is. The member can end it.
func TestForkOfMember(t *testing.T) {
	c := serveClassroom(t, Options{}, "bowl")
	owner := c.owner(c.room)
	owner.say(`{"seek":{"step":12},"id":1}`)
	owner.answer(1)
	for owner.step() != 12 {
		owner.await("frame")
	}
	key, id := c.member()
	m, _ := c.enter(c.room, key)
	m.await("frame")
	f, fork := c.fork(m, key)
	f.await("frame")
	if !bytes.Equal(f.text[64:], m.text[64:]) { // all but the head, which says when it was made
		t.Error("the first frame of the fork is not that of the room")
	}
	who := owner.awaitPerson(id, func(p person) bool { return p.Room != "" && p.Where == "forked" })
	if e := c.rooms.find(fork); who.Room != fork || who.Index != 1 || e.index != 1 || e.owner != id {
		t.Errorf("the owner is told of %+v; the fork is %s", who, fork)
	}
	f.say(`{"set":{"knob":"height","value":2},"id":3}`)
	if r := f.answer(3); r.State.Knobs["height"] != 2. || r.State.Step != 12 {
		t.Errorf("the member sets a knob: %+v", r)
	}
	ownerInFork := c.owner(fork)
	ownerInFork.say(`{"do":"step","id":4}`)
	if r := ownerInFork.answer(4); r.State.Step != 13 {
		t.Errorf("the owner makes a step in the fork: %+v", r)
	}
	ownerInFork.Close()
	otherKey, _ := c.member()
	other, r := c.enter(fork, otherKey)
	if r.Welcome.Role == "driver" {
		t.Errorf("another member is %q in the fork", r.Welcome.Role)
	}
	other.say(`{"do":"step","id":4}`)
	if r := other.answer(4); r.Error.Code != "forbidden" {
		t.Errorf("another member makes a step in the fork: %+v", r)
	}
	other.Close()
	m.say(`{"set":{"knob":"height","value":3},"id":5}`)
	if r := m.answer(5); r.Error.Code != "forbidden" {
		t.Errorf("the member sets a knob of the class: %+v", r)
	}
	for _, test := range []struct {
		key, room string
		want      int
	}{{otherKey, fork, 403}, {key, c.room, 403}, {key, fork, 204}} {
		if status, text := c.do("DELETE", "/api/rooms/"+test.room, "", "Authorization", "Bearer "+test.key); status != test.want {
			t.Errorf("DELETE of %s by %s: %d %s; want %d", test.room, test.key, status, text, test.want)
		}
	}
	f.closed()
	owner.awaitPerson(id, func(p person) bool { return p.Room == "" })
}

// TestForksOfMember: a member has two forks at a time. A third takes the place of one that nobody watches,
// and is refused while both are watched.
func TestForksOfMember(t *testing.T) {
	c := serveClassroom(t, Options{}, "bowl")
	key, id := c.member()
	m, _ := c.enter(c.room, key)
	f1, first := c.fork(m, key)
	f2, second := c.fork(f1, key)
	m.say(`{"fork":{},"id":3}`)
	if r := m.answer(3); r.Error.Code != overQuota || !strings.Contains(r.Error.Message, "2 copies") {
		t.Errorf("a third fork: %+v", r)
	}
	otherKey, _ := c.member()
	other, _ := c.enter(c.room, otherKey)
	c.fork(other, otherKey) // others have their own
	f1.Close()
	for c.rooms.viewers(first) > 0 {
		time.Sleep(time.Millisecond)
	}
	f3, third := c.fork(m, key)
	if c.rooms.find(first) != nil || c.rooms.find(second) == nil || c.rooms.find(third) == nil {
		t.Error("the third fork did not take the place of the one that nobody watches")
	}
	owner := c.owner(c.room)
	f3.Close()
	if status, _ := c.do("DELETE", "/api/rooms/"+third, "", "Authorization", "Bearer "+key); status != 204 {
		t.Errorf("DELETE: %d", status)
	}
	if who := owner.awaitPerson(id, func(p person) bool { return p.Room != third }); who.Room != second {
		t.Errorf("after the newest fork has ended, the owner is told of %+v; want %s", who, second)
	}
	f2.Close()
	for i := int64(10); ; i++ {
		m.say(`{"fork":{},"id":` + itoa(i) + `}`)
		if r := m.answer(i); r.Error.Code != "" {
			if !strings.Contains(r.Error.Message, "5 copies of the run in 10 seconds") {
				t.Errorf("many forks: %+v", r)
			}
			break
		}
	}
}

// TestEndOfClass ends the room of a class: its forks end, and their sockets.
func TestEndOfClass(t *testing.T) {
	c := serveClassroom(t, Options{}, "bowl")
	key, _ := c.member()
	m, _ := c.enter(c.room, key)
	f, fork := c.fork(m, key)
	owner := c.owner(c.room)
	owner.say(`{"fork":{},"id":2}`)
	ownFork := owner.answer(2).Forked.Room
	board := c.owner(c.room + boardSuffix)
	if status, text := c.do("DELETE", "/api/rooms/"+c.room, "", "Authorization", "Bearer "+c.token); status != 204 {
		t.Fatalf("DELETE: %d %s", status, text)
	}
	for _, p := range []*peer{m, f, owner, board} {
		if code := p.closed(); code != closeGoingAway {
			t.Errorf("a socket of the class was closed with %d", code)
		}
	}
	for _, id := range []string{fork, ownFork, c.room, c.room + boardSuffix} {
		if c.rooms.findOrBoard(id) != nil {
			t.Errorf("%s is still there", id)
		}
	}
}

// TestRulesOfForks: the owner pauses the forks, bounds their steps and removes a member, whose forks end.
func TestRulesOfForks(t *testing.T) {
	c := serveClassroom(t, Options{}, "bowl")
	key, id := c.member()
	m, _ := c.enter(c.room, key)
	f, fork := c.fork(m, key)
	owner := c.owner(c.room)
	rule := func(people string) {
		t.Helper()
		owner.say(`{"people":` + people + `,"id":5}`)
		if r := owner.answer(5); r.Error.Code != "" {
			t.Fatalf("%s: %+v", people, r.Error)
		}
	}
	refused := func(want string, messages ...string) {
		t.Helper()
		for _, text := range messages {
			f.say(`{` + text + `,"id":6}`)
			if r := f.answer(6); r.Error.Code != "bounded" || r.Error.Message != want {
				t.Errorf("%s: %+v; want %q", text, r.Error, want)
			}
		}
	}
	f.say(`{"do":"play","id":3}`)
	f.answer(3)
	f.await("frame")
	rule(`{"pause":true}`)
	f.awaitThat("state", func(r reply) bool { return !r.State.Playing })
	refused("the teacher has paused all copies; the step cannot be changed now", `"do":"play"`, `"do":"step"`, `"seek":{"step":0}`)
	rule(`{"pause":false}`)
	rule(`{"between":[0,3]}`)
	refused("copies of the run may go from step 0 to step 3; step 4 is outside", `"seek":{"step":4}`)
	f.say(`{"seek":{"step":0},"id":7}`)
	f.answer(7)
	f.say(`{"do":"play","id":8}`)
	atBound := func(r reply) bool { return !r.State.Playing && r.State.Step == 3 }
	if !atBound(f.answer(8)) { // the newest state may say so already
		f.awaitThat("state", atBound)
	}
	owner.say(`{"do":"play","id":9}`) // the class itself is free
	owner.answer(9)
	for owner.step() < 5 {
		owner.await("frame")
	}
	rule(`{"remove":"` + id + `"}`)
	f.closed()
	m.closed()
	if e, err := c.rooms.fork(t.Context(), c.rooms.find(c.room), id, nil); err == nil { // it was asked for before
		t.Errorf("a member who was removed has the fork %s", e.id)
	}
	if !c.gone(fork) {
		t.Error("the fork of a member who was removed is still there")
	}
}

// TestClassKeepsItsPlace fills a server: forks take the place of forks that nobody watches, never that of
// the room of a class.
func TestClassKeepsItsPlace(t *testing.T) {
	c := serveClassroom(t, Options{Rooms: 4}, "bowl")
	c.timing.place = 0
	for i := range 5 {
		key, _ := c.member()
		if e, err := c.rooms.fork(t.Context(), c.rooms.find(c.room), key[:8], nil); err != nil || c.rooms.find(e.id) == nil {
			t.Fatalf("fork %d: %v", i, err)
		}
		if c.rooms.find(c.room) == nil {
			t.Fatal("the room of the class has ended")
		}
	}
	if n := c.rooms.count(); n != 4 {
		t.Errorf("there are %d rooms", n)
	}
}

// TestMemberQuotas has a member ask for too much. The others feel nothing.
func TestMemberQuotas(t *testing.T) {
	c := serveClassroom(t, Options{}, "bowl")
	key, _ := c.member()
	otherKey, _ := c.member()
	m, _ := c.enter(c.room, key)
	again, _ := c.enter(c.room, key) // a second socket has no quota of its own
	for i := range int64(2 * memberProbes) {
		[]*peer{m, again}[i%2].say(`{"probe":{"y":[0,0]}}`)
	}
	m.say(`{"probe":{"y":[0,0]},"id":3}`)
	if r := m.answer(3); r.Error.Code != overQuota || !strings.Contains(r.Error.Message, "you can ask 20 times a second") {
		t.Errorf("probes beyond the quota: %+v", r)
	}
	other, _ := c.enter(c.room, otherKey)
	other.say(`{"probe":{"y":[0,0]},"id":3}`)
	if r := other.answer(3); r.Error.Code != "" {
		t.Errorf("the probe of another member: %+v", r)
	}

	start := time.Now()
	for status := 200; status != http.StatusTooManyRequests; { // files count as probes do
		if time.Since(start) > maxWait {
			t.Fatal("a member may ask for any number of files")
		}
		if status, _ = c.do("GET", "/api/rooms/"+c.room+"/files/frame.bin", "", "Authorization", "Bearer "+key); status != 200 && status != http.StatusTooManyRequests {
			t.Fatalf("a file of the room: %d", status)
		}
	}
	if status, _ := c.do("GET", "/api/rooms/"+c.room+"/files/frame.bin", "", "Authorization", "Bearer "+otherKey); status != 200 {
		t.Errorf("a file for another member: %d", status)
	}

	f, fork := c.fork(m, key)
	put := func(key string) (int, string) {
		return c.do("PUT", "/api/rooms/"+fork+"/points", `{"points":[[0,0],[1,1]]}`+strings.Repeat(" ", 3<<20), "Authorization", "Bearer "+key)
	}
	if status, text := put(key); status != 200 {
		t.Errorf("3 MB of points: %d %.200s", status, text)
	}
	if status, text := put(key); status != 429 || !strings.Contains(text, "you can send 4 MB") {
		t.Errorf("6 MB of points in a minute: %d %.200s", status, text)
	}
	if status, text := put(c.token); status != 200 {
		t.Errorf("the owner's points: %d %.200s", status, text)
	}
	f.say(`{"do":"step","id":4}`)
	if r := f.answer(4); r.Error.Code != "" {
		t.Errorf("after that, a step: %+v", r.Error)
	}

	// All members together.
	now := time.Now()
	q := &quotas{}
	answered := 0
	for i := range 2 * classProbes {
		if q.probe(itoa(int64(i)), true, now) == nil {
			answered++
		}
	}
	if answered != classProbes || q.probe("0", false, now) != nil {
		t.Errorf("of %d members, %d probes were answered", 2*classProbes, answered)
	}
}

// TestRoomsOfAddress opens many rooms from one address where anyone may open rooms.
func TestRoomsOfAddress(t *testing.T) {
	h := serveWith(t, Options{Open: true, AnyoneOpen: true}, nil)
	first := ""
	for range maxRoomsFrom {
		e, err := h.rooms.open(sim.Config{Model: "bowl"}, "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = e.id
		}
		if !h.rooms.enter(e) {
			t.Fatal("the room has ended")
		}
	}
	if _, err := h.rooms.open(sim.Config{Model: "bowl"}, "192.0.2.1"); err != errAddressRooms {
		t.Errorf("one room too many from an address: %v", err)
	}
	if _, err := h.rooms.open(sim.Config{Model: "bowl"}, "192.0.2.2"); err != nil {
		t.Errorf("from another address: %v", err)
	}
	h.rooms.leave(h.rooms.find(first))
	if _, err := h.rooms.open(sim.Config{Model: "bowl"}, "192.0.2.1"); err != nil || h.rooms.find(first) != nil {
		t.Errorf("after one was left: %v", err)
	}
}

// TestForksLeaveNothing opens and ends a thousand forks, each with a socket: goroutines and memory return to
// where they were.
func TestForksLeaveNothing(t *testing.T) {
	notShort(t)
	c := serveClassroom(t, Options{}, "bowl")
	key, id := c.member()
	round := func(n int) {
		for range n {
			e, err := c.rooms.fork(context.Background(), c.rooms.find(c.room), id, nil)
			if err != nil {
				t.Fatal(err)
			}
			conn, _, err := c.handshake(e.id, nil)
			if err != nil {
				t.Fatal(err)
			}
			p := &peer{connection: conn, t: t}
			if r := p.hello(key); r.Welcome.Role != "driver" {
				t.Fatalf("hello: %+v", r.Error)
			}
			if status, text := c.do("DELETE", "/api/rooms/"+e.id, "", "Authorization", "Bearer "+key); status != 204 {
				t.Fatalf("DELETE: %d %s", status, text)
			}
			p.Close()
		}
	}
	settled := func(most int) (goroutines int, heap uint64) {
		for end := time.Now().Add(maxWait); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if goroutines = runtime.NumGoroutine(); goroutines <= most {
				break
			}
		}
		runtime.GC()
		runtime.GC() // what pools hold goes with the second
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return goroutines, m.HeapAlloc
	}
	round(50)
	before, heap := settled(0)
	round(1000)
	after, more := settled(before + 4)
	if after > before+4 || more > heap+4<<20 {
		t.Errorf("goroutines: %d, then %d; memory: %d MB, then %d MB", before, after, heap>>20, more>>20)
	}
	if c.rooms.count() != 1 || c.rooms.turns.Waiting() != 0 {
		t.Errorf("%d rooms are left, %d wait for a turn", c.rooms.count(), c.rooms.turns.Waiting())
	}
}

// TestBoard shows the owner small pictures of the forks; it asks nothing of the forks, and nobody else gets
// it.
func TestBoard(t *testing.T) {
	c := serveClassroom(t, Options{}, "bowl")
	key, _ := c.member()
	m, _ := c.enter(c.room, key)
	board := c.owner(c.room + boardSuffix)
	pictures := func(good func([]wire.SmallPicture) bool) []wire.SmallPicture {
		t.Helper()
		for {
			board.await("frame")
			f, err := wire.DecodeFrame(board.text)
			if err != nil {
				t.Fatal(err)
			}
			if f.NX != 0 || len(f.Grid) > 0 {
				t.Errorf("a frame of the board has a grid of %d", f.NX)
			}
			if good(f.Pictures) {
				return f.Pictures
			}
		}
	}
	pictures(func(p []wire.SmallPicture) bool { return len(p) == 0 })
	f, fork := c.fork(m, key)
	p := pictures(func(p []wire.SmallPicture) bool { return len(p) == 1 && p[0].Status == wire.Paused })[0]
	if p.Index != 1 || p.NX != 48 || p.NY != 48 || p.Step != 0 || p.Measure < 0 || p.Measure > 1 || !(p.Lo < p.Hi) {
		t.Errorf("the picture of a fork is %+v", p)
	}
	if text := string(c.rooms.findOrBoard(c.room + boardSuffix).Describe().JSON); !strings.Contains(text, `"forks":{"1":{"model":"bowl","data":"spiral"}}`) {
		t.Errorf("the board does not say what the fork learns: %s", text)
	}
	f.say(`{"do":"play","id":3}`)
	f.answer(3)
	pictures(func(p []wire.SmallPicture) bool { return p[0].Status == wire.Playing && p[0].Step > 20 })
	f.Close()
	p = pictures(func(p []wire.SmallPicture) bool { return p[0].Status == wire.Asleep })[0]
	if v := c.rooms.viewers(fork); v != 0 || len(p.Cells) != 48*48 {
		t.Errorf("asleep, a fork has %d viewers and a picture of %d cells", v, len(p.Cells))
	}
	seq := board.last
	if r := func() reply { board.say(`{"do":"play","id":9}`); return board.answer(9) }(); r.Error.Code != "forbidden" {
		t.Errorf("a command to the board: %+v", r)
	}
	for _, say := range []string{`{"member":"` + key + `"}`, `{"token":"` + c.of.ScreenKey() + `"}`, `{}`} {
		p := c.dial(c.room + boardSuffix)
		p.say(`{"hello":` + say + `,"id":1}`)
		if r := p.answer(1); r.Error.Code == "" {
			t.Errorf("hello %s to the board: %+v", say, r.Welcome)
		}
		p.Close()
	}
	if e := c.rooms.findOrBoard(c.room + boardSuffix); e.Frame().Seq != seq {
		t.Errorf("nothing has changed, and the board shows frame %d after %d", e.Frame().Seq, seq)
	}
}

// BenchmarkBoard makes the board of 500 forks, of which 32 have changed.
func BenchmarkBoard(b *testing.B) {
	picture := sim.Picture{NX: 128, NY: 128, Grid: make([]float32, 128*128), Hi: 1}
	for i := range picture.Grid {
		picture.Grid[i] = float32(i%97) / 97
	}
	rs := &rooms{byID: map[string]*entry{}}
	of := class.New(class.Options{Room: "class"})
	parent := &entry{id: "class", Room: newFed()}
	parent.class.Store(of)
	rs.byID["class"] = parent
	feds := make([]*fed, 500)
	show := func(f *fed) {
		small := wire.PictureOf(&picture, 48, nil)
		f.PublishFrame(&room.Frame{Small: &small})
	}
	for i := range feds {
		feds[i] = newFed()
		e := &entry{id: itoa(int64(i)), Room: feds[i], owner: "m", index: i + 1}
		e.class.Store(of)
		rs.byID[e.id] = e
		show(feds[i])
	}
	board := newBoard(parent, rs)
	defer board.Close()
	for _, look := range []wire.Look{{}, {Enc: wire.Compact}, {Enc: wire.Small}} {
		b.Run(look.Format(0).Enc.String(), func(b *testing.B) {
			feed := board.Watch(look)
			defer feed.Close()
			bytes := 0
			for b.Loop() {
				b.StopTimer()
				for _, f := range feds[:32] {
					show(f)
				}
				b.StartTimer()
				bytes = len(board.frame(board.pictures()).Bytes(look))
			}
			b.ReportMetric(float64(bytes), "B/frame")
		})
	}
}
