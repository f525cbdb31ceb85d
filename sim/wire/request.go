package wire

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/infer"
	"ebmviz/sim"
)

// Request is a message of a client.
type Request struct {
	ID   *int64 // which its answer or error repeats; nil if there is none
	Verb string // the key that names it

	Hello   Hello
	Ack     uint32  // the sequence number of a frame
	Command Command // of set, do, open, view and seek
	Query   Query   // of probe
	Look    Look    // of look
	Fork    *uint64 // the step of fork; nil is the present one

	Show   json.RawMessage // of show: what the driver sees, as an object
	People People          // of people
	Act    Act             // of act
}

// Hello is the first message of a client.
type Hello struct {
	Token   string
	Member  string // the key of a member of the class, ID.SECRET
	Catalog string // the hash of a catalogue that it has; "" to be sent the catalogue
	Enc     Encoding
}

// Query is something that a client wants to know. It changes nothing.
type Query struct {
	Probe *ProbeQuery
	File  string // the name of a file of the room
}

// Answer is what a room answers a query with.
type Answer struct {
	Revision    uint64
	Model, Data string // ids
	Step        uint64 // of the run
	ContentType string
	Body        []byte
}

// ProbeQuery asks for the landscape at and around a point.
type ProbeQuery struct {
	At      r2.Vec
	Options sim.ProbeOptions
}

// reader reads the body of a message.
type reader func(r *Request, body json.RawMessage) error

// clientVerbs lists the messages of a client, and how the body of each is read.
var clientVerbs = func() map[string]reader {
	all := map[string]reader{
		"hello": readHello,
		"ack":   func(r *Request, body json.RawMessage) error { return into(&r.Ack, "the number of a frame")(body) },
		"probe": readProbe,
		"look":  readLook,
		"show":  readShow,
		"people": func(r *Request, body json.RawMessage) (err error) {
			r.People, err = readPeople(body)
			return err
		},
		"act": func(r *Request, body json.RawMessage) (err error) {
			r.Act, err = readAct(body)
			return err
		},
		"fork": func(r *Request, body json.RawMessage) error {
			return object(body, "fork", map[string]field{"step": into(&r.Fork, "a whole number, 0 or more")})
		},
	}
	for verb, read := range clientCommands {
		all[verb] = readCommand(read)
	}
	return all
}()

// Verbs lists the names of the messages of a client.
func Verbs() []string { return slices.Sorted(maps.Keys(clientVerbs)) }

// MaxMessage is how many bytes a client's message may have.
const MaxMessage = 64 << 10

// DecodeRequest reads a message of a client: a JSON object with one key that names it, and "id" if
// it is to be answered. The ID is set also when the rest is in error.
func DecodeRequest(raw []byte) (Request, error) { return decodeRequest(raw, MaxMessage, clientVerbs) }

// DecodeAck reads an acknowledgment that is written without spaces, and has no id, in less time than
// [DecodeRequest], which reads it too.
func DecodeAck(raw []byte) (seq uint32, ok bool) {
	const head = `{"ack":`
	n := len(raw) - 1
	if n <= len(head) || n > len(head)+9 || raw[n] != '}' || string(raw[:len(head)]) != head {
		return 0, false
	}
	for _, digit := range raw[len(head):n] {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		seq = 10*seq + uint32(digit-'0')
	}
	return seq, raw[len(head)] != '0' || n == len(head)+1
}

func decodeRequest(raw []byte, limit int, verbs map[string]reader) (Request, error) {
	var r Request
	if len(raw) > limit {
		return r, fmt.Errorf("a message has at most %d bytes", limit)
	}
	var id int64
	bodies := map[string]json.RawMessage{}
	known := map[string]field{"id": func(raw json.RawMessage) error {
		if err := into(&id, "a whole number")(raw); err != nil {
			return err
		}
		r.ID = &id
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
		r.Verb = verb
		if err := verbs[verb](&r, body); err != nil {
			// A field of an object is named by its error; a plain body is named here.
			if verb == "ack" || verb == "do" {
				return r, fmt.Errorf("%q %w", verb, err)
			}
			return r, err
		}
	}
	return r, nil
}

// someEncoding is what "enc" of hello and look must be.
const someEncoding = `"f32", "compact", "small" or "auto"`

func readHello(r *Request, body json.RawMessage) error {
	return object(body, "hello", map[string]field{
		"token":   into(&r.Hello.Token, "a string"),
		"member":  into(&r.Hello.Member, "the key of a member"),
		"enc":     into(&r.Hello.Enc, someEncoding),
		"catalog": into(&r.Hello.Catalog, "the hash of a catalogue"),
	})
}

func readLook(r *Request, body json.RawMessage) error {
	const side, sections = "a whole number of cells, 4 to 512", "a list of the numbers of sections, each from 1 to 11"
	var ids []int
	l := &r.Look
	err := object(body, "look", map[string]field{
		"enc":      into(&l.Enc, someEncoding),
		"fps":      into(&l.FPS, "a number from 1 to 60"),
		"side":     into(&l.Side, side),
		"sections": into(&ids, sections),
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if id < 1 || id > lastSection {
			return fmt.Errorf(`"sections" of look must be %s; got %d`, sections, id)
		}
		l.Sections |= 1 << id
	}
	switch {
	case l.FPS != 0 && !(l.FPS >= 1 && l.FPS <= 60):
		return fmt.Errorf(`"fps" of look must be a number from 1 to 60; got %v`, l.FPS)
	case l.Side != 0 && (l.Side < 4 || l.Side > sim.MaxGrid):
		return fmt.Errorf(`"side" of look must be %s; got %d`, side, l.Side)
	}
	return nil
}

// maxCoordinate bounds the points that may be probed. The box ends at 1.5, and beyond this bound an
// energy need not be finite.
const maxCoordinate = 1000

func readProbe(r *Request, body json.RawMessage) error {
	const (
		betas = "a number from 1e-6 to 1e6"
		paths = `"descent" or "reconstruct"`
	)
	q := &ProbeQuery{}
	r.Query.Probe = q
	want := fmt.Sprintf("two numbers from -%v to %[1]v", maxCoordinate)
	var y []*float64
	err := object(body, "probe", map[string]field{
		"y":    into(&y, want),
		"beta": into(&q.Options.Beta, betas),
		"way":  into(&q.Options.Path, paths),
	})
	if err != nil {
		return err
	}
	if b := q.Options.Beta; b != 0 && (b < 1e-6 || b > 1e6) {
		return fmt.Errorf(`"beta" of probe must be %s`, betas)
	}
	if w := q.Options.Path; w != "" && w != infer.Descent && w != infer.Reconstruction {
		return fmt.Errorf(`"way" of probe must be %s`, paths)
	}
	within := func(v *float64) bool { return v != nil && math.Abs(*v) <= maxCoordinate } // nil is JSON's null
	if len(y) != 2 || !within(y[0]) || !within(y[1]) {
		return fmt.Errorf(`"y" of probe must be %s`, want)
	}
	q.At = r2.Vec{X: *y[0], Y: *y[1]}
	return nil
}
