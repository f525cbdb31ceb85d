package browsertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"

	"ebmviz/sim/content"
)

// fill types into the field that the editor names so; of several the nth, from 0.
func (b *tab) fill(field string, n int, text string) {
	b.Helper()
	written, _ := json.Marshal(text) // a string: it cannot fail
	if !eval[bool](b, fmt.Sprintf(`(() => {
		const field = document.querySelectorAll('#editor [data-edit=%q]')[%d];
		if (!field?.checkVisibility()) return false;
		field.focus();
		field.value = %s;
		field.dispatchEvent(new Event('input', {bubbles: true}));
		return true })()`, field, n, written)) {
		b.Fatalf("the editor shows no field %s, number %d", field, n)
	}
}

// choose chooses in a select of the editor.
func (b *tab) choose(field, value string) {
	b.Helper()
	if !eval[bool](b, fmt.Sprintf("(s => { s.value = %q; s.dispatchEvent(new Event('change')); return s.value === %[1]q })(document.querySelector('#editor select[data-edit=%[2]q]'))", value, field)) {
		b.Fatalf("the editor does not offer %s as %s", value, field)
	}
}

const edit = `#editor [data-edit=%q]`

// openEditor begins a new lesson from the list.
func (b *tab) openEditor() {
	b.Helper()
	b.click(`[data-action="lessons"]`)
	b.waitFor("document.querySelector('#lessons').open")
	b.click(`#lessons [data-edit="lessonWrite"]`)
	b.waitFor("!document.querySelector('#editor').hidden && !document.querySelector('#lessons').open")
}

// addView adds what the page shows as a step, whose form opens.
func (b *tab) addView(n int) {
	b.Helper()
	b.click(fmt.Sprintf(edit, "editAdd"))
	b.waitFor(fmt.Sprintf("document.querySelector('#editor h2').textContent.startsWith('Step %d of')", n))
}

