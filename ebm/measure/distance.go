package measure

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"
)

// Chamfer returns how far two sets of points lie from each other on average, both ways:
//
//	mean_x min_z ‖x - z‖ + mean_z min_x ‖z - x‖
//
// O(len(x) len(z)); NaN if either is empty.
func Chamfer(x, z []r2.Vec) float64 {
	there, back := 0.0, make([]float64, len(z)) // back: the least squared distance from each of z
	for j := range back {
		back[j] = math.Inf(1)
	}
	for _, a := range x {
		least := math.Inf(1)
		for j, b := range z {
			d := r2.Norm2(r2.Sub(a, b))
			least, back[j] = min(least, d), min(back[j], d)
		}
		there += math.Sqrt(least)
	}
	for j, d := range back {
		back[j] = math.Sqrt(d)
	}
	return there/float64(len(x)) + mean(back)
}

// MMD2 returns the squared maximum mean discrepancy of two sets of points, as the biased
// V-statistic of the Gaussian kernel k(x, z) = exp(-‖x-z‖² / 2b²) of bandwidth b:
//
//	mean k(x, x') + mean k(z, z') - 2 mean k(x, z)
//
// Source: Gretton et al., A kernel two-sample test, JMLR 13 (2012).
func MMD2(x, z []r2.Vec, bandwidth float64) float64 {
	return kernelWithin(x, bandwidth) + kernelWithin(z, bandwidth) - 2*kernelBetween(x, z, bandwidth)
}

// kernelWithin returns the mean of k over all pairs of one set, each point with itself
// among them.
func kernelWithin(x []r2.Vec, bandwidth float64) float64 {
	sum := 0.0
	for i, a := range x {
		sum += kernelSum(a, x[:i], bandwidth)
	}
	n := float64(len(x))
	return (2*sum + n) / (n * n)
}

func kernelBetween(x, z []r2.Vec, bandwidth float64) float64 {
	sum := 0.0
	for _, a := range x {
		sum += kernelSum(a, z, bandwidth)
	}
	return sum / (float64(len(x)) * float64(len(z)))
}

// kernelSum skips points so far away that they add less than 1e-17.
func kernelSum(a r2.Vec, x []r2.Vec, bandwidth float64) float64 {
	scale, sum := -1/(2*bandwidth*bandwidth), 0.0
	for _, b := range x {
		if e := scale * r2.Norm2(r2.Sub(a, b)); !(e < -40) {
			sum += math.Exp(e)
		}
	}
	return sum
}

// W2 returns the 2-Wasserstein distance of two sets of equally many points: the root of
// the least mean squared distance over all pairings. O(n³), meant for up to 200
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
		return math.NaN() // a point that is not finite has no nearest one
	}
	sum := 0.0
	for i, j := range assign(cost) {
		sum += cost[i][j]
	}
	return math.Sqrt(sum / float64(len(x)))
}

// SlicedW2 is the sliced 2-Wasserstein distance, for many points: the points are projected
// onto lines of that many directions, where the best pairing is in sorted order.
//
//	SW2² = mean_θ min mean ‖x·θ - z·θ‖²
//
// It is at most W2/√2, with equality if one set is the other one translated. O(directions n log n);
// NaN if their numbers differ or are 0, or a point is not finite.
//
// Source: Bonneel, Rabin, Peyré, Pfister, Sliced and Radon Wasserstein barycenters of
// measures, J. Math. Imaging and Vision 51 (2015).
func SlicedW2(x, z []r2.Vec, directions int) float64 {
	if len(x) != len(z) || len(x) == 0 {
		return math.NaN()
	}
	a, b := make([]float64, len(x)), make([]float64, len(z))
	sum := 0.0
	for k := range directions {
		sin, cos := math.Sincos(math.Pi * (float64(k) + 0.5) / float64(directions))
		project(a, x, r2.Vec{X: cos, Y: sin})
		project(b, z, r2.Vec{X: cos, Y: sin})
		for i := range a {
			sum += (a[i] - b[i]) * (a[i] - b[i])
		}
	}
	if math.IsInf(sum, 0) {
		return math.NaN()
	}
	return math.Sqrt(sum / float64(len(x)*directions))
}

// project writes x·θ to dst, in order.
func project(dst []float64, x []r2.Vec, theta r2.Vec) {
	for i, y := range x {
		dst[i] = r2.Dot(y, theta)
	}
	slices.Sort(dst)
}

// assign returns which column each row is paired with at the least total cost: the
// Hungarian algorithm, by shortest augmenting paths with the potentials u and v, which keep
// cost[i][j] ≥ u[i] + v[j] with equality on the pairs. The last column holds the row that is
// being added.
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
	slack := make([]float64, n) // the reduced cost of reaching each column
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
