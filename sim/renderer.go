package sim

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
)

// fieldSide is the side of the lattice on which the vector field is evaluated.
const fieldSide = 24

// rangePoints is how many training points at most set the colour range.
const rangePoints = 1000

// Picture is what a run shows at one step.
type Picture struct {
	NX, NY     int
	Step       uint64
	Generation uint32 // of the training points

	X0, X1, Y0, Y1 float32 // the box
	Lo, Hi         float32 // the colour range

	Grid      []float32 // NX*NY energies, row by row, lowest y2 first
	BadCells  int       // how many of them were not finite or beyond ±1e6, and are shown as ±1e6
	Pushes    []ebm.Push
	Visits    []ebm.Visit // the points of the paths
	Particles []r2.Vec
	Marks     []ebm.Mark
	Scalars   []float64
	Field     []Arrow
	Proposals []ebm.Proposal
	Delta     []float32 // NX*NY changes of the energy since a step; empty if the run keeps no parameters of earlier steps
	Since     uint64    // that step
}

// Arrow is one arrow of the vector field: -∂F/∂y, or r(y) - y.
type Arrow struct{ At, To r2.Vec }

// Renderer makes pictures of a run. It keeps its memory, so that rendering allocates nothing.
type Renderer struct {
	SkipField bool // pictures have no vector field, which takes time to evaluate

	picture Picture
	grid    lattice
	data    []float64 // energies of training points
	lattice []r2.Vec  // of the field
	field   []r2.Vec
	marks   []ebm.Mark
}

// Render makes the picture of the present step on an n×n grid. It is valid until the next call.
// It never changes the run: a cell without a finite energy is counted and shown as ±1e6.
func (e *Renderer) Render(r *Run, n int) (*Picture, error) {
	if n < MinGrid || n > MaxGrid {
		return nil, Errorf(Limit, "the grid must have from %d to %d points a side; got %d", MinGrid, MaxGrid, n)
	}
	p := &e.picture
	if e.grid.side != n {
		e.grid = newLattice(n)
		p.Grid = make([]float32, n*n)
	}
	r.evaluator.evaluate(r.state.model, e.grid.values, e.grid.cells)
	p.BadCells = 0
	for i, v := range e.grid.values {
		if !inRange(v) {
			p.BadCells++
			v = clamp(v)
		}
		p.Grid[i] = float32(v)
	}
	p.NX, p.NY = n, n
	p.Step, p.Generation = r.step, r.dataset.generation
	p.X0, p.X1, p.Y0, p.Y1 = -ebm.L, ebm.L, -ebm.L, ebm.L
	if len(p.Scalars) != len(r.metrics.names) {
		p.Scalars = make([]float64, len(r.metrics.names))
	}
	r.Scalars(p.Scalars)
	e.delta(r)
	e.colourRange(r)
	e.actions(r)
	e.arrows(r)
	return p, nil
}

// clamp returns ±1e6 for an energy beyond it, and 1e6 for NaN.
func clamp(v float64) float64 {
	if math.IsNaN(v) {
		return maxEnergy
	}
	return max(-maxEnergy, min(v, maxEnergy))
}

// delta writes what the last steps did to the energy, if that is asked for.
func (e *Renderer) delta(r *Run) {
	p := &e.picture
	if r.params.span == 0 {
		p.Delta, p.Since = p.Delta[:0], 0
		return
	}
	if cap(p.Delta) < len(p.Grid) {
		p.Delta = make([]float32, len(p.Grid))
	}
	p.Delta = p.Delta[:len(p.Grid)]
	var ok bool
	if p.Since, ok = r.params.delta(r, p.Delta, e.grid.values, e.grid.cells); !ok || p.BadCells > 0 {
		p.Delta = p.Delta[:0]
	}
}

// colourRange sets the range of energies that the colours cover.
func (e *Renderer) colourRange(r *Run) {
	n := min(len(r.dataset.points), rangePoints)
	if len(e.data) != n {
		e.data = make([]float64, n)
	}
	r.evaluator.evaluate(r.state.model, e.data, r.dataset.points[:n])
	for i, v := range e.data {
		e.data[i] = clamp(v)
	}
	lo, hi := measure.ColourRange(e.picture.Grid, e.data, r.metrics.now.Beta)
	e.picture.Lo, e.picture.Hi = float32(lo), float32(hi)
}

// actions copies what the last step pushed and the parts of the model. What is not finite is left
// out.
func (e *Renderer) actions(r *Run) {
	p := &e.picture
	p.Pushes, p.Visits, p.Marks = p.Pushes[:0], p.Visits[:0], p.Marks[:0]
	p.Proposals, p.Particles = p.Proposals[:0], p.Particles[:0]
	for _, v := range r.update.Trace.Pushes {
		if drawable(v.At) && drawable(v.From) && finite(float64(float32(v.Amount))) {
			p.Pushes = append(p.Pushes, v)
		}
	}
	for _, v := range r.update.Trace.Visits {
		if drawable(v.At) {
			p.Visits = append(p.Visits, v)
		}
	}
	for _, v := range r.update.Trace.Proposals {
		if drawable(v.From) && drawable(v.To) {
			p.Proposals = append(p.Proposals, v)
		}
	}
	if m, ok := r.state.model.(ebm.Particler); ok {
		p.Particles = slices.DeleteFunc(m.Particles(p.Particles), func(y r2.Vec) bool { return !drawable(y) })
	}
	if m, ok := r.state.model.(ebm.Marker); ok {
		e.marks = m.Marks(e.marks[:0])
		for _, v := range e.marks {
			if drawable(v.At) {
				p.Marks = append(p.Marks, v)
			}
		}
	}
}

// arrows evaluates the field: where the model would move a point, r(y) - y, or the downhill
// direction -∂F/∂y.
func (e *Renderer) arrows(r *Run) {
	if e.picture.Field = e.picture.Field[:0]; e.SkipField {
		return
	}
	if e.lattice == nil {
		e.lattice, e.field = cellCentres(fieldSide), make([]r2.Vec, fieldSide*fieldSide)
	}
	m, maps := r.state.model.(ebm.Reconstructer)
	if maps {
		m.Reconstruct(e.field, e.lattice)
	} else {
		ebm.Gradient(r.state.model, e.field, e.lattice)
	}
	for i, at := range e.lattice {
		to := r2.Scale(-1, e.field[i])
		if maps {
			to = r2.Sub(e.field[i], at)
		}
		if drawable(to) {
			e.picture.Field = append(e.picture.Field, Arrow{at, to})
		}
	}
}

// drawable reports whether both coordinates are finite in float32.
func drawable(y r2.Vec) bool {
	return math.Abs(y.X) <= math.MaxFloat32 && math.Abs(y.Y) <= math.MaxFloat32
}
