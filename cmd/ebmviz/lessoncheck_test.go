package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ebmviz/sim/content"
)

// kmeansLesson is a lesson of one quick step.
const kmeansLesson = `{"format": 1, "title": "Wells", "about": "Wells.", "steps": [{
	"title": "Four wells", "open": {"model": "kmeans", "data": "circle", "seed": 3, "knobs": {"k": 4, "update": "lloyd"}},
	"say": "Four wells on a circle.", "seen": "Every well has the energy zero.", "stop": 10,
	"claim": {"zeros": {"above": 3.5, "below": 4.5, "says": "the energy zero"}, "marks": {"above": 3.5, "says": "Four wells"}},
	"try": {"text": "Set k to 1.", "do": [{"set": {"knob": "k", "value": 1}}, {"seek": {"step": 5}}], "expect": {"mark_to_mean": {"below": 0.01, "says": "k to 1"}}},
	"compare": [{"open": {"model": "kmeans", "data": "circle", "knobs": {"k": 8}}, "stop": 5, "symptom": {"zeros": {"above": 7.5, "says": "Every well"}}}]
}]}`

func TestLessonCheck(t *testing.T) {
	for _, c := range []struct {
		name     string
		old, new string
		status   int
		want     []string // on standard output
		err      string
	}{
		{"holds", "", "", 0, []string{"1. Four wells", "zeros", "3.5 to 4.5", "4 4 4 4 4", "the energy zero", "try: mark_to_mean", "comparison 1: zeros"}, ""},
		{"false", `"above": 3.5, "below": 4.5`, `"above": 5`, 1, []string{"FALSE: zeros is 4, not above 5", "0 of 5 other seeds"}, "1 of 1 steps do not hold"},
		{"tried in vain", `"below": 0.01`, `"above": 0.01`, 1, []string{"FALSE: try: mark_to_mean is"}, "1 of 1 steps do not hold"},
		{"comparison", `"above": 7.5`, `"below": 7.5`, 1, []string{"FALSE: comparison 1: zeros is 8, not below 7.5"}, "1 of 1 steps do not hold"},
		{"says nothing", `"says": "the energy zero"`, `"says": "the energy one"`, 1, []string{`FALSE: no text of the step says "the energy one", which zeros is to bind`}, "1 of 1 steps do not hold"},
		{"another number", `"zeros": {"above": 3.5`, `"zeroes": {"above": 3.5`, 1, nil, `step 1: there is no number "zeroes"; did you mean "zeros"?`},
		{"nothing", kmeansLesson, `{"format": 1, "title": "T", "about": "", "steps": [{"title": "S", "open": {"model": "kmeans"}, "say": "", "seen": ""}]}`, 1, []string{"FALSE: nothing is claimed"}, ""},
		{"bad", `"kmeans"`, `"kmean"`, 2, nil, `step 1: "open": there is no model "kmean"`},
		{"no lesson", kmeansLesson, `{`, 2, nil, "this is not a lesson: it ends too early"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, errs, status := ebmviz(t, "lesson", "check", file(t, "lesson.json", strings.Replace(kmeansLesson, c.old, c.new, 1)))
			if status != c.status || !strings.Contains(errs, c.err) || strings.Count(errs, "\n") > 1 || (errs == "") != (status == 0) {
				t.Errorf("status %d: %q", status, errs)
			}
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("%q is not in\n%s", want, out)
				}
			}
		})
	}
	if _, errs, status := ebmviz(t, "lesson", "check", "nowhere.json"); status != 2 || strings.Count(errs, "\n") != 1 {
		t.Errorf("a file that does not exist: status %d, %s", status, errs)
	}
}

// TestLessonOfOneSeed: a step that speaks of one seed is played with that only.
func TestLessonOfOneSeed(t *testing.T) {
	text := strings.Replace(kmeansLesson, `"stop": 10,`, `"stop": 10, "oneSeed": true,`, 1)
	out, errs, status := ebmviz(t, "lesson", "check", file(t, "lesson.json", text))
	if status != 0 || !strings.Contains(out, "this seed only") || strings.Contains(out, "4 4 4 4 4") {
		t.Errorf("status %d, %s\n%s", status, errs, out)
	}
}

// TestLessonFolder: --lessons adds the lessons of a folder, and refuses a bad one by name.
func TestLessonFolder(t *testing.T) {
	dir := filepath.Dir(file(t, "1-wells.json", kmeansLesson))
	o, err := (&serve{Lessons: dir}).options(&Main{Stderr: os.Stderr})
	if err != nil || len(o.Lessons) != 1 || o.Lessons[0].ID != "wells" {
		t.Errorf("%v: %+v", err, o.Lessons)
	}
	for name, want := range map[string]string{
		"2-bad.json":      "2-bad.json: this is not a lesson",
		"9-collapse.json": "there are two lessons with the id collapse; rename the file of one",
	} {
		text := `{"title": 3}`
		if name == "9-collapse.json" {
			text = kmeansLesson
		}
		if _, errs, status := ebmviz(t, "--listen", "127.0.0.1:0", "--lessons", filepath.Dir(file(t, name, text))); status != 2 || !strings.Contains(errs, want) {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
	}
	if _, errs, status := ebmviz(t, "--listen", "127.0.0.1:0", "--lessons", filepath.Join(dir, "nowhere")); status != 2 || strings.Count(errs, "\n") != 1 {
		t.Errorf("no folder: status %d, %s", status, errs)
	}
}

// TestLessonsWithSeeds checks every lesson of the project as lesson check does.
func TestLessonsWithSeeds(t *testing.T) {
	if os.Getenv("EBMVIZ_LONG") == "" {
		t.Skip("it trains a thousand models; make test-long runs it")
	}
	for _, l := range content.Lessons() {
		t.Run(l.ID, func(t *testing.T) {
			l.ID = ""
			text, err := json.Marshal(l)
			if err != nil {
				t.Fatal(err)
			}
			out, errs, status := ebmviz(t, "lesson", "check", file(t, "lesson.json", string(text)))
			t.Log(out)
			if status != 0 {
				t.Error(errs)
			}
		})
	}
}
