package browsertest

import (
	"flag"
	"fmt"
	"runtime"
	"testing"
	"time"

	cdproto "github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	jsruntime "github.com/chromedp/cdproto/runtime"
	cdp "github.com/chromedp/chromedp"
)

var soak = flag.Duration("soak", 0, "play for so long, and print the memory of page and server before and after")

// TestSteady prints the memory of page and server, garbage collected, after a minute of playing and
// after the rest of the time. Two runs are compared all the while, at twice their usual speed.
func TestSteady(t *testing.T) {
	if *soak == 0 {
		t.Skip("go test -run TestSteady ./web/browsertest -soak 30m")
	}
	b := open(t, screen{width: 1280, height: 800, timeout: *soak + 3*time.Minute}, serve(t)+"#view.speed=200")
	b.waitForFrames(30)
	b.waitForInstruments()
	b.click(compare)
	b.waitFor("ebmviz.panes.length === 1")
	time.Sleep(min(time.Minute, *soak/4)) // a measurement over a span of time
	fmt.Println("before:", b.memory())
	time.Sleep(*soak)
	fmt.Println("after: ", b.memory())
	b.expectEmptyConsole()
}

// memory returns how many megabytes page and server use, and at which step.
func (b *tab) memory() string {
	b.Helper()
	if _, err := cdp.Call(b.ctx, heapprofiler.CollectGarbage, cdproto.Empty{}); err != nil {
		b.Fatal(err)
	}
	heap, err := cdp.Call(b.ctx, jsruntime.GetHeapUsage, cdproto.Empty{})
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return fmt.Sprintf("page %.1f MB of objects and %.1f MB of buffers, server %.1f MB, at step %d",
		heap.UsedSize/1e6, heap.BackingStorageSize/1e6, float64(m.HeapAlloc)/1e6, eval[int](b, "ebmviz.step"))
}
