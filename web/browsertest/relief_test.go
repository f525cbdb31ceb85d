package browsertest

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	toRelief = `[data-action="relief"]`
	toMap    = `[data-action="map"]`
)

// openRelief opens the page at a step of contrastive divergence, paused, and shows it in 3-D.
func openRelief(t *testing.T, l screen, step int) *tab {
	t.Helper()
	b := open(t, l, serve(t)+fmt.Sprintf("#model=cd&step=%d", step)+l.renderer())
	b.waitForInstruments()
	b.waitFor(fmt.Sprintf("ebmviz.step === %d", step))
	b.click(toRelief)
	b.waitFor(fmt.Sprintf("document.querySelector('#relief')?.dataset.step === '%d'", step))
	return b
}

// reliefValue returns a number from the data attributes of the canvas.
func (b *tab) reliefValue(what string) float64 {
	b.Helper()
	return eval[float64](b, "Number(document.querySelector('#relief').dataset."+what+")")
}

// reliefMiddle returns the middle of the 3-D view in the window.
func (b *tab) reliefMiddle() (x, y float64) {
	b.Helper()
	at := eval[[]float64](b, "(r => [r.left + r.width / 2, r.top + r.height / 2])(document.querySelector('#relief').getBoundingClientRect())")
	return at[0], at[1]
}

func (b *tab) dispatch(f func(ctx context.Context, t *cdp.Target) error) {
	b.Helper()
	b.do(func(ctx context.Context, t *cdp.Target) (cdp.Void, error) { return cdp.Void{}, f(ctx, t) })
}

func (b *tab) mouseAt(kind input.DispatchMouseEventType, x, y, wheel float64) {
	b.Helper()
	p := input.DispatchMouseEventParams{Type: kind, X: x, Y: y, DeltaY: wheel, Button: "left", ClickCount: 1}
	if kind == "mouseMoved" {
		p.Buttons = 1
	}
	if kind == "mouseWheel" {
		p.Button, p.ClickCount, p.DeltaX = "none", 0, 1e-3 // 0 would be left out of the command, which is then refused
	}
	b.dispatch(func(ctx context.Context, t *cdp.Target) error {
		_, err := cdp.Call(ctx, input.DispatchMouseEvent, p)
		return err
	})
}

func (b *tab) touchAt(kind input.DispatchTouchEventType, at ...float64) {
	b.Helper()
	p := input.DispatchTouchEventParams{Type: kind}
	for i := 0; i+1 < len(at); i += 2 {
		id := float64(i)
		p.TouchPoints = append(p.TouchPoints, &input.TouchPoint{X: at[i], Y: at[i+1], ID: &id})
	}
	b.dispatch(func(ctx context.Context, t *cdp.Target) error {
		_, err := cdp.Call(ctx, input.DispatchTouchEvent, p)
		return err
	})
}

// differentPixels counts the pixels in which two pictures of the same size differ.
func differentPixels(a, b image.Image) (n int) {
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				n++
			}
		}
	}
	return n
}

// waitForDifference waits for a picture that differs in so many pixels from one of before, and returns it.
func (b *tab) waitForDifference(selector string, before image.Image, least int, why string) image.Image {
	b.Helper()
	return b.waitForPicture(selector, func(img image.Image) string {
		if n := differentPixels(before, img); n < least {
			return fmt.Sprintf("%s, and only %d pixels differ", why, n)
		}
		return ""
	})
}

// waitForColours waits until something is drawn in so many colours.
func (b *tab) waitForColours(selector string, least int) {
	b.Helper()
	b.waitForPicture(selector, func(img image.Image) string {
		if different, _ := colours(img, 0, 0, 0, 1); different < least {
			return fmt.Sprintf("%s has %d colours", selector, different)
		}
		return ""
	})
}

