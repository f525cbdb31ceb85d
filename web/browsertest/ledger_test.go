package browsertest

import (
	"fmt"
	"math"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stands waits until the page stands at a step, and no notice that it is on its way covers it.
func (b *tab) stands(step int) {
	b.Helper()
	b.until(fmt.Sprintf("ebmviz.step === %d && [...document.querySelectorAll('.notice')].every(n => !n.checkVisibility())", step))
}

// TestLedgerIsTheEngines: ΔF on the page is the difference of what `ebmviz eval` says of the
// checkpoints of its two steps.
func TestLedgerIsTheEngines(t *testing.T) {
	ebmviz := program(t)
	for name, l := range map[string]look{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		for _, model := range []string{"cd", "kmeans"} {
			if l.webgl && model != "cd" {
				continue // the numbers are the same
			}
			t.Run(name+" "+model, func(t *testing.T) {
				if model != "cd" {
					rare(t)
				}
				b := open(t, l, serve(t)+"#model="+model+"&data=spiral&step=60&view.grid=64"+l.renderer())
				b.furnished()
				b.stands(60)
				b.until("ebmviz.state.grid === 64")
				dir := t.TempDir()
				var points [][2]float64
				for j := 3; j < 64; j += 11 {
					for i := 5; i < 64; i += 13 {
						points = append(points, [2]float64{3*(float64(i)+.5)/64 - 1.5, 3*(float64(j)+.5)/64 - 1.5})
					}
				}
				before := evaluated(t, ebmviz, b.checkpoint(dir), points)
				b.click(`[data-action="ledger"]`)
				b.until("ebmviz.change().length === 64 * 64 && ebmviz.change().since === 59")
				b.typed("#step-count", "61")
				b.until("ebmviz.step === 61 && ebmviz.change().since === 60")
				after := evaluated(t, ebmviz, b.checkpoint(dir), points)
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
				b.until("document.querySelector('.ledger').textContent.includes('step 61')")
				b.mouse("mouseMoved", .5, .25)
				b.until("/F = .*ΔF = [+−]?[0-9.]+$/.test(document.querySelector('.square .reader').textContent)")
				eval[bool](b, "(e => { e.value = '10'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('[data-ledger=span]'))")
				b.until("ebmviz.change().since === 51 && document.querySelector('.ledger').textContent.includes('52–61')")
				b.click(`[data-action="ledger"]`)
				b.until("ebmviz.change().length === 0 && document.querySelector('.ledger').hidden")
				b.quiet()
			})
		}
	}
}

// "Find where contrastive divergence pushes up": the arrows are there; ΔF and the exact negative
// phase are one press each.
func TestFindWhereItPushesUp(t *testing.T) {
	for name, l := range map[string]look{"dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			if name == "phone" {
				rare(t)
			}
			b := open(t, l, serve(t)+"#model=cd&data=spiral&step=40&hide=data")
			b.furnished()
			b.stands(40)
			b.click(`[data-action="ledger"]`)
			b.until("ebmviz.change().length > 0 && !document.querySelector('.square > .change').hidden && document.querySelector('.ledger').textContent.includes('step 40')")
			b.axe()
			b.uncut()
			b.keep("ledger-" + name)
			c := up[l.dark]
			if _, green := colours(b.picture("#square"), c[0], c[1], c[2], 60); green < 150 {
				t.Errorf("only %d pixels are green", green)
			}
			b.click(`[data-action="ledger"]`)
			b.click(`[data-action="exact-phase"]`)
			b.until("!document.querySelector('.exact').hidden && document.querySelector('.exact').width === 128")
			b.drawn(0)
			b.axe()
			b.keep("exact-" + name)
			most := eval[float64](b, "Math.max(...document.querySelector('.exact').getContext('2d').getImageData(0, 0, 128, 128).data.filter((_, i) => i % 4 === 3))")
			if most < 200 {
				t.Errorf("the darkest of the shade is %v of 255", most)
			}
			b.quiet()
		})
	}
}

// With the ledger on, every push is a triangle whose area is its weight: that of a push that
// weighs four times as much has four times as many pixels.
func TestPushesAreAsLargeAsTheirWeight(t *testing.T) {
	for name, l := range map[string]look{"canvas2d": {width: 1280, height: 800, still: true}, "webgl2": {width: 1280, height: 800, webgl: true, still: true}} {
		t.Run(name, func(t *testing.T) {
			if l.webgl {
				rare(t)
			}
			b := open(t, l, serve(t)+"#model=mc&data=spiral&step=100&hide=data,contours"+l.renderer())
			b.furnished()
			b.stands(100)
			b.click(`[data-action="ledger"]`)
			b.until("ebmviz.change().since === 99 && document.querySelector('.ledger').textContent.includes('pushed up at 512 points, weight 1.00')")
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
			b.until("weighed().length > 3 && weighed().every(([, n]) => n > 0)")
			alone := eval[[][]float64](b, "weighed()")
			low, high := alone[0], alone[len(alone)-1]
			if weight, area := high[0]/low[0], high[1]/low[1]; weight < 1.5 || area < .6*weight || area > 1.6*weight {
				t.Errorf("a push of %.2g has %v pixels, one of %.2g has %v", low[0], low[1], high[0], high[1])
			}
			b.quiet()
		})
	}
}

