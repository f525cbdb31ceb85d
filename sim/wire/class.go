package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// Limits of what is said in a class.
const (
	MaxShow      = 8 << 10 // bytes of show
	maxShowDepth = 6
	maxText      = 1000 // characters of a question, or of why a choice is right or wrong
	maxChoice    = 200  // characters of a choice
	maxChoices   = 8
	maxCircles   = 16

	// MaxAnswerPoints is how many points the answer of one person may have.
	MaxAnswerPoints = 60
)

// Quota is the code of an error that something is more than each may have.
const Quota sim.Code = "quota"

// People is one thing done with the people of a class: lock, lobby, approve, remove, hand, back, gather,
// names, pause, between or end by its owner; name or follow by a member. Its JSON form has the verb as its
// one key.
type People struct {
	Verb    string
	On      bool       // of lock, lobby, names, pause, follow
	Member  string     // of approve, remove and hand: the id of a member; approve has also "all"
	Name    string     // of name
	Between *[2]uint64 // of between: the first and the last step; nil for no bounds
}

// MarshalJSON writes {"lock":true}.
func (p People) MarshalJSON() ([]byte, error) {
	var value any = true
	switch p.Verb {
	case "lock", "lobby", "names", "pause", "follow":
		value = p.On
	case "approve", "remove", "hand":
		value = p.Member
	case "name":
		value = p.Name
	case "between":
		value = p.Between
	}
	return json.Marshal(map[string]any{p.Verb: value})
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *People) UnmarshalJSON(text []byte) (err error) {
	*p, err = readPeople(text)
	return err
}

// Act is one thing done with what a class is asked: start, close, open, clear, reveal or end by its owner,
// answer by anybody. Its JSON form has the verb as its one key.
type Act struct {
	Verb   string
	Start  *ActStart  // of start
	Reveal *ActReveal // of reveal
	Answer *ActAnswer // of answer
}

