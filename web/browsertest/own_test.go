package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ebmviz/ebm"
)

// trained are the points that the room learns from, as the page draws them.
const trained = "ebmviz.points()"

// scattered opens the page for a hand that has yet to draw.
func (b *tab) scattered() {
	b.Helper()
	b.furnished()
	b.until("ebmviz.step > 0")
}

// "Draw your own data and fit it": choose your own points, draw, and it learns.
func TestDrawYourOwnDataAndFitIt(t *testing.T) {
	for name, l := range map[string]look{"webgl2 dark": {width: 1280, height: 800, dark: true, webgl: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			b := open(t, l, serve(t)+"#model=kmeans&data=spiral"+l.renderer())
			b.scattered()
			if l.width < 800 {
				b.click("#tabs button:nth-child(2)")
			}
			b.click(`[data-choose="data"][data-value="custom"]`)
			b.until("!document.querySelector('.draw-strip').hidden")
			if l.width < 800 {
				b.swipe([2]float64{-1, -1}, [2]float64{1, 1})
			} else {
				b.throw([2]float64{-1, -1}, [2]float64{1, 1})
			}
			b.until("ebmviz.state.data === 'custom' && ebmviz.state.playing")
			b.until(trained + ".length > 2 * 60")
			far := eval[float64](b, trained+".reduce((far, _, i, y) => i % 2 ? far : Math.max(far, Math.abs(y[i] - y[i + 1])), 0)")
			if far > .2 {
				t.Errorf("a point lies %.2f off the line that was drawn", far)
			}
			// It learns the line: there the energy is low, beside it high.
			b.until("(Promise.all([ebmviz.probe([.5, .5]), ebmviz.probe([.8, -.8])]).then(([on, off]) => window.learnt = on.F < .1 * off.F), window.learnt)")
			b.axe()
			b.uncut()
			b.keep("own-" + strings.ReplaceAll(name, " ", "-"))

			// The eraser takes a part away, outliers come, and undo brings the line back.
			n := eval[int](b, trained+".length")
			b.click(`[data-draw="eraser"]`)
			b.throw([2]float64{-1.2, -1.2}, [2]float64{0, 0})
			b.until(fmt.Sprintf("%s.length < .7 * %d", trained, n))
			b.drawn(2) // what can be undone is noted once a picture
			fewer := eval[int](b, trained+".length")
			b.click(`[data-draw="outliers"]`)
			is := func(n int) {
				b.until(fmt.Sprintf("%s.length === %d && 2 * ebmviz.state.knobs['data.n'] === %[2]d", trained, n))
			}
			is(fewer + 20)
			b.drawn(2)
			for _, before := range []int{fewer, n} {
				b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
				is(before)
			}
			b.quiet()
		})
	}
}

// swipe moves a finger from a point of the plane to another.
func (b *tab) swipe(from, to [2]float64) {
	b.Helper()
	for i := range 5 {
		kind := input.DispatchTouchEventTypeTouchMove
		if i == 0 {
			kind = input.DispatchTouchEventTypeTouchStart
		}
		share := float64(i) / 4
		x, y := b.spot(from[0]+share*(to[0]-from[0]), from[1]+share*(to[1]-from[1]))
		b.orbitTouch(kind, x, y)
	}
	b.orbitTouch(input.DispatchTouchEventTypeTouchEnd)
}

