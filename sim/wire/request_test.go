package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/infer"
	"ebmviz/sim"
)

func ptr[T any](v T) *T { return &v }

func TestDecodeRequest(t *testing.T) {
	for _, c := range []struct {
		text string
		want Request
	}{
		{`{"hello":{}}`, Request{Verb: "hello"}},
		{`{"hello":{"catalog":"a1b2"}}`, Request{Verb: "hello", Hello: Hello{Catalog: "a1b2"}}},
		{`{"hello":{"token":"abc","enc":"f32"},"id":1}`, Request{ID: ptr[int64](1), Verb: "hello", Hello: Hello{Token: "abc"}}},
		{`{"ack":7}`, Request{Verb: "ack", Ack: 7}},
		{`{"set":{"knob":"k","value":20}}`, Request{Verb: "set", Command: Set{Knob: "k", Value: 20.0}}},
		{`{"id":-3,"set":{"value":"lloyd","knob":"update"}}`, Request{ID: ptr[int64](-3), Verb: "set", Command: Set{Knob: "update", Value: "lloyd"}}},
		{`{"set":{"knob":"k","value":null}}`, Request{Verb: "set", Command: Set{Knob: "k"}}},
		{`{"do":"step"}`, Request{Verb: "do", Command: Step}},
		{`{"open":{"model":"dae","seed":18446744073709551615,"knobs":{"sigma":0.1}}}`, Request{Verb: "open",
			Command: Open{Config: sim.Config{Model: "dae", Seed: 1<<64 - 1, Knobs: map[string]any{"sigma": 0.1}}}}},
		{`{"open":{"data":"custom","points":"p.AAAA"}}`, Request{Verb: "open", Command: Open{Config: sim.Config{Data: "custom", Seed: 1}, Points: "p.AAAA"}}},
		{`{"open":{"data":"custom","points":"p.AAAA","axes":{"scale":[1,2]}}}`, Request{Verb: "open",
			Command: Open{Config: sim.Config{Data: "custom", Seed: 1, PointsInfo: otherInfo}, Points: "p.AAAA"}}},
		{`{"open":{"log":[{"step":3,"set":{"knob":"k","value":20}},{"set":{"value":"lloyd","knob":"update"},"step":4}]}}`, Request{Verb: "open",
			Command: Open{Config: sim.Config{Seed: 1, Moves: []sim.Move{{Step: 3, Set: sim.Setting{Knob: "k", Value: 20.0}}, {Step: 4, Set: sim.Setting{Knob: "update", Value: "lloyd"}}}}}}},
		{`{"open":{}}`, Request{Verb: "open", Command: Open{Config: sim.Config{Seed: 1}}}},
		{`{"open":{"seed":0}}`, Request{Verb: "open", Command: Open{}}},
		{`{"view":{"grid":64,"speed":0}}`, Request{Verb: "view", Command: SetView{Grid: ptr(64), Speed: ptr(MaxSpeed)}}},
		{`{"view":{"ledger":10}}`, Request{Verb: "view", Command: SetView{DeltaSpan: ptr(10)}}},
		{`{"probe":{"y":[0.3,-0.2]}}`, Request{Verb: "probe", Query: Query{Probe: &ProbeQuery{At: r2.Vec{X: .3, Y: -.2}}}}},
		{`{"probe":{"y":[0,1],"beta":20,"way":"descent"}}`, Request{Verb: "probe", Query: Query{Probe: &ProbeQuery{At: r2.Vec{Y: 1}, Options: sim.ProbeOptions{Beta: 20, Path: infer.Descent}}}}},
		{`{"fork":{}}`, Request{Verb: "fork"}},
		{`{"fork":{"step":7}}`, Request{Verb: "fork", Fork: ptr[uint64](7)}},
		{`{"view":{"speed":"auto","fps":12}}`, Request{Verb: "view", Command: SetView{Speed: ptr(AutoSpeed), FPS: ptr(12.0)}}},
		{`{"look":{}}`, Request{Verb: "look"}},
		{`{"hello":{"enc":"auto"}}`, Request{Verb: "hello", Hello: Hello{Enc: Auto}}},
		{`{"look":{"enc":"small"}}`, Request{Verb: "look", Look: Look{Enc: Small}}},
		{`{"look":{"enc":"f32","fps":15,"side":64,"sections":[1,5]}}`, Request{Verb: "look", Look: Look{FPS: 15, Side: 64, Sections: 1<<1 | 1<<5}}},
		{" {\"seek\" : {\"step\": 400}} \n", Request{Verb: "seek", Command: Seek{Step: 400}}},
	} {
		got, err := DecodeRequest([]byte(c.text))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\n got %+v, %v\nwant %+v", c.text, got, err, c.want)
		}
	}
}

func TestDecodeRequestRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, "ends too early"},
		{`{"set":`, "ends too early"},
		{`hello`, "not valid JSON"},
		{`[1]`, "must be a JSON object"},
		{`{}`, "one key that names it"},
		{`{"id":4}`, "one key that names it"},
		{`{"ack":1,"do":"play"}`, "this one has 2"},
		{`{"ack":1}{"ack":2}`, "followed by more text"},
		{`{"ack":1,"ack":2}`, `the field "ack" twice`},
		{`{"sett":{}}`, `did you mean "set"?`},
		{`{"Set":{}}`, `did you mean "set"?`},
		{`{"set":{"knob":"k","vlaue":3}}`, `set has no field "vlaue"; did you mean "value"?`},
		{`{"set":{"knob":3,"value":3}}`, `"knob" of set must be the name of a knob; got 3`},
		{`{"set":{"value":3}}`, "needs the name of a knob"},
		{`{"set":{"knob":"k","value":1e999}}`, "1e999"},
		{`{"set":{"knob":"k","value":NaN}}`, "not valid JSON"},
		{`{"set":7}`, "set must be a JSON object; got 7"},
		{`{"do":"paly"}`, `did you mean "play"?`},
		{`{"do":null}`, `"do" must be play, pause`},
		{`{"ack":-1}`, `"ack" must be the number of a frame; got -1`},
		{`{"ack":4294967296}`, "must be the number of a frame"},
		{`{"ack":1,"id":"x"}`, "must be a whole number"},
		{`{"open":{"seed":-1}}`, "must be a whole number from 0"},
		{`{"open":{"knobs":[]}}`, "must be an object of knobs"},
		{`{"open":{"modle":"cd"}}`, `did you mean "model"?`},
		{`{"open":{"axes":{"scale":1}}}`, `"axes" of open is wrong: "scale" of the axes must be two numbers; got 1`},
		{`{"open":{"log":{}}}`, `"log" of open must be a list of moves`},
		{`{"open":{"log":[{"step":3}]}}`, `"log" of open is wrong: a move needs a setting`},
		{`{"open":{"log":[{"step":-1,"set":{"knob":"k","value":1}}]}}`, `"step" of a move must be a whole number`},
		{`{"open":{"log":[{"setp":1}]}}`, `a move has no field "setp"; did you mean`},
		{`{"view":{"grid":1.5}}`, "must be a whole number from 16 to 512"},
		{`{"probe":{"y":[1]}}`, "two numbers"},
		{`{"probe":{"y":[1,2,3]}}`, "two numbers"},
		{`{"probe":{"y":[0,null]}}`, "two numbers"},
		{`{"probe":{"y":[1e300,0]}}`, "from -1000 to 1000"},
		{`{"probe":{}}`, "two numbers"},
		{`{"probe":{"y":[0,0],"beta":-1}}`, "from 1e-6 to 1e6"},
		{`{"probe":{"y":[0,0],"beta":"cold"}}`, "from 1e-6 to 1e6"},
		{`{"probe":{"y":[0,0],"way":"up"}}`, `"descent" or "reconstruct"`},
		{`{"seek":{}}`, "needs a step"},
		{`{"fork":{"step":-1}}`, `"step" of fork must be a whole number, 0 or more`},
		{`{"look":{"sections":[0]}}`, "each from 1 to 11; got 0"},
		{`{"look":{"sections":[12]}}`, "each from 1 to 11; got 12"},
		{`{"look":{"side":2}}`, "4 to 512; got 2"},
		{`{"look":{"fps":61}}`, "from 1 to 60; got 61"},
		{`{"look":{"enc":"gzip"}}`, `must be "f32", "compact", "small" or "auto"; got "gzip"`},
		{`{"load":{}}`, `has no field "load"`},
		{`{"points":{"id":"h.x"}}`, `has no field "points"`},
		{`{"hello":{"enc":"gzip"}}`, `must be "f32", "compact", "small" or "auto"; got "gzip"`},
		{strings.Repeat(`{"a":`, 10000), "nested more than 32 deep, which is the limit"},
		{`{"set":{"knob":"k","value":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}}`, "which is the limit"},
	} {
		_, err := DecodeRequest([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s\n got %v\nwant … %s …", c.text, err, c.want)
		}
	}
}

// TestDecodeRequestError: the id of a message with an error is known, wherever it stands.
func TestDecodeRequestError(t *testing.T) {
	for _, text := range []string{`{"set":{"knob":1},"id":5}`, `{"id":5,"set":{"knob":1}}`, `{"do":"fly","id":5}`,
		`{"sett":{},"id":5}`, `{"do":"play","do":"pause","id":5}`, `{"do":"play","ack":1,"id":5}`} {
		if r, err := DecodeRequest([]byte(text)); err == nil || r.ID == nil || *r.ID != 5 {
			t.Errorf("%s: id %v, error %v", text, r.ID, err)
		}
	}
}

