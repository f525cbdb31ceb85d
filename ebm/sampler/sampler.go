package sampler

import (
	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// Target is an energy to sample from.
type Target interface {
	// EnergyGrad writes E(at[i]) to e[i] and ∂E/∂y there to g[i], for a block of at most
	// 64 points.
	EnergyGrad(e []float64, g, at []r2.Vec)
}

// Energier is a Target that can compute energies without gradients, at less cost.
type Energier interface {
	// Energy writes E(at[i]) to e[i], for a block of at most 64 points.
	Energy(e []float64, at []r2.Vec)
}

// Walkers are points on a landscape, with energy and gradient where they are.
type Walkers struct {
	Y []r2.Vec  // where they are
	E []float64 // E(y)
	G []r2.Vec  // ∂E/∂y
}

// NewWalkers returns memory for n points.
func NewWalkers(n int) Walkers {
	return Walkers{Y: make([]r2.Vec, n), E: make([]float64, n), G: make([]r2.Vec, n)}
}

// Slice returns the walkers lo, …, hi-1; they share memory with w.
func (w Walkers) Slice(lo, hi int) Walkers {
	return Walkers{Y: w.Y[lo:hi], E: w.E[lo:hi], G: w.G[lo:hi]}
}

// Update computes E and G at Y.
func (w Walkers) Update(t Target) { t.EnergyGrad(w.E, w.G, w.Y) }

// UpdateEnergy computes E at Y, and G only if the target has no separate energies.
func (w Walkers) UpdateEnergy(t Target) {
	if e, ok := t.(Energier); ok {
		e.Energy(w.E, w.Y)
		return
	}
	w.Update(t)
}

// Normal fills dst with standard normal numbers. A generator of random bits gives the seed for
// all of them ([net.Normals]); other sources are called for each, X before Y.
func Normal(dst []r2.Vec, rng ebm.Rand) {
	if seed, ok := seedOf(rng); ok {
		net.Normals(dst, seed)
		return
	}
	for i := range dst {
		dst[i].X = rng.NormFloat64()
		dst[i].Y = rng.NormFloat64()
	}
}

// Uniform fills dst with numbers uniform on [0, 1). A generator of random bits gives the seed
// for all of them; other sources are called for each.
func Uniform(dst []float64, rng ebm.Rand) {
	if seed, ok := seedOf(rng); ok {
		s := splitMix(seed)
		for i := range dst {
			dst[i] = s.uniform()
		}
		return
	}
	for i := range dst {
		dst[i] = rng.Float64()
	}
}

// Scatter fills dst with points uniform on the box, X before Y: see [Uniform].
func Scatter(dst []r2.Vec, rng ebm.Rand) {
	if seed, ok := seedOf(rng); ok {
		s := splitMix(seed)
		for i := range dst {
			dst[i] = r2.Vec{X: ebm.L * (2*s.uniform() - 1), Y: ebm.L * (2*s.uniform() - 1)}
		}
		return
	}
	for i := range dst {
		dst[i] = r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
	}
}

// seedOf draws a seed, if the source is a generator of random bits.
func seedOf(rng ebm.Rand) (seed uint64, ok bool) {
	bits, ok := rng.(interface{ Uint64() uint64 })
	if ok {
		seed = bits.Uint64()
	}
	return seed, ok
}

// splitMix is the generator of G. L. Steele, D. Lea and C. H. Flood, Fast splittable
// pseudorandom number generators, 2014. It takes a third of the time of a larger generator
// and is good enough for the few thousand numbers of a step.
type splitMix uint64

func (s *splitMix) uniform() float64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}
