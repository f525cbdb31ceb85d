package sim

import (
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// maxSnapshots and maxSnapshotBytes bound the snapshots of a timeline. When there are so many, or
// they take so many bytes, every other one is dropped, and from then on half as many are taken.
// Of 10,000 steps one each 25 to 200 stays, so that none is far (go test -run Scrub ./sim -measure -v).
const (
	maxSnapshots     = 256
	maxSnapshotBytes = 16 << 20
)

// maxEntries bounds the entries of a log, maxEntryPoints the points in them, with their
// groups. Beyond, the older half of the past is dropped.
const maxEntries, maxEntryPoints = 20_000, 200_000

// Change is one change of a run: a knob that was set, or points of a user.
type Change struct {
	Knob   string
	Value  any
	Points []r2.Vec // nil if a knob was set
	PointsInfo
}

// ofData reports whether the change makes another dataset.
func (c Change) ofData() bool { return c.Points != nil || strings.HasPrefix(c.Knob, dataPrefix) }

// Entry is a change in a log. It was made after the step, and before the next one.
type Entry struct {
	Step       uint64
	Generation uint32 // of the dataset that the change made, 0 for a knob of the model
	Change
}

// timeline is what a run needs to return to any of its steps.
type timeline struct {
	opening       *Config // what the first snapshot was made from; nil if from a checkpoint
	log           []Entry // in order of step
	applied       int     // how many entries have been applied; the rest lies in the future
	snapshots     []snapshot
	every         uint64 // a snapshot is taken each so many steps
	furthest      uint64 // the latest step the run has been at
	divergesLater bool   // the step after furthest is known to diverge
}

// LimitSnapshots bounds the bytes of the snapshots. With fewer of them a seek to an earlier step takes
// longer. A run that replaces this one by a restart has the same bound.
func (r *Run) LimitSnapshots(bytes int) { r.snapshotBytes = min(bytes, maxSnapshotBytes) }

// SnapshotBytes returns how many bytes the snapshots take. Those that a fork shares with its parent are
// counted.
func (r *Run) SnapshotBytes() int { return r.timeline.bytes() }

func (t *timeline) bytes() int {
	n := len(t.snapshots)
	return n * t.snapshots[n-1].bytes()
}

// snapshot is the whole state after a step, before the changes that were made at it.
type snapshot struct {
	step    uint64
	tensors ebm.State
	pcg     rand.PCG
	values  map[string]any // of the model's knobs
	dataset *dataset
	metrics MetricsState
}

func (t *timeline) begin(s snapshot, opening *Config, card ebm.Card) {
	*t = timeline{opening: opening, snapshots: []snapshot{s}, every: uint64(max(1, card.Steps/32)), furthest: s.step}
}

// first returns the earliest step that the run can return to.
func (t *timeline) first() uint64 { return t.snapshots[0].step }

// before returns the last snapshot of an earlier step, or the first there is.
func (t *timeline) before(step uint64) snapshot {
	i := len(t.snapshots) - 1
	for i > 0 && t.snapshots[i].step >= step {
		i--
	}
	return t.snapshots[i]
}

// record adds a change at the present step to the log. Later entries are discarded.
func (r *Run) record(c Change) {
	t := &r.timeline
	r.cut(r.step)
	e := Entry{Step: r.step, Change: c}
	if c.ofData() {
		e.Generation = r.dataset.generation
	}
	t.log = coalesce(append(t.log, e))
	t.applied = len(t.log)
	r.noteChange()
	for t.tooLong() {
		r.dropOlderHalf()
	}
}

// coalesce removes the changes at the step of the last entry that have no effect any more. Setting a
// knob supersedes an earlier setting of it; if the knob is the model's, only up to the last change of
// the dataset, which initializes the model with the knobs of then. Points supersede how many are used,
// and earlier points, unless a knob of the dataset custom is set between them and no points come before.
func coalesce(log []Entry) []Entry {
	first := len(log)
	for first > 0 && log[first-1].Step == log[len(log)-1].Step {
		first--
	}
	kept := log[first:]
	firstPoints := slices.IndexFunc(kept, func(e Entry) bool { return e.Points != nil })
	set, setData := map[string]bool{}, map[string]bool{} // by a later entry
	laterPoints, knobBefore := false, false              // a knob of the dataset is set before them
	w := len(kept)
	for i := len(kept) - 1; i >= 0; i-- {
		e := kept[i]
		switch {
		case e.Points != nil:
			if laterPoints && (i > firstPoints || !knobBefore) {
				continue
			}
			laterPoints, knobBefore = true, false
			clear(set)
		case e.ofData():
			if setData[e.Knob] || laterPoints && e.Knob == pointsKnob {
				continue
			}
			setData[e.Knob], knobBefore = true, true
			clear(set)
		case set[e.Knob]:
			continue
		default:
			set[e.Knob] = true
		}
		w--
		kept[w] = e
	}
	return slices.Delete(log, first, first+w)
}

// tooLong reports whether the log has more entries, or more points, than it may.
func (t *timeline) tooLong() bool {
	n := 0
	for _, e := range t.log {
		n += len(e.Points) + e.Bytes()/16
	}
	return len(t.log) > 1 && (len(t.log) > maxEntries || n > maxEntryPoints)
}

// cut discards everything beyond a step.
func (r *Run) cut(step uint64) {
	t := &r.timeline
	n := len(t.log)
	for n > 0 && t.log[n-1].Step > step {
		n--
	}
	t.log = t.log[:n]
	t.applied = min(t.applied, n)
	n = len(t.snapshots)
	for n > 1 && t.snapshots[n-1].step > step {
		n--
	}
	t.snapshots = t.snapshots[:n]
	t.furthest = max(step, t.first())
	r.metrics.history.cut(step)
	t.divergesLater = false
}

// dropOlderHalf drops the older half of the past. If there is one snapshot only, the present state
// becomes the first.
func (r *Run) dropOlderHalf() {
	t := &r.timeline
	t.opening = nil
	if len(t.snapshots) == 1 {
		t.snapshots = []snapshot{r.snapshot(r.state.tensors())}
		t.log, t.applied = nil, 0
		return
	}
	t.snapshots = slices.Clone(t.snapshots[len(t.snapshots)/2:])
	n := 0
	for n < t.applied && t.log[n].Step < t.first() {
		n++
	}
	t.log = slices.Clone(t.log[n:])
	t.applied -= n
}

// snapshot returns the present state.
func (r *Run) snapshot(tensors ebm.State) snapshot {
	return snapshot{r.step, tensors, *r.state.pcg, r.state.knobs.Values(), r.dataset, r.metrics.now}
}

// bytes returns how much memory the numbers of a snapshot take. Points that several snapshots
// share are counted with each.
func (s snapshot) bytes() int {
	n := 16 * len(s.dataset.points)
	for _, tensors := range []map[string]ebm.Tensor{s.tensors.Params, s.tensors.Train} {
		for _, t := range tensors {
			n += 8 * len(t.Values)
		}
	}
	return n
}

// takeSnapshot takes a snapshot where one is due. It returns the name of a quantity that
// diverged, "" if none did.
func (r *Run) takeSnapshot() string {
	t := &r.timeline
	t.furthest = max(t.furthest, r.step)
	if r.step%t.every != 0 || r.step <= t.snapshots[len(t.snapshots)-1].step {
		return ""
	}
	tensors := r.state.tensors()
	if q := r.evaluator.fullCheck(r.state.model, tensors); q != "" {
		return q
	}
	t.snapshots = append(t.snapshots, r.snapshot(tensors))
	if len(t.snapshots) >= maxSnapshots || t.bytes() > r.snapshotBytes {
		t.every *= 2
		first := t.snapshots[0].step
		t.snapshots = slices.DeleteFunc(t.snapshots, func(s snapshot) bool { return s.step != first && s.step%t.every != 0 })
	}
	return ""
}

// applyLog makes the changes that the log has at the present step.
func (r *Run) applyLog() error {
	t := &r.timeline
	for t.applied < len(t.log) && t.log[t.applied].Step <= r.step {
		e := t.log[t.applied]
		if err := r.apply(e); err != nil {
			return Errorf(BadCheckpoint, "the change of step %d in the log cannot be made: %v", e.Step, err)
		}
		t.applied++
	}
	return nil
}

// apply makes the change of an entry.
func (r *Run) apply(e Entry) error {
	if !e.ofData() {
		if k, err := r.state.knobs.Lookup(e.Knob); err != nil {
			return err
		} else if k.Restart {
			return Errorf(BadValue, "%s restarts the model", e.Knob)
		}
		if err := r.state.knobs.Set(e.Knob, e.Value); err != nil {
			return err
		}
		r.noteChange()
		return nil
	}
	next, err := r.dataset.with(e.Change, r.step, e.Generation)
	if err != nil {
		return err
	}
	if !r.setDataset(next) {
		return Errorf(BadValue, "the parameters do not fit the points")
	}
	r.noteChange()
	return nil
}

// restore returns to a snapshot, in a new model so that nothing else of the later state remains,
// and makes the changes of its step.
func (r *Run) restore(s snapshot) error {
	state, err := r.newModelState(s.values, s.dataset.points)
	if err == nil {
		err = state.setTensors(s.tensors)
	}
	if err != nil {
		return err
	}
	*state.pcg = s.pcg
	r.state, r.dataset, r.step = state, s.dataset, s.step
	r.changed = false
	r.update.Rand = state.rng
	r.update.Trace.Reset()
	r.params.cut(s.step)
	r.metrics.now = s.metrics
	t := &r.timeline
	t.applied = 0
	for t.applied < len(t.log) && t.log[t.applied].Step < s.step {
		t.applied++
	}
	r.revision++
	return r.applyLog()
}

// Approach goes to the nearest place from which steps lead to the given one, since the trace and
// the metrics of that step come from making it: a snapshot before it, or the present step. It
// reports how far that is in steps. A future that is known to diverge is discarded.
func (r *Run) Approach(step uint64) (remaining uint64, err error) {
	t := &r.timeline
	if step < t.first() {
		return 0, Errorf(BadStep, "the run can go back to step %d, not to step %d", t.first(), step)
	}
	from := t.before(r.params.begin(step))
	diverges := t.divergesLater
	if r.step > step || r.step < from.step {
		if err := r.restore(from); err != nil {
			return 0, err
		}
	}
	if diverges {
		r.cut(max(step, r.step))
	}
	return step - min(step, r.step), nil
}

// Seek goes to an earlier or a later step. The log's changes are made on the way. The future
// stays as it was until a change is made, or, if it diverged, is open again.
func (r *Run) Seek(step uint64) error {
	remaining, err := r.Approach(step)
	for ; err == nil && remaining > 0; remaining-- {
		err = r.Step()
	}
	return err
}

// First returns the earliest step that the run can return to.
func (r *Run) First() uint64 { return r.timeline.first() }

// Furthest returns the latest step the run has been at: up to it the future is known.
func (r *Run) Furthest() uint64 { return r.timeline.furthest }
