package sim

import (
	"slices"

	"ebmviz/ebm"
)

// Log is everything that a run depends on: what it was made from, and the changes made since.
// On the same machine, with the same kernels and the same program, the run of [Replay] shows the
// same pictures.
type Log struct {
	Opening  Opening
	Entries  []Entry // in order of step
	Furthest uint64  // the latest step the run has been at
}

// Opening is what a run began with: a configuration, or a checkpoint.
type Opening struct {
	Config     Config
	Checkpoint *Checkpoint // nil if the run began with the configuration
	Generation uint32      // of the first dataset

	// Metrics are those of the checkpoint's step.
	Metrics MetricsState
}

// Log returns the log of the run. Its points must not be changed.
func (r *Run) Log() Log {
	t := &r.timeline
	first := t.snapshots[0]
	l := Log{Entries: slices.Clone(t.log), Furthest: t.furthest}
	l.Opening.Generation = first.dataset.generation
	if t.opening != nil {
		l.Opening.Config = *t.opening
		return l
	}
	c := r.checkpoint(first.step, first.tensors, first.pcg, first.values, first.dataset)
	l.Opening.Checkpoint, l.Opening.Metrics = &c, first.metrics
	return l
}

// Replay makes the run of a log, at the step it began with. The entries lie in its future: they
// are made as the run steps, or seeks, past them. The error says what of the opening, or of the
// order of the entries, is wrong; a change that cannot be made is an error of the step.
func Replay(l Log, f ebm.For) (*Run, error) {
	var r *Run
	var err error
	generation := max(l.Opening.Generation, 1)
	if c := l.Opening.Checkpoint; c != nil {
		if r, err = restoreCheckpoint(*c, f, generation); err == nil {
			r.metrics.now = l.Opening.Metrics
			r.timeline.snapshots[0].metrics = r.metrics.now
		}
	} else {
		r, err = newRun(l.Opening.Config, f, generation)
	}
	if err != nil {
		return nil, err
	}
	return r, r.adoptLog(l)
}

// adoptLog makes the entries of a log the future of a run that stands at its beginning.
func (r *Run) adoptLog(l Log) error {
	step := r.step
	for i, e := range l.Entries {
		if e.Step < step {
			return Errorf(BadCheckpoint, "entry %d of the log is of step %d, after one of step %d", i+1, e.Step, step)
		}
		if e.Points != nil {
			if err := CheckPoints(e.Points, e.PointsInfo); err != nil {
				return Errorf(BadCheckpoint, "entry %d of the log: %v", i+1, err)
			}
		}
		r.generations = max(r.generations, e.Generation)
		step = e.Step
	}
	r.timeline.log = slices.Clone(l.Entries)
	r.timeline.furthest = max(step, l.Furthest)
	return r.applyLog()
}

// Past is what a run has been through and what is known of its future: what a fork takes over. It
// shares nothing with the run that either of them changes, so another goroutine can open it.
type Past struct {
	card        ebm.Card
	seed        uint64
	generations uint32
	step        uint64
	timeline    timeline
	history     history
	oracles     map[*dataset]*oracle // those that are complete, and never change any more
}

// Past returns the past of the run. The snapshots are shared, since they never change.
func (r *Run) Past() Past {
	p := Past{r.card, r.seed, r.generations, r.step, r.timeline, *r.metrics.history, map[*dataset]*oracle{}}
	p.timeline.log, p.timeline.snapshots = slices.Clone(r.timeline.log), slices.Clone(r.timeline.snapshots)
	p.history.steps, p.history.rows = slices.Clone(p.history.steps), slices.Clone(p.history.rows)
	p.history.on = slices.Clone(p.history.on)
	for _, s := range p.timeline.snapshots {
		if o := s.dataset.oracle; o != nil && o.complete() {
			p.oracles[s.dataset] = o
		}
	}
	return p
}

// At returns the past for a fork at another step. The step must be one that the run has been at.
func (p Past) At(step uint64) (Past, error) {
	if first, last := p.timeline.first(), p.timeline.furthest; step < first || step > last {
		return p, Errorf(BadStep, "the run can be forked at a step from %d to %d, not at step %d", first, last, step)
	}
	p.step = step
	return p, nil
}

// Open makes an equal run that stands at the step of the past.
func (p Past) Open(f ebm.For) (*Run, error) {
	r := emptyRun(p.card, p.seed, f, p.generations)
	r.timeline = p.timeline
	r.metrics.history = &p.history
	if err := r.copyDatasets(p.oracles); err != nil {
		return nil, err
	}
	if err := r.restore(r.timeline.before(p.step)); err != nil {
		return nil, err
	}
	return r, r.Seek(p.step)
}

// copyDatasets gives the snapshots datasets of their own, with the oracles that are complete.
func (r *Run) copyDatasets(oracles map[*dataset]*oracle) error {
	copies := map[*dataset]*dataset{}
	for i, s := range r.timeline.snapshots {
		if copies[s.dataset] == nil {
			d, err := s.dataset.copy()
			if err != nil {
				return err
			}
			d.oracle = oracles[s.dataset]
			copies[s.dataset] = d
		}
		r.timeline.snapshots[i].dataset = copies[s.dataset]
	}
	return nil
}
