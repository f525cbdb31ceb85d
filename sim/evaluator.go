package sim

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Limits of a grid, and of an energy that counts as finite.
const (
	MinGrid   = 16
	MaxGrid   = 512
	maxEnergy = 1e6
)

const (
	checkSide   = 64  // the side of the lattice of a full check
	quickPoints = 64  // how many points a quick check evaluates
	blockPoints = 512 // how many points are evaluated at once on one core, at least
	maxBlocks   = 4   // and at most so many times as many
)

// evaluator evaluates energies at many points, in blocks over the cores, without allocating,
// and checks that they are finite.
type evaluator struct {
	parallel ebm.For
	run      func(i int) // evaluates block i of the job, bound once
	job      struct {
		model ebm.Model
		dst   []float64
		at    []r2.Vec
		block int // points of a block
	}

	check lattice // of a full check

	quick       [quickPoints]r2.Vec // half on the data, half on the plane
	quickOf     *dataset            // the dataset they lie on
	quickValues [quickPoints]float64
}

// lattice is the centres of n×n equal cells of the box, and the energies there.
type lattice struct {
	side   int
	cells  []r2.Vec
	values []float64
}

func newLattice(n int) lattice { return lattice{n, cellCentres(n), make([]float64, n*n)} }

func (e *evaluator) init(f ebm.For) {
	e.parallel = f
	e.run = e.evaluateBlock
	e.check = newLattice(checkSide)
}

func (e *evaluator) evaluateBlock(i int) {
	lo, hi := i*e.job.block, min((i+1)*e.job.block, len(e.job.at))
	e.job.model.Energy(e.job.dst[lo:hi], e.job.at[lo:hi])
}

// evaluate writes the energies of m at the points to dst. Some methods find what neighbouring
// points have in common, so the blocks of a fine grid are larger, as long as there are at least
// eight to share among the cores.
func (e *evaluator) evaluate(m ebm.Model, dst []float64, at []r2.Vec) {
	block := blockPoints * min(max(len(at)/(8*blockPoints), 1), maxBlocks)
	e.job.model, e.job.dst, e.job.at, e.job.block = m, dst, at, block
	e.parallel((len(at)+block-1)/block, e.run)
}

// cellCentres returns the n×n cell centres of the box, row by row, lowest y2 first.
func cellCentres(n int) []r2.Vec {
	at := make([]r2.Vec, 0, n*n)
	for j := range n {
		for i := range n {
			at = append(at, r2.Vec{X: cellCentre(i, n), Y: cellCentre(j, n)})
		}
	}
	return at
}

func cellCentre(i, n int) float64 { return ebm.L * ((2*float64(i)+1)/float64(n) - 1) }

// inRange reports whether an energy is finite and within ±1e6.
func inRange(e float64) bool { return math.Abs(e) <= maxEnergy }

func allInRange(energies []float64) bool {
	for _, e := range energies {
		if !inRange(e) {
			return false
		}
	}
	return true
}

// quickCheck evaluates 64 energies, so that most divergences are found at once. It returns the
// name of a quantity that diverged, "" if none did.
func (e *evaluator) quickCheck(m ebm.Model, d *dataset) string {
	if e.quickOf != d {
		e.quickOf = d
		const half = quickPoints / 2
		for i := range half {
			e.quick[i] = d.points[i*len(d.points)/half]
			e.quick[half+i] = r2.Vec{X: cellCentre(i%8, 8), Y: cellCentre(i/8, half/8)}
		}
	}
	m.Energy(e.quickValues[:], e.quick[:])
	if !allInRange(e.quickValues[:]) {
		return energyQuantity
	}
	return ""
}

// energyQuantity is the name of the energy as a quantity that diverged.
const energyQuantity = "energy"

// fullCheck evaluates a fixed 64×64 lattice, whatever grid is shown, and examines all
// tensors. It returns the name of a quantity that diverged, "" if none did.
func (e *evaluator) fullCheck(m ebm.Model, s ebm.State) string {
	if q := nonFinite(s); q != "" {
		return q
	}
	e.evaluate(m, e.check.values, e.check.cells)
	if !allInRange(e.check.values) {
		return energyQuantity
	}
	return ""
}

// nonFinite returns the name of a tensor with a value that is not finite, the first by name.
func nonFinite(s ebm.State) string {
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
