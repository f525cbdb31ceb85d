package infer

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

func TestRegression(t *testing.T) {
	line := make([]r2.Vec, 401)
	for i := range line {
		x := float64(i)/200 - 1
		line[i] = r2.Vec{X: x, Y: 0.3 - 0.5*x}
	}
	near := func(what string, got, want, tolerance float64) {
		t.Helper()
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	got, ok := Regression(line, 0.2)
	if !ok {
		t.Error("nothing is said where there are points")
	}
	near("on a line", got, 0.2, 1e-9)
	got, _ = Regression([]r2.Vec{{X: 0, Y: 1}, {X: 0, Y: -1}}, 0)
	near("between two answers", got, 0, 1e-12)
	// By hand: weights 1 and e^{-1/2}.
	got, _ = Regression([]r2.Vec{{X: 0.5, Y: 1}, {X: 0.58, Y: 0}}, 0.5)
	near("two points", got, 1/(1+math.Exp(-0.5)), 1e-12)
	if _, ok := Regression(line, 1.4); ok {
		t.Error("something is said where no point is near")
	}
}
