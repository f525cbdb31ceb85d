package ebm

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Tensor is a named array of numbers in row-major order.
type Tensor struct {
	Shape  []int     `json:"shape"`
	Values []float64 `json:"values"`
}

// State is all of a model that a checkpoint needs. Params is what is displayed (the
// average of the weights where there is one); Train is what further training needs
// besides: raw weights, the moments of Adam, chains, counters. float32 values are stored
// without loss.
type State struct {
	Params map[string]Tensor `json:"params"`
	Train  map[string]Tensor `json:"train,omitempty"`
}

// Stater is a Model whose state can be saved and restored: every registered model is one.
// A model that continues from a restored state takes exactly the same steps, bit for bit.
type Stater interface {
	State() State

	// SetState restores a state, after Init. An error names the tensor that is missing,
	// has another shape or holds a number that is not finite; the model is then unchanged.
	// A state without Train gives a model that can be displayed and measured, and that
	// continues training from Params.
	SetState(State) error
}

// Scalar returns a tensor that holds one number.
func Scalar(v float64) Tensor { return Tensor{Shape: []int{1}, Values: []float64{v}} }

// Fetch returns the tensor of that name if it has that shape and finite numbers only.
// A negative length in shape stands for any.
func Fetch(from map[string]Tensor, name string, shape ...int) (Tensor, error) {
	t, ok := from[name]
	if !ok {
		return Tensor{}, fmt.Errorf("tensor %q is missing", name)
	}
	match := len(t.Shape) == len(shape)
	size := 1
	for i, n := range t.Shape {
		match = match && n >= 0 && (shape[i] < 0 || shape[i] == n)
		size *= n
	}
	if !match {
		needed := strings.ReplaceAll(fmt.Sprint(shape), "-1", "any")
		return Tensor{}, fmt.Errorf("tensor %q has shape %v where %s is needed", name, t.Shape, needed)
	}
	if len(t.Values) != size {
		return Tensor{}, fmt.Errorf("tensor %q has %d values where its shape %v needs %d", name, len(t.Values), t.Shape, size)
	}
	if i := slices.IndexFunc(t.Values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }); i >= 0 {
		return Tensor{}, fmt.Errorf("tensor %q holds %v at index %d: only finite numbers are allowed", name, t.Values[i], i)
	}
	return t, nil
}
