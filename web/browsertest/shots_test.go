package browsertest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var shots = flag.String("shots", "", "write pictures of the page into this folder")

// views are what `make screenshots` shows: a method of every kind, both themes, both renderers,
// both sizes.
var views = []struct {
	name     string
	look     look
	fragment string
	step     string // wait until this holds
}{
	{"cd-light-webgl2", look{width: 1280, height: 800, webgl: true}, "#renderer=webgl2", "ebmviz.step > 500"},
	{"cd-dark-webgl2", look{width: 1280, height: 800, webgl: true, dark: true}, "#renderer=webgl2", "ebmviz.step > 500"},
	{"cd-light-canvas2d", desktop, "", "ebmviz.step > 500"},
	{"cd-dark-canvas2d", look{width: 1280, height: 800, dark: true}, "", "ebmviz.step > 500"},
	{"cd-start", desktop, "#seed=2", "ebmviz.step > 12"},
	{"kmeans-light", desktop, "#model=kmeans", "ebmviz.step > 100"},
	{"softkmeans-dark", look{width: 1280, height: 800, dark: true}, "#model=softkmeans&data=moons", "ebmviz.step > 30"},
	{"maxlik-light", desktop, "#model=maxlik&data=rings", "ebmviz.step > 250"},
	{"dae-dark", look{width: 1280, height: 800, dark: true, webgl: true}, "#model=dae&renderer=webgl2", "ebmviz.step > 900"},
	{"dae-topographic", desktop, "#model=dae&data=topographic", "ebmviz.step > 400"},
	{"glo-light", desktop, "#model=glo", "ebmviz.step > 300"},
	{"gmm-dark", look{width: 1280, height: 800, dark: true}, "#model=gmm", "ebmviz.step > 60"},
	{"masked-light", desktop, "#model=masked", "ebmviz.step > 300"},
	{"pcd-dark", look{width: 1280, height: 800, dark: true}, "#model=pcd&view.show=proposals", "ebmviz.step > 300"},
	{"scorematching-light", desktop, "#model=scorematching", "ebmviz.step > 900"},
	{"sparse-dark", look{width: 1280, height: 800, dark: true}, "#model=sparse", "ebmviz.step > 200"},
	{"ghost-light", desktop, "#model=dae&view.exhibit=dae-ghost", "ebmviz.step > 900"},
	{"phone-light", look{width: 390, height: 844}, "#model=cd&data=gaussians", "ebmviz.step > 300"},
	{"phone-dark", look{width: 390, height: 844, dark: true}, "#model=dae", "ebmviz.step > 600"},
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
			b := open(t, v.look, serve(t)+v.fragment)
			b.until("window.ebmviz && " + v.step)
			b.drawn(3)
			b.until("document.querySelector('.katex')")
			eval[bool](b, "document.fonts.ready.then(() => true)")
			path := filepath.Join(*shots, v.name+".png")
			if err := os.WriteFile(path, b.screen(), 0o644); err != nil {
				t.Fatal(err)
			}
			b.quiet()
		})
	}
}
