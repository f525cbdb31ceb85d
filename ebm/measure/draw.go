package measure

import (
	"math"
	"slices"
	"sort"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

// Draw fills dst with independent samples of the Gibbs density e^{-βE} / Z, given the
// energies of a [Grid]. In the plane no Markov chain is needed: each sample is a uniform
// point of a cell drawn by its mass, so that valleys come out wider by the size of a cell.
// It reports whether the energies have a density.
func Draw(dst []r2.Vec, grid []float64, beta float64, rng ebm.Rand) bool {
	least := slices.Min(grid)
	upTo, sum := make([]float64, len(grid)), 0.0
	for i, e := range grid {
		sum += math.Exp(-beta * (e - least))
		upTo[i] = sum
	}
	if math.IsNaN(sum) {
		return false
	}
	side := int(math.Round(math.Sqrt(float64(len(grid)))))
	h := 2 * ebm.L / float64(side)
	for k := range dst {
		u := sum * rng.Float64()
		i := min(sort.Search(len(upTo), func(i int) bool { return upTo[i] > u }), len(upTo)-1)
		dst[k] = r2.Vec{
			X: -ebm.L + (float64(i%side)+rng.Float64())*h,
			Y: -ebm.L + (float64(i/side)+rng.Float64())*h,
		}
	}
	return true
}
