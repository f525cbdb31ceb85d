package browsertest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
)

var shots = flag.String("shots", "", "write pictures of the page into this folder")

// views are what `make screenshots` shows: a method of every kind, both themes, both renderers,
// both sizes.
var views = []struct {
	name     string
	screen   screen
	fragment string
	step     string // wait until this holds
}{
	{"cd-light-webgl2", screen{width: 1280, height: 800, webgl: true}, "#renderer=webgl2", "ebmviz.step > 500"},
	{"cd-dark-webgl2", screen{width: 1280, height: 800, webgl: true, dark: true}, "#renderer=webgl2", "ebmviz.step > 500"},
	{"cd-light-canvas2d", desktop, "", "ebmviz.step > 500"},
	{"cd-dark-canvas2d", screen{width: 1280, height: 800, dark: true}, "", "ebmviz.step > 500"},
	{"cd-start", desktop, "#seed=2", "ebmviz.step > 12"},
	{"kmeans-light", desktop, "#model=kmeans", "ebmviz.step > 100"},
	{"softkmeans-dark", screen{width: 1280, height: 800, dark: true}, "#model=softkmeans&data=moons", "ebmviz.step > 30"},
	{"maxlik-light", desktop, "#model=maxlik&data=rings", "ebmviz.step > 250"},
	{"dae-dark", screen{width: 1280, height: 800, dark: true, webgl: true}, "#model=dae&renderer=webgl2", "ebmviz.step > 900"},
	{"dae-topographic", desktop, "#model=dae&data=topographic", "ebmviz.step > 400"},
	{"glo-light", desktop, "#model=glo", "ebmviz.step > 300"},
	{"gmm-dark", screen{width: 1280, height: 800, dark: true}, "#model=gmm", "ebmviz.step > 60"},
	{"masked-light", desktop, "#model=masked", "ebmviz.step > 300"},
	{"pcd-dark", screen{width: 1280, height: 800, dark: true}, "#model=pcd&view.show=proposals", "ebmviz.step > 300"},
	{"scorematching-light", desktop, "#model=scorematching", "ebmviz.step > 900"},
	{"sparse-dark", screen{width: 1280, height: 800, dark: true}, "#model=sparse", "ebmviz.step > 200"},
	{"ghost-light", desktop, "#model=dae&view.exhibit=dae-ghost", "ebmviz.step > 900"},
	{"phone-light", screen{width: 390, height: 844}, "#model=cd&data=gaussians", "ebmviz.step > 300"},
	{"phone-dark", screen{width: 390, height: 844, dark: true}, "#model=dae", "ebmviz.step > 600"},
}

