package class

// Landscape is the energy over the plane at a step.
type Landscape struct {
	Step           uint64
	NX, NY         int
	X0, X1, Y0, Y1 float64
	Energy         []float32 // at the centres of the cells, row by row from Y0
}

// rise returns by how much the energy of a place has risen since, less the mean rise over the plane. Where
// the model only shifts all energies, nothing rises.
//
//	(F₁(y) - mean F₁) - (F₀(y) - mean F₀)
func (l *Landscape) rise(now *Landscape) func(y [2]float64) float64 {
	before, after := l.mean(), now.mean()
	return func(y [2]float64) float64 { return (now.at(y) - after) - (l.at(y) - before) }
}

func (l *Landscape) mean() float64 {
	sum := 0.
	for _, e := range l.Energy {
		sum += float64(e)
	}
	return sum / float64(len(l.Energy))
}

// at returns the energy of the cell that has the place.
func (l *Landscape) at(y [2]float64) float64 {
	i := cell(y[0], l.X0, l.X1, l.NX)
	j := cell(y[1], l.Y0, l.Y1, l.NY)
	return float64(l.Energy[j*l.NX+i])
}

// cell returns in which of n cells from a to b the value lies.
func cell(v, a, b float64, n int) int {
	return min(max(int(float64(n)*(v-a)/(b-a)), 0), n-1)
}
