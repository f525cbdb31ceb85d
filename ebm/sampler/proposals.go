package sampler

import (
	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// Proposals are the places where walkers were about to go in a step, and whether they
// went. After a step they tell all of it; before, they are only memory.
type Proposals struct {
	Walkers           // the places; E and G there as far as the kernel looked
	From     []r2.Vec // where each walker stood
	Accepted []bool   // whether it went
	P        []r2.Vec // HMC: the momentum at the place proposed

	// Path[i] is filled by HMC with the way of walker i, from where it stood over each
	// leap to the place proposed, as far as it is long. nil: ways are not kept.
	Path [][]r2.Vec
}

// NewProposals returns memory for n proposals, without their ways.
func NewProposals(n int) Proposals {
	return Proposals{Walkers: NewWalkers(n), From: make([]r2.Vec, n), Accepted: make([]bool, n), P: make([]r2.Vec, n)}
}

// KeepPaths makes room for the ways of the first so many walkers, of so many leaps each.
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

// Record records the proposals of the last step: the picture shows those refused as stubs.
func (p Proposals) Record(t *ebm.Trace) {
	for i, from := range p.From {
		t.Propose(from, p.Y[i], p.Accepted[i])
	}
}

// propose notes where walker i stands and where it is about to go.
func (p Proposals) propose(i int, from, to r2.Vec) { p.From[i], p.Y[i] = from, to }

// decide lets walker i go to its place, or stay, and returns how many went: 1 or 0.
func (p Proposals) decide(w Walkers, i int, accept bool) int {
	p.Accepted[i] = accept
	if !accept {
		return 0
	}
	w.Y[i], w.E[i], w.G[i] = p.Y[i], p.E[i], p.G[i]
	return 1
}

// recordPath notes the places that the walkers pass after the given number of leaps.
func (p Proposals) recordPath(leaps int) {
	for i, path := range p.Path {
		if leaps < len(path) {
			path[leaps] = p.Y[i]
		}
	}
}
