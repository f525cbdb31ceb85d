package browsertest

import (
	"fmt"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// waitForInstruments waits until the instruments are there: they come after the first landscape.
func (b *tab) waitForInstruments() {
	b.Helper()
	b.waitFor("document.querySelector('.katex') && document.querySelector('[data-action=\"undo\"] svg')")
}

// enter writes into a field and presses Enter.
func (b *tab) enter(selector, text string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf("(e => { e.focus(); e.select(); return true })(document.querySelector('%s'))", selector))
	b.do(cdp.KeyEvent(text + kb.Enter))
}

func TestTimeRunsBackwards(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if l.webgl {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&step=150"+l.renderer())
			b.waitForInstruments()
			b.waitFor("ebmviz.step === 150")
			eval[bool](b, "(window.at = {}, true)")
			// What each step looked like on the way there is what it looks like on the way back.
			b.enter("#step-count", "90")
			b.waitFor("ebmviz.step === 90")
			eval[bool](b, "(window.was = Array.from(ebmviz.grid()), true)")
			b.enter("#step-count", "150")
			b.waitFor("ebmviz.step === 150")
			b.click(`[data-action="backwards"]`)
			b.waitFor("ebmviz.step < 120")
			b.waitFor(`document.querySelector('[data-action="backwards"]').ariaPressed === 'true'`)
			b.waitFor("ebmviz.step === 0")
			b.waitFor(`document.querySelector('[data-action="backwards"]').ariaPressed === 'false'`)
			b.enter("#step-count", "90")
			b.waitFor("ebmviz.step === 90")
			if !eval[bool](b, "Array.from(ebmviz.grid()).every((v, i) => v === was[i])") {
				t.Error("step 90 looks different after time has run back")
			}
			// Started and stopped by key.
			b.do(cdp.Focus(cdp.CSS("#landscape")))
			b.do(cdp.KeyEvent("b"))
			b.waitFor("ebmviz.step < 90")
			b.do(cdp.KeyEvent("b"))
			b.waitFor("ebmviz.state.step === ebmviz.step")
			b.expectEmptyConsole()
		})
	}
}

func TestUndoAndRedo(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd")
	b.waitForInstruments()
	const undo, redo = `[data-action="undo"]`, `[data-action="redo"]`
	before := eval[float64](b, "ebmviz.state.knobs.lr")
	b.slide("lr", "e.max")
	b.waitFor("ebmviz.state.knobs.lr > .01")
	b.click(`[data-choose="data"][data-value="moons"]`)
	b.waitFor("ebmviz.state.data === 'moons'")
	b.click(`[data-action="new-seed"]`)
	b.waitFor("ebmviz.state.seed !== 1")
	seed := eval[int](b, "ebmviz.state.seed")

	b.click(undo)
	b.waitFor("ebmviz.state.seed === 1 && ebmviz.state.data === 'moons'")
	b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
	b.waitFor("ebmviz.state.data === 'spiral'")
	b.waitForFrames(5)
	at := eval[int](b, "ebmviz.step")
	b.click(undo)
	b.waitFor(fmt.Sprintf("Math.abs(ebmviz.state.knobs.lr - %g) < 1e-9", before))
	if now := eval[int](b, "ebmviz.step"); now < at {
		t.Errorf("a knob that needs no restart was put back, and the step went from %d to %d", at, now)
	}
	b.waitFor(`document.querySelector('[data-action="undo"]').disabled`)
	b.click(redo)
	b.waitFor("ebmviz.state.knobs.lr > .01")
	b.click(redo)
	b.waitFor("ebmviz.state.data === 'moons'")
	b.click(redo)
	b.waitFor(fmt.Sprintf("ebmviz.state.seed === %d", seed))
	b.waitFor(`document.querySelector('[data-action="redo"]').disabled`)
	b.expectEmptyConsole()
}

// "Go back to step 100 and try another learning rate": two actions, and nothing starts again.
func TestGoBackAndTryAnotherLearningRate(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&step=300")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 300")
	b.enter("#step-count", "100")
	b.waitFor("ebmviz.step === 100 && ebmviz.state.step === 100")
	b.enter(`[data-knob-number="lr"]`, "0.01")
	b.waitFor("ebmviz.state.knobs.lr === 0.01")
	if step := eval[int](b, "ebmviz.step"); step != 100 {
		t.Errorf("another learning rate led to step %d, want 100", step)
	}
	b.click(`[data-action="play"]`)
	b.waitFor("ebmviz.step > 140")
	b.expectEmptyConsole()
}

func TestABadStepIsASentence(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&step=20")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 20")
	b.enter("#step-count", "-3")
	b.waitFor("document.querySelector('#toast').textContent.includes('whole number')")
	if step := eval[int](b, "ebmviz.step"); step != 20 {
		t.Errorf("went to step %d", step)
	}
	b.expectEmptyConsole()
}