// TestTheLandscapeFollowsTheHand: what is drawn is learnt from while the hand is still down, from
// where the model is; a stroke is one change that can be undone.
func TestTheLandscapeFollowsTheHand(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans&data=circle&step=200")
	b.furnished()
	b.stands(200)
	n := eval[int](b, trained+".length")
	b.click(`[data-tool="draw"]`)
	b.mouse(input.DispatchMouseEventTypeMousePressed, -1.2, 1.2)
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 0, 1.2)
	b.until(fmt.Sprintf("ebmviz.state.data === 'custom' && %s.length > %d && ebmviz.step > 210", trained, n))
	first := eval[string](b, "ebmviz.state.own")
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 1.2, 1.2)
	b.until(fmt.Sprintf("ebmviz.state.own !== '%s' && (ebmviz.probe([1.1, 1.2]).then(p => window.low = p.F < .1), window.low)", first))
	if eval[int](b, "ebmviz.step") < 210 || !eval[bool](b, "document.querySelector('#square').hasAttribute('data-drawing')") {
		t.Error("the run began again, or the hand was lifted")
	}
	b.mouse(input.DispatchMouseEventTypeMouseReleased, 1.2, 1.2)
	b.until(fmt.Sprintf("!document.querySelector('#square').hasAttribute('data-drawing') && ebmviz.points().length === %s.length", trained))
	b.until("!document.querySelector('[data-action=\"undo\"]').disabled")
	b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
	b.until(fmt.Sprintf("ebmviz.state.data === 'circle' && %s.length === %d", trained, n))
	b.quiet()
}

// Points by the keyboard alone; cleared, the plane is empty while the room keeps what it has.
func TestDrawByKeys(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans&data=moons&step=100")
	b.furnished()
	b.stands(100)
	b.click(`[data-tool="draw"]`)
	n := eval[int](b, trained+".length")
	b.do(cdp.Focus(cdp.CSS("#landscape")))
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.do(cdp.KeyEvent(kb.Enter))
	b.until(fmt.Sprintf("ebmviz.state.data === 'custom' && %s.length > %d", trained, n))
	b.click(`[data-draw="drawClear"]`)
	b.until("!document.querySelector('.square .hollow').hidden")
	if on := eval[string](b, "ebmviz.state.data"); on != "custom" {
		t.Errorf("clearing changed the room's data to %s", on)
	}
	b.do(cdp.Focus(cdp.CSS("#landscape")))
	b.do(cdp.KeyEvent(kb.ArrowUp))
	b.do(cdp.KeyEvent(kb.Enter))
	b.until(trained + ".length === 16")
	b.quiet()
}

// "Send a colleague exactly this": the link has the points in it.
func TestALinkBringsItsPoints(t *testing.T) {
	server := serve(t)
	b := open(t, desktop, server+"#model=kmeans&data=custom&points=p.AAAA____gAgA&step=20")
	b.furnished()
	b.stands(20)
	b.until(trained + ".length === 6 && location.hash.includes('points=p.AAAA____gAgA')")
	frame := eval[string](b, "[...ebmviz.grid()].join()")
	link := eval[string](b, "location.hash")
	c := open(t, desktop, server+link)
	c.furnished()
	c.stands(20)
	if eval[string](c, "[...ebmviz.grid()].join()") != frame {
		t.Error("the link opens another landscape")
	}
	// A table that is too long for a link is named by it, and this server knows it.
	b.paste(table(3000))
	b.click(`[data-own="use"]`)
	b.until(trained + ".length === 6000 && /points=h\\.[-\\w]{16}/.test(location.hash)")
	name := eval[string](b, "location.hash")
	d := open(t, desktop, server+name)
	d.until("window.ebmviz?.state?.own && " + trained + ".length === 6000")
	for _, page := range []*tab{b, c, d} {
		page.quiet()
	}
}

// Own points go along to the pane beside and to every method of the wall.
func TestOwnPointsBesideAndOnTheWall(t *testing.T) {
	rare(t)
	b := open(t, desktop, serve(t)+"#model=kmeans&data=custom&points=p.AAAA____gAgAQQQQccccoooo&k.k=3&view.speed=50")
	b.furnished()
	b.click(compare)
	b.until("ebmviz.panes.length === 1 && ebmviz.panes[0].state?.own === ebmviz.state.own && ebmviz.panes[0].frames > 1")
	b.click(compare)
	b.until("ebmviz.panes.length === 0")
	b.click(`[data-action="wall"]`)
	b.until(fmt.Sprintf(everyTile, len(ebm.Cards()), 1, 5))
	b.quiet()
}