func TestReliefTurns(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"webgl2 light", "canvas2d dark"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "canvas2d dark" {
				longOnly(t)
			}
			l := screens[name]
			l.reducedMotion = true
			b := openRelief(t, l, 200)
			want := "canvas2d"
			if l.webgl {
				want = "webgl2"
			}
			if got := eval[string](b, "document.querySelector('#relief').dataset.renderer"); got != want {
				t.Errorf("drawn by %s, want %s", got, want)
			}
			first := b.waitForStill("#relief")
			c := down[l.dark]
			if different, data := colours(first, c[0], c[1], c[2], 60); different < 400 || data < 100 {
				t.Errorf("%d colours, %d pixels of data", different, data)
			}

			x, y := b.reliefMiddle()
			b.mouseAt("mousePressed", x, y, 0)
			b.mouseAt("mouseMoved", x+60, y, 0)
			b.mouseAt("mouseMoved", x+100, y+20, 0)
			b.mouseAt("mouseReleased", x+100, y+20, 0)
			b.waitFor("document.querySelector('#relief').dataset.azimuth === '-80.0' && document.querySelector('#relief').dataset.elevation === '56.0'")
			b.waitForDifference("#relief", first, 20000, "turned by 45 degrees")
			// It cannot be seen from below.
			b.mouseAt("mousePressed", x, y+150, 0)
			b.mouseAt("mouseMoved", x, y-250, 0)
			b.mouseAt("mouseReleased", x, y-250, 0)
			b.waitFor("document.querySelector('#relief').dataset.elevation === '12.0'")

			b.mouseAt("mouseWheel", x, y, -300)
			b.waitFor("document.querySelector('#relief').dataset.zoom > 1.4")
			b.mouseAt("mouseWheel", x, y, 600)
			b.waitFor("document.querySelector('#relief').dataset.zoom < 1")
			if eval[float64](b, "scrollY + document.documentElement.scrollTop") != 0 {
				t.Error("the wheel scrolled the page")
			}

			b.do(cdp.Focus(cdp.CSS("#relief")))
			b.do(cdp.KeyEvent("0"))
			b.waitFor("document.querySelector('#relief').dataset.azimuth === '-35.0' && document.querySelector('#relief').dataset.zoom === '1.00'")
			b.waitForPicture("#relief", func(img image.Image) string {
				if n := differentPixels(first, img); n > 6000 { // the ring of the focus has 4500
					return fmt.Sprintf("put back, and %d pixels differ from before", n)
				}
				return ""
			})
			step := eval[int](b, "ebmviz.step")
			b.do(cdp.KeyEvent(kb.ArrowRight))
			b.waitFor("document.querySelector('#relief').dataset.azimuth === '-41.0'")
			b.do(cdp.KeyEvent(kb.ArrowUp))
			b.waitFor("document.querySelector('#relief').dataset.elevation === '53.0'")
			b.do(cdp.KeyEvent("+"))
			b.waitFor("document.querySelector('#relief').dataset.zoom === '1.15'")
			if now := eval[int](b, "ebmviz.step"); now != step {
				t.Errorf("arrow keys on the view led to step %d", now)
			}
			b.checkAccessibility()

			b.click(toMap)
			b.waitFor("!document.querySelector('#square').inert && document.querySelector('.relief').hidden")
			b.waitForColours("#landscape", 400)
			b.expectEmptyConsole()
		})
	}
}

func TestReliefByTouch(t *testing.T) {
	t.Parallel()
	b := openRelief(t, screen{width: 390, height: 844, reducedMotion: true}, 150)
	x, y := b.reliefMiddle()
	b.touchAt("touchStart", x, y)
	b.touchAt("touchMove", x+40, y)
	b.touchAt("touchMove", x+40, y+20)
	b.touchAt("touchEnd")
	b.waitFor("document.querySelector('#relief').dataset.azimuth === '-53.0' && document.querySelector('#relief').dataset.elevation === '56.0'")
	b.touchAt("touchStart", x-30, y, x+30, y)
	b.touchAt("touchMove", x-60, y, x+60, y)
	b.touchAt("touchEnd")
	b.waitFor("document.querySelector('#relief').dataset.zoom > 1.8")
	if az := b.reliefValue("azimuth"); az != -53 {
		t.Errorf("two fingers turned it to %v", az)
	}
	b.expectEmptyConsole()
}

