package learn

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
)

// State returns the tensors that the comment of Learner lists.
func (l *Learner[T]) State() ebm.State {
	train := l.tensors("raw.", l.Params)
	maps.Copy(train, l.optim.Tensors("optim."))
	maps.Copy(train, l.average.Tensors("average."))
	train["schedule"] = ebm.Scalar(float64(l.scheduleStep))
	train["schedule.knobs"] = ebm.Tensor{Shape: []int{len(l.lastKnobs)}, Values: slices.Clone(l.lastKnobs)}
	return ebm.State{Params: l.tensors("", l.Shown), Train: train}
}

// SetState restores a state; see ebm.Stater.
func (l *Learner[T]) SetState(s ebm.State) error {
	shown := make([]T, len(l.Params))
	if err := l.fetch("", shown, s.Params); err != nil {
		return err
	}
	params := slices.Clone(shown)
	optim, average, scheduleStep, lastKnobs := net.NewOptim[T](len(l.Params)), net.EMA[T]{}, 0, []float64(nil)
	if len(s.Train) > 0 {
		if err := l.fetch("raw.", params, s.Train); err != nil {
			return err
		}
		if err := optim.SetTensors("optim.", s.Train); err != nil {
			return err
		}
		if err := average.SetTensors("average.", s.Train); err != nil {
			return err
		}
		count, err := ebm.Fetch(s.Train, "schedule", 1)
		if err != nil {
			return err
		}
		if v := count.Values[0]; v < 0 || v != math.Trunc(v) {
			return fmt.Errorf("tensor %q holds %v where a number of steps is needed", "schedule", v)
		}
		knobs, err := ebm.Fetch(s.Train, "schedule.knobs", -1)
		if err != nil {
			return err
		}
		scheduleStep, lastKnobs = int(count.Values[0]), slices.Clone(knobs.Values)
	}
	copy(l.Shown, shown)
	copy(l.Params, params)
	l.optim, l.average, l.scheduleStep, l.lastKnobs = optim, average, scheduleStep, lastKnobs
	return nil
}

// tensors returns the parts of a flat list of parameters by name.
func (l *Learner[T]) tensors(prefix string, flat []T) map[string]ebm.Tensor {
	all, lo, nets := map[string]ebm.Tensor{}, 0, 0
	for _, p := range l.parts {
		part := flat[lo : lo+p.size()]
		lo += p.size()
		if p.Shape != nil {
			values := make([]float64, len(part))
			for i, v := range part {
				values[i] = float64(v)
			}
			all[prefix+p.Name] = ebm.Tensor{Shape: slices.Clone(p.Shape), Values: values}
			continue
		}
		maps.Copy(all, l.Nets[nets].MLP.Tensors(prefix+p.Name, part))
		nets++
	}
	return all
}

// fetch fills a flat list of parameters from tensors.
func (l *Learner[T]) fetch(prefix string, flat []T, from map[string]ebm.Tensor) error {
	lo, nets := 0, 0
	for _, p := range l.parts {
		part := flat[lo : lo+p.size()]
		lo += p.size()
		if p.Shape == nil {
			if err := l.Nets[nets].MLP.SetTensors(prefix+p.Name, part, from); err != nil {
				return err
			}
			nets++
			continue
		}
		t, err := ebm.Fetch(from, prefix+p.Name, p.Shape...)
		if err != nil {
			return err
		}
		for i, v := range t.Values {
			if part[i] = T(v); math.IsInf(float64(part[i]), 0) {
				return fmt.Errorf("tensor %q holds %v at index %d: that is too large for %T", prefix+p.Name, v, i, part[i])
			}
		}
	}
	return nil
}
