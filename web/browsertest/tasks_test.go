package browsertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"

	"ebmviz/sim/content"
)

// "Make K-means fail on the spiral, and repair it": one slider to its end, and one key back.
func TestMakeKMeansFailAndRepairIt(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral")
	b.waitForInstruments()
	b.waitFor("ebmviz.step > 100 && ebmviz.scalars.auc > .9")
	b.slide("k", "e.min")
	b.waitFor("ebmviz.state.knobs.k === 1 && ebmviz.step > 100 && ebmviz.scalars.auc < .85")
	b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
	b.waitFor("ebmviz.state.knobs.k === 32 && ebmviz.step > 100 && ebmviz.scalars.auc > .9")
	b.expectEmptyConsole()
}

// "Find out what β does": its name explains it, and moving it changes the landscape without
// starting again: wells that were apart merge.
func TestFindOutWhatBetaDoes(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=softkmeans&data=spiral&step=300")
	b.waitForInstruments()
	b.waitForStep(300)
	at := eval[[]float64](b, `(({x, y, width, height}) => [x + width / 2, y + height / 2])(document.querySelector('[data-knob="beta"]').getBoundingClientRect())`)
	b.do(cdp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	b.waitFor("!document.querySelector('#tip').hidden && document.querySelector('#tip').textContent.length > 60")
	high := eval[float64](b, "ebmviz.scalars.vol95 ?? 0")
	before := eval[float64](b, "Math.min(...ebmviz.grid())")
	b.slide("beta", "e.min")
	b.waitFor("ebmviz.state.knobs.beta < 1")
	after := eval[float64](b, "Math.min(...ebmviz.grid())")
	if step := eval[int](b, "ebmviz.step"); step != 300 {
		t.Errorf("β led to step %d, want 300", step)
	}
	if after <= 2*before {
		t.Errorf("the lowest energy was %.3g and is %.3g where it is hot (volume %.2f)", before, after, high)
	}
	b.expectEmptyConsole()
}

// On a projector the landscape is alone, at the full height of the window, though its type is half as large
// again, until a lesson or the button shows the panels. The controls go when nothing is done. Nothing is cut in either theme: neither the page
// nor a lesson nor the export dialog.
func TestOnAProjector(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"light": {width: 1920, height: 1080}, "dark": {width: 1920, height: 1080, dark: true}, "small": {width: 1280, height: 800}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "light" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&step=200")
			b.waitForInstruments()
			b.waitForStep(200)
			seenIn := func(place string) bool {
				return eval[bool](b, fmt.Sprintf("document.querySelector(%q).checkVisibility({visibilityProperty: true})", place))
			}
			side := "document.querySelector('#square').clientWidth"
			before := eval[int](b, side)
			b.do(cdp.KeyEvent("p"))
			b.waitFor("document.querySelector('[data-action=projector]').ariaPressed === 'true'")
			b.waitFor(fmt.Sprintf("%s > 1.2 * %d && %s > .92 * innerHeight", side, before, side))
			if seenIn(".sidebar") || seenIn(".panel") || !seenIn("[data-layer=up]") {
				t.Error("the landscape is not alone, or its layers cannot be chosen")
			}
			// The controls go, and come back with the next movement.
			controls := "['.head', '.time', '.layers', '.tools'].map(s => getComputedStyle(document.querySelector(s)).opacity)"
			b.waitFor(controls + ".every(o => o === '0')")
			b.mouse(input.DispatchMouseEventTypeMouseMoved, .5, .5)
			b.waitFor(controls + ".every(o => o === '1')")
			b.click(`[data-action="panels"]`)
			if !seenIn("#title") || l.width > 1500 && !seenIn(".sidebar") {
				t.Error("the panels do not come")
			}
			b.checkLayout()
			b.click(`[data-action="panels"]`)
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("projector-" + name)
			b.click(`[data-action="share"]`)
			b.waitFor("document.querySelector('#export').open")
			b.checkAccessibility()
			b.checkLayout()
			b.do(cdp.KeyEvent("\u001b"))
			b.click(`[data-action="lessons"]`)
			b.click(`[data-lesson-id="k-means"]`)
			b.waitFor("!document.querySelector('#lesson').hidden && document.querySelector('.lesson .figure')")
			b.checkAccessibility()
			b.checkLayout()
			if !seenIn("#lesson") || seenIn(".sidebar") || l.width > 1500 && eval[bool](b, "(e => e.scrollHeight > e.clientHeight + 1)(document.querySelector('#lesson .body'))") {
				t.Error("the lesson is not on the screen, whole, beside the landscape")
			}
			b.savePicture("projector-lesson-" + name)
			b.expectEmptyConsole()
		})
	}
}

// lesson returns one of the program's own.
func lesson(id string) content.Lesson {
	all := content.Lessons()
	return all[slices.IndexFunc(all, func(l content.Lesson) bool { return l.ID == id })]
}

// A lesson on paper has its questions, and the answers behind them.
func TestALessonOnPaper(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd")
	b.waitForInstruments()
	eval[bool](b, "(window.print = () => (window.printed = document.querySelector('#worksheet').innerText), true)")
	b.click(`[data-action="lessons"]`)
	b.click(`[data-sheet-of="k-means"]`)
	b.waitFor("window.printed")
	b.do(func(ctx context.Context, t *cdp.Target) (cdp.Void, error) {
		_, err := cdp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return cdp.Void{}, err
	})
	text := eval[string](b, "document.querySelector('#worksheet').innerText")
	questions, answers, found := strings.Cut(text, "Answers: ")
	if !found || !strings.Contains(questions, "☐") || !strings.Contains(questions, "1. "+lesson("k-means").Steps[0].Title) || strings.Contains(answers, "☐") {
		t.Errorf("the sheet says\n%s", text)
	}
	if eval[bool](b, "[...document.body.children].some((n) => n.id !== 'worksheet' && getComputedStyle(n).display !== 'none')") {
		t.Error("something else is printed, too")
	}
	// Each step has its landscape before the run and after it, with the data.
	steps := len(lesson("k-means").Steps)
	captions := eval[[]string](b, "[...document.querySelectorAll('#worksheet figcaption')].map((n) => n.textContent)")
	if len(captions) != 2*steps || captions[0] != "before the run" || !strings.HasPrefix(captions[steps], "after ") {
		t.Errorf("%d steps have the pictures %q", steps, captions)
	}
	if few := eval[int](b, `Math.min(...[...document.querySelectorAll('#worksheet figure canvas')].map((c) => {
		const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
		return new Set(new Uint32Array(data.buffer)).size }))`); few < 200 {
		t.Errorf("a landscape has %d colours", few)
	}
	b.do(cdp.EmulateViewport(794, 2400))
	b.savePicture("sheet")
	eval[bool](b, "dispatchEvent(new Event('afterprint'))")
	b.waitFor("!document.querySelector('#worksheet')")
	b.expectEmptyConsole()
}
