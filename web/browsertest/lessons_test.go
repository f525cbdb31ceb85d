package browsertest

import (
	"ebmviz/sim/content"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"testing"
	"time"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// measured is what `ebmviz measure` says of the model that the page shows.
func (b *tab) measured(program string) map[string]float64 {
	b.Helper()
	text, err := exec.Command(program, "measure", "--checkpoint", b.checkpoint(b.TempDir())).Output()
	if err != nil {
		b.Fatal(err)
	}
	got := map[string]any{}
	if err := json.Unmarshal(text, &got); err != nil {
		b.Fatal(err)
	}
	numbers := map[string]float64{}
	for name, v := range got {
		if f, ok := v.(float64); ok {
			numbers[name] = f
		}
	}
	return numbers
}

// scalars are the numbers that the page shows.
func (b *tab) scalars() map[string]float64 {
	b.Helper()
	return eval[map[string]float64](b, "Object.fromEntries(Object.entries(ebmviz.scalars).filter(([, v]) => Number.isFinite(v)))")
}

// seen holds when a step of a lesson is over.
const seen = "document.querySelector('#lesson').dataset.phase === 'seen'"

// TestEveryStepOfEveryLesson plays them all on the page, one after the other, and holds them to their
// claims.
func TestEveryStepOfEveryLesson(t *testing.T) {
	ebmviz := program(t)
	b := open(t, look{width: 1280, height: 800, still: true, life: 6 * time.Minute}, serve(t)+"#model=kmeans&step=1")
	b.furnished()
	for _, l := range content.Lessons() {
		b.click(`[data-action="lessons"]`)
		b.click(fmt.Sprintf(`[data-lesson-id=%q]`, l.ID))
		for i, s := range l.Steps {
			b.until(fmt.Sprintf("document.querySelector('#lesson h2').textContent === %q && location.hash.includes('view.lesson=%s.%d') && ebmviz.state.model === %q", s.Title, l.ID, i+1, s.Open.Model))
			b.until("document.querySelector('#lesson').dataset.phase === 'asking' && ebmviz.step === 0 && ebmviz.state.step === 0")
			b.click(fmt.Sprintf(`#lesson [data-choice="%d"]`, s.Question.Right))
			b.until(seen + " && !ebmviz.state.playing && ebmviz.step === ebmviz.state.step && ebmviz.step > 0")
			numbers := b.scalars()
			for name := range s.Claim {
				if _, ok := numbers[name]; !ok { // what the page does not show is measured
					maps.Copy(numbers, b.measured(ebmviz))
					break
				}
			}
			for name, bound := range s.Claim {
				if v, ok := numbers[name]; !ok || !bound.Holds(v) {
					t.Errorf("%s.%d: %s is %v after step %d", l.ID, i+1, name, v, eval[int](b, "ebmviz.step"))
				}
			}
			if s.Watch != "" && !eval[bool](b, "!!document.querySelector('[data-watched]')") {
				t.Errorf("%s.%d: nothing is marked", l.ID, i+1)
			}
			b.until("document.querySelector('#lesson > .seen').textContent.startsWith('Right.')")
			b.uncut()
			b.click(`[data-lesson="lessonNext"]`)
		}
		b.until("document.querySelector('#lesson').hidden && !location.hash.includes('lesson')")
	}
	b.quiet()
}

// TestALessonByKeyboard: from the list to the answer, without a mouse, and the link to a step.
func TestALessonByKeyboard(t *testing.T) {
	for name, l := range map[string]look{"dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			if name == "phone" {
				rare(t)
			}
			b := open(t, l, serve(t)+"#model=cd")
			b.furnished()
			if name == "phone" {
				b.click("#more-button")
			}
			b.do(cdp.Focus(cdp.CSS(`[data-action="lessons"]`)))
			b.do(cdp.KeyEvent(kb.Enter))
			b.until("document.querySelector('#lessons').open && document.querySelectorAll('#lessons article').length === 14")
			b.uncut()
			b.keep("lessons-" + name)
			for !eval[bool](b, "document.activeElement.dataset.lessonId === 'two-ways-down'") {
				b.do(cdp.KeyEvent(kb.Tab))
			}
			b.do(cdp.KeyEvent(kb.Enter))
			b.until("!document.querySelector('#lesson').hidden && location.hash.includes('view.lesson=two-ways-down.1')")
			b.until("document.querySelector('#lesson').dataset.phase === 'asking' && ebmviz.step === 0 && ebmviz.state.knobs.update === 'online'")
			b.uncut()
			b.keep("lesson-asks-" + name)
			for !eval[bool](b, "document.activeElement.dataset.choice === '0'") {
				b.do(cdp.KeyEvent(kb.Tab))
			}
			b.do(cdp.KeyEvent(kb.Enter)) // the wrong one
			b.until(seen + " && ebmviz.step === 100")
			b.until("document.querySelector('#lesson > .seen').textContent.startsWith('Not quite.')")
			b.axe()
			b.uncut()
			b.keep("lesson-" + name)
			for !eval[bool](b, "document.activeElement.dataset.lesson === 'lessonNext'") {
				b.do(cdp.KeyEvent(kb.Tab))
			}
			b.do(cdp.KeyEvent(kb.Enter))
			b.until("ebmviz.state.knobs.update === 'lloyd' && location.hash.includes('two-ways-down.2')")
			b.quiet()
		})
	}
}

// A link to what is not there is a sentence, and the page goes on.
func TestALessonThatIsNotThere(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans&view.lesson=%3Cimg%3E.7")
	b.until("document.querySelector('#toast').textContent.includes('no lesson step “<img>.7”')")
	b.drawn(3)
	b.quiet()
}
