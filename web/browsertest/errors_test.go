package browsertest

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// proxy is a network that can be cut: it copies bytes between a browser and the server.
type proxy struct {
	net.Listener
	mu    sync.Mutex
	conns map[net.Conn]bool
	cut   bool
}

func startProxy(t *testing.T, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &proxy{Listener: l, conns: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close(); c.set(true) })
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", server)
			if err != nil || !c.register(from, to) {
				from.Close()
				continue
			}
			go func() { io.Copy(to, from); to.Close() }()
			go func() { io.Copy(from, to); from.Close() }()
		}
	}()
	return c
}

// register notes two connections to close when the network is cut, and reports whether it is not.
func (c *proxy) register(a, b net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conns[a], c.conns[b] = true, true
	return !c.cut
}

func (c *proxy) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut = cut; cut {
		for conn := range c.conns {
			conn.Close()
		}
		clear(c.conns)
	}
}

func TestLosesTheSocketAndComesBack(t *testing.T) {
	t.Parallel()
	server := serve(t)
	host := strings.TrimSuffix(strings.TrimPrefix(server, "http://"), "/")
	c := startProxy(t, host)
	_, port, _ := net.SplitHostPort(c.Addr().String())
	b := open(t, desktop, "http://127.0.0.1:"+port+"/#model=dae&data=moons&k.sigma=0.2")
	b.waitForFrames(10)
	room := eval[string](b, "ebmviz.room")
	c.set(true)
	b.waitFor(`document.querySelector('[data-notice="lost"]')`)
	c.set(false)
	b.waitFor(`!document.querySelector('[data-notice="lost"]')`)
	b.waitForFrames(5)
	if got := eval[string](b, "[ebmviz.state.model, ebmviz.state.data, ebmviz.state.knobs.sigma].join()"); got != "dae,moons,0.2" {
		t.Errorf("came back as %s", got)
	}
	if eval[string](b, "ebmviz.room") != room {
		t.Error("came back to another room than before")
	}
	for _, line := range strings.Split(b.consoleText(), "\n") { // the browser's own lines about the network are to be expected
		if line != "" && !strings.Contains(line, "net::ERR_") && !strings.Contains(line, "WebSocket connection") {
			t.Errorf("the console has: %s", line)
		}
	}
}

func TestALearningRateThatBlowsUp(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&data=spiral&k.optimiser=momentum&k.lr=0.1&k.r=0&view.speed=0")
	b.waitFor(`document.querySelector('[data-notice="diverged"]')`)
	sentence := eval[string](b, `document.querySelector('[data-notice="diverged"]').textContent`)
	if !strings.Contains(sentence, "step") {
		t.Errorf("it says %q", sentence)
	}
	if eval[bool](b, "Array.from(ebmviz.grid()).some(v => !Number.isFinite(v))") {
		t.Error("a number that is not finite is on the page")
	}
	b.click(`[data-notice="diverged"] button`)
	b.waitFor(`!document.querySelector('[data-notice="diverged"]')`)
	b.slide("lr", "e.min")
	b.waitFor("ebmviz.state.knobs.lr < 0.001")
	b.expectEmptyConsole()
}

func TestABadAddressIsASentence(t *testing.T) {
	t.Parallel()
	for fragment, says := range map[string]string{
		"#model=transformer":   "transformer",
		"#data=spirl":          "spiral",
		"#k.sgima=1":           "sgima",
		"#model=dae&k.sigma=9": "0.02",
		"#k.chain=many":        "chain",
		"#%%%&&&==":            "",
		"#v=9&model=kmeans":    "newer ebmviz",
		"#model=%3Cimg%20src=x%20onerror=alert(1)%3E":         "<img src=x",
		"#model=kmeans&data=custom":                           "no points yet",
		"#model=kmeans&data=custom&points=h.AAAAAAAAAAAAAAAA": "kept on another computer",
		"#model=kmeans&data=custom&points=%3Cscript%3E":       "no code of points",
	} {
		t.Run(fragment, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(fragment, "img") && !strings.Contains(fragment, "v=3") && !strings.Contains(fragment, "h.AAAA") {
				longOnly(t)
			}
			b := open(t, desktop, serve(t)+fragment)
			b.waitForFrames(3)
			if text := eval[string](b, "document.body.innerText"); says != "" && !strings.Contains(text, says) {
				t.Errorf("nothing on the page mentions %q", says)
			}
		})
	}
}
