package main

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ebmviz/sim/content"
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
				if s.Try != nil && len(s.Try.Expect) > 0 {
					examine(t, s.Title+", tried", s.TryTrial(), s.Texts())
				}
			})
		}
	}
}

// TestLessonsAreWhole: each step asks for a prediction, claims something and gives something to try
// that can be done; sentences end, and what is to be shown exists.
func TestLessonsAreWhole(t *testing.T) {
	for _, l := range content.Lessons() {
		if !strings.HasSuffix(l.About, ".") && !strings.HasSuffix(l.About, "?") {
			t.Errorf("%s needs a sentence on what it is about", l.ID)
		}
		for _, s := range l.Steps {
			if len(s.Claim) == 0 || s.Question == nil || s.Try == nil {
				t.Errorf("%s, %s: a step needs a claim, a question and something to try", l.ID, s.Title)
				continue
			}
			if !strings.HasSuffix(s.Question.Ask, "?") {
				t.Errorf("%s, %s: %q is no question", l.ID, s.Title, s.Question.Ask)
			}
			for _, text := range append(strings.Split(s.Say, "\n\n"), s.Seen, s.Try.Text) {
				if !regexp.MustCompile(`[.?]\$?$`).MatchString(text) {
					t.Errorf("%s, %s: %q is no sentence", l.ID, s.Title, text)
				}
			}
			if !slices.Contains([]string{"", "ask", "slice", "marble", "draw"}, s.View["tool"]) {
				t.Errorf("%s, %s: there is no tool %q", l.ID, s.Title, s.View["tool"])
			}
		}
	}
}

// explained are the sentences on what could be seen that no run can contradict.
var explained = map[string]string{
	"Either can be predicted from the other.":                                                                              "definition",
	"In video prediction, the mean of all possible next frames is a blurred image.":                                        "the lecture",
	"$z$ stands for what $y_1$ does not determine about $y_2$.":                                                            "definition",
	"So contrastive methods also {up|push up} at other points, and they differ in how they choose these.":                  "definition",
	"A well moves only when one of its points is picked.":                                                                  "definition",
	"Low energy at the data is only half of the task.":                                                                     "conclusion",
	"In the plane it is computed exactly, as a sum over a grid.":                                                           "definition",
	"In a million dimensions this is impossible.":                                                                          "the lecture",
	"No sum over the plane was needed to draw them.":                                                                       "definition",
	"In many dimensions nearly all points would be wasted.":                                                                "the lecture",
	"A distribution over a list of tokens is just a list of probabilities.":                                                "definition",
	"A continuous space has no list of outcomes for a softmax; an energy can be low at several answers and needs no list.": "the lecture",
}

// TestWhatIsSeenIsBound: each sentence on what could be seen has a number that binds it, or is
// explained.
func TestWhatIsSeenIsBound(t *testing.T) {
	var says func(trials ...content.Trial) []string
	says = func(trials ...content.Trial) (all []string) {
		for _, trial := range trials {
			for _, b := range trial.Symptom {
				all = append(all, b.Says)
			}
			all = append(all, says(trial.Compare...)...)
		}
		return all
	}
	check := func(title, text string, said []string) {
		for _, sentence := range sentences(text) {
			bound := slices.ContainsFunc(said, func(s string) bool { return strings.Contains(sentence, s) || strings.Contains(s, sentence) })
			if bound == (explained[sentence] != "") {
				t.Errorf("%s: %q must be bound or explained, and not both", title, sentence)
			}
		}
	}
	for _, l := range content.Lessons() {
		for _, s := range l.Steps {
			check(l.ID+", "+s.Title, s.Seen, says(s.Trial(), s.TryTrial()))
		}
	}
	for _, e := range content.Exhibits() {
		all := says(e.Trial)
		for _, c := range e.Cures {
			all = append(all, says(c.Trial)...)
		}
		check(e.ID, e.Diagnosis, all)
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
