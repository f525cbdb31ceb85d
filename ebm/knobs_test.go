package ebm

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

type toy struct {
	sigma  float64
	k      int
	update string
	jitter bool
}

func declared() (*toy, *Knobs) {
	m := &toy{sigma: .15, k: 32, update: "lloyd", jitter: true}
	k := NewKnobs("dae")
	k.Float(&m.sigma, "sigma", `\sigma`, .02, .5, "wider noise", OnLog, OrZero)
	k.Int(&m.k, "k", "K", 1, 100, "more wells", Restarts)
	k.Choice(&m.update, "update", "", []string{"online", "lloyd"}, "how")
	k.Bool(&m.jitter, "jitter", "", "moves the grid")
	return m, k
}

func TestKnobsSet(t *testing.T) {
	for _, c := range []struct {
		name  string
		value any
		says  string // "" means accepted
	}{
		{"sigma", .02, ""},
		{"sigma", .5, ""},
		{"sigma", 0.0, ""},
		{"sigma", 1, `knob "sigma" must be a number from 0.02 to 0.5, or 0; got 1`},
		{"sigma", .01, `from 0.02 to 0.5`},
		{"sigma", -1.0, "got -1"},
		{"sigma", math.NaN(), "got NaN"},
		{"sigma", math.Inf(1), "got +Inf"},
		{"sigma", 1e308, "got 1e+308"},
		{"sigma", "much", `got "much"`},
		{"sigma", true, "got true"},
		{"sigma", nil, "got nothing"},
		{"sigma", []any{1.0}, "a value that is not a number, string or bool"},
		{"k", 0, "got 0"},
		{"k", 20, ""},
		{"k", 20.0, ""},
		{"k", 20.5, "a whole number from 1 to 100; got 20.5"},
		{"k", 1000000000.0, "got 1e+09"},
		{"update", "online", ""},
		{"update", "onlin", `one of online, lloyd; got "onlin"`},
		{"update", 1.0, "one of online, lloyd; got 1"},
		{"update", strings.Repeat("x", 999), "…"},
		{"update", strings.Repeat("x", 39) + strings.Repeat("é", 9), `x…"`},
		{"jitter", false, ""},
		{"jitter", "false", "true or false"},
		{"sgima", .1, `knob "sgima" does not exist for dae; did you mean "sigma"?`},
		{"zzzzzz", .1, "there are jitter, k, sigma, update"},
	} {
		m, k := declared()
		before := *m
		err := k.Set(c.name, c.value)
		if c.says == "" {
			if err != nil {
				t.Errorf("Set(%q, %v): %v", c.name, c.value, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("Set(%q, %v) = %v, want it to say %q", c.name, c.value, err, c.says)
		}
		if *m != before {
			t.Errorf("Set(%q, %v) was refused and still changed the model to %+v", c.name, c.value, *m)
		}
		if err != nil && len(err.Error()) > 200 {
			t.Errorf("the error is %d bytes long", len(err.Error()))
		}
	}
}

func TestKnobsParse(t *testing.T) {
	m, k := declared()
	for name, text := range map[string]string{"sigma": "2e-1", "k": "7", "update": "online", "jitter": "false"} {
		if err := k.Parse(name, text); err != nil {
			t.Error(err)
		}
	}
	if want := (toy{.2, 7, "online", false}); *m != want {
		t.Errorf("parsed %+v, want %+v", *m, want)
	}
	if err := k.Parse("k", "seven"); err == nil || !strings.Contains(err.Error(), `got "seven"`) {
		t.Errorf("Parse of a word: %v", err)
	}
	if v := k.Values(); v["k"] != 7 || v["sigma"] != .2 || v["update"] != "online" || v["jitter"] != false {
		t.Errorf("Values() = %v", v)
	}
}

func TestKnobJSON(t *testing.T) {
	_, k := declared()
	var x float64
	k.Float(&x, "x", "x", 0, 1, "help", Called("step size"), OnlyFor("update", "online"), Unit("s"))
	text, err := json.Marshal(k.All()[4])
	want := `{"name":"x","label":"step size","symbol":"x","kind":"float","default":0,"min":0,"max":1,"scale":"linear","unit":"s","help":"help","restart":false,"when":{"knob":"update","is":["online"]}}`
	if err != nil || string(text) != want {
		t.Errorf("catalogue entry\n got %s\nwant %s (%v)", text, want, err)
	}
	text, err = json.Marshal(k.All()[0])
	want = `{"name":"sigma","symbol":"\\sigma","kind":"float","default":0.15,"min":0.02,"max":0.5,"scale":"log","zero":true,"help":"wider noise","restart":false}`
	if err != nil || string(text) != want {
		t.Errorf("catalogue entry\n got %s\nwant %s (%v)", text, want, err)
	}
}

func TestInvalidDeclarationsPanic(t *testing.T) {
	x := 2.0
	for name, declare := range map[string]func(k *Knobs){
		"twice":           func(k *Knobs) { k.Float(&x, "x", "x", 0, 3, "help"); k.Float(&x, "x", "x", 0, 3, "help") },
		"no help":         func(k *Knobs) { k.Float(&x, "x", "x", 0, 3, "") },
		"default outside": func(k *Knobs) { k.Float(&x, "x", "x", 0, 1, "help") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			declare(NewKnobs("toy"))
		}()
	}
}
