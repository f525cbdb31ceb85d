package measure

import (
	"math"
	"slices"

	"ebmviz/ebm/data"
)

// oracle holds the metrics of the true density of a dataset.
type oracle struct {
	ceiling       float64
	nll           float64
	negLogDensity []float64 // -log p on the grid; NaN if the dataset has no density
	distance      []float64 // from the skeleton, on the grid, in σ; NaN where it has none
	floor         Distances
}

func (s *Suite) newOracle() *oracle {
	o := &oracle{negLogDensity: make([]float64, len(s.grid.at)), distance: make([]float64, len(s.grid.at)), floor: s.dataDistances()}
	o.ceiling = s.oracleAUC(&s.uniform)
	o.nll = mean(s.test.e)
	s.negLogDensity(o.negLogDensity, s.grid.at)
	if skeleton, ok := s.set.(data.Skeleton); ok {
		skeleton.Distance(o.distance, s.grid.at)
		return o
	}
	for i := range o.distance {
		o.distance[i] = math.NaN()
	}
	return o
}

// farSigmas is the distance from the skeleton, in σ, beyond which there are no data.
const farSigmas = 5

// far returns the model's mass far from the skeleton, and the least energy there minus the
// median on the data; NaN if no cell is far.
func (o *oracle) far(grid []float64, beta, median float64) (mass, least float64) {
	least = math.Inf(1)
	bottom := slices.Min(grid)
	all, off := 0.0, 0.0
	for i, e := range grid {
		p := math.Exp(-beta * (e - bottom))
		all += p
		if o.distance[i] > farSigmas {
			off += p
			least = min(least, e)
		}
	}
	if math.IsInf(least, 1) {
		return math.NaN(), math.NaN()
	}
	return off / all, least - median
}

// KL returns the divergence from the true density to the Gibbs density of the energies,
// both on the cells of a grid and renormalised there, in nats:
//
//	KL = Σ_i P_i log(P_i / Q_i),  P ∝ p,  Q ∝ e^{-βE}
//
// negLogDensity is -log p of the true density. KL is NaN if there is none.
func KL(negLogDensity, grid []float64, beta float64) float64 {
	logTotal, logZ := LogZ(negLogDensity, 1), LogZ(grid, beta)
	sum := 0.0
	for i, s := range negLogDensity {
		logP := -s - logTotal
		if p := math.Exp(logP); p > 0 || math.IsNaN(p) {
			sum += p * (logP + beta*grid[i] + logZ)
		}
	}
	return sum * cell(len(grid))
}
