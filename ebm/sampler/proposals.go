package sampler

import (
	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// Proposals are the places that a step proposed, and whether they were accepted. Before a
// step they are only memory.
type Proposals struct {
	Walkers           // the places; E and G there as far as the kernel looked
	From     []r2.Vec // where each walker was
	Accepted []bool   // whether the proposal was accepted
	P        []r2.Vec // HMC: the momentum at the place proposed

	// Path[i] is filled by HMC with the trajectory of walker i, from where it was to the
	// place proposed, up to its length. nil: trajectories are not recorded.
	Path [][]r2.Vec
}

// NewProposals returns memory for n proposals, without their trajectories.
func NewProposals(n int) Proposals {
	return Proposals{Walkers: NewWalkers(n), From: make([]r2.Vec, n), Accepted: make([]bool, n), P: make([]r2.Vec, n)}
}

// KeepPaths allocates the trajectories of the first walkers, each of the given number of
// leapfrog steps.
func (p *Proposals) KeepPaths(walkers, leaps int) {
	p.Path = make([][]r2.Vec, len(p.Y))
	for i := range min(walkers, len(p.Path)) {
		p.Path[i] = make([]r2.Vec, leaps+1)
	}
}

// Slice returns the proposals lo, …, hi-1; they share memory with p.
func (p Proposals) Slice(lo, hi int) Proposals {
	s := Proposals{Walkers: p.Walkers.Slice(lo, hi), From: p.From[lo:hi], Accepted: p.Accepted[lo:hi], P: p.P[lo:hi]}
	if p.Path != nil {
		s.Path = p.Path[lo:hi]
	}
	return s
}

// Record adds the proposals of the last step to the trace.
func (p Proposals) Record(t *ebm.Trace) {
	for i, from := range p.From {
		t.Propose(from, p.Y[i], p.Accepted[i])
	}
}

// propose notes where walker i is and the place it proposes.
func (p Proposals) propose(i int, from, to r2.Vec) { p.From[i], p.Y[i] = from, to }

// decide moves walker i to its proposal if that is accepted, and returns 1 or 0.
func (p Proposals) decide(w Walkers, i int, accept bool) int {
	p.Accepted[i] = accept
	if !accept {
		return 0
	}
	w.Y[i], w.E[i], w.G[i] = p.Y[i], p.E[i], p.G[i]
	return 1
}

// recordPath notes where the walkers are after the given number of leapfrog steps.
func (p Proposals) recordPath(leaps int) {
	for i, path := range p.Path {
		if leaps < len(path) {
			path[leaps] = p.Y[i]
		}
	}
}
