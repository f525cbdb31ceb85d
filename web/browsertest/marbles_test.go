package browsertest

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"ebmviz/ebm"
)

// drag moves the mouse from a point of the plane to another with its button down.
func (b *tab) drag(from, to [2]float64) {
	b.Helper()
	b.mouse(input.DispatchMouseEventTypeMousePressed, from[0], from[1])
	for _, share := range []float64{.25, .5, .75, 1} {
		b.mouse(input.DispatchMouseEventTypeMouseMoved, from[0]+share*(to[0]-from[0]), from[1]+share*(to[1]-from[1]))
	}
	b.mouse(input.DispatchMouseEventTypeMouseReleased, to[0], to[1])
}

// recordMarbles makes the page record where the marbles are at each animation frame.
func (b *tab) recordMarbles() {
	b.Helper()
	eval[bool](b, "(window.trace = [], (function note() { trace.push(ebmviz.marbles); requestAnimationFrame(note) })(), true)")
}

// resting holds when no marble has moved for twenty animation frames.
const resting = "trace.length > 20 && trace.slice(-20).every(y => y.length && y.join() === trace.at(-1).join())"

func TestMarblesAreThrown(t *testing.T) {
	for _, name := range []string{"canvas2d light"} {
		t.Run(name, func(t *testing.T) {
			l := screens[name]
			b := open(t, l, serve(t)+"#model=cd&data=spiral&step=200&hide=data,up"+l.renderer())
			b.waitForInstruments()
			b.waitForStep(200)
			b.click(`[data-tool="marble"]`)
			b.waitFor("!document.querySelector('.marble-strip').hidden")
			b.recordMarbles()
			before := b.waitForStill("#square")
			// Events that come late drop a marble at rest instead of throwing it: then try again.
			for deadline := time.Now().Add(maxWait); ; {
				b.drag([2]float64{0, 1.1}, [2]float64{-.4, 1.1})
				b.waitFor(resting)
				far := eval[float64](b, "Math.min(...trace.filter(y => y.length).map(y => y[0]))")
				if far < -.5 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("thrown to the left, none went further than %.2f", far)
				}
				b.click(`[data-marbles="clear"]`)
			}
			// It rests where the energy is lower than where it was thrown, and level; or against the edge, which
			// the fastest throws reach, and where the energy falls outwards.
			at := eval[[]float64](b, "ebmviz.marbles")
			lies := eval[answer](b, fmt.Sprintf("ebmviz.probe([%v, %v])", at[0], at[1]))
			thrown := eval[answer](b, "ebmviz.probe([-.4, 1.1])")
			atEdge := false
			for i, y := range at[:2] {
				if math.Abs(y) > .999*ebm.L && y*lies.Grad[i] < 0 {
					lies.Grad[i], atEdge = 0, true
				}
			}
			if steep := math.Hypot(lies.Grad[0], lies.Grad[1]); !atEdge && lies.F >= thrown.F || steep > .3*math.Hypot(thrown.Grad[0], thrown.Grad[1]) {
				t.Errorf("thrown at F = %.3g it lies at %.3g, where F = %.3g and the slope is %.3g", thrown.F, at, lies.F, steep)
			}
			b.waitForDifference("#square", before, 60, "a marble lies there")
			b.expectEmptyConsole()
		})
	}
}

