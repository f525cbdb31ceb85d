package browsertest

import (
	"context"
	"encoding/base64"
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

// roomPoints are the points that the room learns from, as the page draws them.
const roomPoints = "ebmviz.points()"

// waitForRun waits for the instruments and the first step.
func (b *tab) waitForRun() {
	b.Helper()
	b.waitForInstruments()
	b.waitFor("ebmviz.step > 0")
}

// "Draw your own data and fit it": choose your own points, draw, and it learns.
func TestDrawDataAndFitIt(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"webgl2 dark": {width: 1280, height: 800, dark: true, webgl: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, l, serve(t)+"#model=kmeans&data=spiral"+l.renderer())
			b.waitForRun()
			if l.width < 800 {
				b.click("#tabs button:nth-child(2)")
			}
			b.click(`[data-choose="data"][data-value="custom"]`)
			b.waitFor("!document.querySelector('.draw-strip').hidden")
			if l.width < 800 {
				b.swipe([2]float64{-1, -1}, [2]float64{1, 1})
			} else {
				b.drag([2]float64{-1, -1}, [2]float64{1, 1})
			}
			b.waitFor("ebmviz.state.data === 'custom' && ebmviz.state.playing")
			b.waitFor(roomPoints + ".length > 2 * 60")
			recorded := func() {
				b.waitFor("!ebmviz.drawing")
				b.waitForFrames(2) // what can be undone is recorded once a frame
			}
			recorded()
			far := eval[float64](b, roomPoints+".reduce((far, _, i, y) => i % 2 ? far : Math.max(far, Math.abs(y[i] - y[i + 1])), 0)")
			if far > .2 {
				t.Errorf("a point lies %.2f off the line that was drawn", far)
			}
			// It learns the line: there the energy is low, beside it high.
			b.waitFor("(Promise.all([ebmviz.probe([.5, .5]), ebmviz.probe([.8, -.8])]).then(([on, off]) => window.learnt = on.F < .1 * off.F), window.learnt)")
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("own-" + strings.ReplaceAll(name, " ", "-"))

			// The eraser removes a part, outliers are added, and undo restores the line.
			n := eval[int](b, roomPoints+".length")
			b.click(`[data-draw="eraser"]`)
			b.drag([2]float64{-1.2, -1.2}, [2]float64{0, 0})
			b.waitFor(fmt.Sprintf("%s.length < .7 * %d", roomPoints, n))
			recorded()
			fewer := eval[int](b, roomPoints+".length")
			b.click(`[data-draw="outliers"]`)
			is := func(n int) {
				b.waitFor(fmt.Sprintf("%s.length === %d && 2 * ebmviz.state.knobs['data.n'] === %[2]d", roomPoints, n))
			}
			is(fewer + 20)
			recorded()
			for _, before := range []int{fewer, n} {
				b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
				is(before)
			}
			b.expectEmptyConsole()
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
		x, y := b.windowPoint(from[0]+share*(to[0]-from[0]), from[1]+share*(to[1]-from[1]))
		b.touchAt(kind, x, y)
	}
	b.touchAt(input.DispatchTouchEventTypeTouchEnd)
}

// TestLearnsWhileOneDraws: the model learns from what is drawn while the pointer is still down, and
// goes on from where it is; a stroke is one change that can be undone.
func TestLearnsWhileOneDraws(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=circle&step=200")
	b.waitForInstruments()
	b.waitForStep(200)
	n := eval[int](b, roomPoints+".length")
	b.click(`[data-tool="draw"]`)
	b.mouse(input.DispatchMouseEventTypeMousePressed, -1.2, 1.2)
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 0, 1.2)
	b.waitFor(fmt.Sprintf("ebmviz.state.data === 'custom' && %s.length > %d && ebmviz.step > 210", roomPoints, n))
	first := eval[string](b, "ebmviz.state.own")
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 1.2, 1.2)
	b.waitFor(fmt.Sprintf("ebmviz.state.own !== '%s' && (ebmviz.probe([1.1, 1.2]).then(p => window.low = p.F < .1), window.low)", first))
	if eval[int](b, "ebmviz.step") < 210 || !eval[bool](b, "document.querySelector('#square').hasAttribute('data-drawing')") {
		t.Error("the run began again, or the stroke ended")
	}
	b.mouse(input.DispatchMouseEventTypeMouseReleased, 1.2, 1.2)
	b.waitFor(fmt.Sprintf("!document.querySelector('#square').hasAttribute('data-drawing') && ebmviz.points().length === %s.length", roomPoints))
	b.waitFor("!document.querySelector('[data-action=\"undo\"]').disabled")
	b.do(cdp.KeyEvent("z", cdp.KeyModifiers(2)))
	b.waitFor(fmt.Sprintf("ebmviz.state.data === 'circle' && %s.length === %d", roomPoints, n))
	b.expectEmptyConsole()
}

