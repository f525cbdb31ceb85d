package ref

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// Tolerance is the pair that every file begins with: a passes for b where
// |a-b| <= Abs + Rel |b|.
type Tolerance struct {
	Abs float64 `json:"tol_abs"`
	Rel float64 `json:"tol_rel"`
}

// Load decodes the named file ("kmeans") into v, which usually embeds Tolerance.
func Load(t testing.TB, name string, v any) {
	t.Helper()
	dir := os.Getenv("EBMVIZ_REF")
	if dir == "" {
		_, here, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(here), "..", "..", "testdata", "ref")
	}
	text, err := os.ReadFile(filepath.Join(dir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("%s.json: %v", name, err)
	}
}

// Near fails the test unless got passes for want.
func (tol Tolerance) Near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol.Abs+tol.Rel*math.Abs(want)) {
		t.Errorf("%s = %.17g, want %.17g (off by %.3g)", what, got, want, got-want)
	}
}

// Scaled is the tolerance of a float32 computation of quantities of the size of the
// largest of want: 2e-4 of that size.
func Scaled(want ...float64) Tolerance {
	scale := 0.0
	for _, w := range want {
		scale = max(scale, math.Abs(w))
	}
	return Tolerance{Abs: 2e-4 * max(scale, 1e-3)}
}

// Vecs turns [[y1, y2], …] into points.
func Vecs(rows [][]float64) []r2.Vec {
	out := make([]r2.Vec, len(rows))
	for i, r := range rows {
		out[i] = r2.Vec{X: r[0], Y: r[1]}
	}
	return out
}
