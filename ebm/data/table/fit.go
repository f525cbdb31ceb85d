package table

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/data"

	"gonum.org/v1/gonum/spatial/r2"
)

// Fit says how points come into the box [-ebm.L, ebm.L]².
type Fit string

const (
	FitNone Fit = "none" // unchanged
	FitSame Fit = "same" // both coordinates with one scale
	FitEach Fit = "each" // each coordinate with its own
)

// fill is the share of the box's side that fitted points go over.
const fill = 0.9

// Fit returns the points in coordinates of the box, the axes that turn them back into the units of the
// table, the fit that was used, and how many points lie outside the box, which only FitNone leaves there.
// The fit "" is FitNone if the points lie in the box and reach a quarter of the way to its edge, else FitEach.
func (t *Table) Fit(how Fit) (points []r2.Vec, axes data.Axes, used Fit, outside int) {
	low := r2.Vec{X: math.Inf(1), Y: math.Inf(1)}
	high := r2.Vec{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, p := range t.Points {
		low = r2.Vec{X: min(low.X, p.X), Y: min(low.Y, p.Y)}
		high = r2.Vec{X: max(high.X, p.X), Y: max(high.Y, p.Y)}
	}
	reach := max(-low.X, -low.Y, high.X, high.Y)
	if used = how; how != FitNone && how != FitSame && how != FitEach {
		used = FitEach
		if reach <= ebm.L && reach > ebm.L/4 {
			used = FitNone
		}
	}
	axes = data.Plain
	if x, y, ok := t.Names(); ok {
		axes.Names = [2]string{x, y}
	}
	if used != FitNone && len(t.Points) > 0 {
		half := [2]float64{high.X/2 - low.X/2, high.Y/2 - low.Y/2}
		if used == FitSame {
			half[0] = max(half[0], half[1])
			half[1] = half[0]
		}
		for i := range half {
			if axes.Scale[i] = half[i] / (ebm.L * fill); axes.Scale[i] == 0 {
				axes.Scale[i] = 1
			}
		}
		axes.Offset = [2]float64{high.X/2 + low.X/2, high.Y/2 + low.Y/2}
	}
	points = make([]r2.Vec, len(t.Points))
	for i, p := range t.Points {
		q := r2.Vec{X: (p.X - axes.Offset[0]) / axes.Scale[0], Y: (p.Y - axes.Offset[1]) / axes.Scale[1]}
		if math.Abs(q.X) > ebm.L || math.Abs(q.Y) > ebm.L {
			outside++
		}
		points[i] = q
	}
	return points, axes, used, outside
}
