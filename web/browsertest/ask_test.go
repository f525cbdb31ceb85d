package browsertest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// windowPoint is where a point of the plane lies in the window.
func (b *tab) windowPoint(y1, y2 float64) (x, y float64) {
	b.Helper()
	at := eval[[]float64](b, fmt.Sprintf("(r => [r.left + r.width * (%g + 1.5) / 3, r.top + r.height * (1.5 - %g) / 3])(document.querySelector('#landscape').getBoundingClientRect())", y1, y2))
	return at[0], at[1]
}

// mouse sends a mouse event at a point of the plane.
func (b *tab) mouse(kind input.DispatchMouseEventType, y1, y2 float64) {
	b.Helper()
	x, y := b.windowPoint(y1, y2)
	p := input.DispatchMouseEventParams{Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, ClickCount: 1}
	if kind != input.DispatchMouseEventTypeMouseReleased {
		p.Buttons = 1
	}
	if _, err := cdp.Call(b.ctx, input.DispatchMouseEvent, p); err != nil {
		b.Fatal(err)
	}
}

// answerText returns the value in a row of one of the lists of the answer.
func (b *tab) answerText(list int, row int) string {
	b.Helper()
	return strings.ReplaceAll(eval[string](b, fmt.Sprintf("document.querySelectorAll('#ask dl')[%d].querySelectorAll('dd')[%d].textContent", list, row)), "−", "-")
}

func TestAskTheEnergy(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		for _, model := range []string{"cd", "kmeans", "dae"} {
			if l.webgl && model != "dae" {
				continue // the answers are the same; one shows how they are drawn
			}
			t.Run(name+" "+model, func(t *testing.T) {
				t.Parallel()
				if !l.webgl && model != "cd" {
					longOnly(t)
				}
				b := open(t, l, serve(t)+"#model="+model+"&data=spiral&step=80"+l.renderer())
				b.waitForInstruments()
				b.waitFor("ebmviz.step === 80")
				b.waitForStill("#square")
				b.mouse(input.DispatchMouseEventTypeMousePressed, .6, .45)
				b.mouse(input.DispatchMouseEventTypeMouseReleased, .6, .45)
				b.waitFor("!document.querySelector('#ask').hidden && document.querySelector('.ask-marks circle.hollow')")
				where := strings.ReplaceAll(eval[string](b, "document.querySelector('#ask .where').textContent"), "−", "-")
				var y1, y2 float64
				if _, err := fmt.Sscanf(where, "y = (%f, %f)", &y1, &y2); err != nil || math.Abs(y1-.6) > .011 || math.Abs(y2-.45) > .011 {
					t.Errorf("asked at (.6, .45), it says %q", where)
				}
				at := eval[[]float64](b, "(r => { const c = document.querySelector('.ask-marks circle.hollow'); return [c.cx.baseVal.value / r.width * 3 - 1.5, 1.5 - c.cy.baseVal.value / r.height * 3] })(document.querySelector('#landscape').getBoundingClientRect())")
				p := eval[answer](b, fmt.Sprintf("ebmviz.probe([%.6f, %.6f])", at[0], at[1]))
				if f, err := strconv.ParseFloat(b.answerText(0, 0), 64); err != nil || math.Abs(f-p.F) > .02*(1+math.Abs(p.F)) {
					t.Errorf("F is %s, the model says %v", b.answerText(0, 0), p.F)
				}
				if model == "cd" == eval[bool](b, "!document.querySelector('[data-ask=way] option').disabled") {
					t.Error("a map of its own is offered where there is none, or is not where there is one")
				}
				// Another path.
				if model != "cd" {
					first := eval[string](b, "document.querySelector('.ask-marks .path')?.getAttribute('d') ?? ''")
					b.do(cdp.SetValue(cdp.CSS("[data-ask=way]"), "descent"))
					eval[bool](b, "document.querySelector('[data-ask=way]').dispatchEvent(new Event('change'))")
					b.waitFor(fmt.Sprintf("(document.querySelector('.ask-marks .path')?.getAttribute('d') ?? '') !== %q", first))
				}
				// It is updated while the model learns.
				f := b.answerText(0, 0)
				b.click(`[data-action="play"]`)
				b.waitFor(fmt.Sprintf("document.querySelector('#ask dd').textContent.replace('−', '-') !== %q", f))
				b.do(cdp.KeyEvent(kb.Escape))
				b.waitFor("document.querySelector('#ask').hidden && !document.querySelector('.ask-marks *')")
				b.expectEmptyConsole()
			})
		}
	}
}