// TestALessonOfOnesOwn is written by clicks, saved as a file, checked, played after a reload, and opened
// from the file by another browser.
func TestALessonOfOnesOwn(t *testing.T) {
	t.Parallel()
	address := serve(t)
	b := open(t, screen{width: 1280, height: 800, reducedMotion: true}, address+"#model=kmeans&data=spiral&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	b.openEditor()
	b.savePicture("editor-empty")
	b.fill("editTitle", 0, title)
	b.fill("editAbout", 0, "How 20 wells share a spiral.")

	// The first step: its run has a knob that is turned at step 20.
	b.slide("lr", "e.max")
	b.waitFor("ebmviz.state.knobs.lr !== .5")
	b.enter("#step-count", "60")
	b.waitForStep(60)
	grid := eval[[]float64](b, "[...ebmviz.grid()]")
	b.addView(1)
	b.fill("editStepTitle", 0, "A well to share")
	b.fill("editSay", 0, "Each well has a centre $w_k$, and {down|is pulled} to its points.\n\n- <b>one</b>\n- two")
	b.fill("editAsk", 0, "How many wells stay empty?")
	b.fill("editChoice", 0, "none")
	b.fill("editChoice", 1, "half of them")
	b.fill("editWhy", 1, "Each has a point nearest to it.")
	b.fill("editSeen", 0, "None stays empty; the points are told from the plane.")
	b.waitFor("document.querySelector('.step-preview').textContent.includes('None stays empty') && document.querySelector('.step-preview .katex')")
	b.click("#editor details:nth-of-type(2) summary")
	b.click("#editor details:nth-of-type(2) [data-edit=editAddNumber]")
	b.choose("number", "auc")
	b.fill("editSays", 0, "the points are told from the plane")
	b.savePicture("editor-claim")
	eval[bool](b, "(document.querySelector('#editor .fields').scrollTo(0, 0), true)")
	b.checkAccessibility()
	b.checkLayout()
	b.savePicture("editor-step")
	if bad := eval[int](b, "document.querySelectorAll('#editor :is(img, b), .step-preview :is(img, b:not(.down), a)').length"); bad != 0 {
		t.Errorf("%d elements were made of texts", bad)
	}

	// What readers are to try is done on the page, and taken.
	b.slide("lr", "e.min")
	b.waitFor("ebmviz.state.knobs.lr < .1")
	b.enter("#step-count", "90")
	b.waitForStep(90)
	b.click("#editor details:nth-of-type(1) summary")
	b.fill("editTryText", 0, "Lower the learning rate.")
	b.click("#editor details:nth-of-type(1) [data-edit=editTakeChanges]")
	b.waitFor("document.querySelector('#editor details').textContent.includes('to step 90')")
	b.savePicture("editor-try")

	// The second step asks for a place. Its run stops where numbers hold.
	b.click(fmt.Sprintf(edit, "editDone"))
	b.addView(2)
	b.fill("editStepTitle", 0, "A place")
	b.fill("editSay", 0, "There are many.")
	b.choose("editQuestion", "place")
	b.fill("editAsk", 0, "Where is it low?")
	b.click(fmt.Sprintf(edit, "editPick"))
	x, y := b.windowPoint(.5, .5)
	b.mouseAt(input.DispatchMouseEventTypeMousePressed, x, y, 0)
	b.mouseAt(input.DispatchMouseEventTypeMouseReleased, x, y, 0)
	b.waitFor("document.querySelector('#editor .place-row') && document.querySelector('#square .place circle')")
	b.fill("editSeen", 0, "There.")
	b.savePicture("editor-place")
	b.click(fmt.Sprintf(edit, "editDone"))

	// Steps are copied, moved and deleted; the deletion is undone.
	titles := func(want string) {
		b.Helper()
		b.waitFor(fmt.Sprintf("[...document.querySelectorAll('#editor [data-step]')].map((n) => n.textContent).join('|') === %q", want))
	}
	titles("A well to share|A place")
	b.click(`#editor li:nth-child(2) [data-edit="editCopy"]`)
	titles("A well to share|A place|A place (copy)")
	b.click(`#editor li:nth-child(3) [data-edit="editUp"]`)
	titles("A well to share|A place (copy)|A place")
	b.click(`#editor li:nth-child(1) [data-edit="editDelete"]`)
	titles("A place (copy)|A place")
	b.savePicture("editor-deleted")
	b.click(fmt.Sprintf(edit, "editUndo"))
	titles("A well to share|A place (copy)|A place")
	b.click(`#editor li:nth-child(2) [data-edit="editDelete"]`)
	b.savePicture("editor-steps")

	// The file is what the program reads, and its claim holds.
	dir := b.downloads()
	b.click(fmt.Sprintf(edit, "editSave"))
	text := b.waitForDownload(dir, ".json")
	l, err := content.ParseLesson(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	first := l.Steps[0]
	if l.Title != title || len(l.Steps) != 2 || len(first.Log) != 1 || first.Log[0].Step != 20 || first.Stop.Step != 60 || first.Claim["auc"].Above == nil || len(first.Try.Do) != 2 || len(l.Steps[1].Question.Place) != 1 {
		t.Errorf("the file has not what was written:\n%s", text)
	}

	// After a reload it is still there, and a link leads to each of its steps.
	b.do(cdp.Reload())
	b.waitForInstruments()
	b.click(`[data-action="lessons"]`)
	b.waitFor("document.querySelector('#lessons .mine article')")
	b.checkAccessibility()
	b.checkLayout()
	eval[bool](b, "(document.querySelector('#lessons .mine').scrollIntoView(), true)")
	b.savePicture("editor-list")
	b.click(`#lessons .mine [data-lesson-id]`)
	b.playMine(2, grid)
	link := eval[string](b, "location.hash")
	b.do(cdp.Navigate(address + link))
	b.do(cdp.Reload())
	b.waitFor("document.querySelector('#lesson h2')?.textContent === 'A place'")

	// A view that is added ends the lesson that is played, and so does deleting the lesson.
	b.waitForInstruments()
	b.click(`[data-action="lessons"]`)
	b.click(`#lessons .mine [data-edit="lessonEdit"]`)
	b.addView(3)
	b.waitFor("document.querySelector('#lesson').hidden && !location.hash.includes('lesson')")
	b.click(fmt.Sprintf(edit, "editPlayStep"))
	b.waitFor("!document.querySelector('#lesson').hidden")
	b.click(`[data-action="lessons"]`)
	b.click(`#lessons .mine [data-edit="lessonDelete"]`)
	b.waitFor("document.querySelector('#lesson').hidden && document.querySelector('#editor').hidden")

	// Another browser opens the file, and says of the link alone where the lesson is.
	other := open(t, screen{width: 390, height: 844, reducedMotion: true, dark: true}, address+link)
	other.waitFor("document.querySelector('#toast').textContent.includes('another browser')")
	other.waitForInstruments()
	other.drop("wrong.json", strings.Replace(string(text), `"lr"`, `"lrr"`, 1))
	other.waitFor("document.querySelector('#toast').textContent.includes('wrong.json cannot be opened: step 1: ')")
	other.drop("lesson.json", string(text))
	other.playMine(1, grid)
	other.savePicture("editor-phone-plays")
	b.expectEmptyConsole()
}

const title = "Wells <img src=x onerror=alert(1)> on a spiral"

// playMine plays the lesson of the test up to a step. The landscape of the first is the very one that was
// on the screen when it was written.
func (b *tab) playMine(steps int, grid []float64) {
	b.Helper()
	b.waitFor("!document.querySelector('#lesson').hidden && document.querySelector('#lesson h2').textContent === 'A well to share' && ebmviz.step === 0")
	b.click(`#lesson [data-choice="0"]`)
	b.waitFor(stepIsOver + " && ebmviz.step === 60 && ebmviz.state.knobs.lr > .5 && ebmviz.scalars.auc > .5")
	if !slices.Equal(eval[[]float64](b, "[...ebmviz.grid()]"), grid) {
		b.Error("the landscape is not the one that was added")
	}
	if steps < 2 {
		return
	}
	b.click(`[data-lesson="lessonNext"]`)
	b.waitFor("document.querySelector('#lesson h2').textContent === 'A place' && ebmviz.step === 0")
	x, y := b.windowPoint(.5, .5)
	b.mouseAt(input.DispatchMouseEventTypeMousePressed, x, y, 0)
	b.mouseAt(input.DispatchMouseEventTypeMouseReleased, x, y, 0)
	b.waitFor(stepIsOver + " && ebmviz.step === 90 && document.querySelector('#lesson .verdict').textContent === 'Right.'")
}
