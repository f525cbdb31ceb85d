package sim

import (
	"context"
	"slices"

	"ebmviz/ebm"
)

// past is what a run has been through, and what is known of its future: all that a fork takes
// over. It shares nothing with the run that either of them changes.
type past struct {
	card        ebm.Card
	seed        uint64
	generations uint32
	timeline    timeline
	history     history
}

// past copies the lists; the snapshots in them are never changed, so they are shared.
func (r *Run) past() past {
	p := past{card: r.card, seed: r.seed, generations: r.generations, timeline: r.timeline, history: *r.history}
	p.timeline.log, p.timeline.snaps = slices.Clone(r.log), slices.Clone(r.snaps)
	p.history.steps, p.history.rows = slices.Clone(r.history.steps), slices.Clone(r.history.rows)
	return p
}

// run makes an equal run that stands at a step.
func (p past) run(step uint64, f ebm.For) (*Run, error) {
	r := &Run{card: p.card, seed: p.seed, cores: f, generations: p.generations, timeline: p.timeline}
	r.update = &ebm.Update{Trace: ebm.NewTrace(), For: f}
	r.gauges.init(p.card)
	r.history = &p.history
	r.sheet.init(r)
	if err := r.ownClouds(); err != nil {
		return nil, err
	}
	if err := r.revive(r.before(step)); err != nil {
		return nil, err
	}
	return r, r.Seek(step)
}

// ownClouds draws the points of all snapshots anew: a cloud gathers what is measured on it, and
// two runs must not do that at once.
func (r *Run) ownClouds() error {
	own := map[*cloud]*cloud{}
	for i, s := range r.snaps {
		if own[s.cloud] == nil {
			c, err := newCloud(s.cloud.card.ID, s.cloud.given, s.cloud.knobs.Values(), s.cloud.generation)
			if err != nil {
				return err
			}
			own[s.cloud] = c
		}
		r.snaps[i].cloud = own[s.cloud]
	}
	return nil
}

// Fork starts a session with an equal run: it has the same past and the same known future, and
// stands at the given step of them, paused, looked at in the same way. Played on without a
// change it shows the same frames as this one; what is changed in one does not touch the other.
func (s *Session) Fork(ctx context.Context, at *uint64, o Options) (*Session, error) {
	type origin struct {
		past
		step  uint64
		view  View
		paced bool
	}
	from, err := get(ctx, s, func() origin {
		return origin{s.run.past(), s.run.step, s.view, s.paced}
	})
	if err != nil {
		return nil, err
	}
	if at != nil {
		from.step = *at
	}
	if base, last := from.timeline.base(), from.timeline.furthest; from.step < base || from.step > last {
		return nil, complain(BadStep, "the run can be forked at a step from %d to %d, not at step %d", base, last, from.step)
	}
	return launch(func(f ebm.For) (*Run, error) { return from.run(from.step, f) }, from.view, from.paced, o)
}
