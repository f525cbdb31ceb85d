package class

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// told is what a socket was told last, by the names of the messages.
type told struct {
	Banner struct {
		Here, Members, Gathered int
		Lead                    string
		Locked, Lobby           bool
		Names, Paused           bool
		Between                 *[2]uint64
	}
	People []struct {
		ID, Name, Where, Room string
		Chalk, Answered, You  bool
		Index                 *int
	}
	Shown map[string]any
	Act   *struct {
		ID                     int64
		Kind, Phase, Text      string
		Choices, Why           []string
		Limit, Answered, Total int
		Here                   int
		Counts, Earlier, Right []int
		Points                 [][2]float64
		Circles                [][3]float64
		Share                  *float64
		From, To               *uint64
		Names                  [][2]any
		Mine                   *answer
	}
}

// socket is a feed and what it was told.
type socket struct {
	*Feed
	t testing.TB
	told
	count int // messages
}

// listen reads all that the class has to tell, also what is held back for a while.
func (s *socket) listen() *told {
	s.t.Helper()
	for range 200 {
		select {
		case <-s.Next():
		default:
			return &s.told
		}
		s.read()
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatal("the class does not stop telling")
	return nil
}

// read reads what the class tells now.
func (s *socket) read() {
	s.t.Helper()
	for _, m := range s.Messages() {
		s.count++
		if strings.HasPrefix(string(m), `{"act"`) {
			s.told.Act = nil // a part that is missing is not the one of before
		}
		if strings.HasPrefix(string(m), `{"shown"`) {
			s.told.Shown = nil
		}
		if strings.HasPrefix(string(m), `{"people"`) {
			s.told.People = nil
		}
		if err := json.Unmarshal(m, &s.told); err != nil {
			s.t.Fatalf("%s: %v", m, err)
		}
	}
}

// do sends a message, as JSON.
func (s *socket) do(text string) error {
	s.t.Helper()
	r, err := wire.DecodeRequest([]byte(text))
	if err != nil {
		return err
	}
	return s.Do(context.Background(), r)
}

func (s *socket) must(text string) {
	s.t.Helper()
	if err := s.do(text); err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
}

func watch(t testing.TB, c *Class, w Who) *socket {
	return &socket{Feed: c.Watch(w), t: t}
}

// person joins and opens a socket.
func join(t testing.TB, c *Class) (s *socket, id, key string) {
	t.Helper()
	key, _, err := c.Join("")
	if err != nil {
		t.Fatal(err)
	}
	id, err = c.Member(key)
	if err != nil {
		t.Fatal(err)
	}
	return watch(t, c, Who{Member: id}), id, key
}

func codeOf(err error) sim.Code { return sim.CodeOf(err) }

// ramp is a landscape whose energy is the scale times y1, plus a constant.
func ramp(step uint64, scale, constant float64) Landscape {
	l := Landscape{Step: step, NX: 4, NY: 2, X0: -1.5, X1: 1.5, Y0: -1.5, Y1: 1.5}
	for range l.NY {
		for i := range l.NX {
			l.Energy = append(l.Energy, float32(scale*(-1.5+3*(float64(i)+.5)/4)+constant))
		}
	}
	return l
}

func TestJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r", Members: 3})
		owner := watch(t, c, Who{Role: wire.Driver})
		var keys, names []string
		for range 3 {
			key, name, err := c.Join("ignored")
			if err != nil {
				t.Fatal(err)
			}
			id, secret, _ := strings.Cut(key, ".")
			if len(id) != 8 || len(secret) != 32 || slices.Contains(names, name) || name == "ignored" {
				t.Errorf("member %s is %q, besides %q", key, name, names)
			}
			keys, names = append(keys, key), append(names, name)
		}
		time.Sleep(time.Second)
		if _, _, err := c.Join(""); codeOf(err) != FullError {
			t.Errorf("the fourth of three: %v", err)
		}
		for _, wrong := range []string{"", ".", keys[0][:8], keys[0][:8] + ".", keys[0] + "0", keys[0][:40], keys[0][:8] + keys[1][8:], "00000000." + keys[0][9:]} {
			if id, err := c.Member(wrong); codeOf(err) != CodeError {
				t.Errorf("the key %q is that of %q, %v", wrong, id, err)
			}
		}
		if b := owner.listen().Banner; b.Members != 3 || b.Here != 0 || len(owner.People) != 3 || owner.People[0].Where != "away" {
			t.Errorf("three who have not opened a socket: %+v, %+v", b, owner.People)
		}

		// Who never came loses the place; who came keeps it for longer.
		id, err := c.Member(keys[0])
		if err != nil {
			t.Fatal(err)
		}
		s := watch(t, c, Who{Member: id})
		s.Close()
		time.Sleep(neverCame + time.Second)
		key, _, err := c.Join("")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Member(keys[0]); err != nil {
			t.Errorf("who left %v ago: %v", neverCame, err)
		}
		if _, err := c.Member(keys[1]); codeOf(err) != CodeError {
			t.Errorf("who never came: %v", err)
		}
		if _, err := c.Member(key); err != nil {
			t.Error(err)
		}
		if _, _, err := c.Join(""); err != nil {
			t.Errorf("another one, for the second who never came: %v", err)
		}
		time.Sleep(neverCame - time.Second)
		if _, _, err := c.Join(""); codeOf(err) != FullError {
			t.Errorf("the places of one who left a while ago, and of two who came just now: %v", err)
		}
		owner.must(`{"people":{"lock":true}}`)
		if _, _, err := c.Join(""); codeOf(err) != LockedError {
			t.Errorf("a locked class: %v", err)
		}
		c.Close()
		if _, _, err := c.Join(""); codeOf(err) != EndedError {
			t.Errorf("a class that has ended: %v", err)
		}
		if _, err := c.Member(keys[0]); codeOf(err) != EndedError {
			t.Errorf("a key of a class that has ended: %v", err)
		}
		select {
		case <-owner.Next():
		default:
			t.Error("the end wakes nobody")
		}
		if owner.Err() == nil || owner.Messages() != nil || owner.do(`{"people":{"lock":false}}`) == nil {
			t.Error("a feed goes on after the class has ended")
		}
	})
}

