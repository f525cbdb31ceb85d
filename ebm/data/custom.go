package data

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "custom", Title: "Your own points", Order: 1000, Axes: Plain, Icon: "M6 24c4-12 7-14 10-8s6 4 10-8M24 5l3 3", Hidden: true,
		New: func() Set { return NewCustom(nil) }})
}

// Custom is a dataset of given points. Their distribution is unknown, so fresh samples are
// given points again, each with noise, and there is a density (a kernel density estimate
// with the noise as its bandwidth) only if there is noise.
type Custom struct {
	settings
	given   []r2.Vec
	density mixture
	sigma   float64 // the noise that density was built for
}

// NewCustom returns the dataset of the points, without noise. They must lie in the box
// ([Outside]); those beyond MaxPoints are left out.
func NewCustom(points []r2.Vec) *Custom {
	given := slices.Clone(points[:min(len(points), MaxPoints)])
	return &Custom{settings: settings{n: max(1, len(given)), seed: 1}, given: given}
}

// Knobs declares data.n, which goes up to the number of points given, data.noise and
// data.seed.
func (c *Custom) Knobs(k *ebm.Knobs) { c.declare(k, 1, max(1, len(c.given)), "") }

// Points returns the given points in the order they came in; fewer than all of them are
// a random choice.
func (c *Custom) Points() []r2.Vec {
	rng := c.rng()
	chosen := c.choose(rng)
	points := make([]r2.Vec, len(chosen))
	for i, j := range chosen {
		points[i] = addNoise(c.noise, rng, func() r2.Vec { return c.given[j] })
	}
	return points
}

// Chosen returns which of the given points [Custom.Points] returns.
func (c *Custom) Chosen() []int { return c.choose(c.rng()) }

func (c *Custom) choose(rng *rand.Rand) []int {
	chosen := rng.Perm(len(c.given))[:min(c.n, len(c.given))]
	slices.Sort(chosen)
	return chosen
}

// Outside returns how many points lie outside the box, or are not finite.
func Outside(points []r2.Vec) int {
	n := 0
	for _, y := range points {
		if !(math.Abs(y.X) <= ebm.L && math.Abs(y.Y) <= ebm.L) {
			n++
		}
	}
	return n
}

// Sample draws from the given points, with repetition; without any, uniformly on the box.
func (c *Custom) Sample(dst []r2.Vec, rng ebm.Rand) {
	for i := range dst {
		dst[i] = addNoise(c.noise, rng, func() r2.Vec {
			if len(c.given) == 0 {
				return r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
			}
			return c.given[rng.IntN(len(c.given))]
		})
	}
}

func (c *Custom) LogDensity(dst []float64, at []r2.Vec) {
	if c.sigma != c.noise {
		c.sigma = c.noise
		c.density = newMixture(neighbours(c.given), c.noise)
	}
	c.density.logDensity(dst, at)
}

// neighbours returns the points in strips, up and down in turn, so that those next to
// each other in the list are near each other in the plane.
func neighbours(points []r2.Vec) []r2.Vec {
	width := 2 * ebm.L / max(1, math.Sqrt(float64(len(points))/runLength))
	sorted := slices.Clone(points)
	slices.SortFunc(sorted, func(a, b r2.Vec) int {
		i, j := math.Floor(a.X/width), math.Floor(b.X/width)
		if i != j {
			return cmp.Compare(i, j)
		}
		return cmp.Compare(a.Y, b.Y)
	})
	return sorted
}
