package browsertest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	cdp "github.com/chromedp/chromedp"

	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/web"
)

// maxWait is how long a test waits for a condition to hold. Pages that draw by WebGL in software share one
// process, and beside other tests they are slow.
const maxWait = 90 * time.Second

// chromiumPath returns the path of Chromium: best the headless shell, which starts in half the time.
// Without EBMVIZ_BROWSER it skips the test, and with it a missing Chromium fails the test.
func chromiumPath(t testing.TB) string {
	t.Helper()
	if os.Getenv("EBMVIZ_BROWSER") == "" {
		t.Skip("EBMVIZ_BROWSER is not set")
	}
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	t.Fatal("no Chromium was found; install it or name it by CHROMIUM=PATH")
	return ""
}

// longOnly skips a test without EBMVIZ_LONG, which make test-long sets: other tests show nearly the same.
func longOnly(t testing.TB) {
	t.Helper()
	if os.Getenv("EBMVIZ_LONG") == "" {
		t.Skip("make test-long runs it")
	}
}

// serve starts the program's server on a free port of this machine and returns its address.
func serve(t testing.TB) string {
	t.Helper()
	return serveWith(t, web.Options{})
}

// serveWith is serve with options.
func serveWith(t testing.TB, o web.Options) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, listener, o)
}

// serveOn is serveWith on a listener.
func serveOn(t testing.TB, listener net.Listener, o web.Options) string {
	t.Helper()
	server, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	serveAs(t, listener, server)
	return "http://" + listener.Addr().String() + "/"
}

// screen is the window and the preferences that a page is opened with.
type screen struct {
	width, height int
	dark          bool
	webgl         bool          // with WebGL2, in software, which the address has to ask for
	reducedMotion bool          // prefers-reduced-motion
	timeout       time.Duration // how long the test may take; 5 minutes if 0
}

var desktop = screen{width: 1280, height: 800}

// tab is one page of one browser; what it writes to the console is collected.
type tab struct {
	testing.TB
	ctx     context.Context
	mu      sync.Mutex
	console []string
}

// open opens the address in a tab of its own browser context, which shares neither cookies nor
// storage with any other, in one of the two browsers that all tests share.
func open(t testing.TB, l screen, url string) *tab {
	t.Helper()
	ctx, cancel := context.WithTimeout(chromium(t, l.webgl), max(l.timeout, 5*time.Minute))
	ctx, closeTab := cdp.NewContext(ctx, cdp.WithNewBrowserContext())
	t.Cleanup(func() { closeTab(); cancel() })

	b := &tab{TB: t, ctx: ctx}
	b.listen()
	b.do(cdp.EmulateViewport(int64(l.width), int64(l.height)))
	b.do(emulateMedia(l.dark, l.reducedMotion))
	b.do(emulateFocus)
	b.do(cdp.Navigate(url))
	return b
}

func (b *tab) do(a cdp.Action[cdp.Void]) {
	b.Helper()
	if _, err := cdp.Run(b.ctx, a); err != nil {
		b.Fatal(err)
	}
}

// eval returns the value of a JavaScript expression; a promise is waited for.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	v, err := cdp.Run(b.ctx, cdp.Evaluate[T](expression, cdp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// condition is a promise of whether a JavaScript condition holds before the deadline, for a page of
// any browser; the page itself evaluates it every 20 ms.
func condition(js string) string {
	return fmt.Sprintf(`new Promise((resolve, reject) => {
		const end = performance.now() + %d;
		(function check() {
			try {
				if (%s) return resolve(true);
				if (performance.now() > end) return resolve(false);
				setTimeout(check, 20);
			} catch (err) { reject(err) }
		})();
	})`, maxWait.Milliseconds(), js)
}

// waitFor waits for a JavaScript condition to hold.
func (b *tab) waitFor(js string) {
	b.Helper()
	if !eval[bool](b, condition(js)) {
		os.WriteFile(os.TempDir()+"/ebmviz-failed.png", b.screenshot(), 0o644)
		b.Fatalf("after %v it still does not hold: %s\nstate: %s\nconsole: %s", maxWait, js,
			eval[string](b, "JSON.stringify(window.ebmviz?.state ?? null)"), b.consoleText())
	}
}

// waitForFrames waits until n more frames have been drawn.
func (b *tab) waitForFrames(n int) {
	b.Helper()
	b.waitFor("window.ebmviz")
	b.waitFor(fmt.Sprintf("ebmviz.frames >= %d", eval[int](b, "ebmviz.frames")+n))
}

func (b *tab) pngOf(selector string) []byte {
	b.Helper()
	shot, err := cdp.Run(b.ctx, cdp.Screenshot(cdp.CSS(selector)))
	if err != nil {
		b.Fatal(err)
	}
	return shot
}

// screenshot returns a picture of the window.
func (b *tab) screenshot() []byte {
	b.Helper()
	shot, err := cdp.Run(b.ctx, cdp.CaptureScreenshot())
	if err != nil {
		b.Fatal(err)
	}
	return shot
}

func (b *tab) picture(selector string) image.Image {
	b.Helper()
	img, err := png.Decode(bytes.NewReader(b.pngOf(selector)))
	if err != nil {
		b.Fatal(err)
	}
	return img
}

// waitForPicture takes pictures until ok returns "", which otherwise says what is wrong with one.
func (b *tab) waitForPicture(selector string, ok func(image.Image) string) image.Image {
	b.Helper()
	for deadline := time.Now().Add(maxWait); ; {
		img := b.picture(selector)
		wrong := ok(img)
		if wrong == "" {
			return img
		}
		if time.Now().After(deadline) {
			b.Fatalf("after %v still: %s", maxWait, wrong)
		}
	}
}

// waitForStill waits for three pictures in a row that are the same.
func (b *tab) waitForStill(selector string) image.Image {
	b.Helper()
	last, same := b.picture(selector), 1
	return b.waitForPicture(selector, func(img image.Image) string {
		n := differentPixels(last, img)
		if same++; n > 0 {
			same = 1
		}
		last = img
		if same < 3 {
			return fmt.Sprintf("%d pixels of %s change", n, selector)
		}
		return ""
	})
}

// consoleText returns what the page wrote to the console, a line each.
func (b *tab) consoleText() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.console, "\n")
}

// expectEmptyConsole fails the test if the page wrote an error or a warning to the console.
func (b *tab) expectEmptyConsole() {
	b.Helper()
	if said := b.consoleText(); said != "" {
		b.Errorf("the console has:\n%s", said)
	}
}

// colours counts the different colours of a picture, and the pixels within reach of one.
func colours(img image.Image, r, g, bl, reach int) (different, near int) {
	seen := map[[3]uint8]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			r16, g16, b16, _ := img.At(x, y).RGBA()
			c := [3]uint8{uint8(r16 >> 8), uint8(g16 >> 8), uint8(b16 >> 8)}
			seen[c] = true
			if abs(int(c[0])-r) < reach && abs(int(c[1])-g) < reach && abs(int(c[2])-bl) < reach {
				near++
			}
		}
	}
	return len(seen), near
}

func abs(v int) int { return max(v, -v) }
