package net

import (
	"math"

	"ebmviz/ebm"
)

// EMA keeps an exponential moving average of the parameters, which is what is displayed:
// the weights themselves jitter from step to step, and the landscape would flicker. The
// average begins short, so that the first steps are visible, and grows to 100 steps:
//
//	avg ← d avg + (1-d) θ,  d = min(0.99, (1+t)/(10+t))
//
// The zero value is ready; avg starts as a copy of the parameters.
type EMA[T Float] struct{ t int }

// Update moves the average by one step.
func (e *EMA[T]) Update(avg, params []T) {
	t := float64(e.t)
	d := T(min(0.99, (1+t)/(10+t)))
	e.t++
	params = params[:len(avg)]
	for i, p := range params {
		avg[i] = d*avg[i] + (1-d)*p
	}
}

// Restart makes the average short again.
func (e *EMA[T]) Restart() { e.t = 0 }

// Tensors names the count "t", with prefix in front.
func (e *EMA[T]) Tensors(prefix string) map[string]ebm.Tensor {
	return map[string]ebm.Tensor{prefix + "t": ebm.Scalar(float64(e.t))}
}

// SetTensors reads back what Tensors named.
func (e *EMA[T]) SetTensors(prefix string, from map[string]ebm.Tensor) error {
	t, err := count(from, prefix+"t", 0, math.MaxInt32)
	if err != nil {
		return err
	}
	e.t = t
	return nil
}
