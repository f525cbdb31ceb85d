package export

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// writeNPZ writes the float64 arrays y1 [n], y2 [n], F [n, n], points [m, 2], step [s], and one
// [s] for each scalar, as numpy.load reads them. Where the points have axes there are also units_y1,
// units_y2 and units_points, in their units, and units_names [2], which is text. Where the data are or
// were a user's points there are held, the indices of those of points that are held out, and
// measured_on [s], text that says what the measures were taken on.
func writeNPZ(w io.Writer, s Source, f ebm.For) error {
	l, err := newLandscape(s, f)
	if err != nil {
		return err
	}
	var energy []float64
	for _, row := range l.F {
		energy = append(energy, row...)
	}
	steps := make([]float64, len(s.History.Steps))
	for j, step := range s.History.Steps {
		steps[j] = float64(step)
	}
	z := zip.NewWriter(w)
	write := func(name string, values []float64, shape ...int) {
		if err == nil {
			err = writeNPY(z, name, "<f8", values, shape...)
		}
	}
	writePoints := func(name string, points []wire.Point) {
		values := make([]float64, 0, 2*len(points))
		for _, y := range points {
			values = append(values, y[:]...)
		}
		write(name, values, len(points), 2)
	}
	write("y1", l.Y1, len(l.Y1))
	write("y2", l.Y2, len(l.Y2))
	write("F", energy, len(l.Y2), len(l.Y1))
	writePoints("points", l.Points)
	write("step", steps, len(steps))
	taken := []string{"y1", "y2", "F", "points", "step", "units_y1", "units_y2", "units_points", "units_names", "held", MeasuredOn}
	for i, name := range sim.ColumnNames(s.Checkpoint.Model, s.History.Names, taken...) {
		write(name, s.History.Values[i], len(steps))
	}
	if l.Held != nil {
		held := make([]float64, len(l.Held))
		for i, j := range l.Held {
			held[i] = float64(j)
		}
		write("held", held, len(held))
	}
	writeText := func(name string, length int, texts ...string) { // with zeros after each
		if err != nil {
			return
		}
		var runes []rune
		for _, text := range texts {
			runes = append(runes, append([]rune(text), make([]rune, length-utf8.RuneCountInString(text))...)...)
		}
		err = writeNPY(z, name, fmt.Sprintf("<U%d", length), runes, len(texts))
	}
	if s.History.OnOwnPoints() {
		var on []string
		for _, set := range s.History.On {
			on = append(on, string(set))
		}
		writeText(MeasuredOn, len(measure.TrainingPoints), on...)
	}
	if u := l.Units; u != nil {
		write("units_y1", u.Y1, len(u.Y1))
		write("units_y2", u.Y2, len(u.Y2))
		writePoints("units_points", u.Points)
		writeText("units_names", sim.MaxName, u.Names[:]...)
	}
	if err != nil {
		return err
	}
	return z.Close()
}

// writeNPY adds an array to an archive, in version 1.0 of the NPY format: a magic string, the
// length of the header, the header, and the values. The header is a Python dictionary, padded
// with spaces so that the values begin at a multiple of 64 bytes.
func writeNPY(z *zip.Writer, name, kind string, values any, shape ...int) error {
	w, err := z.Create(name + ".npy")
	if err != nil {
		return err
	}
	var sides strings.Builder
	for _, n := range shape {
		fmt.Fprintf(&sides, "%d,", n)
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", kind, sides.String())
	const prefix = 10 // bytes before the header
	header += strings.Repeat(" ", 63-(prefix+len(header))%64) + "\n"
	if _, err := fmt.Fprintf(w, "\x93NUMPY\x01\x00%s%s", binary.LittleEndian.AppendUint16(nil, uint16(len(header))), header); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, values)
}
