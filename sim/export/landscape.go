package export

import (
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

// landscape is the energy on a grid of n×n cells, with the points. Its JSON is most of
// landscape.json.
type landscape struct {
	Model  string         `json:"model"`
	Data   string         `json:"data"`
	Seed   uint64         `json:"seed"`
	Step   uint64         `json:"step"`
	Knobs  map[string]any `json:"knobs"`
	Y1     []float64      `json:"y1"` // cell centres along y1, the columns of F
	Y2     []float64      `json:"y2"` // cell centres along y2, the rows of F
	F      [][]float64    `json:"F"`  // F[i][j] is the energy at (y1[j], y2[i])
	Points []wire.Point   `json:"points"`
	Held   []int          `json:"held,omitempty"`  // which of Points are held out from training
	Units  *units         `json:"units,omitempty"` // where the points have axes

	info sim.PointsInfo // what goes with the points
}

// units is the same in the units of the axes of the points.
type units struct {
	Names  [2]string    `json:"names"` // of y1 and y2
	Y1     []float64    `json:"y1"`
	Y2     []float64    `json:"y2"`
	Points []wire.Point `json:"points"`
}

func newUnits(l landscape, axes data.Axes) *units {
	u := &units{Names: axes.Names, Y1: make([]float64, len(l.Y1)), Y2: make([]float64, len(l.Y2)), Points: make([]wire.Point, len(l.Points))}
	for i := range l.Y1 {
		u.Y1[i] = axes.Units(r2.Vec{X: l.Y1[i]}).X
	}
	for i := range l.Y2 {
		u.Y2[i] = axes.Units(r2.Vec{Y: l.Y2[i]}).Y
	}
	for i, y := range l.Points {
		p := axes.Units(r2.Vec{X: y[0], Y: y[1]})
		u.Points[i] = wire.Point{p.X, p.Y}
	}
	return u
}

// newLandscape restores the run and computes its energies at the cell centres.
func newLandscape(s Source, f ebm.For) (landscape, error) {
	run, err := sim.Restore(s.Checkpoint, f)
	if err != nil {
		return landscape{}, err
	}
	c := run.Config()
	l := landscape{Model: c.Model, Data: c.Data, Seed: c.Seed, Step: run.StepCount(), Knobs: c.Knobs, Points: wire.Points(run.Points()), Held: run.Held(), info: run.PointsInfo()}
	n := s.Grid
	centres := make([]float64, n)
	for i := range centres {
		centres[i] = ebm.L * ((2*float64(i)+1)/float64(n) - 1)
	}
	l.Y1, l.Y2 = centres, centres
	if axes := l.info.Axes; axes != nil {
		l.Units = newUnits(l, *axes)
	}
	at := make([]r2.Vec, 0, n*n)
	for _, y2 := range l.Y2 {
		for _, y1 := range l.Y1 {
			at = append(at, r2.Vec{X: y1, Y: y2})
		}
	}
	energy := make([]float64, len(at))
	run.ExactEnergy(energy, at)
	for i := range n {
		l.F = append(l.F, energy[i*n:(i+1)*n])
	}
	return l, nil
}
