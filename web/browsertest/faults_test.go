package browsertest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ebmviz/web"
)

// before serves the server at an address behind a handler that may answer in its place, which it
// reports.
func before(t *testing.T, address string, answer func(http.ResponseWriter, *http.Request) bool) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.CloseClientConnections)
	return s.URL + "/"
}

// restartable is a server that can be started again on its port; its rooms are gone then.
type restartable struct {
	testing.TB
	address string
	stop    func()
}

func (r *restartable) start() {
	r.Helper()
	listener, err := net.Listen("tcp", r.address)
	if err != nil {
		r.Fatal(err)
	}
	r.address = listener.Addr().String()
	server, err := web.New(web.Options{})
	if err != nil {
		r.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(ctx, listener) }()
	r.stop = func() {
		cancel()
		if err := <-done; err != nil {
			r.Error(err)
		}
	}
}

// TestComesBackAfterTheServerWasRestarted: the room and the copies beside it are made again, at the
// same step, with the same settings and pace.
func TestComesBackAfterTheServerWasRestarted(t *testing.T) {
	r := &restartable{TB: t, address: "127.0.0.1:0"}
	r.start()
	defer func() { r.stop() }()
	b := open(t, desktop, "http://"+r.address+"/#model=kmeans&data=moons&k.lr=0.3&step=30&view.speed=0")
	b.waitForInstruments()
	b.waitForStep(30)
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1 && ebmviz.panes[0].step === 30")
	if pace := eval[string](b, "ebmviz.panes[0].state.pace"); pace != "max" {
		t.Errorf("the copy of a run at full speed has the pace %q", pace)
	}
	b.enter(`[data-knob-number="lr"]`, "0.2")
	b.waitFor("ebmviz.state.knobs.lr === 0.2")
	room, copied := eval[string](b, "ebmviz.room"), eval[string](b, "ebmviz.panes[0].room")
	r.stop()
	b.waitFor(`document.querySelector('[data-notice="lost"]')`)
	r.start()
	b.waitFor(fmt.Sprintf("ebmviz.room !== '%s' && ebmviz.panes[0].room !== '%s' && ebmviz.state.step === 30", room, copied))
	b.enter("#step-count", "45")
	b.waitFor("ebmviz.step === 45")
	b.waitForPanes()
	if got := eval[string](b, "[ebmviz.state.knobs.lr, ebmviz.panes[0].state.knobs.lr, ebmviz.state.pace, ebmviz.panes[0].state.pace].join()"); got != "0.2,0.3,max,max" {
		t.Errorf("knobs and paces are %s, want 0.2,0.3,max,max", got)
	}
}

// TestTheUsualPaceStays: a room made again at the card's pace follows the card of the next method.
func TestTheUsualPaceStays(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans")
	b.waitForInstruments()
	if pace := eval[string](b, "ebmviz.state.pace"); pace != "auto" {
		t.Errorf("the page opens with the pace %q", pace)
	}
	eval[bool](b, `(e => { e.value = '2'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('#speed'))`)
	b.waitFor("ebmviz.state.pace === 'set'")
	eval[bool](b, `(e => { e.value = '1'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('#speed'))`)
	b.waitFor("ebmviz.state.pace === 'auto'")
	eval[bool](b, `(e => { e.value = '0'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('#speed'))`)
	b.waitFor("ebmviz.state.pace === 'max'")
	b.click(`[data-choose="model"][data-value="pca"]`)
	b.waitFor("ebmviz.state.model === 'pca' && ebmviz.state.pace === 'max'")
	b.expectEmptyConsole()
}

