package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ebmviz/sim/content"
	"ebmviz/web"
)

// shownScalars are the numbers that the page shows.
func (b *tab) shownScalars() map[string]float64 {
	b.Helper()
	return eval[map[string]float64](b, "Object.fromEntries(Object.entries(ebmviz.scalars).filter(([, v]) => Number.isFinite(v)))")
}

// stepIsOver holds when a step of a lesson is over.
const stepIsOver = "document.querySelector('#lesson').dataset.phase === 'seen'"

// lessonSizes are the sizes at which what a step points at is in sight.
var lessonSizes = []struct {
	name          string
	width, height int64
	projector     bool
}{{"phone", 390, 844, false}, {"projector", 1024, 768, true}, {"desk", 1280, 800, false}}

// TestEveryStepOfEveryLesson plays them all on the page. The question comes before the model has
// learnt; at the telling moment the numbers that the page shows are those of the claim, and what the
// step points at is in sight; what there is to try leads to what is expected.
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
				step := fmt.Sprintf("%s.%d", l.ID, i+1)
				b.waitFor(fmt.Sprintf("location.hash.includes('view.lesson=%s') && ebmviz.state.model === %q", step, s.Open.Model))
				b.waitFor(stepAsks)
				if eval[bool](b, "ebmviz.state.playing || document.querySelector('#lesson [data-right], #lesson .verdict, .place circle') !== null") {
					t.Errorf("%s: the answer is there before the question is answered", step)
				}
				b.answer(s)
				b.waitFor(stepIsOver + " && !ebmviz.state.playing && ebmviz.step === ebmviz.state.step && ebmviz.step > 0")
				at := eval[uint64](b, "ebmviz.step")
				if s.Stop.Step > 0 && at != s.Stop.Step {
					t.Errorf("%s stops at step %d", step, at)
				}
				numbers := b.shownScalars()
				hold(t, step, s.Claim, numbers, at, numbers)
				hold(t, step, s.Stop.When, numbers, at, numbers)
				b.waitFor("document.querySelector('#lesson .body > .seen').textContent.startsWith('Right.')")
				b.checkLayout()
				b.checkInSight(step, s)
				if s.Try != nil && len(s.Try.Do) > 0 {
					b.click(`[data-lesson="lessonPerform"]`)
					b.waitFor("document.querySelector('#lesson').dataset.try === 'done' && !ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
					hold(t, step+", tried", s.Try.Expect, numbers, at, b.shownScalars())
				}
				b.click(`[data-lesson="lessonNext"]`)
			}
			b.waitFor("document.querySelector('#lesson').hidden && !location.hash.includes('lesson')")
			b.expectEmptyConsole()
		})
	}
}

// stepAsks holds while a step of a lesson waits for a prediction.
const stepAsks = "document.querySelector('#lesson:not([hidden])')?.dataset.phase === 'asking' && ebmviz.step === 0 && ebmviz.state.step === 0"

// answer makes the right prediction.
func (b *tab) answer(s content.LessonStep) {
	b.Helper()
	b.waitFor("!document.querySelector('#lesson .tex:not(:has(.katex))') && document.fonts.status === 'loaded'") // then nothing moves under the pointer
	switch q := s.Question; {
	case q == nil:
		b.click(`[data-lesson="lessonStart"]`)
	case q.Place != nil:
		at := [2]float64{q.Place[0][0], q.Place[0][1]}
		b.drag(at, at) // a click
	default:
		b.click(fmt.Sprintf(`#lesson [data-choice="%d"]`, slices.IndexFunc(q.Choices, func(c content.Choice) bool { return c.Right })))
	}
}

// hold fails the test for each number that the page shows out of its bound. "gap - gap@200" compares with
// the numbers of the telling moment, at step 200. TestLessons holds the step to what the page does not show.
func hold(t *testing.T, step string, bounds map[string]content.Bound, then map[string]float64, at uint64, now map[string]float64) {
	t.Helper()
	for name, bound := range bounds {
		v, ok := now[name]
		if a, b, difference := strings.Cut(name, " - "); difference {
			var shown, earlier bool
			var before float64
			v, shown = now[a]
			before, earlier = now[b]
			if c, found := strings.CutSuffix(b, fmt.Sprintf("@%d", at)); found {
				before, earlier = then[c]
			}
			v, ok = v-before, shown && earlier
		}
		if ok && !bound.Holds(v) {
			t.Errorf("%s: %s is %v", step, name, v)
		}
	}
}

