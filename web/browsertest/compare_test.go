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

// waitForPanes waits until the run and all panes are paused at one step.
func (b *tab) waitForPanes() {
	b.Helper()
	b.waitFor("!ebmviz.state.playing && ebmviz.step === ebmviz.state.step && ebmviz.panes.every(p => p.step === ebmviz.step)")
}

const samePicture = "ebmviz.panes[0].grid().length > 0 && ebmviz.panes[0].grid().every((v, i) => v === ebmviz.grid()[i])"

// "Compare CD-1 with CD-10 on the star": Compare, the number of steps, play.
func TestCompareOneStepWithTenOnTheStar(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !l.webgl {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&data=star&k.chain=1&step=0"+l.renderer())
			b.waitForInstruments()
			b.click(compare)
			b.waitFor("ebmviz.panes.length === 1 && ebmviz.panes[0].step === 0")
			b.enter(`[data-knob-number="chain"]`, "10")
			b.waitFor("ebmviz.state.knobs.chain === 10")
			b.click(`[data-action="play"]`)
			b.waitFor("ebmviz.step > 100 && ebmviz.panes[0].step > 90")
			b.click(`[data-action="pause"]`)
			b.waitForPanes()
			if a := eval[int](b, "ebmviz.panes[0].state.knobs.chain"); a != 1 {
				t.Errorf("A has the knob of B: %d steps", a)
			}
			if eval[bool](b, samePicture) {
				t.Error("CD-1 and CD-10 look the same after 100 steps")
			}
			b.waitFor(`document.querySelector('[data-pane] small').textContent.includes('1 → 10')`)
			b.expectEmptyConsole()
		})
	}
}

func TestAPaneIsTheSameRun(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral&step=60")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 60")
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1")
	for _, step := range []int{60, 75, 12, 0, 90} {
		b.enter("#step-count", fmt.Sprint(step))
		b.waitFor(fmt.Sprintf("ebmviz.step === %d", step))
		b.waitForPanes()
		b.waitFor(samePicture)
	}
	// Other data, and play, apply to the pane too.
	b.click(`[data-choose="data"][data-value="moons"]`)
	b.waitFor("ebmviz.panes[0].state.data === 'moons'")
	b.click(`[data-action="pause"]`)
	b.waitForPanes()
	b.waitFor(samePicture)
	// Reset.
	b.click(`[data-action="reset"]`)
	b.waitFor("ebmviz.step === 0")
	b.waitForPanes()
	// Removed.
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 0 && !document.querySelector('.pane:not([hidden])')")
	b.expectEmptyConsole()
}

// TestDifferenceOfLandscapes: another learning rate, and where B then lies higher.
func TestDifferenceOfLandscapes(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&data=moons&step=40")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 40")
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1")
	b.enter(`[data-knob-number="lr"]`, "0.05")
	b.enter("#step-count", "60")
	b.waitFor("ebmviz.step === 60")
	b.waitForPanes()
	b.click(`[data-action="difference"]`)
	b.waitFor("document.querySelector('.pane .change').width === 128")
	b.waitFor("/[1-9]/.test(document.querySelector('.pane .change-legend').textContent)")
	b.waitForColours(".pane .change", 30)
	// It is green where B lies higher, from the mean near the data: as the grids say.
	if wrong := eval[float64](b, `(() => {
		const a = ebmviz.panes[0].grid(), b = ebmviz.grid(), n = 128, d = b.map((v, i) => v - a[i]);
		const y = ebmviz.points(), at = p => [3 * (p % n + .5) / n - 1.5, 3 * (Math.floor(p / n) + .5) / n - 1.5];
		const near = d.filter((_, p) => y.some((v, i) => i % 2 === 0 && Math.hypot(at(p)[0] - v, at(p)[1] - y[i + 1]) < .15));
		const mean = near.reduce((s, v) => s + v, 0) / near.length, far = 0.3 * Math.max(...d.map(v => Math.abs(v - mean)));
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
	b.savePicture("difference")

	// An exported picture has all of them.
	dir := b.downloads()
	b.click(`[data-action="share"]`)
	b.waitFor("document.querySelector('#export').open")
	b.click(`[data-export="exportPNG"]`)
	picture := b.waitForDownload(dir, ".png")
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
		if n := countColours(part); n < 200 {
			t.Errorf("the square at %v has %d colours", at, n)
		}
	}
	if *shots != "" {
		os.WriteFile(filepath.Join(*shots, "taken-compared.png"), picture, 0o644)
	}
	b.expectEmptyConsole()
}

// TestUsesTheSettingsOfAPane: B gets the knobs of A, at the same step.
func TestUsesTheSettingsOfAPane(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, desktop, serve(t)+"#model=cd&data=moons&step=40")
	b.waitForInstruments()
	b.waitFor("ebmviz.step === 40")
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1")
	lr := eval[float64](b, "ebmviz.state.knobs.lr")
	b.click(`[data-choose="model"][data-value="kmeans"]`)
	b.waitFor("ebmviz.state.model === 'kmeans'")
	b.waitFor(`document.querySelector('[data-pane] small').textContent.includes('Contrastive')`)
	b.click(`[data-action="pause"]`)
	b.waitForPanes()
	step := eval[int](b, "ebmviz.step")
	b.click(`[data-action="take"]`)
	b.waitFor(fmt.Sprintf("ebmviz.state.model === 'cd' && ebmviz.state.knobs.lr === %g && ebmviz.step === %d", lr, step))
	b.waitForPanes()
	b.waitFor(samePicture)
	b.expectEmptyConsole()
}

// TestAxeWithPanes: no violation with two and with four panes, at both sizes.
func TestAxeWithPanes(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"desk": desktop, "desk dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name != "phone" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&step=100")
			b.waitForInstruments()
			b.click(compare)
			b.waitFor("ebmviz.panes.length === 1")
			b.enter(`[data-knob-number="lr"]`, "0.05")
			b.enter("#step-count", "150")
			b.waitFor("ebmviz.step === 150")
			b.waitForPanes()
			b.checkLayout()
			b.savePicture("compare-" + name + "-2")
			b.click(`[data-action="pin"]`)
			b.waitFor("ebmviz.panes.length === 2")
			b.click(`[data-action="difference"]`)
			b.waitForPanes()
			b.waitFor("document.querySelector('.pane .change').width === 128")
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("compare-" + name + "-4")
			b.do(cdp.Reload())
			b.waitForFrames(1)
			b.expectEmptyConsole()
		})
	}
}

// savePicture writes a picture of the window into the folder of -shots, if there is one.
func (b *tab) savePicture(name string) {
	b.Helper()
	if *shots == "" {
		return
	}
	if err := os.WriteFile(*shots+"/"+name+".png", b.screenshot(), 0o644); err != nil {
		b.Fatal(err)
	}
}
