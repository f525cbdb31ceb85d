package sim

import (
	"slices"

	"ebmviz/ebm/measure"
)

// maxSamples bounds a history. When it is full, every other sample is dropped, and from then on
// half as many are taken.
const maxSamples = 1024

// History is the scalars of a run over its steps. Values[i][j] is scalar i at Steps[j]; NaN means
// that it does not apply.
type History struct {
	Names  []string
	Steps  []uint64
	Values [][]float64
	On     []measure.TestSet // what the common scalars were measured on at Steps[j]
}

// OnOwnPoints reports whether anything was measured on a user's points, and not on fresh samples.
func (h History) OnOwnPoints() bool {
	return slices.ContainsFunc(h.On, measure.TestSet.Own)
}

// history gathers a History without allocating.
type history struct {
	names []string
	every uint64
	steps []uint64
	rows  []float64 // one after the other
	on    []measure.TestSet
}

func newHistory(names []string) *history {
	return &history{names: names, every: 1, steps: make([]uint64, 0, maxSamples), rows: make([]float64, 0, maxSamples*len(names)), on: make([]measure.TestSet, 0, maxSamples)}
}

// wants reports whether a sample of the step is due and not there yet.
func (h *history) wants(step uint64) bool {
	return step%h.every == 0 && (len(h.steps) == 0 || h.steps[len(h.steps)-1] < step)
}

func (h *history) add(step uint64, row []float64, on measure.TestSet) {
	if len(h.steps) == maxSamples {
		h.every *= 2
		h.filter(func(s uint64) bool { return s%h.every == 0 })
		if !h.wants(step) {
			return
		}
	}
	h.steps = append(h.steps, step)
	h.rows = append(h.rows, row...)
	h.on = append(h.on, on)
}

// filter drops the samples of all steps but those that keep reports true for.
func (h *history) filter(keep func(step uint64) bool) {
	n, w := 0, len(h.names)
	for i, s := range h.steps {
		if keep(s) {
			h.steps[n], h.on[n] = s, h.on[i]
			copy(h.rows[n*w:(n+1)*w], h.rows[i*w:(i+1)*w])
			n++
		}
	}
	h.steps, h.rows, h.on = h.steps[:n], h.rows[:n*w], h.on[:n]
}

// cut drops the samples beyond a step.
func (h *history) cut(step uint64) { h.filter(func(s uint64) bool { return s <= step }) }

func (h *history) copy() History {
	c := History{Names: h.names, Steps: slices.Clone(h.steps), Values: make([][]float64, len(h.names)), On: slices.Clone(h.on)}
	for i := range c.Values {
		c.Values[i] = make([]float64, len(h.steps))
		for j := range h.steps {
			c.Values[i][j] = h.rows[j*len(h.names)+i]
		}
	}
	return c
}
