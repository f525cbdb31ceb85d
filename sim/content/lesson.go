package content

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// LessonFormat is the format of the files that [ParseLesson] reads.
const LessonFormat = 1

// Lesson teaches a part of the theory in a few steps. It is one JSON file. Its texts are Markdown
// with $TeX$; words in {down|…} and {up|…} have the colour of what is pushed down and up.
type Lesson struct {
	Format int          `json:"format"`
	ID     string       `json:"id,omitempty"`    // the name of its file, without number and ending; not in the file itself
	Added  bool         `json:"added,omitempty"` // it is none of the project's, but was given to the server; not in the file
	Title  string       `json:"title"`
	About  string       `json:"about"` // what it shows, in a sentence
	Steps  []LessonStep `json:"steps"`
}

// LessonStep is a configuration, a prediction, what can be seen at a telling moment of the training,
// and what must hold then.
type LessonStep struct {
	Title string `json:"title"`

	Open Opening           `json:"open"`
	Log  []sim.Move        `json:"log,omitempty"`  // the knobs that are set while it trains, in order of step
	View map[string]string `json:"view,omitempty"` // how it is shown: the view.NAME parameters of a link

	Say      string    `json:"say"`                // before the run
	Question *Question `json:"question,omitempty"` // a prediction, asked before the run
	Stop     Stop      `json:"stop,omitzero"`      // when the run stops
	Seen     string    `json:"seen"`               // after the run: what could be seen, and why
	Try      *Try      `json:"try,omitempty"`      // what to do then

	Watch  string   `json:"watch,omitempty"`  // the part of the page to look at
	Show   []string `json:"show,omitempty"`   // layers that are off otherwise
	Figure string   `json:"figure,omitempty"` // a diagram under the text: parts, latent or kmeans
	Notes  []Note   `json:"notes,omitempty"`  // labels on the landscape

	// Claim bounds some of the numbers of the run at its stop, and Compare those of other runs
	// that the step speaks of. They bind what the step says.
	Claim   map[string]Bound `json:"claim,omitempty"`
	Compare []Trial          `json:"compare,omitempty"`

	// OneSeed says that the text speaks of one special seed: with others the claim may be false.
	OneSeed bool `json:"oneSeed,omitempty"`
}

// Opening is a configuration as the command "open" has it, where points are written as their code.
type Opening struct {
	sim.Config
	Code string // of the points; "" for none
}

// UnmarshalJSON reads the body of the command "open".
func (o *Opening) UnmarshalJSON(text []byte) error {
	open, err := wire.DecodeOpen(text)
	if err == nil && open.Points != "" {
		open.Config.Points, err = wire.DecodePoints(open.Points)
	}
	o.Config, o.Code = open.Config, open.Points
	return err
}

// MarshalJSON writes the body of the command "open".
func (o Opening) MarshalJSON() ([]byte, error) {
	c := wire.Open{Config: o.Config, Points: o.Code}
	c.Config.Points = nil
	text, err := wire.EncodeCommand(c)
	if err != nil {
		return nil, err
	}
	var command struct{ Open json.RawMessage }
	err = json.Unmarshal(text, &command)
	return command.Open, err
}

// Question is a prediction: one of some choices, or a place on the landscape.
type Question struct {
	Ask     string   `json:"ask"`
	Choices []Choice `json:"choices,omitempty"`

	// Place are circles (y1, y2, radius): a place within any of them is right.
	Place [][3]float64 `json:"place,omitempty"`
	Why   string       `json:"why,omitempty"` // of a place: why it is there
}

// Choice is an answer.
type Choice struct {
	Text  string `json:"text"`
	Right bool   `json:"right,omitempty"`
	Why   string `json:"why,omitempty"` // why it is right or wrong
}

// Stop is the telling moment of a run. The zero Stop is the number of steps that the method's card
// says.
type Stop struct {
	Step uint64           // the step; 0 if there is a condition, or none of both
	When map[string]Bound // or the first step, among the multiples of [StopEvery], where these hold
}

// StopEvery is how often a condition of a [Stop] is tested, in steps.
const StopEvery = 10

// UnmarshalJSON reads a number of steps or bounds.
func (s *Stop) UnmarshalJSON(text []byte) error {
	*s = Stop{}
	if json.Unmarshal(text, &s.Step) == nil && s.Step > 0 {
		return nil
	}
	if wire.DecodeStrictly(text, &s.When) != nil || len(s.When) == 0 {
		return fmt.Errorf(`"stop" must be a step from 1 on, or bounds such as {"auc": {"above": 0.9}}`)
	}
	return nil
}

