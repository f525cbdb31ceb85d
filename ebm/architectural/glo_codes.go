package architectural

import (
	"math"

	"gonum.org/v1/gonum/graph/path"
	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// How the initial codes order the training points.
const (
	codesGeodesic = "geodesic"
	codesSpectral = "spectral"
	codesAngle    = "angle"
	codesRandom   = "random"
)

// The number of points of a large dataset that are ordered; the others get the code of the
// nearest of them.
const (
	geodesicLandmarks = 1000
	spectralLandmarks = 300
)

// neighbours is how many of its nearest points each one is linked to.
const neighbours = 8

// initialCodes returns a z in [-1, 1] for each point.
func initialCodes(how string, data []r2.Vec, rng ebm.Rand) []float64 {
	z := make([]float64, len(data))
	switch how {
	case codesGeodesic:
		orderSome(z, data, geodesicLandmarks, geodesic)
	case codesSpectral:
		orderSome(z, data, spectralLandmarks, spectral)
	case codesAngle:
		for i, y := range data {
			z[i] = math.Atan2(y.Y, y.X) / math.Pi
		}
	default:
		for i := range z {
			z[i] = 2*rng.Float64() - 1
		}
	}
	return z
}

// orderSome orders at most the given number of points, at equal steps through the list, and
// gives each point the code of the nearest of them.
func orderSome(z []float64, data []r2.Vec, most int, order func([]r2.Vec) []float64) {
	chosen := newPrototypes(min(len(data), most))
	at := make([]r2.Vec, len(chosen.x))
	for k := range at {
		at[k] = data[k*len(data)/len(at)]
		chosen.set(k, at[k])
	}
	codes := rescaled(order(at))
	for i, y := range data {
		k, _ := chosen.nearest(y)
		z[i] = codes[k]
	}
}

// rescaled shifts and scales numbers so that they range from -1 to 1, or are 0 if they
// are all the same.
func rescaled(v []float64) []float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range v {
		lo, hi = min(lo, x), max(hi, x)
	}
	for i, x := range v {
		if v[i] = 0; hi > lo {
			v[i] = 2*(x-lo)/(hi-lo) - 1
		}
	}
	return v
}

// geodesic returns the shortest-path distance of each point, in the neighbour graph, from one
// end of the data. That end is the point farthest from the first one, so on a curve it is an
// end of the curve. On a ring, which has none, both directions give the same codes.
//
// J. Tenenbaum, V. de Silva, J. Langford, "A global geometric framework for nonlinear
// dimensionality reduction", 2000.
func geodesic(at []r2.Vec) []float64 {
	distance := make([]float64, len(at))
	if len(at) == 0 {
		return distance
	}
	g := neighbourGraph(at)
	end := 0
	for range 2 {
		from := path.DijkstraFrom(g.Node(int64(end)), g)
		for i := range at {
			distance[i] = from.WeightTo(int64(i))
		}
		for i, w := range distance {
			if w > distance[end] {
				end = i
			}
		}
	}
	return distance
}

// spectral gives neighbours similar codes: the eigenvector of the graph Laplacian with the
// least eigenvalue above the 0 of the constant vector. On a chain
// of n points it is a half wave, cos(π (i + ½)/n), which the arc sine turns back into a
// straight line.
//
// M. Belkin, P. Niyogi, "Laplacian eigenmaps for dimensionality reduction and data
// representation", 2003.
func spectral(at []r2.Vec) []float64 {
	code := make([]float64, len(at))
	if len(at) < 2 {
		return code
	}
	g := neighbourGraph(at)
	laplacian := mat.NewSymDense(len(at), nil)
	for edges := g.Edges(); edges.Next(); {
		i, j := int(edges.Edge().From().ID()), int(edges.Edge().To().ID())
		laplacian.SetSym(i, j, -1)
		laplacian.SetSym(i, i, laplacian.At(i, i)+1)
		laplacian.SetSym(j, j, laplacian.At(j, j)+1)
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(laplacian, true) {
		return code // no order if it does not converge
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for i, v := range rescaled(mat.Col(nil, 1, &vectors)) {
		code[i] = math.Asin(max(-1, min(v, 1)))
	}
	return code
}

// neighbourGraph is the graph in which each point is linked to its nearest neighbours. It also
// has the links of the minimum spanning tree, so that it is connected.
func neighbourGraph(at []r2.Vec) *simple.WeightedUndirectedGraph {
	g := simple.NewWeightedUndirectedGraph(0, math.Inf(1))
	for i := range at {
		g.AddNode(simple.Node(i))
	}
	link := func(i, j int) {
		g.SetWeightedEdge(simple.WeightedEdge{F: simple.Node(i), T: simple.Node(j), W: r2.Norm(r2.Sub(at[i], at[j]))})
	}
	for i, y := range at {
		for _, j := range nearestNeighbours(y, i, at) {
			link(i, j)
		}
	}
	for i, j := range minimumSpanningTree(at) {
		if i > 0 {
			link(i, j)
		}
	}
	return g
}

// nearestNeighbours lists the points nearest to y but for point self.
func nearestNeighbours(y r2.Vec, self int, at []r2.Vec) []int {
	var d2 [neighbours + 1]float64
	found := make([]int, 0, neighbours+1)
	for j, p := range at {
		d := r2.Norm2(r2.Sub(p, y))
		if j == self || len(found) == neighbours && d >= d2[neighbours-1] {
			continue
		}
		k := len(found)
		for found = append(found, j); k > 0 && d < d2[k-1]; k-- {
			found[k], d2[k] = found[k-1], d2[k-1]
		}
		found[k], d2[k] = j, d
		found = found[:min(len(found), neighbours)]
	}
	return found
}

// minimumSpanningTree returns for each point but the first its parent in the minimum spanning
// tree.
//
// R. C. Prim, "Shortest connection networks and some generalizations", 1957.
func minimumSpanningTree(at []r2.Vec) []int {
	parent, d2, done := make([]int, len(at)), make([]float64, len(at)), make([]bool, len(at))
	for i := range d2 {
		d2[i] = math.Inf(1)
	}
	for last := 0; last >= 0; {
		done[last] = true
		next := -1
		for i, p := range at {
			if done[i] {
				continue
			}
			if d := r2.Norm2(r2.Sub(p, at[last])); d < d2[i] {
				parent[i], d2[i] = last, d
			}
			if next < 0 || d2[i] < d2[next] {
				next = i
			}
		}
		last = next
	}
	return parent
}
