package browsertest

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	side    = "document.querySelector('#square').offsetWidth"
	slicing = "document.querySelector('#ask:not([hidden])[data-slice]')"
)

// resize gives the window another size, with so many pixels of the screen to one of the page.
func (b *tab) resize(width, height int, ratio float64) {
	b.Helper()
	p := emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: int64(height), DeviceScaleFactor: ratio}
	if _, err := cdp.Call(b.ctx, emulation.SetDeviceMetricsOverride, p); err != nil {
		b.Fatal(err)
	}
	b.waitFor(fmt.Sprintf("innerWidth === %d && innerHeight === %d && devicePixelRatio === %g", width, height, ratio))
}

// checkRoom fails the test where the landscape is smaller than least, where the page scrolls, where
// a main part of it lies over another, and where no knob is in sight.
func (b *tab) checkRoom(where string, least int) {
	b.Helper()
	b.waitFor(fmt.Sprintf("%s >= %d /* %s */", side, least, where))
	if more := eval[int](b, "document.documentElement.scrollHeight - innerHeight"); more > 0 {
		b.Errorf("%s: the page scrolls %d px", where, more)
	}
	wrong := eval[[]string](b, `(() => {
		const parts = ['.head', '.tools', '#landscape', '#bar', '#dock', '.time', '.panel', '.sidebar', '.layers', '.tabs', '.pane', '.first-minute'].flatMap(s => [...document.querySelectorAll(s)])
			.filter(e => e.checkVisibility({visibilityProperty: true}));
		const inside = (a, b) => a.contains(b) || b.contains(a) || a.matches('#landscape') && b.matches('.first-minute');
		const out = [];
		for (const [i, x] of parts.entries()) {
			const a = x.getBoundingClientRect();
			if (a.left < -1 || a.top < -1 || a.right > innerWidth + 1 || a.bottom > innerHeight + 1) out.push(x.className + x.id + ' is outside the window');
			for (const y of parts.slice(i + 1)) {
				const b = y.getBoundingClientRect();
				const w = Math.min(a.right, b.right) - Math.max(a.left, b.left), h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
				if (!inside(x, y) && w > 1 && h > 1) out.push(x.className + x.id + ' and ' + y.className + y.id + ' overlap');
			}
		}
		const knob = [...document.querySelectorAll('#model-knobs .knob')].find(e => e.checkVisibility())?.getBoundingClientRect();
		const panel = document.querySelector('.panel').getBoundingClientRect();
		if (!knob || knob.bottom > panel.bottom + 1) out.push('no knob is in sight');
		return out })()`)
	for _, w := range wrong {
		b.Errorf("%s: %s", where, w)
	}
	b.checkLayout()
	if b.Failed() {
		b.savePicture("room-" + where)
		b.FailNow()
	}
}

// TestRoom: at every size, and with a zoom of 200 %, the landscape is as large as can be, nothing lies over
// anything else, and the page does not scroll; also while the energy is cut, beside a copy, and on the
// projector, where the landscape is larger than without it. axe finds nothing in either theme.
func TestRoom(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&step=40")
	b.waitForInstruments()
	b.waitForStep(40)
	for i, s := range []struct {
		width, height             int
		ratio                     float64
		first, sliced, two, large int // the least side of the landscape: alone, with a slice, beside a copy, on the projector
	}{
		{width: 1280, height: 800, ratio: 1, first: 550, sliced: 390, two: 430, large: 760},
		{width: 1440, height: 900, ratio: 1, first: 650, sliced: 490, two: 500, large: 860},
		{width: 1920, height: 1080, ratio: 1, first: 830, sliced: 670, two: 630, large: 1040},
		{width: 1024, height: 768, ratio: 1, first: 420, sliced: 330, two: 300, large: 720},
		{width: 768, height: 1024, ratio: 1, first: 600, sliced: 500, two: 330, large: 600},
		{width: 844, height: 390, ratio: 2, first: 320, sliced: 320, two: 170, large: 340},
		{width: 640, height: 400, ratio: 2, first: 260, sliced: 260, two: 130, large: 360},
		{width: 720, height: 450, ratio: 2, first: 340, sliced: 340, two: 170, large: 400},
		{width: 390, height: 844, ratio: 2, first: 280, sliced: 280, two: 145},
	} {
		where := fmt.Sprintf("%dx%d", s.width, s.height)
		b.resize(s.width, s.height, s.ratio)
		b.do(emulateMedia(i%2 == 1, false))
		b.waitFor(fmt.Sprintf("%s > 100 && ebmviz.landscape !== null", side))
		b.checkRoom(where, s.first)
		b.checkAccessibility()
		before := eval[int](b, side)
		if s.large > 0 {
			b.do(cdp.KeyEvent("p"))
			b.waitFor(fmt.Sprintf("document.documentElement.hasAttribute('data-projector') && %s >= %d", side, max(s.large, before+1)))
			b.do(cdp.KeyEvent("p"))
			b.waitFor(fmt.Sprintf("%s === %d", side, before))
		}
		b.click(`[data-tool="slice"]`)
		b.waitFor(slicing)
		b.checkRoom(where+" slice", s.sliced)
		b.checkAccessibility()
		b.click(`[data-tool="ask"]`)
		b.click(`[data-action="ask-close"]`)
		b.click(compare)
		b.waitFor("ebmviz.panes.length === 1")
		b.checkRoom(where+" compared", s.two)
		if eval[int](b, "[...document.querySelectorAll('.pane:not([hidden]) .axis')].filter(e => e.textContent.includes('1.5')).length") != 2 {
			t.Errorf("%s: the copy lacks its axes", where)
		}
		b.click(compare)
		b.waitFor("ebmviz.panes.length === 0")
	}
	b.expectEmptyConsole()
}

