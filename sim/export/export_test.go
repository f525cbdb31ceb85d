package export

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	_ "ebmviz/ebm/architectural"
	"ebmviz/ebm/data"
	"ebmviz/sim"
)

// trained returns a run after some steps, and a source of it with a grid of 16×16 cells.
func trained(t *testing.T) (*sim.Run, Source) {
	t.Helper()
	run, err := sim.NewRun(sim.Config{Model: "gmm", Seed: 3, Knobs: map[string]any{"data.n": 100.}}, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := run.Step(); err != nil {
			t.Fatal(err)
		}
	}
	return run, Source{run.Checkpoint(), run.History(), 16}
}

func write(t *testing.T, name string, s Source) []byte {
	t.Helper()
	f, ok := Lookup(name)
	if !ok {
		t.Fatalf("there is no format %s", name)
	}
	var b bytes.Buffer
	if err := f.Write(&b, s, ebm.Serial); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b.Bytes()
}

// readTable reads CSV with a header; an empty field is NaN.
func readTable(t *testing.T, text []byte, header string) (rows [][]float64) {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || strings.Join(lines[0], ",") != header {
		t.Fatalf("the header is %q, want %q: %v", lines[0], header, err)
	}
	for _, line := range lines[1:] {
		row := make([]float64, len(line))
		for i, field := range line {
			row[i] = math.NaN()
			if field != "" {
				if row[i], err = strconv.ParseFloat(field, 64); err != nil {
					t.Fatal(err)
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func TestGridCSV(t *testing.T) {
	run, s := trained(t)
	rows := readTable(t, write(t, "grid.csv", s), "y1,y2,F")
	if len(rows) != 16*16 {
		t.Fatalf("%d rows, want %d", len(rows), 16*16)
	}
	exact := run.Exact()
	for i, row := range rows {
		y := r2.Vec{X: ebm.L * (2*float64(i%16) + 1 - 16) / 16, Y: ebm.L * (2*float64(i/16) + 1 - 16) / 16}
		if math.Abs(row[0]-y.X) > 1e-15 || math.Abs(row[1]-y.Y) > 1e-15 {
			t.Fatalf("cell %d is at (%v, %v), want %v", i, row[0], row[1], y)
		}
		var want [1]float64
		exact.Energy(want[:], []r2.Vec{{X: row[0], Y: row[1]}})
		if row[2] != want[0] {
			t.Errorf("F(%v, %v) = %v, want %v", row[0], row[1], row[2], want[0])
		}
	}
}

func TestPointsCSV(t *testing.T) {
	run, s := trained(t)
	rows := readTable(t, write(t, "points.csv", s), "y1,y2")
	if len(rows) != len(run.Points()) {
		t.Fatalf("%d rows, want %d", len(rows), len(run.Points()))
	}
	for i, y := range run.Points() {
		if rows[i][0] != y.X || rows[i][1] != y.Y {
			t.Errorf("point %d is %v, want %v", i, rows[i], y)
		}
	}
}

// A value that is not finite is an empty field in CSV, null in JSON, and itself in NPZ.
func TestCurves(t *testing.T) {
	_, s := trained(t)
	s.History = sim.History{Names: []string{"loss", "auc"}, Steps: []uint64{1, 2, 3}, Values: [][]float64{{.1, .2, .3}, {math.NaN(), .5, math.Inf(1)}}}
	if got, want := string(write(t, "curves.csv", s)), "step,loss,auc\n1,0.1,\n2,0.2,0.5\n3,0.3,\n"; got != want {
		t.Errorf("curves.csv is\n%swant\n%s", got, want)
	}
	var landscape struct{ Curves map[string][]*float64 }
	if err := json.Unmarshal(write(t, "landscape.json", s), &landscape); err != nil {
		t.Fatal(err)
	}
	if auc := landscape.Curves["auc"]; len(auc) != 3 || auc[0] != nil || auc[1] == nil || *auc[1] != .5 || auc[2] != nil {
		t.Errorf("auc in landscape.json is %v", auc)
	}
	arrays := readNPZ(t, write(t, "landscape.npz", s))
	if auc := arrays["auc"].values; len(auc) != 3 || !math.IsNaN(auc[0]) || auc[1] != .5 || !math.IsInf(auc[2], 1) {
		t.Errorf("auc in landscape.npz is %v", auc)
	}
}

type array struct {
	shape  string
	values []float64
	text   string // of an array of words, each with | at its end
}

// readNPZ reads arrays of float64 and of words, and checks what the NPY format demands of their headers.
func readNPZ(t *testing.T, text []byte) map[string]array {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	dictionary := regexp.MustCompile(`^\{'descr': '(<f8|<U64)', 'fortran_order': False, 'shape': \(([0-9,]*)\), \} *\n$`)
	arrays := map[string]array{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || len(b) < 10 || string(b[:8]) != "\x93NUMPY\x01\x00" {
			t.Fatalf("%s begins with %.10q: %v", f.Name, b, err)
		}
		start := 10 + int(binary.LittleEndian.Uint16(b[8:]))
		if start%64 != 0 || start > len(b) {
			t.Fatalf("%s: the values begin at byte %d", f.Name, start)
		}
		header := dictionary.FindSubmatch(b[10:start])
		if header == nil {
			t.Fatalf("%s: the header is %q", f.Name, b[10:start])
		}
		a := array{shape: string(header[2]), values: make([]float64, (len(b)-start)/8)}
		if string(header[1]) == "<U64" {
			for words := b[start:]; len(words) > 0; words = words[4*64:] {
				for i := 0; i < 4*64 && words[i] != 0; i += 4 {
					a.text += string(rune(binary.LittleEndian.Uint32(words[i:])))
				}
				a.text += "|"
			}
			a.values = nil
		} else if _, err := binary.Decode(b[start:], binary.LittleEndian, a.values); err != nil || (len(b)-start)%8 != 0 {
			t.Fatalf("%s: %v", f.Name, err)
		}
		arrays[strings.TrimSuffix(f.Name, ".npy")] = a
	}
	return arrays
}

func TestNPZ(t *testing.T) {
	_, s := trained(t)
	for _, n := range []int{5, 0} { // a run that was just loaded has an empty history
		s.History = sim.History{Names: []string{"loss"}, Steps: make([]uint64, n), Values: [][]float64{make([]float64, n)}}
		arrays := readNPZ(t, write(t, "landscape.npz", s))
		for name, want := range map[string]string{"y1": "16,", "y2": "16,", "F": "16,16,", "points": "100,2,", "step": fmt.Sprintf("%d,", n), "loss": fmt.Sprintf("%d,", n)} {
			size := 1
			for _, side := range strings.Split(strings.TrimSuffix(want, ","), ",") {
				k, _ := strconv.Atoi(side)
				size *= k
			}
			if a, ok := arrays[name]; !ok || a.shape != want || len(a.values) != size {
				t.Errorf("%s has the shape (%s) and %d values, want (%s) and %d", name, a.shape, len(a.values), want, size)
			}
		}
	}
	grid := readTable(t, write(t, "grid.csv", s), "y1,y2,F")
	a := readNPZ(t, write(t, "landscape.npz", s))
	for i, row := range grid {
		if got := [3]float64{a["y1"].values[i%16], a["y2"].values[i/16], a["F"].values[i]}; got != [3]float64(row) {
			t.Errorf("cell %d is %v in landscape.npz, %v in grid.csv", i, got, row)
		}
	}
}

// withAxes returns the source of a run on points with axes and groups, all with hostile names.
func withAxes(t *testing.T) (*sim.Run, Source) {
	t.Helper()
	info := sim.PointsInfo{
		Axes:  &data.Axes{Names: [2]string{"y1", `a "b", c`}, Scale: [2]float64{1.25, 20}, Offset: [2]float64{3.5, 70}},
		Label: &sim.Label{Name: "F", Groups: []string{"=1+2", "x,y"}, Of: []uint8{1, sim.NoGroup, 0}},
	}
	run, err := sim.NewRun(sim.Config{Model: "kmeans", Data: "custom", Points: []r2.Vec{{X: 1, Y: .5}, {X: -1}, {}}, PointsInfo: info, Knobs: map[string]any{"k": 2.}}, ebm.Serial)
	if err != nil {
		t.Fatal(err)
	}
	return run, Source{run.Checkpoint(), run.History(), 16}
}

// TestUnits: where the points have axes, each file has their coordinates in those units too, under
// names that collide with no other.
func TestUnits(t *testing.T) {
	run, s := withAxes(t)
	if got, want := string(write(t, "points.csv", s)), "y1,y2,y1_2,\"a \"\"b\"\", c\",F\n1,0.5,4.75,80,\"x,y\"\n-1,0,2.25,70,\n0,0,3.5,70,=1+2\n"; got != want {
		t.Errorf("points.csv is\n%swant\n%s", got, want)
	}
	units := run.PointsInfo().Axes.Units
	grid := readTable(t, write(t, "grid.csv", s), `y1,y2,F,y1_2,a "b", c`)
	if len(grid) != 16*16 {
		t.Fatalf("%d rows", len(grid))
	}
	a := readNPZ(t, write(t, "landscape.npz", s))
	for i, row := range grid {
		u := units(r2.Vec{X: row[0], Y: row[1]})
		if row[3] != u.X || row[4] != u.Y || row[3] != 3.5+1.25*row[0] {
			t.Errorf("(%v, %v) is (%v, %v) in the units of the points", row[0], row[1], row[3], row[4])
		}
		if got := [2]float64{a["units_y1"].values[i%16], a["units_y2"].values[i/16]}; got != [2]float64(row[3:]) {
			t.Errorf("cell %d is %v in landscape.npz", i, got)
		}
	}
	if p := a["units_points"]; p.shape != "3,2," || fmt.Sprint(p.values) != "[4.75 80 2.25 70 3.5 70]" {
		t.Errorf("units_points is %v", p)
	}
	if n := a["units_names"]; n.shape != "2," || n.text != `y1|a "b", c|` {
		t.Errorf("units_names is %v", n)
	}
	var l struct {
		Points [][2]float64
		Units  struct {
			Names  [2]string
			Y1, Y2 []float64
			Points [][2]float64
		}
	}
	if err := json.Unmarshal(write(t, "landscape.json", s), &l); err != nil {
		t.Fatal(err)
	}
	if u := l.Units; u.Names[1] != `a "b", c` || u.Points[0] != [2]float64{4.75, 80} || l.Points[0] != [2]float64{1, .5} ||
		fmt.Sprint(u.Y1, u.Y2) != fmt.Sprint(a["units_y1"].values, a["units_y2"].values) {
		t.Errorf("the units in landscape.json are %+v", l)
	}
	if script := string(write(t, "model.py", s)); !strings.Contains(script, `AXES = json.loads("{\"names\":[\"y1\",\"a \\\"b\\\", c\"],\"scale\":[1.25,20],\"offset\":[3.5,70]}")`) {
		t.Errorf("model.py does not have the axes:\n%.900s", script)
	}
	_, plain := trained(t)
	if text := string(write(t, "landscape.json", plain)); strings.Contains(text, "units") {
		t.Error("without axes landscape.json has units")
	}
	if arrays := readNPZ(t, write(t, "landscape.npz", plain)); arrays["units_y1"].values != nil {
		t.Error("without axes landscape.npz has units")
	}
}

// failing is a writer that takes n bytes.
type failing struct{ n int }

var errFull = errors.New("the disk is full")

func (w *failing) Write(b []byte) (int, error) {
	if len(b) > w.n {
		return w.n, errFull
	}
	w.n -= len(b)
	return len(b), nil
}

// An error of the writer, or of the checkpoint, is returned by every format that meets it.
func TestErrors(t *testing.T) {
	_, s := trained(t)
	bad := s
	bad.Checkpoint.Params = nil
	for _, f := range Formats {
		size := len(write(t, f.Name, s))
		for _, n := range []int{0, size / 2, size - 1} {
			if err := f.Write(&failing{n}, s, ebm.Serial); !errors.Is(err, errFull) {
				t.Errorf("%s to a writer that takes %d of %d bytes: %v", f.Name, n, size, err)
			}
		}
		if f.Name == "curves.csv" || f.Name == "model.py" {
			continue // they are written without restoring the run
		}
		if err := f.Write(io.Discard, bad, ebm.Serial); sim.CodeOf(err) != sim.BadCheckpoint {
			t.Errorf("%s of a checkpoint without parameters: %v", f.Name, err)
		}
	}
	bad.Checkpoint.Model = "nothing"
	if f, _ := Lookup("model.py"); sim.CodeOf(f.Write(io.Discard, bad, ebm.Serial)) != sim.UnknownModel {
		t.Error("model.py of an unknown model has no error")
	}
	if _, ok := Lookup("passwd"); ok {
		t.Error("passwd is a format")
	}
}
