package net

import (
	"fmt"
	"math"

	"ebmviz/ebm"
)

// Tensors names the parts of a slice laid out as Params: "layer0.W" [out,in], "layer0.b"
// [out] and so on, each with prefix in front.
func (m *MLP[T]) Tensors(prefix string, params []T) map[string]ebm.Tensor {
	all := make(map[string]ebm.Tensor, 2*len(m.layers))
	for i, l := range m.layers {
		name := fmt.Sprintf("%slayer%d.", prefix, i)
		all[name+"W"] = ebm.Tensor{Shape: []int{l.out, l.in}, Values: widen(params[l.w:l.b])}
		all[name+"b"] = ebm.Tensor{Shape: []int{l.out}, Values: widen(params[l.b : l.b+l.out])}
	}
	return all
}

// SetTensors reads back what Tensors named. An error names the tensor that does not fit,
// and params is then as it was.
func (m *MLP[T]) SetTensors(prefix string, params []T, from map[string]ebm.Tensor) error {
	fresh := make([]T, 0, len(m.params))
	for i, l := range m.layers {
		name := fmt.Sprintf("%slayer%d.", prefix, i)
		w, err := fetch[T](from, name+"W", l.out, l.in)
		if err != nil {
			return err
		}
		b, err := fetch[T](from, name+"b", l.out)
		if err != nil {
			return err
		}
		fresh = append(append(fresh, w...), b...)
	}
	copy(params, fresh)
	return nil
}

// widen copies numbers to float64, which loses nothing.
func widen[T Float](x []T) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// fetch returns the values of a tensor as T. A number that T cannot hold is an error.
func fetch[T Float](from map[string]ebm.Tensor, name string, shape ...int) ([]T, error) {
	t, err := ebm.Fetch(from, name, shape...)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(t.Values))
	for i, v := range t.Values {
		if out[i] = T(v); math.IsInf(float64(out[i]), 0) {
			return nil, fmt.Errorf("tensor %q holds %v at index %d: that is too large for %T", name, v, i, out[i])
		}
	}
	return out, nil
}

// count fetches a whole number from lo to hi.
func count(from map[string]ebm.Tensor, name string, lo, hi int) (int, error) {
	t, err := ebm.Fetch(from, name, 1)
	if err != nil {
		return 0, err
	}
	v := t.Values[0]
	if v != math.Trunc(v) || v < float64(lo) || v > float64(hi) {
		return 0, fmt.Errorf("tensor %q must be a whole number from %d to %d; got %v", name, lo, hi, v)
	}
	return int(v), nil
}
