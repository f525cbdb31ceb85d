package table

import (
	"fmt"
	"io"

	"gonum.org/v1/gonum/spatial/r2"
)

// Options say what is known of a table; the zero value has everything guessed.
type Options struct {
	Name      string            // of the file; its ending is a hint on the format
	Separator string            // "," ";" "\t" "|" or " "; "" is guessed
	Decimal   string            // "." or ","; "" is guessed
	Header    string            // "yes" or "no"; "" is guessed
	X, Y      string            // the two columns, by name or by number from 1; "" is guessed
	Label     string            // the column of labels, by name or number; "" is guessed, "none" is none
	Where     map[string]string // column and value: only rows that have it there, as the cell or the name of a Group
	Missing   []string          // values that mean "missing", such as -200
	Clip      bool              // leave out outliers
	Most      int               // points to keep, a random sample of more; 0 is data.MaxPoints
	Bytes     int64             // to read at most; 0 is no limit
}

// Table is what was understood of a table.
type Table struct {
	Format    string `json:"format"`    // "delimited", "markdown", "latex", "array", "json", "arff", "npy" or "npz"
	Encoding  string `json:"encoding"`  // "UTF-8", "UTF-16" or "Latin-1"; "" where the format is binary
	Separator string `json:"separator"` // as in Options; "" where the format has its own
	Decimal   string `json:"decimal"`   // "." or ","
	Grouping  string `json:"grouping"`  // between thousands: "," "." " " "'", or "" where there is none
	Header    bool   `json:"header"`    // the columns have names in the file

	Columns []Column `json:"columns"`
	X       int      `json:"x"` // index into Columns
	Y       int      `json:"y"`
	Label   int      `json:"label"` // -1 is none

	Rows      int        `json:"rows"` // of data in the file
	LeftOut   LeftOut    `json:"leftOut"`
	SampledOf int        `json:"sampledOf"` // rows of which Points are a random sample; 0 where Points are all
	Outliers  int        `json:"outliers"`  // points that Clip leaves out, or has left out
	Suspects  []Suspect  `json:"suspects"`
	Groups    []Group    `json:"groups"`   // of the labels, in order of appearance, at most 64
	Preview   [][]string `json:"preview"`  // the first rows of data, at most 8
	Warnings  []string   `json:"warnings"` // a sentence each

	Points  []r2.Vec `json:"-"` // in the units of the table and the order of its rows
	GroupOf []uint8  `json:"-"` // the index into Groups of each point, 255 where it is in none; nil without labels
}

// Column describes a column.
type Column struct {
	Name    string  `json:"name"` // "column 2" where the file has none
	Kind    string  `json:"kind"` // "number", "constant" (one number throughout), "index", "date" or "word"
	Numbers int     `json:"numbers"`
	Min     float64 `json:"min"` // of the numbers
	Max     float64 `json:"max"`
	Unit    string  `json:"unit"` // "%" or a currency sign
	Named   bool    `json:"named"`
}

// LeftOut counts the rows that gave no point.
type LeftOut struct {
	Count int      `json:"count"`
	First []Reason `json:"first"` // of the first three
}

// Reason says why a row was left out.
type Reason struct {
	Line   int    `json:"line"` // from 1; of a file without lines, such as JSON or NPY, the row
	Reason string `json:"reason"`
}

// Suspect is a value that may mean "missing".
type Suspect struct {
	Column int    `json:"column"` // index into Columns
	Value  string `json:"value"`
	Count  int    `json:"count"`
}

// Group is one of the labels.
type Group struct {
	Name  string `json:"name"`
	Count int    `json:"count"` // of rows with a point, whatever Where chooses
}

// Names returns the names of the two chosen columns; ok is false where the file has none.
func (t *Table) Names() (x, y string, ok bool) {
	a, b := t.Columns[t.X], t.Columns[t.Y]
	if !a.Named && !b.Named {
		return "", "", false
	}
	return a.Name, b.Name, true
}

// Error says in a sentence why a table gives no points.
type Error struct {
	Message  string
	TooLarge bool   // a limit was exceeded
	Table    *Table // what was understood, with Columns and Preview; nil if nothing was
}

func (e *Error) Error() string { return e.Message }

func errorf(format string, args ...any) *Error { return &Error{Message: fmt.Sprintf(format, args...)} }

func tooLarge(format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), TooLarge: true}
}

// Limits of what is read.
const (
	maxLine    = 1 << 20 // bytes
	maxColumns = 1000
	maxGroups  = 64
	maxName    = 64 // characters
	noGroup    = 255
)

// Read reads a table and makes points of two of its columns. An error is an [*Error].
func Read(r io.Reader, o Options) (*Table, error) {
	t, err := read(r, o)
	if err == nil {
		return t, nil
	}
	if e, ok := err.(*Error); ok {
		return nil, e
	}
	return nil, errorf("the table could not be read: %v", err)
}