func TestReliefFollowsLearningAndTheAddress(t *testing.T) {
	t.Parallel()
	for _, l := range []screen{desktop, {width: 1280, height: 800, webgl: true}} {
		if l.webgl && os.Getenv("EBMVIZ_LONG") == "" {
			continue // it turns in WebGL2 in TestReliefTurns
		}
		b := open(t, l, serve(t)+"#model=cd&view.as=3d"+l.renderer())
		b.waitFor("document.querySelector('#relief')?.dataset.step > 20")
		first := b.picture("#relief")
		b.waitFor("document.querySelector('#relief').dataset.step > 120")
		b.waitForDifference("#relief", first, 10000, "a hundred steps on")
		b.waitFor("location.hash.includes('view.as=3d')")
		t.Logf("%v ms a picture", b.reliefValue("took"))
		b.click(toMap)
		b.waitFor("!location.hash.includes('view.as')")
		b.expectEmptyConsole()
	}
}

func TestReliefHeightsAndPolar(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := openRelief(t, screen{width: 1280, height: 800, reducedMotion: true}, 200)
	before := b.waitForStill("#relief")
	for _, kind := range []string{"log", "level", "linear"} {
		b.do(cdp.SetValue(cdp.CSS(`[data-relief="height"]`), kind))
		eval[bool](b, `document.querySelector('[data-relief="height"]').dispatchEvent(new Event('change', {bubbles: true}))`)
		b.waitFor(fmt.Sprintf("document.querySelector('#relief').dataset.height === '%s'", kind))
		before = b.waitForDifference("#relief", before, 5000, kind)
	}
	b.click(`[data-relief="polar"]`)
	b.waitFor("document.querySelector('#relief').dataset.over === 'polar'")
	b.waitForDifference("#relief", before, 20000, "unrolled")
	if eval[string](b, "document.querySelector('#relief').dataset.azimuth") != "-35.0" {
		t.Error("a click on a button turned the view")
	}
	b.expectEmptyConsole()
}

func TestReliefWithoutItsContext(t *testing.T) {
	t.Parallel()
	b := openRelief(t, screen{width: 1280, height: 800, webgl: true, reducedMotion: true}, 150)
	eval[bool](b, "(document.querySelector('#relief').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext(), true)")
	b.waitFor("document.querySelector('#relief').dataset.renderer === 'canvas2d'")
	b.waitForColours("#relief", 400)
	x, y := b.reliefMiddle()
	b.mouseAt("mousePressed", x, y, 0)
	b.mouseAt("mouseMoved", x+100, y, 0)
	b.mouseAt("mouseReleased", x+100, y, 0)
	b.waitFor("document.querySelector('#relief').dataset.azimuth === '-80.0'")
	b.expectEmptyConsole()
}

func TestReliefIsNotCut(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"desk": desktop, "phone": {width: 390, height: 844}, "phone dark": {width: 390, height: 844, dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "phone" {
				longOnly(t)
			}
			b := openRelief(t, l, 150)
			b.checkLayout()
			b.checkAccessibility()
			b.expectEmptyConsole()
		})
	}
}

