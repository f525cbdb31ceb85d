package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/tabwriter"

	"ebmviz/sim/content"
	"ebmviz/sim/trial"
)

type lesson struct {
	Check lessonCheck `cmd:"" help:"Play a lesson and hold its claims to the numbers."`
}

type lessonCheck struct {
	File string `arg:"" type:"path" help:"The lesson, a JSON file."`
}

// Each step is played with its own seed, with which all claims must hold, and with otherSeeds next
// ones, of which all claims must hold with enough.
const (
	otherSeeds = 5
	enough     = 4
)

func (l *lessonCheck) Run(ctx context.Context, m *Main) error {
	text, err := os.ReadFile(l.File)
	if err != nil {
		return usage{err}
	}
	checked, err := content.ParseLesson(text)
	if err != nil {
		return usage{fmt.Errorf("%s: %w", l.File, err)}
	}
	return checkLesson(ctx, m, checked)
}

// checkLesson prints a table of the numbers that the lesson binds. The error says how many steps are
// not as they say.
func checkLesson(ctx context.Context, m *Main, l content.Lesson) error {
	var player trial.Player
	wrong := 0
	for i, s := range l.Steps {
		fmt.Fprintf(m.Stdout, "%d. %s\n", i+1, s.Title)
		c := stepCheck{step: s}
		if err := c.play(ctx, &player); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		c.print(m)
		if faults := c.faults(); len(faults) > 0 {
			wrong++
			for _, f := range faults {
				fmt.Fprintf(m.Stdout, "  FALSE: %s\n", f)
			}
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d steps do not hold", wrong, len(l.Steps))
	}
	return nil
}

// stepCheck are the bounds of a step and their numbers with each seed, the step's own first.
type stepCheck struct {
	step content.LessonStep
	rows []boundRow
}

// boundRow is a bound of the claim, of what is tried, or of a comparison.
type boundRow struct {
	of, name string
	bound    content.Bound
	values   []float64
}

// seeds returns how many seeds are played.
func (c *stepCheck) seeds() int {
	if c.step.OneSeed {
		return 1
	}
	return 1 + otherSeeds
}

// play computes the numbers of all bounds with each seed, on all cores.
func (c *stepCheck) play(ctx context.Context, player *trial.Player) error {
	type job struct {
		trial content.Trial
		rows  []int
	}
	var jobs []job
	add := func(of string, t content.Trial) {
		j := job{trial: t}
		for _, name := range slices.Sorted(maps.Keys(t.Symptom)) {
			j.rows = append(j.rows, len(c.rows))
			c.rows = append(c.rows, boundRow{of, name, t.Symptom[name], make([]float64, c.seeds())})
		}
		jobs = append(jobs, j)
	}
	add("", c.step.Trial())
	if t := c.step.TryTrial(); len(t.Do) > 0 {
		add("try: ", t)
	}
	for i, t := range c.step.Compare {
		add(fmt.Sprintf("comparison %d: ", i+1), t)
	}
	cores := make(chan struct{}, runtime.GOMAXPROCS(0))
	var playing sync.WaitGroup
	failures := make([]error, len(jobs)*c.seeds())
	for i, j := range jobs {
		for k := range c.seeds() {
			cores <- struct{}{}
			playing.Go(func() {
				defer func() { <-cores }()
				if failures[i*c.seeds()+k] = ctx.Err(); ctx.Err() != nil {
					return
				}
				t := withSeed(j.trial, uint64(k))
				o, err := player.Play(t)
				for _, row := range j.rows {
					if err == nil {
						c.rows[row].values[k], err = o.Number(c.rows[row].name)
					}
				}
				failures[i*c.seeds()+k] = err
			})
		}
	}
	playing.Wait()
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

// withSeed returns a trial whose seeds, also of runs that it opens, are so much greater.
func withSeed(t content.Trial, more uint64) content.Trial {
	t.Open.Seed += more
	t.Do = slices.Clone(t.Do)
	for i := range t.Do {
		t.Do[i] = t.Do[i].WithSeed(more)
	}
	return t
}

// faults returns what is false: a bound with the step's own seed, words that no text of the step has,
// or more than one of the other seeds.
func (c *stepCheck) faults() (all []string) {
	texts := strings.Join(c.step.Texts(), "\n")
	good := 0
	for k := range c.seeds() {
		holds := true
		for _, r := range c.rows {
			holds = holds && r.bound.Holds(r.values[k])
		}
		if k > 0 && holds {
			good++
		}
	}
	for _, r := range c.rows {
		if !r.bound.Holds(r.values[0]) {
			all = append(all, fmt.Sprintf("%s%s is %s, not %s", r.of, r.name, number(r.values[0]), r.bound))
		}
		if r.bound.Says != "" && !strings.Contains(texts, r.bound.Says) {
			all = append(all, fmt.Sprintf("no text of the step says %q, which %s is to bind", r.bound.Says, r.name))
		}
	}
	if len(c.rows) == 0 {
		all = append(all, "nothing is claimed")
	}
	if !c.step.OneSeed && good < enough {
		all = append(all, fmt.Sprintf("all bounds hold with %d of %d other seeds; it must be %d", good, otherSeeds, enough))
	}
	return all
}

// print writes a line for each bound: the number, the bound, the values with the other seeds, the words.
func (c *stepCheck) print(m *Main) {
	w := tabwriter.NewWriter(m.Stdout, 0, 0, 2, ' ', 0)
	for _, r := range c.rows {
		others := make([]string, 0, otherSeeds)
		for _, v := range r.values[1:] {
			text := number(v)
			if !r.bound.Holds(v) {
				text += "!"
			}
			others = append(others, text)
		}
		if c.step.OneSeed {
			others = []string{"this seed only"}
		}
		fmt.Fprintf(w, "  %s%s\t%s\t%s\t%s\t%s\n", r.of, r.name, number(r.values[0]), r.bound, strings.Join(others, " "), r.bound.Says)
	}
	w.Flush()
}

func number(v float64) string {
	if math.IsNaN(v) {
		return "none"
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
