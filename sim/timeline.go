package sim

import (
	"fmt"
	"math/rand/v2"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// mostSnapshots and mostMemory bound a timeline. When there are so many snapshots, or they
// take so many bytes, every other one is dropped, and from then on half as many are taken. Of
// 10,000 steps one each 25 to 200 stays, so none is far (go test -run Scrub ./sim -scrub -v).
const (
	mostSnapshots = 256
	mostMemory    = 16 << 20
)

// mostEntries bounds the list of moved knobs, mostOwn the points in it that somebody brought;
// beyond it the older half of the past is forgotten.
const mostEntries, mostOwn = 20_000, 200_000

// timeline is what a run needs to come back to any of its steps.
type timeline struct {
	log      []entry // the knobs that were moved, in order of step
	head     int     // entries before this one have been applied; the rest is the future
	snaps    []snapshot
	every    uint64 // a snapshot is taken each so many steps
	furthest uint64 // the latest step the run has been at
	doomed   bool   // it is known that the future diverges
}

// entry is one moved knob. It was moved after the step, and before the next one.
type entry struct {
	step  uint64
	knob  string
	value any
}

// snapshot is the whole state after a step, before the knobs that were moved there.
type snapshot struct {
	step   uint64
	state  ebm.State
	pcg    rand.PCG
	values map[string]any // of the model's knobs
	cloud  *cloud
	reading
}

func (t *timeline) begin(s snapshot, card ebm.Card) {
	*t = timeline{snaps: []snapshot{s}, every: uint64(max(1, card.Steps/32)), furthest: s.step}
}

// base returns the earliest step there is a way back to.
func (t *timeline) base() uint64 { return t.snaps[0].step }

// note adds a moved knob to the log. What was in the future never happened.
func (r *Run) note(e entry) {
	r.cut(r.step)
	if last := len(r.log) - 1; e.knob == ownPoints && last >= 0 && r.log[last].knob == ownPoints && r.log[last].step == e.step {
		r.log = r.log[:last] // nothing was learnt from those
	}
	r.log = append(r.log, e)
	r.head = len(r.log)
	for r.long() && len(r.snaps) > 1 {
		r.forget()
	}
}

// long reports whether the log has more entries, or more points of somebody's own, than it may.
func (t *timeline) long() bool {
	n := 0
	for _, e := range t.log {
		if points, ok := e.value.([]r2.Vec); ok {
			n += len(points)
		}
	}
	return len(t.log) > mostEntries || n > mostOwn
}

// cut drops all that lies beyond a step.
func (r *Run) cut(step uint64) {
	n := len(r.log)
	for n > 0 && r.log[n-1].step > step {
		n--
	}
	r.log = r.log[:n]
	r.head = min(r.head, n)
	n = len(r.snaps)
	for n > 1 && r.snaps[n-1].step > step {
		n--
	}
	r.snaps = r.snaps[:n]
	r.furthest = max(step, r.base())
	r.history.cut(step)
	r.doomed = false
}

// forget drops the older half of the past.
func (r *Run) forget() {
	r.snaps = append([]snapshot(nil), r.snaps[len(r.snaps)/2:]...)
	n := 0
	for n < r.head && r.log[n].step < r.base() {
		n++
	}
	r.log = append([]entry(nil), r.log[n:]...)
	r.head -= n
}

// snapshot takes down the whole state.
func (r *Run) snapshot(state ebm.State) snapshot {
	return snapshot{r.step, state, *r.pcg, r.knobs.Values(), r.cloud, r.gauges.reading}
}

// bytes returns how much memory a snapshot takes by its numbers. Points that several of them
// share are counted with each.
func (s snapshot) bytes() int {
	n := 16 * len(s.cloud.points)
	for _, tensors := range []map[string]ebm.Tensor{s.state.Params, s.state.Train} {
		for _, t := range tensors {
			n += 8 * len(t.Values)
		}
	}
	return n
}

// keep takes a snapshot where one is due. It returns the name of a tensor that is not
// finite.
func (r *Run) keep() string {
	r.furthest = max(r.furthest, r.step)
	if r.step%r.every != 0 || r.step <= r.snaps[len(r.snaps)-1].step {
		return ""
	}
	state := r.model.(ebm.Stater).State()
	if q := sick(state); q != "" {
		return q
	}
	if !r.survey(&r.coarse) {
		return "energy"
	}
	r.snaps = append(r.snaps, r.snapshot(state))
	if n := len(r.snaps); n >= mostSnapshots || n*r.snaps[n-1].bytes() > mostMemory {
		r.every *= 2
		kept := r.snaps[:1]
		for _, s := range r.snaps[1:] {
			if s.step%r.every == 0 {
				kept = append(kept, s)
			}
		}
		clear(r.snaps[len(kept):])
		r.snaps = kept
	}
	return ""
}

// replay moves the knobs that were moved at this step when the run came by before.
func (r *Run) replay() {
	for r.head < len(r.log) && r.log[r.head].step <= r.step {
		e := r.log[r.head]
		r.head++
		if err := r.again(e); err != nil {
			panic(fmt.Sprintf("sim: a knob that could be moved once cannot be moved again: %v", err))
		}
	}
}

func (r *Run) again(e entry) error {
	if _, err := r.knobs.Lookup(e.knob); err == nil {
		r.moved()
		return r.knobs.Set(e.knob, e.value)
	}
	next, err := r.cloud.with(e.knob, e.value, r.generations+1)
	if err == nil && !r.rebase(next) {
		err = fmt.Errorf("the parameters no longer fit the points")
	}
	return err
}

// revive puts a snapshot back, in a model made anew so that nothing else of the later
// life remains, and moves the knobs that were moved there.
func (r *Run) revive(s snapshot) error {
	born, err := r.bear(s.values, s.cloud.points)
	if err == nil {
		err = born.model.(ebm.Stater).SetState(s.state)
	}
	if err != nil {
		return err
	}
	*born.pcg = s.pcg
	r.life, r.cloud, r.step = born, s.cloud, s.step
	r.update.Rand = r.rng
	r.update.Trace.Reset()
	r.ledger.cut(s.step)
	r.gauges.reading = s.reading
	r.head = 0
	for r.head < len(r.log) && r.log[r.head].step < s.step {
		r.head++
	}
	r.revision++
	r.replay()
	return nil
}

// before returns the last snapshot of an earlier step, or the first there is.
func (t *timeline) before(step uint64) snapshot {
	i := len(t.snaps) - 1
	for i > 0 && t.snaps[i].step >= step {
		i--
	}
	return t.snaps[i]
}

// rewind goes to the nearest place from which stepping leads to the step, as the
// trace and the gauges of that step come from making it: a snapshot before it, or where
// the run is already.
func (r *Run) rewind(step uint64) error {
	if step < r.base() {
		return complain(BadStep, "the run can go back to step %d, not to step %d", r.base(), step)
	}
	from := r.before(r.ledger.from(step))
	doomed := r.doomed
	if r.step > step || r.step < from.step {
		if err := r.revive(from); err != nil {
			return err
		}
	}
	if doomed {
		r.cut(max(step, r.step))
	}
	return nil
}

// Seek goes to a step of the past or of the future, knobs moved there included. The
// future stays as it was until a knob is moved, or, if it diverged, is open again.
func (r *Run) Seek(step uint64) error {
	if err := r.rewind(step); err != nil {
		return err
	}
	for r.step < step {
		if err := r.Step(); err != nil {
			return err
		}
	}
	return nil
}

// Furthest returns the latest step the run has been at: so far its future is known.
func (r *Run) Furthest() uint64 { return r.furthest }
