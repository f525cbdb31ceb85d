package sim

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
)

// fieldSide is the side of the lattice on which the vector field is drawn.
const fieldSide = 24

// colourPoints is how many training points at most set the colour range.
const colourPoints = 1000

// easel is what a picture is painted with, kept so that painting allocates nothing.
type easel struct {
	picture Picture
	data    []float64 // energies of training points
	lattice []r2.Vec
	field   []r2.Vec
	marks   []ebm.Mark
}

// paint makes the picture of the present instant on an n×n grid. It is valid until the
// next call. The error is a *[Diverged], as Grid's is.
func (e *easel) paint(r *Run, n int) (*Picture, error) {
	p := &e.picture
	if len(p.Grid) != n*n {
		p.Grid = make([]float32, n*n)
	}
	if err := r.Grid(p.Grid, n); err != nil {
		return nil, err
	}
	p.NX, p.NY = n, n
	p.Step, p.Generation = r.step, r.cloud.generation
	p.X0, p.X1, p.Y0, p.Y1 = -ebm.L, ebm.L, -ebm.L, ebm.L
	if len(p.Scalars) != len(r.names) {
		p.Scalars = make([]float64, len(r.names))
	}
	r.Scalars(p.Scalars)
	e.ledger(r)
	e.colours(r)
	e.actions(r)
	e.arrows(r)
	return p, nil
}

// ledger writes what the last steps did, if somebody asks.
func (e *easel) ledger(r *Run) {
	p := &e.picture
	if r.ledger.span == 0 {
		p.Change = p.Change[:0]
		return
	}
	if cap(p.Change) < len(p.Grid) {
		p.Change = make([]float32, len(p.Grid))
	}
	p.Change = p.Change[:len(p.Grid)]
	var ok bool
	if p.Since, ok = r.ledger.change(r, p.Change, r.seen.values, r.seen.cells); !ok {
		p.Change = p.Change[:0]
	}
}

// colours sets the range of energies that the colours cover.
func (e *easel) colours(r *Run) {
	n := min(len(r.cloud.points), colourPoints)
	if len(e.data) != n {
		e.data = make([]float64, n)
	}
	r.spread(r.model, e.data, r.cloud.points[:n])
	lo, hi := measure.ColourRange(e.picture.Grid, e.data, r.beta)
	e.picture.Lo, e.picture.Hi = float32(lo), float32(hi)
}

// actions copies what the last step pushed and what the model owns. What is not finite
// is left out.
func (e *easel) actions(r *Run) {
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
	if m, ok := r.model.(ebm.Particler); ok {
		p.Particles = slices.DeleteFunc(m.Particles(p.Particles), func(y r2.Vec) bool { return !drawable(y) })
	}
	if m, ok := r.model.(ebm.Marker); ok {
		e.marks = m.Marks(e.marks[:0])
		for _, v := range e.marks {
			if drawable(v.At) {
				p.Marks = append(p.Marks, v)
			}
		}
	}
}

// arrows evaluates the field: where the model would move a point, r(y) - y, or the
// downhill direction -∂F/∂y.
func (e *easel) arrows(r *Run) {
	if e.lattice == nil {
		e.lattice, e.field = centres(fieldSide), make([]r2.Vec, fieldSide*fieldSide)
	}
	m, maps := r.model.(ebm.Reconstructer)
	if maps {
		m.Reconstruct(e.field, e.lattice)
	} else {
		ebm.Gradient(r.model, e.field, e.lattice)
	}
	e.picture.Field = e.picture.Field[:0]
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
