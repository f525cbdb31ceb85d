package contrastive

import (
	"math"
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

func init() {
	ebm.Register(ebm.Card{
		ID:       "scorematching",
		Title:    "Score matching",
		Family:   ebm.Architectural,
		Strategy: "A4",
		Summary: "At each training point the slope of the energy is made zero and its curvature as large as possible: " +
			"{down|pushed down at the point} and {up|pushed up close around it, on all sides}.",
		Formulas: []ebm.Formula{
			{Label: "Loss", TeX: `L=\Big\langle\tfrac12\Big\lVert\frac{\partial E}{\partial y}\Big\rVert^2-\Delta E(y)\Big\rangle,\quad\Delta E=\frac{\partial^2E}{\partial y_1^2}+\frac{\partial^2E}{\partial y_2^2}`},
			{Label: "Five points", TeX: `\Delta E(y)\approx\frac{\up{\sum_i\big(E(y+he_i)+E(y-he_i)\big)}-\down{4E(y)}}{h^2},\quad h=\knob{h}`},
			{Label: "Sliced", TeX: `L_v=\Big\langle\tfrac12\Big(v\cdot\frac{\partial E}{\partial y}\Big)^2-v^\top\frac{\partial^2E}{\partial y^2}v\Big\rangle,\quad\lVert v\rVert=1,\ \knob{slices}\text{ of them}`},
			{Label: "What it matches", TeX: `L=\tfrac12\Big\langle\Big\lVert\frac{\partial E}{\partial y}+\frac{\partial\log p}{\partial y}\Big\rVert^2\Big\rangle+\text{const},\quad p\text{ blurred by }\knob{smooth}`},
		},
		FailureMode: "On gaussians or rings, where the data lie in separate pieces, each piece gets its valley but their relative depths are not learnt: " +
			"of eight equal clusters one may end up with a third of the probability and another with a thirtieth (model seed 3). " +
			"With relu the network has no curvature of its own, except at kinks, which a gradient does not see: only the Fourier features bend the landscape, and it fits the spiral badly.",
		Misconception: "The method is said to need no pushing up. But curvature requires raising the energy around a point: " +
			"written as differences, every step pushes up at four points for each one it pushes down. All of them are close by, which is why far ground is not learnt.",
		Stages: ebm.Stages{
			ebm.StageUp:   "{up|Push up} close around each point, on all sides, so that the energy curves upwards.",
			ebm.StageDown: "{down|Push down} at the point itself, the bottom of the valley.",
		},
		Source:       "A. Hyvärinen, “Estimation of non-normalized statistical models by score matching”, 2005",
		Data:         "spiral",
		Steps:        2400,
		Scalars:      []string{"loss", "slope", "bend"},
		IsNegLogProb: true,
		Script:       net.EnergyScript,
		New:          func() ebm.Model { return newScoreMatching[float32]() },
		Exact:        func() ebm.Model { return newScoreMatching[float64]() },
	})
}

// How the two derivatives are computed.
const (
	variantFivePoint = "fivepoint" // by differences over a visible distance
	variantExplicit  = "explicit"  // by differences as exact as the arithmetic allows
	variantSliced    = "sliced"    // the same along random directions only
)

// stencil takes derivatives along a line from energies at k = ±1, ±2, … steps of length h:
//
//	E'  ≈ Σ_k first[k-1] (E_k - E_-k) / h
//	E'' ≈ Σ_k second[k-1] (E_k + E_-k - 2 E_0) / h²
type stencil struct{ first, second []float64 }

var (
	// coarseStencil has an error of O(h²): with both axes it is the five-point Laplacian.
	coarseStencil = stencil{[]float64{1. / 2}, []float64{1}}
	// fineStencil is off by O(h⁸).
	fineStencil = stencil{[]float64{4. / 5, -1. / 5, 4. / 105, -1. / 280}, []float64{8. / 5, -1. / 5, 8. / 315, -1. / 560}}
)

// lossScale multiplies the loss for the descent: curvatures of canyons are in the hundreds, and
// the gradient would always be clipped.
const lossScale = .01

// scoreMatching fits the slope of the energy to that of -log p, wherever there are data,
// without knowing p: integrating by parts leaves the data and derivatives of E only.
//
//	L = mean ½ ‖∂E/∂y‖² - ΔE
//
// One sees a canyon whose floor is level and whose walls are steep. All derivatives are
// differences of energies nearby, so the gradient is a weighted sum of ∂E/∂θ at a few
// points around each datum, and these are its pushes: down at the datum, up around it, more
// on the side that is lower. In the five-point variant the distance is visible; in the other
// two the points are as close as rounding allows, and the derivatives are accurate.
//
// The data are blurred a little, or the curvature at the data would grow without bound.
// Neither the energy far from the data is learnt nor the mass of separate pieces.
//
// It counts as architectural, and is in this package because it trains the same network.
//
// A. Hyvärinen, "Estimation of non-normalized statistical models by score matching", 2005;
// Y. Song et al., "Sliced score matching", 2019.
//
// State: that of network.
type scoreMatching[T net.Float] struct {
	energyNet[T]
	variant   string
	h, smooth float64
	slices    int

	centres   []r2.Vec // the blurred batch
	along     []r2.Vec // directions: those of the first datum, of the second, …
	at        []r2.Vec // the points of the first datum's stencil, …; see placePoints
	e, weight []float64

	loss, slope, curvature float64
}

func newScoreMatching[T net.Float]() *scoreMatching[T] {
	m := &scoreMatching[T]{energyNet: newEnergyNet[T](0), variant: variantFivePoint, h: .02, smooth: .03, slices: 1}
	// The second derivative of SiLU changes sign, that of softplus does not: from the same
	// seeds the NLL is 0.4 each time, against 0.4 to 1.5 with SiLU.
	m.Activation = string(net.Softplus)
	return m
}

func (m *scoreMatching[T]) Knobs(k *ebm.Knobs) {
	k.Choice(&m.variant, "variant", `\partial`, []string{variantFivePoint, variantExplicit, variantSliced},
		"fivepoint: slope and curvature from a cross of five points; coarse and fast. explicit: accurate derivatives, slower. sliced: accurate ones along random directions only, as in many dimensions; it takes longer to converge.", ebm.Called("derivatives"))
	k.Float(&m.h, "h", "h", 1e-3, .1,
		"The distance of the points of the cross. Small: nearly the true derivatives. From 0.07 on the points lie beyond the walls of the canyon, whose floor gets uneven; at 0.1 the spiral breaks up.", ebm.OnLog, ebm.Called("reach"), ebm.OnlyFor("variant", variantFivePoint))
	k.Int(&m.slices, "slices", "n_v", 1, 4,
		"Random directions for each point. One: arrows along a line, another one at each step. Four: smoother, and nearly four times the work.", ebm.OnlyFor("variant", variantSliced))
	k.Float(&m.smooth, "smooth", `\sigma_0`, 1e-3, .2,
		"How much the data are blurred first. 0: the floor is less even, and with few points (data.n at 50) there are pits, a hundred deep. Large: the canyon is as wide as the blur, and at 0.2 the arms begin to merge.", ebm.OnLog, ebm.OrZero, ebm.Called("blur"))
	m.Rate(k)
	m.knobs(k)
}

func (m *scoreMatching[T]) Init(data []r2.Vec, rng ebm.Rand) {
	m.begin(m.spec(1), data)
	m.randomise(rng)
}

func (m *scoreMatching[T]) begin(s net.Spec, data []r2.Vec) {
	m.energyNet.begin(s, data)
	m.loss, m.slope, m.curvature = math.NaN(), math.NaN(), math.NaN()
}

func (m *scoreMatching[T]) Step(u *ebm.Update) {
	if len(m.Data) == 0 {
		return
	}
	m.Draw(u.Rand)
	m.scatter(u.Rand)
	s, h := m.stencil()
	m.placePoints(s, h)
	m.runner.Forward(u.For, m.mlp, m.e, m.at)
	m.weigh(s, h)
	m.runner.Backward(u.For, m.mlp, m.Gradient, m.weight)
	m.record(u.Trace, s)
	m.Descend(float64(slices.Index([]string{variantFivePoint, variantExplicit, variantSliced}, m.variant)), m.h, m.smooth, float64(m.slices))
}

// scatter blurs the batch and chooses the directions of the derivatives.
func (m *scoreMatching[T]) scatter(rng ebm.Rand) {
	m.centres = append(m.centres[:0], m.Y...)
	if m.smooth > 0 {
		for i, y := range m.Y {
			m.centres[i] = r2.Add(y, r2.Scale(m.smooth, r2.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()}))
		}
	}
	m.along = m.along[:0]
	for range m.Y {
		if m.variant != variantSliced {
			m.along = append(m.along, r2.Vec{X: 1}, r2.Vec{Y: 1})
			continue
		}
		for range m.slices {
			m.along = append(m.along, r2.Unit(r2.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()}))
		}
	}
}

