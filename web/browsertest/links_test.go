package browsertest

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"ebmviz/web"
)

// sharedLink opens Share and returns the link when it has its moves.
func (b *tab) sharedLink() string {
	b.Helper()
	b.click(`[data-action="share"]`)
	b.waitFor("document.querySelector('#export').open && document.querySelector('#export [role=status]').textContent.match(/copied|does not allow copying/)")
	link := eval[string](b, "document.querySelector('[data-export=link]').value")
	b.click("#export .top button")
	return link
}

// gridText is all energies that a page shows, to the bit.
const gridText = "[...ebmviz.grid()].join()"

// TestLinkOpensThisLandscape moves knobs in the course of a run, and shows it by every means that an
// address has. The link of Share opens the same landscape, to the bit, in the same view, and a page that
// does not know the moves opens another.
func TestLinkOpensThisLandscape(t *testing.T) {
	t.Parallel()
	server := serve(t)
	b := open(t, desktop, server+"#model=cd&data=moons&step=30&view.range=plane")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 30")
	b.enter(`[data-knob-number="kick"]`, "0.8")
	b.waitFor("ebmviz.state.knobs.kick === 0.8")
	b.enter(`[data-knob-number="data.noise"]`, "0.1")
	b.waitFor("ebmviz.state.knobs['data.noise'] === 0.1")
	b.click(compare) // A goes on without the next moves
	b.waitFor("ebmviz.panes.length === 1")
	b.enter("#step-count", "60")
	b.waitFor("ebmviz.step === 60")
	b.enter(`[data-knob-number="lr"]`, "0.03")
	b.waitFor("ebmviz.state.knobs.lr === 0.03")
	b.enter("#step-count", "90")
	b.waitFor("ebmviz.step === 90")
	b.click(`[data-action="difference"]`)
	b.click(`[data-layer="contours"]`)
	b.click(`[data-layer="field"]`)
	b.click(`[data-action="ledger"]`)
	b.waitFor("ebmviz.change().length > 0")
	b.click(`[data-tool="slice"]`)
	b.waitFor("document.querySelector('#ask').checkVisibility()")
	b.enter(`[data-ask="y1"]`, "0.4")
	b.waitFor("document.querySelector('.slice-line').ariaValueNow === '0.40'")
	b.waitForPanes()
	link := b.sharedLink()
	fragment, err := url.ParseQuery(link[strings.Index(link, "#")+1:])
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"step": "90", "k.kick": "0.8", "view.range": "plane", "view.show": "down,field", "hide": "contours",
		"view.on": "ledger", "view.tool": "slice", "view.at": "0.4,0",
	} {
		if got := fragment.Get(name); got != want {
			t.Errorf("%s of the link is %q, want %q", name, got, want)
		}
	}
	if !strings.HasSuffix(fragment.Get("view.compare"), ".difference") || fragment.Get("log") == "" {
		t.Errorf("the link lacks the copy or the moves: %s", link)
	}
	grid, scalars := eval[string](b, gridText), eval[string](b, "JSON.stringify(ebmviz.scalars)")
	copyGrid := eval[string](b, "[...ebmviz.panes[0].grid()].join()")
	b.expectEmptyConsole()

	c := open(t, desktop, link)
	c.waitForInstruments()
	c.waitFor("ebmviz.step === 90 && ebmviz.panes.length === 1 && ebmviz.panes[0].step === 90 && ebmviz.change().length > 0")
	if eval[string](c, gridText) != grid || eval[string](c, "JSON.stringify(ebmviz.scalars)") != scalars {
		t.Error("the link opens another landscape, or other numbers")
	}
	if eval[string](c, "[...ebmviz.panes[0].grid()].join()") != copyGrid {
		t.Error("the link opens another copy")
	}
	c.waitFor(`document.querySelector('.pane .change') && document.querySelector('[data-action="difference"]').ariaPressed === 'true'`)
	if again := c.sharedLink(); again != link {
		t.Errorf("the page that the link opened shares\n%s, not\n%s", again, link)
	}
	// The address bar has them too, and earlier steps are those of the run.
	c.waitFor(fmt.Sprintf("location.href === %q", link))
	eval[bool](c, "(window.was = "+gridText+", true)")
	c.enter("#step-count", "45")
	b.enter("#step-count", "45")
	for _, x := range []*tab{b, c} {
		x.waitFor("ebmviz.step === 45")
	}
	if eval[string](c, gridText) != eval[string](b, gridText) {
		t.Error("an earlier step differs")
	}
	c.expectEmptyConsole()

	// In a page that is open already, and without the moves.
	hash := link[strings.Index(link, "#"):]
	eval[bool](c, fmt.Sprintf("(location.hash = %q, true)", strings.Replace(hash, "log=", "other=", 1)))
	c.waitFor("ebmviz.step === 90 && ebmviz.state.step === 90")
	if eval[bool](c, gridText+" === was") {
		t.Error("the moves make no difference")
	}
	eval[bool](c, fmt.Sprintf("(location.hash = %q, true)", hash))
	c.waitFor("ebmviz.step === 90 && " + gridText + " === was")
}

