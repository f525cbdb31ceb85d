package data

import (
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

// Custom is a dataset of given points. Their distribution is not known, so there is no density,
// and fresh samples are given points again. To measure a model on points that it was not trained
// on, a part of the points is held out instead: see Held.
//
// With noise, each point that is used is a given one with noise added. The density still is not
// known: a mixture of normal densities around the given points would be an estimate of it, with
// the noise as its bandwidth, and a model that reaches its likelihood has only memorised the given
// points.
type Custom struct {
	settings
	given []r2.Vec
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
// a random choice. Those that Held names are among them.
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

// Points are held out where at least so many different ones are used, and at least so many
// different ones are held out.
const (
	leastDistinct = 100
	leastHeld     = 5
)

// heldShare is the share of the points that is held out.
const heldShare = 0.2

// Held returns which of Points are held out from training, by their indices in increasing order:
// about a fifth. Whether a point is among them depends on its given coordinates alone, so that
// further points change nothing for those that are there, and equal points stay together. There
// are none if fewer than 100 different points are used, or if equal points are so many that fewer
// than five different ones, or more than half of all, would be held out.
func (c *Custom) Held() []int {
	distinct, distinctHeld := map[r2.Vec]bool{}, 0
	var held []int
	chosen := c.Chosen()
	for i, j := range chosen {
		y := c.given[j]
		isHeld := holdOut(y)
		if !distinct[y] && isHeld {
			distinctHeld++
		}
		distinct[y] = true
		if isHeld {
			held = append(held, i)
		}
	}
	if len(distinct) < leastDistinct || distinctHeld < leastHeld || 2*len(held) > len(chosen) {
		return nil
	}
	return held
}

// holdOut reports whether a point is held out: whether its hash is below a threshold.
func holdOut(y r2.Vec) bool {
	h := scramble(scramble(math.Float64bits(y.X+0)) + math.Float64bits(y.Y+0)) // -0 + 0 is 0
	return float64(h)/(1<<64) < heldShare
}

// scramble is the finalizer of SplitMix64: every bit of the result depends on every bit of h.
//
// G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", 2014.
func scramble(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
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

// Sample draws from the given points, with repetition, each with noise; without any, uniformly on
// the box.
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

// LogDensity writes NaN: the density is not known.
func (c *Custom) LogDensity(dst []float64, _ []r2.Vec) {
	for i := range dst {
		dst[i] = math.NaN()
	}
}
