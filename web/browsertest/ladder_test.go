package browsertest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ebmviz/sim"
)

// badNetwork is between a page and its server, and spoils connections.
type badNetwork struct {
	host  string       // of the server
	tries atomic.Int64 // lines that the page has begun

	noUpgrade  atomic.Bool   // strips the header Upgrade
	cutAfter   time.Duration // of a websocket; 0 is never
	passUntil  time.Duration // after which a websocket stays open and passes nothing; 0 passes all
	holdStream atomic.Bool   // holds a streamed answer back until it is complete

	mu    sync.Mutex
	conns []net.Conn // of websockets
}

// cut cuts the websockets that are open.
func (n *badNetwork) cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range n.conns {
		c.Close()
	}
	n.conns = nil
}

// blackHole is the least time for which a websocket passes something.
const blackHole = time.Nanosecond

// answer answers in the place of the server where it spoils something.
func (n *badNetwork) answer(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case r.URL.Path == "/ws" && r.Method == "GET":
		n.tries.Add(1)
		if n.noUpgrade.Load() {
			r.Header.Del("Upgrade")
			r.Header.Del("Connection")
			return false
		}
		return n.websocket(w, r)
	case r.URL.Path == "/api/send" && r.URL.Query().Has("room"):
		n.tries.Add(1)
	case r.URL.Path == "/api/stream" && r.Method == "GET" && !r.URL.Query().Has("one") && n.holdStream.Load():
		out, err := http.NewRequestWithContext(r.Context(), "GET", "http://"+n.host+r.URL.String(), nil)
		if err == nil {
			out.Header = r.Header
			var a *http.Response
			if a, err = http.DefaultTransport.RoundTrip(out); err == nil {
				defer a.Body.Close()
				io.Copy(io.Discard, a.Body) // until the page gives up
			}
		}
		return true
	}
	return false
}

// websocket passes a handshake and what follows, for a while.
func (n *badNetwork) websocket(w http.ResponseWriter, r *http.Request) bool {
	server, err := net.Dial("tcp", n.host)
	if err != nil {
		return false
	}
	defer server.Close()
	page, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	defer page.Close()
	n.mu.Lock()
	n.conns = append(n.conns, page)
	n.mu.Unlock()
	if n.cutAfter > 0 {
		cut := time.AfterFunc(n.cutAfter, func() { page.Close(); server.Close() })
		defer cut.Stop()
	}
	r.Write(server)
	go func() {
		io.Copy(server, page)
		server.Close()
	}()
	begun := time.Now()
	buffer := make([]byte, 64<<10)
	for first := true; ; first = false {
		size, err := server.Read(buffer)
		if err != nil {
			return true
		}
		if first || n.passUntil == 0 || time.Since(begun) < n.passUntil {
			page.Write(buffer[:size])
		}
	}
}