// stencil returns the one in use and its step. The step of fineStencil balances the errors of
// rounding, ε/h², and of the stencil, h⁸, for energies that change over a tenth or so: 0.002
// in float64 and 0.016 in float32.
func (m *scoreMatching[T]) stencil() (stencil, float64) {
	if m.variant == variantFivePoint {
		return coarseStencil, m.h
	}
	return fineStencil, .08 * math.Pow(epsilon[T](), .1)
}

// epsilon returns the distance from 1 to the next number.
func epsilon[T net.Float]() float64 {
	if one := T(1); one+0x1p-52 != one {
		return 0x1p-52
	}
	return 0x1p-23
}

// placePoints lists the points of each datum: itself, and then, direction after direction, the
// pair at ±h, that at ±2h, ….
func (m *scoreMatching[T]) placePoints(s stencil, h float64) {
	m.at = m.at[:0]
	directions := len(m.along) / len(m.centres)
	for i, y := range m.centres {
		m.at = append(m.at, y)
		for _, v := range m.along[i*directions : (i+1)*directions] {
			for k := range s.first {
				d := r2.Scale(h*float64(k+1), v)
				m.at = append(m.at, r2.Add(y, d), r2.Sub(y, d))
			}
		}
	}
	m.e, m.weight = learn.Resize(m.e, len(m.at)), learn.Resize(m.weight, len(m.at))
}

