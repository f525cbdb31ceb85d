package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ebmviz/sim"
)

// act waits until the card of what is asked is in a phase.
func (b *tab) act(kind, phase string) {
	b.Helper()
	b.waitFor(fmt.Sprintf("document.querySelector('.act:not([hidden])[data-kind=%q][data-phase=%q]')", kind, phase))
}

// startAct starts an act from the panel of the class.
func (b *tab) startAct(kind string, texts ...string) {
	b.Helper()
	if !eval[bool](b, "document.querySelector('[data-act-kind]')?.checkVisibility() === true") {
		b.waitFor(`(() => { // the panel is fetched when it is needed
			const tab = document.querySelector('[data-class-tab="acts"]');
			if (document.querySelector('#class').hidden) document.querySelector('[data-action="class"]').click();
			return tab?.checkVisibility() && (tab.click(), true);
		})()`)
		b.waitFor("document.querySelector('[data-act-kind]')?.checkVisibility() === true")
	}
	b.click(fmt.Sprintf("[data-act-kind=%q]", kind))
	for i, text := range texts {
		field := "[data-act-text]"
		if i > 0 {
			field = fmt.Sprintf("[data-act-answer=%q]", fmt.Sprint(i-1))
		}
		b.click(field)
		b.typeText(text)
	}
	b.click(`[data-act="start"]`)
}

// press presses a button of the act; buttons that are new wait for a moment.
func (b *tab) press(button string) {
	b.Helper()
	b.click(fmt.Sprintf("[data-act=%q]:not([aria-disabled])", button))
}

// typeText types a text where the focus is.
func (b *tab) typeText(text string) {
	b.Helper()
	if _, err := cdp.Run(b.ctx, cdp.KeyEvent(text)); err != nil {
		b.Fatal(err)
	}
}

// tap clicks a point of the plane.
func (b *tab) tap(y1, y2 float64) {
	b.Helper()
	b.mouse(input.DispatchMouseEventTypeMousePressed, y1, y2)
	b.mouse(input.DispatchMouseEventTypeMouseReleased, y1, y2)
}

// status waits until the card says something that contains a text.
func (b *tab) status(text string) {
	b.Helper()
	b.waitFor(fmt.Sprintf("document.querySelector('.act .status').textContent.includes(%q)", text))
}

// TestActs takes one owner and one member through what a class can be asked: a question with a second vote,
// pins that outlast a reload, points that are drawn together, marbles.
func TestActs(t *testing.T) {
	t.Parallel()
	c := serveClass(t, sim.Config{Model: "cd", Data: "spiral"})
	owner, member := open(t, desktop, c.owner()), open(t, screen{width: 390, height: 844}, c.member())
	owner.waitForInstruments()
	member.waitFor("ebmviz.class?.me")
	member.waitForInstruments()
	owner.waitFor("ebmviz.class.banner?.here === 1")

	owner.startAct("question", "What is low?", "the data", "the rest")
	member.act("question", "open")
	member.savePicture("acts-question-member")
	member.checkAccessibility()
	member.click(`[data-act-choice="1"]`)
	member.status("Sent.")
	member.typeText("1") // the key of the first answer
	member.waitFor("ebmviz.class.act.mine.choice === 0")
	owner.waitFor("document.querySelector('.act .count').textContent === '1 of 1 answered'")
	if eval[int](owner, "document.querySelectorAll('.act [data-counted]').length") != 0 || eval[bool](owner, "'counts' in ebmviz.class.act") {
		t.Error("the owner sees counts before the question is closed")
	}
	owner.savePicture("acts-question-owner")
	eval[bool](owner, `(foot => { // a second click, while the buttons change
		window.buttons = new MutationObserver(() => { for (const button of foot.children) button.click(); });
		buttons.observe(foot, { childList: true });
		return true;
	})(document.querySelector('.act .foot'))`)
	owner.press("actClose")
	owner.waitFor("document.querySelector('.act .share').textContent.includes('100')")
	owner.waitFor("document.querySelector('[data-act=actReveal]:not([aria-disabled])')")
	if phase := eval[string](owner, "buttons.disconnect() ?? ebmviz.class.act?.phase"); phase != "closed" {
		t.Errorf("after a second click the question is %q", phase)
	}
	member.act("question", "closed")
	if eval[bool](member, "'counts' in ebmviz.class.act") {
		t.Error("a member gets counts before the result is shown")
	}
	owner.press("actAgain")
	member.act("question", "open")
	member.waitFor("!document.querySelector('[data-act-choice][aria-pressed=true]')")
	member.click(`[data-act-choice="1"]`)
	member.status("Sent.")
	owner.press("actClose")
	owner.waitFor("document.querySelector('.act .share').textContent.startsWith('100 → 0')")
	owner.savePicture("acts-again-owner")
	owner.checkAccessibility()
	owner.press("actReveal")
	member.waitFor("document.querySelector('.act [data-own][data-counted]')")
	member.savePicture("acts-result-member")

	owner.startAct("pins")
	member.act("pins", "open")
	owner.waitFor("!ebmviz.state.playing")
	member.tap(-.5, .5)
	member.status("1 of 3 pins")
	member.tap(.8, -.2)
	member.status("2 of 3 pins")
	eval[bool](member, "(document.querySelector('#landscape').focus(), true)")
	for _, key := range []string{kb.ArrowUp, kb.ArrowLeft, kb.Enter} {
		member.typeText(key)
	}
	member.status("3 of 3 pins")
	member.click(`[data-act-pin="1"]`)
	member.status("2 of 3 pins")
	before := eval[string](member, "JSON.stringify(ebmviz.class.act.mine.points)")
	member.do(cdp.Reload())
	member.waitFor("window.ebmviz?.class?.act?.mine")
	member.act("pins", "open")
	if after := eval[string](member, "JSON.stringify(ebmviz.class.act.mine.points)"); after != before {
		t.Errorf("after a reload the pins are %s; they were %s", after, before)
	}
	member.status("2 of 3 pins")
	if eval[bool](owner, "'points' in ebmviz.class.act") {
		t.Error("pins are shown before they are closed")
	}
	owner.press("actClosePins")
	member.waitFor("ebmviz.class.act.phase === 'closed' && ebmviz.class.act.points.length === 2")
	member.savePicture("acts-pins-closed-member")
	owner.waitFor("ebmviz.class.act.from >= 0 && document.querySelector('.act .steps')")
	from := eval[int](owner, "ebmviz.class.act.from")
	eval[bool](owner, "(e => { e.value = 40; return true })(document.querySelector('.act .steps'))")
	owner.press("actPlayOn")
	owner.waitFor(fmt.Sprintf("ebmviz.step === %d && !ebmviz.state.playing", from+40))
	owner.press("actRevealPins")
	member.status("of your 2 pins")
	member.waitFor("!document.querySelector('.act .scale').hidden && !document.querySelector('.square > .change:not([hidden])')?.hidden")
	member.savePicture("acts-pins-result-member")
	owner.waitFor("document.querySelector('#bar').ariaLabel.includes('change')") // the bar is that of what is drawn
	owner.savePicture("acts-pins-result-owner")
	owner.press("actEnd")
	owner.waitFor("!document.querySelector('#bar').ariaLabel.includes('change')")

	owner.startAct("drawing")
	member.act("drawing", "open")
	member.drag([2]float64{-.8, 0}, [2]float64{.2, .3})
	member.waitFor("ebmviz.class.act.mine?.points.length > 20 && ebmviz.class.act.points?.length === ebmviz.class.act.mine.points.length")
	member.drag([2]float64{-.8, -.5}, [2]float64{-.6, -.5})
	member.waitFor("ebmviz.class.act.mine.strokes.length === 2")
	member.savePicture("acts-drawing-member")
	member.click(`[data-act="undo"]`)
	member.waitFor("ebmviz.class.act.mine.strokes.length === 1")
	owner.waitFor("ebmviz.class.act.points.length > 20")
	owner.savePicture("acts-drawing-owner")
	owner.press("actTrain")
	owner.waitFor("ebmviz.state.own && ebmviz.points().length === 2 * ebmviz.class.act.points.length && ebmviz.class.act.phase === 'closed'")
	member.status("Frozen")

	owner.startAct("marbles")
	member.act("marbles", "open")
	member.tap(0, 0)
	member.tap(.5, .5)
	owner.waitFor("ebmviz.marbles.length === 4")
	member.savePicture("acts-marbles-member")
	owner.press("actClear")
	member.waitFor("ebmviz.marbles.length === 0")
	owner.press("actEnd")
	member.waitFor("document.querySelector('.act').hidden")
	for _, b := range []*tab{owner, member} {
		b.expectEmptyConsole()
	}
}