// table has points on a circle, n of them.
func table(n int) string {
	var s strings.Builder
	s.WriteString("left,right\n")
	for i := range n {
		fmt.Fprintf(&s, "%.4f,%.4f\n", 100+30*math.Cos(float64(i)), -5+2*math.Sin(float64(i)))
	}
	return s.String()
}

// paste puts text into the clipboard and presses the keys that paste it where the focus is.
func (b *tab) paste(text string) {
	b.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		if _, err := cdp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name}, Setting: "granted"}); err != nil {
			b.Fatal(err)
		}
	}
	quoted, _ := json.Marshal(text)
	eval[bool](b, fmt.Sprintf("navigator.clipboard.writeText(%s).then(() => true)", quoted))
	b.do(func(ctx context.Context, t *cdp.Target) (cdp.Void, error) {
		_, err := cdp.Call(ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "rawKeyDown", Modifiers: 2, Key: "v", Code: "KeyV", WindowsVirtualKeyCode: 'V', Commands: []string{"paste"}})
		return cdp.Void{}, err
	})
}

// drop drops a file on the page.
func (b *tab) drop(name, text string) {
	b.Helper()
	quoted, _ := json.Marshal(text)
	eval[bool](b, fmt.Sprintf(`(() => {
		const files = new DataTransfer();
		files.items.add(new File([%s], %q));
		return document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })) || true;
	})()`, quoted, name))
}

// A table is pasted, dropped and chosen; its columns and how they are laid out can be chosen.
func TestTableOfOnesOwn(t *testing.T) {
	for name, l := range map[string]look{"desk": desktop, "phone dark": {width: 390, height: 844, dark: true}} {
		t.Run(name, func(t *testing.T) {
			if name == "desk" {
				rare(t)
			}
			b := open(t, l, serve(t)+"#model=kmeans&data=spiral")
			b.scattered()
			b.drop("some.csv", "name,weight,height,age\n"+strings.Repeat("ann,60,170,30\nbob,80,180,40\ncy,,190,50\n", 5))
			b.until("document.querySelector('#own').open && !document.querySelector('[data-own=use]').disabled")
			b.until("document.querySelector('#own').textContent.includes('10 points; 5 rows without two numbers left out. y₁ = (weight − 70)')")
			b.axe()
			b.uncut()
			b.keep("table-" + strings.ReplaceAll(name, " ", "-"))
			eval[bool](b, `(() => { const s = document.querySelector('[data-own="first"]'); s.value = '2'; return s.dispatchEvent(new Event('change')) })()`)
			b.until("document.querySelector('#own').textContent.includes('15 points. y₁ = (age − 40)')")
			b.click(`[data-own="use"]`)
			b.until("!document.querySelector('#own').open && ebmviz.state.data === 'custom' && " + trained + ".length === 30")
			// A file that is chosen, and a curve.
			if l.width < 800 {
				b.click("#tabs button:nth-child(2)")
			}
			b.click(`[data-action="bring"]`)
			path := filepath.Join(t.TempDir(), "own.json")
			if err := os.WriteFile(path, []byte("[[0.5, 0.5], [-1, 1], [1, -0.25]]"), 0o600); err != nil {
				t.Fatal(err)
			}
			b.do(cdp.SetUploadFiles(cdp.CSS(`[data-own="file"]`), []string{path}))
			b.until("document.querySelector('#own').textContent.includes('3 points.') && document.querySelector('[data-own=fit]').value === 'as-is'")
			eval[bool](b, `(document.querySelector('[data-curve="y1"]').value = "cos(2*pi*t)") !== ''`)
			b.typed(`[data-curve="y2"]`, "sin(2*pi*t)") // and Enter
			b.until("!document.querySelector('#own').open && " + trained + ".length === 800")
			b.quiet()
		})
	}
}

