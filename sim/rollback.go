package sim

import "fmt"

// rollback is called when a quantity has diverged. That may have begun a few steps before it was
// noticed, so rollback restores a good snapshot and runs a full check after each step. Wherever
// the divergence was noticed, the first bad step is the same. The run is left at the step before
// it.
func (r *Run) rollback(quantity string) error {
	bad := r.step
	for i := len(r.timeline.snapshots) - 1; i >= 0; i-- {
		s := r.timeline.snapshots[i]
		if s.step >= bad && i > 0 {
			continue
		}
		if err := r.restore(s); err != nil {
			return err
		}
		if q := r.fullCheck(); q != "" {
			bad, quantity = r.step, q
			continue
		}
		q, err := r.firstDivergence(bad)
		if err != nil {
			return err
		}
		if q != "" {
			bad, quantity = r.step, q
		}
		break
	}
	d := r.attribute(bad, quantity)
	if bad <= r.First() {
		// Only a change at the first step can have done it.
		r.timeline.log, r.timeline.applied = r.timeline.log[:0], 0
		r.cut(r.First())
		d.Message = fmt.Sprintf("%s, and the run is at step %d without that.", d.Message, r.First())
		return diverged(d, r.restore(r.timeline.snapshots[0]))
	}
	r.cut(bad - 1)
	if err := r.reachStep(bad - 1); err != nil {
		return err
	}
	r.timeline.divergesLater = true
	d.Message = fmt.Sprintf("%s. The run is back at step %d, the last good one.", d.Message, r.step)
	return d
}

// firstDivergence steps towards a bad step with a full check after each step and each change. It
// returns the quantity that diverges at the step where it stops, "" if it reaches the step before
// the bad one.
func (r *Run) firstDivergence(bad uint64) (quantity string, err error) {
	for r.step+1 < bad {
		applied := r.timeline.applied
		quantity, err = r.advance(r.fullCheck)
		if quantity == "" && err == nil && r.timeline.applied != applied {
			quantity = r.fullCheck()
		}
		if quantity != "" || err != nil {
			return quantity, err
		}
	}
	return "", nil
}

// reachStep goes to a step that is known to be good.
func (r *Run) reachStep(step uint64) error {
	remaining, err := r.Approach(step)
	for ; err == nil && remaining > 0; remaining-- {
		var q string
		if q, err = r.advance(func() string { return "" }); q != "" {
			return Errorf(DivergedCode, "%s is not finite at step %d, which was good before", q, r.step)
		}
	}
	return err
}

// attribute finds the knob that was set last before a bad step, and a step before the whole move:
// a dragged slider is several entries.
func (r *Run) attribute(bad uint64, quantity string) *Diverged {
	d := &Diverged{Step: bad, Quantity: quantity, Back: r.First()}
	what := "The energy"
	if quantity != energyQuantity {
		what = fmt.Sprintf("The parameter %s", quantity)
	}
	d.Message = fmt.Sprintf("%s diverged at step %d", what, bad)
	log := r.timeline.log
	i := len(log) - 1
	for i >= 0 && log[i].Step > bad {
		i--
	}
	if i < 0 {
		return d
	}
	last := log[i]
	for i > 0 && log[i-1].Knob == last.Knob {
		i--
	}
	d.Knob = last.Knob
	if first := log[i].Step; first > d.Back {
		d.Back = first - 1
	}
	if last.Points != nil {
		d.Message = fmt.Sprintf("%s, after %d points were given at step %d", d.Message, len(last.Points), last.Step)
		return d
	}
	d.Message = fmt.Sprintf("%s, after %s was set to %v at step %d", d.Message, last.Knob, last.Value, last.Step)
	return d
}

// diverged returns d unless there is another error.
func diverged(d *Diverged, err error) error {
	if err != nil {
		return err
	}
	return d
}

// Repair makes the present step again from a snapshot, after a panic that may have left the model
// half changed.
func (r *Run) Repair() error {
	step := r.step
	if err := r.restore(r.timeline.before(step)); err != nil {
		return err
	}
	return r.reachStep(step)
}