func TestDepth(t *testing.T) {
	for text, want := range map[string]int{`{"a":"[[[["}`: 1, `{"a\"[":[1]}`: 2, `"\\"[[`: 2, ``: 0} {
		if got := depth([]byte(text)); got != want {
			t.Errorf("depth(%s) = %d, want %d", text, got, want)
		}
	}
}

func FuzzDecodeRequest(f *testing.F) {
	for _, s := range []string{
		`{"hello":{"token":"t","enc":"f32"}}`, `{"ack":1}`, `{"set":{"knob":"k","value":1}}`, `{"do":"play"}`, `{"seek":{"step":1}}`, `{"fork":{"step":1}}`,
		`{"open":{"model":"cd","data":"spiral","seed":7,"knobs":{"k":1}}}`, `{"view":{"grid":128,"fps":30,"speed":0}}`, `{"probe":{"y":[0,0]},"id":9}`,
		`{"show":{"room":"r","view":{"grid":"64"},"pointer":[0,1]}}`, `{"people":{"lock":true},"id":1}`, `{"people":{"between":[1,2]}}`, `{"people":{"name":"Ada"}}`,
		`{"act":{"start":{"kind":"question","text":"?","choices":["a","b"],"again":true}}}`, `{"act":{"reveal":{"right":[0],"why":["x"],"circles":[[0,0,1]],"names":true}}}`,
		`{"act":{"answer":{"act":1,"choice":0}}}`, `{"act":{"answer":{"act":1,"points":[[0,1]],"strokes":[1]}}}`, `{"act":{"close":true}}`,
		`{"set":{"knob":"k","value":"é\ud800"}}`, "{\"do\":\"\x80\"}", `{"set":{"knob":"k","value":1e400}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := DecodeRequest(text)
		if err != nil {
			if c := ErrorOf(err); !json.Valid(Message("error", c.JSON(), r.ID)) {
				t.Errorf("the error is no valid JSON: %s", c.JSON())
			}
			return
		}
		if !json.Valid(text) || depth(text) > maxNesting || clientVerbs[r.Verb] == nil {
			t.Errorf("%q was read as %+v", text, r)
		}
		if r.Verb == "people" || r.Verb == "act" {
			body := map[string]any{"people": r.People, "act": r.Act}[r.Verb]
			text, err := json.Marshal(map[string]any{r.Verb: body})
			if err != nil {
				t.Fatal(err)
			}
			again, err := DecodeRequest(text)
			if again.ID = r.ID; err != nil || !sameJSON(again, r) {
				t.Errorf("%+v became %s, which is %+v, %v", r, text, again, err)
			}
		}
		if r.Verb == "show" && (len(r.Show) > MaxShow || depth(r.Show) > maxShowDepth || !json.Valid(r.Show)) {
			t.Errorf("%q is shown as %s", text, r.Show)
		}
		if r.Command == nil {
			return
		}
		once, err := EncodeCommand(r.Command)
		if err != nil {
			t.Fatal(err)
		}
		again, err := DecodeCommand(once)
		if err != nil {
			t.Fatalf("%s: %v", once, err)
		}
		if twice, _ := EncodeCommand(again); !bytes.Equal(twice, once) {
			t.Errorf("%s became %s", once, twice)
		}
	})
}

// sameJSON reports whether two requests about a class tell the same: an empty list tells what a missing one
// does.
func sameJSON(a, b Request) bool {
	one, _ := json.Marshal([]any{a.People, a.Act})
	two, _ := json.Marshal([]any{b.People, b.Act})
	return a.Verb == b.Verb && bytes.Equal(one, two)
}

// TestDecodeAck: what it reads, DecodeRequest reads in the same way; it leaves to that what is written
// otherwise.
func TestDecodeAck(t *testing.T) {
	for text, want := range map[string]bool{
		`{"ack":0}`: true, `{"ack":7}`: true, `{"ack":123456789}`: true,
		`{"ack":}`: false, `{"ack":07}`: false, `{"ack":-1}`: false, `{"ack":1.5}`: false, `{"ack":1e3}`: false, `{"ack":1234567890}`: false,
		`{"ack": 7}`: false, `{"ack":7} `: false, `{"ack":7,"id":1}`: false, `{"acks":7}`: false, `{"ack":7`: false, `{}`: false, ``: false, `}`: false,
	} {
		seq, ok := DecodeAck([]byte(text))
		if ok != want {
			t.Errorf("DecodeAck(%s) reports %v", text, ok)
		}
		if r, err := DecodeRequest([]byte(text)); ok && (err != nil || r.Verb != "ack" || r.Ack != seq || r.ID != nil) {
			t.Errorf("%s is %d, but DecodeRequest reads %+v, %v", text, seq, r, err)
		}
	}
}
