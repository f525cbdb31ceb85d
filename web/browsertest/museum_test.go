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

// exhibit is the selector of a piece in its list.
func exhibit(id string) string { return fmt.Sprintf(`[data-exhibit="%s"]`, id) }

// text is what an element shows.
func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf("document.querySelector('%s').innerText", selector))
}

func TestMuseumOpensAFailureAndItsCure(t *testing.T) {
	for _, e := range []struct {
		id, failed, cured string // what holds of the room then
	}{
		{"too-few-wells", "ebmviz.state.model === 'kmeans' && ebmviz.state.knobs.k === 8", "ebmviz.state.model === 'kmeans' && ebmviz.state.knobs.k === 32"},
		{"dae-ghost", "ebmviz.state.model === 'dae'", "ebmviz.state.model === 'dsm'"}, // defaults that fail
	} {
		t.Run(e.id, func(t *testing.T) {
			b := open(t, desktop, serve(t))
			b.drawn(3)
			b.click(museum)
			b.until("document.querySelector('#museum').open")
			title := b.text(exhibit(e.id))
			diagnosis := b.text(fmt.Sprintf("li:has(%s) p", exhibit(e.id)))
			b.click(exhibit(e.id))
			b.until("!document.querySelector('#museum').open && " + e.failed)
			b.until("!document.querySelector('#exhibit').hidden")
			if note := b.text("#exhibit"); !strings.Contains(note, title) || !strings.Contains(note, diagnosis) {
				t.Errorf("the panel says %q, want %q: %q", note, title, diagnosis)
			}
			if hash := eval[string](b, "location.hash"); !strings.Contains(hash, "view.exhibit="+e.id) {
				t.Errorf("the address forgets the exhibit: %s", hash)
			}
			b.drawn(3)

			b.click("#exhibit .opener")
			b.until(e.cured)
			b.until(inSight) // a method far down in the rail
			b.until("document.querySelector('#exhibit').innerText.includes('Cured by')")
			b.drawn(3)
			b.click("#exhibit .opener") // and back
			b.until(e.failed)
			b.until("document.querySelector('#exhibit').innerText.includes(" + fmt.Sprintf("%q", diagnosis) + ")")

			// Who turns a knob, or takes another method, is no longer there.
			b.click(`[data-choose="model"][data-value="pca"]`)
			b.until("ebmviz.state.model === 'pca' && document.querySelector('#exhibit').hidden")
			if b.text("#summary") == "" {
				t.Error("the method is not introduced")
			}
			b.quiet()
		})
	}
}

func TestMuseumByKeyboard(t *testing.T) {
	b := open(t, desktop, serve(t))
	b.drawn(3)
	b.do(cdp.Focus(cdp.CSS(museum)))
	b.do(cdp.KeyEvent(kb.Enter))
	b.until("document.querySelector('#museum').open")
	b.do(cdp.KeyEvent(kb.Escape))
	b.until("!document.querySelector('#museum').open && document.activeElement.matches('" + museum + "')")
	b.do(cdp.KeyEvent(" "))
	b.until("document.querySelector('#museum').open && document.activeElement.closest('#museum')")
	if eval[bool](b, "!ebmviz.state.playing") {
		t.Error("the space bar opened the museum and stopped the learning too")
	}
	for range 3 { // close, the first piece, the second
		b.do(cdp.KeyEvent(kb.Tab))
		if eval[string](b, "document.activeElement.dataset.exhibit ?? ''") == "too-few-wells" {
			break
		}
	}
	b.do(cdp.KeyEvent(kb.Enter))
	b.until("ebmviz.state.model === 'kmeans' && ebmviz.state.knobs.k === 8 && !document.querySelector('#museum').open")
	b.until("!document.querySelector('#exhibit').hidden")
	b.quiet()
}

func TestMuseumLinkOpensWithItsDiagnosis(t *testing.T) {
	rare(t)
	b := open(t, desktop, serve(t)+"#model=dae&view.exhibit=dae-ghost")
	b.drawn(3)
	b.until("document.querySelector('#exhibit').innerText.includes('A spurious valley')")
	b.click(`[data-choose="model"][data-value="pca"]`)
	b.until("ebmviz.state.model === 'pca'")
	b.click(`[data-choose="model"][data-value="dae"]`) // chosen for its own sake
	b.until("ebmviz.state.model === 'dae' && document.querySelector('#exhibit').hidden && !document.querySelector('#summary').hidden")
	b.quiet()
}

func TestWhoWatchesReadsTheNoteAndOpensNothing(t *testing.T) {
	address := serve(t)
	teacher := open(t, desktop, address+"#model=kmeans&k.k=8")
	teacher.drawn(3)
	b := open(t, desktop, address+"#room="+eval[string](teacher, "ebmviz.room"))
	b.until("ebmviz.role === 'viewer' && document.querySelector('#exhibit').innerText.includes('Too few wells')")
	b.until("document.querySelectorAll('.note .opener').length > 0 && [...document.querySelectorAll('.panel .opener')].every(e => e.disabled)")
	if eval[bool](teacher, "[...document.querySelectorAll('.panel .opener')].some(e => e.disabled)") {
		t.Error("the teacher cannot open the cure")
	}
	b.click(museum)
	b.until("document.querySelector('#museum').open && [...document.querySelectorAll('[data-exhibit]')].every(e => e.disabled)")
	b.quiet()
}

func TestNotesOfACardOpen(t *testing.T) {
	rare(t)
	b := open(t, desktop, serve(t)+"#model=kmeans")
	b.drawn(3)
	b.until("document.querySelectorAll('#formulas .note').length === 2")
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
		b.until(note + ".open && " + note + ".querySelector('p').checkVisibility()")
		eval[bool](b, "document.querySelector('#the-note').removeAttribute('id') ?? true")
	}
	b.click("#formulas .note .opener") // the museum's piece on it
	b.until("ebmviz.state.knobs.k === 8 && !document.querySelector('#exhibit').hidden")
	b.quiet()
}
