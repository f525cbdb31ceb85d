package data

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"
)

// Limits bound what ReadCSV accepts.
type Limits struct {
	Bytes  int64 // of the whole file
	Line   int   // bytes of one line
	Points int
}

// DefaultLimits admit MaxPoints points with all their digits.
var DefaultLimits = Limits{Bytes: 4 << 20, Line: 1 << 10, Points: MaxPoints}

// CSVError says what is wrong with which line of a file.
type CSVError struct {
	Line     int // from 1, blank lines and a header counted
	Problem  string
	TooLarge bool // a limit was exceeded; otherwise the text itself is wrong
}

func (e *CSVError) Error() string { return fmt.Sprintf("line %d %s", e.Line, e.Problem) }

// ReadCSV reads points, one "y1,y2" a line. Columns are separated by commas, semicolons
// or tabs, whichever the first line has; with the latter two, numbers may have a decimal
// comma. The first line may be a header. A byte order mark, quotes round a number, blank
// lines, CRLF and a missing newline at the end are all accepted.
//
// The first mistake ends reading with a [CSVError]. No more than lim.Bytes + 1 bytes
// are read, nor more than one line of text kept.
func ReadCSV(r io.Reader, lim Limits) ([]r2.Vec, error) {
	in := bufio.NewReaderSize(io.LimitReader(r, lim.Bytes+1), lim.Line+len("\n"))
	var c csv
	read := int64(0)
	for line := 1; ; line++ {
		text, err := in.ReadSlice('\n')
		read += int64(len(text))
		end := err == io.EOF
		if line == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		text = bytes.TrimSuffix(text, []byte("\n"))
		switch {
		case read > lim.Bytes:
			return nil, &CSVError{line, fmt.Sprintf("goes beyond the limit of %d bytes for a file of points", lim.Bytes), true}
		case err == bufio.ErrBufferFull || len(text) > lim.Line:
			return nil, &CSVError{line, fmt.Sprintf("is longer than the limit of %d bytes", lim.Line), true}
		case err != nil && !end:
			return nil, fmt.Errorf("line %d could not be read: %w", line, err)
		}
		if problem := c.line(string(text)); problem != "" {
			return nil, &CSVError{line, problem, false}
		}
		if len(c.points) > lim.Points {
			return nil, &CSVError{line, fmt.Sprintf("is one point too many: the limit is %d", lim.Points), true}
		}
		if end && len(c.points) == 0 {
			return nil, &CSVError{line, "ends the file, which holds no point y1,y2", false}
		}
		if end {
			return c.points, nil
		}
	}
}

// csv is the state of a reader.
type csv struct {
	points    []r2.Vec
	separator string // "" before the first line
}

// line takes one line, without its end, and returns what is wrong with it.
func (c *csv) line(text string) (problem string) {
	if strings.ContainsRune(text, 0) {
		return "has a NUL byte: the file is not plain text (a spreadsheet or UTF-16, perhaps); save it as CSV in UTF-8"
	}
	if strings.TrimSpace(text) == "" {
		return ""
	}
	first := c.separator == ""
	if first {
		c.separator = separator(text)
	}
	if n := strings.Count(text, c.separator) + 1; n != 2 {
		columns := "columns"
		if n == 1 {
			columns = "column"
		}
		return fmt.Sprintf("has %d %s where y1,y2 makes 2", n, columns)
	}
	a, b, _ := strings.Cut(text, c.separator)
	y1, wrong1 := c.number(a)
	y2, wrong2 := c.number(b)
	switch {
	case first && wrong1 == notNumber && wrong2 == notNumber:
		return "" // a header
	case wrong1 != "":
		return fmt.Sprintf("has %s as y1, which is %s", excerpt(a), wrong1)
	case wrong2 != "":
		return fmt.Sprintf("has %s as y2, which is %s", excerpt(b), wrong2)
	}
	c.points = append(c.points, r2.Vec{X: y1, Y: y2})
	return ""
}

// separator finds the separator of the columns in the first line. A tab or a semicolon is
// never part of a number; a comma may be.
func separator(text string) string {
	for _, s := range []string{"\t", ";"} {
		if strings.Contains(text, s) {
			return s
		}
	}
	return ","
}

// What can be wrong with a number.
const (
	notNumber = "not a number"
	notFinite = "not a finite number"
)

func (c *csv) number(field string) (v float64, wrong string) {
	field = strings.TrimSpace(field)
	if n := len(field); n >= 2 && field[0] == '"' && field[n-1] == '"' {
		field = field[1 : n-1]
	}
	if c.separator != "," {
		field = strings.Replace(field, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(field, 64)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return 0, notFinite
	case err != nil:
		return 0, notNumber
	}
	return v, ""
}

func excerpt(field string) string {
	field = strings.TrimSpace(field)
	if len(field) > 40 {
		field = strings.ToValidUTF8(field[:40], "") + "…"
	}
	return strconv.Quote(field)
}