// "Ask for y2 given y1 = 0.5": the slice, the number.
func TestAskForY2GivenY1(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if l.webgl {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&data=spiral&step=200"+l.renderer())
			b.waitForInstruments()
			b.waitFor("ebmviz.step === 200")
			b.click(`[data-tool="slice"]`)
			b.waitFor("!document.querySelector('#ask').hidden")
			// Fields show what was accepted, also while they have the focus.
			for _, step := range []string{"-5", "999999999999"} {
				b.enter("#step-count", step)
				b.waitFor("document.querySelector('#step-count:focus')?.value === '200'")
			}
			b.enter(`[data-ask="y1"]`, "99")
			b.waitFor(`document.querySelector('[data-ask="y1"]:focus')?.value === '1.50'`)
			b.enter(`[data-ask="y1"]`, "0.5")
			b.waitFor("document.querySelector('.slice-line').ariaValueNow === '0.50'")
			p := eval[answer](b, "ebmviz.probe([0.5, 0])")
			var want []string
			for _, m := range p.Slice.Minima {
				if math.Abs(m) < 1.5 { // the energy falls to an end of the plane, which is no minimum
					want = append(want, fmt.Sprintf("%.2f", m))
				}
			}
			if got := b.answerText(1, 0); got != strings.Join(want, ", ") {
				t.Errorf("y2 = %s, want %s", got, strings.Join(want, ", "))
			}
			if falls := b.answerText(1, 3); falls != "1.50" || eval[int](b, "document.querySelectorAll('.ask-marks .end').length") != 1 {
				t.Errorf("the energy falls to %q, want 1.50, which is marked", falls)
			}
			if n := eval[int](b, "document.querySelectorAll('.ask-marks circle:not(.hollow)').length"); n != len(want) {
				t.Errorf("%d minima are marked, want %d", n, len(want))
			}
			// Dragged, and by key.
			b.mouse(input.DispatchMouseEventTypeMousePressed, .5, .9)
			b.mouse(input.DispatchMouseEventTypeMouseMoved, .1, .9)
			b.mouse(input.DispatchMouseEventTypeMouseMoved, -.4, .7)
			b.mouse(input.DispatchMouseEventTypeMouseReleased, -.4, .7)
			b.waitFor("Math.abs(+document.querySelector('.slice-line').ariaValueNow + .4) < .02")
			b.do(cdp.Focus(cdp.CSS(".slice-line")))
			b.do(cdp.KeyEvent(kb.ArrowRight))
			b.waitFor("Math.abs(+document.querySelector('.slice-line').ariaValueNow + .37) < .02")
			// A density of higher β has its mean elsewhere.
			mean := b.answerText(1, 1)
			eval[bool](b, "(e => { e.value = 1.5; e.dispatchEvent(new Event('input')); return true })(document.querySelector('[data-ask=beta]'))")
			b.waitFor(fmt.Sprintf("document.querySelectorAll('#ask dl')[1].querySelectorAll('dd')[1].textContent.replace('−', '-') !== %q", mean))
			b.expectEmptyConsole()
		})
	}
}

func TestSliceByTouch(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 390, height: 844}, serve(t)+"#model=cd&data=spiral&step=100")
	b.waitForInstruments()
	b.click(`[data-tool="slice"]`)
	b.waitFor("!document.querySelector('#ask').hidden")
	for i, y1 := range []float64{0, .3, .6, .9} {
		x, y := b.windowPoint(y1, .2)
		p := input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchMove, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}}
		if i == 0 {
			p.Type = input.DispatchTouchEventTypeTouchStart
		}
		if _, err := cdp.Call(b.ctx, input.DispatchTouchEvent, p); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := cdp.Call(b.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}}); err != nil {
		t.Fatal(err)
	}
	b.waitFor("Math.abs(document.querySelector('.slice-line').ariaValueNow - .9) < .03")
	b.expectEmptyConsole()
}

func TestNothingIsCutWhileAsking(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"desk": desktop, "phone dark": {width: 390, height: 844, dark: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "desk" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=kmeans&data=spiral&step=60")
			b.waitForInstruments()
			b.waitFor("ebmviz.step === 60")
			b.mouse(input.DispatchMouseEventTypeMousePressed, .6, .45)
			b.mouse(input.DispatchMouseEventTypeMouseReleased, .6, .45)
			b.waitFor("!document.querySelector('#ask').hidden")
			b.checkLayout()
			b.savePicture("ask-" + name)
			b.click(`[data-tool="slice"]`)
			b.waitFor("document.querySelector('.slice-line:not([hidden])')")
			b.checkLayout()
			b.savePicture("slice-" + name)
			b.expectEmptyConsole()
		})
	}
}
