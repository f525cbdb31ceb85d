package ref

import (
	"fmt"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// Check compares what a method generic in its parameters computes with a file: under the
// tolerance of the file at float64, and under that of [Scaled] at float32.
type Check struct {
	T   *testing.T
	Tol func(want []float64) Tolerance
}

// Checker returns the Check for parameters of type T.
func Checker[T float32 | float64](t *testing.T, file Tolerance) Check {
	var zero T
	if _, single := any(zero).(float32); single {
		return Check{t, func(want []float64) Tolerance { return Scaled(want...) }}
	}
	return Check{t, func([]float64) Tolerance { return file }}
}

// List compares number by number.
func (c Check) List(what string, got, want []float64) {
	c.T.Helper()
	if len(got) != len(want) {
		c.T.Errorf("%s has %d numbers, want %d", what, len(got), len(want))
		return
	}
	tol := c.Tol(want)
	for i := range want {
		tol.Near(c.T, fmt.Sprintf("%s[%d]", what, i), got[i], want[i])
	}
}

// One compares one number.
func (c Check) One(what string, got, want float64) {
	c.T.Helper()
	c.List(what, []float64{got}, []float64{want})
}

// Points compares points with rows of two numbers.
func (c Check) Points(what string, got []r2.Vec, want [][]float64) {
	c.T.Helper()
	var list []float64
	for _, y := range got {
		list = append(list, y.X, y.Y)
	}
	c.List(what, list, slices.Concat(want...))
}

// Wide returns parameters as float64.
func Wide[T float32 | float64](x []T) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}
