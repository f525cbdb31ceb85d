package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/sim/trial"
)

// A claim binds sentences of a card to numbers that would be others if the sentences were false.
type claim struct {
	card  string
	says  string // sentences of its summary, failure mode or misconception, as written there
	check func(t *testing.T)
}

// An explanation is a sentence of a card that says why, or what the mathematics says. Nothing of a
// run could contradict it; where there is a test of the mathematics, it is named.
type explanation struct {
	card, says string
	test       string
}

// shownBy leaves a claim to the long tests: an exhibit shows the same failure, and each test trains it.
func shownBy(t *testing.T, exhibit string) {
	t.Helper()
	if !slices.ContainsFunc(content.Exhibits(), func(e content.Exhibit) bool { return e.ID == exhibit }) {
		t.Fatalf("there is no exhibit %q", exhibit)
	}
	if os.Getenv("EBMVIZ_LONG") == "" {
		t.Skipf("the exhibit %s shows it; make test-long runs it", exhibit)
	}
}

// TestCards trains the methods as their cards say and holds the cards to the numbers. With -v it
// prints each number beside its bounds.
func TestCards(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains some eighty models")
	}
	for i, c := range cardClaims {
		t.Run(fmt.Sprintf("%s/%d", c.card, i), func(t *testing.T) {
			t.Parallel()
			t.Log(c.says)
			c.check(t)
		})
	}
}

// TestEverySentenceOfACardIsBound finds each sentence of each card in a claim or an explanation, and
// nothing in these that no card says.
func TestEverySentenceOfACardIsBound(t *testing.T) {
	bound := map[string]string{}
	tests := testNames(t)
	for _, c := range cardClaims {
		bound[c.card] += c.says + "\n"
	}
	for _, e := range cardExplanations {
		bound[e.card] += e.says + "\n"
		if e.test != "" && !tests[e.test] {
			t.Errorf("%s: %q is said to be held by %s, which is no test", e.card, e.says, e.test)
		}
	}
	for _, card := range ebm.Cards() {
		text := strings.Join([]string{card.Plain(), card.FailureMode, card.Misconception}, " ")
		for _, s := range sentences(text) {
			if card.ID != "mean" && !strings.Contains(bound[card.ID], s) {
				t.Errorf("%s: no test holds %q", card.ID, s)
			}
		}
		for _, s := range sentences(strings.ReplaceAll(bound[card.ID], "\n", " ")) {
			if !strings.Contains(text, s) {
				t.Errorf("%s: the card does not say %q", card.ID, s)
			}
		}
	}
}

// sentenceEnd ends a sentence: a stop, and a capital letter after it.
var sentenceEnd = regexp.MustCompile(`([.?]) +([A-Z])`)

func sentences(text string) []string {
	return strings.Split(strings.TrimSpace(sentenceEnd.ReplaceAllString(text, "$1\n$2")), "\n")
}

// testNames returns the names of all tests below ebm.
func testNames(t *testing.T) map[string]bool {
	names := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("../../ebm", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range function.FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// knobs are values of knobs that are not the defaults; besides them, "data", "seed" and "steps".
type knobs map[string]any

// trainedRun is a run that has been trained.
type trainedRun struct {
	*sim.Run
	end *trial.Outcome
}

// runOf trains a method for as long as its card says. Each configuration is trained once, also for
// lessons and exhibits.
func runOf(t *testing.T, model string, values knobs) trainedRun {
	t.Helper()
	of := content.Trial{Open: content.Opening{Config: sim.Config{Model: model, Seed: 1, Knobs: map[string]any{}}}}
	untrained := false
	for name, v := range values {
		switch name {
		case "data":
			of.Open.Data = v.(string)
		case "seed":
			of.Open.Seed = uint64(v.(int))
		case "steps":
			of.Stop.Step = uint64(v.(int))
			untrained = v == 0
		default:
			of.Open.Knobs[name] = v
		}
	}
	if untrained { // a trial of no steps has those of the card
		run, err := sim.NewRun(of.Open.Config, ebm.Serial)
		if err != nil {
			t.Fatal(err)
		}
		return trainedRun{Run: run}
	}
	end, err := player.Play(of)
	if err != nil {
		t.Fatal(err)
	}
	return trainedRun{end.Run(), end}
}

// number returns one of the scalars, as the page shows it, or a member of the report.
func (r trainedRun) number(t *testing.T, name string) float64 {
	t.Helper()
	v, err := r.end.Number(name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// is fails the test unless the number lies between the bounds.
func (r trainedRun) is(t *testing.T, name string, above, below float64) {
	t.Helper()
	expect(t, name, r.number(t, name), above, below)
}

// expect fails the test unless above < v < below.
func expect(t *testing.T, what string, v, above, below float64) {
	t.Helper()
	t.Logf("%s: %.4g", what, v)
	if !(v > above && v < below) {
		t.Errorf("%s is %.4g, not between %.4g and %.4g", what, v, above, below)
	}
}

var inf = math.Inf(1)

// TestPushes: where a card says that nothing is pushed up, nothing is; the others push up. Where a
// stage in slow motion says that the energy falls at the points, it does so on average.
func TestPushes(t *testing.T) {
	for _, card := range ebm.Cards() {
		if card.ID == "mean" {
			continue
		}
		start, run := runOf(t, card.ID, knobs{"steps": 0}), runOf(t, card.ID, knobs{"steps": 60})
		up, down := 0, 0
		for _, p := range run.Trace().Pushes {
			if p.Amount > 0 {
				up++
			} else {
				down++
			}
		}
		none := strings.Contains(strings.ToLower(card.Plain()), "nothing is pushed up")
		if none != (up == 0) || none == strings.Contains(card.Summary, "{up|") || down == 0 {
			t.Errorf("%s pushes %d places up and %d down; its card says %q", card.ID, up, down, card.Plain())
		}
		if falls := card.Stages[ebm.StagePull]; strings.Contains(falls, "{down|") {
			before, after := stat.Mean(start.energy(start.Points()...), nil), stat.Mean(run.energy(run.Points()...), nil)
			if !(after < before) {
				t.Errorf("%s: the energy of the data goes from %g to %g; its card says %q", card.ID, before, after, falls)
			}
		} else if none {
			t.Errorf("%s: no stage says that the energy falls", card.ID)
		}
	}
}

func quantile(v []float64, share float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[int(share*float64(len(s)-1))]
}

func median(v []float64) float64 { return quantile(v, .5) }
