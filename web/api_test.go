package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"ebmviz/ebm/data"
	"ebmviz/ebm/net"
	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/sim/wire"

	"github.com/gorilla/websocket"
)

func TestRoutes(t *testing.T) {
	h := serve(t, nil)
	room, _ := h.room()
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/healthz", "", 200, `{"ok":true,"version":"test","kernels":"` + net.Kernels() + `","rooms":1}`},
		{"GET", "/api/catalog", "", 200, `"id":"bowl"`},
		{"GET", "/api/lessons", "", 200, `"id":"collapse"`},
		{"GET", "/api/lessons/collapse", "", 200, `"claim": {`},
		{"POST", "/api/lessons", `{"format":1,"title":"t","about":"","steps":[{"title":"a","open":{"model":"bowl","data":"circle"},"say":"","seen":""}]}`, 200, `"steps":[{"title":"a","open":{"model":"bowl"`},
		{"POST", "/api/lessons", `{"format":1,"title":"t","about":"","steps":[{"title":"a","open":{"model":"bowll"},"say":"","seen":""}]}`, 400, `step 1: \"open\": `},
		{"POST", "/api/lessons", `{"format":2}`, 400, `this program reads format 1`},
		{"POST", "/api/lessons", strings.Repeat(" ", content.MaxLesson+1), 413, `limit of 1048576 bytes`},
		{"GET", "/api/lessons/nothing", "", 404, `there is no such lesson`},
		{"GET", "/api/rooms/" + room, "", 200, `"model":"bowl"`},
		{"GET", "/api/rooms/" + room + "/charts/loss.json", "", 200, `"id":"loss"`},
		{"GET", "/api/rooms/" + room + "/charts/los.json", "", 404, `did you mean \"loss\"?`},
		{"GET", "/api/rooms/" + room + "/charts/loss", "", 404, `ends in .json`},
		{"GET", "/api/rooms/" + room + "/checkpoint", "", 200, `"format":"ebmviz/1"`},
		{"PUT", "/api/rooms/" + room + "/checkpoint", "{}", 403, `"code":"token"`},
		{"GET", "/api/rooms/0123", "", 404, `"code":"unknown-room"`},
		{"GET", "/api/rooms/..%2fx", "", 404, `"code":"unknown-room"`},
		{"GET", "/ws?room=0123", "", 403, `"code":"origin"`},
		{"POST", "/api/rooms", `{"model":"bowll"}`, 400, `did you mean \"bowl\"?`},
		{"POST", "/api/rooms", `{"modle":"bowl"}`, 400, `did you mean \"model\"?`},
		{"POST", "/api/rooms", `{"model":"bowl","knobs":{"height":-1}}`, 400, `from 0.1 to 10`},
		{"POST", "/api/rooms", `{"model":"` + strings.Repeat("x", wire.MaxMessage) + `"}`, 413, `limit of 65536 bytes`},
		{"POST", "/api/rooms", `{"model":"bowl","log":[{"step":3,"set":{"knob":"height","value":-1}}]}`, 400, `move 1 of the log: knob \"height\" must be`},
		{"GET", "/api/rooms/" + room + "/files/open.json", "", 200, `{"open":{"model":"bowl","data":`},
		{"DELETE", "/api/rooms", "", 405, ""},
		{"GET", "/api/nothing", "", 404, `"code":"not-found"`},
		{"GET", "/nothing", "", 404, ""},
		{"GET", "/static.go", "", 404, ""},
		{"POST", "/", "", 405, ""},
	} {
		status, text := h.do(c.method, c.path, c.body)
		if status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%s %s: %d %.200s\nwant %d %s", c.method, c.path, status, text, c.status, c.want)
		}
	}
	if status, text := h.do("GET", "/ws", "", "Origin", "http://"+h.addr); status != 400 || !strings.Contains(text, "/ws?room=ID") {
		t.Errorf("a socket without a room: %d %s", status, text)
	}
	if status, _ := h.do("GET", "/ws?room=0123", "", "Origin", "http://"+h.addr); status != 404 {
		t.Errorf("a socket to a room that is not there: %d", status)
	}
}

func TestPostRoomOpensWhatIsAsked(t *testing.T) {
	h := serve(t, nil)
	status, text := h.do("POST", "/api/rooms", `{"model":"bowl","data":"moons","seed":7,"knobs":{"height":3,"data.n":50}}`)
	var r struct{ Room, Token string }
	if err := json.Unmarshal([]byte(text), &r); status != 200 || err != nil {
		t.Fatalf("%d %s", status, text)
	}
	if len(r.Room) != 16 || len(r.Token) != 32 {
		t.Errorf("room %q, token %q", r.Room, r.Token)
	}
	d := h.join(r.Room, r.Token)
	d.say(`{"do":"step","id":1}`)
	got := d.answer(1).State
	if got.Model != "bowl" || got.Step != 1 || got.Knobs["height"] != 3.0 || got.Knobs["data.n"] != 50.0 {
		t.Errorf("%+v", got)
	}
}