// TestStepsDown: on each bad network the page finds a transport that works within five tries, says so in
// a sentence, and draws on in the same room.
func TestStepsDown(t *testing.T) {
	for _, c := range []struct {
		name, want string
		network    func(n *badNetwork)
	}{
		{"no Upgrade", "stream", func(n *badNetwork) { n.noUpgrade.Store(true) }},
		{"cut within a second", "stream", func(n *badNetwork) { n.cutAfter = 300 * time.Millisecond }},
		{"black hole", "stream", func(n *badNetwork) { n.passUntil = blackHole }},
		{"silent after two seconds", "stream", func(n *badNetwork) { n.passUntil = 2 * time.Second }},
		{"no Upgrade, and holds back a stream", "poll", func(n *badNetwork) { n.noUpgrade.Store(true); n.holdStream.Store(true) }},
		{"cut, and holds back a stream", "poll", func(n *badNetwork) { n.cutAfter = 500 * time.Millisecond; n.holdStream.Store(true) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t)
			n := &badNetwork{host: strings.TrimSuffix(strings.TrimPrefix(server, "http://"), "/")}
			c.network(n)
			address := before(t, server, n.answer)
			begun := time.Now()
			b := open(t, desktop, address+"#model=kmeans&data=moons")
			b.waitFor(fmt.Sprintf("ebmviz.transport === %q", c.want))
			took := time.Since(begun)
			b.waitForFrames(eval[int](b, "ebmviz.frames") + 20)
			t.Logf("%s after %.1f s and %d tries", c.want, took.Seconds(), n.tries.Load())
			if tries := n.tries.Load(); tries > 5 {
				t.Errorf("%d tries", tries)
			}
			b.waitFor("!document.querySelector('[data-notice]') && document.body.textContent.includes('This network blocks websockets')")
			b.savePicture("steps-down")
			b.click(`[data-action="pause"]`)
			b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
			b.enter("#step-count", "45")
			b.waitFor("ebmviz.step === 45")
			eval[bool](b, "(document.querySelector('[data-action=help]').click(), true)")
			b.waitFor(fmt.Sprintf("document.querySelector('#help[open] [data-connection]')?.textContent === %q", map[string]string{
				"stream": "Connection: one long HTTP download, because this network blocks websockets. The page tries a websocket again from time to time.",
				"poll":   "Connection: many short HTTP requests, because this network blocks websockets and long downloads. The page tries better ways from time to time.",
			}[c.want]))
			b.checkAccessibility()
			if rooms := rooms(t, server); rooms != 1 {
				t.Errorf("the server has %d rooms", rooms)
			}
		})
	}
}

// TestAMemberStays: on a network that stops passing websockets a member stays who it is, with its pins;
// when it passes them again the page goes back to them, and nothing is lost meanwhile.
func TestAMemberStays(t *testing.T) {
	t.Parallel()
	c := serveClass(t, sim.Config{Model: "kmeans", Data: "moons"})
	n := &badNetwork{host: strings.TrimSuffix(strings.TrimPrefix(c.address, "http://"), "/")}
	address := before(t, c.address, n.answer)
	// The owner is a session of requests.
	r, err := http.NewRequest("POST", c.address+"api/send?room="+c.Room, strings.NewReader(
		fmt.Sprintf("{\"hello\":{\"token\":%q}}\n{\"do\":\"play\"}\n{\"act\":{\"start\":{\"kind\":\"pins\",\"text\":\"Where?\"}}}", c.token)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if a, err := http.DefaultClient.Do(r); err != nil || a.StatusCode != http.StatusOK {
		t.Fatal(a, err)
	}
	b := open(t, screen{width: 390, height: 844}, address+"#renderer=canvas2d&join="+c.Code)
	b.waitFor("ebmviz.class?.me")
	b.waitForInstruments()
	b.act("pins", "open")
	b.tap(-.5, .5)
	b.status("1 of 3 pins")
	// A minute until the next attempt is half a second.
	eval[bool](b, "(() => { const start = setTimeout; window.setTimeout = (f, ms, ...a) => start(f, ms > 40_000 ? 500 : ms, ...a); return true })()")
	same := fmt.Sprintf("ebmviz.class.me.id === %q && JSON.stringify(ebmviz.class.act?.mine?.points) === %q",
		eval[string](b, "ebmviz.class.me.id"), eval[string](b, "JSON.stringify(ebmviz.class.act.mine.points)"))

	n.noUpgrade.Store(true)
	n.cut()
	b.waitFor("ebmviz.transport === 'stream' && " + same)
	b.waitForFrames(eval[int](b, "ebmviz.frames") + 10)
	b.savePicture("member-stays")
	b.checkLayout()
	eval[bool](b, "(() => { window.lost = 0; new MutationObserver(() => lost += document.querySelectorAll('[data-notice]').length).observe(document.body, { childList: true, subtree: true }); return true })()")
	n.noUpgrade.Store(false)
	b.waitFor("ebmviz.transport === 'websocket' && " + same)
	b.waitForFrames(eval[int](b, "ebmviz.frames") + 10)
	b.tap(.8, -.2)
	b.status("2 of 3 pins")
	if lost := eval[int](b, "lost"); lost > 0 {
		t.Errorf("%d notices were shown while the page went back to a websocket", lost)
	}
}