// used are the instruments in use: each is shown, and checked by axe, in both themes and sizes.
var used = []struct {
	name, fragment string
	use            func(b *tab)
}{
	{"ask", "#model=dae&step=600", func(b *tab) {
		b.mouse(input.DispatchMouseEventTypeMousePressed, .6, .3)
		b.mouse(input.DispatchMouseEventTypeMouseReleased, .6, .3)
		b.waitFor("!document.querySelector('#ask').hidden && document.querySelector('.ask-marks .path')")
	}},
	{"slice", "#model=cd&step=400", func(b *tab) {
		b.click(`[data-tool="slice"]`)
		b.waitFor("document.querySelector('.slice-line:not([hidden])')")
	}},
	{"marbles", "#model=cd&step=400&hide=up", func(b *tab) {
		b.click(`[data-tool="marble"]`)
		b.click(`[data-marbles="rain"]`)
		b.waitFor("ebmviz.marbles.length === 100")
		b.waitForFrames(0)
	}},
	{"ledger", "#model=cd&step=60&hide=data", func(b *tab) {
		b.click(`[data-action="ledger"]`)
		b.waitFor("ebmviz.change().length > 0 && document.querySelector('.energy-change').textContent.includes('step 60')")
	}},
	{"exact-phase", "#model=cd&step=60&hide=data", func(b *tab) {
		b.click(`[data-action="exact-phase"]`)
		b.waitFor("!document.querySelector('.exact-phase').hidden && document.querySelector('.exact-phase').width > 128")
	}},
	{"slow-motion", "#model=cd&step=60", func(b *tab) {
		b.click(`[data-action="slow"]`)
		b.waitForStage(1, 6, "Take 128 points")
		b.click(`[data-slow="slowNext"]`)
		b.click(`[data-slow="slowNext"]`)
		b.waitForStage(3, 6, "runs downhill")
	}},
	{"compare-two", "#model=cd&data=star&k.chain=1&step=0", func(b *tab) {
		b.click(compare)
		b.waitFor("ebmviz.panes.length === 1")
		b.enter(`[data-knob-number="chain"]`, "10")
		b.enter("#step-count", "200")
		b.waitFor("ebmviz.step === 200")
		b.waitForPanes()
	}},
	{"compare-difference", "#model=cd&data=moons&step=40", func(b *tab) {
		b.click(compare)
		b.waitFor("ebmviz.panes.length === 1")
		b.enter(`[data-knob-number="lr"]`, "0.05")
		b.enter("#step-count", "160")
		b.waitFor("ebmviz.step === 160")
		b.waitForPanes()
		b.click(`[data-action="pin"]`)
		b.waitFor("ebmviz.panes.length === 2")
		b.click(`[data-action="difference"]`)
		b.waitForPanes()
		b.waitFor("document.querySelector('.pane .change').width === 128")
	}},
	{"wall", "#model=cd&data=moons", func(b *tab) {
		b.click(`[data-action="wall"]`)
		b.waitFor(fmt.Sprintf(everyTile, 25, 12, 60))
		b.click(`[data-wall="pause"]`)
	}},
	{"relief", "#model=cd&step=400", func(b *tab) {
		b.click(toRelief)
		b.waitFor("document.querySelector('#relief')?.dataset.step === '400'")
	}},
	{"relief-polar", "#model=kmeans&step=200", func(b *tab) {
		b.click(toRelief)
		b.click(`[data-relief="polar"]`)
		b.waitFor("document.querySelector('#relief')?.dataset.over === 'polar'")
	}},
	{"time", "#model=kmeans&step=300", func(b *tab) {
		b.enter(`[data-knob-number="lr"]`, "0.1")
		b.click(`[data-action="backwards"]`)
		b.waitFor("ebmviz.step < 200")
	}},
}

func TestScreenshots(t *testing.T) {
	if *shots == "" {
		t.Skip("make screenshots runs it")
	}
	if err := os.MkdirAll(*shots, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		t.Run(v.name, func(t *testing.T) {
			b := open(t, v.screen, serve(t)+v.fragment)
			b.waitFor("window.ebmviz && " + v.step)
			b.waitForFrames(3)
			b.waitFor("document.querySelector('.katex')")
			eval[bool](b, "document.fonts.ready.then(() => true)")
			path := filepath.Join(*shots, v.name+".png")
			if err := os.WriteFile(path, b.screenshot(), 0o644); err != nil {
				t.Fatal(err)
			}
			b.expectEmptyConsole()
		})
	}
	for _, v := range used {
		for name, l := range map[string]screen{"": desktop, "-dark": {width: 1280, height: 800, dark: true}, "-phone": {width: 390, height: 844}, "-phone-dark": {width: 390, height: 844, dark: true}} {
			t.Run(v.name+name, func(t *testing.T) {
				b := open(t, l, serve(t)+v.fragment)
				b.waitForInstruments()
				if at, rest, ok := strings.Cut(v.fragment, "step="); ok && at != "" {
					step, _, _ := strings.Cut(rest, "&")
					b.waitFor("ebmviz.step === " + step)
				}
				v.use(b)
				b.checkAccessibility()
				b.checkLayout()
				b.savePicture(v.name + name)
				b.expectEmptyConsole()
			})
		}
	}
}