// TestARefusalIsToldAsWhatItIs: the server's sentence, not a lost connection.
func TestARefusalIsToldAsWhatItIs(t *testing.T) {
	const sentence = "This server opens rooms only for its teacher."
	refuse := true
	address := before(t, serve(t), func(w http.ResponseWriter, r *http.Request) bool {
		if !refuse || r.URL.Path != "/api/rooms" {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"error":{"code":"token","message":%q}}`, sentence)
		return true
	})
	b := open(t, desktop, address)
	b.waitFor(`document.querySelector('[data-notice="refused"]')`)
	if said := b.text(`[data-notice="refused"]`); !strings.Contains(said, sentence) || strings.Contains(said, "onnection") {
		t.Errorf("the notice says %q", said)
	}
	b.checkAccessibility()
	refuse = false
	b.click(`[data-notice="refused"] button`)
	b.waitForFrames(3)
	b.waitFor(`!document.querySelector('[data-notice]')`)
}

// TestAnEarlyPressIsKept: a button that is pressed before its instrument is loaded does what it says
// as soon as it is.
func TestAnEarlyPressIsKept(t *testing.T) {
	release := make(chan struct{})
	address := before(t, serve(t), func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/js/instruments/index.js") {
			<-release
		}
		return false
	})
	b := open(t, desktop, address)
	b.waitForFrames(3)
	b.click(`[data-action="share"]`)
	b.click(`[data-action="lessons"]`)
	if eval[bool](b, "document.querySelector('dialog[open]') !== null || document.querySelector('[data-action=lessons]').ariaBusy !== 'true'") {
		t.Error("the button does not show that it waits")
	}
	close(release)
	b.waitFor("document.querySelector('#lessons').open && document.querySelector('#lessons .opener')")
	if eval[bool](b, "document.querySelector('#export').open || document.querySelector('[aria-busy=true]') !== null") {
		t.Error("an older press was carried out too, or a button still waits")
	}
	b.expectEmptyConsole()
}

// TestDrawingStartsFromTheSolid: the tool Draw shows the map, where one can draw.
func TestDrawingStartsFromTheSolid(t *testing.T) {
	b := openRelief(t, desktop, 20)
	b.click(`[data-tool="draw"]`)
	b.waitFor("!document.querySelector('#relief')?.checkVisibility()")
	b.mouse(input.DispatchMouseEventTypeMousePressed, -1, 1)
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 1, 1)
	b.mouse(input.DispatchMouseEventTypeMouseReleased, 1, 1)
	b.waitFor("ebmviz.state.data === 'custom'")
	b.expectEmptyConsole()
}

// TestDescriptionsFollow: what a screen reader says of a control is what its tooltip says now.
func TestDescriptionsFollow(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans")
	b.waitForInstruments()
	description := "document.querySelector('#strategy').getAttribute('aria-description')"
	first := eval[string](b, description)
	b.click(`[data-choose="model"][data-value="cd"]`)
	b.waitFor(fmt.Sprintf("%s && %[1]s !== %q", description, first))
}

// TestLetterKeysCanBeSwitchedOff, and are so after a reload.
func TestLetterKeysCanBeSwitchedOff(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	b.do(cdp.KeyEvent("?"))
	b.waitFor("document.querySelector('#help').open")
	b.click(`[data-setting="letter-keys"]`)
	b.checkAccessibility()
	b.do(cdp.KeyEvent(kb.Escape))
	off := func() {
		t.Helper()
		for _, key := range []string{"?", "p", "r", "b"} {
			b.do(cdp.KeyEvent(key))
		}
		b.waitFor("!document.querySelector('#help').open")
		b.do(cdp.KeyEvent(kb.ArrowRight)) // is no letter
		b.waitFor("ebmviz.step > 20")
		if eval[bool](b, "document.querySelector('#help').open || document.documentElement.hasAttribute('data-projector') || ebmviz.step < 20") {
			t.Error("a letter still is a key")
		}
	}
	off()
	b.do(cdp.Reload())
	b.waitForFrames(1)
	b.waitForInstruments()
	off()
	b.click(`[data-action="help"]`)
	b.click(`[data-setting="letter-keys"]`)
	b.do(cdp.KeyEvent(kb.Escape))
	b.do(cdp.KeyEvent("p"))
	b.waitFor("document.documentElement.hasAttribute('data-projector')")
	b.expectEmptyConsole()
}

// TestToolbarHasArrowKeys: it is one stop of the Tab key, and arrows move inside it.
func TestToolbarHasArrowKeys(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=cd&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	focused := "document.activeElement.closest('#tools') && (document.activeElement.dataset.tool ?? document.activeElement.dataset.action)"
	stops := "[...document.querySelectorAll('#tools :is(button, select)')].filter(e => e.checkVisibility() && !e.disabled && e.tabIndex === 0).length"
	b.waitFor(stops + " === 1")
	b.do(cdp.Focus(cdp.CSS(`[data-tool="ask"]`)))
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.waitFor(focused + " === 'slice'")
	b.do(cdp.KeyEvent(kb.End))
	b.waitFor(focused + " === 'relief'")
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.waitFor(focused + " === 'ask'")
	b.do(cdp.KeyEvent(kb.ArrowLeft))
	b.do(cdp.KeyEvent(kb.ArrowLeft))
	b.waitFor(focused + " === 'map' && " + stops + " === 1")
	if step := eval[int](b, "ebmviz.step"); step != 20 {
		t.Errorf("the arrow keys made steps: it is at %d", step)
	}
	b.click(compare) // two buttons more
	b.waitFor("ebmviz.panes.length === 1 && " + stops + " === 1")
	b.expectEmptyConsole()
}
