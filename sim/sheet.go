package sim

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Limits of an energy that can be shown, and the lattices on which it is checked.
const (
	maxEnergy   = 1e6
	MinGrid     = 16
	MaxGrid     = 512
	checkGrid   = 64  // the side of the lattice of a thorough check
	glancePoint = 64  // how many points are looked at after each step
	cellBlock   = 512 // points evaluated at once on one core, at least
	cellBlocks  = 4   // and at most that many times as many
)

// sheet evaluates energies at many points, in blocks over the cores, without allocating.
type sheet struct {
	parallel ebm.For
	block    func(i int) // evaluates block i of the job, bound once
	job      struct {
		model ebm.Model
		dst   []float64
		at    []r2.Vec
		size  int // of a block
	}

	seen, coarse lattice // that which was last asked for, and that of the checks

	probes [glancePoint]r2.Vec // half on the data, half on the plane
	of     *cloud              // the data they lie on
	glass  [glancePoint]float64
}

// lattice is the centres of n×n equal cells of the box, and the energies there.
type lattice struct {
	side   int
	cells  []r2.Vec
	values []float64
}

func newLattice(n int) lattice { return lattice{n, centres(n), make([]float64, n*n)} }

func (s *sheet) init(r *Run) {
	s.coarse = newLattice(checkGrid)
	s.parallel = r.cores
	s.block = s.evaluate
}

func (s *sheet) evaluate(i int) {
	lo, hi := i*s.job.size, min((i+1)*s.job.size, len(s.job.at))
	s.job.model.Energy(s.job.dst[lo:hi], s.job.at[lo:hi])
}

// spread writes the energies at the points to dst. Some methods find what a part of the
// plane has in common, so the blocks of a fine grid are larger, but there are always eight
// to be shared out.
func (s *sheet) spread(m ebm.Model, dst []float64, at []r2.Vec) {
	size := cellBlock * min(max(len(at)/(8*cellBlock), 1), cellBlocks)
	s.job.model, s.job.dst, s.job.at, s.job.size = m, dst, at, size
	s.parallel((len(at)+size-1)/size, s.block)
}

// centres returns the n×n cell centres of the box, row by row, lowest y2 first.
func centres(n int) []r2.Vec {
	at := make([]r2.Vec, 0, n*n)
	for j := range n {
		for i := range n {
			at = append(at, r2.Vec{X: centre(i, n), Y: centre(j, n)})
		}
	}
	return at
}

func centre(i, n int) float64 { return ebm.L * ((2*float64(i)+1)/float64(n) - 1) }

// Grid writes the energies at the n×n cell centres to dst, row by row, y0 first. An
// energy that cannot be shown is a *[Diverged], and the run is then back at the last good
// step.
func (r *Run) Grid(dst []float32, n int) error {
	if n < MinGrid || n > MaxGrid || len(dst) != n*n {
		return complain(Limit, "the grid must have from %d to %d points a side; got %d", MinGrid, MaxGrid, n)
	}
	if n != r.seen.side {
		r.seen = newLattice(n)
	}
	if !r.survey(&r.seen) {
		return r.fallBack("energy")
	}
	for i, e := range r.seen.values {
		dst[i] = float32(e)
	}
	return nil
}

// survey evaluates the energy on a lattice and reports whether all of it can be shown.
func (r *Run) survey(l *lattice) bool {
	r.spread(r.model, l.values, l.cells)
	return tame(l.values)
}

// tame reports whether all energies are finite and within ±1e6.
func tame(energies []float64) bool {
	for _, e := range energies {
		if !(math.Abs(e) <= maxEnergy) {
			return false
		}
	}
	return true
}

// glance looks at 64 energies, so that a landscape that blows up is noticed at once. It
// returns the name of what is wrong.
func (r *Run) glance() string {
	if r.of != r.cloud {
		r.of = r.cloud
		const half = glancePoint / 2
		for i := range half {
			r.probes[i] = r.cloud.points[i*len(r.cloud.points)/half]
			r.probes[half+i] = r2.Vec{X: centre(i%8, 8), Y: centre(i/8, half/8)}
		}
	}
	r.model.Energy(r.glass[:], r.probes[:])
	if !tame(r.glass[:]) {
		return "energy"
	}
	return ""
}

// lookOver looks at everything: the whole lattice and all tensors.
func (r *Run) lookOver() string {
	if q := sick(r.model.(ebm.Stater).State()); q != "" {
		return q
	}
	l := &r.coarse
	if r.seen.side > l.side {
		l = &r.seen
	}
	if !r.survey(l) {
		return "energy"
	}
	return ""
}

// sick returns the name of a tensor that is not finite.
func sick(s ebm.State) string {
	name := ""
	for _, tensors := range [2]map[string]ebm.Tensor{s.Params, s.Train} {
		for n, t := range tensors {
			for _, v := range t.Values {
				if !finite(v) && (name == "" || n < name) {
					name = n
				}
			}
		}
	}
	return name
}
