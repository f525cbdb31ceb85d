package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// maxNesting bounds how deep the JSON of a message may be nested.
const maxNesting = 32

// field says how one key of an object is read.
type field func(raw json.RawMessage) error

// into reads a value into *p; want says what is allowed there.
func into[T any](p *T, want string) field {
	return func(raw json.RawMessage) error {
		if bytes.Equal(raw, []byte("null")) || json.Unmarshal(raw, p) != nil {
			return fmt.Errorf("must be %s; got %s", want, excerpt(raw))
		}
		return nil
	}
}

// object reads a JSON object strictly: each key is a known one and occurs once. what names the
// object in errors. The error is the first one, but all fields are read, so that the id of a
// message with an error is known.
func object(raw []byte, what string, known map[string]field) error {
	if depth(raw) > maxNesting {
		return fmt.Errorf("%s is nested more than %d deep, which is the limit", what, maxNesting)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil {
		return malformed(what, err)
	} else if t != json.Delim('{') {
		return fmt.Errorf("%s must be a JSON object; got %s", what, excerpt(raw))
	}
	var first error
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return malformed(what, err)
		}
		key := t.(string) // the decoder allows nothing else here
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return malformed(what, err)
		}
		read, ok := known[key]
		switch {
		case !ok && first != nil: // the first wrong key is reported
		case !ok:
			err = fmt.Errorf("%s has no field %s%s", what, quote(key), ebm.Suggest(key, slices.Collect(maps.Keys(known))))
		case seen[key]:
			err = fmt.Errorf("%s has the field %s twice", what, quote(key))
		default:
			if err = read(value); err != nil {
				err = fmt.Errorf("%s of %s %w", quote(key), what, err)
			}
		}
		seen[key] = true
		if first == nil {
			first = err
		}
	}
	if _, err := d.Token(); err != nil {
		return malformed(what, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("%s is followed by more text; one message is one JSON object", what)
	}
	return first
}

func malformed(what string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s is not valid JSON: it ends too early", what)
	}
	return fmt.Errorf("%s is not valid JSON: %s", what, strings.TrimPrefix(err.Error(), "json: "))
}

// depth returns how deep the brackets of a text are nested, whether or not it is valid. It is
// called before any parser recurses.
func depth(raw []byte) int {
	deepest, now, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// excerpt returns the beginning of a text, for an error.
func excerpt(raw []byte) string {
	const most = 40
	if len(raw) == 0 {
		return "nothing"
	}
	s := strings.ToValidUTF8(string(raw), "�")
	if len(s) <= most {
		return s
	}
	cut := most
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// quote quotes the beginning of a text, for an error.
func quote(s string) string {
	if s == "" {
		return `""`
	}
	return fmt.Sprintf("%q", excerpt([]byte(s)))
}

// isJSONError reports whether an error comes from a text and not from its reader.
func isJSONError(err error) bool {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	var e *sim.Error
	return errors.As(err, &syntax) || errors.As(err, &wrong) || errors.As(err, &e) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// jsonError describes an error of encoding/json without the names of Go types.
func jsonError(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Sprintf("field %q has the wrong type: %s; it must be %s", wrong.Field, wrong.Value, kindName(wrong.Type.Kind()))
	case errors.As(err, &wrong):
		return "it must be a JSON object, not " + wrong.Value
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// kindName returns what JSON calls the values of a kind of Go.
func kindName(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "a number"
}
