package browsertest

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	cdp "github.com/chromedp/chromedp"
)

const compare = `[data-action="compare"]`

// together waits until the run in hand and all that are pinned stand at one step.
func (b *tab) together() {
	b.Helper()
	b.until("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step && ebmviz.panes.every(p => p.step === ebmviz.step)")
}

const samePicture = "ebmviz.panes[0].grid().length > 0 && ebmviz.panes[0].grid().every((v, i) => v === ebmviz.grid()[i])"

// "Compare CD-1 with CD-10 on the star": Compare, the number of steps, play.
func TestCompareOneStepWithTenOnTheStar(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]look{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !l.webgl {
				rare(t)
			}
			b := open(t, l, serve(t)+"#model=cd&data=star&k.chain=1&step=0"+l.renderer())
			b.furnished()
			b.click(compare)
			b.until("ebmviz.panes.length === 1 && ebmviz.panes[0].step === 0")
			b.typed(`[data-knob-number="chain"]`, "10")
			b.until("ebmviz.state.knobs.chain === 10")
			b.click(`[data-action="play"]`)
			b.until("ebmviz.step > 100 && ebmviz.panes[0].step > 90")
			b.click(`[data-action="pause"]`)
			b.together()
			if a := eval[int](b, "ebmviz.panes[0].state.knobs.chain"); a != 1 {
				t.Errorf("A has taken over the knob of B: %d steps", a)
			}
			if eval[bool](b, samePicture) {
				t.Error("CD-1 and CD-10 look the same after 100 steps")
			}
			b.until(`document.querySelector('[data-pane] small').textContent.includes('1 → 10')`)
			b.quiet()
		})
	}
}

func TestAPinIsTheSameRun(t *testing.T) {
	t.Parallel()
	rare(t)
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral&step=60")
	b.furnished()
	b.until("ebmviz.step === 60")
	b.click(compare)
	b.until("ebmviz.panes.length === 1")
	for _, step := range []int{60, 75, 12, 0, 90} {
		b.typed("#step-count", fmt.Sprint(step))
		b.until(fmt.Sprintf("ebmviz.step === %d", step))
		b.together()
		b.until(samePicture)
	}
	// Other data are taken over, and the clock with them.
	b.click(`[data-choose="data"][data-value="moons"]`)
	b.until("ebmviz.panes[0].state.data === 'moons'")
	b.click(`[data-action="pause"]`)
	b.together()
	b.until(samePicture)
	// Afresh.
	b.click(`[data-action="reset"]`)
	b.until("ebmviz.step === 0")
	b.together()
	// Let go.
	b.click(compare)
	b.until("ebmviz.panes.length === 0 && !document.querySelector('.pane:not([hidden])')")
	b.quiet()
}

