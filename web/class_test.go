package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ebmviz/sim"
	"ebmviz/sim/session"
	"ebmviz/sim/wire"
	"ebmviz/web/class"
)

// classHost is a server that is open to others, and the class of a room of it.
type classHost struct {
	*host
	room, token  string
	code, screen string
}

func openClassHost(t *testing.T, tune func(*Server)) *classHost {
	t.Helper()
	return openClassHostWith(t, Options{Version: "test", Open: true}, tune)
}

func openClassHostWith(t *testing.T, o Options, tune func(*Server)) *classHost {
	t.Helper()
	c := &classHost{host: serveWith(t, o, tune)}
	c.room, c.token = c.host.room()
	status, text := c.do("POST", "/api/rooms/"+c.room+"/class", "", "Authorization", "Bearer "+c.token)
	var got struct {
		Code, Screen string
		Addresses    []struct{ URL, Join string }
	}
	if json.Unmarshal([]byte(text), &got) != nil || status != 200 || len(got.Addresses) == 0 || got.Addresses[0].Join != got.Addresses[0].URL+"#join="+got.Code {
		t.Fatalf("the class of a room: %d %s", status, text)
	}
	c.code, c.screen = got.Code, got.Screen
	return c
}

// enroll joins by the code.
func (c *classHost) enroll() (id, key string) {
	c.t.Helper()
	status, text := c.do("POST", "/api/join", `{"code":"`+c.code+`"}`)
	var got struct{ Room, Member, Name string }
	if json.Unmarshal([]byte(text), &got) != nil || status != 200 || got.Room != c.room || got.Name == "" {
		c.t.Fatalf("join: %d %s", status, text)
	}
	return got.Member[:8], got.Member
}

// hello opens a socket to a room and says hello with these fields, as JSON.
func (c *classHost) hello(room, fields string) (*peer, reply) {
	c.t.Helper()
	p := c.dial(room)
	p.say(`{"hello":{` + fields + `},"id":1}`)
	return p, p.answer(1)
}

// member joins and opens a socket.
func (c *classHost) member() (p *peer, id, key string) {
	c.t.Helper()
	id, key = c.enroll()
	p, r := c.hello(c.room, `"member":"`+key+`"`)
	if w := r.Welcome; w.Role != "member" || w.Member.ID != id || w.Member.Name == "" || w.Class != c.room {
		c.t.Fatalf("hello of a member: %+v %+v", w, r.Error)
	}
	return p, id, key
}

func (c *classHost) owner() *peer {
	c.t.Helper()
	p, r := c.hello(c.room, `"token":"`+c.token+`"`)
	if r.Welcome.Role != "driver" || r.Welcome.Class != c.room || r.Welcome.Member.ID != "" {
		c.t.Fatalf("hello of the owner: %+v", r)
	}
	return p
}

var asked int64 = 100

// ask sends a message with an id and returns the answer.
func (p *peer) ask(text string) reply {
	p.t.Helper()
	asked++
	p.say(strings.TrimSuffix(text, "}") + `,"id":` + itoa(asked) + `}`)
	return p.answer(asked)
}

// must sends a message that must be carried out.
func (p *peer) must(text string) {
	p.t.Helper()
	if r := p.ask(text); r.Error.Code != "" {
		p.t.Fatalf("%s: %+v", text, r.Error)
	}
}

// refused sends a message that must be refused with a code and one sentence.
func (p *peer) refused(text string, code sim.Code) {
	p.t.Helper()
	if e := p.ask(text).Error; e.Code != code || len(e.Message) == 0 || len(e.Message) > 200 || strings.Contains(e.Message, "\n") {
		p.t.Errorf("%s: %+v, want %s", text, e, code)
	}
}

