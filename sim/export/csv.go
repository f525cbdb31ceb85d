package export

import (
	"bufio"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/sim"
)

// writeGridCSV writes a line y1,y2,F for each cell of the grid, and, where the points have axes, y1 and
// y2 in their units.
func writeGridCSV(w io.Writer, s Source, f ebm.For) error {
	l, err := newLandscape(s, f)
	if err != nil {
		return err
	}
	columns := []string{"y1", "y2", "F"}
	t := newTable(w, append(columns, l.info.UnitColumns(columns...)...)...)
	for i, row := range l.F {
		for j, energy := range row {
			y := r2.Vec{X: l.Y1[j], Y: l.Y2[i]}
			t.number(y.X, y.Y, energy)
			t.units(l.info, y)
			t.end()
		}
	}
	return t.w.Flush()
}

// writePointsCSV writes a line y1,y2 for each point, and, where they have axes and groups, y1 and y2 in
// their units and the name of the group. Where some are held out, their line ends in 1, that of a
// training point in 0.
func writePointsCSV(w io.Writer, s Source, f ebm.For) error {
	run, err := sim.Restore(s.Checkpoint, f)
	if err != nil {
		return err
	}
	info := run.PointsInfo()
	columns := []string{"y1", "y2"}
	columns = append(columns, info.UnitColumns(columns...)...)
	l := info.Label
	if l != nil {
		columns = append(columns, sim.FreeName(cmp.Or(l.Name, "group"), columns...))
	}
	held := run.Held()
	if held != nil {
		columns = append(columns, sim.FreeName("held", columns...))
	}
	t := newTable(w, columns...)
	for i, y := range run.Points() {
		t.number(y.X, y.Y)
		t.units(info, y)
		if l != nil && l.Of[i] == sim.NoGroup {
			t.text("")
		} else if l != nil {
			t.text(l.Groups[l.Of[i]])
		}
		if held != nil {
			_, isHeld := slices.BinarySearch(held, i)
			t.number(map[bool]float64{true: 1}[isHeld])
		}
		t.end()
	}
	return t.w.Flush()
}

// writeCurvesCSV writes a line for each step of the history, with all scalars, and, where the data were
// a user's points, what the measures were taken on.
func writeCurvesCSV(w io.Writer, s Source, _ ebm.For) error {
	own := s.History.OnOwnPoints()
	columns := append([]string{"step"}, sim.ColumnNames(s.Checkpoint.Model, s.History.Names, "step", MeasuredOn)...)
	if own {
		columns = append(columns, MeasuredOn)
	}
	t := newTable(w, columns...)
	for j, step := range s.History.Steps {
		t.number(float64(step))
		for _, values := range s.History.Values {
			t.number(values[j])
		}
		if own {
			t.text(string(s.History.On[j]))
		}
		t.end()
	}
	return t.w.Flush()
}

// table writes CSV. The errors of its writes are those of Flush.
type table struct {
	w    *bufio.Writer
	line []byte
}

func newTable(w io.Writer, columns ...string) *table {
	t := &table{w: bufio.NewWriter(w)}
	for _, name := range columns {
		t.text(name)
	}
	t.end()
	return t
}

// number adds fields of numbers to the line, with as many digits as it takes to read the same numbers
// back. What is not finite becomes an empty field.
func (t *table) number(values ...float64) {
	for _, v := range values {
		if finite(v) {
			t.line = strconv.AppendFloat(t.line, v, 'g', -1, 64)
		}
		t.line = append(t.line, ',')
	}
}

// units adds a point in the units of its axes, nothing if it has none.
func (t *table) units(info sim.PointsInfo, y r2.Vec) {
	if info.Axes != nil {
		u := info.Axes.Units(y)
		t.number(u.X, u.Y)
	}
}

// text adds a field of text to the line, quoted where it must be.
func (t *table) text(s string) {
	if strings.ContainsAny(s, ",\"\r\n") {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	t.line = append(append(t.line, s...), ',')
}

// end writes the line, which has a field.
func (t *table) end() {
	t.line[len(t.line)-1] = '\n'
	t.w.Write(t.line)
	t.line = t.line[:0]
}