// MarshalJSON writes a number of steps or bounds.
func (s Stop) MarshalJSON() ([]byte, error) {
	if s.When != nil {
		return json.Marshal(s.When)
	}
	return json.Marshal(s.Step)
}

// Try is something to do at the end of a step, and the numbers that it leads to.
type Try struct {
	Text   string           `json:"text"`
	Do     []Action         `json:"do,omitempty"`
	Expect map[string]Bound `json:"expect,omitempty"`
}

// Action is something that a reader does: a command to the room, or a change of what the page shows,
// written {"show": {"tool": "slice"}}, by the view.NAME parameters of a link.
type Action struct {
	Command wire.Command // nil if Show is not
	Show    map[string]string
}

// WithSeed returns the action with a seed that is so much greater, where it opens a run.
func (a Action) WithSeed(more uint64) Action {
	if open, ok := a.Command.(wire.Open); ok {
		open.Config.Seed += more
		a.Command = open
	}
	return a
}

// actionVerbs are the commands that an action may be.
const actionVerbs = "set, do, open, seek or show"

// UnmarshalJSON reads {"set": …}, {"do": …}, {"open": …}, {"seek": …} or {"show": …}.
func (a *Action) UnmarshalJSON(text []byte) error {
	*a = Action{}
	var verbs map[string]json.RawMessage
	if json.Unmarshal(text, &verbs) != nil || len(verbs) != 1 {
		return errors.New("an action is an object with one key: " + actionVerbs)
	}
	for verb, body := range verbs {
		switch verb {
		case "show":
			if json.Unmarshal(body, &a.Show) != nil {
				return errors.New(`"show" must be an object of view parameters and their texts`)
			}
		case "set", "do", "seek":
			var err error
			a.Command, err = wire.DecodeCommand(text)
			return err
		case "open":
			var o Opening
			err := o.UnmarshalJSON(body)
			a.Command = wire.Open{Config: o.Config, Points: o.Code}
			return err
		default:
			return fmt.Errorf("an action cannot be %q; it is one of %s", verb, actionVerbs)
		}
	}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (a Action) MarshalJSON() ([]byte, error) {
	switch c := a.Command.(type) {
	case nil:
		return json.Marshal(map[string]any{"show": a.Show})
	case wire.Open:
		return json.Marshal(map[string]any{"open": Opening{c.Config, c.Points}})
	}
	return wire.EncodeCommand(a.Command)
}

// Note is a label on the landscape.
type Note struct {
	At   [2]float64 `json:"at"`
	Text string     `json:"text"`
	Tone string     `json:"tone,omitempty"` // "down" and "up" have the colours of the pushes
	Ring float64    `json:"ring,omitempty"` // the radius of a circle round the point; 0 for none
}

// Trial returns the run of a step with its claim.
func (s LessonStep) Trial() Trial {
	return Trial{Open: s.Open, Log: s.Log, Stop: s.Stop, Symptom: s.Claim, Compare: s.Compare}
}

// TryTrial returns the run of a step after what it gives to try, with what is expected then.
func (s LessonStep) TryTrial() Trial {
	t := Trial{Open: s.Open, Log: s.Log, Stop: s.Stop}
	if s.Try != nil {
		t.Do, t.Symptom = s.Try.Do, s.Try.Expect
	}
	return t
}

// Shown returns what a page needs to play the lesson: all but the bounds that bind its words.
func (l Lesson) Shown() Lesson {
	l.Steps = slices.Clone(l.Steps)
	for i := range l.Steps {
		s := &l.Steps[i]
		s.Claim, s.Compare = nil, nil
		if s.Try != nil {
			s.Try = &Try{Text: s.Try.Text, Do: s.Try.Do}
		}
	}
	return l
}

// Texts returns all that a step says.
func (s LessonStep) Texts() []string {
	texts := []string{s.Title, s.Say, s.Seen}
	if s.Try != nil {
		texts = append(texts, s.Try.Text)
	}
	if q := s.Question; q != nil {
		texts = append(texts, q.Ask, q.Why)
		for _, c := range q.Choices {
			texts = append(texts, c.Text, c.Why)
		}
	}
	for _, n := range s.Notes {
		texts = append(texts, n.Text)
	}
	return texts
}

// What a lesson may have. A user's file is held to it, so that one file cannot fill a page or a
// browser.
const (
	MaxLesson      = 1 << 20 // bytes of a file
	maxLessonSteps = 50
	maxText        = 20_000 // bytes of one text
	maxChoices     = 6
	maxPlaces      = 20
	maxNotes       = 20
)

// ParseLesson reads a lesson. The error names the step and what is wrong in it.
func ParseLesson(text []byte) (Lesson, error) {
	l, err := parseForm(text)
	if err != nil {
		return l, err
	}
	for i, s := range l.Steps {
		if err := s.checkRun(); err != nil {
			return l, fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return l, nil
}

// parseForm reads a lesson without a look at the methods that it names.
func parseForm(text []byte) (Lesson, error) {
	var file struct {
		Format int               `json:"format"`
		Title  string            `json:"title"`
		About  string            `json:"about"`
		Steps  []json.RawMessage `json:"steps"`
	}
	if len(text) > MaxLesson {
		return Lesson{}, fmt.Errorf("a lesson has at most %d bytes; this has %d", MaxLesson, len(text))
	}
	if err := wire.DecodeStrictly(text, &file); err != nil {
		return Lesson{}, fmt.Errorf("this is not a lesson: %w", err)
	}
	l := Lesson{Format: file.Format, Title: file.Title, About: file.About}
	switch {
	case l.Format > LessonFormat:
		return l, fmt.Errorf("this lesson has format %d; this program reads format %d", l.Format, LessonFormat)
	case l.Format != LessonFormat:
		return l, fmt.Errorf(`a lesson begins with "format": %d`, LessonFormat)
	case strings.TrimSpace(l.Title) == "":
		return l, errors.New("the lesson needs a title")
	case len(l.Title) > maxText || len(l.About) > maxText:
		return l, fmt.Errorf("a text of a lesson has at most %d bytes", maxText)
	case len(file.Steps) == 0 || len(file.Steps) > maxLessonSteps:
		return l, fmt.Errorf("a lesson has 1 to %d steps; this has %d", maxLessonSteps, len(file.Steps))
	}
	for i, step := range file.Steps {
		var s LessonStep
		err := wire.DecodeStrictly(step, &s)
		if err == nil {
			err = s.checkForm()
		}
		if err != nil {
			return l, fmt.Errorf("step %d: %w", i+1, suggestField(err))
		}
		l.Steps = append(l.Steps, s)
	}
	return l, nil
}

var unknownField = regexp.MustCompile(`^unknown field "(.*)"$`)

// suggestField adds to the error of an unknown field the field that was meant.
func suggestField(err error) error {
	m := unknownField.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	var names []string
	for _, t := range []reflect.Type{
		reflect.TypeFor[LessonStep](), reflect.TypeFor[sim.Move](), reflect.TypeFor[sim.Setting](), reflect.TypeFor[Question](), reflect.TypeFor[Choice](), reflect.TypeFor[Try](),
		reflect.TypeFor[Note](), reflect.TypeFor[Trial](), reflect.TypeFor[Bound](),
	} {
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return fmt.Errorf("%w%s", err, ebm.Suggest(m[1], names))
}

// layers are the layers of the landscape that a step may show.
var layers = []string{"heat", "contours", "labels", "data", "up", "down", "paths", "proposals", "marks", "field"}

// checkForm returns what is wrong with a step, whatever the methods are.
func (s *LessonStep) checkForm() error {
	for _, text := range s.Texts() {
		if len(text) > maxText {
			return fmt.Errorf("a text of a lesson has at most %d bytes", maxText)
		}
	}
	if strings.TrimSpace(s.Title) == "" {
		return errors.New("it needs a title")
	}
	if err := s.Question.check(); err != nil {
		return err
	}
	if len(s.Open.Moves) > 0 {
		return errors.New(`the knobs that are set while it trains stand in "log" of the step, not of "open"`)
	}
	last := uint64(0)
	for _, e := range s.Log {
		if e.Step < last {
			return errors.New(`the entries of "log" are in order of step`)
		}
		last = e.Step
	}
	for _, layer := range s.Show {
		if !slices.Contains(layers, layer) {
			return fmt.Errorf("there is no layer %q to show%s", layer, ebm.Suggest(layer, layers))
		}
	}
	if !slices.Contains([]string{"", "parts", "latent", "kmeans"}, s.Figure) {
		return fmt.Errorf("there is no figure %q; there are parts, latent and kmeans", s.Figure)
	}
	if len(s.Notes) > maxNotes {
		return fmt.Errorf("a step has at most %d notes", maxNotes)
	}
	for _, n := range s.Notes {
		if !slices.Contains([]string{"", "down", "up"}, n.Tone) {
			return fmt.Errorf(`the tone of a note is "", "down" or "up"; got %q`, n.Tone)
		}
	}
	return nil
}

// checkRun returns what is wrong with the configuration and the knobs of a step.
func (s *LessonStep) checkRun() error {
	knobs, err := s.checkOpen()
	if err != nil {
		return fmt.Errorf(`"open": %w`, err)
	}
	for _, e := range s.Log {
		if err := knobs.Set(e.Set.Knob, e.Set.Value); err != nil {
			return fmt.Errorf(`"log": %w`, err)
		}
	}
	if knob, ok := strings.CutPrefix(s.Watch, "knob:"); ok {
		if _, err := knobs.Lookup(knob); err != nil {
			return fmt.Errorf(`"watch": %w`, err)
		}
	}
	return nil
}

// checkOpen returns the knobs of the method and of the data, with their values, or what is wrong with
// the configuration.
func (s *LessonStep) checkOpen() (*ebm.Knobs, error) {
	if s.Open.Model == "" {
		return nil, errors.New("it needs a model")
	}
	card, err := ebm.Lookup(s.Open.Model)
	if err != nil {
		return nil, err
	}
	dataset := s.Open.Data
	if dataset == "" {
		dataset = card.Data
	}
	set, err := data.Lookup(dataset)
	if err != nil {
		return nil, err
	}
	if (set.ID == "custom") != (s.Open.Code != "") {
		return nil, errors.New(`the data "custom", and only these, have "points"`)
	}
	knobs := ebm.NewKnobs(card.ID)
	card.New().Knobs(knobs)
	set.New().Knobs(knobs)
	for _, name := range slices.Sorted(maps.Keys(s.Open.Knobs)) {
		if err := knobs.Set(name, s.Open.Knobs[name]); err != nil {
			return nil, err
		}
	}
	return knobs, nil
}

func (q *Question) check() error {
	if q == nil {
		return nil
	}
	right := 0
	for _, c := range q.Choices {
		if strings.TrimSpace(c.Text) == "" {
			return errors.New("a choice of the question is empty")
		}
		if c.Right {
			right++
		}
	}
	switch {
	case strings.TrimSpace(q.Ask) == "":
		return errors.New("the question is empty")
	case (q.Choices == nil) == (q.Place == nil):
		return errors.New("a question has choices or places")
	case q.Choices != nil && (len(q.Choices) < 2 || len(q.Choices) > maxChoices || right != 1):
		return fmt.Errorf("a question has 2 to %d choices, and one of them is right; this has %d, and %d are right", maxChoices, len(q.Choices), right)
	case len(q.Place) > maxPlaces:
		return fmt.Errorf("a question has at most %d places", maxPlaces)
	}
	for _, p := range q.Place {
		if !(p[2] > 0) {
			return fmt.Errorf("a place of a question is [y1, y2, radius]; got the radius %g", p[2])
		}
	}
	return nil
}

//go:embed lessons/*.json
var lessonFiles embed.FS

// Lessons returns the project's lessons in order. They are read once and must not be changed.
var Lessons = sync.OnceValue(func() []Lesson {
	folder, err := fs.Sub(lessonFiles, "lessons")
	var all []Lesson
	if err == nil {
		all, err = readLessons(folder, parseForm)
	}
	if err != nil {
		panic(err) // a fault of the program; a test reads them all
	}
	return all
})

// ReadLessons reads all files of a folder whose names end with .json, in the order of their names.
// The id of a lesson is the name without ending and leading number, in lower case, with - for what
// is no letter or digit. The error names the file.
func ReadLessons(folder fs.FS) ([]Lesson, error) { return readLessons(folder, ParseLesson) }

func readLessons(folder fs.FS, parse func([]byte) (Lesson, error)) ([]Lesson, error) {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, err
	}
	var all []Lesson
	file := map[string]string{} // the file of each id
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		l, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if l.ID = lessonID(name); l.ID == "" {
			return nil, fmt.Errorf("%s: the name of a lesson's file needs a letter", name)
		}
		if other := file[l.ID]; other != "" {
			return nil, fmt.Errorf("%s and %s have the same id, %s", other, name, l.ID)
		}
		file[l.ID] = name
		all = append(all, l)
	}
	return all, nil
}

var (
	leadingNumber = regexp.MustCompile(`^[0-9]+[-_. ]*`)
	noIDCharacter = regexp.MustCompile(`[^a-z0-9]+`)
)

// lessonID returns the id of the lesson in a file.
func lessonID(file string) string {
	name := leadingNumber.ReplaceAllString(strings.TrimSuffix(strings.ToLower(file), ".json"), "")
	return strings.Trim(noIDCharacter.ReplaceAllString(name, "-"), "-")
}
