package browsertest

import (
	"fmt"
	"math"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// coloursEnd returns the upper end of the colours.
func (b *tab) coloursEnd() float64 {
	b.Helper()
	return eval[float64](b, "ebmviz.levels().hi")
}

// TestColourRange: K-means opens with the range of the whole plane; the ends of the bar are dragged,
// moved by keys, typed and reset; the address has them, and the run goes on under them.
func TestColourRange(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=lecture-spiral&step=300")
	b.waitForInstruments()
	b.waitForStep(300)
	inside := func() float64 {
		return eval[float64](b, "(g => g.filter(v => v <= ebmviz.levels().hi).length / g.length)(ebmviz.grid())")
	}
	b.waitFor("document.querySelector('[data-range=plane]').ariaPressed === 'true'")
	if share := inside(); share < 0.99 {
		t.Errorf("%.2f of the plane is within the colours, want nearly all", share)
	}
	b.checkAccessibility()
	b.savePicture("range-plane")
	b.click("[data-range=data]")
	b.waitFor("location.hash.includes('view.range=data') && document.querySelector('[data-range=data]').ariaPressed === 'true'")
	b.waitFor("ebmviz.levels().hi < .2")

	// The upper end is dragged a third of the bar down: it is the energy that was there.
	want := eval[float64](b, "(l => l.values[16])(ebmviz.levels())")
	at := eval[[]float64](b, "(r => [r.left + r.width / 2, r.top + r.height / 2, document.querySelector('#bar').clientHeight - 14])(document.querySelector('.bar-end[data-end=high]').getBoundingClientRect())")
	b.mouseAt("mousePressed", at[0], at[1], 0)
	b.mouseAt("mouseMoved", at[0], at[1]+at[2]/6, 0)
	b.mouseAt("mouseMoved", at[0], at[1]+at[2]/3, 0)
	b.waitFor(fmt.Sprintf("Math.abs(ebmviz.levels().hi - %g) < %g", want, want/50))
	b.savePicture("range-dragged")
	b.mouseAt("mouseReleased", at[0], at[1]+at[2]/3, 0)
	b.waitFor("/view.range=[^&]*%2C|view.range=[^&]*,/.test(location.hash) && !document.querySelector('[data-range][aria-pressed=true]')")
	held := b.coloursEnd()
	b.enter("#step-count", "310")
	b.waitForStep(310)
	if now := b.coloursEnd(); now != held {
		t.Errorf("after ten steps the upper end is %v, and was held at %v", now, held)
	}

	// Keys, typing, and what is no number.
	eval[bool](b, "(document.querySelector('.bar-end[data-end=high]').focus(), true)")
	b.do(cdp.KeyEvent(kb.ArrowUp))
	b.waitFor(fmt.Sprintf("ebmviz.levels().hi > %g && Number(document.activeElement.ariaValueNow) > %g", held, held))
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor("document.activeElement.classList.contains('bar-type')")
	b.do(cdp.KeyEvent("0.5" + kb.Enter))
	b.waitFor("ebmviz.levels().hi === .5 && document.activeElement.dataset.end === 'high'")
	for text, says := range map[string]string{"wide": "“wide” is not a number.", "-3": "The lower end must be below the upper end."} {
		b.do(cdp.KeyEvent(kb.Enter))
		b.waitFor("document.activeElement.classList.contains('bar-type')")
		b.do(cdp.KeyEvent(text + kb.Enter))
		b.waitFor(fmt.Sprintf("document.body.textContent.includes(%q) && ebmviz.levels().hi === .5", says))
	}
	b.do(cdp.Reload())
	b.waitForInstruments()
	b.waitFor("ebmviz.levels().hi === .5")
	// The address is that of the plane's range again after a double click: what the card says is not written.
	eval[bool](b, "document.querySelector('.bar-end[data-end=high]').dispatchEvent(new MouseEvent('dblclick'))")
	b.waitFor("!location.hash.includes('range') && ebmviz.levels().hi > 1 && document.querySelector('[data-range=plane]').ariaPressed === 'true'")

	// Ends that were set are those of one landscape: another method has its own.
	eval[bool](b, "(document.querySelector('.bar-end[data-end=low]').focus(), true)")
	b.do(cdp.KeyEvent(kb.PageUp))
	b.waitFor("!document.querySelector('[data-range][aria-pressed=true]')")
	b.click(`[data-choose="model"][data-value="cd"]`)
	b.waitFor("ebmviz.state.model === 'cd' && document.querySelector('[data-range=data]').ariaPressed === 'true'")
	b.expectEmptyConsole()
}

// TestTheBarBelongsToWhatIsDrawn: with ΔF the bar has the colours of the change, on the map and in 3-D,
// where the surface is painted with it; two equal runs differ by 0.
func TestTheBarBelongsToWhatIsDrawn(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&data=moons&step=40&hide=up,data")
	b.waitForInstruments()
	b.waitForStep(40)
	before := b.picture("#bar")
	b.click(`[data-action="ledger"]`)
	b.waitFor("ebmviz.change().length > 0 && [...document.querySelectorAll('.bar-foot')].some(n => n.checkVisibility() && n.textContent === 'ΔF')")
	b.waitForDifference("#bar", before, 300, "the bar is still that of the energy")
	b.waitForColours("#bar", 20)
	b.click(toRelief)
	b.waitFor("document.querySelector('#relief')?.dataset.paint === 'change'")
	b.waitForColours("#relief", 60)
	b.savePicture("relief-change")
	b.click(toMap)
	b.click(`[data-action="ledger"]`)
	b.waitFor("document.querySelector('[data-range=data]').checkVisibility()")

	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1")
	b.waitForPanes()
	b.click(`[data-action="difference"]`)
	b.waitFor("document.querySelector('.pane .change').width === 128 && document.querySelector('.pane .change-legend').textContent !== ''")
	if text := b.textOf(".pane .change-legend"); text != "0 everywhere" {
		t.Errorf("the difference of two equal runs has the legend %q, want 0 alone", text)
	}
	if spread := eval[float64](b, `(d => Math.max(...d.filter((_, i) => i % 4 === 1)) - Math.min(...d.filter((_, i) => i % 4 === 1)))(document.querySelector('.pane .change').getContext('2d').getImageData(0, 0, 128, 128).data)`); math.Abs(spread) > 0 {
		t.Errorf("its colours differ by %v", spread)
	}
	b.expectEmptyConsole()
}
