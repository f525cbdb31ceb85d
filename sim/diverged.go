package sim

import "fmt"

// fallBack is called where something has blown up. What was noticed now may have begun a
// few steps ago, so it goes back to a sound snapshot and looks everything over step by
// step. Wherever the trouble was noticed, the first bad step is the same. The run is
// left at the step before it.
func (r *Run) fallBack(quantity string) error {
	bad := r.step
	for i := len(r.snaps) - 1; i >= 0; i-- {
		if r.snaps[i].step >= bad && i > 0 {
			continue
		}
		if err := r.revive(r.snaps[i]); err != nil {
			return err
		}
		q := r.lookOver()
		if q != "" {
			bad, quantity = r.step, q
			continue
		}
		for q == "" && r.step+1 < bad {
			head := r.head
			if q = r.proceed(r.lookOver); q == "" && r.head != head {
				q = r.lookOver()
			}
		}
		if q != "" {
			bad, quantity = r.step, q
		}
		break
	}
	d := r.blame(bad, quantity)
	if bad <= r.base() {
		// Only a knob that was moved at the first step can have done it.
		r.log, r.head = r.log[:0], 0
		r.cut(r.base())
		d.Message = fmt.Sprintf("%s, and the run is at step %d without that.", d.Message, r.base())
		return orError(d, r.revive(r.snaps[0]))
	}
	r.cut(bad - 1)
	if err := r.arrive(bad - 1); err != nil {
		return err
	}
	r.doomed = true
	d.Message = fmt.Sprintf("%s. The run is back at step %d, the last good one.", d.Message, r.step)
	return d
}

// arrive goes to a step that is known to be good.
func (r *Run) arrive(step uint64) error {
	if err := r.rewind(step); err != nil {
		return err
	}
	for r.step < step {
		if q := r.proceed(func() string { return "" }); q != "" {
			return complain(DivergedCode, "%s is not finite at step %d, which was good before", q, r.step)
		}
	}
	return nil
}

// blame finds the knob that was moved last before a bad step, and a step before all of
// that move: a dragged slider is a run of entries.
func (r *Run) blame(bad uint64, quantity string) *Diverged {
	d := &Diverged{Step: bad, Quantity: quantity, Back: r.base()}
	what := "The energy"
	if quantity != "energy" {
		what = fmt.Sprintf("The parameter %s", quantity)
	}
	d.Message = fmt.Sprintf("%s blew up at step %d", what, bad)
	i := len(r.log) - 1
	for i >= 0 && r.log[i].step > bad {
		i--
	}
	if i < 0 {
		return d
	}
	last := r.log[i]
	for i > 0 && r.log[i-1].knob == last.knob {
		i--
	}
	d.Knob = last.knob
	if first := r.log[i].step; first > d.Back {
		d.Back = first - 1
	}
	d.Message = fmt.Sprintf("%s, after %s was moved to %v at step %d", d.Message, last.knob, last.value, last.step)
	return d
}

func orError(d *Diverged, err error) error {
	if err != nil {
		return err
	}
	return d
}

// mend makes the present step again from a snapshot, after a panic that may have left the
// model half changed.
func (r *Run) mend() error {
	step := r.step
	i := len(r.snaps) - 1
	for i > 0 && r.snaps[i].step >= step {
		i--
	}
	if err := r.revive(r.snaps[i]); err != nil {
		return err
	}
	return r.arrive(step)
}
