package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data/table"
)

type points struct {
	File      string    `arg:"" type:"path" help:"Table of points in any common format; - is standard input."`
	X         string    `short:"x" placeholder:"NAME" help:"Column of y1, by its name or its number from 1 (default: guessed)."`
	Y         string    `short:"y" placeholder:"NAME" help:"Column of y2."`
	Where     []string  `placeholder:"COLUMN=VALUE" sep:"none" help:"Take only the rows with this value (may be repeated)."`
	Missing   words     `placeholder:"VALUE" help:"A value that stands for a missing one, such as -200 (may be repeated)."`
	Label     string    `placeholder:"NAME" help:"Column that puts the points in groups, or none (default: guessed)."`
	Separator string    `placeholder:"CHARACTER" help:"Between columns: comma, semicolon, tab, bar or blank, or the character itself (default: guessed)."`
	Decimal   string    `placeholder:"SIGN" help:"Decimal sign: . or , (default: guessed)."`
	Header    string    `placeholder:"yes|no" help:"Whether the first row has the names of the columns (default: guessed)."`
	Clip      bool      `help:"Leave out outliers."`
	Fit       table.Fit `default:"none" enum:"none,same,each" help:"Scale the points to the plane, which ends at ±1.5: both axes alike (same), or each by itself (each)."`
	Output    string    `short:"o" type:"path" placeholder:"CSV" help:"File to write the points to (default: standard output)."`
}

// words are the values of a flag that may begin with a minus sign.
type words []string

// Decode implements [kong.MapperValue].
func (w *words) Decode(c *kong.DecodeContext) error {
	t := c.Scan.Pop()
	if t.IsEOL() {
		return errors.New("missing value")
	}
	*w = append(*w, t.String())
	return nil
}

// Run prints the points as CSV, and on standard error what was understood of the table. Points that are
// not fitted are printed under the names of their columns, and in the units of the table.
func (p *points) Run(m *Main) error {
	o, err := p.options()
	if err != nil {
		return usage{err}
	}
	t, err := m.readTable(p.File, o)
	if err != nil {
		return usage{err}
	}
	y, axes, fit, outside := t.Fit(p.Fit)
	header := []string{"y1", "y2"}
	a, b := t.Columns[t.X], t.Columns[t.Y]
	for _, line := range understood(t) {
		fmt.Fprintln(m.Stderr, line)
	}
	if fit == table.FitNone {
		if x1, x2, ok := t.Names(); ok {
			header = []string{x1, x2}
		}
		if outside > 0 {
			fmt.Fprintf(m.Stderr, "%s; --fit same or --fit each scales them\n", outsideOf(outside, len(y)))
		}
	} else {
		fmt.Fprintf(m.Stderr, "%s = %.6g y1 + %.6g, %s = %.6g y2 + %.6g\n", a.Name, axes.Scale[0], axes.Offset[0], b.Name, axes.Scale[1], axes.Offset[1])
	}
	write := func(w io.Writer) error { return writePoints(w, header, y, t) }
	if p.Output != "" {
		return writeFile(p.Output, write)
	}
	return write(m.Stdout)
}

// separators are names for what is hard to type.
var separators = map[string]string{"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "blank": " "}

func (p *points) options() (table.Options, error) {
	o := table.Options{
		Separator: p.Separator, Decimal: p.Decimal, Header: p.Header,
		X: p.X, Y: p.Y, Label: p.Label, Where: map[string]string{}, Missing: p.Missing, Clip: p.Clip,
	}
	if s, ok := separators[p.Separator]; ok {
		o.Separator = s
	}
	for _, text := range p.Where {
		column, value, ok := strings.Cut(text, "=")
		if !ok {
			return o, fmt.Errorf("--where takes COLUMN=VALUE; got %q", text)
		}
		o.Where[column] = value
	}
	return o, nil
}

// readTable reads the table of a file; - is standard input. The error names the file.
func (m *Main) readTable(path string, o table.Options) (*table.Table, error) {
	in, name := m.Stdin, "standard input"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", path, err)
		}
		defer f.Close()
		in, name = f, filepath.Base(path)
		o.Name = name
	}
	t, err := table.Read(in, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// understood says in a few lines what was understood of a table.
func understood(t *table.Table) []string {
	format := []string{t.Format}
	for name, s := range separators {
		if s == t.Separator {
			format = append(format, "separated by "+name)
		}
	}
	if t.Encoding != "" && t.Encoding != "UTF-8" {
		format = append(format, t.Encoding)
	}
	if t.Decimal == "," {
		format = append(format, "decimal comma")
	}
	if t.Grouping != "" {
		format = append(format, fmt.Sprintf("thousands by %q", t.Grouping))
	}
	header := "without a header"
	if t.Header {
		header = "with a header"
	}
	lines := []string{
		strings.Join(append(format, header), ", "),
		"y1 is " + rangeOf(t.Columns[t.X]) + ", y2 is " + rangeOf(t.Columns[t.Y]),
	}
	if t.Label >= 0 {
		lines = append(lines, fmt.Sprintf("%s has %d groups", t.Columns[t.Label].Name, len(t.Groups)))
	}
	return append(lines, notes(t)...)
}

func rangeOf(c table.Column) string { return fmt.Sprintf("%s (%.6g to %.6g)", c.Name, c.Min, c.Max) }

// notes says which rows were left out, and the warnings.
func notes(t *table.Table) []string {
	var lines []string
	if n := t.LeftOut.Count; n > 0 {
		lines = append(lines, fmt.Sprintf("%d of %d rows were left out:", n, t.Rows))
		for _, r := range t.LeftOut.First {
			lines = append(lines, fmt.Sprintf("  line %d: %s", r.Line, r.Reason))
		}
	}
	return append(lines, t.Warnings...)
}

func outsideOf(outside, all int) string {
	return fmt.Sprintf("%d of %d points lie outside the box from %v to %v", outside, all, -ebm.L, ebm.L)
}

// writePoints writes points as CSV, with the name of the group of each if the table has labels.
func writePoints(w io.Writer, header []string, points []r2.Vec, t *table.Table) error {
	out := csv.NewWriter(w)
	if t.Label >= 0 {
		header = append(header, t.Columns[t.Label].Name)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for i, y := range points {
		line := []string{strconv.FormatFloat(y.X, 'g', -1, 64), strconv.FormatFloat(y.Y, 'g', -1, 64)}
		if t.Label >= 0 {
			group := ""
			if g := int(t.GroupOf[i]); g < len(t.Groups) {
				group = t.Groups[g].Name
			}
			line = append(line, group)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