// Points by the keyboard alone; cleared, the plane is empty while the room keeps what it has.
func TestDrawByKeys(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=moons&step=100")
	b.waitForInstruments()
	b.waitForStep(100)
	b.click(`[data-tool="draw"]`)
	n := eval[int](b, roomPoints+".length")
	b.do(cdp.Focus(cdp.CSS("#landscape")))
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor(fmt.Sprintf("ebmviz.state.data === 'custom' && %s.length > %d", roomPoints, n))
	b.click(`[data-draw="drawClear"]`)
	b.waitFor("!document.querySelector('.square .draw-prompt').hidden")
	if on := eval[string](b, "ebmviz.state.data"); on != "custom" {
		t.Errorf("clearing changed the room's data to %s", on)
	}
	b.do(cdp.Focus(cdp.CSS("#landscape")))
	b.do(cdp.KeyEvent(kb.ArrowUp))
	b.do(cdp.KeyEvent(kb.Enter))
	b.waitFor(roomPoints + ".length === 16")
	b.expectEmptyConsole()
}

// "Send a colleague exactly this": the link has the points in it.
func TestALinkBringsItsPoints(t *testing.T) {
	t.Parallel()
	server := serve(t)
	b := open(t, desktop, server+"#model=kmeans&data=custom&points=p.AAAA____gAgA&step=20")
	b.waitForInstruments()
	b.waitForStep(20)
	b.waitFor(roomPoints + ".length === 6 && location.hash.includes('points=p.AAAA____gAgA')")
	frame := eval[string](b, "[...ebmviz.grid()].join()")
	link := eval[string](b, "location.hash")
	c := open(t, desktop, server+link)
	c.waitForInstruments()
	c.waitForStep(20)
	if eval[string](c, "[...ebmviz.grid()].join()") != frame {
		t.Error("the link opens another landscape")
	}
	// A table that is too long for a link is named by its hash, which this server knows.
	b.paste(table(3000))
	b.click(`[data-own="use"]`)
	b.waitFor(roomPoints + ".length === 6000 && /points=h\\.[-\\w]{16}/.test(location.hash)")
	name := eval[string](b, "location.hash")
	d := open(t, desktop, server+name)
	d.waitFor("window.ebmviz?.state?.own && " + roomPoints + ".length === 6000")
	for _, page := range []*tab{b, c, d} {
		page.expectEmptyConsole()
	}
}

