package browsertest

import "testing"

// drawByBoth draws one landscape by WebGL2 and by Canvas2D in either theme. It returns by how much of 255
// their colours differ on average, and by how much those of WebGL2 with contour lines and without do.
const drawByBoth = `(async () => {
	const { createLandscape } = await import(new URL('js/landscape/index.js', document.baseURI).href);
	const n = 64, none = new Float32Array(0), at = (i) => -1.5 + (i + 0.5) * 3 / n;
	const grid = Float32Array.from({ length: n * n }, (_, p) => Math.sin(3 * at(p % n)) * Math.cos(2 * at(Math.floor(p / n))) + 0.3 * at(p % n));
	const frame = { step: 1, generation: 1, nx: n, ny: n, x0: -1.5, x1: 1.5, y0: -1.5, y1: 1.5, lo: Math.min(...grid), hi: 1, grid, pushes: none, paths: none, particles: none, marks: none, field: none, proposals: none };
	const canvas = () => {
		const c = document.createElement('canvas');
		c.style.cssText = 'position: absolute; width: 300px; height: 300px';
		document.body.append(c);
		return c;
	};
	const pixels = (contours, theme, renderer) => {
		const c = canvas();
		const landscape = createLandscape({ canvas: c, overlay: canvas(), bar: canvas(), renderer });
		if (landscape.renderer !== renderer) throw new Error(landscape.renderer);
		const layers = { heat: true, contours };
		landscape.draw(frame, { theme, layers, spacing: 'linear', reducedMotion: true, fps: 1, scale: 1, points: none }, 0);
		const copy = document.createElement('canvas').getContext('2d');
		Object.assign(copy.canvas, { width: c.width, height: c.height });
		copy.drawImage(c, 0, 0);
		landscape.dispose();
		return copy.getImageData(0, 0, copy.canvas.width, copy.canvas.height).data;
	};
	const apart = (a, b) => a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.length;
	const out = [];
	for (const theme of ['light', 'dark']) {
		const card = pixels(true, theme, 'webgl2'), software = pixels(true, theme, 'canvas2d'), bare = pixels(false, theme, 'webgl2');
		out.push(card.length === software.length ? apart(card, software) : -1, apart(card, bare));
	}
	return out;
})()`

// TestBothRenderersDrawTheSamePicture compares their pixels.
func TestBothRenderersDrawTheSamePicture(t *testing.T) {
	b := open(t, screen{width: 1280, height: 800, webgl: true, reducedMotion: true}, serve(t)+"#model=kmeans&step=1")
	b.waitForInstruments()
	got := eval[[]float64](b, drawByBoth)
	for i, theme := range []string{"light", "dark"} {
		apart, lines := got[2*i], got[2*i+1]
		t.Logf("%s: %.2f apart, %.2f by the lines", theme, apart, lines)
		if apart < 0 || apart > 1 || lines < 4*apart {
			t.Errorf("%s: WebGL2 and Canvas2D are %.2f of 255 apart; the lines alone make %.2f", theme, apart, lines)
		}
	}
	b.expectEmptyConsole()
}
