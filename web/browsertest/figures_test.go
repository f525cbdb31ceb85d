package browsertest

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"text/tabwriter"
	"time"
)

var figures = flag.Bool("figures", false, "measure how live the page is, and print it")

// TestFigures prints how soon the first landscape is drawn, how many frames a second, and
// how long it takes from a slider's input event to the first frame drawn with the new
// value. Server and browser, which draws in software, share the machine.
func TestFigures(t *testing.T) {
	if !*figures {
		t.Skip("make bench runs it")
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprintln(table, "method\trenderer\tfirst drawn ms\tdrawn/s\tsteps/s\tslider median ms\tp99 ms\t")
	for _, c := range []struct{ model, knob string }{
		{"cd", "kick"}, {"dae", "sigma"}, {"maxlik", "r"},
		{"kmeans", "lr"}, {"softkmeans", "beta"},
	} {
		t.Run(c.model, func(t *testing.T) {
			b := open(t, desktop, serve(t)+"#model="+c.model+"&data=spiral")
			b.drawn(1)
			first := eval[float64](b, "performance.getEntriesByName('first landscape')[0].startTime")
			b.drawn(60)
			const seconds = 5
			frames, steps := eval[float64](b, "ebmviz.frames"), eval[float64](b, "ebmviz.step")
			time.Sleep(seconds * time.Second) // a measurement over a span of time
			perSecond := (eval[float64](b, "ebmviz.frames") - frames) / seconds
			stepsPerSecond := (eval[float64](b, "ebmviz.step") - steps) / seconds

			// A hundred moves of the slider, one every 150 ms or so, each somewhere else.
			latencies := eval[[]float64](b, fmt.Sprintf(`(async () => {
				const e = document.querySelector('[data-knob="%s"]'), lo = +e.min, hi = +e.max, all = [];
				for (let i = 0; i < 100; i++) {
					const n = ebmviz.latencies.length;
					e.value = lo + (hi - lo) * (.35 + .3 * ((i * 37) %% 100) / 100);
					e.dispatchEvent(new Event('input', {bubbles: true}));
					const end = performance.now() + 2000;
					while (ebmviz.latencies.length === n && performance.now() < end) await new Promise(r => setTimeout(r, 5));
					if (ebmviz.latencies.length > n) all.push(ebmviz.latencies.at(-1));
					await new Promise(r => setTimeout(r, 100 + (i * 53) %% 90));
				}
				return all })()`, c.knob))
			slices.Sort(latencies)
			at := func(q float64) float64 { return latencies[min(len(latencies)-1, int(q*float64(len(latencies))))] }
			if len(latencies) < 90 {
				t.Errorf("%s: only %d of 100 moves were answered", c.model, len(latencies))
				return
			}
			fmt.Fprintf(table, "%s\t%s\t%.0f\t%.1f\t%.0f\t%.0f\t%.0f\t\n", c.model, eval[string](b, "ebmviz.renderer"), first, perSecond, stepsPerSecond, at(.5), at(.99))
			b.quiet()
		})
	}
}