// weigh computes the loss, and its derivative by the energy at each point.
func (m *scoreMatching[T]) weigh(s stencil, h float64) {
	directions := len(m.along) / len(m.centres)
	scale := 1. // of the sum over directions
	if m.variant == variantSliced {
		scale = 1 / float64(directions)
	}
	each := scale / float64(len(m.centres))
	square, curvature := 0., 0.
	stride := 1 + 2*len(s.first)*directions
	for lo := 0; lo < len(m.at); lo += stride {
		centre := m.e[lo]
		m.weight[lo] = 0
		for arm := lo + 1; arm < lo+stride; arm += 2 * len(s.first) {
			first, second := 0., 0.
			for k := range s.first {
				ahead, behind := m.e[arm+2*k], m.e[arm+2*k+1]
				first += s.first[k] * (ahead - behind) / h
				second += s.second[k] * ((ahead - centre) + (behind - centre)) / (h * h)
			}
			square += each * first * first
			curvature += each * second
			for k := range s.first {
				slope, curve := lossScale*each*first*s.first[k]/h, lossScale*each*s.second[k]/(h*h)
				m.weight[arm+2*k], m.weight[arm+2*k+1] = slope-curve, -slope-curve
				m.weight[lo] += 2 * curve
			}
		}
	}
	m.loss = square/2 - curvature
	whole := 2 / (scale * float64(directions)) // what one direction sees, for both
	m.slope, m.curvature = math.Sqrt(whole*square), whole*curvature
}

// record adds to the trace the pushes, the strongest first: at the data, and then outwards.
func (m *scoreMatching[T]) record(t *ebm.Trace, s stencil) {
	total := 0.
	for _, w := range m.weight {
		total += max(w, 0)
	}
	if total == 0 {
		return
	}
	stride, reach := len(m.at)/len(m.centres), len(s.first)
	push := func(i int) {
		if w, y := m.weight[i]/total, m.centres[i/stride]; w > 0 {
			t.Down(m.at[i], y, w)
		} else if w < 0 {
			t.Up(m.at[i], y, -w)
		}
	}
	for lo := 0; lo < len(m.at); lo += stride {
		push(lo)
	}
	for k := range reach {
		for lo := 0; lo < len(m.at); lo += stride {
			for arm := lo + 1; arm < lo+stride; arm += 2 * reach {
				push(arm + 2*k)
				push(arm + 2*k + 1)
			}
		}
	}
}

// Scalars gives the loss, the root mean square of the slope at the data, and the mean of
// ΔE there. Where the energy is -log p the square of the one is the other.
func (m *scoreMatching[T]) Scalars(dst []float64) {
	dst[0], dst[1], dst[2] = m.loss, m.slope, m.curvature
}