// TestClass lets people into a class and out of it.
func TestClass(t *testing.T) {
	c := openClassHost(t, func(s *Server) { s.timing.hello = 500 * time.Millisecond })
	owner := c.owner()
	one, oneID, oneKey := c.member()
	two, twoID, _ := c.member()
	owner.awaitThat("banner", func(r reply) bool { return r.Banner.Here == 2 && r.Banner.Class == c.room })
	owner.awaitThat("people", func(r reply) bool { return len(r.People) == 2 && r.People[1].Where == "following" })
	one.awaitThat("people", func(r reply) bool { return len(r.People) == 1 && r.People[0].You && r.People[0].ID == oneID })

	// The chalk goes to a member and comes back, on the open connection.
	one.refused(`{"set":{"knob":"height","value":2}}`, "forbidden")
	owner.must(`{"people":{"hand":"` + oneID + `"}}`)
	one.awaitThat("people", func(r reply) bool { return r.People[0].Chalk })
	one.must(`{"set":{"knob":"height","value":3}}`)
	one.must(`{"show":{"room":"` + c.room + `","pointer":[0,1]}}`)
	two.awaitThat("shown", func(r reply) bool { return r.Shown["pointer"] != nil })
	one.refused(`{"show":{"room":"0123456789abcdef"}}`, unknownRoom)
	one.refused(`{"people":{"lock":true}}`, "forbidden")
	two.refused(`{"people":{"back":true}}`, "forbidden")
	put := func(key string) int {
		status, _ := c.do("PUT", "/api/rooms/"+c.room+"/points", "0,0\n1,1\n", "Authorization", "Bearer "+key)
		return status
	}
	if status := put(oneKey); status != 200 {
		t.Errorf("points of who has the chalk: %d", status)
	}
	owner.must(`{"people":{"back":true}}`)
	one.refused(`{"set":{"knob":"height","value":4}}`, "forbidden")
	if status := put(oneKey); status != 403 {
		t.Errorf("points of who had the chalk: %d", status)
	}

	// The screen shows.
	screen, r := c.hello(c.room, `"token":"`+c.screen+`"`)
	if r.Welcome.Role != "screen" {
		t.Errorf("the screen is %+v", r)
	}
	screen.must(`{"look":{"side":32}}`)
	screen.refused(`{"probe":{"y":[0,0]}}`, "forbidden")
	screen.refused(`{"fork":{}}`, "forbidden")

	// Who loses the connection comes back as the same.
	one.Close()
	one, r = c.hello(c.room, `"member":"`+oneKey+`"`)
	if r.Welcome.Member.ID != oneID {
		t.Errorf("after a reconnect: %+v", r)
	}

	// Who was removed stays out; new ones wait, on one connection, longer than hello may take otherwise.
	owner.must(`{"people":{"remove":"` + twoID + `"}}`)
	if code := two.closed(); code != closePolicy {
		t.Errorf("the socket of who was removed: %d", code)
	}
	waitsID, waitsKey := c.enroll()
	waits, r := c.hello(c.room, `"member":"`+waitsKey+`"`)
	for range 4 {
		if r.Error.Code != "lobby" {
			t.Errorf("a new one after a removal: %+v", r)
		}
		time.Sleep(c.timing.hello * 2 / 3)
		r = waits.ask(`{"hello":{"member":"` + waitsKey + `"}}`)
	}
	owner.awaitThat("people", func(r reply) bool { return len(r.People) == 2 && r.People[1].Where == "lobby" })
	owner.must(`{"people":{"approve":"` + waitsID + `"}}`)
	if r := waits.ask(`{"hello":{"member":"` + waitsKey + `"}}`); r.Welcome.Role != "member" {
		t.Errorf("after the approval: %+v", r)
	}
	owner.must(`{"people":{"lock":true}}`)
	if status, text := c.do("POST", "/api/join", `{"code":"`+c.code+`"}`); status != 403 || !strings.Contains(text, `"locked"`) {
		t.Errorf("a locked class: %d %s", status, text)
	}
	owner.must(`{"people":{"lock":false}}`)

	// The end tells everybody; the code is then as one that never was.
	owner.say(`{"people":{"end":true}}`)
	for _, p := range []*peer{owner, one, waits, screen} {
		if code := p.closed(); code != closeGoingAway {
			t.Errorf("the end closes with %d", code)
		}
	}
	_, ended := c.do("POST", "/api/join", `{"code":"`+c.code+`"}`)
	status, never := c.do("POST", "/api/join", `{"code":"`+class.NewCode()+`"}`)
	if status != 404 || ended != never {
		t.Errorf("the code of a class that has ended: %s, of one that never was: %d %s", ended, status, never)
	}
	if _, a, err := c.handshake(c.room, nil); err == nil || a.StatusCode != 404 {
		t.Error("the room is still there")
	}
}