// TestJoinRate has robots join: the places fill once, then few a second come in.
func TestJoinRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{})
		joined, busy := 0, 0
		for range 10000 { // in a minute
			switch _, _, err := c.Join(""); codeOf(err) {
			case "":
				joined++
			case sim.Limit:
				busy++
			}
			time.Sleep(6 * time.Millisecond)
		}
		if joined > 2*maxMembers+1 || busy < 8000 {
			t.Errorf("%d joined, %d were told to wait", joined, busy)
		}
	})
}

func TestLobby(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		bad, badID, badKey := join(t, c)
		good, goodID, _ := join(t, c)
		owner.must(`{"act":{"start":{"kind":"pins","text":"?"}}}`)
		bad.must(`{"act":{"answer":{"act":1,"points":[[0,0]]}}}`)
		owner.must(`{"people":{"hand":"` + badID + `"}}`)
		owner.must(`{"people":{"remove":"` + badID + `"}}`)
		if bad.Err() == nil || codeOf(bad.do(`{"act":{"answer":{"act":1,"points":[[0,1]]}}}`)) != RemovedError || bad.Messages() != nil {
			t.Error("the socket of who was removed goes on")
		}
		if _, err := c.Member(badKey); codeOf(err) != RemovedError {
			t.Errorf("who was removed comes back: %v", err)
		}
		if o := owner.listen(); o.Banner.Lead != "" || o.Act.Answered != 0 || o.Banner.Members != 1 || len(o.People) != 1 {
			t.Errorf("after the removal: %+v, %+v", o.Banner, o.Act)
		}
		if good.Err() != nil || good.Role() != wire.Member {
			t.Error("others are removed too")
		}
		// From now on, the new ones wait.
		key, _, err := c.Join("")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Member(key); codeOf(err) != LobbyError {
			t.Errorf("after a removal, a new one: %v", err)
		}
		waits := owner.listen().People[1]
		if waits.Where != "lobby" || owner.Banner.Members != 1 {
			t.Errorf("in the lobby: %+v", waits)
		}
		if err := owner.do(`{"people":{"hand":"` + waits.ID + `"}}`); codeOf(err) != sim.BadValue {
			t.Errorf("the chalk into the lobby: %v", err)
		}
		owner.must(`{"people":{"approve":"all"}}`)
		if _, err := c.Member(key); err != nil {
			t.Errorf("approved: %v", err)
		}
		if _, err := c.Member(badKey); codeOf(err) != RemovedError {
			t.Errorf("all who wait are approved, and one who was removed: %v", err)
		}
		owner.must(`{"people":{"approve":"` + badID + `"}}`)
		if id, err := c.Member(badKey); id != badID || err != nil {
			t.Errorf("who was removed and approved: %v", err)
		}
		if len(owner.listen().People) != 3 {
			t.Errorf("three are in: %+v", owner.People)
		}
		if !owner.Banner.Lobby {
			t.Error("the owner is not told that new members wait")
		}
		owner.must(`{"people":{"lobby":false}}`)
		if _, id, _ := join(t, c); !c.Has(id) || owner.listen().Banner.Lobby {
			t.Error("new members wait although the owner lets all in")
		}
		owner.must(`{"people":{"lobby":true}}`)
		if key, _, _ := c.Join(""); !owner.listen().Banner.Lobby {
			t.Error("the owner is not told that new members wait")
		} else if _, err := c.Member(key); codeOf(err) != LobbyError {
			t.Errorf("new members do not wait: %v", err)
		}
		for _, text := range []string{`{"people":{"remove":"nobody"}}`, `{"people":{"approve":"nobody"}}`, `{"people":{"hand":"nobody"}}`} {
			if err := owner.do(text); codeOf(err) != sim.BadValue {
				t.Errorf("%s: %v", text, err)
			}
		}
		good.Close()
		if err := owner.do(`{"people":{"hand":"` + goodID + `"}}`); err == nil || !strings.Contains(err.Error(), "away") {
			t.Errorf("the chalk to who is away: %v", err)
		}
	})
}

func TestChalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		one, oneID, _ := join(t, c)
		two, twoID, _ := join(t, c)
		again := watch(t, c, Who{Member: oneID})
		owner.must(`{"people":{"hand":"` + oneID + `"}}`)
		if one.Role() != wire.Chalk || again.Role() != wire.Chalk || two.Role() != wire.Member || owner.Role() != wire.Driver {
			t.Errorf("roles: %s, %s, %s, %s", one.Role(), again.Role(), two.Role(), owner.Role())
		}
		one.listen()
		if me := one.People[0]; !me.Chalk || !me.You || one.Banner.Lead != me.Name {
			t.Errorf("who has the chalk is told %+v", one.told)
		}
		owner.must(`{"people":{"hand":"` + twoID + `"}}`)
		if one.Role() != wire.Member || two.Role() != wire.Chalk || one.listen().People[0].Chalk {
			t.Error("two have the chalk")
		}
		two.must(`{"people":{"back":true}}`)
		if two.Role() != wire.Member || two.listen().Banner.Lead != "" {
			t.Error("the chalk was not given back")
		}
	})
}

// TestWindows: of too many sockets of a member, the oldest ends.
func TestWindows(t *testing.T) {
	c := New(Options{Room: "r"})
	first, id, _ := join(t, c)
	all := []*socket{first}
	for range maxFeeds {
		all = append(all, watch(t, c, Who{Member: id}))
	}
	for i, s := range all {
		if err := s.Err(); (err != nil) != (i == 0) {
			t.Errorf("socket %d of %d: %v", i, len(all), err)
		}
		s.Close()
	}
	if len(c.feeds) != 0 || len(c.members[id].feeds) != 0 {
		t.Errorf("%d feeds are left", len(c.feeds))
	}
}

