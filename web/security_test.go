package web

import (
	"bufio"
	"ebmviz/sim/wire"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestSecurity tries the server's doors. The numbers are those of the project's list of
// what is tried.
func TestSecurity(t *testing.T) {
	for _, c := range []struct {
		name string
		test func(t *testing.T)
	}{
		{"01_foreign_host", foreignHost},
		{"02_host_that_looks_like_ours", hostThatLooksLikeOurs},
		{"03_foreign_host_with_its_own_origin", foreignHostWithItsOwnOrigin},
		{"04_foreign_origin", foreignOrigin},
		{"05_no_origin_needs_the_token", noOriginNeedsTheToken},
		{"06_cross_site_post", crossSitePost},
		{"08_own_token", ownToken},
		{"09_and_36_commands_of_members", memberCommands},
		{"10_wrong_codes", wrongCodesThenRight},
		{"11_and_44_secrets", secretsStayOut},
		{"12_message_over_the_limit", messageOverTheLimit},
		{"13_compression", compression},
		{"14_broken_frames", brokenFrames},
		{"15_knob_values", knobValues},
		{"16_grid", gridOverTheLimit},
		{"17_rooms", roomsOverTheLimit},
		{"18_commands", commandsOverTheLimit},
		{"21_slow_header", slowHeader},
		{"22_silent_socket", silentSocket},
		{"23_zero_window_among_many", zeroWindowAmongMany},
		{"24_slow_reader", slowReader},
		{"25_never_acknowledges", neverAcknowledges},
		{"26_acknowledges_too_much", acknowledgesTooMuch},
		{"27_panic_in_a_model", panicInAModel},
		{"29_shutdown_with_many_viewers", shutdownWithManyViewers},
		{"37_guessed_codes", guessedCodes},
		{"40_hostile_names", hostileNames},
		{"41_removed_member", removedMember},
	} {
		t.Run(c.name, c.test)
	}
}

// long reports whether the tests may take their time (make test-long).
func long() bool { return os.Getenv("EBMVIZ_LONG") != "" }

// upgrade are the headers of a handshake.
func upgrade(more ...string) []string {
	return append([]string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13",
		"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="}, more...)
}

