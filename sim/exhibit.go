package sim

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"sync"
)

// Exhibit is one piece of the museum of failures: a configuration in which a method goes
// wrong in a way worth seeing, and what cures it. It is a file in the folder museum: data,
// not code.
type Exhibit struct {
	ID        string `json:"id"` // the name of its file, without its number
	Title     string `json:"title"`
	Diagnosis string `json:"diagnosis"` // what one sees and why, in a sentence
	Trial
	Cures []Cure `json:"cures,omitempty"`
}

// Cure is a configuration in which the failure is mended.
type Cure struct {
	Remedy string `json:"remedy"` // what was changed, in a few words
	Trial
}

// Trial is a configuration, how long it is run, and what must hold then.
type Trial struct {
	Open  Config `json:"open"`
	Steps uint64 `json:"steps"` // 0 is as many as the method's card says

	// Symptom bounds some of the run's numbers: its scalars, the members of its report, or
	// "diverged", the step at which it blew up.
	Symptom map[string]Bound `json:"symptom"`
}

// Bound is a range of numbers; a missing end is open.
type Bound struct {
	Above *float64 `json:"above,omitempty"`
	Below *float64 `json:"below,omitempty"`
}

// Holds reports whether v lies within the bound. NaN lies in none.
func (b Bound) Holds(v float64) bool {
	return (b.Above == nil || v > *b.Above) && (b.Below == nil || v < *b.Below) && v == v
}

//go:embed museum/*.json
var museum embed.FS

// numbered is the name of an exhibit's file: the number gives its place.
var numbered = regexp.MustCompile(`^\d+-([a-z0-9-]+)\.json$`)

// Exhibits returns the museum in order. It is read once and must not be changed.
func Exhibits() []Exhibit { return exhibits() }

var exhibits = sync.OnceValue(func() []Exhibit {
	files, err := museum.ReadDir("museum")
	if err != nil {
		panic(err) // it is compiled in
	}
	var all []Exhibit
	for _, f := range files {
		text, err := museum.ReadFile(path.Join("museum", f.Name()))
		name := numbered.FindStringSubmatch(f.Name())
		e := Exhibit{}
		if err == nil {
			err = json.Unmarshal(text, &e)
		}
		if err != nil || name == nil {
			panic(fmt.Sprintf("sim: exhibit %s: %v", f.Name(), err)) // a test reads them all
		}
		e.ID = name[1]
		all = append(all, e)
	}
	return all
})
