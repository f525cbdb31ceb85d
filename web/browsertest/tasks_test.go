package browsertest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
)

// "Make K-means fail on the spiral, and mend it": one slider to its end, and one key back.
func TestMakeKMeansFailAndMendIt(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral")
	b.furnished()
	b.until("ebmviz.step > 100 && ebmviz.scalars.auc > .9")
	b.slide("k", "e.min")
	b.until("ebmviz.state.knobs.k === 1 && ebmviz.step > 100 && ebmviz.scalars.auc < .85")
	b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
	b.until("ebmviz.state.knobs.k === 32 && ebmviz.step > 100 && ebmviz.scalars.auc > .9")
	b.quiet()
}

// "Find out what β does": its name explains it, and moving it changes the landscape without
// beginning anew: wells that were apart run together.
func TestFindOutWhatBetaDoes(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=softkmeans&data=spiral&step=300")
	b.furnished()
	b.stands(300)
	at := eval[[]float64](b, `(({x, y, width, height}) => [x + width / 2, y + height / 2])(document.querySelector('[data-knob="beta"]').getBoundingClientRect())`)
	b.do(cdp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	b.until("!document.querySelector('#tip').hidden && document.querySelector('#tip').textContent.length > 60")
	high := eval[float64](b, "ebmviz.scalars.vol95 ?? 0")
	before := eval[float64](b, "Math.min(...ebmviz.grid())")
	b.slide("beta", "e.min")
	b.until("ebmviz.state.knobs.beta < 1")
	after := eval[float64](b, "Math.min(...ebmviz.grid())")
	if step := eval[int](b, "ebmviz.step"); step != 300 {
		t.Errorf("β led to step %d, want 300", step)
	}
	if after <= 2*before {
		t.Errorf("the lowest energy was %.3g and is %.3g where it is hot (volume %.2f)", before, after, high)
	}
	b.quiet()
}

// On a projector the landscape is alone, and as large as before though its type is half as large
// again, until a lesson or the button brings the panels; nothing is cut, in either theme: the page, a lesson, what is taken home.
func TestOnAProjector(t *testing.T) {
	for name, l := range map[string]look{"light": {width: 1920, height: 1080}, "dark": {width: 1920, height: 1080, dark: true}, "small": {width: 1280, height: 800}} {
		t.Run(name, func(t *testing.T) {
			if name == "light" {
				rare(t)
			}
			b := open(t, l, serve(t)+"#model=cd&step=200")
			b.furnished()
			b.stands(200)
			seenIn := func(place string) bool {
				return eval[bool](b, fmt.Sprintf("document.querySelector(%q).checkVisibility({visibilityProperty: true})", place))
			}
			side := "document.querySelector('#square').clientWidth"
			before := eval[int](b, side)
			b.do(cdp.KeyEvent("p"))
			b.until("document.querySelector('[data-action=projector]').ariaPressed === 'true'")
			b.until(fmt.Sprintf("%s > .98 * %d", side, before))
			if seenIn(".sidebar") || seenIn(".panel") || !seenIn("[data-layer=up]") {
				t.Error("the landscape is not alone, or its layers cannot be chosen")
			}
			b.click(`[data-action="panels"]`)
			if !seenIn("#title") || l.width > 1500 && !seenIn(".sidebar") {
				t.Error("the panels do not come")
			}
			b.uncut()
			b.click(`[data-action="panels"]`)
			b.axe()
			b.uncut()
			b.keep("projector-" + name)
			b.click(`[data-action="share"]`)
			b.until("document.querySelector('#take').open")
			b.axe()
			b.uncut()
			b.do(cdp.KeyEvent("\u001b"))
			b.click(`[data-action="lessons"]`)
			b.click(`[data-lesson-id="k-means"]`)
			b.until("!document.querySelector('#lesson').hidden && document.querySelector('.lesson .figure')")
			b.axe()
			b.uncut()
			if !seenIn("#lesson") || seenIn(".sidebar") || l.width > 1500 && eval[bool](b, "(e => e.scrollHeight > e.clientHeight + 1)(document.querySelector('#lesson'))") {
				t.Error("the lesson is not on the screen, whole, beside the landscape")
			}
			b.keep("projector-lesson-" + name)
			b.quiet()
		})
	}
}

// A lesson on paper has its questions, and the answers behind them.
func TestALessonOnPaper(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=cd")
	b.furnished()
	eval[bool](b, "(window.print = () => (window.printed = document.querySelector('#sheet').innerText), true)")
	b.click(`[data-action="lessons"]`)
	b.click(`[data-sheet-of="k-means"]`)
	b.until("window.printed")
	b.do(func(ctx context.Context, t *cdp.Target) (cdp.Void, error) {
		_, err := cdp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return cdp.Void{}, err
	})
	text := eval[string](b, "document.querySelector('#sheet').innerText")
	questions, answers, found := strings.Cut(text, "Answers: ")
	if !found || !strings.Contains(questions, "☐") || !strings.Contains(questions, "1. Wells along a spiral") || strings.Contains(answers, "☐") {
		t.Errorf("the sheet says\n%s", text)
	}
	if eval[bool](b, "[...document.body.children].some((n) => n.id !== 'sheet' && getComputedStyle(n).display !== 'none')") {
		t.Error("something else is printed, too")
	}
	b.keep("sheet")
	eval[bool](b, "dispatchEvent(new Event('afterprint'))")
	b.until("!document.querySelector('#sheet')")
	b.quiet()
}
