package main

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/sim/sched"
)

// TestLessons runs every step of every lesson and holds it to its claim.
func TestLessons(t *testing.T) {
	if testing.Short() {
		t.Skip("it trains some eighty models")
	}
	for _, l := range content.Lessons() {
		for _, s := range l.Steps {
			t.Run(l.ID+"/"+s.Title, func(t *testing.T) {
				t.Parallel()
				examine(t, s.Title, s.Trial(), s.Texts())
			})
		}
	}
}

// TestLessonsAreWhole: each step asks for a prediction, claims something and gives something to try;
// sentences end, questions have an answer, and what is to be looked at exists.
func TestLessonsAreWhole(t *testing.T) {
	layers := []string{"heat", "contours", "labels", "data", "up", "down", "paths", "proposals", "marks", "field"}
	for _, l := range content.Lessons() {
		if l.Title == "" || !strings.HasSuffix(l.About, ".") && !strings.HasSuffix(l.About, "?") || len(l.Steps) == 0 {
			t.Errorf("%s needs a title, a sentence on what it is about, and steps", l.ID)
		}
		for _, s := range l.Steps {
			if len(s.Claim) == 0 {
				t.Errorf("%s, %s: nothing is claimed", l.ID, s.Title)
			}
			for _, text := range append(slices.Clone(s.Say), s.Seen, s.Try) {
				if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?") && !strings.HasSuffix(text, "‖₁.") {
					t.Errorf("%s, %s: %q is no sentence", l.ID, s.Title, text)
				}
			}
			if q := s.Question; !strings.HasSuffix(q.Ask, "?") || len(q.Choices) < 2 || q.Right < 0 || q.Right >= len(q.Choices) {
				t.Errorf("%s, %s: a question that cannot be answered: %+v", l.ID, s.Title, q)
			}
			for _, layer := range s.Show {
				if !slices.Contains(layers, layer) {
					t.Errorf("%s, %s: there is no layer %q", l.ID, s.Title, layer)
				}
			}
			if knob, ok := strings.CutPrefix(s.Watch, "knob:"); ok {
				if run, err := sim.NewRun(s.Open, sched.Parallel()); err != nil || run.Knobs()[knob] == nil {
					t.Errorf("%s, %s: there is no knob %q", l.ID, s.Title, knob)
				}
			}
			if !slices.Contains([]string{"", "parts", "latent", "kmeans"}, s.Figure) {
				t.Errorf("%s, %s: there is no figure %q", l.ID, s.Title, s.Figure)
			}
			if !slices.Contains([]string{"", "slice", "marble", "ledger", "exact", "relief"}, s.Tool) {
				t.Errorf("%s, %s: there is no tool %q", l.ID, s.Title, s.Tool)
			}
		}
	}
}

// TestLectureNamesSteps: LECTURE.md refers to steps that exist, and leaves out no lesson.
func TestLectureNamesSteps(t *testing.T) {
	text, err := os.ReadFile(root + "/LECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	steps, named := map[string]int{}, map[string]bool{}
	for _, l := range content.Lessons() {
		steps[l.ID] = len(l.Steps)
	}
	for _, m := range regexp.MustCompile(`([a-z-]*[a-z])\.([0-9]+)`+"`").FindAllStringSubmatch(string(text), -1) {
		named[m[1]] = true
		if n, err := strconv.Atoi(m[2]); err != nil || n < 1 || n > steps[m[1]] {
			t.Errorf("there is no step %s.%s", m[1], m[2])
		}
	}
	for id := range steps {
		if !named[id] {
			t.Errorf("the lesson %s is not named", id)
		}
	}
}