// TestDifferenceOfLandscapes: another learning rate, and where B then lies higher.
func TestDifferenceOfLandscapes(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&data=moons&step=40")
	b.furnished()
	b.until("ebmviz.step === 40")
	b.click(compare)
	b.until("ebmviz.panes.length === 1")
	b.typed(`[data-knob-number="lr"]`, "0.05")
	b.typed("#step-count", "60")
	b.until("ebmviz.step === 60")
	b.together()
	b.click(`[data-action="difference"]`)
	b.until("document.querySelector('.pane .change').width === 128")
	b.until("/[1-9]/.test(document.querySelector('.pane .change-legend').textContent)")
	b.coloured(".pane .change", 30)
	// It is green where B lies higher, from the mean: as the grids say.
	if wrong := eval[float64](b, `(() => {
		const a = ebmviz.panes[0].grid(), b = ebmviz.grid(), n = 128, d = b.map((v, i) => v - a[i]);
		const mean = d.reduce((s, v) => s + v, 0) / d.length, far = 0.3 * Math.max(...d.map(v => Math.abs(v - mean)));
		const canvas = document.querySelector('.pane .change'), { data } = canvas.getContext('2d').getImageData(0, 0, n, n);
		let seen = 0, wrong = 0;
		for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) {
			const v = d[j * n + i] - mean, p = 4 * ((n - 1 - j) * n + i);
			if (Math.abs(v) < far) continue;
			seen++;
			if ((data[p + 1] > data[p]) !== (v > 0)) wrong++;
		}
		return seen > 50 ? wrong : -1;
	})()`); wrong != 0 {
		t.Errorf("%g cells have the colour of the other sign", wrong)
	}
	b.keep("difference")

	// A picture that is taken home has all of them.
	dir := b.downloads()
	b.click(`[data-action="share"]`)
	b.until("document.querySelector('#take').open")
	b.click(`[data-take="takePNG"]`)
	picture := b.saved(dir, ".png")
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	squares := eval[[]image.Point](b, `(all => all.map(r => ({X: Math.round(2 * (r.left + r.width / 2 - all.reduce((m, q) => Math.min(m, q.left), 1e9))), Y: Math.round(2 * (r.top + r.height / 2 - all.reduce((m, q) => Math.min(m, q.top), 1e9)))})))
		([...document.querySelectorAll('#stage .square')].map(s => s.getBoundingClientRect()).filter(r => r.width))`)
	if len(squares) != 3 {
		t.Fatalf("%d squares are compared", len(squares))
	}
	for _, at := range squares { // their middles; the first lies (16, 84) from the corner
		part := img.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(at.X-200, at.Y-200, at.X+200, at.Y+200).Add(image.Pt(32, 168)))
		if n := shades(part); n < 200 {
			t.Errorf("the square at %v has %d colours", at, n)
		}
	}
	if *shots != "" {
		os.WriteFile(filepath.Join(*shots, "taken-compared.png"), picture, 0o644)
	}
	b.quiet()
}

// TestMakesAPinTheRunInHand: the knobs of A are B's again, at the same step.
func TestMakesAPinTheRunInHand(t *testing.T) {
	t.Parallel()
	rare(t)
	b := open(t, desktop, serve(t)+"#model=cd&data=moons&step=40")
	b.furnished()
	b.until("ebmviz.step === 40")
	b.click(compare)
	b.until("ebmviz.panes.length === 1")
	lr := eval[float64](b, "ebmviz.state.knobs.lr")
	b.click(`[data-choose="model"][data-value="kmeans"]`)
	b.until("ebmviz.state.model === 'kmeans'")
	b.until(`document.querySelector('[data-pane] small').textContent.includes('Contrastive')`)
	b.click(`[data-action="pause"]`)
	b.together()
	step := eval[int](b, "ebmviz.step")
	b.click(`[data-action="take"]`)
	b.until(fmt.Sprintf("ebmviz.state.model === 'cd' && ebmviz.state.knobs.lr === %g && ebmviz.step === %d", lr, step))
	b.together()
	b.until(samePicture)
	b.quiet()
}

// TestAxeWithPanes: nothing to complain of with two, and with four panes, at both sizes.
func TestAxeWithPanes(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]look{"desk": desktop, "desk dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name != "phone" {
				rare(t)
			}
			b := open(t, l, serve(t)+"#model=cd&step=100")
			b.furnished()
			b.click(compare)
			b.until("ebmviz.panes.length === 1")
			b.typed(`[data-knob-number="lr"]`, "0.05")
			b.typed("#step-count", "150")
			b.until("ebmviz.step === 150")
			b.together()
			b.uncut()
			b.keep("compare-" + name + "-2")
			b.click(`[data-action="pin"]`)
			b.until("ebmviz.panes.length === 2")
			b.click(`[data-action="difference"]`)
			b.together()
			b.until("document.querySelector('.pane .change').width === 128")
			b.axe()
			b.uncut()
			b.keep("compare-" + name + "-4")
			b.do(cdp.Reload())
			b.drawn(1)
			b.quiet()
		})
	}
}

// keep writes a picture of the window for somebody to look at, if they have said where.
func (b *tab) keep(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	if err := os.WriteFile(*shots+"/"+name+".png", b.screen(), 0o644); err != nil {
		b.Fatal(err)
	}
}
