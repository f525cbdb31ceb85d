package browsertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	cdp "github.com/chromedp/chromedp"
)

// downloads makes the browser save files into a folder, which it returns.
func (b *tab) downloads() string {
	b.Helper()
	dir := b.TempDir()
	_, err := cdp.CallBrowser(b.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: "allow", DownloadPath: dir, BrowserContextID: cdp.FromContext(b.ctx).BrowserContextID})
	if err != nil {
		b.Fatal(err)
	}
	return dir
}

// waitForDownload waits for a file with that ending and reads it.
func (b *tab) waitForDownload(dir, end string) []byte {
	b.Helper()
	for deadline := time.Now().Add(maxWait); ; {
		names, _ := filepath.Glob(filepath.Join(dir, "*"+end))
		if len(names) == 1 {
			text, err := os.ReadFile(names[0])
			if err == nil && len(text) > 0 {
				return text
			}
		}
		if time.Now().After(deadline) {
			b.Fatalf("after %v no file *%s", maxWait, end)
		}
		<-time.After(20 * time.Millisecond) // polls the folder
	}
}

// "Send a colleague exactly this picture": Share, then Picture. It shows what the screen shows; the
// drawing, rendered again, shows it too; and the link opens the same landscape.
func TestSendAColleagueExactlyThisPicture(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"canvas2d light", "webgl2 dark"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := screens[name]
			if !l.webgl {
				longOnly(t)
			}
			server := serve(t)
			b := open(t, l, server+"#model=cd&data=spiral&step=300"+l.renderer())
			b.waitForInstruments()
			b.waitForStep(300)
			b.mouse(input.DispatchMouseEventTypeMousePressed, -.2, -.9) // the path of a point lies over the landscape
			b.mouse(input.DispatchMouseEventTypeMouseReleased, -.2, -.9)
			b.waitFor("document.querySelector('.ask-marks .path')")
			b.mouse(input.DispatchMouseEventTypeMouseMoved, -2.5, 2.2) // on the title, which has no tooltip
			b.waitForStill("#square")
			screen := b.picture("#square")
			dir := b.downloads()
			b.click(`[data-action="share"]`)
			b.waitFor("document.querySelector('#export').open")
			// A code of this address would lead a telephone to itself; TestBehindAProxy sees one of another.
			if here := b.text(`[data-export="here"]`); !strings.Contains(here, "this computer only") || eval[bool](b, "document.querySelector('[data-export=code]').checkVisibility()") {
				t.Errorf("the dialog says %q, or shows a code", here)
			}
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("take-" + strings.ReplaceAll(name, " ", "-"))
			b.click(`[data-export="exportPNG"]`)
			picture := b.waitForDownload(dir, ".png")
			if *shots != "" {
				os.WriteFile(filepath.Join(*shots, "taken-"+strings.ReplaceAll(name, " ", "-")+".png"), picture, 0o644)
			}
			img, err := png.Decode(bytes.NewReader(picture))
			if err != nil {
				t.Fatal(err)
			}
			if w := img.Bounds().Dx(); w < 2*screen.Bounds().Dx() {
				t.Errorf("the picture is %d pixels wide, the square on the screen %d", w, screen.Bounds().Dx())
			}
			// The square of it, at half its size, is the square of the screen.
			if far := meanDifference(screen, img, image.Pt(86, 86), 2); far > 3 {
				t.Errorf("a pixel of the picture is %.1f of 255 off the screen's, on average", far)
			}
			b.click(`[data-export="exportSVG"]`)
			svg := b.waitForDownload(dir, ".svg")
			for _, part := range []string{`class="band"`, `class="contour"`, `class="data"`, `class="up"`, `class="over"`, "step 300"} {
				if !bytes.Contains(svg, []byte(part)) {
					t.Errorf("the drawing has no %s", part)
				}
			}
			link := eval[string](b, "document.querySelector('[data-export=link]').value")
			b.expectEmptyConsole()

			c := open(t, desktop, link)
			c.waitForInstruments()
			c.waitForStep(300)
			// What the server sent is compared, not how the second page draws it.
			if eval[string](c, "[...ebmviz.grid()].join()") != eval[string](b, "[...ebmviz.grid()].join()") {
				t.Error("the link opens another landscape")
			}
			path := filepath.Join(t.TempDir(), "drawing.svg")
			if err := os.WriteFile(path, svg, 0o600); err != nil {
				t.Fatal(err)
			}
			c.do(cdp.Navigate("file://" + path))
			c.savePicture("drawing-" + strings.ReplaceAll(name, " ", "-"))
			drawn := c.picture("svg")
			if far := meanDifference(screen, drawn, image.Pt(43, 43), float64(560)/float64(screen.Bounds().Dx())); far > 12 {
				t.Errorf("a pixel of the drawing is %.1f of 255 off the screen's, on average", far)
			}
		})
	}
}

