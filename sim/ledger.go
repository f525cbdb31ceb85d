package sim

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// MostLedger is how many steps back a ledger may look.
const MostLedger = 100

// ledger keeps what the parameters were before each of the last steps, so that what those steps
// did to the energy can be shown: F with the present parameters less F with those of then, both
// with the present knobs. It costs nothing while its span is 0.
type ledger struct {
	span  uint64 // how many steps it looks back
	pages []page

	then   life // a model with the parameters of then
	of     *cloud
	values []float64
}

// page is what the parameters were at a step.
type page struct {
	step   uint64
	params map[string]ebm.Tensor
}

// note takes down the parameters before a step is made.
func (l *ledger) note(r *Run) {
	if l.span == 0 {
		return
	}
	l.cut(r.step)
	for len(l.pages) > 0 && l.pages[0].step+l.span <= r.step {
		l.pages = l.pages[1:]
	}
	l.pages = append(l.pages, page{r.step, r.model.(ebm.Stater).State().Params})
}

// cut drops what was taken down at a step or later: the run has come back, and will come by again.
func (l *ledger) cut(step uint64) {
	for len(l.pages) > 0 && l.pages[len(l.pages)-1].step >= step {
		l.pages = l.pages[:len(l.pages)-1]
	}
}

// clear forgets everything but how far it looks: what was is no longer comparable.
func (l *ledger) clear() { *l = ledger{span: l.span} }

// from returns where stepping must begin at the latest for the ledger to be full at a step.
func (l *ledger) from(step uint64) uint64 {
	if l.span <= 1 {
		return step
	}
	return max(step+1, l.span) - l.span
}

// change writes to dst what has happened to the energies at the points since the returned step,
// given those of now. It reports false if no step has been made that it knows of.
func (l *ledger) change(r *Run, dst []float32, now []float64, at []r2.Vec) (since uint64, ok bool) {
	if l.span == 0 {
		return 0, false
	}
	i := 0
	for i < len(l.pages) && l.pages[i].step+l.span < r.step {
		i++
	}
	if i == len(l.pages) || l.pages[i].step >= r.step {
		return 0, false
	}
	if l.of != r.cloud {
		born, err := r.bear(r.knobs.Values(), r.cloud.points)
		if err != nil {
			return 0, false
		}
		l.then, l.of = born, r.cloud
	}
	if setAll(l.then.knobs, r.knobs.Values()) != nil || l.then.model.(ebm.Stater).SetState(ebm.State{Params: l.pages[i].params}) != nil {
		return 0, false
	}
	if len(l.values) != len(now) {
		l.values = make([]float64, len(now))
	}
	r.spread(l.then.model, l.values, at)
	for k, e := range now {
		dst[k] = float32(e - l.values[k])
	}
	return l.pages[i].step, tame(l.values)
}

// Look has the run keep a ledger of so many steps, 0 for none. One that is to reach further back
// than it does begins with a snapshot of then, from which stepping leads back to where the run
// was: to that step, which is returned, somebody must [Run.Seek].
func (r *Run) Look(span uint64) (back uint64, err error) {
	back = r.step
	further := span > r.ledger.span
	if r.ledger.span = span; span == 0 {
		r.ledger.clear()
	}
	if further && r.step > r.base() {
		err = r.revive(r.before(r.ledger.from(r.step)))
	}
	return back, err
}