// TestClassOfOthers: on a server of one computer there is no class, and on an open one only a driver makes it.
func TestClassOfOthers(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	for _, method := range []string{"GET", "POST"} {
		if status, text := h.do(method, "/api/rooms/"+room+"/class", "", "Authorization", "Bearer "+token); status != 403 || !strings.Contains(text, "ebmviz serve --class") {
			t.Errorf("%s of a class on a closed server: %d %s", method, status, text)
		}
	}
	c := openClassHost(t, nil)
	if status, text := c.do("POST", "/api/rooms/"+c.room+"/class", "", "Authorization", "Bearer "+c.Token()); status != 200 || !strings.Contains(text, c.code) {
		t.Errorf("the class made a second time: %d %s", status, text)
	}
	_, key := c.enroll()
	for _, bearer := range []string{"", c.screen, key, c.token[1:], "x"} {
		for _, method := range []string{"GET", "POST"} {
			if status, text := c.do(method, "/api/rooms/"+c.room+"/class", "", "Authorization", "Bearer "+bearer); status != 403 || strings.Contains(text, c.code) {
				t.Errorf("%s with %q: %d %s", method, bearer, status, text)
			}
		}
	}
	anyone := serveWith(t, Options{Open: true, AnyoneOpen: true}, nil)
	shared, _ := anyone.room()
	anyone.join(shared, "") // a room without a class may be watched by its id, where anyone may open one
	other, otherToken := c.host.room()
	if status, _ := c.do("GET", "/api/rooms/"+other+"/class", "", "Authorization", "Bearer "+otherToken); status != 404 {
		t.Errorf("a room without a class: %d", status)
	}
	invitation, err := c.OpenClass(sim.Config{Model: "bowl"})
	if err != nil || invitation.Code == c.code || invitation.Room == c.room || len(invitation.Screen) != 32 {
		t.Errorf("a second class: %+v, %v", invitation, err)
	}
}

// TestClassDoors is who may do what in the rooms of an open server, by what they show in hello.
func TestClassDoors(t *testing.T) {
	c := openClassHost(t, nil)
	other, otherToken := c.host.room() // has no class
	id, key := c.enroll()
	_, key2 := c.enroll()
	member, r := c.hello(c.room, `"member":"`+key+`"`)
	if r.Welcome.Role != "member" {
		t.Fatal(r)
	}
	fork := member.ask(`{"fork":{}}`).Forked
	if fork.Room == "" {
		t.Fatal("no fork")
	}
	for _, d := range []struct {
		name, room, hello string
		role              string
		code              sim.Code
	}{
		{"nothing", c.room, ``, "", class.CodeError},
		{"a wrong token", c.room, `"token":"x"`, "", "token"},
		{"the room's token", c.room, `"token":"` + c.token + `"`, "driver", ""},
		{"the site's token", c.room, `"token":"` + c.Token() + `"`, "driver", ""},
		{"the screen's key", c.room, `"token":"` + c.screen + `"`, "screen", ""},
		{"a token of another room", c.room, `"token":"` + otherToken + `"`, "", "token"},
		{"the code as a token", c.room, `"token":"` + c.code + `"`, "", "token"},
		{"a forged key", c.room, `"member":"` + id + "." + strings.Repeat("0", 32) + `"`, "", class.CodeError},
		{"another's secret", c.room, `"member":"` + id + key2[8:] + `"`, "", class.CodeError},
		{"an id alone", c.room, `"member":"` + id + `"`, "", class.CodeError},
		{"a member key as a token", c.room, `"token":"` + key + `"`, "", "token"},

		{"nothing, without a class", other, ``, "", "token"},
		{"a member, without a class", other, `"member":"` + key + `"`, "", "token"},
		{"the class's token in another room", other, `"token":"` + c.token + `"`, "", "token"},
		{"the screen in another room", other, `"token":"` + c.screen + `"`, "", "token"},
		{"the site's token in another room", other, `"token":"` + c.Token() + `"`, "driver", ""},

		{"the own fork", fork.Room, `"member":"` + key + `"`, "driver", ""},
		{"another's fork", fork.Room, `"member":"` + key2 + `"`, "member", ""},
		{"a fork without a key", fork.Room, ``, "", class.CodeError},
		{"a fork and the class's token", fork.Room, `"token":"` + c.token + `"`, "driver", ""},
		{"a fork and the site's token", fork.Room, `"token":"` + c.Token() + `"`, "driver", ""},
		{"a fork on the screen", fork.Room, `"token":"` + c.screen + `"`, "screen", ""},
		{"a fork and its token", fork.Room, `"token":"` + fork.Token + `","member":"` + key + `"`, "driver", ""},
	} {
		p, r := c.hello(d.room, d.hello)
		if r.Welcome.Role != d.role || r.Error.Code != d.code {
			t.Errorf("%s: %q, %+v; want %q, %q", d.name, r.Welcome.Role, r.Error, d.role, d.code)
		}
		if strings.Contains(r.Error.Message, "only watch") {
			t.Errorf("%s: who may not watch is told %q", d.name, r.Error.Message)
		}
		switch d.name {
		case "the own fork", "a fork and its token": // drives the fork, and is a member in the class
			p.must(`{"set":{"knob":"height","value":2}}`)
			p.refused(`{"people":{"lock":true}}`, "forbidden")
			p.refused(`{"act":{"start":{"kind":"pins","text":"?"}}}`, "forbidden")
			p.refused(`{"show":{}}`, "forbidden")
		case "another's fork":
			p.refused(`{"set":{"knob":"height","value":2}}`, "forbidden")
		case "a fork and the class's token":
			p.must(`{"people":{"lock":false}}`)
		}
		p.Close()
	}
	status, text := c.do("GET", "/api/rooms/"+fork.Room, "", "Authorization", "Bearer "+key2)
	if status != 200 || !strings.Contains(text, `"height":2`) {
		t.Errorf("the fork: %d %s", status, text)
	}
	if status, _ := c.do("POST", "/api/rooms/"+fork.Room+"/class", "", "Authorization", "Bearer "+key); status == 200 {
		t.Error("a fork of a class has a class of its own")
	}
	if status, _ := c.do("DELETE", "/api/rooms/"+fork.Room, "", "Authorization", "Bearer "+key2); status != 403 {
		t.Errorf("another's fork is ended: %d", status)
	}
	if status, _ := c.do("DELETE", "/api/rooms/"+fork.Room, "", "Authorization", "Bearer "+key); status != 204 {
		t.Errorf("the own fork is ended: %d", status)
	}
	if status, _ := c.do("DELETE", "/api/rooms/"+c.room, "", "Authorization", "Bearer "+key); status != 403 {
		t.Errorf("a member ends the class: %d", status)
	}
	// Without an Origin, as a script: the key of a member opens the socket, and no more than before.
	conn, _, err := c.handshake(c.room, http.Header{"Authorization": {"Bearer " + key}})
	if err != nil {
		t.Fatal(err)
	}
	script := &peer{connection: conn, t: t}
	if r := script.ask(`{"hello":{}}`); r.Error.Code != class.CodeError {
		t.Errorf("a key in the handshake and none in hello: %+v", r)
	}
	if r := script.ask(`{"hello":{"member":"` + key + `"}}`); r.Welcome.Role != "member" {
		t.Errorf("a script of a member: %+v", r)
	}
	conn.Close()
	for bearer, want := range map[string]bool{c.token: true, c.Token(): true, key: false, c.screen: false, "": false} {
		r := httptest.NewRequest("POST", "/api/send?room="+c.room, nil)
		r.Header.Set("Authorization", "Bearer "+bearer)
		if got := c.newClient(c.rooms.find(c.room), nil, r).bearer; got != want {
			t.Errorf("with the bearer %q, hello without a token makes a driver: %v", bearer, got)
		}
	}
}