// checkInSight fails the test where what a step points at, or the report that its text speaks of, is not
// in sight at any of the sizes.
func (b *tab) checkInSight(step string, s content.LessonStep) {
	b.Helper()
	if s.Watch == "" {
		return
	}
	const inSight = `[...document.querySelectorAll('[data-watched]')].map(e => {
		const r = e.getBoundingClientRect();
		const clear = [r.top + 4, r.top + r.height / 2, r.bottom - 4].every(y => (hit => hit !== null && (e.contains(hit) || hit.contains(e) || e.id === 'bar' && hit.closest('.bar-range')))(document.elementFromPoint(r.left + r.width / 2, y)));
		return r.width > 0 && r.top >= -1 && r.left >= -1 && r.bottom <= innerHeight + 1 && r.right <= innerWidth + 1 && clear;
	})`
	for _, size := range lessonSizes {
		b.do(cdp.EmulateViewport(size.width, size.height))
		if projector := eval[bool](b, "document.documentElement.hasAttribute('data-projector')"); projector != size.projector {
			b.do(cdp.KeyEvent("p"))
		}
		if !eval[bool](b, condition(fmt.Sprintf("innerWidth === %d && (a => a.length > 0 && a.every(Boolean))(%s)", size.width, inSight))) {
			b.savePicture("lesson-hidden-" + step + "-" + size.name)
			b.Errorf("%s: what it points at is not in sight on the %s", step, size.name)
		}
		b.savePicture("lesson-" + step + "-" + size.name)
	}
}