// MarshalJSON writes {"close":true}.
func (a Act) MarshalJSON() ([]byte, error) {
	var value any = true
	switch a.Verb {
	case "start":
		value = a.Start
	case "reveal":
		value = a.Reveal
	case "answer":
		value = a.Answer
	}
	return json.Marshal(map[string]any{a.Verb: value})
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (a *Act) UnmarshalJSON(text []byte) (err error) {
	*a, err = readAct(text)
	return err
}

// ActKind is what a class is asked for.
type ActKind string

const (
	Question ActKind = "question" // one of several choices, or a place in the plane
	Pins     ActKind = "pins"     // places where the energy will go up
	Drawing  ActKind = "drawing"  // points that everybody adds to one set
	Marbles  ActKind = "marbles"  // places where marbles are dropped
)

// ActStart begins an act.
type ActStart struct {
	Kind    ActKind  `json:"kind"`
	Text    string   `json:"text"`
	Choices []string `json:"choices,omitempty"` // of a question
	Place   bool     `json:"place,omitempty"`   // the question asks for a place
	Limit   int      `json:"limit,omitempty"`   // points for each member; 0 for what the kind allows
	Again   bool     `json:"again,omitempty"`   // a second vote on the question that was asked last
}

// ActReveal shows what was answered.
type ActReveal struct {
	Right   []int        `json:"right,omitempty"` // indices of choices
	Why     []string     `json:"why,omitempty"`   // of each choice
	Circles [][3]float64 `json:"circles,omitempty"`
	Names   bool         `json:"names,omitempty"` // who answered what
}

// ActAnswer is the whole answer of one person. An empty one withdraws it.
type ActAnswer struct {
	Act     int64        `json:"act"`
	Choice  *int         `json:"choice,omitempty"`
	Points  [][2]float64 `json:"points,omitempty"`
	Strokes []int        `json:"strokes,omitempty"` // how many of the points belong to each stroke
}

// Permission returns what a client needs to be allowed to send the message: its verb, and for "act" and
// "people" that of its body too, such as "act.start".
func (r *Request) Permission() string {
	switch r.Verb {
	case "act":
		return "act." + r.Act.Verb
	case "people":
		return "people." + r.People.Verb
	}
	return r.Verb
}

// OfClass reports whether the message is about the class and not about the room.
func (r *Request) OfClass() bool { return r.Verb == "act" || r.Verb == "people" || r.Verb == "show" }

func readShow(r *Request, body json.RawMessage) error {
	switch {
	case len(body) > MaxShow:
		return fmt.Errorf("show has at most %d bytes", MaxShow)
	case depth(body) > maxShowDepth:
		return fmt.Errorf("show is nested more than %d deep, which is the limit", maxShowDepth)
	case !bytes.HasPrefix(body, []byte("{")):
		return fmt.Errorf("show must be a JSON object; got %s", excerpt(body))
	}
	var b bytes.Buffer
	if err := json.Compact(&b, body); err != nil {
		return malformed("show", err)
	}
	r.Show = b.Bytes()
	return nil
}

// alone reads an object with exactly one key.
func alone(body []byte, what string, known map[string]field) (key string, err error) {
	n := 0
	one := map[string]field{}
	for k, read := range known {
		one[k] = func(raw json.RawMessage) error {
			n++
			key = k
			return read(raw)
		}
	}
	if err := object(body, what, one); err != nil {
		return "", err
	}
	if n != 1 {
		return "", fmt.Errorf("%s has one key that says what to do: %s", what, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	return key, nil
}

// on reads true.
func on(raw json.RawMessage) error {
	if string(raw) != "true" {
		return fmt.Errorf("must be true; got %s", excerpt(raw))
	}
	return nil
}

// DecodeJoin reads what a person sends who wants to join a class: {"code":"K7MX2Q","name":"Ada"}. The name may
// be missing.
func DecodeJoin(body []byte) (code, name string, err error) {
	err = object(body, "join", map[string]field{"code": into(&code, "the code of a class"), "name": into(&name, "a name")})
	return code, name, err
}

func readPeople(body []byte) (People, error) {
	const flag, member = "true or false", "the id of a member"
	var p People
	verb, err := alone(body, "people", map[string]field{
		"lock": into(&p.On, flag), "lobby": into(&p.On, flag), "names": into(&p.On, flag), "pause": into(&p.On, flag), "follow": into(&p.On, flag),
		"approve": into(&p.Member, member+`, or "all"`), "remove": into(&p.Member, member), "hand": into(&p.Member, member),
		"name": into(&p.Name, "a name"),
		"back": on, "gather": on, "end": on,
		"between": func(raw json.RawMessage) error {
			var steps []uint64
			if json.Unmarshal(raw, &steps) != nil || steps != nil && (len(steps) != 2 || steps[0] > steps[1]) {
				return fmt.Errorf("must be the first and the last step, [100,400], or null; got %s", excerpt(raw))
			}
			if steps != nil {
				p.Between = &[2]uint64{steps[0], steps[1]}
			}
			return nil
		},
	})
	p.Verb = verb
	return p, err
}

func readAct(body []byte) (Act, error) {
	var a Act
	verb, err := alone(body, "act", map[string]field{
		"start":  func(raw json.RawMessage) (err error) { a.Start, err = readStart(raw); return plain(err) },
		"reveal": func(raw json.RawMessage) (err error) { a.Reveal, err = readReveal(raw); return plain(err) },
		"answer": func(raw json.RawMessage) (err error) { a.Answer, err = readAnswer(raw); return plain(err) },
		"close":  on, "open": on, "clear": on, "end": on,
	})
	a.Verb = verb
	return a, err
}

// plain returns an error as the text that follows the name of a field; one with a code stays as it is.
func plain(err error) error {
	var coded *sim.Error
	if err == nil || errors.As(err, &coded) {
		return err
	}
	return fmt.Errorf("is wrong: %w", err)
}

var actKinds = []string{string(Question), string(Pins), string(Drawing), string(Marbles)}

func readStart(body []byte) (*ActStart, error) {
	var s ActStart
	var kind string
	err := object(body, "start", map[string]field{
		"kind":    into(&kind, "question, pins, drawing or marbles"),
		"text":    text(&s.Text, maxText),
		"choices": texts(&s.Choices, maxChoices, maxChoice),
		"place":   into(&s.Place, "true or false"),
		"limit":   into(&s.Limit, "a whole number"),
		"again":   into(&s.Again, "true or false"),
	})
	s.Kind = ActKind(kind)
	switch {
	case err != nil:
		return nil, err
	case !slices.Contains(actKinds, kind):
		return nil, fmt.Errorf(`"kind" of start must be question, pins, drawing or marbles; got %s%s`, quote(kind), ebm.Suggest(kind, actKinds))
	case s.Limit < 0 || s.Limit > MaxAnswerPoints:
		return nil, fmt.Errorf(`"limit" of start must be from 1 to %d; got %d`, MaxAnswerPoints, s.Limit)
	case s.Kind != Question && (s.Choices != nil || s.Place || s.Again):
		return nil, errors.New("only a question has choices, a place or a second vote")
	case s.Kind == Question && !s.Again && s.Place == (s.Choices != nil):
		return nil, errors.New("a question has either choices or a place")
	case s.Choices != nil && len(s.Choices) < 2:
		return nil, fmt.Errorf("a question has 2 to %d choices", maxChoices)
	}
	return &s, nil
}

func readReveal(body []byte) (*ActReveal, error) {
	var v ActReveal
	err := object(body, "reveal", map[string]field{
		"right": func(raw json.RawMessage) error {
			const want = "a list of the indices of choices, from 0"
			if err := into(&v.Right, want)(raw); err != nil {
				return err
			}
			if len(v.Right) > maxChoices || slices.ContainsFunc(v.Right, func(i int) bool { return i < 0 || i >= maxChoices }) {
				return fmt.Errorf("must be %s; got %s", want, excerpt(raw))
			}
			return nil
		},
		"why": texts(&v.Why, maxChoices, maxText),
		"circles": func(raw json.RawMessage) error {
			all, err := numberLists(raw, 3, maxCircles, "circles [y1,y2,radius]")
			for _, c := range all {
				v.Circles = append(v.Circles, [3]float64(c))
			}
			return err
		},
		"names": into(&v.Names, "true or false"),
	})
	return &v, err
}

func readAnswer(body []byte) (*ActAnswer, error) {
	var a ActAnswer
	missing := true
	err := object(body, "answer", map[string]field{
		"act": func(raw json.RawMessage) error {
			missing = false
			return into(&a.Act, "the number of what was asked")(raw)
		},
		"choice": into(&a.Choice, "the index of a choice"),
		"points": func(raw json.RawMessage) error {
			all, err := numberLists(raw, 2, MaxAnswerPoints, "points [y1,y2]")
			for _, y := range all {
				if math.Abs(y[0]) > ebm.L || math.Abs(y[1]) > ebm.L {
					return fmt.Errorf("must lie in the box from -%v to %[1]v; got %v", ebm.L, y)
				}
				a.Points = append(a.Points, [2]float64(y))
			}
			return err
		},
		"strokes": into(&a.Strokes, "a list of how many points each stroke has"),
	})
	switch {
	case err != nil:
		return nil, err
	case missing:
		return nil, errors.New("answer needs the number of what was asked")
	}
	total := 0
	for _, n := range a.Strokes {
		if n < 1 || n > len(a.Points)-total {
			return nil, errors.New(`"strokes" of answer must add up to the number of points`)
		}
		total += n
	}
	if a.Strokes != nil && total != len(a.Points) {
		return nil, errors.New(`"strokes" of answer must add up to the number of points`)
	}
	return &a, nil
}

// numberLists reads a list of at most so many lists of exactly n numbers, none of which is null.
func numberLists(raw json.RawMessage, n, most int, what string) ([][]float64, error) {
	var all [][]*float64
	if string(raw) == "null" || json.Unmarshal(raw, &all) != nil {
		return nil, fmt.Errorf("must be a list of %s; got %s", what, excerpt(raw))
	}
	if len(all) > most {
		return nil, sim.Errorf(Quota, "at most %d %s are allowed; got %d", most, what, len(all))
	}
	out := make([][]float64, len(all))
	for i, values := range all {
		if len(values) != n || slices.Contains(values, nil) {
			return nil, fmt.Errorf("must be a list of %s; got %s", what, excerpt(raw))
		}
		for _, v := range values {
			out[i] = append(out[i], *v)
		}
	}
	return out, nil
}

// text reads a text that is shown to everybody.
func text(p *string, most int) field {
	return func(raw json.RawMessage) error {
		if err := into(p, "a text")(raw); err != nil {
			return err
		}
		return checkText(*p, most)
	}
}

// texts reads a list of texts.
func texts(p *[]string, most, letters int) field {
	return func(raw json.RawMessage) error {
		if err := into(p, "a list of texts")(raw); err != nil {
			return err
		}
		if len(*p) > most {
			return fmt.Errorf("may have at most %d texts; got %d", most, len(*p))
		}
		for _, s := range *p {
			if err := checkText(s, letters); err != nil {
				return err
			}
		}
		return nil
	}
}

func checkText(s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Errorf("may have at most %d characters; got %d", most, n)
	}
	for _, r := range s {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return fmt.Errorf("has a character that cannot be shown: %U", r)
		}
	}
	return nil
}