// memberCommands (9 and 36) has a member and a screen send every message of a driver: an error each, and
// nothing changes.
func memberCommands(t *testing.T) {
	c := openClassHost(t, nil)
	owner := c.owner()
	victim, victimID, victimKey := c.member()
	owner.must(`{"act":{"start":{"kind":"question","text":"?","choices":["a","b"]}}}`)
	victim.must(`{"act":{"answer":{"act":1,"choice":1}}}`)
	member, _, _ := c.member()
	screen, _ := c.hello(c.room, `"token":"`+c.screen+`"`)
	state := func() string {
		_, text := c.do("GET", "/api/rooms/"+c.room, "", "Authorization", "Bearer "+c.token)
		return text
	}
	before := state()
	commands := []string{
		`{"set":{"knob":"height","value":5}}`, `{"do":"play"}`, `{"do":"step"}`, `{"do":"reset"}`, `{"open":{"model":"bowl"}}`,
		`{"view":{"grid":32}}`, `{"seek":{"step":3}}`, `{"show":{"room":"` + c.room + `"}}`,
		`{"people":{"lock":true}}`, `{"people":{"approve":"all"}}`, `{"people":{"remove":"` + victimID + `"}}`, `{"people":{"hand":"` + victimID + `"}}`,
		`{"people":{"back":true}}`, `{"people":{"gather":true}}`, `{"people":{"names":true}}`, `{"people":{"pause":true}}`,
		`{"people":{"between":[1,2]}}`, `{"people":{"end":true}}`,
		`{"act":{"start":{"kind":"pins","text":"?"}}}`, `{"act":{"close":true}}`, `{"act":{"open":true}}`, `{"act":{"clear":true}}`,
		`{"act":{"reveal":{"names":true}}}`, `{"act":{"end":true}}`,
	}
	tried := map[string]bool{}
	for _, text := range commands {
		member.refused(text, "forbidden")
		screen.refused(text, "forbidden")
		r, _ := wire.DecodeRequest([]byte(text))
		tried[r.Verb] = true
		time.Sleep(2 * time.Second / maxCommands) // two on one connection
	}
	screen.refused(`{"act":{"answer":{"act":1,"choice":0}}}`, "forbidden")
	for _, verb := range wire.Verbs() {
		if !tried[verb] && !slices.Contains([]string{"ack", "hello", "look", "probe", "fork"}, verb) {
			t.Errorf("%q was not tried", verb)
		}
	}
	if after := state(); after != before || !strings.Contains(after, `"model":"bowl"`) {
		t.Errorf("the room has changed from\n%s to\n%s", before, after)
	}
	victim.must(`{"act":{"answer":{"act":1,"choice":0}}}`) // the class goes on
	// What the member was told of the act names nobody and counts nothing.
	act := member.awaitThat("act", func(r reply) bool { return r.Act != nil && r.Act.Answered == 1 })
	if act.Act.Mine != nil || act.Act.Counts != nil || act.Act.Names != nil {
		t.Errorf("a member is told of another's answer: %+v", act.Act)
	}
	// Every message to the other member, after all that: nothing of the victim's.
	owner.must(`{"act":{"close":true}}`)
	for {
		name, text, err := member.next()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), victimID) || strings.Contains(string(text), victimKey) {
			t.Errorf("a member is told of another: %s", text)
		}
		if name == "act" && strings.Contains(string(text), `"closed"`) {
			break
		}
	}
}

