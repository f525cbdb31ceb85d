package browsertest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"
)

// countContexts makes a page collect its WebGL contexts; liveContexts is how many are not lost.
const (
	countContexts = `{
		const contexts = window.glContexts = [];
		const { getContext } = HTMLCanvasElement.prototype;
		HTMLCanvasElement.prototype.getContext = function (...args) {
			const context = getContext.apply(this, args);
			if (context && args[0] === 'webgl2' && !contexts.includes(context)) contexts.push(context);
			return context;
		};
	}`
	liveContexts = "glContexts.filter((c) => !c.isContextLost()).length"
)

// evaluateFirst evaluates a script in every page before its own.
func (b *tab) evaluateFirst(script string) {
	b.Helper()
	b.do(func(ctx context.Context, t *cdp.Target) (cdp.Void, error) {
		_, err := cdp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return cdp.Void{}, err
	})
}

// TestWebGLContextsAreGivenBack opens and closes comparisons and the 3-D view more often than a browser has
// contexts (Chromium: 16). None may remain, and the main landscape must keep its own.
func TestWebGLContextsAreGivenBack(t *testing.T) {
	l := screen{width: 1280, height: 800, webgl: true, reducedMotion: true, timeout: 5 * time.Minute}
	b := open(t, l, "about:blank")
	b.evaluateFirst(countContexts)
	b.do(cdp.Navigate(serve(t) + "#model=kmeans&data=spiral&step=40" + l.renderer()))
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 40")
	b.waitFor(liveContexts + " === 1")
	for range 22 {
		b.click(compare)
		b.waitFor("ebmviz.panes.length === 1 && ebmviz.panes[0].step === 40 && " + liveContexts + " === 2")
		b.click(compare)
		b.waitFor("ebmviz.panes.length === 0 && " + liveContexts + " === 1")
	}
	for range 22 {
		b.click(toRelief)
		b.waitFor("document.querySelector('#relief')?.dataset.renderer === 'webgl2' && " + liveContexts + " === 2")
		b.click(toMap)
		b.waitFor("!document.querySelector('#relief') && " + liveContexts + " === 1")
	}
	if made := eval[int](b, "glContexts.length"); made < 40 {
		t.Errorf("only %d contexts were created: the test counts wrong", made)
	}
	if got := eval[string](b, "ebmviz.renderer"); got != "webgl2" {
		t.Errorf("the main landscape is drawn by %s, want webgl2", got)
	}
	before := b.waitForStill("#landscape")
	b.enter("#step-count", "120")
	b.waitFor("ebmviz.step === 120")
	b.waitForDifference("#landscape", before, 5000, "80 steps on")
	b.expectEmptyConsole()
}

// TestLandscapeWithoutItsContext: when the browser takes the context away, Canvas2D draws on.
func TestLandscapeWithoutItsContext(t *testing.T) {
	l := screen{width: 1280, height: 800, webgl: true, reducedMotion: true}
	b := open(t, l, serve(t)+"#model=kmeans&data=spiral&step=40"+l.renderer())
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 40 && ebmviz.renderer === 'webgl2'")
	eval[bool](b, "(document.querySelector('#landscape').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext(), true)")
	b.waitFor("ebmviz.renderer === 'canvas2d'")
	b.waitForColours("#landscape", 400)
	before := b.waitForStill("#landscape")
	b.enter("#step-count", "120")
	b.waitFor("ebmviz.step === 120")
	b.waitForDifference("#landscape", before, 5000, "80 steps on")
	b.expectEmptyConsole()
}
