package browsertest

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/chromedp/cdproto/performance"
	cdp "github.com/chromedp/chromedp"
)

var measure = flag.Bool("measure", false, "measure how live the page is, and print it")

// TestMeasurePage prints how soon the first landscape is drawn, how many frames a second, what
// part of its pixels per side, how long the page's scripts and its whole main thread are busy
// for each, and how long it takes from a slider's input event to the first frame drawn with
// the new value. Server and browser, which draws in software, share the machine.
func TestMeasurePage(t *testing.T) {
	if !*measure {
		t.Skip("make bench runs it")
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprintln(table, "method\trenderer\tgrid\tfps\tfirst ms\tdrawn/s\tpixels\tscript ms\ttask ms\tsteps/s\tslider median ms\tp99 ms\t")
	for _, c := range []struct{ model, knob string }{
		{"cd", "kick"}, {"dae", "sigma"}, {"vae", "sigma"}, {"lcc", "lambda"},
	} {
		for _, view := range []struct{ grid, fps int }{{128, 30}, {128, 60}, {256, 30}, {256, 60}} {
			for _, l := range []screen{desktop, {width: 1280, height: 800, webgl: true}} {
				name := map[bool]string{false: "canvas2d", true: "webgl2"}[l.webgl]
				t.Run(fmt.Sprintf("%s/%d@%d/%s", c.model, view.grid, view.fps, name), func(t *testing.T) {
					b := open(t, l, fmt.Sprintf("%s#model=%s&data=spiral&view.grid=%d&view.fps=%d%s", serve(t), c.model, view.grid, view.fps, l.renderer()))
					fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\t%s\t\n", c.model, name, view.grid, view.fps, b.measureDrawing(), b.sliderLatency(c.knob))
					b.expectEmptyConsole()
				})
			}
		}
	}
}

// measureDrawing is a row of the table up to the steps a second.
func (b *tab) measureDrawing() string {
	b.waitForFrames(1)
	first := eval[float64](b, "performance.getEntriesByName('first landscape')[0].startTime")
	b.waitForFrames(60)
	const seconds = 3
	frames, steps, busy := eval[float64](b, "ebmviz.frames"), eval[float64](b, "ebmviz.step"), b.browserMetrics()
	time.Sleep(seconds * time.Second) // a measurement over a span of time
	frames, steps = eval[float64](b, "ebmviz.frames")-frames, eval[float64](b, "ebmviz.step")-steps
	now := b.browserMetrics()
	spent := func(name string) float64 { return 1000 * (now[name] - busy[name]) / frames }
	return fmt.Sprintf("%.0f\t%.1f\t%.2f\t%.1f\t%.1f\t%.0f", first, frames/seconds,
		eval[float64](b, "ebmviz.resolution ?? 0"), spent("ScriptDuration"), spent("TaskDuration"), steps/seconds)
}

// browserMetrics are what the browser counts of the page, durations in seconds.
func (b *tab) browserMetrics() map[string]float64 {
	b.Helper()
	if _, err := cdp.Call(b.ctx, performance.Enable, performance.EnableParams{}); err != nil {
		b.Fatal(err)
	}
	got, err := cdp.Call(b.ctx, performance.GetMetrics, struct{}{})
	if err != nil {
		b.Fatal(err)
	}
	all := map[string]float64{}
	for _, m := range got.Metrics {
		all[m.Name] = m.Value
	}
	return all
}

// sliderLatency is median and 99 % quantile over a hundred moves of a slider, one every
// 80 ms or so, each somewhere else.
func (b *tab) sliderLatency(knob string) string {
	latencies := eval[[]float64](b, fmt.Sprintf(`(async () => {
		const e = document.querySelector('[data-knob="%s"]'), lo = +e.min, hi = +e.max, all = [];
		for (let i = 0; i < 100; i++) {
			const n = ebmviz.latencies.length;
			e.value = lo + (hi - lo) * (.35 + .3 * ((i * 37) %% 100) / 100);
			e.dispatchEvent(new Event('input', {bubbles: true}));
			const end = performance.now() + 2000;
			while (ebmviz.latencies.length === n && performance.now() < end) await new Promise(r => setTimeout(r, 5));
			if (ebmviz.latencies.length > n) all.push(ebmviz.latencies.at(-1));
			await new Promise(r => setTimeout(r, 30 + (i * 53) %% 60));
		}
		return all })()`, knob))
	slices.Sort(latencies)
	if len(latencies) < 90 {
		b.Fatalf("only %d of 100 moves were answered", len(latencies))
	}
	at := func(q float64) float64 { return latencies[min(len(latencies)-1, int(q*float64(len(latencies))))] }
	return fmt.Sprintf("%.0f\t%.0f", at(.5), at(.99))
}
