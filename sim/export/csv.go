package export

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// writeGridCSV writes a line y1,y2,F for each cell of the grid.
func writeGridCSV(w io.Writer, s Source, f ebm.For) error {
	l, err := newLandscape(s, f)
	if err != nil {
		return err
	}
	t := newTable(w, "y1", "y2", "F")
	for i, row := range l.F {
		for j, energy := range row {
			t.row(l.Y1[j], l.Y2[i], energy)
		}
	}
	return t.w.Flush()
}

// writePointsCSV writes a line y1,y2 for each training point.
func writePointsCSV(w io.Writer, s Source, f ebm.For) error {
	run, err := sim.Restore(s.Checkpoint, f)
	if err != nil {
		return err
	}
	t := newTable(w, "y1", "y2")
	for _, y := range run.Points() {
		t.row(y.X, y.Y)
	}
	return t.w.Flush()
}

// writeCurvesCSV writes a line for each step of the history, with all scalars.
func writeCurvesCSV(w io.Writer, s Source, _ ebm.For) error {
	t := newTable(w, append([]string{"step"}, s.History.Names...)...)
	for j, step := range s.History.Steps {
		row := []float64{float64(step)}
		for _, values := range s.History.Values {
			row = append(row, values[j])
		}
		t.row(row...)
	}
	return t.w.Flush()
}

// table writes CSV of numbers. The errors of its writes are those of Flush.
type table struct {
	w    *bufio.Writer
	line []byte
}

func newTable(w io.Writer, columns ...string) *table {
	t := &table{w: bufio.NewWriter(w)}
	t.w.WriteString(strings.Join(columns, ",") + "\n")
	return t
}

// row writes numbers with as many digits as it takes to read the same numbers back. What is not
// finite becomes an empty field.
func (t *table) row(values ...float64) {
	t.line = t.line[:0]
	for i, v := range values {
		if i > 0 {
			t.line = append(t.line, ',')
		}
		if finite(v) {
			t.line = strconv.AppendFloat(t.line, v, 'g', -1, 64)
		}
	}
	t.w.Write(append(t.line, '\n'))
}
