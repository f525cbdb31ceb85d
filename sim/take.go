package sim

// Landscape is what of a run can be taken to another program, in float64.
type Landscape struct {
	Model  string         `json:"model"`
	Data   string         `json:"data"`
	Seed   uint64         `json:"seed"`
	Step   uint64         `json:"step"`
	Knobs  map[string]any `json:"knobs"`
	Y1     []float64      `json:"y1"` // of the columns of F: the middles of the cells
	Y2     []float64      `json:"y2"` // of its rows
	F      [][]float64    `json:"F"`  // F[i][j] is the energy at (y1[j], y2[i])
	Points []Point        `json:"points"`
}

// Landscape computes the energies at the middles of n by n cells, and gives the points with
// them.
func (r *Run) Landscape(n int) Landscape {
	c := r.Config()
	l := Landscape{Model: c.Model, Data: c.Data, Seed: c.Seed, Step: r.step, Knobs: c.Knobs, Points: Pairs(r.cloud.points)}
	at := centres(n)
	for i := range n {
		l.Y1, l.Y2 = append(l.Y1, at[i].X), append(l.Y2, at[i*n].Y)
	}
	f := make([]float64, len(at))
	r.spread(r.Exact(), f, at)
	for i := range n {
		l.F = append(l.F, f[i*n:(i+1)*n])
	}
	return l
}