// TestWhere follows a member through the class.
func TestWhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		s, id, _ := join(t, c)
		at := func(want string) {
			t.Helper()
			if got := owner.listen().People[0].Where; got != want {
				t.Errorf("the member is %s, want %s", got, want)
			}
		}
		at("following")
		s.must(`{"people":{"follow":false}}`)
		at("detached")
		s.Close()
		at("away")
		s = watch(t, c, Who{Member: id})
		at("detached") // a lost connection changes nothing
		s.must(`{"people":{"follow":false}}`)
		s.Close()
		owner.must(`{"people":{"gather":true}}`)
		s = watch(t, c, Who{Member: id})
		at("following") // also who was away
		s.must(`{"people":{"follow":false}}`)
		at("detached")
		s.listen()
		owner.must(`{"people":{"gather":true}}`)
		at("following")
		if s.listen().Banner.Gathered != 2 {
			t.Error("the member is not told to come back")
		}
		fork := watch(t, c, Who{Member: id, Fork: true})
		s.Close()
		c.SetFork(id, "f", 3)
		at("forked")
		if p := owner.People[0]; p.Room != "f" || p.Index == nil || *p.Index != 3 {
			t.Errorf("the fork is told as %+v", p)
		}
		owner.must(`{"people":{"gather":true}}`)
		at("following")
		fork.Close()
		at("away")
		owner.must(`{"people":{"pause":true}}`)
		owner.must(`{"people":{"between":[10,20]}}`)
		if r := c.Rules(); !r.Paused || *r.Between != [2]uint64{10, 20} || !owner.listen().Banner.Paused || *owner.Banner.Between != [2]uint64{10, 20} {
			t.Errorf("the rules are %+v, told as %+v", r, owner.Banner)
		}
		owner.must(`{"people":{"between":null}}`)
		if c.Rules().Between != nil || owner.listen().Banner.Between != nil {
			t.Error("the bounds stay")
		}
	})
}

func TestNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		s, _, _ := join(t, c)
		if err := s.do(`{"people":{"name":"Ada"}}`); codeOf(err) != NameError {
			t.Errorf("names may not be changed, but: %v", err)
		}
		owner.must(`{"people":{"names":true}}`)
		for typed, want := range map[string]string{
			"  Ada   L. ": "Ada L.", "O’Neil-7": "O'Neil-7", "Zoë": "Zoë", "李雷": "李雷", "हिंदी": "हिंदी", "שרה": "שרה", "ADA L": "ADA L",
			strings.Repeat("x", 24): strings.Repeat("x", 24),
		} {
			text, _ := json.Marshal(map[string]any{"people": map[string]string{"name": typed}})
			if err := s.do(string(text)); err != nil || s.listen().People[0].Name != want {
				t.Errorf("%q is shown as %q, %v", typed, s.People[0].Name, err)
			}
		}
		present := s.People[0].Name
		if _, _, err := c.Join("Grace"); err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{"", " ", "-.", "<b>x</b>", "a&b", "a\u202eb", "a\u200fb", "a\u200bb", "a\x00b", "a\nb\x07", "\u3164", "a\u0301\u0301\u0301", "\u0301", "😀",
			strings.Repeat("x", 25), strings.Repeat("x", 10000), "Grace", "grace", "G race", "GRACE."} {
			text, _ := json.Marshal(map[string]any{"people": map[string]string{"name": typed}})
			if err := s.do(string(text)); codeOf(err) != NameError || strings.Count(err.Error(), "\n") > 0 {
				t.Errorf("%.20q: %v", typed, err)
			}
			if s.listen().People[0].Name != present {
				t.Errorf("%.20q is shown as %q", typed, s.People[0].Name)
			}
		}
		if _, _, err := c.Join("grace"); codeOf(err) != NameError {
			t.Errorf("a second Grace: %v", err)
		}
		if err := owner.do(`{"people":{"name":"Boss"}}`); codeOf(err) != NameError {
			t.Errorf("a name for the owner: %v", err)
		}
	})
}

// TestEndedForkIsNotShown: a page that follows must not look for a room that has ended.
func TestEndedForkIsNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		c.EndFork("f") // before anything is shown
		owner := watch(t, c, Who{Role: wire.Driver})
		one, _, _ := join(t, c)
		owner.must(`{"show":{"room":"f","view":{"as":"3d"}}}`)
		c.EndFork("another")
		if got := one.listen().Shown["room"]; got != "f" {
			t.Errorf("room %v", got)
		}
		c.EndFork("f")
		got := one.listen().Shown
		if _, ok := got["room"]; ok || got["view"] == nil {
			t.Errorf("after the end of the fork, %v", got)
		}
		if got := watch(t, c, Who{Role: wire.Screen}).listen().Shown; got["room"] != nil {
			t.Errorf("a screen that comes later is told %v", got)
		}
	})
}

