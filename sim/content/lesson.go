package content

import (
	"embed"
	"sync"

	"ebmviz/sim"
)

// Lesson teaches a part of the theory in a few steps. Each is a file in the folder lessons.
type Lesson struct {
	ID    string       `json:"id"` // the name of its file, without its number
	Title string       `json:"title"`
	About string       `json:"about"` // what it shows, in a sentence
	Steps []LessonStep `json:"steps"`
}

// LessonStep is a configuration, what can be seen as it learns, and what must hold then. Words in
// {down|…} and {up|…} have the colour of what is pushed down and up.
type LessonStep struct {
	Title    string   `json:"title"`
	Say      []string `json:"say"`      // before the run: a paragraph each
	Question Question `json:"question"` // a prediction, asked before the run
	Seen     string   `json:"seen"`     // after the run: what could be seen, and why
	Try      string   `json:"try"`      // what to do then

	Open  sim.Config `json:"open"`
	Steps uint64     `json:"steps"` // how long it learns; 0 is as long as the method's card says

	Watch string   `json:"watch,omitempty"` // the part of the page to look at
	Show  []string `json:"show,omitempty"`  // layers that are off otherwise
	// Figure is a diagram that is drawn under the sentences: parts, latent or kmeans.
	Figure string `json:"figure,omitempty"`
	Tool   string `json:"tool,omitempty"` // an instrument that is selected: slice, marble, ledger, exact, relief

	// Claim bounds some of the numbers of the run after so many steps, and Compare those of other
	// runs that the step speaks of. They bind what the step says.
	Claim   map[string]Bound `json:"claim"`
	Compare []Trial          `json:"compare,omitempty"`
}

// Trial returns the run of a step with its claim.
func (s LessonStep) Trial() Trial {
	return Trial{Open: s.Open, Steps: s.Steps, Symptom: s.Claim, Compare: s.Compare}
}

// Texts returns all that a step says.
func (s LessonStep) Texts() []string {
	texts := append([]string{s.Title, s.Seen, s.Try, s.Question.Ask}, s.Say...)
	return append(texts, s.Question.Choices...)
}

// Question is a prediction.
type Question struct {
	Ask     string   `json:"ask"`
	Choices []string `json:"choices"`
	Right   int      `json:"right"` // the index of the right choice
}

//go:embed lessons/*.json
var lessonFiles embed.FS

// Lessons returns all lessons in order. They are read once and must not be changed.
var Lessons = sync.OnceValue(func() []Lesson {
	return loadEmbedded(lessonFiles, "lessons", func(l *Lesson, id string) { l.ID = id })
})