// meanDifference is how far the colours of a lie from those of b, on average over squares of 16 pixels: b's
// begin at `from` and are `scale` times as dense. How edges are smoothed does not count.
func meanDifference(a, b image.Image, from image.Point, scale float64) float64 {
	sum, n := 0., 0
	const side = 16
	for y := side; y < a.Bounds().Dy()-2*side; y += side {
		for x := side; x < a.Bounds().Dx()-2*side; x += side {
			var d [3]float64
			for i := range side * side {
				u, v := x+i%side, y+i/side
				r, g, bl, _ := a.At(a.Bounds().Min.X+u, a.Bounds().Min.Y+v).RGBA()
				r2, g2, bl2, _ := b.At(b.Bounds().Min.X+from.X+int(float64(u)*scale), b.Bounds().Min.Y+from.Y+int(float64(v)*scale)).RGBA()
				for c, by := range []int{int(r) - int(r2), int(g) - int(g2), int(bl) - int(bl2)} {
					d[c] += float64(by) / 257
				}
			}
			for _, by := range d {
				sum += math.Abs(by) / (side * side)
				n++
			}
		}
	}
	return sum / float64(n)
}

// TestFilmAndFiles records a film and a GIF while a model learns. The links of the dialog give the files of
// the room.
func TestFilmAndFiles(t *testing.T) {
	t.Parallel()
	b := open(t, screen{width: 390, height: 844}, serve(t)+"#model=cd&data=spiral")
	b.waitForInstruments()
	dir := b.downloads()
	share := func() {
		b.click(`[data-action="share"]`)
		b.waitFor("document.querySelector('#export').open")
	}
	share()
	b.checkAccessibility()
	b.checkLayout()
	b.savePicture("take-phone")
	b.click(`[data-export="exportFilm"]`)
	b.waitFor("document.querySelector('[data-export=stop]').textContent.includes('2 s')")
	b.click(`[data-export="stop"]`)
	film := b.waitForDownload(dir, ".webm")
	if !bytes.HasPrefix(film, []byte{0x1a, 0x45, 0xdf, 0xa3}) || !bytes.Contains(film[:200], []byte("webm")) || len(film) < 5000 {
		t.Errorf("the film has %d bytes and begins with %x", len(film), film[:min(8, len(film))])
	}
	share()
	b.click(`[data-export="exportGIF"]`)
	b.waitFor("(light => !light.hidden && light.textContent.includes('2 s'))(document.querySelector('[data-export=stop]'))")
	b.click(`[data-export="stop"]`)
	moving, err := gif.DecodeAll(bytes.NewReader(b.waitForDownload(dir, ".gif")))
	if err != nil {
		t.Fatal(err)
	}
	// How many pictures there are depends on how fast the machine draws; how long they last does not.
	lasts := 0 // hundredths of a second
	for _, delay := range moving.Delay {
		lasts += delay
	}
	if n, size := len(moving.Image), moving.Image[0].Bounds(); n < 2 || lasts < 250 || size.Dx() < 300 || size.Dy() < 300 {
		t.Errorf("the GIF has %d pictures of %v that last %.2f s; it recorded 2 s, and the last stays a second longer", n, size, float64(lasts)/100)
	}
	if of := countColours(moving.Image[0]); of < 20 {
		t.Errorf("the GIF has %d colours", of)
	}
	share()
	for name, want := range map[string]string{"exportScript": "def energy(y)", "exportJSON": `"model":"cd"`, "exportCheckpoint": `"ebmviz/1"`, "exportCurves": "step,loss"} {
		quoted, _ := json.Marshal(want)
		if !eval[bool](b, fmt.Sprintf("fetch(document.querySelector('[data-export=%s]').href).then((a) => a.text()).then((t) => t.includes(%s))", name, quoted)) {
			t.Errorf("%s has no %s", name, want)
		}
	}
	b.expectEmptyConsole()
}

// countColours counts the colours of a picture.
func countColours(m image.Image) int {
	found := map[color.Color]bool{}
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			found[m.At(x, y)] = true
		}
	}
	return len(found)
}
