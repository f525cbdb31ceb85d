package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
	"ebmviz/sim"
)

// request is one decoded message of a client.
type request struct {
	id   *int64 // carried back by the answer or error, if the client sent one
	verb string // the key that names the message

	token   string      // of hello
	catalog string      // of hello: the hash of a catalogue that the client has, or "" to be sent it
	ack     uint32      // of ack: a frame's sequence number
	at      r2.Vec      // of probe
	how     sim.Asking  // likewise
	step    *uint64     // of fork; nil is the present one
	own     string      // of open: somebody's own points, by name or whole
	command sim.Command // of set, do, open, view and seek
}

// verbs lists the messages of a client, and how the body of each is read.
var verbs = map[string]func(r *request, body json.RawMessage) error{
	"hello": readHello,
	"ack":   func(r *request, body json.RawMessage) error { return into(&r.ack, "a frame's number")(body) },
	"set":   readSet,
	"do":    readDo,
	"open":  readOpen,
	"view":  readView,
	"probe": readProbe,
	"seek":  readSeek,
	"fork":  readFork,
}

// decode reads one text message: a JSON object with one key that names it, and an "id" if
// the sender wants to know the answer from others. The id is set as well when the rest is
// in error, so that the error finds its way back.
func decode(raw []byte) (request, error) {
	var r request
	var id int64
	bodies := map[string]json.RawMessage{}
	known := map[string]field{"id": func(raw json.RawMessage) error {
		if err := into(&id, "a whole number")(raw); err != nil {
			return err
		}
		r.id = &id
		return nil
	}}
	for verb := range verbs {
		known[verb] = func(raw json.RawMessage) error {
			bodies[verb] = raw
			return nil
		}
	}
	if err := object(raw, "the message", known); err != nil {
		return r, err
	}
	if len(bodies) != 1 {
		return r, fmt.Errorf("a message has one key that names it, such as \"set\"; this one has %d", len(bodies))
	}
	for verb, body := range bodies {
		r.verb = verb
		if err := verbs[verb](&r, body); err != nil {
			// What is a field of an object says so itself; the plain ones are named here.
			if verb == "ack" || verb == "do" {
				return r, fmt.Errorf("%q %w", verb, err)
			}
			return r, err
		}
	}
	return r, nil
}

func readHello(r *request, body json.RawMessage) error {
	enc := "f32"
	err := object(body, "hello", map[string]field{
		"token":   into(&r.token, "a string"),
		"enc":     into(&enc, `"f32"`),
		"catalog": into(&r.catalog, "the hash of a catalogue"),
	})
	if err == nil && enc != "f32" {
		return fmt.Errorf(`"enc" of hello must be "f32"; got %s`, quote(enc))
	}
	return err
}

func readSet(r *request, body json.RawMessage) error {
	var set sim.Set
	err := object(body, "set", map[string]field{
		"knob": into(&set.Knob, "the name of a knob"),
		"value": func(raw json.RawMessage) error {
			// What the knob allows is for the knob to say; only numbers too large for
			// any knob end here.
			if json.Unmarshal(raw, &set.Value) != nil {
				return fmt.Errorf("must be a number, a word, true or false; got %s", excerpt(raw))
			}
			return nil
		},
	})
	if err == nil && set.Knob == "" {
		return errors.New(`set needs the name of a knob: {"set":{"knob":"k","value":20}}`)
	}
	r.command = set
	return err
}

// deeds are what one can "do".
var deeds = map[string]sim.Command{
	"play":  sim.Play{},
	"pause": sim.Pause{},
	"step":  sim.StepOnce{},
	"reset": sim.Reset{},
}

func readDo(r *request, body json.RawMessage) error {
	var what string
	if err := into(&what, "play, pause, step or reset")(body); err != nil {
		return err
	}
	command, ok := deeds[what]
	if !ok {
		return fmt.Errorf("cannot be %s%s", quote(what), ebm.Suggest(what, slices.Collect(maps.Keys(deeds))))
	}
	r.command = command
	return nil
}

func readOpen(r *request, body json.RawMessage) error {
	c, own, err := readConfig(body)
	r.command, r.own = sim.Reopen{Config: c}, own
	return err
}

// readConfig reads an open object: what a run is made from. Any part may be missing; the
// seed is then 1. Own points are a name or a code, which is still to be looked up or read.
func readConfig(body []byte) (c sim.Config, own string, err error) {
	c.Seed = 1
	err = object(body, "open", map[string]field{
		"model":  into(&c.Model, "the id of a model"),
		"data":   into(&c.Data, "the id of a dataset"),
		"seed":   into(&c.Seed, "a whole number from 0 to 18446744073709551615"),
		"knobs":  into(&c.Knobs, "an object of knobs and their values"),
		"points": into(&own, "a code of points, or the name of points that the server knows"),
	})
	return c, own, err
}

func readView(r *request, body json.RawMessage) error {
	var v sim.SetView
	err := object(body, "view", map[string]field{
		"grid": into(&v.Grid, "a whole number from 16 to 512"),
		"fps":  into(&v.FPS, "a number from 1 to 60"),
		"speed": func(raw json.RawMessage) error {
			if string(raw) == `"auto"` {
				v.Auto = true
				return nil
			}
			return into(&v.Speed, `a number of steps per second, 0 for as fast as possible, or "auto"`)(raw)
		},
		"ledger": into(&v.Ledger, "a whole number of steps from 0 to 100"),
	})
	r.command = v
	return err
}

// farthest bounds the points that may be probed: the box reaches to 1.5, and beyond this
// an energy need not be a number.
const farthest = 1000

// What a probe may say besides the point.
const (
	coldness = "a number from 1e-6 to 1e6"
	ways     = `"descent" or "reconstruct"`
)

func readProbe(r *request, body json.RawMessage) error {
	want := fmt.Sprintf("two numbers from -%v to %[1]v", farthest)
	var y []*float64
	err := object(body, "probe", map[string]field{
		"y":    into(&y, want),
		"beta": into(&r.how.Beta, coldness),
		"way":  into(&r.how.Way, ways),
	})
	if err != nil {
		return err
	}
	if b := r.how.Beta; b != 0 && (b < 1e-6 || b > 1e6) {
		return fmt.Errorf(`"beta" of probe must be %s`, coldness)
	}
	if w := r.how.Way; w != "" && w != infer.Descent && w != infer.Reconstruction {
		return fmt.Errorf(`"way" of probe must be %s`, ways)
	}
	within := func(v *float64) bool { return v != nil && math.Abs(*v) <= farthest } // nil is JSON's null
	if len(y) != 2 || !within(y[0]) || !within(y[1]) {
		return fmt.Errorf(`"y" of probe must be %s`, want)
	}
	r.at = r2.Vec{X: *y[0], Y: *y[1]}
	return nil
}

func readSeek(r *request, body json.RawMessage) error {
	var seek sim.Seek
	missing := true
	err := object(body, "seek", map[string]field{"step": func(raw json.RawMessage) error {
		missing = false
		return into(&seek.Step, "a whole number, 0 or more")(raw)
	}})
	if err == nil && missing {
		return errors.New(`seek needs a step: {"seek":{"step":400}}`)
	}
	r.command = seek
	return err
}

func readFork(r *request, body json.RawMessage) error {
	return object(body, "fork", map[string]field{"step": into(&r.step, "a whole number, 0 or more")})
}