func TestCheckpointGoesRound(t *testing.T) {
	h := serve(t, nil)
	one, first := h.room()
	two, second := h.room()
	p, q := h.join(one, first), h.join(two, second)
	p.say(`{"do":"step"}`)
	p.say(`{"set":{"knob":"height","value":2},"id":1}`)
	p.answer(1)
	_, checkpoint := h.do("GET", "/api/rooms/"+one+"/checkpoint", "")

	status, text := h.do("PUT", "/api/rooms/"+two+"/checkpoint", checkpoint, "Authorization", "Bearer "+second)
	if status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	if got := q.awaitThat("state", func(r reply) bool { return r.State.Step == 1 }).State; got.Knobs["height"] != 2.0 {
		t.Errorf("%+v", got)
	}

	for _, c := range []struct {
		body, want string
		status     int
	}{
		{strings.Replace(checkpoint, `"shape":[2]`, `"shape":[3]`, 1), `\"c\"`, 400},
		{strings.Replace(checkpoint, `"format":"ebmviz/1"`, `"format":"x"`, 1), "ebmviz/1", 400},
		{checkpoint[:len(checkpoint)/2], "ends too early", 400},
		{strings.Repeat("[", 100000), "not a checkpoint", 400},
		{strings.Repeat(" ", maxUpload+1), "limit of", 413},
	} {
		status, text := h.do("PUT", "/api/rooms/"+two+"/checkpoint", c.body, "Authorization", "Bearer "+second)
		if status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%.60s: %d %.200s, want %d %q", c.body, status, text, c.status, c.want)
		}
	}
	if status, _ := h.do("PUT", "/api/rooms/"+two+"/checkpoint", checkpoint, "Authorization", "Bearer "+first); status != 403 {
		t.Errorf("with the token of another room: %d", status)
	}
}

func TestPutPoints(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	d := h.join(room, token)
	d.say(`{"set":{"knob":"height","value":3},"id":1}`)
	d.answer(1)
	put := func(body string) (int, string) {
		return h.do("PUT", "/api/rooms/"+room+"/points", body, "Authorization", "Bearer "+token)
	}
	if status, text := put("y1,y2\n0.5,0.25\n-1,1\n"); status != 200 || !strings.Contains(text, `"data":"custom"`) || !strings.Contains(text, `"height":3`) {
		t.Fatalf("%d %s", status, text)
	}
	r := d.awaitThat("points", func(r reply) bool { return len(r.Points.Y) == 2 })
	if r.Points.Y[0] != [2]float64{.5, .25} {
		t.Errorf("%+v", r.Points)
	}
	if status, text := put(" [[0.5,0.75],\n[-1,1],[0,0]]\n"); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	r = d.awaitThat("points", func(r reply) bool { return len(r.Points.Y) == 3 })
	if r.Points.Y[0] != [2]float64{.5, .75} {
		t.Errorf("%+v", r.Points)
	}
	d.say(`{"do":"step","id":2}`)
	d.answer(2)
	if status, text := h.do("PUT", "/api/rooms/"+room+"/points?learn=off", "0,0\n", "Authorization", "Bearer "+token); status != 400 || !strings.Contains(text, `got \"off\"`) {
		t.Errorf("learn=off: %d %s", status, text)
	}
	for _, c := range []struct{ query, step string }{{"?learn=draft", `"step":1`}, {"?learn=on", `"step":1`}, {"", `"step":0`}} {
		status, text := h.do("PUT", "/api/rooms/"+room+"/points"+c.query, "0,0\n0,1\n", "Authorization", "Bearer "+token)
		if status != 200 || !strings.Contains(text, c.step) || !strings.Contains(text, `"height":3`) {
			t.Errorf("%q: %d %s, want %s", c.query, status, text, c.step)
		}
	}
	for _, c := range []struct {
		body, want string
		status     int
	}{
		{"0,1\n0,x\n", "line 2", 400},
		{"0,1\n0,NaN\n", "line 2", 400},
		{"", "empty", 400},
		{"y1,y2\n0,1\n0,x\n", "1 of 2 rows hold no point; line 3", 400},
		{"0,1\n0,-1.6\n", "1 of 2 points lie outside the box from -1.5 to 1.5; fit them first", 400},
		{"[[0,1],[2,2],[0,-1.6]]", "2 of 3 points lie outside the box", 400},
		{`{"points":[[0,1],[2,2]]}`, "1 of 2 points lie outside the box", 400},
		{`{"points":[]}`, "no points", 400},
		{`{"points":[[0,1]],"axes":{"scale":[0,1]}}`, "scale above 0", 400},
		{`{"points":[[0,1]],"label":{"groups":["a"],"of":[1]}}`, "point 1 is in group 1", 400},
		{`{"points":[[0,1]],"label":{"groups":["a"],"of":[0,0]}}`, "a group for 2 of 1 points", 400},
		{`{"points":[[0,1]],"colour":1}`, "no field", 400},
		{"[]", "no points", 400},
		{"[[0,1],[0]]", "point 2: a point is [y1,y2]; got [0]", 400},
		{"[[0,1],3]", "point 2: a point is [y1,y2]; got 3", 400},
		{"[[0,1],[0,1e999]]", "point 2", 400},
		{"[[0,1],", "ends too early", 400},
		{"[[0,1]] [[0,1]]", "after the last point", 400},
		{"[" + strings.Repeat("[0,1],", data.MaxPoints) + "[0,1]]", "20000", 413},
		{"[[0,1]" + strings.Repeat(" ", 5<<20) + "]", "limit", 413},
		{"0,1\n" + strings.Repeat("1", 1<<20+1), "line", 413},
		{strings.Repeat("0,1\n", data.MaxPoints+1), "20000 that are allowed", 413},
		{strings.Repeat("0,1\n", 1<<20+1), "at most 4 MiB", 413},
	} {
		if status, text := put(c.body); status != c.status || !strings.Contains(text, c.want) {
			t.Errorf("%.20q: %d %s, want %d %q", c.body, status, text, c.status, c.want)
		}
	}
	if status, _ := h.do("PUT", "/api/rooms/"+room+"/points", "0,1\n"); status != 403 {
		t.Errorf("without the token: %d", status)
	}
}