// added is a lesson that the server was given.
func added(t *testing.T) content.Lesson {
	t.Helper()
	l, err := content.ParseLesson([]byte(`{"format": 1, "title": "Two of the test", "about": "It has two steps.", "steps": [
		{"title": "Choices", "open": {"model": "softkmeans", "data": "moons", "knobs": {"k": 8}}, "say": "The first is *right*.",
			"question": {"ask": "Which?", "choices": [{"text": "the first", "right": true}, {"text": "the second", "why": "It is $x$."}, {"text": "the third", "why": "It is not."}]},
			"stop": 20, "seen": "Look at This step.", "watch": "step",
			"try": {"text": "Set it.", "do": [{"set": {"knob": "k", "value": 4}}, {"seek": {"step": 30}}, {"show": {"as": "3d"}}]}},
		{"title": "A place", "open": {"model": "cd", "data": "rings"}, "say": "Where?",
			"question": {"ask": "Where?", "place": [[0, 0, 0.2], [0.5, 0, 0.1]], "why": "It is in the middle."},
			"stop": {"auc": {"above": 0.8}}, "seen": "There.", "watch": "landscape"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	l.ID = "two-of-the-test"
	return l
}

// TestALessonLives: a wrong choice is explained, the run stops at its telling moment, goes on when a
// knob is turned, and what there is to try is carried out. A place is chosen by keys. The list says how
// far one has come.
func TestALessonLives(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serveWith(t, web.Options{Lessons: []content.Lesson{added(t)}})+"#model=kmeans&view.lesson=two-of-the-test.1")
	b.waitForInstruments()
	b.waitFor(stepAsks + " && ebmviz.state.model === 'softkmeans'")
	b.click(`#lesson [data-choice="1"]`)
	b.waitFor(stepIsOver + " && !ebmviz.state.playing && ebmviz.step === 20 && ebmviz.state.step === 20")
	if said := eval[string](b, "document.querySelector('#lesson .seen p').innerText"); !strings.HasPrefix(said, "Not quite. It is ") {
		t.Errorf("a wrong choice is explained by %q", said)
	}
	if right := eval[[]string](b, "[...document.querySelectorAll('#lesson [data-right]')].map(e => e.dataset.choice)"); !slices.Equal(right, []string{"0"}) {
		t.Errorf("the right choices are %v", right)
	}
	if !eval[bool](b, "document.querySelector('#this-step').checkVisibility() && document.querySelector('#this-step').hasAttribute('data-watched')") {
		t.Error("This step is hidden, of which the text speaks")
	}
	if off := eval[float64](b, `(m => { const c = document.querySelector('#scrubber').getBoundingClientRect(), s = document.querySelector('#scrubber');
		return Math.abs(m.getBoundingClientRect().left - c.left - c.width * 20 / s.max) })(document.querySelector('.telling'))`); off > 3 {
		t.Errorf("the telling moment is marked %g pixels from its step", off)
	}

	b.slide("beta", "e.min") // not the parameter beta: the slider's least position
	b.waitFor("ebmviz.state.playing")
	b.waitFor("!ebmviz.state.playing && ebmviz.state.step > 20 && ebmviz.step === ebmviz.state.step")
	if got := eval[string](b, "document.querySelector('#step-rate').textContent"); got != "(this lesson: 20)" {
		t.Errorf("beside the step is written %q", got)
	}

	eval[bool](b, "(window.steps = [], (function note() { steps.push(ebmviz.step); requestAnimationFrame(note) })(), true)")
	b.click(`[data-lesson="lessonPerform"]`)
	b.waitFor("document.querySelector('#lesson').dataset.try === 'done' && ebmviz.state.knobs.k === 4 && ebmviz.state.step === 30 && document.querySelector('#relief')")
	if between := eval[int](b, "new Set(steps.filter(s => s > 0 && s < 20)).size"); between < 5 {
		t.Errorf("what there is to try is not seen happening: %d steps are shown", between)
	}
	if beta := eval[float64](b, "ebmviz.state.knobs.beta"); beta < 1 {
		t.Errorf("what there is to try begins with beta = %g, which was turned after the telling moment", beta)
	}

	b.waitFor("document.activeElement.dataset.lesson === 'lessonPerform'")
	b.click(`.knob:has([data-knob="k"]) .undo`)
	b.waitFor("document.activeElement.dataset.knob === 'k' && ebmviz.state.knobs.k !== 4")
	b.click(`[data-lesson="lessonNext"]`)
	b.waitFor(stepAsks + " && ebmviz.state.model === 'cd' && !document.querySelector('#relief')")
	b.do(cdp.Focus(cdp.CSS("#landscape")))
	b.do(cdp.KeyEvent(kb.ArrowRight)) // the middle
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor(stepIsOver + " && !ebmviz.state.playing && ebmviz.scalars.auc > 0.8 && document.querySelectorAll('.place circle.line').length === 2")
	if step, said := eval[int](b, "ebmviz.step"), eval[string](b, "document.querySelector('#lesson .body > .seen').innerText"); step >= 800 || !strings.HasPrefix(said, "Right. It is in the middle.") || eval[bool](b, "!document.querySelector('#ask').hidden") {
		t.Errorf("after step %d it says %q", step, said)
	}
	b.savePicture("lesson-place")
	b.checkAccessibility()
	b.click(`[data-lesson="lessonClose"]`)
	b.waitFor("ebmviz.state.pace === 'auto'")
	b.click(`[data-action="lessons"]`)
	b.waitFor(`document.querySelector('.added [data-done] [data-lesson-id="two-of-the-test"]')?.checkVisibility()`)
	b.expectEmptyConsole()
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
			b.waitFor("document.activeElement.matches('#lesson > .body')")
			b.waitFor("document.querySelector('#lesson').dataset.phase === 'asking' && ebmviz.step === 0 && ebmviz.state.knobs.update === 'online'")
			b.checkLayout()
			b.savePicture("lesson-asks-" + name)
			for !eval[bool](b, "document.activeElement.dataset.choice === '0'") {
				b.do(cdp.KeyEvent(kb.Tab))
			}
			b.do(cdp.KeyEvent(kb.Enter)) // the wrong one
			b.waitFor(stepIsOver + " && ebmviz.step === 100")
			b.waitFor("document.querySelector('#lesson .body > .seen').textContent.startsWith('Not quite.')")
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
