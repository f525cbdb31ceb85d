package content

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/sim/wire"
)

// whole is a lesson that uses every field of the form.
const whole = `{
	"format": 1, "title": "T", "about": "A.",
	"steps": [{
		"title": "S",
		"open": {"model": "cd", "data": "spiral", "seed": 3, "knobs": {"chain": 5, "data.n": 200}},
		"log": [{"step": 100, "set": {"knob": "kick", "value": 0.5}}, {"step": 100, "set": {"knob": "data.n", "value": 300}}],
		"view": {"range": "plane", "tool": "slice"},
		"say": "One.\n\nTwo $y_1$.",
		"question": {"ask": "Why?", "choices": [{"text": "a", "right": true, "why": "w"}, {"text": "b", "why": "v"}]},
		"stop": {"auc": {"above": 0.9}},
		"seen": "Seen.",
		"try": {"text": "Try.", "do": [{"set": {"knob": "chain", "value": 0}}, {"open": {"model": "dae", "seed": 2}}, {"do": "reset"}, {"seek": {"step": 400}}, {"show": {"as": "3d"}}], "expect": {"gap": {"above": 5, "says": "Try"}}},
		"watch": "knob:chain", "show": ["paths"], "figure": "parts",
		"notes": [{"at": [0.5, -0.5], "text": "here", "tone": "up", "ring": 0.1}],
		"claim": {"auc": {"above": 0.9, "says": "Seen"}},
		"compare": [{"open": {"model": "cd", "seed": 1}, "stop": 100, "do": [{"seek": {"step": 200}}], "symptom": {"gap": {"below": 4, "says": "Seen"}}}],
		"oneSeed": true
	}, {
		"title": "P", "open": {"model": "kmeans", "seed": 1}, "say": "", "seen": "",
		"question": {"ask": "Where?", "place": [[0.5, 0.5, 0.2]], "why": "there"}
	}]
}`

