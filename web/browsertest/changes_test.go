package browsertest

import (
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// waitForStep waits until the page shows a step and no notice covers it.
func (b *tab) waitForStep(step int) {
	b.Helper()
	b.waitFor(fmt.Sprintf("ebmviz.step === %d && [...document.querySelectorAll('.notice')].every(n => !n.checkVisibility())", step))
}

// TestChangesMatchEval: ΔF on the page is the difference of what `ebmviz eval` says of the
// checkpoints of its two steps.
func TestChangesMatchEval(t *testing.T) {
	t.Parallel()
	ebmviz := program(t)
	for name, l := range map[string]screen{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		for _, model := range []string{"cd", "kmeans"} {
			if l.webgl && model != "cd" {
				continue // the numbers are the same
			}
			t.Run(name+" "+model, func(t *testing.T) {
				t.Parallel()
				if model != "cd" {
					longOnly(t)
				}
				b := open(t, l, serve(t)+"#model="+model+"&data=spiral&step=60&view.grid=64"+l.renderer())
				b.waitForInstruments()
				b.waitForStep(60)
				b.waitFor("ebmviz.state.grid === 64")
				dir := t.TempDir()
				var points [][2]float64
				for j := 3; j < 64; j += 11 {
					for i := 5; i < 64; i += 13 {
						points = append(points, [2]float64{3*(float64(i)+.5)/64 - 1.5, 3*(float64(j)+.5)/64 - 1.5})
					}
				}
				before := evaluate(t, ebmviz, b.saveCheckpoint(dir), points)
				b.click(`[data-action="ledger"]`)
				b.waitFor("ebmviz.change().length === 64 * 64 && ebmviz.change().since === 59")
				b.enter("#step-count", "61")
				b.waitFor("ebmviz.step === 61 && ebmviz.change().since === 60")
				after := evaluate(t, ebmviz, b.saveCheckpoint(dir), points)
				change := eval[[]float64](b, "[...ebmviz.change()]")
				n := 0
				for j := 3; j < 64; j += 11 {
					for i := 5; i < 64; i += 13 {
						want := after[n][0] - before[n][0]
						if got := change[j*64+i]; math.Abs(got-want) > 1e-3*math.Abs(want)+1e-5*(1+math.Abs(after[n][0])) {
							t.Errorf("ΔF at %v is %v on the page, %v by eval", points[n], got, want)
						}
						n++
					}
				}
				b.waitFor("document.querySelector('.energy-change').textContent.includes('step 61')")
				b.mouse("mouseMoved", .5, .25)
				b.waitFor("/F = .*ΔF = [+−]?[0-9.]+$/.test(document.querySelector('.square .readout').textContent)")
				eval[bool](b, "(e => { e.value = '10'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('[data-ledger=span]'))")
				b.waitFor("ebmviz.change().since === 51 && document.querySelector('.energy-change').textContent.includes('52–61')")
				b.click(`[data-action="ledger"]`)
				b.waitFor("ebmviz.change().length === 0 && document.querySelector('.energy-change').hidden")
				b.expectEmptyConsole()
			})
		}
	}
}

// "Find where contrastive divergence pushes up": the arrows are there; ΔF and the exact negative
// phase are one click each.
func TestFindWhereItPushesUp(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "phone" {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=cd&data=spiral&step=40&hide=data")
			b.waitForInstruments()
			b.waitForStep(40)
			b.click(`[data-action="ledger"]`)
			b.waitFor("ebmviz.change().length > 0 && !document.querySelector('.square > .change').hidden && document.querySelector('.energy-change').textContent.includes('step 40')")
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("ledger-" + name)
			c := up[l.dark]
			b.waitForPicture("#square", func(img image.Image) string {
				if _, green := colours(img, c[0], c[1], c[2], 60); green < 150 {
					return fmt.Sprintf("only %d pixels are green", green)
				}
				return ""
			})
			b.click(`[data-action="ledger"]`)
			b.click(`[data-action="exact-phase"]`)
			b.waitFor("!document.querySelector('.exact-phase').hidden && document.querySelector('.exact-phase').width > 128")
			b.waitForFrames(0)
			b.checkAccessibility()
			b.savePicture("exact-" + name)
			// It is hatched: where it is strongest, lines and what is between them alternate along its row.
			if lines := eval[float64](b, `(() => {
				const { width, height } = document.querySelector('.exact-phase');
				const { data } = document.querySelector('.exact-phase').getContext('2d').getImageData(0, 0, width, height);
				let most = 0, row = 0, lines = 0;
				for (let p = 3; p < data.length; p += 4) if (data[p] > most) [most, row] = [data[p], Math.floor(p / 4 / width)];
				for (let x = 1; x < width; x++) lines += data[4 * (row * width + x) + 3] > 100 && data[4 * (row * width + x) - 1] <= 100;
				return most > 200 ? lines : -1;
			})()`); lines < 3 {
				t.Errorf("%v lines cross the strongest row", lines)
			}
			b.expectEmptyConsole()
		})
	}
}

