package measure

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// Chamfer returns how far two sets of points lie from each other on average, both ways:
//
//	mean_x min_z ‖x - z‖ + mean_z min_x ‖z - x‖
//
// O(len(x) len(z)); NaN if either is empty.
func Chamfer(x, z []r2.Vec) float64 { return oneWay(x, z) + oneWay(z, x) }

func oneWay(from, to []r2.Vec) float64 {
	sum := 0.0
	for _, a := range from {
		least := math.Inf(1)
		for _, b := range to {
			least = min(least, r2.Norm2(r2.Sub(a, b)))
		}
		sum += math.Sqrt(least)
	}
	return sum / float64(len(from))
}

// MMD2 returns the squared maximum mean discrepancy of two sets of points, as the biased
// V-statistic of the Gaussian kernel k(x, z) = exp(-‖x-z‖² / 2b²) of bandwidth b:
//
//	mean k(x, x') + mean k(z, z') - 2 mean k(x, z)
//
// Source: Gretton et al., A kernel two-sample test, JMLR 13 (2012).
func MMD2(x, z []r2.Vec, bandwidth float64) float64 {
	return meanKernel(x, x, bandwidth) + meanKernel(z, z, bandwidth) - 2*meanKernel(x, z, bandwidth)
}

func meanKernel(x, z []r2.Vec, bandwidth float64) float64 {
	sum := 0.0
	for _, a := range x {
		for _, b := range z {
			sum += math.Exp(-r2.Norm2(r2.Sub(a, b)) / (2 * bandwidth * bandwidth))
		}
	}
	return sum / (float64(len(x)) * float64(len(z)))
}

// W2 returns the 2-Wasserstein distance of two sets of equally many points: the root of
// the least mean squared distance over all ways to pair them. O(n³), meant for up to 200
// points; NaN if their numbers differ or are 0, or a point is not finite.
func W2(x, z []r2.Vec) float64 {
	if len(x) != len(z) || len(x) == 0 {
		return math.NaN()
	}
	cost, total := make([][]float64, len(x)), 0.0
	for i, a := range x {
		cost[i] = make([]float64, len(z))
		for j, b := range z {
			cost[i][j] = r2.Norm2(r2.Sub(a, b))
			total += cost[i][j]
		}
	}
	if math.IsNaN(total) || math.IsInf(total, 0) {
		return math.NaN() // there is no nearest to a point that is not finite
	}
	sum := 0.0
	for i, j := range assign(cost) {
		sum += cost[i][j]
	}
	return math.Sqrt(sum / float64(len(x)))
}

// assign returns which column each row is paired with at the least total cost: the
// Hungarian algorithm, by shortest augmenting paths under the prices u and v, which keep
// cost[i][j] ≥ u[i] + v[j] with equality on the pairs. The last column is a way in for
// the row that is being added.
//
// Source: Kuhn 1955; in this form Jonker and Volgenant, Computing 38 (1987).
func assign(cost [][]float64) []int {
	n := len(cost)
	u, v := make([]float64, n), make([]float64, n+1)
	row := make([]int, n+1) // of each column; -1 if free
	for j := range row {
		row[j] = -1
	}
	for i := range n {
		row[n] = i
		augment(cost, u, v, row)
	}
	pairs := make([]int, n)
	for j, i := range row[:n] {
		pairs[i] = j
	}
	return pairs
}

// augment grows a tree of shortest paths from the row in the last column to the nearest
// free column, and pairs along the path found.
func augment(cost [][]float64, u, v []float64, row []int) {
	n := len(cost)
	slack := make([]float64, n) // what reaching each column costs beyond the prices
	from := make([]int, n)      // the column before it on the path
	reached := make([]bool, n+1)
	for j := range slack {
		slack[j] = math.Inf(1)
	}
	at := n
	for row[at] >= 0 {
		reached[at] = true
		i, next, step := row[at], -1, math.Inf(1)
		for j := range n {
			if reached[j] {
				continue
			}
			if c := cost[i][j] - u[i] - v[j]; c < slack[j] {
				slack[j], from[j] = c, at
			}
			if slack[j] < step {
				next, step = j, slack[j]
			}
		}
		for j := range reached {
			if reached[j] {
				u[row[j]] += step
				v[j] -= step
			} else {
				slack[j] -= step
			}
		}
		at = next
	}
	for at != n {
		row[at] = row[from[at]]
		at = from[at]
	}
	row[n] = -1
}
