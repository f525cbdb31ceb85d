package browsertest

import (
	"context"
	"log"
	"os"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/chromedp"
)

// browsers are the two processes of Chromium that the tests share, without WebGL and with it. Each
// is started by the first test that needs it.
var browsers [2]struct {
	start sync.Once
	ctx   context.Context // of the process
	stop  context.CancelFunc
	err   error
}

// programDir is where the tests build the program.
var programDir string

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run runs the tests, and afterwards stops the browsers and removes what was built.
func run(m *testing.M) int {
	var err error
	if programDir, err = os.MkdirTemp("", "ebmviz"); err != nil {
		log.Print(err)
		return 1
	}
	defer os.RemoveAll(programDir)
	defer func() {
		for i := range browsers {
			if stop := browsers[i].stop; stop != nil {
				stop()
			}
		}
	}()
	return m.Run()
}

// chromium returns the context of a running Chromium, with WebGL2 in software or with no WebGL.
func chromium(t testing.TB, webgl bool) context.Context {
	t.Helper()
	path := chromiumPath(t)
	options := append(cdp.DefaultExecAllocatorOptions[:], cdp.ExecPath(path), cdp.NoSandbox,
		cdp.Flag("host-resolver-rules", "MAP *.test 127.0.0.1"), // names that are not loopback to the page
		cdp.Flag("disable-quic", true), cdp.Flag("disable-component-update", true))
	b := &browsers[0]
	if webgl {
		b = &browsers[1]
		options = append(options, cdp.Flag("use-angle", "swiftshader"), cdp.Flag("enable-unsafe-swiftshader", true))
	} else {
		options = append(options, cdp.Flag("disable-gpu", true), cdp.Flag("disable-3d-apis", true))
	}
	b.start.Do(func() {
		ctx, stopProcess := cdp.NewExecAllocator(context.Background(), options...)
		ctx, stop := cdp.NewContext(ctx)
		b.ctx, b.stop = ctx, func() { stop(); stopProcess() }
		b.err = cdp.Do(ctx)
	})
	if b.err != nil {
		t.Fatalf("%s does not start: %v", path, b.err)
	}
	return b.ctx
}

// emulateMedia makes the page prefer light or dark colours, and reduced motion or not.
func emulateMedia(dark, reducedMotion bool) cdp.Action[cdp.Void] {
	scheme, motion := "light", "no-preference"
	if dark {
		scheme = "dark"
	}
	if reducedMotion {
		motion = "reduce"
	}
	return func(ctx context.Context, t *cdp.Target) (cdp.Void, error) {
		_, err := cdp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion}}})
		return cdp.Void{}, err
	}
}

// emulateFocus makes the page believe that its window has the focus, whichever other windows there are.
func emulateFocus(ctx context.Context, t *cdp.Target) (cdp.Void, error) {
	_, err := cdp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return cdp.Void{}, err
}
