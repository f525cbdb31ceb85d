package content

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"sync"

	"ebmviz/sim"
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

// Trial is a configuration, how long it is run, and what must hold then.
type Trial struct {
	Open  sim.Config `json:"open"`
	Steps uint64     `json:"steps"` // 0 is as many as the method's card says
	Then  *Then      `json:"then,omitempty"`

	// Symptom bounds some of the run's numbers: its scalars, the members of its report,
	// "diverged", the step at which it diverged, and observations of its landscape and its last
	// step, such as "energy(0.5, 0)" or "valleys". "gap@400" is a scalar of an earlier step. A
	// difference or a ratio of two is a number too: "auc_ceiling - auc".
	Symptom map[string]Bound `json:"symptom"`

	// Compare are other trials that the text speaks of: another value of a knob, another number
	// of steps, another method.
	Compare []Trial `json:"compare,omitempty"`
}

// Then is what is changed after so many steps, and how long the run goes on.
type Then struct {
	Knobs map[string]any `json:"knobs"`
	Steps uint64         `json:"steps"`
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

//go:embed museum/*.json
var museum embed.FS

// Exhibits returns the museum in order. It is read once and must not be changed.
var Exhibits = sync.OnceValue(func() []Exhibit {
	return loadEmbedded(museum, "museum", func(e *Exhibit, id string) { e.ID = id })
})

// numbered is the name of a file: the number gives its place.
var numbered = regexp.MustCompile(`^\d+-([a-z0-9-]+)\.json$`)

// loadEmbedded reads a folder of numbered JSON files that are compiled in, in order. It panics on a
// file that cannot be read, which is a fault of the program: a test reads them all.
func loadEmbedded[T any](files embed.FS, folder string, setID func(v *T, id string)) []T {
	entries, err := files.ReadDir(folder)
	if err != nil {
		panic(err)
	}
	all := make([]T, len(entries))
	for i, f := range entries {
		text, err := files.ReadFile(path.Join(folder, f.Name()))
		name := numbered.FindStringSubmatch(f.Name())
		if err == nil {
			d := json.NewDecoder(bytes.NewReader(text))
			d.DisallowUnknownFields()
			err = d.Decode(&all[i])
		}
		if err != nil || name == nil {
			panic(fmt.Sprintf("content: %s/%s: %v", folder, f.Name(), err))
		}
		setID(&all[i], name[1])
	}
	return all
}
