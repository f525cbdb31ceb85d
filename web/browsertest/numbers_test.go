package browsertest

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// program returns the path of ebmviz, which is built once for all tests.
func program(t *testing.T) string {
	t.Helper()
	chromiumPath(t)
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(programDir, "ebmviz")
	if out, err := exec.Command("go", "build", "-o", path, "ebmviz/cmd/ebmviz").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

// saveCheckpoint writes the checkpoint of the page's room into a file.
func (b *tab) saveCheckpoint(dir string) string {
	b.Helper()
	path := filepath.Join(dir, fmt.Sprintf("%d.json", eval[int](b, "ebmviz.step")))
	text := eval[string](b, "fetch(`/api/rooms/${ebmviz.room}/checkpoint`).then(r => r.text())")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	return path
}

// evaluate is what `ebmviz eval` says of some points: rows of F, ∂F/∂y1, ∂F/∂y2.
func evaluate(t *testing.T, program, checkpoint string, points [][2]float64) [][3]float64 {
	t.Helper()
	var lines strings.Builder
	for _, y := range points {
		fmt.Fprintf(&lines, "%.17g,%.17g\n", y[0], y[1])
	}
	path := checkpoint + ".csv"
	if err := os.WriteFile(path, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "eval", "--checkpoint", checkpoint, "--points", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil || len(rows) != len(points)+1 {
		t.Fatalf("eval printed %d rows for %d points: %v", len(rows), len(points), err)
	}
	var all [][3]float64
	for _, row := range rows[1:] {
		var v [3]float64
		for i := range v {
			if v[i], err = strconv.ParseFloat(row[2+i], 64); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, v)
	}
	return all
}

type answer struct {
	Y, Grad [2]float64
	F       float64
	Path    [][2]float64
	Slice   struct {
		Y1     float64
		Minima []float64
	}
}

// TestNumbersMatchEval: what the page says of a point is what
// `ebmviz eval` computes in float64 from the checkpoint of the same step.
func TestNumbersMatchEval(t *testing.T) {
	t.Parallel()
	ebmviz := program(t)
	for _, model := range []string{"cd", "kmeans", "dae"} {
		t.Run(model, func(t *testing.T) {
			t.Parallel()
			if model != "cd" {
				longOnly(t)
			}
			b := open(t, desktop, serve(t)+"#model="+model+"&step=80")
			b.waitForInstruments()
			b.waitFor("ebmviz.step === 80")
			dir := t.TempDir()
			now := b.saveCheckpoint(dir)
			// Away from the edges between two prototypes, where a gradient is of one or the other.
			for _, y := range [][2]float64{{.5, 0}, {-.31, .87}, {1.1, -1.2}} {
				p := eval[answer](b, fmt.Sprintf("ebmviz.probe([%g, %g])", y[0], y[1]))
				end := p.Path[len(p.Path)-1]
				const h = .02
				points := [][2]float64{y, end}
				for _, m := range p.Slice.Minima {
					points = append(points, [2]float64{p.Slice.Y1, m}, [2]float64{p.Slice.Y1, m - h}, [2]float64{p.Slice.Y1, m + h})
				}
				v := evaluate(t, ebmviz, now, points)
				near := func(what string, got, want, scale float64) {
					t.Helper()
					if math.Abs(got-want) > 2e-3*(scale+math.Abs(want)) {
						t.Errorf("%s at %v: the page has %v, eval %v", what, y, got, want)
					}
				}
				near("F", p.F, v[0][0], 1)
				near("∂F/∂y1", p.Grad[0], v[0][1], 1)
				near("∂F/∂y2", p.Grad[1], v[0][2], 1)
				if v[1][0] > v[0][0]+1e-4 {
					t.Errorf("the path from %v leads up, from %v to %v", y, v[0][0], v[1][0])
				}
				for i, m := range p.Slice.Minima {
					if f := v[2+3*i : 5+3*i]; math.Abs(m) < 1.4 && (f[0][0] > f[1][0]+1e-4 || f[0][0] > f[2][0]+1e-4) {
						t.Errorf("y2 = %v is no minimum given y1 = %v: %v beside %v and %v", m, p.Slice.Y1, f[0][0], f[1][0], f[2][0])
					}
				}
			}
		})
	}
}