// TestParseLesson: what is read is written again as it was.
func TestParseLesson(t *testing.T) {
	l, err := ParseLesson([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(whole), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is written as\n%s", whole, text)
	}
	if open, ok := l.Steps[0].Try.Do[1].WithSeed(4).Command.(wire.Open); !ok || open.Config.Seed != 6 {
		t.Errorf("the action is %+v", l.Steps[0].Try.Do[1])
	}
	if l.Steps[1].Stop.Step != 0 || l.Steps[1].Stop.When != nil {
		t.Errorf("without stop it is %+v", l.Steps[1].Stop)
	}
}

// TestBadLessons: the error of a bad file says where and what.
func TestBadLessons(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{whole, `[1]`, "this is not a lesson: it must be a JSON object, not array"},
		{whole, whole[:300], "this is not a lesson: it ends too early"},
		{whole, whole + "{}", "this is not a lesson: there is more text after its end"},
		{`"format": 1, `, ``, `a lesson begins with "format": 1`},
		{`"format": 1`, `"format": 2`, "this lesson has format 2; this program reads format 1"},
		{`"title": "T"`, `"title": " "`, "the lesson needs a title"},
		{`"about"`, `"abuot"`, `this is not a lesson: unknown field "abuot"`},
		{`"title": "S"`, `"title": ""`, "step 1: it needs a title"},
		{`"say": "One`, `"sya": "One`, `step 1: unknown field "sya"; did you mean "say"?`},
		{`"seen": "Seen."`, `"seen": 3`, `step 1: field "seen" has the wrong type: number; it must be a text`},
		{`"model": "kmeans"`, `"model": "kmean"`, `step 2: "open": there is no model "kmean"; did you mean "kmeans"?`},
		{`"chain": 5`, `"chian": 5`, `step 1: "open": `},
		{`"chain": 5`, `"chain": "five"`, `step 1: "open": `},
		{`"data": "spiral"`, `"data": "custom"`, `step 1: "open": the data "custom", and only these, have "points"`},
		{`"seed": 3,`, `"seed": 3, "log": [{"step": 1, "set": {"knob": "kick", "value": 0.5}}],`, `step 1: the knobs that are set while it trains stand in "log" of the step, not of "open"`},
		{`"knob": "kick", "value": 0.5`, `"knob": "kick", "value": 900`, `step 1: "log": `},
		{`[{"step": 100`, `[{"step": 101`, `step 1: the entries of "log" are in order of step`},
		{`{"auc": {"above": 0.9}}`, `-1`, `step 1: "stop" must be a step from 1 on, or bounds such as {"auc": {"above": 0.9}}`},
		{`{"auc": {"above": 0.9}}`, `{"auc": {"over": 0.9}}`, `step 1: "stop" must be`},
		{`"right": true, `, ``, "step 1: a question has 2 to 6 choices, and one of them is right; this has 2, and 0 are right"},
		{`"text": "b"`, `"text": ""`, "step 1: a choice of the question is empty"},
		{`"ask": "Why?"`, `"ask": ""`, "step 1: the question is empty"},
		{`"place": [[0.5, 0.5, 0.2]], `, ``, "step 2: a question has choices or places"},
		{`[[0.5, 0.5, 0.2]]`, `[[0.5, 0.5, 0]]`, "step 2: a place of a question is [y1, y2, radius]; got the radius 0"},
		{`{"do": "reset"}`, `{"do": "stop"}`, `step 1: `},
		{`{"do": "reset"}`, `{"view": {}}`, `step 1: an action cannot be "view"; it is one of set, do, open, seek or show`},
		{`{"do": "reset"}`, `{"do": "reset", "show": {}}`, "step 1: an action is an object with one key"},
		{`"watch": "knob:chain"`, `"watch": "knob:chian"`, `step 1: "watch": `},
		{`["paths"]`, `["path"]`, `step 1: there is no layer "path" to show; did you mean "paths"?`},
		{`"figure": "parts"`, `"figure": "all"`, `step 1: there is no figure "all"; there are parts, latent and kmeans`},
		{`"tone": "up"`, `"tone": "red"`, `step 1: the tone of a note is "", "down" or "up"; got "red"`},
		{`"say": "One`, `"say": "` + strings.Repeat("x", maxText), "step 1: a text of a lesson has at most 20000 bytes"},
	} {
		text := strings.Replace(whole, c.old, c.new, 1)
		if text == whole {
			t.Fatalf("%q is not in the lesson", c.old)
		}
		if _, err := ParseLesson([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("with %.60q: %v, want %q", c.new, err, c.want)
		}
	}
}

// TestReadLessons: ids come from the names of files, in order; an error names the file.
func TestReadLessons(t *testing.T) {
	file := &fstest.MapFile{Data: []byte(whole)}
	folder := fstest.MapFS{"10 My lesson!.json": file, "020-b.json": file, "notes.txt": {}}
	l, err := ReadLessons(folder)
	if err != nil || len(l) != 2 || l[0].ID != "b" || l[1].ID != "my-lesson" {
		t.Errorf("%v: %d lessons", err, len(l))
	}
	for name, want := range map[string]string{
		"30-B.json": "020-b.json and 30-B.json have the same id, b",
		"7.json":    "7.json: the name of a lesson's file needs a letter",
		"c.json":    "c.json: this is not a lesson: it ends too early",
	} {
		folder := fstest.MapFS{"020-b.json": file, name: file}
		if name == "c.json" {
			folder[name] = &fstest.MapFile{}
		}
		if _, err := ReadLessons(folder); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// TestProjectLessons: the project's lessons are right also for the methods that they name.
func TestProjectLessons(t *testing.T) {
	for _, l := range Lessons() {
		l.ID = ""
		text, err := json.Marshal(l)
		if err == nil {
			_, err = ParseLesson(text)
		}
		if err != nil {
			t.Errorf("%s: %v", l.Title, err)
		}
	}
}

// TestShown: a page gets no bounds, and the lesson keeps them.
func TestShown(t *testing.T) {
	l, err := ParseLesson([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(l.Shown())
	if err != nil || strings.Contains(string(text), "says") || !strings.Contains(string(text), `"stop":{"auc"`) {
		t.Errorf("%s, %v", text, err)
	}
	if s := l.Steps[0]; len(s.Claim) != 1 || len(s.Compare) != 1 || len(s.Try.Expect) != 1 {
		t.Errorf("the lesson has lost bounds: %+v", s)
	}
}

func FuzzParseLesson(f *testing.F) {
	f.Add([]byte(whole))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := ParseLesson(text)
		if err != nil {
			return
		}
		again, err := json.Marshal(l)
		if err == nil {
			_, err = ParseLesson(again)
		}
		if err != nil {
			t.Errorf("%q is read, and written as %q: %v", text, again, err)
		}
	})
}