// TestVerySmallPage: the page scrolls, and it begins with the landscape.
func TestVerySmallPage(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 512, height: 384}, serve(t)+"#model=short-run&step=5")
	b.waitForStep(5)
	b.waitForInstruments()
	b.waitFor("document.querySelector('#methods [aria-pressed=true]') && ebmviz.landscape !== null")
	if top := eval[float64](b, "document.body.scrollTop"); top != 0 {
		t.Errorf("the page begins at %v px", top)
	}
	if !eval[bool](b, "document.body.scrollHeight > innerHeight") {
		t.Error("the page does not scroll, so that this tests nothing")
	}
}

// TestFirstMinute: one line says what to do; it goes for good with the first knob, and starts the first lesson.
func TestFirstMinute(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans")
	b.waitForFrames(1)
	b.waitFor("document.querySelector('#first-minute:not([hidden])')?.textContent.includes('drag wells')")
	b.waitForInstruments()
	// The lecture's methods are first in the sidebar, in sight.
	first := eval[[]string](b, "[...document.querySelectorAll('[data-choose=model]')].slice(0, 3).map(e => e.dataset.value)")
	if fmt.Sprint(first) != "[kmeans dae cd]" {
		t.Errorf("the first methods are %v", first)
	}
	if !eval[bool](b, "[...document.querySelectorAll('[data-choose=model]')].slice(0, 3).every(e => e.getBoundingClientRect().bottom < document.querySelector('#methods').getBoundingClientRect().bottom)") {
		t.Error("they are not in sight")
	}
	b.slide("lr", "e.max")
	b.waitFor("!document.querySelector('#first-minute')")
	b.do(cdp.Reload())
	b.waitForFrames(1)
	if eval[bool](b, "Boolean(document.querySelector('#first-minute'))") {
		t.Error("it comes again")
	}
	eval[bool](b, "(localStorage.removeItem('ebmviz.firstMinute'), true)")
	b.do(cdp.Reload())
	b.waitForFrames(1)
	b.waitForInstruments()
	b.click(`[data-first="lesson"]`)
	b.waitFor("document.querySelector('#lesson:not([hidden])') && !document.querySelector('#first-minute')")
	b.expectEmptyConsole()
}

