package data

import (
	"math"
	"slices"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "horn", Title: "Horn", Order: 140,
		Axes: Axes{Scale: [2]float64{1 / hornScale, 1 / hornScale}},
		Icon: hornIcon(),
		New:  func() Set { return &horn{settings: settings{n: 1000, seed: 1}} }})
}

// hornScale brings the wide end, 2e² = 14.78 high, to 1.3.
const hornScale = 1.3 / (2 * math.E * math.E)

// horn is a family of ellipses, the cross-sections of a horn: x is the position on its
// axis, from the narrow end at 0 to the wide one at 1. The ellipses grow exponentially, so
// that with x left out the points form a ring around a hole, dense inside and sparse
// outside:
//
//	y = s (ρ1(x) cos θ, ρ2(x) sin θ) + σ ε,  x ~ U(0, 1),  θ ~ U(0, 2π),  ε ~ N(0, I)
//	ρ1 = (1.5 x + 2 (1-x)) e^{2x},  ρ2 = (2 x + 1.5 (1-x)) e^{2x},  s = 1.3/2e²
//
// given that y lies in B. The noise of the source, 1/20 before scaling, is left out.
//
// Source: A. Canziani, Inference for latent variable energy-based models, practicum of
// Deep Learning, New York University, 2020.
type horn struct {
	settings
	density mixture
	sigma   float64 // the noise that density was built for
}

// hornAxes returns the half axes at x and their derivatives, in the units of the source.
func hornAxes(x float64) (rho, slope r2.Vec) {
	e := math.Exp(2 * x)
	rho = r2.Vec{X: (2 - 0.5*x) * e, Y: (1.5 + 0.5*x) * e}
	return rho, r2.Vec{X: 2*rho.X - 0.5*e, Y: 2*rho.Y + 0.5*e}
}

func (h *horn) Knobs(k *ebm.Knobs) {
	h.declare(k, 10, MaxPoints, "How far the points lie from their ellipse: a sharp rim and an empty hole, or one blob")
}

func (h *horn) Points() []r2.Vec { return h.draw(h.Sample) }

func (h *horn) Sample(dst []r2.Vec, rng ebm.Rand) {
	for i := range dst {
		dst[i] = addNoise(h.noise, rng, func() r2.Vec {
			rho, _ := hornAxes(rng.Float64())
			sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
			return r2.Scale(hornScale, r2.Vec{X: rho.X * cos, Y: rho.Y * sin})
		})
	}
}

// LogDensity is exact without noise, and a sum of Gaussians with it; NaN where the noise
// is so small that too many would be needed, below 0.0148.
func (h *horn) LogDensity(dst []float64, at []r2.Vec) {
	if h.noise == 0 {
		for i, y := range at {
			dst[i] = hornLogAt(r2.Scale(1/hornScale, y)) - 2*math.Log(hornScale)
		}
		return
	}
	if h.sigma != h.noise {
		h.sigma = h.noise
		h.density = h.mixture()
	}
	h.density.logDensity(dst, at)
}

// hornLogAt is the density without noise, for y in the units of the source. The ellipses
// do not cross, so y lies on a single one, and the density there is that of (x, θ),
// divided by how much area they sweep:
//
//	p(y) = 1 / 2π(ρ1' ρ2 cos² θ + ρ1 ρ2' sin² θ)
//
// Newton's method finds x: q is 1 on the ellipse through y, and log q nearly a straight
// line, so a few steps reach the last digit.
func hornLogAt(y r2.Vec) float64 {
	q := func(x float64) (value, slope float64) {
		rho, d := hornAxes(x)
		cos2, sin2 := (y.X/rho.X)*(y.X/rho.X), (y.Y/rho.Y)*(y.Y/rho.Y)
		return cos2 + sin2, -2 * (cos2*d.X/rho.X + sin2*d.Y/rho.Y)
	}
	narrow, _ := q(0)
	wide, _ := q(1)
	if narrow < 1 || wide > 1 {
		return math.Inf(-1)
	}
	x := math.Log(narrow) / math.Log(narrow/wide)
	for range 5 {
		value, slope := q(x)
		x -= math.Log(value) * value / slope
	}
	rho, d := hornAxes(x)
	cos, sin := y.X/rho.X, y.Y/rho.Y
	return -math.Log(2 * math.Pi * (d.X*rho.Y*cos*cos + rho.X*d.Y*sin*sin))
}

// hornStep is the least distance of the Gaussians that stand for a horn with noise: some
// 19,000 of them, or a tenth of a second for 10,000 points.
const hornStep = 0.0222

// mixture places Gaussians on ellipses, σ apart, or hornStep if that is more. Up to 1.5 σ
// their sum is smooth to a thousandth of itself; beyond there is none. Those of an ellipse
// are at even θ, the ellipses at the nodes of Gauss and Legendre in v = e^{2x}, in which
// the horn grows evenly. They are listed sector by sector, so that neighbours in the list
// are neighbours in the plane.
func (h *horn) mixture() mixture {
	if hornStep > 1.5*h.noise {
		return mixture{}
	}
	step := max(h.noise, hornStep) / hornScale
	widest, _ := hornAxes(1)
	rings := max(12, int(math.Ceil(math.Pi/2*widest.Y/step)))
	v, weight := make([]float64, rings), make([]float64, rings)
	quad.Legendre{}.FixedLocations(v, weight, 1, math.E*math.E)
	axes, nodes := make([]r2.Vec, rings), make([]int, rings)
	for i := range v {
		axes[i], _ = hornAxes(math.Log(v[i]) / 2)
		nodes[i] = max(12, int(math.Ceil(2*math.Pi*max(axes[i].X, axes[i].Y)/step)))
	}
	var centres []r2.Vec
	var weights []float64
	sectors := slices.Max(nodes) / 5
	for s := range sectors {
		for i, n := range nodes {
			for j := s * n / sectors; j < (s+1)*n/sectors; j++ {
				sin, cos := math.Sincos(2 * math.Pi * (float64(j) + 0.5) / float64(n))
				centres = append(centres, r2.Scale(hornScale, r2.Vec{X: axes[i].X * cos, Y: axes[i].Y * sin}))
				weights = append(weights, weight[i]/v[i]/float64(n))
			}
		}
	}
	return newWeighted(centres, weights, h.noise)
}

// hornIcon shows four of the ellipses.
func hornIcon() string {
	return lineIcon(func(u float64) r2.Vec {
		place, turn := math.Modf(4 * u)
		rho, _ := hornAxes(place / 3)
		sin, cos := math.Sincos(2 * math.Pi * turn)
		return r2.Scale(hornScale, r2.Vec{X: rho.X * cos, Y: rho.Y * sin})
	}, 0, 1./4, 2./4, 3./4, 1)
}
