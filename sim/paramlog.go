package sim

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// MaxDeltaSpan is how many steps back a change of the energy can be shown.
const MaxDeltaSpan = 100

// parameterLog holds the parameters before each of the last steps, so that what those steps did to
// the energy can be shown: F with the present parameters less F with the earlier ones, both with
// the present knobs. It costs nothing while its span is 0.
type parameterLog struct {
	span    uint64 // how many steps it looks back
	entries []parameterEntry

	past   modelState // a model with earlier parameters
	pastOf *dataset   // the dataset that past was initialized with
	values []float64
}

// parameterEntry is the parameters before the step that follows the given one.
type parameterEntry struct {
	step   uint64
	params map[string]ebm.Tensor
}

// add notes the parameters before a step.
func (l *parameterLog) add(r *Run) {
	if l.span == 0 {
		return
	}
	l.cut(r.step)
	for len(l.entries) > 0 && l.entries[0].step+l.span <= r.step {
		l.entries = l.entries[1:]
	}
	l.entries = append(l.entries, parameterEntry{r.step, r.state.tensors().Params})
}

// cut discards the entries of a step and later ones.
func (l *parameterLog) cut(step uint64) {
	for len(l.entries) > 0 && l.entries[len(l.entries)-1].step >= step {
		l.entries = l.entries[:len(l.entries)-1]
	}
}

// clear discards all entries: they can no longer be compared with the present state.
func (l *parameterLog) clear() { *l = parameterLog{span: l.span} }

// begin returns the step at which stepping must begin for the log to be full at a step.
func (l *parameterLog) begin(step uint64) uint64 {
	if l.span <= 1 {
		return step
	}
	return max(step+1, l.span) - l.span
}

// delta writes the change of the energies at the points since the returned step to dst, given
// the present energies. It reports false if there is no earlier step to compare with.
func (l *parameterLog) delta(r *Run, dst []float32, now []float64, at []r2.Vec) (since uint64, ok bool) {
	if l.span == 0 {
		return 0, false
	}
	i := 0
	for i < len(l.entries) && l.entries[i].step+l.span < r.step {
		i++
	}
	if i == len(l.entries) || l.entries[i].step >= r.step {
		return 0, false
	}
	if l.pastOf != r.dataset {
		s, err := r.newModelState(r.state.knobs.Values(), r.dataset.points)
		if err != nil {
			return 0, false
		}
		l.past, l.pastOf = s, r.dataset
	}
	if setAll(l.past.knobs, r.state.knobs.Values()) != nil || l.past.setTensors(ebm.State{Params: l.entries[i].params}) != nil {
		return 0, false
	}
	if len(l.values) != len(now) {
		l.values = make([]float64, len(now))
	}
	r.evaluator.evaluate(l.past.model, l.values, at)
	for k, e := range now {
		dst[k] = float32(e - l.values[k])
	}
	return l.entries[i].step, allInRange(l.values)
}

// SetDeltaSpan has pictures show the change of the energy over the last steps, 0 for none. A
// longer span than before begins at a snapshot: the run is then at an earlier step, and the
// returned one must be reached by [Run.Seek].
func (r *Run) SetDeltaSpan(span uint64) (step uint64, err error) {
	step = r.step
	longer := span > r.params.span
	if r.params.span = span; span == 0 {
		r.params.clear()
	}
	if longer && r.step > r.First() {
		err = r.restore(r.timeline.before(r.params.begin(r.step)))
	}
	return step, err
}

// DeltaSpan returns how many steps back pictures show the change of the energy.
func (r *Run) DeltaSpan() uint64 { return r.params.span }