func TestHeaders(t *testing.T) {
	h := serve(t, nil)
	a, err := http.Get("http://" + h.addr + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	for name, want := range map[string]string{
		"Content-Security-Policy":      contentPolicy,
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, word := range []string{"unsafe", "http:", "*"} {
		if strings.Contains(contentPolicy, word) {
			t.Errorf("the policy allows %q", word)
		}
	}
}

// gone waits until a room is no more.
func (h *host) gone(id string) bool {
	for end := time.Now().Add(maxWait); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if h.rooms.find(id) == nil {
			return true
		}
	}
	return false
}

func TestIdleRoomEnds(t *testing.T) {
	h := serve(t, func(s *Server) { s.timing.idle = slack * 400 * time.Millisecond })
	left, token := h.room()
	p := h.join(left, token)
	stayed, _ := h.room()
	q := h.join(stayed, "")
	never, _ := h.room()
	if !h.gone(never) {
		t.Error("a room that nobody entered is still there")
	}
	if h.rooms.find(left) == nil || h.rooms.find(stayed) == nil {
		t.Fatal("a room ended while somebody watched")
	}
	p.Close()
	if !h.gone(left) {
		t.Error("a room that everybody has left is still there")
	}
	if q.await("frame"); h.rooms.find(stayed) == nil {
		t.Error("a room ended while somebody watched")
	}
}

// TestIdleClass: the code of a class is good for longer than a room that nobody watches.
func TestIdleClass(t *testing.T) {
	h := serveWith(t, Options{Open: true}, func(s *Server) { s.timing.idle, s.timing.class = slack*50*time.Millisecond, slack*400*time.Millisecond })
	of, err := h.OpenClass(sim.Config{Model: "bowl"})
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := h.OpenRoom(sim.Config{Model: "bowl"})
	if err != nil {
		t.Fatal(err)
	}
	if !h.gone(plain) {
		t.Error("a room that nobody entered is still there")
	}
	if h.rooms.find(of.Room) == nil {
		t.Error("a class ended as soon as a room without one")
	}
	if !h.gone(of.Room) {
		t.Error("a class that nobody entered is still there")
	}
}

// TestIdleRoomsMakePlace: when all places are taken, a new room takes that of the room nobody has
// watched for longest, whether or not anybody ever entered it. A watched room keeps its place.
func TestIdleRoomsMakePlace(t *testing.T) {
	notShort(t)
	h := serve(t, func(s *Server) { s.timing.place = 0 })
	never, _ := h.room()
	left, _ := h.room()
	watched, _ := h.room()
	h.join(watched, "")
	for h.rooms.count() < maxRooms {
		h.room()
	}
	h.join(left, "").Close()
	for h.rooms.viewers(left) > 0 {
		time.Sleep(time.Millisecond)
	}
	for range maxRooms - 2 {
		h.room()
	}
	if h.rooms.find(never) != nil {
		t.Error("the room that nobody ever entered is still there")
	}
	if h.rooms.find(left) == nil || h.rooms.find(watched) == nil {
		t.Error("a room that was left later, or is watched, was ended first")
	}
	if h.room(); h.rooms.find(left) != nil {
		t.Error("the room that was left is still there")
	}
}

// TestNewRoomKeepsItsPlace: a room that was opened just now is not ended for the next one, and a
// configuration in error ends no room.
func TestNewRoomKeepsItsPlace(t *testing.T) {
	notShort(t)
	h := serve(t, func(s *Server) { s.timing.place = time.Hour })
	for h.rooms.count() < maxRooms {
		h.room()
	}
	if _, _, err := h.OpenRoom(sim.Config{Model: "bowl"}); !errors.As(err, &fullError{}) {
		t.Errorf("opened one room too many: %v", err)
	}
	h.timing.place = 0
	if _, _, err := h.OpenRoom(sim.Config{Model: "bowll"}); sim.CodeOf(err) != sim.UnknownModel || h.rooms.count() != maxRooms {
		t.Errorf("%v, and %d rooms", err, h.rooms.count())
	}
}

// TestDeleteRoom: the driver ends a room, and the sockets of its viewers are closed.
func TestDeleteRoom(t *testing.T) {
	h := serve(t, nil)
	id, token := h.room()
	v := h.join(id, "")
	if status, _ := h.do("DELETE", "/api/rooms/"+id, "", "Authorization", "Bearer "+token[1:]); status != 403 {
		t.Errorf("without the token: %d", status)
	}
	if status, text := h.do("DELETE", "/api/rooms/"+id, "", "Authorization", "Bearer "+token); status != 204 {
		t.Errorf("%d %s", status, text)
	}
	if code := v.closed(); code != websocket.CloseGoingAway {
		t.Errorf("the viewer's socket was closed with %d", code)
	}
	if h.rooms.find(id) != nil {
		t.Error("the room is still there")
	}
}

// TestRoomThatHasJustEnded: a request that found a room before it ended is told that it is gone.
func TestRoomThatHasJustEnded(t *testing.T) {
	h := serve(t, nil)
	id, token := h.room()
	h.rooms.find(id).Close()
	status, text := h.do("GET", "/api/rooms/"+id+"/files/open.json", "", "Authorization", "Bearer "+token)
	if status != 404 || !strings.Contains(text, string(unknownRoom)) {
		t.Errorf("%d %s", status, text)
	}
}

// TestOpenLimit: one address cannot open rooms without end.
func TestOpenLimit(t *testing.T) {
	h := serve(t, nil)
	now := time.Now()
	for range maxOpened {
		if !h.opened.allow("127.0.0.1:1", now) {
			t.Fatal("refused too early")
		}
	}
	if h.opened.allow("127.0.0.1:2", now) || !h.opened.allow("127.0.0.2:1", now) || !h.opened.allow("127.0.0.1:1", now.Add(openSeconds*time.Second)) {
		t.Error("the limit is not that of one address in its time")
	}
	for h.opened.allow("127.0.0.1:1", now.Add(time.Hour)) { // until then nothing is allowed
	}
	if status, text := h.do("POST", "/api/rooms", `{"model":"bowl"}`); status != 429 || !strings.Contains(text, "rooms in 10 seconds") {
		t.Errorf("%d %s", status, text)
	}
}

// TestCatalogByHash: a client that names a hash gets the hash of the catalogue, and the catalogue
// at its address, for its cache.
func TestCatalogByHash(t *testing.T) {
	h := serve(t, nil)
	id, _ := h.room()
	p := h.dial(id)
	p.say(`{"hello":{"catalog":"none"}}`)
	w := p.await("welcome").Welcome
	if len(w.CatalogHash) < 16 || len(w.Catalog.Models) != 0 {
		t.Fatalf("welcome with the hash %q and %d models", w.CatalogHash, len(w.Catalog.Models))
	}
	a, err := http.Get("http://" + h.addr + "/api/catalog/" + w.CatalogHash)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode != 200 || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%d, Cache-Control %q", a.StatusCode, a.Header.Get("Cache-Control"))
	}
	if status, _ := h.do("GET", "/api/catalog/0123456789abcdef", ""); status != 404 {
		t.Errorf("another catalogue: %d", status)
	}
}

func (rs *rooms) viewers(id string) int {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if r := rs.byID[id]; r != nil {
		return r.viewers
	}
	return 0
}
