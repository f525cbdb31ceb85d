package measure

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// The inverse temperatures that Calibrate tries.
const (
	leastBeta = 1e-2
	mostBeta  = 1e7
)

// Calibrate returns the β at which the NLL of the data is least, and that NLL. It makes
// energies of arbitrary scale comparable, such as squared distances. It tries 181 values
// from 1e-2 to 1e7, then refines the best by golden section search to 1e-9 of log β. It ends
// earlier where the wells of e^{-βE} get too narrow for the grid ([resolved]): on points that a
// model reproduces exactly the NLL has no least value, and would fall on to where Z is not known.
func Calibrate(data, grid []float64) (beta, nll float64) {
	least := slices.Min(grid)
	energy, above := mean(data)-least, slices.Clone(grid) // at a large β a common offset would cost digits
	floats.AddConst(-least, above)
	at := func(logBeta float64) float64 {
		b := math.Exp(logBeta)
		return b*energy + LogZ(above, b)
	}
	tried := floats.Span(make([]float64, 181), math.Log(leastBeta), math.Log(mostBeta))
	best, value, last := 0, math.Inf(1), 0
	for i, x := range tried {
		if i > 0 && !resolved(grid, math.Exp(x)) {
			break
		}
		last = i
		if v := at(x); v < value {
			best, value = i, v
		}
	}
	x, v := golden(at, tried[max(best-1, 0)], tried[min(best+1, last)])
	if value < v { // the best is the first or the last of all
		x, v = tried[best], value
	}
	if math.IsInf(v, 0) {
		return math.NaN(), math.NaN()
	}
	return math.Exp(x), v
}

// golden returns the minimum of a unimodal function between a and b, by golden section
// search.
func golden(f func(float64) float64, a, b float64) (x, value float64) {
	const section = 0.6180339887498949
	c, d := b-section*(b-a), a+section*(b-a)
	fc, fd := f(c), f(d)
	for b-a > 1e-9 {
		if fc < fd {
			b, d, fd = d, c, fc
			c = b - section*(b-a)
			fc = f(c)
		} else {
			a, c, fc = c, d, fd
			d = a + section*(b-a)
			fd = f(d)
		}
	}
	if fc < fd {
		return c, fc
	}
	return d, fd
}

// calibrateFast finds the β of Calibrate to 1e-3 with thirteen evaluations or so instead of
// two hundred. NLL is convex in β, so its slope
//
//	∂NLL/∂β = mean E(data) - ⟨E⟩_β
//
// changes sign once, and bisection in log β finds it. The NLL is flat there: 1e-3 of β
// changes it by less than 1e-6.
func calibrateFast(data, grid []float64) (beta, nll float64) {
	energy := mean(data)
	a, b := math.Log(leastBeta), math.Log(mostBeta)
	for b-a > 2e-3 {
		m := (a + b) / 2
		if _, model := gibbs(grid, math.Exp(m)); energy > model || !resolved(grid, math.Exp(m)) {
			b = m
		} else {
			a = m
		}
	}
	beta = math.Exp((a + b) / 2)
	return beta, beta*energy + LogZ(grid, beta)
}