// TestShown has everybody see what the driver shows, but the driver.
func TestShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		screen := watch(t, c, Who{Role: wire.Screen})
		s, _, _ := join(t, c)
		owner.must(`{"show":{"pointer":[0,1]}}`)
		late, _, _ := join(t, c)
		for _, other := range []*socket{screen, s, late} {
			if other.listen().Shown["pointer"] == nil {
				t.Errorf("a %s is told %+v", other.Role(), other.Shown)
			}
		}
		if owner.listen().Shown != nil {
			t.Error("the driver is told what they show")
		}
		if screen.People != nil || screen.Role() != wire.Screen {
			t.Errorf("a screen is a %s and is told who is here: %+v", screen.Role(), screen.People)
		}
		if len(s.People) != 1 || !s.People[0].You {
			t.Errorf("a member is told of others: %+v", s.People)
		}
	})
}

func TestQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		screen := watch(t, c, Who{Role: wire.Screen})
		one, oneID, _ := join(t, c)
		two, _, _ := join(t, c)
		owner.must(`{"act":{"start":{"kind":"question","text":"Which?","choices":["a","b","c"]}}}`)
		one.must(`{"act":{"answer":{"act":1,"choice":0}}}`)
		one.must(`{"act":{"answer":{"act":1,"choice":1}}}`)
		two.must(`{"act":{"answer":{"act":1,"choice":2}}}`)
		all := []*socket{owner, screen, one, two}
		for _, s := range all {
			if a := s.listen().Act; a.Phase != "open" || a.Answered != 2 || a.Counts != nil || a.Names != nil {
				t.Errorf("while it is open, a %s is told %+v", s.Role(), a)
			}
		}
		if one.Act.Here != 2 {
			t.Errorf("%d are here", one.Act.Here)
		}
		third, _, _ := join(t, c)
		if one.listen().Act.Here != 3 {
			t.Errorf("with another one, %d are here", one.Act.Here)
		}
		third.Close()
		if *one.Act.Mine.Choice != 1 || owner.Act.Mine != nil || !owner.People[0].Answered || one.People[0].Answered {
			t.Errorf("own answer: %+v; the owner is told %+v", one.Act.Mine, owner.People)
		}
		for text, want := range map[string]sim.Code{
			`{"act":{"answer":{"act":2,"choice":1}}}`:                     ActError,
			`{"act":{"answer":{"act":1,"choice":3}}}`:                     sim.BadValue,
			`{"act":{"answer":{"act":1,"choice":-1}}}`:                    sim.BadValue,
			`{"act":{"answer":{"act":1,"points":[[0,0]]}}}`:               sim.BadValue,
			`{"act":{"answer":{"act":1,"points":[[0,0]],"strokes":[1]}}}`: sim.BadValue,
		} {
			if err := one.do(text); codeOf(err) != want {
				t.Errorf("%s: %v", text, err)
			}
		}
		if err := owner.do(`{"act":{"answer":{"act":1,"choice":0}}}`); codeOf(err) != ActError {
			t.Errorf("the owner answers: %v", err)
		}
		owner.must(`{"act":{"close":true}}`)
		if err := one.do(`{"act":{"answer":{"act":1,"choice":0}}}`); codeOf(err) != ActError {
			t.Errorf("an answer after it was closed: %v", err)
		}
		if one.listen().Act.Counts != nil || screen.listen().Act.Counts != nil || !slices.Equal(owner.listen().Act.Counts, []int{0, 1, 1}) {
			t.Errorf("closed: the owner is told %v, a member %v", owner.Act.Counts, one.Act.Counts)
		}
		if err := owner.do(`{"act":{"close":true}}`); codeOf(err) != ActError {
			t.Errorf("closed twice: %v", err)
		}
		owner.must(`{"act":{"start":{"kind":"question","text":"","again":true}}}`)
		if a := one.listen().Act; a.ID != 2 || a.Text != "Which?" || len(a.Choices) != 3 || a.Mine != nil || a.Earlier != nil || owner.listen().Act.Earlier != nil {
			t.Errorf("the second vote: %+v", a)
		}
		one.must(`{"act":{"answer":{"act":2,"choice":2}}}`)
		owner.must(`{"act":{"reveal":{"right":[2],"why":["no","no","yes"]}}}`)
		for _, s := range all {
			if a := s.listen().Act; a.Phase != "revealed" || !slices.Equal(a.Counts, []int{0, 0, 1}) || !slices.Equal(a.Earlier, []int{0, 1, 1}) || !slices.Equal(a.Right, []int{2}) || a.Names != nil {
				t.Errorf("revealed, a %s is told %+v", s.Role(), a)
			}
		}
		owner.must(`{"act":{"reveal":{"right":[2],"names":true}}}`)
		if n := two.listen().Act.Names; len(n) != 1 || n[0][0] != one.People[0].Name || n[0][1] != 2. {
			t.Errorf("with names: %v", n)
		}
		// After a reconnect, all is as before.
		one.Close()
		one = watch(t, c, Who{Member: oneID})
		if a := one.listen().Act; *a.Mine.Choice != 2 {
			t.Errorf("after a reconnect: %+v", a)
		}
		owner.must(`{"act":{"end":true}}`)
		for _, s := range []*socket{owner, screen, one, two} {
			if s.listen().Act != nil {
				t.Errorf("ended, a %s is told %+v", s.Role(), s.Act)
			}
		}
		for _, verb := range []string{`"close":true`, `"open":true`, `"reveal":{}`, `"clear":true`, `"end":true`, `"start":{"kind":"question","text":"","again":true}`} {
			if err := owner.do(`{"act":{` + verb + `}}`); codeOf(err) != ActError {
				t.Errorf("%s without an act: %v", verb, err)
			}
		}
	})
}

func TestPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		one, _, _ := join(t, c)
		two, _, _ := join(t, c)
		owner.must(`{"act":{"start":{"kind":"question","text":"Where?","place":true}}}`)
		one.must(`{"act":{"answer":{"act":1,"points":[[0.5,0.5]]}}}`)
		two.must(`{"act":{"answer":{"act":1,"points":[[-1,0]]}}}`)
		if err := two.do(`{"act":{"answer":{"act":1,"points":[[0,0],[1,1]]}}}`); codeOf(err) != wire.Quota {
			t.Errorf("two places: %v", err)
		}
		if owner.listen().Act.Points != nil || one.listen().Act.Points != nil {
			t.Error("places are told while it is open")
		}
		owner.must(`{"act":{"reveal":{"circles":[[0.5,0.4,0.2]],"why":["there"]}}}`)
		a := one.listen().Act
		if *a.Share != .5 || *a.Mine.Share != 1 || *two.listen().Act.Mine.Share != 0 || !slices.Equal(a.Points, [][2]float64{{-1, 0}, {.5, .5}}) {
			t.Errorf("revealed: %+v, mine %+v", a, a.Mine)
		}
	})
}

// TestPins judges pins by the future of the run.
func TestPins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := ramp(100, 0, 0)
		var fails error
		c := New(Options{Room: "r", Landscape: func(context.Context) (Landscape, error) { return now, fails }})
		owner := watch(t, c, Who{Role: wire.Driver})
		one, _, _ := join(t, c)
		two, _, _ := join(t, c)
		owner.must(`{"act":{"start":{"kind":"pins","text":"Where will it rise?"}}}`)
		one.must(`{"act":{"answer":{"act":1,"points":[[1,0],[0.5,1],[-1,0]]}}}`)
		two.must(`{"act":{"answer":{"act":1,"points":[[-1,1]]}}}`)
		if err := one.do(`{"act":{"answer":{"act":1,"points":[[0,0],[0,0],[0,0],[0,0]]}}}`); codeOf(err) != wire.Quota || !strings.Contains(err.Error(), "at most 3 pins each; got 4") {
			t.Errorf("four pins: %v", err)
		}
		if err := owner.do(`{"act":{"reveal":{}}}`); codeOf(err) != ActError {
			t.Errorf("revealed while it is open: %v", err)
		}
		fails = errors.New("the room is busy")
		if err := owner.do(`{"act":{"close":true}}`); err != fails || owner.listen().Act.Phase != "open" {
			t.Errorf("without a landscape: %v", err)
		}
		fails = nil
		for _, s := range []*socket{owner, one, two} {
			if s.listen().Act.Points != nil {
				t.Errorf("while it is open, a %s is told where the pins are", s.Role())
			}
		}
		owner.must(`{"act":{"close":true}}`)
		if err := owner.do(`{"act":{"reveal":{}}}`); codeOf(err) != ActError || !strings.Contains(err.Error(), "step 100") {
			t.Errorf("revealed at the same step: %v", err)
		}
		if a := two.listen().Act; len(a.Points) != 4 || !slices.IsSortedFunc(a.Points, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) }) || a.Share != nil {
			t.Errorf("closed: %+v", a)
		}
		now = ramp(200, 1, 40) // all rise, and those on the right more
		owner.must(`{"act":{"reveal":{}}}`)
		if a := one.listen().Act; *a.Share != .5 || *a.Mine.Share != 2./3 || *a.From != 100 || *a.To != 200 || *two.listen().Act.Mine.Share != 0 {
			t.Errorf("revealed: %+v, %+v", a, a.Mine)
		}
		if owner.listen().Act.Names != nil {
			t.Error("names are told")
		}
	})
}

