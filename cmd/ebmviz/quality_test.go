package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/sched"
)

var quality = flag.String("quality", "", "train every method with its defaults, three seeds, and write what they reach into this file")

// goal is what a method reaches on a dataset where it was tuned: the AUC and the NLL (the
// least over β unless the model has one of its own) of good runs. NaN is no goal.
type goal struct {
	model, data string
	knobs       map[string]any // besides the defaults
	auc, nll    float64
	worst       bool // the goals are the worst of a range over seeds, and nothing is allowed below
}

type set = map[string]any

var no = math.NaN()

// goals holds every method to a figure on the data that it is made for; on the spiral, all
// are run.
var goals = []goal{
	{"kmeans", "spiral", nil, .923, .61, false},
	{"kmeans", "spiral", set{"k": 10}, .826, 1.41, false},
	{"kmeans", "spiral", set{"k": 48}, .933, .45, false},
	{"softkmeans", "spiral", nil, .930, .515, false},
	{"gmm", "spiral", nil, .928, .556, false},
	{"gmm", "spiral", set{"covariance": "full", "k": 20}, .938, .355, false},
	{"pca", "spiral", nil, .631, 2.01, false},
	{"ae", "spiral", nil, .80, no, true},
	{"sparse", "star", nil, .82, 1.47, false},
	{"sparse", "star", set{"k": 5, "nonneg": true}, .851, no, false},
	{"sparse", "spiral", nil, .714, 1.98, false},
	{"lcc", "spiral", nil, .936, .45, false},
	{"lcc", "spiral", set{"lambda": .1}, .934, .50, false},
	{"lcc", "spiral", set{"lambda": 1.}, .925, .63, false},
	{"lcc", "spiral", set{"k": 48}, .940, .41, false},
	{"lista", "spiral", nil, .926, .609, false},
	{"glo", "spiral", nil, .943, .293, false},
	{"glo", "spiral", set{"start": "spectral"}, .943, .300, false},
	{"glo", "moons", nil, .937, .437, false},
	{"vae", "spiral", nil, .917, .98, false},
	{"cae", "spiral", nil, .914, no, false},
	{"cae", "spiral", set{"lambda": .1}, .795, 1.33, false},
	{"dae", "spiral", nil, .905, .81, false},
	{"masked", "spiral", nil, .922, .63, false},
	{"maxlik", "spiral", nil, .942, .32, false},
	{"mc", "spiral", nil, .942, .32, false},
	{"mc", "spiral", set{"proposal": "importance"}, .936, .45, false},
	{"mcmc", "spiral", nil, .937, .44, false},
	{"hmc", "spiral", nil, .935, .51, true},
	{"pcd", "spiral", nil, .936, .47, true},
	{"pcd", "spiral", set{"sampler": "randomwalk"}, .939, .37, true},
	{"pcd", "moons", set{"sampler": "randomwalk"}, no, .321, false},
	{"pcd", "rings", set{"sampler": "randomwalk"}, no, .828, false},
	{"pcd", "gaussians", set{"sampler": "randomwalk"}, no, .697, false},
	{"pcd", "scurve", set{"sampler": "randomwalk"}, no, .438, false},
	{"pcd", "star", set{"sampler": "randomwalk"}, no, .061, false},
	{"cd", "spiral", nil, .930, .58, true},
	{"cd", "spiral", set{"variant": "mala"}, .941, .335, false},
	{"cd", "rings", set{"variant": "mala"}, .900, .818, false},
	{"cd", "star", set{"variant": "mala"}, .955, .065, false},
	{"nce", "spiral", nil, .941, .40, true},
	{"nce", "moons", nil, no, .303, false},
	{"nce", "rings", nil, no, .854, false},
	{"nce", "gaussians", nil, no, .702, false},
	{"nce", "scurve", nil, no, .447, false},
	{"nce", "pinwheel", nil, no, .318, false},
	{"nce", "checkerboard", nil, no, 1.392, false},
	{"nce", "swissroll", nil, no, -.01, false},
	{"nce", "sine", nil, no, .05, false},
	{"nce", "ellipse", nil, no, -.18, false},
	{"nce", "star", nil, no, .10, false},
	{"scorematching", "spiral", nil, .92, .87, true},
	{"scorematching", "rings", nil, .868, 1.64, false},
	{"scorematching", "gaussians", nil, no, 1.15, false},
	{"scorematching", "spiral", set{"variant": "sliced"}, .917, .79, true},
	{"dsm", "spiral", nil, .927, .65, true},
	{"hinge", "spiral", nil, .940, .359, true},
	{"latent", "scurve", set{"branches": 4}, .888, .92, false},
	{"latent", "circle", set{"branches": 2}, .913, no, false},
	{"leastsquares", "scurve", nil, .533, 2.19, false},
	{"leastsquares", "circle", nil, .583, no, false},
}

