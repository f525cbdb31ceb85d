package sim

import (
	"embed"
	"sync"
)

// Lesson is a guided way through a part of the theory, in a few steps. It is a file in the
// folder lessons: data, not code.
type Lesson struct {
	ID    string       `json:"id"` // the name of its file, without its number
	Title string       `json:"title"`
	About string       `json:"about"` // what one will have seen, in a sentence
	Steps []LessonStep `json:"steps"`
}

// LessonStep is a configuration, what is to be seen as it learns, and what must hold then.
// Words in {down|…} and {up|…} have the colour of what is pushed down and up.
type LessonStep struct {
	Title    string   `json:"title"`
	Say      []string `json:"say"`      // before the run: a paragraph each
	Question Question `json:"question"` // a prediction, asked before the run
	Seen     string   `json:"seen"`     // after the run: what was to be seen, and why
	Try      string   `json:"try"`      // what to do then

	Open  Config `json:"open"`
	Steps uint64 `json:"steps"` // how long it learns; 0 is as long as the method's card says

	Watch string   `json:"watch,omitempty"` // the part of the page to look at
	Show  []string `json:"show,omitempty"`  // layers that are off otherwise
	// Figure is a diagram that is drawn under the sentences: parts, latent or kmeans.
	Figure string `json:"figure,omitempty"`
	Tool   string `json:"tool,omitempty"` // an instrument that is taken in hand: slice, marble, ledger, exact, relief

	// Claim bounds some of the run's numbers after so many steps: what is said is so.
	Claim map[string]Bound `json:"claim"`
}

// Trial is the run of a step, held to its claim.
func (s LessonStep) Trial() Trial { return Trial{s.Open, s.Steps, s.Claim} }

// Question is a prediction.
type Question struct {
	Ask     string   `json:"ask"`
	Choices []string `json:"choices"`
	Right   int      `json:"right"` // the place of the right choice, from 0
}

//go:embed lessons/*.json
var lessonFiles embed.FS

// Lessons returns all lessons in order. They are read once and must not be changed.
func Lessons() []Lesson { return lessons() }

var lessons = sync.OnceValue(func() []Lesson {
	return shelf(lessonFiles, "lessons", func(l *Lesson, id string) { l.ID = id })
})
