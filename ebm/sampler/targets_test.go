package sampler

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// plane is an energy written down as a formula, with its gradient.
type plane struct {
	name string
	at   func(y r2.Vec) (e float64, g r2.Vec)
	from r2.Vec  // where chains begin: not where most of the density is
	size float64 // a suitable step for RandomWalk; those of the others follow from it

	exact []statistic // what is known of its Gibbs density
}

func (p *plane) EnergyGrad(e []float64, g, at []r2.Vec) {
	for i, y := range at {
		e[i], g[i] = p.at(y)
	}
}

// cold is the inverse temperature of all these tests: not 1, where a missing β would
// not be noticed.
const cold = 2

var planes = sync.OnceValue(func() []*plane {
	all := []*plane{
		{"Gaussian", func(y r2.Vec) (float64, r2.Vec) {
			a, b := y.X-.3, y.Y+.2
			return 4*a*a - 6*a*b + 6*b*b, r2.Vec{X: 8*a - 6*b, Y: -6*a + 12*b}
		}, r2.Vec{X: -.2}, .4, nil},
		{"ring", func(y r2.Vec) (float64, r2.Vec) {
			d := r2.Norm2(y) - .8
			return 4 * d * d, r2.Scale(16*d, y)
		}, r2.Vec{X: .8}, .4, nil},
		{"banana", func(y r2.Vec) (float64, r2.Vec) {
			d := y.Y - 1.2*y.X*y.X + .5
			return y.X*y.X + 8*d*d, r2.Vec{X: 2*y.X - 38.4*y.X*d, Y: 16 * d}
		}, r2.Vec{Y: -.5}, .25, nil},
		{"double well", func(y r2.Vec) (float64, r2.Vec) {
			d := y.X*y.X - .5
			return 5*d*d + .3*y.X + 3*y.Y*y.Y, r2.Vec{X: 20*y.X*d + .3, Y: 6 * y.Y}
		}, r2.Vec{X: .7}, .4, nil},
		{"slope", func(y r2.Vec) (float64, r2.Vec) { // leans into a corner
			return 2*y.X - y.Y, r2.Vec{X: 2, Y: -1}
		}, r2.Vec{}, .5, nil},
	}
	for _, p := range all {
		p.exact = p.statistics()
	}
	return all
})

// named returns the target of that name.
func named(name string) *plane {
	all := planes()
	return all[slices.IndexFunc(all, func(p *plane) bool { return p.name == name })]
}

// statistic is the mean of some function of y over the Gibbs density, and the standard
// deviation of that function: of a mean over n independent y it is √n times less.
type statistic struct {
	name     string
	f        func(y r2.Vec) float64
	mean, sd float64
}

// statistics returns what is exactly known of a target, by sums over a fine grid: mean,
// covariance, and how much lies beyond two quantiles.
func (p *plane) statistics() []statistic {
	const g, h = 400, 2 * ebm.L / 400
	at, weight, energy := make([]r2.Vec, g*g), make([]float64, g*g), make([]float64, g*g)
	total := 0.
	for i := range at {
		at[i] = r2.Vec{X: -ebm.L + h*(float64(i%g)+.5), Y: -ebm.L + h*(float64(i/g)+.5)}
		energy[i], _ = p.at(at[i])
		weight[i] = math.Exp(-cold * energy[i])
		total += weight[i]
	}
	mean := func(f func(y r2.Vec) float64) (m float64) {
		for i, y := range at {
			m += weight[i] / total * f(y)
		}
		return m
	}
	x := func(y r2.Vec) float64 { return y.X }
	y := func(y r2.Vec) float64 { return y.Y }
	e := func(y r2.Vec) float64 { e, _ := p.at(y); return e }
	mx, my := mean(x), mean(y)

	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	quantile := func(of func(i int) float64, share float64) float64 {
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(of(a), of(b)) })
		sum, i := 0., -1
		for sum < share*total {
			i++
			sum += weight[order[i]]
		}
		return of(order[i])
	}
	beyond := func(f func(y r2.Vec) float64, threshold float64) func(y r2.Vec) float64 {
		return func(y r2.Vec) float64 {
			if f(y) > threshold {
				return 1
			}
			return 0
		}
	}
	q1 := quantile(func(i int) float64 { return at[i].X }, .75) + h/2
	qe := quantile(func(i int) float64 { return energy[i] }, .8)
	all := []statistic{
		{name: "mean of y1", f: x},
		{name: "mean of y2", f: y},
		{name: "variance of y1", f: func(y r2.Vec) float64 { return (y.X - mx) * (y.X - mx) }},
		{name: "variance of y2", f: func(y r2.Vec) float64 { return (y.Y - my) * (y.Y - my) }},
		{name: "covariance", f: func(y r2.Vec) float64 { return (y.X - mx) * (y.Y - my) }},
		{name: "share beyond the upper quartile of y1", f: beyond(x, q1)},
		{name: "share beyond the 80% quantile of E", f: beyond(e, qe)},
	}
	for i := range all {
		s := &all[i]
		s.mean = mean(s.f)
		s.sd = math.Sqrt(mean(func(y r2.Vec) float64 { d := s.f(y) - s.mean; return d * d }))
	}
	return all
}

// draw returns n independent points of the Gibbs density on the box: uniform ones, kept in
// proportion to it.
func (p *plane) draw(n int, rng *rand.Rand) []r2.Vec {
	lowest := math.Inf(1)
	for i := range 100 * 100 {
		e, _ := p.at(r2.Vec{X: -ebm.L + .03*(float64(i%100)+.5), Y: -ebm.L + .03*(float64(i/100)+.5)})
		lowest = min(lowest, e)
	}
	lowest -= .1 // the grid may miss the bottom
	var out []r2.Vec
	for len(out) < n {
		y := r2.Vec{X: ebm.L * (2*rng.Float64() - 1), Y: ebm.L * (2*rng.Float64() - 1)}
		if e, _ := p.at(y); rng.Float64() < math.Exp(-cold*(e-lowest)) {
			out = append(out, y)
		}
	}
	return out
}

// settings returns settings with which the kernel gets about on the target.
func (p *plane) settings(k Kernel) Settings {
	s := Settings{Size: p.size, Beta: cold, Clip: math.Inf(1), Leaps: 5}
	switch k.Traits().Name {
	case NameMALA, NameULA:
		s.Size = p.size * p.size / 4
	case NameHMC:
		s.Size = p.size / 2
	}
	return s
}