func TestReliefShowsEnergyAndPath(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"canvas2d": {width: 1280, height: 800, reducedMotion: true}, "webgl2": {width: 1280, height: 800, webgl: true, reducedMotion: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if l.webgl {
				longOnly(t)
			}
			b := openRelief(t, l, 200)
			x, y := b.reliefMiddle()
			b.dispatch(func(ctx context.Context, t *cdp.Target) error {
				_, err := cdp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: "mouseMoved", X: x + 60, Y: y - 90})
				return err
			})
			b.waitFor("document.querySelector('.relief .readout:not([hidden])')")
			if said := eval[string](b, "document.querySelector('.relief .readout').textContent"); !strings.Contains(said, "F = ") || !strings.Contains(said, "y = (") {
				t.Errorf("the reader says %q", said)
			}
			before := b.waitForStill("#relief")
			b.mouseAt("mousePressed", x+60, y-90, 0)
			b.mouseAt("mouseReleased", x+60, y-90, 0)
			b.waitFor("document.querySelector('#relief').dataset.path > 1")
			b.waitForDifference("#relief", before, 60, "a point rolled")
			if b.reliefValue("azimuth") != -35 || eval[bool](b, "!!document.querySelector('.ask-marks path')") {
				t.Error("a click turned the view, or rolled a point on the map below")
			}
			b.expectEmptyConsole()
		})
	}
}

// TestReliefTools: in 3-D the slice is a curtain at the y1 that is typed, asking opens the panel, drawing leads to
// the map and 3-D away from drawing, and the address has the camera.
func TestReliefTools(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 1280, height: 800, reducedMotion: true}, serve(t)+"#model=cd&data=topographic&step=200&view.as=3d&view.camera=-40,40,1.2&view.tool=slice&view.at=-0.2,0")
	b.waitForInstruments()
	const data = "document.querySelector('#relief').dataset"
	b.waitFor(data + "?.azimuth === '-40.0' && " + data + ".elevation === '40.0' && " + data + ".zoom === '1.20' && " + data + ".slice === '-0.200'")
	b.waitFor("!document.querySelector('#ask').hidden && document.querySelector('.slice-line').hidden")

	// What the 3-D view does not show is not offered.
	if shown := eval[string](b, `[...document.querySelectorAll('.chip[data-layer], #tools-step button')].filter((b) => b.checkVisibility()).map((b) => b.dataset.layer ?? b.dataset.action ?? b.dataset.view).join()`); shown != "heat,contours,data,up,ledger,slow" {
		t.Errorf("in 3-D there are buttons for %s", shown)
	}

	x, y := b.reliefMiddle()
	eval[bool](b, `(e => { e.value = '0.72'; e.dispatchEvent(new Event('change', {bubbles: true})); return true })(document.querySelector('[data-ask="y1"]'))`)
	b.waitFor("Math.abs(" + data + ".slice - 0.2) < 0.001")

	// Beside it a drag turns the view.
	b.mouseAt("mousePressed", x-180, y+150, 0)
	b.mouseAt("mouseMoved", x-140, y+150, 0)
	b.mouseAt("mouseReleased", x-140, y+150, 0)
	b.waitFor(data + ".azimuth === '-58.0'")
	b.waitFor("location.hash.includes('view.camera=-58,40,1.2')")

	// The report of the step can be focused where it scrolls, which in a high window it does not.
	b.do(cdp.EmulateViewport(1280, 1000))
	b.waitFor("document.querySelector('#this-step').tabIndex === -1")
	b.do(cdp.EmulateViewport(1280, 800))
	b.waitFor("document.querySelector('#this-step').tabIndex === 0")
	b.checkAccessibility()

	b.click(`[data-tool="ask"]`)
	b.waitFor(data + ".slice === ''")
	before := eval[string](b, "location.hash")
	b.mouseAt("mousePressed", x+20, y-20, 0)
	b.mouseAt("mouseReleased", x+20, y-20, 0)
	b.waitFor("!document.querySelector('#ask').hidden && location.hash !== " + fmt.Sprintf("%q", before) + " && location.hash.includes('view.at=') && " + data + ".path > 1")

	b.click(`[data-tool="draw"]`)
	b.waitFor("document.querySelector('.relief').hidden && !document.querySelector('#square').inert && document.querySelector('#square').dataset.tool === 'draw'")
	b.click(toRelief)
	b.waitFor("!document.querySelector('.relief').hidden && document.querySelector('#square').dataset.tool === 'ask'")
	b.expectEmptyConsole()
}