// With the last step shown, every push is a triangle whose area is its weight: that of a push that
// weighs four times as much has four times as many pixels.
func TestPushesAreAsLargeAsTheirWeight(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]screen{"canvas2d": {width: 1280, height: 800, reducedMotion: true}, "webgl2": {width: 1280, height: 800, webgl: true, reducedMotion: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if l.webgl {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=mc&data=spiral&step=100&hide=data,contours"+l.renderer())
			b.waitForInstruments()
			b.waitForStep(100)
			b.click(`[data-action="ledger"]`)
			b.waitFor("ebmviz.change().since === 99 && document.querySelector('.energy-change').textContent.includes('pushed up at 512 points, weight 1.00')")
			// Of all pushes up that no other one touches: weight and pixels.
			eval[bool](b, `(window.weighed = () => {
				const c = document.querySelector('#overlay'), s = c.width / 3, p = ebmviz.pushes();
				const all = [];
				for (let i = 0; i < p.length; i += 5) if (Math.abs(p[i + 4]) > 3e-5) all.push([(p[i] + 1.5) * s, (1.5 - p[i + 1]) * s, p[i + 4]]);
				const ctx = c.getContext('2d');
				const free = all.filter(([x, y, a]) => a > .002 && x > 20 && y > 20 && x < c.width - 20 && y < c.height - 20 && all.every(([u, v, w]) => (u === x && v === y && w === a) || Math.hypot(u - x, v - y) > 20));
				return free.map(([x, y, a]) => {
					const d = ctx.getImageData(Math.round(x) - 9, Math.round(y) - 13, 19, 16).data;
					let n = 0;
					for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 128 && d[i + 1] > 140 && d[i] < 80) n++;
					return [a, n];
				}).sort((a, b) => a[0] - b[0]); }, true)`)
			b.waitFor("weighed().length > 3 && weighed().every(([, n]) => n > 0)")
			alone := eval[[][]float64](b, "weighed()")
			low, high := alone[0], alone[len(alone)-1]
			if weight, area := high[0]/low[0], high[1]/low[1]; weight < 1.5 || area < .6*weight || area > 1.6*weight {
				t.Errorf("a push of %.2g has %v pixels, one of %.2g has %v", low[0], low[1], high[0], high[1])
			}
			b.expectEmptyConsole()
		})
	}
}

// captions are parts of the sentences of a step in slow motion, stage by stage.
var captions = map[string][]string{
	"cd":     {"Take 128 points", "Perturb each", "runs downhill", "Push up where the walks end", "Push down at the data points", "The effect of the step: down by up to"},
	"kmeans": {"Take 32 points", "the prototype that is nearest", "moves towards its points: the energy falls there", "The effect of the step: down by up to"},
	"cae":    {"Take 128 points", "reconstructs each point", "The two outputs are 0.", "Move the reconstruction closer", "The effect of the step: down by up to"},
	"vae":    {"Take 128 points", "add noise to the code", "from the dot, by 0.", "Move the reconstruction closer", "The effect of the step: down by up to"},
	"dae":    {"Take 128 points", "Corrupt each", "denoises each", "Push up at the corrupted points", "Push down at the data", "The effect of the step: down by up to"},
}

// waitForStage waits for a stage of the slow motion, by its number and a part of its sentence, and that
// its picture is there.
func (b *tab) waitForStage(k, n int, caption string) {
	b.Helper()
	b.waitFor(fmt.Sprintf("document.querySelector('.slow-motion p').textContent.startsWith('%d/%d ') && document.querySelector('.slow-motion p').textContent.includes(%q)", k, n, caption))
	b.waitFor("(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 3 && v > 200))(document.querySelector('.slow-canvas'))")
}