// wrongCodesThenRight (10) tries 50 wrong codes in 10 seconds.
func wrongCodesThenRight(t *testing.T) {
	c := openClassHost(t, nil)
	limited := 0
	for range 50 {
		switch status, text := c.do("POST", "/api/join", `{"code":"`+class.NewCode()+`"}`); {
		case status == 429:
			limited++
		case status != 404 || !strings.Contains(text, `"code":"code"`):
			t.Fatalf("a wrong code: %d %s", status, text)
		}
	}
	if limited == 0 {
		t.Error("50 wrong codes are all looked at")
	}
	if status, _ := c.do("POST", "/api/join", `{"code":"`+c.code+`"}`); status != 429 {
		t.Errorf("the right code among too many wrong ones: %d", status)
	}
	deadline := time.Now().Add(maxWait)
	for {
		if status, _ := c.do("POST", "/api/join", `{"code":"`+c.code+`"}`); status == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the right code does not work later")
		}
		time.Sleep(100 * time.Millisecond)
	}
	for _, typed := range []string{"", "K7MX2O", "K7MX2", strings.Repeat("K", 100)} {
		if status, text := c.do("POST", "/api/join", `{"code":"`+typed+`"}`); status != 404 || !strings.Contains(text, "six characters") {
			t.Errorf("%q: %d %s", typed, status, text)
		}
	}
	for _, body := range []string{``, `[]`, `{"code":5}`, `{"code":"K7MX2Q","x":1}`} {
		if status, _ := c.do("POST", "/api/join", body); status != 400 {
			t.Errorf("%q: %d", body, status)
		}
	}
	if status, _ := c.do("POST", "/api/join", `{"code":"`+strings.Repeat("x", 20000)+`"}`); status != 413 {
		t.Errorf("20,000 letters: %d", status)
	}
}

// guessedCodes (37) has 50 addresses guess 1000 times a second for a minute, and people with the right code
// join meanwhile: from elsewhere, and from the address that all pupils share.
func guessedCodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newWrongCodes()
		right, wrong := &entry{}, func() *entry { return nil }
		looked := map[netip.Addr]int{}
		total := 0
		school := netip.MustParseAddr("10.0.0.7")
		for ms := range 60000 {
			guesser := netip.AddrFrom4([4]byte{192, 0, 2, byte(ms % 50)})
			switch _, err := l.try(guesser, time.Now(), wrong); err {
			case errCode:
				looked[guesser]++
				total++
			case errGuesses:
			default:
				t.Fatal(err)
			}
			if ms%100 == 0 { // 600 pupils, each thirtieth of whom mistypes the code
				if ms%3000 == 0 {
					l.try(school, time.Now(), wrong)
				}
				if e, err := l.try(school, time.Now(), func() *entry { return right }); e != right {
					t.Fatalf("after %d ms, a pupil: %v", ms, err)
				}
			}
			time.Sleep(time.Millisecond)
		}
		for a, n := range looked {
			if n > wrongBurst+60*wrongRate {
				t.Errorf("%v guessed %d times", a, n)
			}
		}
		if total > wrongBurstAll+60*wrongRateAll+50*(wrongFree+60*wrongFreeRate) || len(looked) != 50 {
			t.Errorf("%d guesses were looked at, of %d addresses", total, len(looked))
		}
		// One customer of IPv6 has many addresses.
		n := 0
		for i := range 100 {
			a := netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1))
			if _, err := l.try(a, time.Now(), wrong); err == errCode {
				n++
			}
		}
		if n > wrongBurst {
			t.Errorf("one network of IPv6 guessed %d times", n)
		}
	})
}

