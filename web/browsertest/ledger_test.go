package browsertest

import (
	"math"
	"testing"
)

// TestLedgerIsTheEngines: ΔF on the page is the difference of what `ebmviz eval` says of the
// checkpoints of its two steps.
func TestLedgerIsTheEngines(t *testing.T) {
	ebmviz := program(t)
	for name, l := range map[string]look{"canvas2d": desktop, "webgl2": {width: 1280, height: 800, webgl: true}} {
		for _, model := range []string{"cd", "kmeans"} {
			t.Run(name+" "+model, func(t *testing.T) {
				b := open(t, l, serve(t)+"#model="+model+"&data=spiral&step=60&view.grid=64"+l.renderer())
				b.furnished()
				b.until("ebmviz.step === 60 && ebmviz.state.grid === 64")
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
	for name, l := range map[string]look{"light": desktop, "dark": {width: 1280, height: 800, dark: true}, "phone": {width: 390, height: 844}} {
		t.Run(name, func(t *testing.T) {
			b := open(t, l, serve(t)+"#model=cd&data=spiral&step=40&hide=data")
			b.furnished()
			b.until("ebmviz.step === 40")
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
			b.click(`[data-action="exact"]`)
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
