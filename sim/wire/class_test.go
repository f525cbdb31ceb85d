package wire

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"ebmviz/sim"
)

// TestDecodeClass reads each message about a class, and again from its JSON form.
func TestDecodeClass(t *testing.T) {
	for _, c := range []struct {
		text, permission string
		want             Request
	}{
		{`{"hello":{"member":"0a.1b"}}`, "hello", Request{Verb: "hello", Hello: Hello{Member: "0a.1b"}}},
		{`{"show":{ "room" : "r", "pointer": [0, 1] }}`, "show", Request{Verb: "show", Show: json.RawMessage(`{"room":"r","pointer":[0,1]}`)}},
		{`{"people":{"lock":true}}`, "people.lock", Request{Verb: "people", People: People{Verb: "lock", On: true}}},
		{`{"people":{"lobby":false}}`, "people.lobby", Request{Verb: "people", People: People{Verb: "lobby"}}},
		{`{"people":{"names":false}}`, "people.names", Request{Verb: "people", People: People{Verb: "names"}}},
		{`{"people":{"approve":"all"}}`, "people.approve", Request{Verb: "people", People: People{Verb: "approve", Member: "all"}}},
		{`{"people":{"hand":"0a"}}`, "people.hand", Request{Verb: "people", People: People{Verb: "hand", Member: "0a"}}},
		{`{"people":{"back":true}}`, "people.back", Request{Verb: "people", People: People{Verb: "back"}}},
		{`{"people":{"end":true}}`, "people.end", Request{Verb: "people", People: People{Verb: "end"}}},
		{`{"people":{"between":[10,20]}}`, "people.between", Request{Verb: "people", People: People{Verb: "between", Between: &[2]uint64{10, 20}}}},
		{`{"people":{"between":null}}`, "people.between", Request{Verb: "people", People: People{Verb: "between"}}},
		{`{"people":{"name":"Ada"}}`, "people.name", Request{Verb: "people", People: People{Verb: "name", Name: "Ada"}}},
		{`{"act":{"close":true}}`, "act.close", Request{Verb: "act", Act: Act{Verb: "close"}}},
		{`{"act":{"start":{"kind":"pins","text":"Where?"}}}`, "act.start", Request{Verb: "act", Act: Act{Verb: "start", Start: &ActStart{Kind: Pins, Text: "Where?"}}}},
		{`{"act":{"start":{"kind":"question","text":"1 < 2?","choices":["no","yes"],"again":true}}}`, "act.start",
			Request{Verb: "act", Act: Act{Verb: "start", Start: &ActStart{Kind: Question, Text: "1 < 2?", Choices: []string{"no", "yes"}, Again: true}}}},
		{`{"act":{"reveal":{"right":[1],"why":["a\nb","c"],"circles":[[0,1,0.5]],"names":true}}}`, "act.reveal",
			Request{Verb: "act", Act: Act{Verb: "reveal", Reveal: &ActReveal{Right: []int{1}, Why: []string{"a\nb", "c"}, Circles: [][3]float64{{0, 1, .5}}, Names: true}}}},
		{`{"act":{"answer":{"act":3,"choice":0}}}`, "act.answer", Request{Verb: "act", Act: Act{Verb: "answer", Answer: &ActAnswer{Act: 3, Choice: ptr(0)}}}},
		{`{"act":{"answer":{"act":3,"points":[[0,1],[-1.5,1.5]],"strokes":[1,1]}}}`, "act.answer",
			Request{Verb: "act", Act: Act{Verb: "answer", Answer: &ActAnswer{Act: 3, Points: [][2]float64{{0, 1}, {-1.5, 1.5}}, Strokes: []int{1, 1}}}}},
	} {
		got, err := DecodeRequest([]byte(c.text))
		if err != nil || !reflect.DeepEqual(got, c.want) || got.Permission() != c.permission {
			t.Errorf("%s\n got %+v (%s), %v\nwant %+v", c.text, got, got.Permission(), err, c.want)
		}
		var body any = got.Act
		if got.Verb == "people" {
			body = got.People
		} else if got.Verb != "act" {
			continue
		}
		text, err := json.Marshal(map[string]any{got.Verb: body})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := DecodeRequest(text); err != nil || !reflect.DeepEqual(again, c.want) {
			t.Errorf("%s became %s, which is %+v, %v", c.text, text, again, err)
		}
	}
}

