package infer

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Coordinate is one of the two coordinates of a point.
type Coordinate int

// The coordinates.
const (
	Y1 Coordinate = iota
	Y2
)

// Slice is the energy of the points that agree with one known coordinate: what the model
// predicts of the other.
type Slice struct {
	Known   Coordinate
	Value   float64   // of the known coordinate
	Other   []float64 // values of the other: 201 from -L to L
	F       []float64 // the energy there
	Minima  []float64 // its local minima: the answers
	Density []float64 // of the other, given the known one: e^{-βF} / Z
	Mean    float64   // of that density: the least-squares answer
}

// points is how many points a slice has.
const points = 201

// Given evaluates the landscape on the line where one coordinate has the given value. β is
// the inverse temperature of the density: a small one spreads it out, a large one
// concentrates it at the deepest minimum.
func Given(m ebm.Model, known Coordinate, value, beta float64) Slice {
	s := Slice{
		Known: known, Value: value, Other: floats.Span(make([]float64, points), -ebm.L, ebm.L),
		F: make([]float64, points), Density: make([]float64, points),
	}
	at := make([]r2.Vec, points)
	for i, v := range s.Other {
		at[i] = r2.Vec{X: value, Y: v}
		if known == Y2 {
			at[i] = r2.Vec{X: v, Y: value}
		}
	}
	m.Energy(s.F, at)
	s.Minima = Minima(s.Other, s.F)
	Gibbs(s.Density, s.Other, s.F, beta)
	s.Mean = Mean(s.Other, s.Density)
	return s
}

// Minima returns where f, known at equally spaced x, has its local minima, in the order
// of x.
//
// An inner minimum is moved to the vertex of the parabola through its neighbours. Of a level
// stretch it is the middle; a constant f has no minimum. The first or the last point is a
// minimum if f rises from there. A neighbour of NaN is no minimum.
func Minima(x, f []float64) []float64 {
	minima := []float64{}
	for i := 0; i < len(f); {
		j := i // the last of the level stretch that begins at i
		for j+1 < len(f) && f[j+1] == f[i] {
			j++
		}
		first, last := i == 0, j == len(f)-1
		if (first || f[i-1] > f[i]) && (last || f[j+1] > f[i]) && !(first && last) {
			at := (x[i] + x[j]) / 2
			if i == j && !first && !last {
				at += bottom(f[i-1], f[i], f[i+1]) * (x[i+1] - x[i])
			}
			minima = append(minima, at)
		}
		i = j + 1
	}
	return minima
}

// bottom returns where the parabola through f(-1) = a, f(0) = b, f(1) = c is least, for b
// below both: between -½ and ½. It is 0 if the energies are too large to compute it.
func bottom(a, b, c float64) float64 {
	v := ((a - b) - (c - b)) / (2 * ((a - b) + (c - b)))
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// Gibbs writes the density e^{-βf} / Z of the increasing x to density and returns log Z.
// The integral is by the trapezoidal rule, in which the points at both ends count half. It
// does not overflow:
//
//	Z = ∫ e^{-βf(x)} dx ≈ Σ_i ½ (x_{i+1} - x_{i-1}) e^{-βf_i}
//
// It is accurate for wells at least as wide as the spacing.
func Gibbs(density, x, f []float64, beta float64) (logZ float64) {
	least := slices.Min(f)
	for i, v := range f {
		density[i] = math.Exp(-beta * (v - least))
	}
	z := 0.0
	for i, p := range density {
		z += share(x, i) * p
	}
	floats.Scale(1/z, density)
	return math.Log(z) - beta*least
}

// Mean returns the mean of x under a density, by the rule of [Gibbs].
func Mean(x, density []float64) float64 {
	sum := 0.0
	for i, p := range density {
		sum += share(x, i) * p * x[i]
	}
	return sum
}

// share is the length that x[i] stands for in the trapezoidal rule.
func share(x []float64, i int) float64 {
	return (x[min(i+1, len(x)-1)] - x[max(i-1, 0)]) / 2
}
