package export

import (
	"io"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// Source is what files are written from. All of it belongs to the same moment of a run.
type Source struct {
	Checkpoint sim.Checkpoint
	History    sim.History
	Grid       int // side of the energy grid, in cells
}

// MeasuredOn is the name of the column that says what the measures of a step were taken on. Files have
// it where the data were a user's points.
const MeasuredOn = "measured_on"

// Format is one kind of file.
type Format struct {
	Name        string // of the file, such as "grid.csv"
	ContentType string // its media type

	write func(w io.Writer, s Source, f ebm.For) error
}

// Formats lists all formats.
var Formats = []Format{
	{"landscape.json", "application/json", writeJSON},
	{"landscape.npz", "application/zip", writeNPZ},
	{"grid.csv", "text/csv", writeGridCSV},
	{"points.csv", "text/csv", writePointsCSV},
	{"curves.csv", "text/csv", writeCurvesCSV},
	{"model.py", "text/x-python", writePython},
}

// Lookup returns the format of the file with that name.
func Lookup(name string) (f Format, ok bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Write writes the file, and computes the energies in it with f. The error is that of w, or a
// [*sim.Error] if the checkpoint cannot be restored or the model has no script.
func (t Format) Write(w io.Writer, s Source, f ebm.For) error { return t.write(w, s, f) }
