package browsertest

import (
	"fmt"
	"testing"
)

// sight tells what is wrong with the page as it shows a method: formulas that KaTeX could not
// set, text with TeX in it, and what sticks out of the panel sideways.
const sight = `(() => {
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
	for (const box of panel.querySelectorAll('.method-part, .measures, .formulas, .knobs, .this')) {
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
	b := open(t, desktop, serve(t))
	b.drawn(3)
	b.until("document.querySelector('#formulas .katex')")
	methods := eval[[]string](b, `[...document.querySelectorAll('[data-choose="model"]')].map(e => e.dataset.value)`)
	if len(methods) < 20 {
		t.Fatalf("only %v are listed", methods)
	}
	for _, method := range methods {
		// A press, as a hand on a rail that may have to be scrolled first makes it.
		b.click(fmt.Sprintf(`[data-choose="model"][data-value="%s"]`, method))
		b.until(fmt.Sprintf("ebmviz.state.model === '%s' && ebmviz.step > 0 && ebmviz.frames > 0", method))
		b.drawn(2)
		if eval[bool](b, "ebmviz.grid().length < 1000 || !ebmviz.grid().every(Number.isFinite) || Math.max(...ebmviz.grid()) === Math.min(...ebmviz.grid())") {
			t.Errorf("%s: nothing is drawn", method)
		}
		for _, wrong := range eval[[]string](b, sight) {
			t.Errorf("%s: %s", method, wrong)
		}
		if b.said() != "" {
			t.Fatalf("%s tells the console: %s", method, b.said())
		}
	}
}

// inSight holds when the chosen method is seen in the rail, all of it.
const inSight = `(() => {
	const at = document.querySelector('.method[aria-pressed="true"]').getBoundingClientRect();
	const list = document.querySelector('#methods').getBoundingClientRect();
	return at.top >= list.top - 1 && at.bottom <= list.bottom + 1 })()`

// TestTheChosenMethodIsInSight: in a rail that is shorter than its list, at first and when
// everything grows.
func TestTheChosenMethodIsInSight(t *testing.T) {
	b := open(t, look{width: 1920, height: 1080}, serve(t)+"#model=leastsquares") // the last
	b.drawn(3)
	b.until(inSight)
	b.click(`[data-choose="data"][data-value="moons"]`)
	b.click(`[data-action="projector"]`)
	b.click(`[data-action="panels"]`)
	b.until("document.querySelector('#methods').scrollHeight > 1.5 * document.querySelector('#methods').clientHeight")
	b.until(inSight)
	b.quiet()
}

// TestProposalsAreDrawn: a sampler's proposals are a layer of their own, offered only where
// there are some.
func TestProposalsAreDrawn(t *testing.T) {
	rare(t)
	b := open(t, look{width: 1280, height: 800, still: true}, serve(t)+"#model=cd")
	b.drawn(5)
	chip := `[data-layer="proposals"]`
	b.until(fmt.Sprintf("document.querySelector('%s').hidden", chip))
	b.click(`[data-choose="model"][data-value="pcd"]`)
	b.until(fmt.Sprintf("ebmviz.state.model === 'pcd' && ebmviz.step > 10 && !document.querySelector('%s').hidden", chip))
	b.click(`[data-action="pause"]`)
	b.until("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
	for _, layer := range []string{"up", "marks", "data"} { // what lies over it
		b.click(fmt.Sprintf(`[data-layer="%s"]`, layer))
	}
	b.drawnOver(2)
	ways := func() int {
		_, near := colours(b.picture("#square"), 0xf0, 0x8a, 0x00, 40)
		return near
	}
	before := ways()
	b.click(chip)
	b.drawnOver(2)
	if after := ways(); after < before+200 {
		t.Errorf("%d pixels in the colour of ways, %d before the proposals were shown", after, before)
	}
	b.click(chip)
	b.drawnOver(2)
	if again := ways(); again > before+20 {
		t.Errorf("the proposals are hidden and %d pixels are left", again-before)
	}
	b.click(`[data-choose="model"][data-value="scorematching"]`) // neither samples nor owns anything in the plane
	b.until("ebmviz.state.model === 'scorematching' && ebmviz.step > 0")
	b.until(`['proposals', 'marks'].every(layer => document.querySelector('[data-layer="' + layer + '"]').hidden)`)
	b.quiet()
}

// drawnOver waits until the page has drawn so many more times: nothing new need have come.
func (b *tab) drawnOver(times int) {
	b.Helper()
	eval[bool](b, fmt.Sprintf("(async () => { for (let i = 0; i <= %d; i++) await new Promise(requestAnimationFrame); return true })()", times))
}
