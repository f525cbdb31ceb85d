package web

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"ebmviz/sim"
)

// files are what can be taken home of a room, and how each is written.
var files = map[string]struct {
	kind  string
	write func(w io.Writer, t *taken) error
}{
	"landscape.json": {"application/json", writeJSON},
	"landscape.npz":  {"application/zip", writeNPZ},
	"grid.csv":       {"text/csv", writeGrid},
	"points.csv":     {"text/csv", writePoints},
	"curves.csv":     {"text/csv", writeCurves},
	"model.py":       {"text/x-python", writeScript},
}

// taken is a room as it is at one moment.
type taken struct {
	checkpoint sim.Checkpoint
	grid       int
	history    sim.History
}

// landscape computes the energies, in float64.
func (t *taken) landscape() (sim.Landscape, error) {
	run, err := sim.Restore(t.checkpoint, sim.Parallel())
	if err != nil {
		return sim.Landscape{}, err
	}
	return run.Landscape(t.grid), nil
}

// getFile writes a file of the room.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request, room *room) {
	name := r.PathValue("name")
	file, ok := files[name]
	if !ok {
		refuse(w, http.StatusNotFound, "not-found", "the files of a room are landscape.json, landscape.npz, grid.csv, points.csv, curves.csv and model.py")
		return
	}
	s.taking.Lock() // one at a time: what they compute has all cores
	defer s.taking.Unlock()
	c, err := room.session.Checkpoint(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	h, err := room.session.History(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	var body bytes.Buffer
	if err := file.write(&body, &taken{c, room.session.News().State.Grid, h}); err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", file.kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="ebmviz-%s-%s-%d-%s"`, c.Model, c.Data.Name, c.Step, name))
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body.Bytes())
}

func writeScript(w io.Writer, t *taken) error {
	text, err := sim.Script(t.checkpoint)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	return err
}

func writeJSON(w io.Writer, t *taken) error {
	l, err := t.landscape()
	if err != nil {
		return err
	}
	curves := map[string]any{"step": t.history.Steps}
	for i, name := range t.history.Names {
		values := make([]*float64, len(t.history.Steps)) // null where there is none
		for j, v := range t.history.Values[i] {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				values[j] = &v
			}
		}
		curves[name] = values
	}
	return json.NewEncoder(w).Encode(struct {
		sim.Landscape
		Curves map[string]any `json:"curves"`
	}{l, curves})
}

// writeGrid writes lines y1,y2,F.
func writeGrid(w io.Writer, t *taken) error {
	l, err := t.landscape()
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "y1,y2,F")
	for i, row := range l.F {
		for j, f := range row {
			writeLine(w, l.Y1[j], l.Y2[i], f)
		}
	}
	return nil
}

// writePoints writes lines y1,y2.
func writePoints(w io.Writer, t *taken) error {
	run, err := sim.Restore(t.checkpoint, sim.Parallel())
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "y1,y2")
	for _, y := range run.Points() {
		writeLine(w, y.X, y.Y)
	}
	return nil
}

// writeCurves writes a line for each step that was noted, with all scalars.
func writeCurves(w io.Writer, t *taken) error {
	fmt.Fprintln(w, "step,"+strings.Join(t.history.Names, ","))
	for j, step := range t.history.Steps {
		row := []float64{float64(step)}
		for _, values := range t.history.Values {
			row = append(row, values[j])
		}
		writeLine(w, row...)
	}
	return nil
}

// writeLine writes numbers so that they are read as the same numbers; what is none is empty.
func writeLine(w io.Writer, values ...float64) {
	var line []byte
	for i, v := range values {
		if i > 0 {
			line = append(line, ',')
		}
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			line = strconv.AppendFloat(line, v, 'g', -1, 64)
		}
	}
	w.Write(append(line, '\n'))
}

// writeNPZ writes the arrays y1 [n], y2 [n], F [n, n], points [m, 2], step [s] and one [s] for
// every scalar, as numpy.load reads them.
func writeNPZ(w io.Writer, t *taken) error {
	l, err := t.landscape()
	if err != nil {
		return err
	}
	z := zip.NewWriter(w)
	var f, points []float64
	for _, row := range l.F {
		f = append(f, row...)
	}
	for _, y := range l.Points {
		points = append(points, y[0], y[1])
	}
	steps := make([]float64, len(t.history.Steps))
	for j, s := range t.history.Steps {
		steps[j] = float64(s)
	}
	add := func(name string, values []float64, shape ...int) {
		if err == nil {
			err = writeNPY(z, name, values, shape...)
		}
	}
	add("y1", l.Y1, len(l.Y1))
	add("y2", l.Y2, len(l.Y2))
	add("F", f, len(l.F), len(l.Y1))
	add("points", points, len(l.Points), 2)
	add("step", steps, len(steps))
	for i, name := range t.history.Names {
		add(name, t.history.Values[i], len(steps))
	}
	if err != nil {
		return err
	}
	return z.Close()
}

// writeNPY writes an array of float64 in NumPy's format 1.0: a magic word, the length of the
// header, a header that is a dictionary of Python padded to a multiple of 64 bytes, the numbers.
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
	const before = 10 // bytes of the magic word and the length
	header += strings.Repeat(" ", 63-(before+len(header))%64) + "\n"
	if _, err := fmt.Fprintf(w, "\x93NUMPY\x01\x00%s%s", binary.LittleEndian.AppendUint16(nil, uint16(len(header))), header); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, values)
}