func TestDecodeClassRefuses(t *testing.T) {
	long := strings.Repeat("x", 10000)
	points := strings.TrimSuffix(strings.Repeat("[0,0],", 400), ",")
	for _, c := range []struct{ text, want string }{
		{`{"show":[1]}`, "show must be a JSON object; got [1]"},
		{`{"show":{"a":"` + long + `"}}`, "show has at most 8192 bytes"},
		{`{"show":{"a":[[[[[[1]]]]]]}}`, "nested more than 6 deep"},
		{`{"people":{}}`, "people has one key that says what to do"},
		{`{"people":{"lock":true,"pause":true}}`, "one key that says what to do"},
		{`{"people":{"lock":"yes"}}`, `"lock" of people must be true or false; got "yes"`},
		{`{"people":{"back":false}}`, `"back" of people must be true; got false`},
		{`{"people":{"lokc":true}}`, `did you mean "lock"?`},
		{`{"people":{"between":[20,10]}}`, "the first and the last step"},
		{`{"people":{"between":[1,2,3]}}`, "the first and the last step"},
		{`{"act":{"answer":{"choice":1}}}`, "needs the number of what was asked"},
		{`{"act":{"answer":{"act":1,"points":[[0,null]]}}}`, "must be a list of points [y1,y2]"},
		{`{"act":{"answer":{"act":1,"points":[[0]]}}}`, "must be a list of points [y1,y2]"},
		{`{"act":{"answer":{"act":1,"points":null}}}`, "must be a list of points [y1,y2]"},
		{`{"act":{"answer":{"act":1,"points":[[0,1.51]]}}}`, "in the box from -1.5 to 1.5"},
		{`{"act":{"answer":{"act":1,"points":[[0,1e999]]}}}`, "list of points"},
		{`{"act":{"answer":{"act":1,"points":[` + points + `]}}}`, "at most 60 points [y1,y2] are allowed; got 400"},
		{`{"act":{"answer":{"act":1,"points":[[0,0]],"strokes":[2]}}}`, "add up to the number of points"},
		{`{"act":{"answer":{"act":1,"points":[[0,0],[0,1]],"strokes":[1]}}}`, "add up to the number of points"},
		{`{"act":{"answer":{"act":1,"points":[[0,0]],"strokes":[9223372036854775807,9223372036854775807,3]}}}`, "add up to the number of points"},
		{`{"act":{"answer":{"act":1,"points":[[0,0],[0,1]],"strokes":[3,-1]}}}`, "add up to the number of points"},
		{`{"act":{"start":{"kind":"quiz","text":"?"}}}`, `"kind" of start must be question, pins, drawing or marbles`},
		{`{"act":{"start":{"kind":"question","text":"?"}}}`, "either choices or a place"},
		{`{"act":{"start":{"kind":"question","text":"?","choices":["one"]}}}`, "2 to 8 choices"},
		{`{"act":{"start":{"kind":"question","text":"?","choices":["1","2","3","4","5","6","7","8","9"]}}}`, "at most 8 texts; got 9"},
		{`{"act":{"start":{"kind":"pins","text":"?","choices":["1","2"]}}}`, "only a question has choices"},
		{`{"act":{"start":{"kind":"pins","text":"` + long + `"}}}`, "at most 1000 characters; got 10000"},
		{`{"act":{"start":{"kind":"pins","text":"a\u0000b"}}}`, "cannot be shown: U+0000"},
		{`{"act":{"start":{"kind":"pins","text":"a\u202eb"}}}`, "cannot be shown: U+202E"},
		{`{"act":{"start":{"kind":"pins","text":"?","limit":61}}}`, "from 1 to 60; got 61"},
		{`{"act":{"start":{"kind":"pins","text":"?","limit":-1}}}`, "from 1 to 60; got -1"},
		{`{"act":{"reveal":{"right":[8]}}}`, "the indices of choices"},
		{`{"act":{"reveal":{"right":[-1]}}}`, "the indices of choices"},
		{`{"act":{"reveal":{"circles":[[0,0]]}}}`, "circles [y1,y2,radius]"},
		{`{"act":{"close":true,"open":true}}`, "one key that says what to do"},
	} {
		_, err := DecodeRequest([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s\n got %v\nwant … %s …", c.text, err, c.want)
		}
	}
	_, err := DecodeRequest([]byte(`{"act":{"answer":{"act":1,"points":[` + points + `]}}}`))
	var coded *sim.Error
	if !errors.As(err, &coded) || coded.Code != Quota {
		t.Errorf("400 points: the code of %v is not %s", err, Quota)
	}
}

func TestDecodeJoin(t *testing.T) {
	if code, name, err := DecodeJoin([]byte(`{"code":"K7MX2Q","name":"Ada"}`)); err != nil || code != "K7MX2Q" || name != "Ada" {
		t.Errorf("got %q, %q, %v", code, name, err)
	}
	for text, want := range map[string]string{`{"cdoe":"K"}`: `did you mean "code"?`, `{"code":7}`: "must be the code", ``: "ends too early", `{"code":"K","code":"L"}`: "twice"} {
		if _, _, err := DecodeJoin([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want … %s …", text, err, want)
		}
	}
}
