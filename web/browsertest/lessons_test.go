package browsertest

import (
	"fmt"
	"slices"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ebmviz/sim/content"
)

// shownScalars are the numbers that the page shows.
func (b *tab) shownScalars() map[string]float64 {
	b.Helper()
	return eval[map[string]float64](b, "Object.fromEntries(Object.entries(ebmviz.scalars).filter(([, v]) => Number.isFinite(v)))")
}

// stepIsOver holds when a step of a lesson is over.
const stepIsOver = "document.querySelector('#lesson').dataset.phase === 'seen'"

// TestEveryStepOfEveryLesson plays them all on the page, and holds the numbers that it shows to the
// claims.
func TestEveryStepOfEveryLesson(t *testing.T) {
	t.Parallel()
	for _, l := range content.Lessons() {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			b := open(t, screen{width: 1280, height: 800, reducedMotion: true}, serve(t)+"#model=kmeans&step=1")
			b.waitForInstruments()
			b.click(`[data-action="lessons"]`)
			b.click(fmt.Sprintf(`[data-lesson-id=%q]`, l.ID))
			for i, s := range l.Steps {
				b.waitFor(fmt.Sprintf("document.querySelector('#lesson h2').textContent === %q && location.hash.includes('view.lesson=%s.%d') && ebmviz.state.model === %q", s.Title, l.ID, i+1, s.Open.Model))
				b.waitFor("document.querySelector('#lesson').dataset.phase === 'asking' && ebmviz.step === 0 && ebmviz.state.step === 0")
				b.click(fmt.Sprintf(`#lesson [data-choice="%d"]`, slices.IndexFunc(s.Question.Choices, func(c content.Choice) bool { return c.Right })))
				b.waitFor(stepIsOver + " && !ebmviz.state.playing && ebmviz.step === ebmviz.state.step && ebmviz.step > 0")
				numbers := b.shownScalars()
				for name, bound := range s.Claim { // TestLessons holds the step to what the page does not show
					if v, ok := numbers[name]; ok && !bound.Holds(v) {
						t.Errorf("%s.%d: %s is %v after step %d", l.ID, i+1, name, v, eval[int](b, "ebmviz.step"))
					}
				}
				if s.Watch != "" && !eval[bool](b, "!!document.querySelector('[data-watched]')") {
					t.Errorf("%s.%d: nothing is marked", l.ID, i+1)
				}
				b.waitFor("document.querySelector('#lesson > .seen').textContent.startsWith('Right.')")
				b.checkLayout()
				b.click(`[data-lesson="lessonNext"]`)
			}
			b.waitFor("document.querySelector('#lesson').hidden && !location.hash.includes('lesson')")
			b.expectEmptyConsole()
		})
	}
}

// TestLessonsByADoubleClick: the list has every lesson once.
func TestLessonsByADoubleClick(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&step=1")
	b.waitForInstruments()
	eval[bool](b, "(e => { e.click(); e.click(); return true })(document.querySelector('[data-action=lessons]'))")
	b.waitFor("document.querySelector('#lessons').open")
	if n := eval[int](b, "document.querySelectorAll('#lessons article').length"); n != len(content.Lessons()) {
		t.Errorf("%d entries for %d lessons", n, len(content.Lessons()))
	}
	b.expectEmptyConsole()
}

// TestALessonByKeyboard: from the list to the answer, without a mouse, and the link to a step.
func TestALessonByKeyboard(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "phone" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd")
			b.waitForInstruments()
			b.do(cdp.Focus(cdp.CSS(`[data-action="lessons"]`)))
			b.do(cdp.KeyEvent(kb.Enter))
			b.waitFor("document.querySelector('#lessons').open && document.querySelectorAll('#lessons article').length === 14")
			b.checkLayout()
			b.savePicture("lessons-" + name)
			for !eval[bool](b, "document.activeElement.dataset.lessonId === 'two-ways-down'") {
				b.do(cdp.KeyEvent(kb.Tab))
			}
			b.do(cdp.KeyEvent(kb.Enter))
			b.waitFor("!document.querySelector('#lesson').hidden && location.hash.includes('view.lesson=two-ways-down.1')")
			b.waitFor("document.querySelector('#lesson').dataset.phase === 'asking' && ebmviz.step === 0 && ebmviz.state.knobs.update === 'online'")
			b.checkLayout()
			b.savePicture("lesson-asks-" + name)
			for !eval[bool](b, "document.activeElement.dataset.choice === '0'") {
				b.do(cdp.KeyEvent(kb.Tab))
			}
			b.do(cdp.KeyEvent(kb.Enter)) // the wrong one
			b.waitFor(stepIsOver + " && ebmviz.step === 100")
			b.waitFor("document.querySelector('#lesson > .seen').textContent.startsWith('Not quite.')")
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("lesson-" + name)
			for !eval[bool](b, "document.activeElement.dataset.lesson === 'lessonNext'") {
				b.do(cdp.KeyEvent(kb.Tab))
			}
			b.do(cdp.KeyEvent(kb.Enter))
			b.waitFor("ebmviz.state.knobs.update === 'lloyd' && location.hash.includes('two-ways-down.2')")
			b.expectEmptyConsole()
		})
	}
}

// A link to a lesson that does not exist shows a sentence, and the page goes on.
func TestALessonThatIsNotThere(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&view.lesson=%3Cimg%3E.7")
	b.waitFor("document.querySelector('#toast').textContent.includes('no lesson step “<img>.7”')")
	b.waitForFrames(3)
	b.expectEmptyConsole()
}
