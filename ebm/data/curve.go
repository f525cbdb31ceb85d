package data

import (
	"math"
	"math/rand/v2"
	"slices"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

// settings are the three knobs that every dataset has.
type settings struct {
	n     int     // number of training points
	noise float64 // standard deviation of the Gaussian noise, in units of the box
	seed  int
}

// declare declares the three, with n from least to most. Where noise means something else
// than scatter, noiseHelp says what one will see; otherwise it is empty.
func (s *settings) declare(k *ebm.Knobs, least, most int, noiseHelp string) {
	if noiseHelp == "" {
		noiseHelp = "How far the points scatter: a thin line, or a broad cloud"
	}
	k.Int(&s.n, "data.n", "n", least, most, "How many points there are to learn from", ebm.OnLog, ebm.Restarts, ebm.Called("points"))
	k.Float(&s.noise, "data.noise", `\sigma_y`, 0, 0.3, noiseHelp, ebm.Restarts, ebm.Called("noise"))
	k.Int(&s.seed, "data.seed", `\text{seed}`, 0, 999_999, "Another number draws other points of the same kind", ebm.Restarts, ebm.Called("draw"))
}

// rng returns the generator that draws the training points. Its stream belongs to this
// package, so that no test set is drawn from the same numbers.
func (s *settings) rng() *rand.Rand { return rand.New(rand.NewPCG(uint64(s.seed), 0xda7a)) }

// draw returns the training points of a set whose Sample is given.
func (s *settings) draw(sample func(dst []r2.Vec, rng ebm.Rand)) []r2.Vec {
	points := make([]r2.Vec, s.n)
	sample(points, s.rng())
	return points
}

// curve is Gaussian noise around a skeleton, cut off at the edges of the box:
//
//	y = skeleton(u) + σ ε,  u ~ U(0, 1),  ε ~ N(0, I),  given that y lies in B
type curve struct {
	settings
	skeleton func(u float64) r2.Vec
	centres  int // how many points the skeleton has, 0 if it is a line
	density  mixture
	sigma    float64 // the noise that density was built for
}

// newCurve returns a curve of 1000 points.
func newCurve(noise float64, skeleton func(u float64) r2.Vec) *curve {
	return &curve{settings: settings{n: 1000, noise: noise, seed: 1}, skeleton: skeleton}
}

func (c *curve) Knobs(k *ebm.Knobs) { c.declare(k, 10, MaxPoints, "") }

func (c *curve) Points() []r2.Vec { return c.draw(c.Sample) }

func (c *curve) Sample(dst []r2.Vec, rng ebm.Rand) {
	for i := range dst {
		dst[i] = addNoise(c.noise, rng, func() r2.Vec { return c.skeleton(rng.Float64()) })
	}
}

// addNoise returns a point of the box: one of the skeleton plus noise. Random numbers are
// drawn even if the noise is 0, so that changing the noise moves the points and does not
// shuffle them.
func addNoise(noise float64, rng ebm.Rand, draw func() r2.Vec) r2.Vec {
	for {
		y := draw()
		y.X += noise * rng.NormFloat64()
		y.Y += noise * rng.NormFloat64()
		if noise == 0 || inBox(y) {
			return y
		}
	}
}

func inBox(y r2.Vec) bool { return math.Abs(y.X) <= ebm.L && math.Abs(y.Y) <= ebm.L }

func (c *curve) LogDensity(dst []float64, at []r2.Vec) {
	c.build()
	c.density.logDensity(dst, at)
}

func (c *curve) Distance(dst []float64, at []r2.Vec) {
	c.build()
	c.density.distance(dst, at)
}

// The number of nodes along a curve: more where the noise is so small that gaps would show.
const (
	fewestNodes = 1500
	mostNodes   = 24_000
)

// build places the Gaussians at the middles of quantiles of equal mass, u = (i+½)/M.
// Their sum is smooth to 1e-8 as long as neighbours are no farther apart than σ.
func (c *curve) build() {
	if c.sigma == c.noise {
		return
	}
	c.sigma = c.noise
	if c.centres > 0 {
		c.density = newMixture(quantiles(c.skeleton, c.centres), c.noise)
		return
	}
	nodes := quantiles(c.skeleton, fewestNodes)
	for gap(nodes) > c.noise && 2*len(nodes) <= mostNodes {
		nodes = quantiles(c.skeleton, 2*len(nodes))
	}
	if gap(nodes) > c.noise {
		nodes = nil // a sum of so narrow Gaussians does not approximate the curve
	}
	c.density = newMixture(nodes, c.noise)
}

func quantiles(skeleton func(u float64) r2.Vec, m int) []r2.Vec {
	at := make([]r2.Vec, m)
	for i := range at {
		at[i] = skeleton((float64(i) + 0.5) / float64(m))
	}
	return at
}

// gap returns the distance of neighbouring nodes that all but 1 % stay below: the rest
// are jumps from one piece of the curve to the next.
func gap(nodes []r2.Vec) float64 {
	gaps := make([]float64, len(nodes)-1)
	for i := range gaps {
		gaps[i] = r2.Norm(r2.Sub(nodes[i+1], nodes[i]))
	}
	slices.Sort(gaps)
	return gaps[len(gaps)*99/100]
}