// Dozens of marbles, by mouse and by keys, in both themes.
func TestMarblesInNumbers(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"light": desktop, "phone dark": {width: 390, height: 844, dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "light" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&data=spiral&step=300")
			b.waitForInstruments()
			b.waitForStep(300)
			b.click(`[data-tool="marble"]`)
			b.waitFor("!document.querySelector('.marble-strip').hidden && document.querySelector('[data-marbles=clear]').disabled")
			b.click(`[data-marbles="rain"]`)
			b.waitFor("ebmviz.marbles.length === 100 && document.querySelector('.marble-strip').textContent.includes('50 marbles')")
			b.checkAccessibility()
			b.checkLayout()
			b.recordMarbles()
			if name != "light" && name != "phone dark" {
				return // what follows takes long, and is the same
			}
			b.waitFor(resting)
			cold := eval[[]float64](b, "ebmviz.marbles")
			b.savePicture("marble-" + name)
			// Heated they move and never rest; cooled they rest elsewhere.
			b.do(cdp.Focus(cdp.CSS(`[data-marbles="heat"]`)))
			for range 5 {
				b.do(cdp.KeyEvent(kb.PageUp))
			}
			b.waitFor("+document.querySelector('.marble-strip output').textContent > 0")
			b.waitFor("trace.slice(-20).every((y, k, all) => k === 0 || y.join() !== all[k - 1].join() || y.every((v, i) => v === all[k - 1][i]))")
			b.waitFor(fmt.Sprintf("ebmviz.marbles.filter((v, i) => Math.abs(v - %s[i]) > .1).length > 40", list(cold)))
			b.savePicture("marble-hot-" + name)
			b.do(cdp.KeyEvent(kb.Home))
			b.waitFor(resting)
			// One more, by keys.
			b.do(cdp.Focus(cdp.CSS("#landscape")))
			b.do(cdp.KeyEvent(kb.ArrowRight))
			b.do(cdp.KeyEvent(kb.Enter))
			b.waitFor("ebmviz.marbles.length === 102")
			b.click(`[data-marbles="clear"]`)
			b.waitFor("ebmviz.marbles.length === 0 && document.querySelector('.marbles').hidden")
			b.click(`[data-tool="ask"]`)
			b.waitFor("document.querySelector('.marble-strip').hidden")
			// A link drops some, with a temperature in units of the energy, until the slider has it.
			eval[bool](b, "(location.hash = '#model=cd&data=spiral&step=300&view.tool=marble&view.marbles=20,2', true)")
			b.waitFor("ebmviz.marbles.length === 40 && Math.abs(+document.querySelector('.marble-strip output').textContent - 2) < .01")
			b.waitFor("decodeURIComponent(location.hash).includes('view.marbles=20,2')")
			b.do(cdp.Focus(cdp.CSS(`[data-marbles="heat"]`)))
			b.do(cdp.KeyEvent(kb.Home))
			b.waitFor("+document.querySelector('.marble-strip output').textContent === 0 && !location.hash.includes('marbles=')")
			b.expectEmptyConsole()
		})
	}
}

// list writes numbers as JavaScript does.
func list(v []float64) string {
	s := "["
	for _, x := range v {
		s += fmt.Sprintf("%v,", x)
	}
	return s + "]"
}

func TestMarblesByTouchAndInThreeDimensions(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 390, height: 844}, serve(t)+"#model=kmeans&data=spiral&step=60")
	b.waitForInstruments()
	b.waitForStep(60)
	b.click(`[data-tool="marble"]`)
	b.recordMarbles()
	x, y := b.windowPoint(.9, 1.2)
	b.touchAt("touchStart", x, y)
	b.touchAt("touchMove", x-12, y)
	b.touchAt("touchMove", x-30, y)
	b.touchAt("touchEnd")
	b.waitFor("ebmviz.marbles.length === 2")
	b.waitFor(resting)
	// In 3-D a click drops one, and all are drawn.
	b.click(toRelief)
	b.waitFor("document.querySelector('#relief')?.dataset.marbles === '1'")
	x, y = b.reliefMiddle()
	b.mouseAt("mousePressed", x, y, 0)
	b.mouseAt("mouseReleased", x, y, 0)
	b.waitFor("document.querySelector('#relief').dataset.marbles === '2'")
	b.click(`[data-marbles="rain"]`)
	b.waitFor("document.querySelector('#relief').dataset.marbles === '52'")
	b.checkLayout()
	b.checkAccessibility()
	b.savePicture("marble-body")
	b.expectEmptyConsole()
}

// While the model learns, the marbles roll on.
func TestMarblesFollowLearning(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, desktop, serve(t)+"#model=cd&data=spiral&step=5")
	b.waitForInstruments()
	b.waitForStep(5)
	b.click(`[data-tool="marble"]`)
	b.click(`[data-marbles="rain"]`)
	b.recordMarbles()
	b.waitFor(resting)
	before := eval[[]float64](b, "ebmviz.marbles")
	b.click(`[data-action="play"]`)
	b.waitFor(fmt.Sprintf("ebmviz.step > 200 && ebmviz.marbles.filter((v, i) => Math.abs(v - %s[i]) > .1).length > 20", list(before)))
	b.expectEmptyConsole()
}
