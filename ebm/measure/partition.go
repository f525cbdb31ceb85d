package measure

import (
	"math"
	"slices"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

// Grid returns the middles of the G×G cells of the box, row by row, y2 outermost.
func Grid(g int) []r2.Vec {
	at := make([]r2.Vec, 0, g*g)
	h := 2 * ebm.L / float64(g)
	for j := range g {
		for i := range g {
			at = append(at, r2.Vec{X: -ebm.L + (float64(i)+0.5)*h, Y: -ebm.L + (float64(j)+0.5)*h})
		}
	}
	return at
}

// LogZ returns the logarithm of the partition function by the midpoint rule, given the
// energies of a [Grid], or of any points that represent equal parts of the box:
//
//	log Z = log ∫_B e^{-βE(y)} dy ≈ log Σ_i e^{-βE_i} + log(area / len(grid))
//
// For a well of width σ and cells of side h the relative error of Z is 4 e^{-2π²σ²/h²}:
// negligible at h = σ, 3 % at h = 2σ.
func LogZ(grid []float64, beta float64) float64 {
	logZ, _ := gibbs(grid, beta)
	return logZ
}

// NLL returns the mean of -log p over the points of energies data, for the Gibbs
// density p = e^{-βE} / Z, in nats:
//
//	NLL = β mean E + log Z
func NLL(data, grid []float64, beta float64) float64 {
	return beta*mean(data) + LogZ(grid, beta)
}

// resolved reports whether the grid is fine enough for the wells of e^{-βE}: whether log Z is the
// same to 0.1 on each of the four grids with every second row and every second column of it.
func resolved(grid []float64, beta float64) bool {
	side := int(math.Round(math.Sqrt(float64(len(grid)))))
	least := slices.Min(grid)
	var sum [4]float64
	for row := 0; row*side < len(grid); row++ {
		for i, e := range grid[row*side : min((row+1)*side, len(grid))] {
			if x := beta * (e - least); !(x > 50) {
				sum[row&1<<1|i&1] += math.Exp(-x)
			}
		}
	}
	return math.Log(slices.Max(sum[:])/slices.Min(sum[:])) < 0.1
}

// gibbs returns log Z and the mean energy under the Gibbs density. Cells that add less than
// 1e-17 of the largest term are skipped.
func gibbs(grid []float64, beta float64) (logZ, energy float64) {
	least := slices.Min(grid)
	sum, moment := 0.0, 0.0
	for _, e := range grid {
		x := beta * (e - least)
		if x > 50 {
			continue
		}
		w := math.Exp(-x)
		sum += w
		moment += w * (e - least)
	}
	return math.Log(sum*cell(len(grid))) - beta*least, least + moment/sum
}

// cell is the area that each of n points of the box represents.
func cell(n int) float64 { return ebm.Area / float64(n) }

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