// Imported points are used by the pane and by every method of the wall.
func TestOwnPointsBesideAndOnTheWall(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, desktop, serve(t)+"#model=kmeans&data=custom&points=p.AAAA____gAgAQQQQccccoooo&k.k=3&view.speed=50")
	b.waitForInstruments()
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1 && ebmviz.panes[0].state?.own === ebmviz.state.own && ebmviz.panes[0].frames > 1")
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 0")
	b.click(`[data-action="wall"]`)
	b.waitFor(fmt.Sprintf(everyTile, len(ebm.Cards()), 1, 5))
	b.expectEmptyConsole()
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
		if _, err := cdp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{Permission: &browser.PermissionDescriptor{Name: name}, Setting: "granted", BrowserContextID: cdp.FromContext(b.ctx).BrowserContextID}); err != nil {
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
func (b *tab) drop(name, content string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(() => {
		const files = new DataTransfer();
		files.items.add(new File([Uint8Array.from(atob(%q), (c) => c.charCodeAt(0))], %q));
		return document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true })) || true;
	})()`, base64.StdEncoding.EncodeToString([]byte(content)), name))
}

// A table is pasted, dropped and chosen; its columns and how they are laid out can be chosen.
func TestImportATable(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"desk": desktop, "phone dark": {width: 390, height: 844, dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "desk" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=kmeans&data=spiral")
			b.waitForRun()
			b.drop("some.csv", "name,weight,height,age\n"+strings.Repeat("ann,60,170,30\nbob,80,180,40\ncy,,190,50\n", 5))
			b.waitFor("document.querySelector('#own').open && !document.querySelector('[data-own=use]').disabled")
			b.waitFor("document.querySelector('#own').textContent.includes('10 points: weight from 60 to 80, height from 170 to 180.')")
			b.waitFor("document.querySelector('#own .notes').textContent.includes('5 of 15 rows left out: line 4')")
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("table-" + strings.ReplaceAll(name, " ", "-"))
			eval[bool](b, `(() => { const s = document.querySelector('[data-own="x"]'); s.value = '3'; return s.dispatchEvent(new Event('change')) })()`)
			b.waitFor("document.querySelector('#own').textContent.includes('15 points: age from 30 to 50, height from 170 to 190.')")
			b.click(`[data-own="use"]`)
			b.waitFor("!document.querySelector('#own').open && ebmviz.state.data === 'custom' && " + roomPoints + ".length === 30")
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
			b.waitFor("document.querySelector('#own').textContent.includes('3 points:') && document.querySelector('[data-own=fit]').value === 'none'")
			eval[bool](b, `(document.querySelector('[data-curve="y1"]').value = "cos(2*pi*t)") !== ''`)
			b.enter(`[data-curve="y2"]`, "sin(2*pi*t)") // and Enter
			b.waitFor("!document.querySelector('#own').open && " + roomPoints + ".length === 800")
			b.expectEmptyConsole()
		})
	}
}

// A checkpoint that is dropped on the page goes on where it was saved.
func TestACheckpointIsDropped(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=pca&data=ellipse&step=40")
	b.waitForInstruments()
	b.waitForStep(40)
	saved, err := os.ReadFile(b.saveCheckpoint(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	b.click(`[data-choose="model"][data-value="kmeans"]`)
	b.waitFor("ebmviz.state.model === 'kmeans' && ebmviz.step > 10")
	b.drop("c.json", string(saved))
	b.waitFor("ebmviz.state.model === 'pca' && ebmviz.step >= 40")
	b.drop("c.json", strings.Replace(string(saved), `"pca"`, `"<b>nothing</b>"`, 1))
	b.waitFor("document.querySelector('#toast').textContent.includes('<b>nothing</b>')")
	b.waitFor("ebmviz.state.model === 'pca'")
	b.expectRefusals(1)
}

// Bad input is answered by a sentence, and the run goes on.
func TestBadPointsAreSentences(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 1280, height: 800}, serve(t)+"#model=kmeans&data=spiral")
	b.waitForRun()
	goesOn := func(what string) {
		t.Helper()
		if on := eval[string](b, "ebmviz.state.data"); on != "spiral" {
			t.Fatalf("after %s the data are %s", what, on)
		}
		step := eval[int](b, "ebmviz.step")
		b.waitFor(fmt.Sprintf("ebmviz.step > %d", step))
	}
	said := func(want string) {
		t.Helper()
		text, _ := json.Marshal(want)
		b.waitFor(fmt.Sprintf("[...document.querySelectorAll('#toast:not([hidden]), #own .wrong')].some((n) => n.textContent.includes(%s))", text))
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
	said("big.csv has 200 MB; the page reads at most 64 MB")
	goesOn("a drop of 200 MB")
	for _, c := range []struct{ text, want string }{
		{"who,what\nann,blue\n", "the table has no column of numbers"},
		{"y1,y2\n0.5,0.5\n", "Only one row has"},
		{strings.Repeat("0.5,0.5\n", 30), "All 30 points lie in the same place"},
		{strings.Repeat("0.5,0.25\n", 100_000), "All 20000 points lie in the same place"},
		{"NaN,1\n2,NaN\n", "no row of the table has two numbers"},
		{"<img src=x onerror=alert(1)>,<b>\n1,2\n1,2", "All 2 points"},
		{"\x00\x01\x02", "this is no text"},
		{"[[1,2],[3", "the JSON ends too early"},
		{"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "this is a PDF"},
		{"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "this is a picture"},
		{"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "this is a picture"},
		{"the quick brown\nfox jumps over\nthe lazy dog\n", "the table has no column of numbers"},
		{"x\n1\n2\n", "only one column of numbers"},
		{strings.Repeat("1,", 999_999) + "1\n", "line 1 is longer"},
		{strings.Repeat("1,", 99_999) + "1\n", "a table may have at most 1000"},
		{npy("|O", "(3, 2)"), "objects"},
		{npy("<f8", "(3, 2, 2)"), "dimensions"},
		{"x,y\n=A1+1,2\n3,4\n", "Only one row has"},
		{"", "the file is empty"},
	} {
		b.drop("points.csv", c.text)
		said(c.want)
		goesOn(c.want)
	}
	b.checkAccessibility()
	b.savePicture("bad-table")
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
	b.checkAccessibility()
	refused := 0
	for _, line := range strings.Split(b.consoleText(), "\n") {
		switch {
		case strings.Contains(line, "status of 400"):
			refused++
		case !strings.Contains(line, "status of 422") && !strings.Contains(line, "status of 413"):
			t.Errorf("the console has: %s", line)
		}
	}
	if refused != 4 {
		t.Errorf("the server refused %d formulas, want 4", refused)
	}
}

// npy returns the beginning of an NPY file.
func npy(kind, shape string) string {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", kind, shape)
	header += strings.Repeat(" ", 117-len(header)) + "\n"
	return "\x93NUMPY\x01\x00" + string(rune(len(header))) + "\x00" + header
}

// expectRefusals checks that the console has so many answers of 400, and nothing else.
func (b *tab) expectRefusals(times int) {
	b.Helper()
	said := b.consoleText()
	if n := strings.Count(said, "status of 400"); n != times || len(strings.Split(said, "\n")) != times {
		b.Errorf("the server refused %d times, want %d:\n%s", n, times, said)
	}
}