func TestAStepInSlowMotion(t *testing.T) {
	t.Parallel()
	screens := map[string]screen{
		"light":  {width: 1280, height: 800, reducedMotion: true},
		"webgl2": {width: 1280, height: 800, dark: true, webgl: true, reducedMotion: true},
		"phone":  {width: 390, height: 844, reducedMotion: true},
	}
	for name, l := range screens {
		for model, said := range captions {
			if model != "cd" && name != "light" {
				continue // the screens differ in how the stages are drawn, not in what they say
			}
			t.Run(name+" "+model, func(t *testing.T) {
				t.Parallel()
				if name != "light" {
					longOnly(t)
				}
				b := open(t, l, serve(t)+"#model="+model+"&data=spiral&step=50"+l.renderer())
				b.waitForInstruments()
				b.waitForStep(50)
				n := len(said)

				// By mouse.
				b.click(`[data-action="slow"]`)
				b.waitFor("ebmviz.step === 51 && !document.querySelector('.slow-motion').hidden")
				for i, caption := range said {
					b.waitForStage(i+1, n, caption)
					b.click(`[data-slow="slowNext"]`)
				}
				b.waitForStage(n, n, said[n-1])
				if model == "cd" {
					b.checkAccessibility()
				}
				b.checkLayout()
				b.savePicture("slow-" + name + "-" + model)
				b.click(`[data-slow="slowBack"]`)
				b.waitForStage(n-1, n, said[n-2])
				b.click(`[data-slow="slowAgain"]`)
				b.waitForStage(1, n, said[0])
				b.click(`[data-slow="slowClose"]`)
				b.waitFor("document.querySelector('.slow-motion').hidden && document.activeElement.dataset.action === 'slow' && !ebmviz.state.ledger")

				// By keys: the focus is on the button still.
				b.do(cdp.KeyEvent(kb.Enter))
				b.waitFor("ebmviz.step === 52 && !document.querySelector('.slow-motion').hidden")
				for i, caption := range said {
					b.waitForStage(i+1, n, caption)
					b.do(cdp.KeyEvent(kb.ArrowRight))
				}
				b.do(cdp.KeyEvent(kb.ArrowLeft))
				b.waitForStage(n-1, n, said[n-2])
				if step := eval[int](b, "ebmviz.step"); step != 52 {
					t.Errorf("the arrow keys led to step %d", step)
				}
				b.do(cdp.KeyEvent(kb.Escape))
				b.waitFor("document.querySelector('.slow-motion').hidden && getComputedStyle(document.querySelector('#overlay')).visibility === 'visible'")
				eval[bool](b, "(document.activeElement.blur(), true)") // in the toolbar, arrow keys move between its buttons
				b.do(cdp.KeyEvent(kb.ArrowRight))
				b.waitFor("ebmviz.step === 53") // the keys belong to the page again
				b.expectEmptyConsole()
			})
		}
	}
}

// TestSlowMotionByQuickClicks opens it, closes it while it opens, and opens it again: it makes one step
// and shows it.
func TestSlowMotionByQuickClicks(t *testing.T) {
	t.Parallel()
	b := open(t, desktop, serve(t)+"#model=cd&data=spiral&step=50")
	b.waitForInstruments()
	b.waitForStep(50)
	eval[bool](b, "(e => { e.click(); e.click(); e.click(); return true })(document.querySelector('[data-action=slow]'))")
	b.waitForStage(1, 6, captions["cd"][0])
	b.click(`[data-slow="slowNext"]`)
	b.waitForStage(2, 6, captions["cd"][1])
	if step := eval[int](b, "ebmviz.state.step"); step != 51 {
		t.Errorf("it led to step %d", step)
	}
	b.expectEmptyConsole()
}

// TestSlowMotionPlays: without reduced motion the stages follow one another by themselves, and play
// leaves them. The last step is shown afterwards if it was shown before.
func TestSlowMotionPlays(t *testing.T) {
	t.Parallel()
	longOnly(t)
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral")
	b.waitForInstruments()
	b.click(`[data-action="ledger"]`)
	b.waitFor("ebmviz.state.ledger === 1 && ebmviz.step > 20")
	eval[bool](b, "(e => { e.value = '10'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('[data-ledger=span]'))")
	b.waitFor("ebmviz.state.ledger === 10")
	eval[bool](b, `(window.stages = new Set(), new MutationObserver(() => stages.add(document.querySelector('.slow-motion').dataset.stage)).observe(document.querySelector('.slow-motion'), {attributes: true}), true)`)
	b.click(`[data-action="slow"]`)
	b.waitFor("!document.querySelector('.slow-motion').hidden && !ebmviz.state.playing")
	b.waitFor("document.querySelector('.slow-motion').dataset.stage === 'change'")
	if seen := eval[string](b, "[...stages].join()"); !strings.HasSuffix(seen, "points,near,pull,change") {
		t.Errorf("the stages were %s", seen)
	}
	b.click(`[data-action="play"]`)
	b.waitFor("document.querySelector('.slow-motion').hidden && ebmviz.state.ledger === 10")
	b.expectEmptyConsole()
}
