package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/data/table"
	"ebmviz/sim"
)

type points struct {
	File      string   `arg:"" type:"path" help:"Table of points in any common format; - is standard input."`
	X         string   `short:"x" placeholder:"NAME" help:"Column of y1, by its name or its number from 1 (default: guessed)."`
	Y         string   `short:"y" placeholder:"NAME" help:"Column of y2."`
	Where     []string `placeholder:"COLUMN=VALUE" sep:"none" help:"Take only the rows with this value (may be repeated)."`
	Missing   words    `placeholder:"VALUE" help:"A value that stands for a missing one, such as -200 (may be repeated)."`
	Label     string   `placeholder:"NAME" help:"Column that puts the points in groups, or none (default: guessed)."`
	Separator string   `placeholder:"CHARACTER" help:"Between columns: comma, semicolon, tab, bar or blank, or the character itself (default: guessed)."`
	Decimal   string   `placeholder:"SIGN" help:"Decimal sign: . or , (default: guessed)."`
	Header    string   `placeholder:"yes|no" help:"Whether the first row has the names of the columns (default: guessed)."`
	Clip      bool     `help:"Leave out outliers."`
	Fit       table.Fit `default:"none" enum:"none,same,each" help:"Scale the points to the plane, which ends at ±1.5: both axes alike (same), or each by itself (each)."`
	Output    string   `short:"o" type:"path" placeholder:"CSV" help:"File to write the points to (default: standard output)."`
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

// Run prints the points as CSV, and on standard error what was understood of the table.
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
	for _, line := range describe(t) {
		fmt.Fprintln(m.Stderr, line)
	}
	x1, x2 := shownNames(t)
	switch {
	case fit != "none":
		fmt.Fprintf(m.Stderr, "fit %s: %s = %s, %s = %s\n", fit, x1, formula("y1", axes, 0), x2, formula("y2", axes, 1))
	case outside > 0:
		fmt.Fprintf(m.Stderr, "%d of %d points lie outside the box from %v to %v; --fit same or --fit each brings them in\n", outside, len(y), -ebm.L, ebm.L)
	}
	write := func(w io.Writer) error { return writePoints(w, t, y, fit) }
	if p.Output != "" {
		return writeFile(p.Output, write)
	}
	return write(m.Stdout)
}
