package browsertest

import (
	"fmt"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// museum is the selector of the button that opens it.
const museum = `[data-action="museum"]`

// exhibit is the selector of an exhibit in its list.
func exhibit(id string) string { return fmt.Sprintf(`[data-exhibit="%s"]`, id) }

// text returns what an element shows.
func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelector('%s').innerText", selector))
}

func TestMuseumShowsAFailureAndItsCure(t *testing.T) {
	t.Parallel()
	for _, e := range []struct {
		id, failed, cured string // what holds of the room then
	}{
		{"too-few-wells", "ebmviz.state.model === 'kmeans' && ebmviz.state.knobs.k === 8", "ebmviz.state.model === 'kmeans' && ebmviz.state.knobs.k === 32"},
		{"dae-ghost", "ebmviz.state.model === 'dae'", "ebmviz.state.model === 'dsm'"}, // defaults that fail
	} {
		t.Run(e.id, func(t *testing.T) {
			t.Parallel()
			b := open(t, desktop, serve(t))
			b.waitForFrames(3)
			b.click(museum)
			b.waitFor("document.querySelector('#museum').open")
			b.waitFor("(all => all.length > 10 && all.every(c => c.toDataURL().length > 5000))([...document.querySelectorAll('#museum .thumbnail')])")
			title := b.text(exhibit(e.id))
			diagnosis := b.text(fmt.Sprintf("li:has(%s) p", exhibit(e.id)))
			b.click(exhibit(e.id))
			b.waitFor("!document.querySelector('#museum').open && " + e.failed)
			b.waitFor("!document.querySelector('#exhibit').hidden")
			if note := b.text("#exhibit"); !strings.Contains(note, title) || !strings.Contains(note, diagnosis) {
				t.Errorf("the panel says %q, want %q: %q", note, title, diagnosis)
			}
			if hash := eval[string](b, "location.hash"); !strings.Contains(hash, "view.exhibit="+e.id) {
				t.Errorf("the address forgets the exhibit: %s", hash)
			}
			b.waitForFrames(3)

			b.click("#exhibit .opener")
			b.waitFor(e.cured)
			b.waitFor(methodInView) // a method far down in the sidebar
			b.waitFor("document.querySelector('#exhibit').innerText.includes('Cured by')")
			b.waitForFrames(3)
			b.click("#exhibit .opener") // and back
			b.waitFor(e.failed)
			b.waitFor("document.querySelector('#exhibit').innerText.includes(" + fmt.Sprintf("%q", diagnosis) + ")")

			// Another method leaves the exhibit.
			b.click(`[data-choose="model"][data-value="pca"]`)
			b.waitFor("ebmviz.state.model === 'pca' && document.querySelector('#exhibit').hidden")
			if b.text("#summary") == "" {
				t.Error("the method is not introduced")
			}
			b.expectEmptyConsole()
		})
	}
}

func TestMuseumByKeyboard(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t))
	b.waitForFrames(3)
	b.do(cdp.Focus(cdp.CSS("#more-button")))
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor("document.querySelector('#more').matches(':popover-open')")
	b.do(cdp.Focus(cdp.CSS(museum)))
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor("document.querySelector('#museum').open && document.activeElement.closest('#museum')")
	for range 3 { // close, the first exhibit, the second
		b.do(cdp.KeyEvent(kb.Tab))
		if eval[string](b, "document.activeElement.dataset.exhibit ?? ''") == "too-few-wells" {
			break
		}
	}
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor("ebmviz.state.model === 'kmeans' && ebmviz.state.knobs.k === 8 && !document.querySelector('#museum').open")
	b.waitFor("!document.querySelector('#exhibit').hidden")
	b.expectEmptyConsole()
}

func TestMuseumLinkOpensWithItsDiagnosis(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, desktop, serve(t)+"#model=dae&view.exhibit=dae-ghost")
	b.waitForFrames(3)
	b.waitFor("document.querySelector('#exhibit').innerText.includes('A spurious valley')")
	b.click(`[data-choose="model"][data-value="pca"]`)
	b.waitFor("ebmviz.state.model === 'pca'")
	b.click(`[data-choose="model"][data-value="dae"]`) // chosen in the list
	b.waitFor("ebmviz.state.model === 'dae' && document.querySelector('#exhibit').hidden && !document.querySelector('#summary').hidden")
	b.expectEmptyConsole()
}

func TestAViewerReadsTheNoteAndOpensNothing(t *testing.T) {
	t.Parallel()
	address := serve(t)
	teacher := open(t, desktop, address+"#model=kmeans&k.k=8")
	teacher.waitForFrames(3)
	b := open(t, desktop, address+"#room="+eval[string](teacher, "ebmviz.room"))
	b.waitFor("ebmviz.role === 'viewer' && document.querySelector('#exhibit').innerText.includes('Too few wells')")
	b.waitFor("document.querySelectorAll('.note .opener').length > 0 && [...document.querySelectorAll('.panel .opener')].every(e => e.disabled)")
	if eval[bool](teacher, "[...document.querySelectorAll('.panel .opener')].some(e => e.disabled)") {
		t.Error("the teacher cannot open the cure")
	}
	b.click(museum)
	b.waitFor("document.querySelector('#museum').open && [...document.querySelectorAll('[data-exhibit]')].every(e => e.disabled)")
	b.expectEmptyConsole()
}

// TestTheViewOfAWatchedRoom changes the view in the address of a room: the page asks the room for nothing.
func TestTheViewOfAWatchedRoom(t *testing.T) {
	t.Parallel()
	address := serve(t)
	teacher := open(t, desktop, address+"#model=kmeans&data=moons")
	teacher.waitForFrames(3)
	b := open(t, desktop, address+"#room="+eval[string](teacher, "ebmviz.room"))
	b.waitForFrames(1)
	eval[bool](b, "(document.querySelector('#toast').hidden = true, location.hash += '&view.spacing=log', true)")
	b.waitFor("document.querySelector('[data-view=spacing]').value === 'log'")
	eval[float64](b, "ebmviz.probe([0, 0]).then(p => p.F)") // what was sent before is answered
	if toast := eval[string](b, "document.querySelector('#toast').hidden ? '' : document.querySelector('#toast').textContent"); toast != "" {
		t.Errorf("the page says %q", toast)
	}
	b.expectEmptyConsole()
}

func TestNotesOfACardOpen(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, desktop, serve(t)+"#model=kmeans")
	b.waitForFrames(3)
	b.waitFor("document.querySelectorAll('#formulas .note').length === 3")
	for i := range 2 {
		note := fmt.Sprintf("[...document.querySelectorAll('#formulas .note')][%d]", i)
		eval[bool](b, note+".querySelector('summary').setAttribute('id', 'the-note') ?? true")
		if eval[bool](b, note+".querySelector('p').checkVisibility()") {
			t.Error("a note is open before it was asked for")
		}
		if i == 0 {
			b.click("#the-note")
		} else {
			b.do(cdp.Focus(cdp.CSS("#the-note")))
			b.do(cdp.KeyEvent(kb.Enter))
		}
		b.waitFor(note + ".open && " + note + ".querySelector('p').checkVisibility()")
		eval[bool](b, "document.querySelector('#the-note').removeAttribute('id') ?? true")
	}
	b.click("#formulas .note .opener") // its exhibit
	b.waitFor("ebmviz.state.knobs.k === 8 && !document.querySelector('#exhibit').hidden")
	b.expectEmptyConsole()
}
