package browsertest

import (
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The colours that mean "pushed up" and "pushed down", light and dark.
var (
	up   = map[bool][3]int{false: {0x19, 0xc2, 0x5a}, true: {0x3d, 0xff, 0x8b}}
	down = map[bool][3]int{false: {0xe5, 0x00, 0x7d}, true: {0xff, 0x5f, 0xb0}}
)

// screens are both renderers in both themes.
var screens = map[string]screen{
	"webgl2 light":   {width: 1280, height: 800, webgl: true},
	"webgl2 dark":    {width: 1280, height: 800, webgl: true, dark: true},
	"canvas2d light": {width: 1280, height: 800},
	"canvas2d dark":  {width: 1280, height: 800, dark: true},
}

// renderer is the part of the address that asks for WebGL2; without it the page chooses Canvas2D where WebGL runs in software.
func (l screen) renderer() string {
	if l.webgl {
		return "&renderer=webgl2"
	}
	return ""
}

func TestOpensPlayingContrastiveDivergenceOnTheSpiral(t *testing.T) {
	t.Parallel()
	for name, l := range screens {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "webgl2 light" || name == "canvas2d dark" {
				longOnly(t)
			}
			address := serve(t)
			if l.webgl {
				address += "#renderer=webgl2"
			}
			b := open(t, l, address)
			b.waitForFrames(40)
			want := "canvas2d"
			if l.webgl {
				want = "webgl2"
			}
			if got := eval[string](b, "ebmviz.renderer"); got != want {
				t.Errorf("drawn by %s, want %s", got, want)
			}
			if got := eval[string](b, "[ebmviz.state.model, ebmviz.state.data, ebmviz.state.playing].join()"); got != "cd,spiral,true" {
				t.Errorf("opened on %s", got)
			}
			c := down[l.dark]
			b.waitForPicture("#landscape", func(img image.Image) string {
				if different, data := colours(img, c[0], c[1], c[2], 60); different < 500 || data < 300 {
					return fmt.Sprintf("%d colours, %d pixels of data", different, data)
				}
				return ""
			})
			b.expectEmptyConsole()
		})
	}
}

func TestGreenArrowsWhereEnergyIsPushedUp(t *testing.T) {
	t.Parallel()
	for _, model := range []string{"cd", "dae", "kmeans"} {
		for _, name := range []string{"webgl2 light", "canvas2d dark"} {
			t.Run(model+" "+name, func(t *testing.T) {
				t.Parallel()
				if model != "cd" && name == "webgl2 light" {
					longOnly(t)
				}
				l := screens[name]
				b := open(t, l, serve(t)+"#model="+model+"&data=spiral"+l.renderer())
				b.waitForFrames(30)
				c := up[l.dark]
				b.waitForPicture("#landscape", func(img image.Image) string {
					different, green := colours(img, c[0], c[1], c[2], 40)
					switch {
					case different < 400:
						return fmt.Sprintf("the landscape has %d colours", different)
					case model == "kmeans" && green > 20:
						return fmt.Sprintf("K-means pushes up nowhere, but %d pixels are green", green)
					case model != "kmeans" && green < 150:
						return fmt.Sprintf("only %d green pixels: where are the arrows?", green)
					}
					return ""
				})
				b.expectEmptyConsole()
			})
		}
	}
}

