package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/spatial/r2"
)

// partition is an energy network that maximises the likelihood, with some points representing
// the whole range of y. A point represents 1/q of the range, where q is the density of the
// points:
//
//	Z ≈ (1/n) Σ_i e^{-βE(y_i)} / q(y_i)
//	L = mean E(y) + (1/β) log Z
//	∂L/∂θ = mean ∂E(y)/∂θ - Σ_i P_i ∂E(y_i)/∂θ,  P_i ∝ e^{-βE(y_i)} / q(y_i)
//
// The points may lie in columns of equal length, each with a Z of its own; log Z is then
// the mean over the columns, and so is the push up.
type partition[T net.Float] struct {
	energyNet[T]
	beta float64

	e []float64 // at each point: the energy,
	p []float64 // -log q before contrast, P (over the number of columns) after it,
	w []float64 // and the weight in the gradient

	scratch []T // for exponentials

	loss, gap, logZ float64
}

func (m *partition[T]) begin(s net.Spec, data []r2.Vec) {
	m.energyNet.begin(s, data)
	m.loss, m.gap, m.logZ = math.NaN(), math.NaN(), math.NaN()
}

// Beta returns the β of the density: see [ebm.Gibbs].
func (m *partition[T]) Beta() float64 { return m.beta }

// setUniform sets q to the density of n points spread evenly over a range of that size.
func (m *partition[T]) setUniform(n int, size float64) {
	m.p = learn.Resize(m.p, n)
	logSize := math.Log(size)
	for i := range m.p {
		m.p[i] = logSize
	}
}

// contrast computes the loss and its gradient, with the batch pushed down and the points
// pushed up. Points with -log q = -∞ have no weight.
func (m *partition[T]) contrast(f ebm.For, at []r2.Vec, columns int) {
	n := len(at)
	m.e, m.w = learn.Resize(m.e, n), learn.Resize(m.w, n)
	m.runner.Forward(f, m.mlp, m.e, at)
	counted := 0
	for _, q := range m.p {
		if !math.IsInf(q, -1) {
			counted++
		}
	}

	m.logZ = 0
	share := 1 / float64(counted)
	upper, upperSquare := 0., 0.
	for lo := 0; lo < n; lo += n / columns {
		p, w := m.p[lo:lo+n/columns], m.w[lo:lo+n/columns]
		for i, e := range m.e[lo : lo+len(p)] {
			if w[i] = 0; math.IsInf(p[i], -1) {
				continue
			}
			p[i] -= m.beta * e
			w[i] = 2 * m.r * e * share
			upper += e * share
			upperSquare += e * e * share
		}
		m.logZ += (softmax(p, &m.scratch) - math.Log(float64(len(p)))) / float64(columns)
		for i := range p {
			p[i] /= float64(columns)
			w[i] -= flushTiny(p[i])
		}
	}
	m.runner.Backward(f, m.mlp, m.Gradient, m.w)

	lower, lowerSquare := m.push(f, down, m.Y)
	m.loss = lower + m.logZ/m.beta + m.r*(lowerSquare+upperSquare)
	m.gap = upper - lower
}

// softmax turns logarithms of weights into weights that add up to 1, and returns the logarithm
// of their sum. scratch is memory for as many numbers of T.
func softmax[T net.Float](x []float64, scratch *[]T) (logSum float64) {
	largest, sum := floats.Max(x), 0.
	*scratch = learn.Resize(*scratch, (len(x)+net.Block-1)/net.Block*net.Block)
	e := *scratch
	for i, v := range x {
		e[i] = T(v - largest)
	}
	clear(e[len(x):])
	net.Exp(e)
	for i, v := range e[:len(x)] {
		x[i] = float64(v)
		sum += x[i]
	}
	floats.Scale(1/sum, x)
	return largest + math.Log(sum)
}

// represent calls show for points that represent 1/count of the probability each, by
// systematic sampling, with the share of each.
func represent(p []float64, count float64, show func(i int, p float64)) {
	sum, shown := 0., 0.
	for i, p := range p {
		sum += p
		if mass := math.Floor(sum*count+.5) - shown; mass > 0 {
			shown += mass
			show(i, mass/count)
		}
	}
}

// flushTiny returns a weight, one of many that add up to about 1, or 0 if it is negligible.
// High on a hill a weight is e^-100; the backward pass would turn it into denormal float32
// numbers, which take many times as long to compute with.
func flushTiny[T net.Float](weight T) T {
	if weight < 1e-20 {
		return 0
	}
	return weight
}
