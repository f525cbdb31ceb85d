package browsertest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// badNetwork is between a page and its server, and spoils connections.
type badNetwork struct {
	host  string       // of the server
	tries atomic.Int64 // lines that the page has begun

	noUpgrade  bool          // strips the header Upgrade
	cutAfter   time.Duration // of a websocket; 0 is never
	passUntil  time.Duration // after which a websocket stays open and passes nothing; 0 passes all
	holdStream atomic.Bool   // holds a streamed answer back until it is complete
}

// blackHole is the least time for which a websocket passes something.
const blackHole = time.Nanosecond

// answer answers in the place of the server where it spoils something.
func (n *badNetwork) answer(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case r.URL.Path == "/ws" && r.Method == "GET":
		n.tries.Add(1)
		if n.noUpgrade {
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
		{"no Upgrade", "stream", func(n *badNetwork) { n.noUpgrade = true }},
		{"cut within a second", "stream", func(n *badNetwork) { n.cutAfter = 300 * time.Millisecond }},
		{"black hole", "stream", func(n *badNetwork) { n.passUntil = blackHole }},
		{"silent after two seconds", "stream", func(n *badNetwork) { n.passUntil = 2 * time.Second }},
		{"no Upgrade, and holds back a stream", "poll", func(n *badNetwork) { n.noUpgrade = true; n.holdStream.Store(true) }},
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
			b.waitFor("!document.querySelector('[data-notice]') && document.body.textContent.includes('This network does not pass websockets')")
			b.savePicture("steps-down")
			b.click(`[data-action="pause"]`)
			b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
			b.enter("#step-count", "45")
			b.waitFor("ebmviz.step === 45")
			if rooms := rooms(t, server); rooms != 1 {
				t.Errorf("the server has %d rooms", rooms)
			}
		})
	}
}
