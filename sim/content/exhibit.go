package content

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strconv"
	"sync"

	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// Exhibit is a failure of a method in the museum: a configuration that shows it, and what cures
// it. Each is a file in the folder museum.
type Exhibit struct {
	ID        string `json:"id"` // the name of its file, without its number
	Title     string `json:"title"`
	Diagnosis string `json:"diagnosis"` // what can be seen and why, in a sentence
	Trial
	Cures []Cure `json:"cures,omitempty"`
}

// Cure is a configuration without the failure.
type Cure struct {
	Remedy string `json:"remedy"` // what was changed, in a few words
	Trial
}

// Trial is a run, when it stops, and what must hold then.
type Trial struct {
	Open Opening    `json:"open"`
	Log  []sim.Move `json:"log,omitempty"` // the knobs that are set while it trains
	Stop Stop       `json:"stop,omitzero"` // when it stops
	Do   []Action   `json:"do,omitempty"`  // what is done then

	// Symptom bounds some of the numbers of the run; package trial says which there are. They bind what
	// the text says.
	Symptom map[string]Bound `json:"symptom,omitempty"`

	// Compare are other trials that the text speaks of: another value of a knob, another number
	// of steps, another method.
	Compare []Trial `json:"compare,omitempty"`
}

// shown returns what the page needs: the configurations without bounds.
func (e Exhibit) shown() Exhibit {
	e.Trial = Trial{Open: e.Open}
	e.Cures = slices.Clone(e.Cures)
	for i, c := range e.Cures {
		e.Cures[i].Trial = Trial{Open: c.Open}
	}
	return e
}

// Bound is a range of numbers; a missing end is open.
type Bound struct {
	Above *float64 `json:"above,omitempty"`
	Below *float64 `json:"below,omitempty"`

	// Says are the words of the text that would be false if the number were out of range.
	Says string `json:"says,omitempty"`
}

// Holds reports whether v lies within the bound. NaN lies in none.
func (b Bound) Holds(v float64) bool {
	return (b.Above == nil || v > *b.Above) && (b.Below == nil || v < *b.Below) && v == v
}

// String returns the bound in words: "above 0.9", "below 2", "0.14 to 0.3".
func (b Bound) String() string {
	number := func(v *float64) string { return strconv.FormatFloat(*v, 'g', -1, 64) }
	switch {
	case b.Above != nil && b.Below != nil:
		return number(b.Above) + " to " + number(b.Below)
	case b.Above != nil:
		return "above " + number(b.Above)
	case b.Below != nil:
		return "below " + number(b.Below)
	}
	return "any number"
}

//go:embed museum/*.json
var museum embed.FS

// Exhibits returns the museum in order. It is read once and must not be changed.
var Exhibits = sync.OnceValue(func() []Exhibit {
	files, err := museum.ReadDir("museum")
	if err != nil {
		panic(err)
	}
	all := make([]Exhibit, len(files))
	for i, f := range files {
		text, err := museum.ReadFile(path.Join("museum", f.Name()))
		if err == nil {
			err = wire.DecodeStrictly(text, &all[i])
		}
		if err != nil {
			panic(fmt.Sprintf("content: museum/%s: %v", f.Name(), err)) // a fault of the program; a test reads them all
		}
		all[i].ID = lessonID(f.Name())
	}
	return all
})