func TestDrawing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		owner.must(`{"act":{"start":{"kind":"drawing","text":"Draw!"}}}`)
		sixty := func(x string) string { return strings.TrimSuffix(strings.Repeat("["+x+",0],", 60), ",") }
		var all []*socket
		for range 34 {
			s, _, _ := join(t, c)
			all = append(all, s)
		}
		for i, s := range all {
			err := s.do(`{"act":{"answer":{"act":1,"points":[` + sixty("0.1") + `]}}}`)
			if want := i < 33; (err == nil) != want || !want && codeOf(err) != wire.Quota {
				t.Errorf("the sixty points of member %d: %v", i, err)
			}
		}
		if a := all[5].listen().Act; len(a.Points) != 1980 || a.Total != 1980 || len(a.Mine.Points) != 60 || a.Answered != 33 {
			t.Errorf("%d points, %d answers", len(a.Points), a.Answered)
		}
		all[0].must(`{"act":{"answer":{"act":1,"points":[[0.12345,1],[0,0]],"strokes":[1,1]}}}`) // undone
		if a := all[0].listen().Act; a.Total != 1922 || !slices.Equal(a.Mine.Strokes, []int{1, 1}) || a.Mine.Points[0] != [2]float64{.1235, 1} || !slices.Contains(a.Points, a.Mine.Points[0]) {
			t.Errorf("after undoing: %d points, own %+v", a.Total, a.Mine)
		}
		owner.must(`{"act":{"answer":{"act":1,"points":[[1,1]]}}}`)
		if a := owner.listen().Act; len(a.Mine.Points) != 1 || a.Total != 1923 || a.Answered != 33 {
			t.Errorf("the owner draws too: %+v", a.Mine)
		}
		owner.must(`{"act":{"close":true}}`)
		if err := all[0].do(`{"act":{"answer":{"act":1}}}`); codeOf(err) != ActError {
			t.Errorf("undone while frozen: %v", err)
		}
		if err := owner.do(`{"act":{"reveal":{}}}`); codeOf(err) != ActError {
			t.Errorf("a drawing is revealed: %v", err)
		}
		owner.must(`{"act":{"open":true}}`)
		owner.must(`{"act":{"clear":true}}`)
		if a := all[0].listen().Act; a.Total != 0 || a.Mine != nil || a.Answered != 0 {
			t.Errorf("cleared: %+v", a)
		}
	})
}

func TestMarbles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		one, _, _ := join(t, c)
		if err := owner.do(`{"act":{"start":{"kind":"marbles","text":"Drop!","limit":6}}}`); codeOf(err) != wire.Quota {
			t.Errorf("six marbles each: %v", err)
		}
		owner.must(`{"act":{"start":{"kind":"marbles","text":"Drop!","limit":2}}}`)
		one.must(`{"act":{"answer":{"act":1,"points":[[0,0],[1,1]]}}}`)
		if err := one.do(`{"act":{"answer":{"act":1,"points":[[0,0],[1,1],[1,0]]}}}`); codeOf(err) != wire.Quota {
			t.Errorf("three of two marbles: %v", err)
		}
		if a := owner.listen().Act; a.Total != 2 || len(a.Points) != 2 {
			t.Errorf("the owner is told %+v", a)
		}
	})
}