// stallingListener accepts connections that, while it is stalled, neither read nor write: a server that
// has stopped, and whose connections stay open.
type stallingListener struct {
	net.Listener
	mu sync.RWMutex // held for writing while it is stalled
}

func (l *stallingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return &stallingConn{c, l}, err
}

type stallingConn struct {
	net.Conn
	l *stallingListener
}

func (c *stallingConn) Write(b []byte) (int, error) {
	c.l.mu.RLock()
	defer c.l.mu.RUnlock()
	return c.Conn.Write(b)
}

// TestHonestStates: the page says within seconds that the server has stopped, and goes on with it; and
// other states that it must not hide, in the same tab.
func TestHonestStates(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stalling := &stallingListener{Listener: l}
	b := open(t, desktop, serveOn(t, stalling, web.Options{})+"#model=cd&data=moons")
	b.waitForInstruments()
	b.waitForFrames(5)
	if eval[bool](b, "!!document.querySelector('[data-notice]')") {
		t.Error("there is a notice before the server is silent")
	}
	stalling.mu.Lock()
	b.waitFor("document.querySelector('[data-notice=silent]')?.textContent.includes('The server has not answered for')")
	b.savePicture("silent-server")
	stalling.mu.Unlock()
	step := eval[int](b, "ebmviz.step")
	b.waitFor(fmt.Sprintf("!document.querySelector('[data-notice]') && ebmviz.step > %d", step))

	// "Your own points", of which there are none: the points shown are those that are learnt.
	dots := eval[int](b, "ebmviz.points().length")
	b.click(`[data-choose="data"][data-value="custom"]`)
	b.waitFor("document.querySelector('.draw-prompt').textContent.includes('Until then the model learns Two moons.')")
	if eval[bool](b, "ebmviz.state.data !== 'moons' || !ebmviz.state.playing || ebmviz.drawnPoints().length !== "+fmt.Sprint(dots)) {
		t.Error("other points are shown than those that are learnt")
	}
	b.savePicture("own-points-none")
	// Nothing is shown, and nothing is learnt. The page may still move while the room is entered again.
	eval[bool](b, `(document.querySelector('[data-draw="drawClear"]').click(), true)`)
	b.waitFor("document.querySelector('.draw-prompt').textContent.includes('Learning is paused') && !ebmviz.state.playing && ebmviz.drawnPoints().length === 0")
	b.click(`[data-tool="ask"]`)
	b.waitFor(fmt.Sprintf("ebmviz.state.playing && ebmviz.drawnPoints().length === %d", dots))

	// Past the usual number of steps it says so.
	b.click(`[data-action="pause"]`)
	b.enter("#step-count", "800")
	b.waitFor("document.querySelector('#step-rate').textContent.startsWith('of 800')")
	b.enter("#step-count", "801")
	b.waitFor("document.querySelector('#step-rate').textContent.startsWith('usually 800')")

	// The help opens at its top, also after it was scrolled; a drag over the landscape selects no text.
	eval[bool](b, "(document.querySelector('[data-action=help]').click(), true)")
	b.waitFor("document.querySelector('#help').open && document.querySelector('#help').scrollTop === 0")
	eval[bool](b, "(document.querySelector('#help').scrollTo(0, 1e6), document.querySelector('#help').close(), document.querySelector('[data-action=help]').click(), true)")
	b.waitFor("document.querySelector('#help').open && document.querySelector('#help').scrollTop === 0")
	eval[bool](b, "(document.querySelector('#help').close(), true)")
	b.drag([2]float64{0, 0}, [2]float64{4, 0})
	b.drag([2]float64{-1, -1}, [2]float64{1, -3})
	if selected := eval[string](b, "String(getSelection())"); selected != "" {
		t.Errorf("a drag selects %q", selected)
	}
	b.expectEmptyConsole()
}