// How far below a goal the mean over three seeds may stay, unless it is the worst of a range.
const aucSlack, nllSlack = .01, .15

func TestQuality(t *testing.T) {
	if *quality == "" {
		t.Skip("make quality runs it")
	}
	file, err := os.Create(*quality)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := io.MultiWriter(file, os.Stdout)
	fmt.Fprint(w, preface)
	for _, g := range everywhere() {
		line, ok := g.judge(t)
		fmt.Fprintln(w, line)
		if !ok {
			t.Errorf("below its goal: %s", line)
		}
	}
}

const preface = `# What every method reaches

Written by ` + "`make quality`" + `. Each row is a method with its defaults, or with the knobs given, trained with
three seeds on the spiral or on the dataset of its card. AUC measures how well the energy separates fresh
data from uniform points; the ceiling is the AUC of the true density. NLL is that of fresh data in nats,
at the β of the model's density, or at the best β where marked with *; the truth is the NLL of the true density. The goals are the values of
good runs when the defaults were tuned. The mean over the seeds may be worse than a goal by up to 0.01 of
AUC and 0.15 nats. Where the goal is the worst of a range (≥, ≤), the mean must not be worse at all.
Seconds are for one whole training on two cores.

| method | data | steps | seconds | AUC of three seeds | goal | ceiling | NLL of three seeds | goal | truth | |
|---|---|--:|--:|---|--:|--:|---|--:|--:|---|
`

// everywhere adds to the goals the spiral, and the card's own data, for every method.
func everywhere() []goal {
	var all []goal
	for _, card := range shipped() {
		for _, data := range slices.Compact([]string{"spiral", card.Data}) {
			if !slices.ContainsFunc(goals, func(g goal) bool { return g.model == card.ID && g.data == data && g.knobs == nil }) {
				all = append(all, goal{card.ID, data, nil, no, no, false})
			}
		}
		for _, g := range goals {
			if g.model == card.ID {
				all = append(all, g)
			}
		}
	}
	return all
}

// judge trains three times and says how it went, as a line of the table.
func (g goal) judge(t *testing.T) (line string, ok bool) {
	var auc, nll []float64
	var seconds, ceiling, truth float64
	var card ebm.Card
	var own bool // whether it has a β of its own
	for seed := uint64(1); seed <= 3; seed++ {
		run, err := sim.NewRun(sim.Config{Model: g.model, Data: g.data, Seed: seed, Knobs: g.knobs}, sched.Parallel())
		if err != nil {
			t.Fatalf("%+v: %v", g, err)
		}
		card = run.Card()
		start := time.Now()
		for range card.Steps {
			if err := run.Step(); err != nil {
				t.Fatalf("%+v: %v", g, err)
			}
		}
		seconds += time.Since(start).Seconds() / 3
		r := run.Measure()
		own = card.Beta(run.Model()) > 0
		auc, nll = append(auc, r.AUC), append(nll, r.NLL)
		ceiling, truth = r.AUCCeiling, r.TrueNLL
	}
	aucGoal, nllGoal, allowed := g.auc-aucSlack, g.nll+nllSlack, [2]string{"", ""}
	if g.worst {
		aucGoal, nllGoal, allowed = g.auc, g.nll, [2]string{"≥ ", "≤ "}
	}
	ok = !(stat.Mean(auc, nil) < round(aucGoal)) && !(stat.Mean(nll, nil) > round(nllGoal))
	verdict := "reached"
	switch {
	case math.IsNaN(g.auc) && math.IsNaN(g.nll):
		verdict = ""
	case !ok:
		verdict = "**below**"
	}
	calibrated := "*"
	if own {
		calibrated = ""
	}
	name := "`" + g.model + "`"
	for _, knob := range slices.Sorted(maps.Keys(g.knobs)) {
		name += fmt.Sprintf(" %s=%v", knob, g.knobs[knob])
	}
	cells := []string{name, g.data, fmt.Sprint(card.Steps), fmt.Sprintf("%.1f", seconds), list(auc), figure(allowed[0], g.auc), figure("", ceiling),
		list(nll) + calibrated, figure(allowed[1], g.nll), figure("", truth), verdict}
	return "| " + strings.Join(cells, " | ") + " |", ok
}

func list(values []float64) string {
	var text []string
	for _, v := range values {
		text = append(text, fmt.Sprintf("%.3f", v))
	}
	return strings.Join(text, " ")
}

func figure(before string, v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%s%.3f", before, v)
}

// round takes a goal to the digits it is given in, so that 0.92 - 0.01 is 0.91.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }
