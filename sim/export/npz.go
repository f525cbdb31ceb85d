package export

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"ebmviz/ebm"
)

// writeNPZ writes the float64 arrays y1 [n], y2 [n], F [n, n], points [m, 2], step [s], and one
// [s] for each scalar, as numpy.load reads them.
func writeNPZ(w io.Writer, s Source, f ebm.For) error {
	l, err := newLandscape(s, f)
	if err != nil {
		return err
	}
	var energy, points []float64
	for _, row := range l.F {
		energy = append(energy, row...)
	}
	for _, y := range l.Points {
		points = append(points, y[0], y[1])
	}
	steps := make([]float64, len(s.History.Steps))
	for j, step := range s.History.Steps {
		steps[j] = float64(step)
	}
	z := zip.NewWriter(w)
	write := func(name string, values []float64, shape ...int) {
		if err == nil {
			err = writeNPY(z, name, values, shape...)
		}
	}
	write("y1", l.Y1, len(l.Y1))
	write("y2", l.Y2, len(l.Y2))
	write("F", energy, len(l.Y2), len(l.Y1))
	write("points", points, len(l.Points), 2)
	write("step", steps, len(steps))
	for i, name := range s.History.Names {
		write(name, s.History.Values[i], len(steps))
	}
	if err != nil {
		return err
	}
	return z.Close()
}

// writeNPY adds an array to an archive, in version 1.0 of the NPY format: a magic string, the
// length of the header, the header, and the values. The header is a Python dictionary, padded
// with spaces so that the values begin at a multiple of 64 bytes.
func writeNPY(z *zip.Writer, name string, values []float64, shape ...int) error {
	w, err := z.Create(name + ".npy")
	if err != nil {
		return err
	}
	var sides strings.Builder
	for _, n := range shape {
		fmt.Fprintf(&sides, "%d,", n)
	}
	header := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }", sides.String())
	const prefix = 10 // bytes before the header
	header += strings.Repeat(" ", 63-(prefix+len(header))%64) + "\n"
	if _, err := fmt.Fprintf(w, "\x93NUMPY\x01\x00%s%s", binary.LittleEndian.AppendUint16(nil, uint16(len(header))), header); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, values)
}