// slide moves a slider by script: the value, then an input event.
func (b *tab) slide(knob string, position string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(e => { e.value = %s; e.dispatchEvent(new Event('input', {bubbles: true})); return true })(document.querySelector('[data-knob="%s"]'))`, position, knob))
}

// click clicks an element, once it stands still and nothing covers it. What lies in a menu of the head, or
// in the sidebar that compared runs hide, is shown first.
func (b *tab) click(selector string) {
	b.Helper()
	// Where it is two frames long, or what is in the way. The page may replace it at any moment.
	place := `new Promise(resolve => {
		const middle = e => { const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] };
		const e = document.querySelector(%[1]q);
		if (!e) return resolve({Why: 'it is not there'});
		if (%[2]v) e.scrollIntoView({block: 'center', behavior: 'instant'});
		else e.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
		const [x, y] = middle(e);
		requestAnimationFrame(() => requestAnimationFrame(() => {
			const top = document.elementFromPoint(x, y);
			if (String(middle(e)) !== String([x, y])) resolve({Why: 'it moves'});
			else if (e.contains(top) || top?.closest('label')?.control === e) resolve({X: x, Y: y, Why: ''});
			else resolve({Why: 'over it lies ' + (top?.outerHTML.slice(0, 200) ?? 'nothing: it is outside of the window')});
		}));
	})`
	covered := false
	for deadline := time.Now().Add(maxWait); ; {
		b.openMenuOf(selector)
		if eval[bool](b, "document.documentElement.matches('[data-projector][data-idle]')") {
			b.mouse(input.DispatchMouseEventTypeMouseMoved, 0, 0) // as a hand would
			b.waitFor("!document.documentElement.hasAttribute('data-idle')")
		}
		at := eval[struct {
			X, Y float64
			Why  string
		}](b, fmt.Sprintf(place, selector, covered))
		if at.Why == "" {
			b.do(cdp.MouseClickXY(at.X, at.Y))
			return
		}
		covered = strings.HasPrefix(at.Why, "over it")
		if time.Now().After(deadline) {
			b.Fatalf("%s cannot be clicked: %s", selector, at.Why)
		}
	}
}

// openMenuOf opens the menu that an element lies in, or shows the sidebar, if it is hidden.
func (b *tab) openMenuOf(selector string) {
	b.Helper()
	eval[bool](b, fmt.Sprintf(`(e => {
		const menu = e?.closest('[popover]');
		if (menu && !menu.matches(':popover-open')) menu.showPopover({source: document.querySelector('[popovertarget=' + menu.id + ']')});
		if (e?.closest('.sidebar') && !e.checkVisibility()) document.querySelector('[data-action="methods"]')?.click();
		return true })(document.querySelector(%q))`, selector))
}

func TestASliderMovesTheModel(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=softkmeans&data=spiral")
	b.waitForFrames(5)
	before := eval[float64](b, "ebmviz.state.knobs.beta")
	depth := eval[float64](b, "Math.min(...ebmviz.grid())")
	b.slide("beta", "e.min")
	b.waitFor(fmt.Sprintf("ebmviz.state.knobs.beta < %g", before/100))
	b.waitFor(fmt.Sprintf("Math.abs(Math.min(...ebmviz.grid()) - %g) > .05", depth)) // the mean over z instead of the least
	if shown := eval[float64](b, `+document.querySelector('[data-knob-number="beta"]').value`); shown > .0101 {
		t.Errorf("the number field shows %v", shown)
	}
	if hash := eval[string](b, "location.hash"); !strings.Contains(hash, "k.beta=0.01") {
		t.Errorf("the address bar says %s", hash)
	}
	// The same by keyboard: focus and arrow key.
	b.do(cdp.Focus(cdp.CSS(`[data-knob="beta"]`)))
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.waitFor("ebmviz.state.knobs.beta > .01")
	// By the number field.
	eval[bool](b, `(e => { e.value = '50'; e.dispatchEvent(new Event('change', {bubbles: true})); return true })(document.querySelector('[data-knob-number="beta"]'))`)
	b.waitFor("ebmviz.state.knobs.beta === 50")
	b.expectEmptyConsole()
}

func TestChoosesModelAndData(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t))
	b.waitForFrames(5)
	b.click(`[data-choose="data"][data-value="moons"]`)
	b.waitFor("ebmviz.state.data === 'moons'")
	b.waitForFrames(5)
	for _, model := range []string{"dae", "kmeans", "maxlik", "softkmeans", "cd"} {
		b.click(fmt.Sprintf(`[data-choose="model"][data-value="%s"]`, model))
		b.waitFor(fmt.Sprintf("ebmviz.state.model === '%s'", model))
		b.waitForFrames(5)
		if eval[string](b, "ebmviz.state.data") != "moons" {
			t.Error("choosing a model changed the data")
		}
		if !strings.Contains(eval[string](b, "location.hash"), "model="+model) {
			t.Errorf("the address bar does not name %s: %s", model, eval[string](b, "location.hash"))
		}
	}
	b.expectEmptyConsole()
}

func TestPausesAndSteps(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t))
	b.waitForFrames(10)
	b.click(`[data-action="pause"]`)
	b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
	step := eval[int](b, "ebmviz.step")
	eval[bool](b, "(window.was = Array.from(ebmviz.grid()), true)")
	// Three probes go to the server and back: by then a step that should not come would have come.
	for range 3 {
		eval[bool](b, "ebmviz.probe([0.1, 0.2]).then(() => true)")
	}
	if eval[int](b, "ebmviz.step") != step || !eval[bool](b, "Array.from(ebmviz.grid()).every((v, i) => v === was[i])") {
		t.Error("paused, and the landscape still changes")
	}
	b.click(`[data-action="step"]`)
	b.waitFor(fmt.Sprintf("ebmviz.step > %d", step))
	for range 3 {
		eval[bool](b, "ebmviz.probe([0.1, 0.2]).then(() => true)")
	}
	if got := eval[int](b, "ebmviz.step"); got != step+1 {
		t.Errorf("one press made %d steps", got-step)
	}
	if eval[bool](b, "Array.from(ebmviz.grid()).every((v, i) => v === was[i])") {
		t.Error("the step did not change the landscape")
	}
	b.click(`[data-action="reset"]`)
	b.waitFor("ebmviz.step === 0 && ebmviz.state.step === 0")
	b.click(`[data-action="play"]`)
	b.waitFor("ebmviz.step > 5")
	b.expectEmptyConsole()
}

func TestKeys(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t))
	b.waitForFrames(5)
	b.do(cdp.KeyEvent(" "))
	b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
	step := eval[int](b, "ebmviz.step")
	b.do(cdp.KeyEvent(kb.ArrowRight))
	b.waitFor(fmt.Sprintf("ebmviz.step === %d", step+1))
	b.do(cdp.KeyEvent("r"))
	b.waitFor("ebmviz.step === 0")
	b.do(cdp.KeyEvent("?"))
	b.waitFor(`document.querySelector('dialog[open]')`)
	b.do(cdp.KeyEvent(kb.Escape))
	b.waitFor(`!document.querySelector('dialog[open]')`)
	b.expectEmptyConsole()
}

func TestReloadsTheSameConfiguration(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#v=1&model=dae&data=moons&seed=7&k.sigma=0.2&k.data.noise=0.1&step=30")
	b.waitFor("window.ebmviz?.frames > 0 && ebmviz.state.step === 30 && ebmviz.step === 30") // paused, as the address names a step
	b.slide("sigma", "e.min")
	b.waitFor("ebmviz.state.knobs.sigma === 0.02")
	config := "JSON.stringify([ebmviz.state.model, ebmviz.state.data, ebmviz.state.seed, Object.entries(ebmviz.state.knobs).sort()])"
	before := eval[string](b, config)
	if !strings.Contains(before, `"dae","moons",7`) || !strings.Contains(before, `["data.noise",0.1]`) {
		t.Errorf("opened as %s", before)
	}
	b.do(cdp.Reload())
	b.waitFor("window.ebmviz?.frames > 0")
	if after := eval[string](b, config); after != before {
		t.Errorf("reloaded as\n%s, was\n%s", after, before)
	}
	b.expectEmptyConsole()
}

// TestEarlierLinks: a link of an earlier version opens with the defaults of its time, at once and in
// a page that is open, and the address bar then names them.
func TestEarlierLinks(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#v=1&model=cae&data=spiral&step=2")
	b.waitFor("window.ebmviz?.frames > 0 && ebmviz.state.step === 2 && ebmviz.state.knobs.lambda === 0.1 && location.hash === '#v=3&model=cae&data=spiral&step=2&k.lambda=0.1'")
	eval[bool](b, `(location.hash = '#v=3&model=cae&data=spiral&step=3', true)`)
	b.waitFor("ebmviz.state.step === 3 && ebmviz.state.knobs.lambda === 0.01")
	eval[bool](b, `(location.hash = '#v=1&model=latent&data=circle&step=2', true)`)
	b.waitFor("ebmviz.state.model === 'latent' && ebmviz.state.knobs.branches === 4")
	b.expectEmptyConsole()
}

func TestCardNamesItsSource(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&step=0")
	b.waitFor(`[...document.querySelectorAll('#formulas .note')].at(-1)?.textContent === 'SourceG. E. Hinton, “Training products of experts by minimizing contrastive divergence”, 2002.'`)
	b.expectEmptyConsole()
}

func TestHoverShowsTheEnergy(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral")
	b.waitForFrames(5)
	b.click(`[data-action="pause"]`)
	b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step")
	b.waitFor(`((_, on, off) => Number(on) < Number(off))(...document.querySelector('#spoken').textContent.match(/after \d+ steps the energy is typically ([\d.]+) on the data and ([\d.]+) elsewhere/) ?? [])`)
	eval[bool](b, `(e => { const r = e.getBoundingClientRect();
		e.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: r.left + r.width * .75, clientY: r.top + r.height * .25})); return true })(document.querySelector('#landscape'))`)
	b.waitFor("document.body.innerText.includes('y = (0.7') || document.body.innerText.includes('y = (0.75')")
	shown := eval[string](b, `[...document.querySelectorAll('*')].map(e => e.children.length ? '' : e.textContent).find(s => /F = /.test(s)) ?? ''`)
	var f float64
	if _, err := fmt.Sscanf(strings.ReplaceAll(shown, "−", "-"), "F = %g", &f); err != nil {
		t.Fatalf("the tooltip says %q", shown)
	}
	want := eval[float64](b, "ebmviz.probe([0.75, 0.75]).then(p => p.F)")
	if d := f - want; d > .05 || d < -.05 {
		t.Errorf("the tooltip says F = %g, the model %g", f, want)
	}

	// Sound: a tone that is low where the energy is low, and silent without the pointer.
	eval[bool](b, `((Voice, Volume) => {
		globalThis.OscillatorNode = class extends Voice { constructor(...of) { super(...of); globalThis.voice = this } };
		globalThis.GainNode = class extends Volume { constructor(...of) { super(...of); globalThis.volume = this } };
		return true })(OscillatorNode, GainNode)`)
	b.waitForInstruments()
	b.click(".menu summary")
	b.click(`[data-view="sound"]`)
	b.waitFor("globalThis.voice && globalThis.volume")
	low := eval[[2]float64](b, "(y => [y[0], y[1]])(ebmviz.points())") // on the data
	b.mouse(input.DispatchMouseEventTypeMouseMoved, low[0], low[1])
	b.waitFor("volume.gain.value > .1 && voice.frequency.value > 110 && voice.frequency.value < 220")
	b.mouse(input.DispatchMouseEventTypeMouseMoved, 1.45, -1.45)
	b.waitFor("voice.frequency.value > 700")
	b.do(cdp.Focus(cdp.CSS("#landscape")))
	b.do(cdp.KeyEvent(kb.Escape))
	b.waitFor("volume.gain.value < .001")
	b.expectEmptyConsole()
}

func TestLayersAreShownAndHidden(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=dae&data=spiral")
	b.waitForFrames(30)
	b.click(`[data-layer="up"]`)
	b.waitForFrames(2)
	c := up[false]
	b.waitForPicture("#landscape", func(img image.Image) string {
		if different, green := colours(img, c[0], c[1], c[2], 40); different < 400 || green > 20 {
			return fmt.Sprintf("the arrows are off and %d pixels are green, of %d colours", green, different)
		}
		return ""
	})
	if !strings.Contains(eval[string](b, "location.hash"), "hide=") {
		t.Errorf("the address bar forgets the hidden layer: %s", eval[string](b, "location.hash"))
	}
	b.expectEmptyConsole()
}
