package browsertest

import (
	"encoding/base64"
	"image"
	"slices"
	"strings"
	"testing"
)

// pointsCode returns points of the plane as the code of a link.
func pointsCode(points [][2]float64) string {
	var b []byte
	for _, y := range points {
		x1, x2 := int((y[0]+1.5)/3*4095+.5), int((y[1]+1.5)/3*4095+.5)
		n := x1<<12 | x2
		b = append(b, byte(n>>16), byte(n>>8), byte(n))
	}
	return "p." + base64.RawURLEncoding.EncodeToString(b)
}

// Twelve points under 32 wells: the landscape has colours, the page says what is odd, and that the measures
// are taken on the training points.
func TestFewPointsAreDrawnAndNamed(t *testing.T) {
	t.Parallel()
	twelve := [][2]float64{{1, 1}, {1.5, 2}, {1, 2}, {5, 7}, {5.5, 6.5}, {6, 7}, {5, 6}, {9, 1}, {8.5, 1.5}, {9.5, 2}, {8, 1}, {9, 2}}
	for i, y := range twelve {
		twelve[i] = [2]float64{(y[0] - 5.25) / 3.5, (y[1] - 4) / 2.5}
	}
	for name, l := range map[string]screen{"webgl2": {width: 1280, height: 800, webgl: true}, "canvas2d": {width: 1280, height: 800}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if l.webgl {
				longOnly(t)
			}
			b := open(t, l, serve(t)+"#model=kmeans&data=custom&step=50&hide=data,down,marks,contours&points="+pointsCode(twelve)+l.renderer())
			b.waitFor("ebmviz.step >= 50")
			b.waitFor("document.querySelector('#this-step').textContent.startsWith('12 points, 32 wells: at least 20 of the wells have no point of their own. ')")
			b.waitFor("document.querySelector('#figure').textContent.endsWith(' on the training points')")
			b.click("#tab-quality")
			b.waitFor(`/^NLL −?\d+\.\d\d on the training points$/.test(document.querySelector('#figure').textContent)`)
			levels := eval[[]float64](b, "ebmviz.levels().values")
			if lo, hi := levels[0], levels[len(levels)-1]; !(hi > 2*lo && lo >= 0) {
				t.Errorf("the colours go from %v to %v", lo, hi)
			}
			b.waitForPicture("#landscape", func(img image.Image) string {
				if n, _ := colours(img, 0, 0, 0, 0); n < 50 {
					return "it has hardly any colours"
				}
				return ""
			})
			if text := eval[string](b, "document.querySelector('#screen-reader-text').textContent"); !strings.Contains(text, "12 points, 32 wells") {
				t.Errorf("the sentence for screen readers is %q", text)
			}
			b.checkLayout()
		})
	}
}

// Of many points a fifth is drawn hollow, and the measures are on them.
func TestHeldOutPointsAreHollow(t *testing.T) {
	t.Parallel()
	var points [][2]float64
	for i := range 11 {
		for j := range 11 {
			points = append(points, [2]float64{.26*float64(i) - 1.3, .26*float64(j) - 1.3})
		}
	}
	b := open(t, screen{width: 1280, height: 800}, serve(t)+"#model=gmm&data=custom&step=10&hide=up,down,paths,marks,proposals,field,labels&points="+pointsCode(points))
	b.waitFor("ebmviz.step >= 10")
	b.waitFor("document.querySelector('#figure').textContent.endsWith(' on held-out points')")
	held := eval[[]int](b, "ebmviz.held()")
	if len(held) < 10 || len(held) > 45 {
		t.Fatalf("%d of %d points are held out", len(held), len(points))
	}
	// What the overlay has at the middle of each point.
	const middles = `(() => {
		const { width, height } = document.querySelector('#overlay'), ctx = document.querySelector('#overlay').getContext('2d');
		const y = ebmviz.points();
		return Array.from({ length: y.length / 2 }, (_, i) => ctx.getImageData((y[2 * i] + 1.5) / 3 * width, (1.5 - y[2 * i + 1]) / 3 * height, 1, 1).data[3]);
	})()`
	b.waitFor(middles + ".some((alpha) => alpha > 200)")
	for i, alpha := range eval[[]int](b, middles) {
		if hollow := alpha < 128; hollow != slices.Contains(held, i) {
			t.Errorf("point %d is hollow: %v", i, hollow)
		}
	}
	b.savePicture("held-out")
	b.checkLayout()
}