// TestPace has 200 answer within a second: each socket is told a few times, and the newest in the end.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{Room: "r"})
		owner := watch(t, c, Who{Role: wire.Driver})
		var all []*socket
		for range 200 {
			s, _, _ := join(t, c)
			all = append(all, s)
		}
		one := all[0]
		owner.listen()
		one.listen()
		owner.must(`{"act":{"start":{"kind":"question","text":"?","choices":["a","b"]}}}`)
		owner.read()
		one.read()
		if one.Act == nil {
			t.Fatal("what is asked waits")
		}
		owner.count, one.count = 0, 0
		for i, s := range all {
			s.must(`{"act":{"answer":{"act":1,"choice":1}}}`)
			time.Sleep(5 * time.Millisecond)
			if i%20 == 19 { // ten times a second
				owner.read()
				one.read()
				if i == 19 && one.Act.Mine == nil {
					t.Error("one's own answer waits")
				}
			}
		}
		one.must(`{"act":{"answer":{"act":1,"choice":0}}}`)
		one.read()
		owner.must(`{"act":{"close":true}}`)
		one.read()
		if one.Act.Phase != "closed" {
			t.Error("that it is closed waits")
		}
		if owner.count > 15 || one.count > 12 {
			t.Errorf("in a second, the owner was told %d times and a member %d times", owner.count, one.count)
		}
		if owner.listen().Act.Answered != 200 || one.listen().Act.Answered != 200 {
			t.Errorf("in the end: %d, %d", owner.Act.Answered, one.Act.Answered)
		}
	})
}

func TestCode(t *testing.T) {
	seen, signs := map[string]bool{}, map[rune]bool{}
	for range 1000 {
		code := NewCode()
		if got, ok := ReadCode(code); !ok || got != code || seen[code] {
			t.Fatalf("%q is read as %q", code, got)
		}
		seen[code] = true
		for _, sign := range code {
			signs[sign] = true
		}
	}
	if len(signs) != 32 {
		t.Errorf("codes have %d signs", len(signs))
	}
	for typed, want := range map[string]string{"k7m x2q": "K7MX2Q", " K7M-X2Q ": "K7MX2Q"} {
		if got, ok := ReadCode(typed); !ok || got != want {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "K7MX2", "K7MX2QQ", "K7MX2O", "K7MX20", "K7MX2I", "K7MX21", "K7MX2é", "ＫＫＫＫＫＫ", strings.Repeat("-", 1000) + "K7MX2Q"} {
		if got, ok := ReadCode(typed); ok {
			t.Errorf("%.20q is read as %q", typed, got)
		}
	}
}

// TestAnimals keeps the made-up names short and different.
func TestAnimals(t *testing.T) {
	for i, a := range animals {
		if len(a) > maxName-3 || slices.Contains(animals[:i], a) {
			t.Errorf("%q", a)
		}
	}
}

// BenchmarkAnswers has 500 members answer once each, and all sockets read what is new, ten times a second.
func BenchmarkAnswers(b *testing.B) {
	for _, kind := range []string{`"kind":"question","choices":["a","b","c","d"]`, `"kind":"drawing"`} {
		b.Run(kind[8:14], func(b *testing.B) {
			c := New(Options{Room: "r"})
			owner := watch(b, c, Who{Role: wire.Driver})
			all := []*socket{owner}
			for range maxMembers {
				s, _, _ := join(b, c)
				all = append(all, s)
			}
			answer, _ := wire.DecodeRequest([]byte(`{"act":{"answer":{"act":1,"choice":1}}}`))
			if strings.Contains(kind, "drawing") {
				answer, _ = wire.DecodeRequest([]byte(`{"act":{"answer":{"act":1,"points":[[0.1,0.1],[0.2,0.2],[0.3,0.3],[0.4,0.4]]}}}`))
			}
			bytes := 0
			for id := int64(1); b.Loop(); id++ {
				owner.must(`{"act":{"start":{"text":"?",` + kind + `}}}`)
				answer.Act.Answer.Act = id
				for i, s := range all[1:] {
					if err := s.Do(context.Background(), answer); err != nil {
						b.Fatal(err)
					}
					if i%50 == 0 {
						for _, s := range all {
							for _, m := range s.Messages() {
								bytes += len(m)
							}
						}
					}
				}
			}
			b.ReportMetric(float64(bytes)/float64(b.N)/maxMembers, "B/member")
		})
	}
}