func foreignHost(t *testing.T) {
	h := serve(t, nil)
	room, _ := h.room()
	for _, path := range []string{"/", "/api/catalog", "/healthz"} {
		if status, _ := h.do("GET", path, "", "Host", "evil.example"); status != 403 {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _ := h.do("GET", "/ws?room="+room, "", upgrade("Host", "evil.example", "Origin", "http://"+h.addr)...); status != 403 {
		t.Errorf("/ws: %d", status)
	}
}

func hostThatLooksLikeOurs(t *testing.T) {
	h := serve(t, nil)
	for _, name := range []string{"127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "127.evil.example:8080"} {
		if status, _ := h.do("GET", "/", "", "Host", name); status != 403 {
			t.Errorf("%s: %d", name, status)
		}
	}
	for _, name := range []string{"localhost", "127.0.0.1:1234", "[::1]:80"} {
		if status, _ := h.do("GET", "/healthz", "", "Host", name); status != 200 {
			t.Errorf("%s: %d, want 200", name, status)
		}
	}
}

func foreignHostWithItsOwnOrigin(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	for _, more := range [][]string{nil, {"Authorization", "Bearer " + token}} {
		header := upgrade(append([]string{"Host", "evil", "Origin", "http://evil"}, more...)...)
		if status, _ := h.do("GET", "/ws?room="+room, "", header...); status != 403 {
			t.Errorf("%v: %d", more, status)
		}
	}
}

func foreignOrigin(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	_, port, _ := net.SplitHostPort(h.addr)
	for _, origin := range []string{"http://evil.example", "null", "https://" + h.addr, "http://localhost:" + port, "http://127.0.0.1:1", "http://" + h.addr + ".evil.example"} {
		_, a, err := h.handshake(room, http.Header{"Origin": {origin}, "Authorization": {"Bearer " + token}})
		if err == nil || a == nil || a.StatusCode != 403 {
			t.Errorf("%s: %v", origin, a)
		}
	}
	_, a, err := h.handshake(room, http.Header{"Origin": {"http://" + h.addr, "http://evil.example"}})
	if err == nil || a.StatusCode != 403 {
		t.Error("a second origin was let in")
	}
}

func noOriginNeedsTheToken(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	for _, bearer := range []string{"", "Bearer ", "Bearer " + token[:31], "Bearer " + token + "0", token, "Basic " + token} {
		header := http.Header{}
		if bearer != "" {
			header.Set("Authorization", bearer)
		}
		if _, a, err := h.handshake(room, header); err == nil || a.StatusCode != 403 {
			t.Errorf("%q was let in", bearer)
		}
	}
	conn, a, err := h.handshake(room, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil || a.StatusCode != 101 {
		t.Fatalf("with the token: %v", err)
	}
	defer conn.Close()
	p := &peer{connection: conn, t: t}
	p.say(`{"hello":{}}`)
	if w := p.await("welcome").Welcome; w.Role != "driver" {
		t.Errorf("who showed the token is %q", w.Role)
	}
}

func crossSitePost(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site", "Origin", "http://localhost:3000"},
		{"Origin", "http://evil.example"},
		{"Origin", "null"},
	} {
		if status, _ := h.do("POST", "/api/rooms", `{"model":"bowl"}`, header...); status != 403 {
			t.Errorf("POST %v: %d", header, status)
		}
		header = append(header, "Authorization", "Bearer "+token)
		if status, _ := h.do("PUT", "/api/rooms/"+room+"/checkpoint", `{}`, header...); status != 403 {
			t.Errorf("PUT %v: %d", header, status)
		}
	}
	if status, text := h.do("POST", "/api/rooms", `{"model":"bowl"}`, "Sec-Fetch-Site", "same-origin", "Origin", "http://"+h.addr); status != 200 {
		t.Errorf("our own page: %d %s", status, text)
	}
	if n := h.rooms.count(); n != 2 {
		t.Errorf("%d rooms, want 2", n)
	}
}

func messageOverTheLimit(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	message := func(size int) string {
		head, tail := `{"set":{"knob":"height","value":"`, `"},"id":1}`
		return head + strings.Repeat("x", size-len(head)-len(tail)) + tail
	}
	p := h.join(room, token)
	p.say(message(wire.MaxMessage))
	if r := p.answer(1); r.Error.Code != "bad-value" {
		t.Errorf("a message of just the limit: %+v", r.Error)
	}
	p.say(message(wire.MaxMessage + 1))
	if code := p.closed(); code != websocket.CloseMessageTooBig {
		t.Errorf("one byte more: closed with %d", code)
	}
	// Most of a long message is still on its way when it is refused; the sender must
	// learn why nevertheless.
	q := h.join(room, token)
	go q.write(message(16 << 20))
	if code := q.closed(); code != websocket.CloseMessageTooBig {
		t.Errorf("16 MiB: closed with %d", code)
	}
}

func compression(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	c := h.raw(room, token, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
	if strings.Contains(strings.ToLower(c.head), "sec-websocket-extensions") {
		t.Errorf("compression was negotiated:\n%s", c.head)
	}
	c.send(0xc1, true, []byte(`{"hello":{}}`)) // FIN, RSV1, text
	if code := c.closeCode(); code != websocket.CloseProtocolError {
		t.Errorf("a frame with RSV1: closed with %d", code)
	}
}

func brokenFrames(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	for _, c := range []struct {
		name   string
		first  byte
		masked bool
		body   []byte
		want   int
	}{
		{"unmasked", 0x81, false, []byte(`{"hello":{}}`), 1002},
		{"bad UTF-8", 0x81, true, []byte("{\"do\":\"\xff\"}"), 1007},
		{"control frame of 126 bytes", 0x89, true, make([]byte, 126), 1002},
		{"control frame in pieces", 0x09, true, nil, 1002},
		{"unknown opcode", 0x83, true, nil, 1002},
		{"continuation of nothing", 0x80, true, []byte("x"), 1002},
		{"close with a bad code", 0x88, true, []byte{0, 1}, 1002},
	} {
		raw := h.raw(room, token, "")
		raw.send(c.first, c.masked, c.body)
		if code := raw.closeCode(); code != c.want {
			t.Errorf("%s: closed with %d, want %d", c.name, code, c.want)
		}
	}
	if status, _ := h.do("GET", "/healthz", ""); status != 200 {
		t.Error("the server is not well")
	}
}

func knobValues(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	p := h.join(room, token)
	before := memory()
	for i, c := range []struct{ value, want string }{
		{"1000000000", "from 0.1 to 10"},
		{"1e308", "from 0.1 to 10"},
		{"-1", "from 0.1 to 10"},
		{"null", "from 0.1 to 10"},
		{`"tall"`, "from 0.1 to 10"},
		{"[1]", "from 0.1 to 10"},
		{"{}", "from 0.1 to 10"},
		{"1e999", "must be a number"},
		{"NaN", "not valid JSON"},
		{strings.Repeat("[", 10000) + strings.Repeat("]", 10000), "nested more than 32 deep, which is the limit"},
	} {
		p.say(fmt.Sprintf(`{"id":%d,"set":{"knob":"height","value":%s}}`, i, c.value))
		r := p.awaitThat("error", func(reply) bool { return true })
		if !strings.Contains(r.Error.Message, c.want) {
			t.Errorf("%.40s: %+v, want %q", c.value, r.Error, c.want)
		}
	}
	if grown := int64(memory()) - int64(before); grown > 10<<20 {
		t.Errorf("memory grew by %d bytes", grown)
	}
}

// memory returns how many bytes the process holds of the system.
func memory() uint64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}

func gridOverTheLimit(t *testing.T) {
	h := serve(t, nil)
	room, token := h.room()
	p := h.join(room, token)
	for i, grid := range []string{"100000", "513", "15", "0", "-1", "1e9"} {
		p.say(fmt.Sprintf(`{"id":%d,"view":{"grid":%s}}`, i, grid))
		if r := p.answer(int64(i)); !strings.Contains(r.Error.Message, "16 to 512") {
			t.Errorf("a grid of %s: %+v", grid, r.Error)
		}
	}
	p.say(`{"id":9,"do":"step"}`)
	if r := p.answer(9); r.State.Grid != 128 {
		t.Errorf("the grid is now %d", r.State.Grid)
	}
}

func roomsOverTheLimit(t *testing.T) {
	notShort(t)
	h := serve(t, func(s *Server) { s.timing.place = time.Hour })
	for range maxRooms {
		h.room()
	}
	status, text := h.do("POST", "/api/rooms", `{"model":"bowl"}`)
	if status != 503 || !strings.Contains(text, "all 64 rooms") {
		t.Errorf("%d %s", status, text)
	}
	if n := h.rooms.count(); n != maxRooms {
		t.Errorf("%d rooms", n)
	}
}

func slowHeader(t *testing.T) {
	if defaultTiming.header != 5*time.Second {
		t.Errorf("a header may take %v, want 5s", defaultTiming.header)
	}
	h := serve(t, func(s *Server) { s.timing.header = 200 * time.Millisecond })
	c, err := net.Dial("tcp", h.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	start := time.Now()
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nX-Slow: ", h.addr)
	c.SetReadDeadline(start.Add(maxWait))
	if _, err := io.Copy(io.Discard, bufio.NewReader(c)); err != nil && time.Since(start) >= maxWait {
		t.Errorf("the connection is still open after %v", maxWait)
	}
}

// notShort skips a test that opens all the rooms of a server, which takes long under the race detector.
func notShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped with -short")
	}
}
