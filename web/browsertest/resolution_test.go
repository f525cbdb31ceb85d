package browsertest

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/chromedp"
)

// throttle slows the processor of the page down by a factor.
func throttle(rate float64) cdp.Action[cdp.Void] {
	return func(ctx context.Context, t *cdp.Target) (cdp.Void, error) {
		_, err := cdp.Call(ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate})
		return cdp.Void{}, err
	}
}

// TestDrawsFewerPixelsWhereTheMachineIsSlow: on a slow machine the surface is drawn at fewer
// pixels, at more when it is quick again, and at all of them while the run is paused.
func TestDrawsFewerPixelsWhereTheMachineIsSlow(t *testing.T) {
	b := open(t, desktop, serve(t)+"#model=kmeans&data=spiral&k.k=2&view.grid=256&view.fps=20")
	b.waitForFrames(10)
	b.do(throttle(6))
	b.waitFor("ebmviz.resolution < 1 && document.querySelector('#landscape').width < document.querySelector('#overlay').width")
	low := eval[float64](b, "ebmviz.resolution")
	b.waitForFrames(5)
	b.do(throttle(1))
	b.waitFor(fmt.Sprintf("ebmviz.resolution > %g", low))
	b.click(`[data-action="pause"]`)
	b.waitFor("!ebmviz.state.playing && ebmviz.resolution === 1 && document.querySelector('#landscape').width === document.querySelector('#overlay').width")
	b.expectEmptyConsole()
}
