package contrastive

import (
	"math"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// bias compares the gradient of a method that pushes up at a few places with the exact
// gradient of the likelihood. In the plane the exact one is a sum over a grid:
//
//	g  = mean ∂E(y⁺)/∂θ - mean ∂E(y⁻)/∂θ
//	g* = mean ∂E(y⁺)/∂θ - Σ_i P_i ∂E(y_i)/∂θ,  P ∝ e^{-βE}
//
// y⁺ is the same batch in both, without the regulariser. Averages over the last two hundred
// steps or so reduce the noise: what is left is bias.
//
// State: "bias.sampled" and "bias.exact" [parameters], both averages.
type bias[T net.Float] struct {
	sampled, exact []T // running averages of g and g*
	down, up       []T // the two parts of the current gradient
	grid           []r2.Vec
	e, p           []float64
	equal          []float64
	scratch        []T

	cosine float64 // of the angle between g and g*: 1 is the right direction
	length float64 // |g| / |g*|
}

const (
	biasStride = 10  // steps from one comparison to the next
	biasKept   = .95 // of the averages, at each comparison
	biasGrid   = 40  // cells along each side
)

func (b *bias[T]) begin(params int) {
	b.sampled, b.exact, b.down, b.up = make([]T, params), make([]T, params), make([]T, params), make([]T, params)
	if b.grid == nil {
		const h = 2 * ebm.L / biasGrid
		for i := range biasGrid * biasGrid {
			b.grid = append(b.grid, r2.Vec{X: -ebm.L + h*(float64(i%biasGrid)+.5), Y: -ebm.L + h*(float64(i/biasGrid)+.5)})
		}
		b.e, b.p = make([]float64, len(b.grid)), make([]float64, len(b.grid))
	}
	b.cosine, b.length = math.NaN(), math.NaN()
}

// compare updates the averages every biasStride steps: the step pushes down at the network's
// batch, and up at the given points with weights that add up to 1 (nil: equal ones).
func (b *bias[T]) compare(f ebm.For, n *network[T], up []r2.Vec, weights []float64, beta float64) {
	if n.ScheduleStep()%biasStride != 0 {
		return
	}
	clear(b.down)
	n.runner.AccumulateFixed(f, n.mlp, b.down, n.Y, b.share(len(n.Y)))

	n.runner.Forward(f, n.mlp, b.e, b.grid)
	for i, e := range b.e {
		b.p[i] = -beta * e
	}
	softmax(b.p, &b.scratch)
	for i, p := range b.p {
		b.p[i] = flushTiny(p)
	}
	clear(b.up)
	n.runner.Backward(f, n.mlp, b.up, b.p)
	b.average(b.exact)

	if weights == nil {
		weights = b.share(len(up))
	}
	clear(b.up)
	n.runner.AccumulateFixed(f, n.mlp, b.up, up, weights)
	b.average(b.sampled)
	b.angle()
}

// share returns n equal weights that add up to 1.
func (b *bias[T]) share(n int) []float64 {
	b.equal = learn.Resize(b.equal, n)
	for i := range b.equal {
		b.equal[i] = 1 / float64(n)
	}
	return b.equal
}

// average moves a running average towards the current gradient.
func (b *bias[T]) average(to []T) {
	for i, up := range b.up {
		to[i] = biasKept*to[i] + (1-biasKept)*(b.down[i]-up)
	}
}

func (b *bias[T]) angle() {
	dot, gg, ee := 0., 0., 0.
	for i, g := range b.sampled {
		e := float64(b.exact[i])
		dot += float64(g) * e
		gg += float64(g) * float64(g)
		ee += e * e
	}
	b.cosine, b.length = math.NaN(), math.NaN()
	if ee > 0 {
		b.length = math.Sqrt(gg / ee)
	}
	if gg > 0 && ee > 0 {
		b.cosine = dot / math.Sqrt(gg*ee)
	}
}

// tensors adds the averages to the training state.
func (b *bias[T]) tensors(train map[string]ebm.Tensor) {
	for name, part := range map[string][]T{"bias.sampled": b.sampled, "bias.exact": b.exact} {
		values := make([]float64, len(part))
		for i, v := range part {
			values[i] = float64(v)
		}
		train[name] = ebm.Tensor{Shape: []int{len(part)}, Values: values}
	}
}

// fetch reads the tensors; apply sets the averages. Without Train they are 0.
func (b *bias[T]) fetch(s ebm.State) (apply func(), err error) {
	fresh := [2][]float64{make([]float64, len(b.sampled)), make([]float64, len(b.exact))}
	if len(s.Train) > 0 {
		for i, name := range []string{"bias.sampled", "bias.exact"} {
			t, err := ebm.Fetch(s.Train, name, len(b.sampled))
			if err != nil {
				return nil, err
			}
			fresh[i] = t.Values
		}
	}
	return func() {
		for i := range b.sampled {
			b.sampled[i], b.exact[i] = T(fresh[0][i]), T(fresh[1][i])
		}
		b.angle()
	}, nil
}
