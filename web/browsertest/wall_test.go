package browsertest

import (
	"fmt"
	"math"
	"testing"
	"time"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// everyTile holds if each tile of the wall has so many frames and is at that step.
const everyTile = "ebmviz.tiles.length === %d && ebmviz.tiles.every(t => t.frames > %d && t.step >= %d)"

func TestTheWall(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"desk": desktop, "dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "phone" {
				longOnly(t)
			}
			if name == "desk" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&data=moons")
			b.waitForInstruments()
			b.click(`[data-action="wall"]`)
			b.waitFor("document.querySelector('#wall').open && document.querySelectorAll('.tile').length === 25 && !ebmviz.state.playing")
			b.waitFor(fmt.Sprintf(everyTile, 25, 4, 10))
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("wall-" + name)
			b.waitForColours(`.tile:first-child .square`, 100)
			// Pause and reset apply to all.
			b.click(`[data-wall="pause"]`)
			b.click(`[data-wall="reset"]`)
			b.waitFor("ebmviz.tiles.every(t => t.step < 400) && ebmviz.tiles.some(t => t.step > 5)")
			b.click(`[data-wall="seven"]`)
			b.waitFor(fmt.Sprintf(everyTile, 7, 3, 3))
			if n := eval[int](b, "[...document.querySelectorAll('.tile .statement')].filter(e => e.checkVisibility() && e.textContent.endsWith('.')).length"); n != 7 {
				t.Errorf("%d of the seven strategies are stated", n)
			}
			b.checkLayout()
			b.savePicture("wall-" + name + "-seven")
			b.click(`.tile:last-child`)
			b.waitFor("!document.querySelector('#wall').open && ebmviz.tiles.length === 0 && ebmviz.state.model !== 'cd' && ebmviz.state.data === 'moons' && ebmviz.state.playing")
			b.expectEmptyConsole()
		})
	}
}

// TestTheRunGoesOnAfterTheWall: the run goes on when the wall is closed.
func TestTheRunGoesOnAfterTheWall(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=moons")
	b.waitForInstruments()
	b.waitForFrames(5)
	b.click(`[data-action="wall"]`)
	b.waitFor(fmt.Sprintf(everyTile, 25, 1, 1))
	step := eval[int](b, "ebmviz.step")
	b.do(cdp.KeyEvent(kb.Escape))
	b.waitFor(fmt.Sprintf("!document.querySelector('#wall').open && ebmviz.state.playing && ebmviz.step > %d", step))
	if model := eval[string](b, "ebmviz.state.model"); model != "kmeans" {
		t.Errorf("the run is %s now", model)
	}
	b.expectEmptyConsole()
}

// TestTheWallSaysWhyATileIsEmpty: one room is refused; its tile says so, and the others begin.
func TestTheWallSaysWhyATileIsEmpty(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=moons")
	b.waitForInstruments()
	eval[bool](b, `(f => { window.fetch = (url, o) => o?.body?.includes('"vae"')
		? Promise.resolve(new Response('{"error":{"message":"This method does not take these data."}}', { status: 400 })) : f(url, o); return true })(window.fetch)`)
	// The text of tiles that are loading does not widen them.
	wide := eval[string](b, `(() => { document.querySelector('[data-action="wall"]').click()
		return [...document.querySelectorAll('.tile')].filter(t => t.scrollWidth > t.clientWidth || t.querySelector('.picture').offsetWidth > t.clientWidth).map(t => t.dataset.tile).join(' ') })()`)
	if wide != "" {
		t.Errorf("while they are loading, the tiles of %s are too wide", wide)
	}
	b.waitFor(fmt.Sprintf(everyTile, 24, 1, 1))
	b.waitFor(`document.querySelector('[data-tile="vae"] .refused')?.textContent === 'This method does not take these data.'`)
	b.checkAccessibility()
	b.savePicture("wall-refused")
	b.expectEmptyConsole()
}

// TestMeasureWall prints how often a tile of the wall is drawn, and each of four panes.
func TestMeasureWall(t *testing.T) {
	if !*measure {
		t.Skip("measures only with -measure")
	}
	t.Run("wall", func(t *testing.T) { measureWall(t, 10) })
	t.Run("panes", func(t *testing.T) { measurePanes(t, 10) })
}

func measureWall(t *testing.T, seconds float64) {
	b := open(t, desktop, serve(t)+"#model=cd&data=spiral")
	b.waitForInstruments()
	b.click(`[data-action="wall"]`)
	b.waitFor(fmt.Sprintf(everyTile, 25, 2, 2))
	drawn := "ebmviz.tiles.map(t => t.frames)"
	before, busy := eval[[]float64](b, drawn), b.browserMetrics()
	time.Sleep(time.Duration(seconds) * time.Second) // a measurement over a span of time
	least, slowest, sum := math.Inf(1), 0, 0.
	for i, n := range eval[[]float64](b, drawn) {
		sum += n - before[i]
		if n-before[i] < least {
			least, slowest = n-before[i], i
		}
	}
	now := b.browserMetrics()
	fmt.Printf("the wall: each of 25 tiles is drawn %.2f times a second, %s %.2f; the page is busy %.0f %% of the time\n",
		sum/25/seconds, eval[string](b, fmt.Sprintf("ebmviz.tiles[%d].model", slowest)), least/seconds, 100*(now["TaskDuration"]-busy["TaskDuration"])/seconds)
}

func measurePanes(t *testing.T, seconds float64) {
	b := open(t, desktop, serve(t)+"#model=cd&data=spiral&view.grid=96")
	b.waitForInstruments()
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1")
	for n := 2; n <= 3; n++ {
		b.click(`[data-action="pin"]`)
		b.waitFor(fmt.Sprintf("ebmviz.panes.length === %d", n))
	}
	b.waitForFrames(30)
	drawn := "[ebmviz.frames, ...ebmviz.panes.map(p => p.frames)]"
	before := eval[[]float64](b, drawn)
	time.Sleep(time.Duration(seconds) * time.Second) // likewise
	after := eval[[]float64](b, drawn)
	for i := range after {
		after[i] = (after[i] - before[i]) / seconds
	}
	fmt.Printf("four panes at 96²: drawn %.1f times a second, B first\n", after)
}
