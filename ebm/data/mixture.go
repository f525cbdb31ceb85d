package data

import (
	"math"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

// mixture is the density of M Gaussians of one width, cut off at the edges of the box:
//
//	p(y) = Σ_m w_m N(y; c_m, σ² I) / mass of the sum in B
//
// The zero mixture has no density: its logarithm is NaN everywhere.
type mixture struct {
	centres []r2.Vec // neighbours in the list are neighbours in the plane, mostly
	weights []float64
	runs    []r2.Box // the bounds of runLength consecutive centres each
	width   float64  // 2σ²
	norm    float64  // log of what stands before Σ exp
}

// runLength is a compromise: longer runs are fewer, but have larger bounds.
const runLength = 24

// negligible is how far below the largest term, in nats, a term changes nothing: all
// terms of 24,000 together then change the sum by less than 1e-13 of itself.
const negligible = 40

// newMixture returns the mixture of equal weights.
func newMixture(centres []r2.Vec, sigma float64) mixture {
	weights := make([]float64, len(centres))
	for i := range weights {
		weights[i] = 1
	}
	return newWeighted(centres, weights, sigma)
}

// newWeighted returns the mixture of the given weights, whatever they add up to.
func newWeighted(centres []r2.Vec, weights []float64, sigma float64) mixture {
	if len(centres) == 0 || sigma <= 0 {
		return mixture{}
	}
	m := mixture{centres: centres, weights: weights, width: 2 * sigma * sigma}
	mass := 0.0
	for start := 0; start < len(centres); start += runLength {
		run := centres[start:min(start+runLength, len(centres))]
		b := r2.Box{Min: run[0], Max: run[0]}
		for i, c := range run {
			b.Min = r2.Vec{X: min(b.Min.X, c.X), Y: min(b.Min.Y, c.Y)}
			b.Max = r2.Vec{X: max(b.Max.X, c.X), Y: max(b.Max.Y, c.Y)}
			mass += weights[start+i] * inside(c.X, sigma) * inside(c.Y, sigma)
		}
		m.runs = append(m.runs, b)
	}
	m.norm = -math.Log(math.Pi * m.width * mass)
	return m
}

// inside is the probability that c + σ ε lies in [-L, L].
func inside(c, sigma float64) float64 {
	s := sigma * math.Sqrt2
	return (math.Erf((ebm.L-c)/s) + math.Erf((ebm.L+c)/s)) / 2
}

func (m *mixture) logDensity(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = m.logAt(y)
	}
}

// distance writes the distance to the nearest centre in units of σ.
func (m *mixture) distance(dst []float64, at []r2.Vec) {
	for i, y := range at {
		dst[i] = math.NaN()
		if len(m.centres) > 0 {
			dst[i] = math.Sqrt(2 * m.nearest(y) / m.width)
		}
	}
}

// logAt takes the nearest centre first, so that no exponential overflows and the far
// centres, which are most, are left out by run.
func (m *mixture) logAt(y r2.Vec) float64 {
	if len(m.centres) == 0 {
		return math.NaN()
	}
	nearest := m.nearest(y)
	reach, sum := nearest+negligible*m.width, 0.0
	for r := range m.runs {
		if m.bound(r, y) > reach {
			continue
		}
		for i, c := range m.run(r) {
			if d := squared(c, y); d <= reach {
				sum += m.weights[r*runLength+i] * decay((d-nearest)/m.width)
			}
		}
	}
	return math.Log(sum) - nearest/m.width + m.norm
}

// powers[i] is 2^(-i/128).
var powers = func() (p [128]float64) {
	for i := range p {
		p[i] = math.Exp2(-float64(i) / 128)
	}
	return p
}()

// decay returns e^-x for x in [0, 700], to 2e-15 (1 + x/4) of its value: rounding makes
// it worse where the value is negligible. It is twice as fast as math.Exp, and where the
// noise is broad nearly all of the time goes here.
//
//	e^-x = 2^(-k/128) e^r,  k = round(128 x / log 2),  |r| < 0.003
func decay(x float64) float64 {
	k := int(x*(128/math.Ln2) + 0.5)
	r := float64(k)*(math.Ln2/128) - x
	series := 1 + r*(1+r*(1./2+r*(1./6+r*(1./24))))
	return series * powers[k&127] * math.Float64frombits(uint64(1023-k>>7)<<52)
}

// nearest returns the squared distance to the nearest centre.
func (m *mixture) nearest(y r2.Vec) float64 {
	first, least := 0, math.Inf(1)
	for r := range m.runs {
		if b := m.bound(r, y); b < least {
			first, least = r, b
		}
	}
	best := math.Inf(1)
	for _, c := range m.run(first) {
		best = min(best, squared(c, y))
	}
	for r := range m.runs {
		if m.bound(r, y) >= best {
			continue
		}
		for _, c := range m.run(r) {
			best = min(best, squared(c, y))
		}
	}
	return best
}

func (m *mixture) run(r int) []r2.Vec {
	return m.centres[r*runLength : min((r+1)*runLength, len(m.centres))]
}

// bound returns the squared distance from y to the bounds of a run: no centre of the run
// is nearer.
func (m *mixture) bound(r int, y r2.Vec) float64 {
	b := &m.runs[r]
	dx := max(b.Min.X-y.X, y.X-b.Max.X, 0)
	dy := max(b.Min.Y-y.Y, y.Y-b.Max.Y, 0)
	return dx*dx + dy*dy
}

func squared(a, b r2.Vec) float64 {
	dx, dy := a.X-b.X, a.Y-b.Y
	return dx*dx + dy*dy
}