// secretsStayOut (11 and 44): no token, code, key, name or address is in the log, in a page, a Referer or a
// file.
func secretsStayOut(t *testing.T) {
	var log safeBuffer
	o := Options{Version: "test", Open: true, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	c := openClassHostWith(t, o, nil)
	owner := c.owner()
	member, id, key := c.member()
	name := owner.awaitThat("people", func(r reply) bool { return len(r.People) == 1 }).People[0].Name
	owner.must(`{"people":{"names":true}}`)
	member.must(`{"people":{"name":"Grace Hopper"}}`)
	owner.must(`{"act":{"start":{"kind":"question","text":"Secret question?","choices":["a","b"]}}}`)
	member.must(`{"act":{"answer":{"act":1,"choice":1}}}`)
	owner.must(`{"people":{"hand":"` + id + `"}}`)
	member.must(`{"set":{"knob":"height","value":2}}`)
	member.ask(`{"fork":{}}`)
	member.say(`{"set":{"knob":"fault","value":"step"}}`) // its stack is logged
	member.say(`{"do":"step"}`)
	member.awaitThat("state", func(r reply) bool { return r.State.Halt != nil })
	c.do("POST", "/api/join", `{"code":"`+c.code+`","name":"<b>"}`)
	c.do("POST", "/api/join", `{"code":"`+class.NewCode()+`"}`)
	c.hello(c.room, `"token":"`+c.token+`x"`)
	owner.must(`{"people":{"remove":"` + id + `"}}`)
	member.closed()
	texts := map[string]string{}
	for _, file := range session.Files() {
		_, texts[file] = c.do("GET", "/api/rooms/"+c.room+"/files/"+file, "", "Authorization", "Bearer "+c.token)
	}
	for _, path := range []string{"/", "/healthz", "/api/rooms/" + c.room} {
		status, text := c.do("GET", path, "", "Authorization", "Bearer "+c.token)
		if status != 200 {
			t.Errorf("%s: %d", path, status)
		}
		texts[path] = text
	}
	owner.say(`{"people":{"end":true}}`)
	owner.closed()
	texts["log"] = log.String()
	if !strings.Contains(texts["log"], "room ended") || !strings.Contains(texts["log"], "the bowl broke") || !strings.Contains(texts[session.JournalFile], `"height"`) {
		t.Errorf("nothing was written: %d bytes of a log, journal %q", len(texts["log"]), texts[session.JournalFile])
	}
	secrets := map[string]string{
		"the room's token": c.token, "the site's token": c.Token(), "the code": c.code, "the screen's key": c.screen,
		"a member's secret": key[9:], "a member's id": id, "a made-up name": name, "a name": "Grace", "an address": "127.0.0.1", "a question": "Secret",
	}
	for where, text := range texts {
		for what, secret := range secrets {
			if what == "an address" && where != "log" {
				continue
			}
			if strings.Contains(text, secret) {
				t.Errorf("%s is in %s", what, where)
			}
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	c.Handler().ServeHTTP(w, r)
	if w.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Error("the page's address, with its fragment's page, is sent to others")
	}
}

// safeBuffer is a buffer for several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// hostileNames (40) chooses names with markup, bidirectional signs, NUL and 10,000 letters, and asks such
// questions.
func hostileNames(t *testing.T) {
	c := openClassHost(t, nil)
	owner := c.owner()
	owner.must(`{"people":{"names":true}}`)
	member, _, _ := c.member()
	hostile := []string{`<img src=x onerror=alert(1)>`, "a\u202eb", "\u2066x\u2069", "a\x00b", strings.Repeat("x", 10000), "&amp;"}
	for _, name := range hostile {
		text, _ := json.Marshal(map[string]any{"people": map[string]string{"name": name}})
		member.refused(string(text), class.NameError)
		body, _ := json.Marshal(map[string]string{"code": c.code, "name": name})
		if status, text := c.do("POST", "/api/join", string(body)); status != 400 || !strings.Contains(text, `"name"`) {
			t.Errorf("joined as %.20q: %d %.100s", name, status, text)
		}
	}
	for _, text := range hostile[1:5] {
		m, _ := json.Marshal(map[string]any{"act": map[string]any{"start": map[string]string{"kind": "pins", "text": text}}})
		owner.refused(string(m), wire.BadMessage)
	}
	owner.must(`{"act":{"start":{"kind":"pins","text":"<b>1 < 2</b>"}}}`) // shown as text
	member.awaitThat("act", func(r reply) bool { return r.Act != nil })
}

// removedMember (41) comes back with the old key, on every way in.
func removedMember(t *testing.T) {
	c := openClassHost(t, nil)
	owner := c.owner()
	member, id, key := c.member()
	fork := member.ask(`{"fork":{}}`).Forked
	paths := []string{"", "/charts/loss.json", "/checkpoint", "/files/frame.bin"}
	see := func(bearer string, want int) {
		t.Helper()
		for _, path := range paths {
			if status, text := c.do("GET", "/api/rooms/"+c.room+path, "", "Authorization", "Bearer "+bearer); status != want {
				t.Errorf("%s with %q: %d %.100s, want %d", path, bearer, status, text, want)
			}
		}
	}
	for _, bearer := range []string{key, c.token, c.Token(), c.screen} {
		see(bearer, http.StatusOK)
	}
	owner.must(`{"people":{"remove":"` + id + `"}}`)
	member.closed()
	for _, bearer := range []string{key, "", "x", c.code} {
		see(bearer, http.StatusForbidden)
	}
	if _, r := c.hello(c.room, `"member":"`+key+`"`); r.Error.Code != class.RemovedError {
		t.Errorf("the old key: %+v", r)
	}
	if status, _ := c.do("PUT", "/api/rooms/"+c.room+"/points", "0,0\n1,1\n", "Authorization", "Bearer "+key); status != 403 {
		t.Errorf("points: %d", status)
	}
	if _, a, err := c.handshake(c.room, http.Header{"Authorization": {"Bearer " + key}}); err == nil || a.StatusCode != 403 {
		t.Error("a handshake with the old key")
	}
	if _, a, err := c.handshake(fork.Room, nil); err == nil || a.StatusCode != 404 {
		t.Error("the fork is still there")
	}
	_, again := c.enroll()
	if _, r := c.hello(c.room, `"member":"`+again+`"`); r.Error.Code != class.LobbyError {
		t.Errorf("joined again: %+v", r)
	}
	owner.must(`{"people":{"approve":"` + id + `"}}`)
	if _, r := c.hello(c.room, `"member":"`+key+`"`); r.Welcome.Role != "member" {
		t.Errorf("approved: %+v", r)
	}
}

// ownToken (8): an open server makes a token by itself; without it nobody drives or opens a room.
func ownToken(t *testing.T) {
	c := openClassHost(t, nil)
	if len(c.Token()) != 32 {
		t.Errorf("the site's token has %d characters", len(c.Token()))
	}
	for _, bearer := range []string{"", "x", c.screen, c.token, c.code} {
		if status, text := c.do("POST", "/api/rooms", `{"model":"bowl"}`, "Authorization", "Bearer "+bearer); status != 403 || !strings.Contains(text, "site-token") {
			t.Errorf("a room opened with %q: %d %s", bearer, status, text)
		}
		if bearer == c.token {
			continue
		}
		if status, _ := c.do("PUT", "/api/rooms/"+c.room+"/points", "0,0\n1,1\n", "Authorization", "Bearer "+bearer); status != 403 {
			t.Errorf("points put with %q: %d", bearer, status)
		}
		if _, r := c.hello(c.room, `"token":"`+bearer+`"`); r.Welcome.Role == "driver" {
			t.Errorf("%q drives", bearer)
		}
	}
}

// TestActs goes through the acts on sockets: pins with the run's own future as the key, and the bad input
// that people send.
func TestActs(t *testing.T) {
	c := openClassHost(t, nil)
	owner := c.owner()
	one, _, oneKey := c.member()
	two, _, _ := c.member()
	owner.must(`{"act":{"start":{"kind":"pins","text":"Where will it rise?"}}}`)
	one.must(`{"act":{"answer":{"act":1,"points":[[1.4,1.4],[-1.4,-1.4]]}}}`)
	two.must(`{"act":{"answer":{"act":1,"points":[[0.1,0]]}}}`)
	two.refused(`{"act":{"answer":{"act":1,"points":[[0,0],[0,0],[0,0],[0,0]]}}}`, wire.Quota)
	many := strings.TrimSuffix(strings.Repeat("[0,0],", 400), ",")
	two.refused(`{"act":{"answer":{"act":1,"points":[`+many+`]}}}`, wire.Quota)
	owner.must(`{"act":{"close":true}}`)
	one.refused(`{"act":{"answer":{"act":1}}}`, class.ActError)
	owner.refused(`{"act":{"reveal":{}}}`, class.ActError)
	owner.must(`{"set":{"knob":"height","value":2}}`) // raises what lies far from the centre
	owner.must(`{"do":"step"}`)
	owner.must(`{"act":{"reveal":{}}}`)
	a := one.awaitThat("act", func(r reply) bool { return r.Act != nil && r.Act.Phase == "revealed" }).Act
	if len(a.Points) != 3 || *a.Share != 2./3 || *a.Mine.Share != 1 || a.Names != nil {
		t.Errorf("revealed: %+v, mine %+v", a, a.Mine)
	}
	one.Close()
	one, _ = c.hello(c.room, `"member":"`+oneKey+`"`)
	if a := one.awaitThat("act", func(r reply) bool { return r.Act != nil }).Act; a.Mine == nil || len(a.Mine.Points) != 2 {
		t.Errorf("after a reconnect: %+v", a)
	}
	owner.must(`{"act":{"end":true}}`)
	one.awaitThat("act", func(r reply) bool { return r.Act == nil })
	one.refused(`{"act":{"answer":{"act":1}}}`, class.ActError)

	// What belongs to a class is refused where there is none.
	h := serve(t, nil)
	room, token := h.room()
	d := h.join(room, token)
	d.refused(`{"act":{"close":true}}`, ofClass)
	d.refused(`{"people":{"lock":true}}`, ofClass)
}

func TestMayInClass(t *testing.T) {
	roles := []wire.Role{wire.Anonymous, wire.Viewer, wire.Driver, wire.Chalk, wire.Member, wire.Screen}
	table := map[string]string{ // a letter for each role: a(nonymous) v d c m s
		"hello": "a", "ack": "vdcms", "look": "vdcms", "probe": "vdcm", "fork": "vdcm",
		"set": "dc", "do": "dc", "open": "dc", "view": "dc", "seek": "dc", "show": "dc",
		"act.answer": "dcm", "people.name": "dcm", "people.follow": "dcm", "people.back": "dc",
		"act.start": "d", "act.close": "d", "act.open": "d", "act.clear": "d", "act.reveal": "d", "act.end": "d",
		"people.lock": "d", "people.lobby": "d", "people.approve": "d", "people.remove": "d", "people.hand": "d", "people.gather": "d",
		"people.names": "d", "people.pause": "d", "people.between": "d", "people.end": "d",
		"close": "d", "class": "d", "whatever comes later": "d",
	}
	for _, verb := range slices.Sorted(maps.Keys(table)) {
		for _, r := range roles {
			if want := strings.Contains(table[verb], string(r)[:1]); may(r, verb) != want {
				t.Errorf("a %s may %s: %v", r, verb, !want)
			}
		}
	}
}

// TestFiveHundred has a full class answer at once: each is told the sum in the end, and one more is refused.
func TestFiveHundred(t *testing.T) {
	if slack > 1 {
		t.Skip("2,000 goroutines are too slow under the race detector")
	}
	c := openClassHost(t, nil)
	owner := c.owner()
	all, keys := make([]*peer, 500), make([]string, 500)
	for i := range all {
		all[i], _, keys[i] = c.member()
	}
	if status, text := c.do("POST", "/api/join", `{"code":"`+c.code+`"}`); status != 403 && status != 429 {
		t.Errorf("one more: %d %s", status, text)
	}
	owner.must(`{"act":{"start":{"kind":"question","text":"?","choices":["a","b"]}}}`)
	start := time.Now()
	var told sync.WaitGroup
	for i, p := range all {
		told.Go(func() {
			p.say(fmt.Sprintf(`{"act":{"answer":{"act":1,"choice":%d}}}`, i%2))
			p.awaitThat("act", func(r reply) bool { return r.Act != nil && r.Act.Answered == 500 })
		})
	}
	told.Wait()
	t.Logf("after %v each of 500 is told that all have answered", time.Since(start).Round(time.Millisecond))
	owner.say(`{"act":{"close":true}}`) // the answer may come after the message
	if a := owner.awaitThat("act", func(r reply) bool { return r.Act.Phase == "closed" }).Act; !slices.Equal(a.Counts, []int{250, 250}) {
		t.Errorf("the counts are %v", a.Counts)
	}
	// 31. All come back at once, each as the same.
	for _, p := range all {
		p.Close()
	}
	start = time.Now()
	for i, key := range keys {
		told.Go(func() {
			p := c.dial(c.room)
			if r := p.hello(key); r.Welcome.Member.ID != key[:8] {
				t.Errorf("member %d comes back as %+v", i, r)
				return
			}
			if a := p.awaitThat("act", func(r reply) bool { return r.Act != nil }).Act; a.Mine == nil || *a.Mine.Choice != i%2 {
				t.Errorf("member %d finds the answer %+v", i, a.Mine)
			}
		})
	}
	told.Wait()
	t.Logf("after %v each of 500 is back", time.Since(start).Round(time.Millisecond))
}