// TestKeysOfThePage: space plays and pauses whatever was clicked last, also a list or a number, and the
// link before all else leads to the landscape.
func TestKeysOfThePage(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	playing := "ebmviz.state.playing"
	pressed := "[document.querySelector('[data-layer=labels]').ariaPressed, document.querySelector('#formulas details').open, ebmviz.state.speed].join()"
	for _, selector := range []string{`[data-layer="labels"]`, `[data-tool="slice"]`, `[data-action="back"]`, "#speed", "#step-count", "#formulas summary", `[data-knob="lr"]`} {
		if selector == "#speed" { // a click would open it
			b.do(cdp.Focus(cdp.CSS(selector)))
		} else {
			b.click(selector)
		}
		eval[bool](b, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
		was := eval[string](b, pressed)
		for range 2 {
			now := eval[bool](b, playing)
			b.do(cdp.KeyEvent(" "))
			if !eval[bool](b, condition(fmt.Sprintf("%s === %t", playing, !now))) {
				t.Fatalf("%s was clicked last, and space does not play", selector)
			}
		}
		if after := eval[string](b, pressed); was != after {
			t.Errorf("space also pressed %s: %s, then %s", selector, was, after)
		}
	}
	eval[bool](b, "(document.activeElement.blur(), scrollTo(0, 0), true)")
	hash := eval[string](b, "location.hash")
	b.do(cdp.Focus(cdp.CSS("#skip")))
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor("document.activeElement.id === 'landscape'")
	if got := eval[string](b, "location.hash"); got != hash {
		t.Errorf("the address became %s", got)
	}
	// The chips of the layers are one stop of the Tab key.
	b.do(cdp.Focus(cdp.CSS(`[data-layer="heat"]`)))
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.waitFor("document.activeElement.dataset.layer === 'contours' && document.querySelectorAll('.chip[tabindex=\"0\"]').length === 1")
	b.expectEmptyConsole()
}

// TestBackCloses: the browser's back button closes a dialog, and the address stays; without a dialog it
// leaves the page.
func TestBackCloses(t *testing.T) {
	t.Parallel()
	url := serve(t)
	b := open(t, desktop, url+"README")
	b.do(cdp.Navigate(url + "#model=cd&step=20"))
	b.waitForInstruments()
	b.waitForStep(20)
	b.click(`[data-action="help"]`)
	b.waitFor("document.querySelector('#help').open")
	// What changes meanwhile is not undone.
	eval[bool](b, "(document.querySelector('[data-layer=labels]').click(), true)")
	b.waitFor("location.hash.includes('view.show=labels')")
	run := eval[int](b, "ebmviz.state.run")
	eval[bool](b, "(history.back(), true)")
	b.waitFor("!document.querySelector('#help').open && location.hash.includes('view.show=labels')")
	// A lesson that is opened from a dialog stays when one goes back, and back again leaves the page.
	b.click(`[data-action="lessons"]`)
	b.click(`[data-lesson-id="k-means"]`)
	b.waitFor("location.hash.includes('view.lesson=k-means.1') && ebmviz.state.model === 'kmeans'")
	if eval[int](b, "ebmviz.state.run") == run {
		t.Error("the lesson did not open")
	}
	eval[bool](b, "(setTimeout(() => history.back()), true)")
	for deadline := time.Now().Add(maxWait); ; time.Sleep(20 * time.Millisecond) {
		if at, err := cdp.Run(b.ctx, cdp.Evaluate[string]("location.pathname")); err == nil && at == "/README" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("back does not leave the page")
		}
	}
}

// TestTooltipsCoverNoNeighbour: over the knobs and over the tools.
func TestTooltipsCoverNoNeighbour(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	for _, selector := range []string{`label[for="knob-kick"]`, `[data-tool="slice"]`, `[data-layer="data"]`, `[data-choose="data"]`, `[data-action="step"]`} {
		at := eval[[]float64](b, fmt.Sprintf("(r => [r.left + r.width / 2, r.top + r.height / 2])(document.querySelector(%q).getBoundingClientRect())", selector))
		p := input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: at[0], Y: at[1]}
		if _, err := cdp.Call(b.ctx, input.DispatchMouseEvent, p); err != nil {
			t.Fatal(err)
		}
		b.waitFor("!document.querySelector('#tip').hidden")
		covered := eval[[]string](b, `(() => {
			const a = document.querySelector('#tip').getBoundingClientRect();
			return [...document.querySelectorAll('button, select, input, label')].filter(e => e.checkVisibility({visibilityProperty: true})).filter(e => {
				const b = e.getBoundingClientRect();
				return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
			}).map(e => e.outerHTML.slice(0, 80)) })()`)
		if len(covered) > 0 {
			t.Errorf("the tip of %s covers %q", selector, covered)
		}
		b.do(cdp.KeyEvent(kb.Escape))
	}
	// A click hides it.
	b.click(`[data-tool="slice"]`)
	b.waitFor(slicing + " && document.querySelector('#tip').hidden")
	b.expectEmptyConsole()
}