// what a step in slow motion says, stage by stage.
var captions = map[string][]string{
	"cd":     {"Take 128 points", "Perturb each", "runs downhill", "Push up where the walks end", "Push down at the data points", "The effect of the step: down by up to"},
	"kmeans": {"Take 32 points", "the prototype that is nearest", "moves towards its points: the energy falls there", "The effect of the step: down by up to"},
	"dae":    {"Take 128 points", "Corrupt each", "denoises each", "Push up at the corrupted points", "Push down at the data", "The effect of the step: down by up to"},
}

// stage waits for a stage of the slow motion, by its number and a part of its sentence, and that
// its picture is there.
func (b *tab) stage(k, n int, caption string) {
	b.Helper()
	b.until(fmt.Sprintf("document.querySelector('.slow p').textContent.startsWith('%d/%d ') && document.querySelector('.slow p').textContent.includes(%q)", k, n, caption))
	b.until("(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 3 && v > 200))(document.querySelector('.film'))")
}

func TestAStepInSlowMotion(t *testing.T) {
	looks := map[string]look{
		"light":  {width: 1280, height: 800, still: true},
		"webgl2": {width: 1280, height: 800, dark: true, webgl: true, still: true},
		"phone":  {width: 390, height: 844, still: true},
	}
	for name, l := range looks {
		for model, said := range captions {
			if model != "cd" && name != "light" {
				continue // the looks differ in how the stages are drawn, not in what they say
			}
			t.Run(name+" "+model, func(t *testing.T) {
				if name != "light" && name != "webgl2" {
					rare(t)
				}
				b := open(t, l, serve(t)+"#model="+model+"&data=spiral&step=50"+l.renderer())
				b.furnished()
				b.stands(50)
				n := len(said)

				// By mouse.
				b.click(`[data-action="slow"]`)
				b.until("ebmviz.step === 51 && !document.querySelector('.slow').hidden")
				for i, caption := range said {
					b.stage(i+1, n, caption)
					b.click(`[data-slow="slowNext"]`)
				}
				b.stage(n, n, said[n-1])
				if model == "cd" {
					b.axe()
				}
				b.uncut()
				b.keep("slow-" + name + "-" + model)
				b.click(`[data-slow="slowBack"]`)
				b.stage(n-1, n, said[n-2])
				b.click(`[data-slow="slowAgain"]`)
				b.stage(1, n, said[0])
				b.click(`[data-slow="slowClose"]`)
				b.until("document.querySelector('.slow').hidden && document.activeElement.dataset.action === 'slow' && !ebmviz.state.ledger")

				// By keys: the focus is on the button still.
				b.do(cdp.KeyEvent(kb.Enter))
				b.until("ebmviz.step === 52 && !document.querySelector('.slow').hidden")
				for i, caption := range said {
					b.stage(i+1, n, caption)
					b.do(cdp.KeyEvent(kb.ArrowRight))
				}
				b.do(cdp.KeyEvent(kb.ArrowLeft))
				b.stage(n-1, n, said[n-2])
				if step := eval[int](b, "ebmviz.step"); step != 52 {
					t.Errorf("the arrow keys led to step %d", step)
				}
				b.do(cdp.KeyEvent(kb.Escape))
				b.until("document.querySelector('.slow').hidden && getComputedStyle(document.querySelector('#overlay')).visibility === 'visible'")
				eval[bool](b, "(document.activeElement.blur(), true)") // in the toolbar, arrow keys move between its buttons
				b.do(cdp.KeyEvent(kb.ArrowRight))
				b.until("ebmviz.step === 53") // the keys are the page's again
				b.quiet()
			})
		}
	}
}

// Where motion is not unwelcome, the stages follow one another by themselves; whoever lets time
// go on leaves them. A ledger that was on is on afterwards.
func TestSlowMotionGoesByItself(t *testing.T) {
	rare(t)
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral")
	b.furnished()
	b.click(`[data-action="ledger"]`)
	b.until("ebmviz.state.ledger === 1 && ebmviz.step > 20")
	eval[bool](b, "(e => { e.value = '10'; e.dispatchEvent(new Event('change')); return true })(document.querySelector('[data-ledger=span]'))")
	b.until("ebmviz.state.ledger === 10")
	eval[bool](b, `(window.stages = new Set(), new MutationObserver(() => stages.add(document.querySelector('.slow').dataset.stage)).observe(document.querySelector('.slow'), {attributes: true}), true)`)
	b.click(`[data-action="slow"]`)
	b.until("!document.querySelector('.slow').hidden && !ebmviz.state.playing")
	b.until("document.querySelector('.slow').dataset.stage === 'change'")
	if seen := eval[string](b, "[...stages].join()"); !strings.HasSuffix(seen, "points,near,pull,change") {
		t.Errorf("the stages were %s", seen)
	}
	b.click(`[data-action="play"]`)
	b.until("document.querySelector('.slow').hidden && ebmviz.state.ledger === 10")
	b.quiet()
}
