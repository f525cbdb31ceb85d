package main

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"text/tabwriter"
	"time"

	"ebmviz/sim"
)

var quality = flag.Bool("quality", false, "train every method with its defaults, three seeds, and print the table")

// goal is what a method with its defaults is known to reach: figures of an independent
// implementation in another language, on the same datasets.
type goal struct {
	model, data string
	knobs       map[string]any
	auc, nll    float64 // nll: least over β unless the energy is in nats
}

var goals = []goal{
	{"kmeans", "spiral", nil, .923, .61},
	{"softkmeans", "spiral", nil, .930, .515},
	{"maxlik", "spiral", nil, .942, .32},
	{"dae", "spiral", nil, .905, .81},
	{"cd", "spiral", nil, .9315, .56},
	{"cd", "spiral", map[string]any{"variant": "mala"}, .941, .335},
}

// How far below the goal the mean over three seeds may stay.
const aucSlack, nllSlack = .01, .15

func TestQuality(t *testing.T) {
	if !*quality {
		t.Skip("make quality runs it")
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "method\tdata\tseed\tsteps\tseconds\tAUC\tgoal\tceiling\tNLL\tgoal\ttruth\t")
	for _, g := range goals {
		var auc, nll float64
		for seed := uint64(1); seed <= 3; seed++ {
			run, err := sim.NewRun(sim.Config{Model: g.model, Data: g.data, Seed: seed, Knobs: g.knobs}, sim.Parallel())
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			for range run.Card().Steps {
				if err := run.Step(); err != nil {
					t.Fatal(err)
				}
			}
			seconds := time.Since(start).Seconds()
			r := run.Measure()
			score := r.NLLCalibrated
			if run.Card().Nats {
				score = r.NLL
			}
			auc, nll = auc+r.AUC/3, nll+score/3
			name := g.model
			if v, ok := g.knobs["variant"]; ok {
				name += " " + v.(string)
			}
			fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%.1f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n", name, g.data, seed, run.Card().Steps, seconds, r.AUC, g.auc, r.AUCCeiling, score, g.nll, r.TrueNLL)
		}
		if auc < g.auc-aucSlack || nll > g.nll+nllSlack {
			t.Errorf("%s %v on %s: AUC %.3f (goal %.3f), NLL %.3f (goal %.3f)", g.model, g.knobs, g.data, auc, g.auc, nll, g.nll)
		}
	}
	table.Flush()
}
