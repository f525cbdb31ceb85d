package data

import (
	"math"

	"ebmviz/ebm"

	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	Register(Card{ID: "pinwheel", Title: "Pinwheel", Order: 90, Axes: Plain, Icon: pinwheelIcon(),
		New: func() Set { return &pinwheel{settings: settings{n: 1000, noise: 0.07, seed: 1}} }})
}

// The arms of a pinwheel.
const (
	arms       = 5
	armMiddle  = 0.75 // distance of their middles from the centre
	armSpread  = 0.22 // standard deviation along an arm
	armTwist   = 1.3  // how far an arm turns, radians per unit of distance
	armPortion = 2 * math.Pi / arms
)

// pinwheel is five elongated Gaussians, arranged like spokes and rotated by an angle that
// grows with the radius:
//
//	y = R(2πk/5 + 1.3 ‖v‖) v,  v = (0.75 + 0.22 ε1, σ ε2),  ε ~ N(0, I),  k = 0 … 4
//
// given that y lies in B. The noise σ is the spread across an arm. How far a point is
// rotated depends on its radius alone, so the rotation keeps areas, and the density is known
// exactly: that of the Gaussians at the point rotated back.
//
// Source: M. J. Johnson et al., Composing graphical models with neural networks for
// structured representations and fast inference, 2016.
type pinwheel struct {
	settings
	sigma float64 // the noise that norm was computed for
	norm  float64 // log of what stands before Σ exp
}

func (p *pinwheel) Knobs(k *ebm.Knobs) {
	p.declare(k, 10, MaxPoints, "How far the points stray to the sides of their arm: thin blades, or a broad flower")
}

func (p *pinwheel) Points() []r2.Vec { return p.draw(p.Sample) }

func (p *pinwheel) Sample(dst []r2.Vec, rng ebm.Rand) {
	for i := range dst {
		for {
			k := rng.IntN(arms)
			v := r2.Vec{X: armMiddle + armSpread*rng.NormFloat64(), Y: p.noise * rng.NormFloat64()}
			dst[i] = turned(v, armPortion*float64(k)+armTwist*r2.Norm(v))
			if inBox(dst[i]) {
				break
			}
		}
	}
}

func turned(v r2.Vec, angle float64) r2.Vec { return r2.Rotate(v, angle, r2.Vec{}) }

func (p *pinwheel) LogDensity(dst []float64, at []r2.Vec) {
	if p.sigma != p.noise {
		p.sigma = p.noise
		p.norm = -math.Log(arms * 2 * math.Pi * armSpread * p.noise * (1 - p.outside()))
	}
	for i, y := range at {
		dst[i] = math.NaN()
		if p.noise > 0 {
			dst[i] = p.logAt(y)
		}
	}
}

// logAt adds up the five terms relative to the largest, so that none overflows.
func (p *pinwheel) logAt(y r2.Vec) float64 {
	var terms [arms]float64
	most := math.Inf(-1)
	back := -armTwist * r2.Norm(y)
	for k := range terms {
		v := turned(y, back-armPortion*float64(k))
		along, across := (v.X-armMiddle)/armSpread, v.Y/p.noise
		terms[k] = -(along*along + across*across) / 2
		most = max(most, terms[k])
	}
	if math.IsInf(most, -1) {
		return most
	}
	sum := 0.0
	for _, term := range terms {
		sum += math.Exp(term - most)
	}
	return p.norm + most + math.Log(sum)
}

// outside returns the mass of the five that lies outside the box, 1e-4 where the arms are
// narrow: a sum over a lattice of ε that reaches 6 standard deviations.
func (p *pinwheel) outside() float64 {
	const side, reach = 200, 6.0
	out, all := 0.0, 0.0
	for i := range side * side {
		a, b := reach*(2*(float64(i%side)+0.5)/side-1), reach*(2*(float64(i/side)+0.5)/side-1)
		w := math.Exp(-(a*a + b*b) / 2)
		all += w
		v := r2.Vec{X: armMiddle + armSpread*a, Y: p.noise * b}
		if r2.Norm(v) <= ebm.L {
			continue
		}
		for k := range arms {
			if !inBox(turned(v, armPortion*float64(k)+armTwist*r2.Norm(v))) {
				out += w / arms
			}
		}
	}
	return out / all
}

// pinwheelIcon shows the middle of each arm.
func pinwheelIcon() string {
	return lineIcon(func(u float64) r2.Vec {
		arm, r := math.Modf(arms * u)
		r = 0.3 + 0.9*r
		sin, cos := math.Sincos(arm*armPortion + armTwist*r)
		return r2.Vec{X: r * cos, Y: r * sin}
	}, 0, 1./5, 2./5, 3./5, 4./5, 1)
}
