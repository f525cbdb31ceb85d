package browsertest

import (
	"fmt"
	"image"
	"testing"
)

// layoutFaults lists what is wrong with the page as it shows a method: formulas that KaTeX could not
// set, text with TeX in it, and what sticks out of the panel sideways.
const layoutFaults = `(() => {
	const wrong = [], panel = document.querySelector('#panel'), edge = panel.getBoundingClientRect().right + .5;
	for (const details of panel.querySelectorAll('details')) details.open = true;
	for (const e of document.querySelectorAll('.katex-error')) wrong.push('not set: ' + e.title);
	const lines = panel.querySelectorAll('#formulas .tex');
	for (const e of lines) if (!e.querySelector('.katex')) wrong.push('no formula: ' + e.textContent);
	for (const part of document.querySelectorAll('#panel, .sidebar')) {
		const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
		while (texts.nextNode()) {
			const { parentElement: at, data } = texts.currentNode;
			if (at.closest('.katex') ? !at.closest('annotation') && data.includes('\\') : /[\\{}]|NaN/.test(data)) wrong.push('TeX as text: ' + data);
		}
	}
	for (const box of panel.querySelectorAll('.method-part, .measures, .formulas, .knobs, .step-report')) {
		if (box.scrollWidth > box.clientWidth + 1 && box.offsetParent) wrong.push(box.className + ' is ' + box.scrollWidth + ' wide in ' + box.clientWidth);
	}
	for (const e of panel.querySelectorAll('*')) {
		if (e.getClientRects().length && !e.closest('.katex, .chart, .tex') && e.getBoundingClientRect().right > edge) wrong.push('sticks out: ' + e.outerHTML.slice(0, 90));
	}
	for (const e of panel.querySelectorAll('.knob:not([hidden]) label > span:first-child')) {
		if (e.scrollWidth > e.clientWidth + 1) wrong.push('cut label: ' + e.textContent);
	}
	for (const details of panel.querySelectorAll('details')) details.open = false;
	return wrong.slice(0, 6) })()`

// TestEveryMethodIsShown chooses one method of the catalogue after the other.
func TestEveryMethodIsShown(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t))
	b.waitForFrames(3)
	b.waitFor("document.querySelector('#formulas .katex')")
	methods := eval[[]string](b, `[...document.querySelectorAll('[data-choose="model"]')].map(e => e.dataset.value)`)
	if len(methods) < 20 {
		t.Fatalf("only %v are listed", methods)
	}
	for _, method := range methods {
		// A click scrolls the sidebar first if it has to.
		b.click(fmt.Sprintf(`[data-choose="model"][data-value="%s"]`, method))
		b.waitFor(fmt.Sprintf("ebmviz.state.model === '%s' && ebmviz.step > 0 && ebmviz.frames > 0", method))
		b.waitForFrames(2)
		if eval[bool](b, "ebmviz.grid().length < 1000 || !ebmviz.grid().every(Number.isFinite) || Math.max(...ebmviz.grid()) === Math.min(...ebmviz.grid())") {
			t.Errorf("%s: nothing is drawn", method)
		}
		for _, wrong := range eval[[]string](b, layoutFaults) {
			t.Errorf("%s: %s", method, wrong)
		}
		if b.consoleText() != "" {
			t.Fatalf("%s tells the console: %s", method, b.consoleText())
		}
	}
}

// methodInView holds when the chosen method is wholly visible in the sidebar.
const methodInView = `(() => {
	const at = document.querySelector('.method[aria-pressed="true"]').getBoundingClientRect();
	const list = document.querySelector('#methods').getBoundingClientRect();
	return at.top >= list.top - 1 && at.bottom <= list.bottom + 1 })()`

// TestTheChosenMethodIsInSight: in a sidebar that is shorter than its list, at first and when
// everything grows.
func TestTheChosenMethodIsInSight(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 1920, height: 1080}, serve(t)+"#model=leastsquares") // the last
	b.waitForFrames(3)
	b.waitFor(methodInView)
	b.click(`[data-choose="data"][data-value="moons"]`)
	b.click(`[data-action="projector"]`)
	b.click(`[data-action="panels"]`)
	b.waitFor("document.querySelector('#methods').scrollHeight > 1.5 * document.querySelector('#methods').clientHeight")
	b.waitFor(methodInView)
	b.expectEmptyConsole()
}

// TestProposalsAreDrawn: a sampler's proposals are a layer of their own, offered only where
// there are some.
func TestProposalsAreDrawn(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, screen{width: 1280, height: 800, reducedMotion: true}, serve(t)+"#model=cd")
	b.waitForFrames(5)
	chip := `[data-layer="proposals"]`
	b.waitFor(fmt.Sprintf("document.querySelector('%s').hidden", chip))
	b.click(`[data-choose="model"][data-value="pcd"]`)
	b.waitFor(fmt.Sprintf("ebmviz.state.model === 'pcd' && ebmviz.step > 10 && !document.querySelector('%s').hidden", chip))
	b.click(`[data-action="pause"]`)
	b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
	for _, layer := range []string{"up", "marks", "data"} { // what would cover them
		b.click(fmt.Sprintf(`[data-layer="%s"]`, layer))
	}
	_, before := colours(b.waitForStill("#square"), 0xf0, 0x8a, 0x00, 40)
	b.click(chip)
	b.waitForPicture("#square", func(img image.Image) string {
		if _, after := colours(img, 0xf0, 0x8a, 0x00, 40); after < before+200 {
			return fmt.Sprintf("%d pixels in the colour of proposals, %d before the proposals were shown", after, before)
		}
		return ""
	})
	b.click(chip)
	b.waitForPicture("#square", func(img image.Image) string {
		if _, again := colours(img, 0xf0, 0x8a, 0x00, 40); again > before+20 {
			return fmt.Sprintf("the proposals are hidden and %d pixels are left", again-before)
		}
		return ""
	})
	b.click(`[data-choose="model"][data-value="scorematching"]`) // has neither samples nor parts in the plane
	b.waitFor("ebmviz.state.model === 'scorematching' && ebmviz.step > 0")
	b.waitFor(`['proposals', 'marks'].every(layer => document.querySelector('[data-layer="' + layer + '"]').hidden)`)
	b.expectEmptyConsole()
}