// A checkpoint that is dropped goes on where it was saved.
func TestACheckpointIsDropped(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=pca&data=ellipse&step=40")
	b.furnished()
	b.stands(40)
	saved, err := os.ReadFile(b.checkpoint(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	b.click(`[data-choose="model"][data-value="kmeans"]`)
	b.until("ebmviz.state.model === 'kmeans' && ebmviz.step > 10")
	b.drop("c.json", string(saved))
	b.until("ebmviz.state.model === 'pca' && ebmviz.step >= 40")
	b.drop("c.json", strings.Replace(string(saved), `"pca"`, `"<b>nothing</b>"`, 1))
	b.until("document.querySelector('#toast').textContent.includes('<b>nothing</b>')")
	b.until("ebmviz.state.model === 'pca'")
	b.refused(1)
}

// Bad input is a sentence each, and the run before it goes on.
func TestBadPointsAreSentences(t *testing.T) {
	b := open(t, look{width: 1280, height: 800}, serve(t)+"#model=kmeans&data=spiral")
	b.scattered()
	goesOn := func(what string) {
		t.Helper()
		if on := eval[string](b, "ebmviz.state.data"); on != "spiral" {
			t.Fatalf("after %s the data are %s", what, on)
		}
		step := eval[int](b, "ebmviz.step")
		b.until(fmt.Sprintf("ebmviz.step > %d", step))
	}
	said := func(want string) {
		t.Helper()
		text, _ := json.Marshal(want)
		b.until(fmt.Sprintf("[...document.querySelectorAll('#toast:not([hidden]), #own .wrong')].some((n) => n.textContent.includes(%s))", text))
	}
	eval[bool](b, `(() => {
		const files = new DataTransfer();
		const big = new File(['1,2'], 'big.csv');
		Object.defineProperty(big, 'size', { value: 200 * 2 ** 20 });
		files.items.add(big);
		const drop = new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true });
		Object.defineProperty(drop.dataTransfer, 'files', { value: [big] });
		return document.body.dispatchEvent(drop) || true;
	})()`)
	said("big.csv has 200 MB; at most 16 MB are read")
	goesOn("a drop of 200 MB")
	for _, c := range []struct{ text, want string }{
		{"who,what\nann,blue\n", "two columns of numbers; this table has none"},
		{"y1,y2\n0.5,0.5\n", "Only one row has"},
		{strings.Repeat("0.5,0.5\n", 30), "All 30 points lie in the same place"},
		{strings.Repeat("0.5,0.25\n", 100_000), "20000 points are allowed"},
		{"NaN,1\n2,NaN\n", "No row has"},
		{"<img src=x onerror=alert(1)>,<b>\n1,2\n1,2", "All 2 points"},
		{"\x00\x01\x02", "is no text"},
		{"[[1,2],[3", "cannot be read as such"},
	} {
		b.drop("points.csv", c.text)
		said(c.want)
		goesOn(c.want)
	}
	for _, c := range []struct{ formula, want string }{
		{"1/(t-t)", "0 of 400 points"},
		{"f(f(f))", "unknown name f"},
		{"map(1..9999, map(1..9999, #))", "must not contain"},
		{strings.Repeat("t+", 5000) + "t", "10001 characters; the limit is 300"},
	} {
		quoted, _ := json.Marshal(c.formula)
		eval[bool](b, fmt.Sprintf(`(e => { e.value = %s; e.focus(); return true })(document.querySelector('[data-curve="y1"]'))`, quoted))
		b.do(cdp.KeyEvent(kb.Enter))
		said(c.want)
		goesOn(c.formula)
	}
	b.axe()
	b.refused(4)
}

// refused holds the console to so many answers of 400, and nothing else.
func (b *tab) refused(times int) {
	b.Helper()
	said := b.said()
	if n := strings.Count(said, "status of 400"); n != times || len(strings.Split(said, "\n")) != times {
		b.Errorf("the server refused %d times, want %d:\n%s", n, times, said)
	}
}
