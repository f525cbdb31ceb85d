package export

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"ebmviz/ebm"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// writeNPZ writes the float64 arrays y1 [n], y2 [n], F [n, n], points [m, 2], step [s], and one
// [s] for each scalar, as numpy.load reads them. Where the points have axes there are also units_y1,
// units_y2 and units_points, in their units, and units_names [2], which is text.
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
	for i, name := range s.History.Names {
		write(name, s.History.Values[i], len(steps))
	}
	if u := l.Units; u != nil {
		write("units_y1", u.Y1, len(u.Y1))
		write("units_y2", u.Y2, len(u.Y2))
		writePoints("units_points", u.Points)
		if err == nil {
			var text []rune // of two names of the same length, with zeros at the end
			for _, name := range u.Names {
				text = append(text, append([]rune(name), make([]rune, sim.MaxName-utf8.RuneCountInString(name))...)...)
			}
			err = writeNPY(z, "units_names", fmt.Sprintf("<U%d", sim.MaxName), text, 2)
		}
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