// TestALessonAsksTheClass plays a step of a lesson where somebody is in the class: its question is asked to
// all, the answers show when it is closed, and the right one when the run has come to its telling moment.
func TestALessonAsksTheClass(t *testing.T) {
	t.Parallel()
	c := serveClass(t, sim.Config{Model: "kmeans", Data: "spiral"})
	member := open(t, screen{width: 390, height: 844, dark: true}, c.member())
	member.waitFor("ebmviz.class?.me")
	owner := open(t, screen{width: 1280, height: 800, reducedMotion: true}, c.owner()+"&view.lesson=k-means.2")
	owner.waitFor("document.querySelector('#lesson .act:not([hidden])[data-phase=open]')")
	if n := eval[int](owner, "document.querySelectorAll('#lesson [data-choice]').length"); n != 0 {
		t.Errorf("the owner has %d choices of their own", n)
	}
	member.act("question", "open")
	member.waitForInstruments()
	right := eval[int](owner, `fetch('api/lessons/k-means').then(r => r.json()).then(({lesson, steps = lesson.steps}) => {
		const {text} = steps[1].question.choices.find(c => c.right);
		return ebmviz.class.act.choices.indexOf(text.replace(/\s+/g, ' ').trim()) })`)
	member.click(fmt.Sprintf("[data-act-choice=%q]", fmt.Sprint(right)))
	member.status("Sent.")
	owner.waitFor("document.querySelector('#lesson .act .count').textContent === '1 of 1 answered'")
	owner.savePicture("acts-lesson-asking")
	owner.press("actClose")
	owner.waitFor("document.querySelectorAll('#lesson .act [data-counted]').length === 4 && !document.querySelector('#lesson .act [data-right]')")
	if eval[bool](member, "'counts' in ebmviz.class.act || 'right' in ebmviz.class.act") {
		t.Error("a member gets the result before it is shown")
	}
	owner.savePicture("acts-lesson-closed")
	owner.press("actPlayOn")
	owner.waitFor("document.querySelector('#lesson').dataset.phase === 'seen' && ebmviz.step === 100")
	member.status("Right.")
	member.waitFor("document.querySelectorAll('.act [data-right][data-own]').length === 1")
	owner.waitFor("document.querySelector('#lesson .act [data-right]')")
	owner.savePicture("acts-lesson-seen")
	member.savePicture("acts-lesson-member")
	owner.checkAccessibility()
	member.checkAccessibility()
	owner.click(`[data-lesson="lessonClose"]`)
	member.waitFor("ebmviz.class.act === null && document.querySelector('.act').hidden")
	for _, b := range []*tab{owner, member} {
		b.expectEmptyConsole()
	}
}
