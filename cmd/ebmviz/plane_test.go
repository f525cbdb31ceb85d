package main

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Places of the plane where the claims of cards are tested.

// onSpiral is the spiral without noise, 0.12 <= s <= 1.
func onSpiral(s float64) r2.Vec { return polar(1.25*s, 4*math.Pi*s) }

func polar(radius, angle float64) r2.Vec {
	sin, cos := math.Sincos(angle)
	return r2.Vec{X: radius * cos, Y: radius * sin}
}

var (
	spiralPoints = between(801, .12, 1, onSpiral)

	// midline runs halfway between the arms of the spiral, 0.3 from each.
	midline = between(200, .12, .5, func(s float64) r2.Vec { return polar(1.25*(s+.25), 4*math.Pi*s) })

	// ground is the disc that the spiral fills, but for a band of 0.15 on each side of it.
	ground = func() (at []r2.Vec) {
		for _, p := range lattice(100) {
			if r2.Norm(p) < 1 && fromSpiral(p) > .15 {
				at = append(at, p)
			}
		}
		return at
	}()
)

// between returns n points at equal steps of the parameter.
func between(n int, lo, hi float64, at func(s float64) r2.Vec) []r2.Vec {
	all := make([]r2.Vec, n)
	for i := range all {
		all[i] = at(lo + (hi-lo)*float64(i)/float64(n-1))
	}
	return all
}

// lattice returns the centres of n×n cells of the box.
func lattice(n int) []r2.Vec {
	all := make([]r2.Vec, n*n)
	for i := range all {
		all[i] = r2.Vec{X: ebm.L * (2*float64(i%n) + 1 - float64(n)) / float64(n), Y: ebm.L * (2*float64(i/n) + 1 - float64(n)) / float64(n)}
	}
	return all
}

func fromSpiral(p r2.Vec) float64 { return fromNearest(p, spiralPoints) }

// fromNearest is the distance of p from the nearest of some points.
func fromNearest(p r2.Vec, all []r2.Vec) float64 {
	d := math.Inf(1)
	for _, q := range all {
		d = min(d, r2.Norm(r2.Sub(p, q)))
	}
	return d
}

// scattered returns n uniform points of the box that satisfy a condition.
func scattered(n int, ok func(p r2.Vec) bool) (at []r2.Vec) {
	rng := rand.New(rand.NewPCG(1, 1))
	for len(at) < n {
		p := r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
		if ok(p) {
			at = append(at, p)
		}
	}
	return at
}

func anywhere(r2.Vec) bool { return true }

// corrupt adds Gaussian noise to points, some times over.
func corrupt(points []r2.Vec, sigma float64, times int) (at []r2.Vec) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range times {
		for _, p := range points {
			at = append(at, r2.Add(p, r2.Scale(sigma, r2.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()})))
		}
	}
	return at
}

// energy returns F at some points.
func (r trainedRun) energy(at ...r2.Vec) []float64 {
	e := make([]float64, len(at))
	r.Model().Energy(e, at)
	return e
}

// reconstruct returns the model's own points for some points.
func (r trainedRun) reconstruct(at []r2.Vec) []r2.Vec {
	out := make([]r2.Vec, len(at))
	r.Model().(ebm.Reconstructer).Reconstruct(out, at)
	return out
}

// marks returns the places of the model's marks.
func (r trainedRun) marks() (at []r2.Vec) {
	for _, m := range r.Model().(ebm.Marker).Marks(nil) {
		at = append(at, m.At)
	}
	return at
}

// low is the share of points that are as low as 95 % of the training points.
func (r trainedRun) low(at []r2.Vec) float64 {
	most := quantile(r.energy(r.Points()...), .95)
	return share(r.energy(at...), func(e float64) bool { return e <= most })
}

func share[T any](all []T, ok func(v T) bool) float64 {
	n := 0
	for _, v := range all {
		if ok(v) {
			n++
		}
	}
	return float64(n) / float64(len(all))
}

// aboveData is how much higher the median energy of some points is than that of the training points.
func (r trainedRun) aboveData(at []r2.Vec) float64 {
	return median(r.energy(at...)) - median(r.energy(r.Points()...))
}
