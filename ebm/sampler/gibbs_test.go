package sampler

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// limit is how many standard errors are allowed for. Seeds are fixed, so it is for
// those who change a seed that it is wide.
const limit = 4

// visits runs many independent chains until they are independent of their starts, and returns which statistic
// of where they are is the worst, and how many standard errors it is off. Each chain
// counts once, so the standard error is not too small.
func visits(k Kernel, p *plane) (what string, z float64) {
	const n, steps = 2500, 250
	starts := make([]r2.Vec, n)
	for i := range starts {
		starts[i] = p.from
	}
	c := NewChains(k, p, starts)
	c.Settings = p.settings(k)
	c.Run(steps, rand.New(rand.NewPCG(11, 12)))
	return worst(c.Y, p.exact)
}

// worst returns which of the statistics fits the points least, and by how many standard
// errors.
func worst(at []r2.Vec, all []statistic) (what string, z float64) {
	for _, s := range all {
		mean := 0.
		for _, y := range at {
			mean += s.f(y) / float64(len(at))
		}
		if off := math.Abs(mean-s.mean) / s.sd * math.Sqrt(float64(len(at))); off >= z {
			what, z = s.name, off
		}
	}
	return what, z
}

// imbalance draws points of the Gibbs density itself, lets each make one step and counts
// those that went from one cell of the plane to another and those that went the other
// way. In detailed balance both are equally likely, so that each pair of cells adds a
// number of mean 1 and variance at most 2 to χ². It returns how many standard errors χ²
// is too large.
func imbalance(k Kernel, p *plane) float64 {
	const n, side = 40000, 6
	rng := rand.New(rand.NewPCG(13, 14))
	cell := func(y r2.Vec) int {
		part := func(v float64) int { return min(max(int(side*(v/3+.5)), 0), side-1) }
		return part(y.X) + side*part(y.Y)
	}
	from := p.draw(n, rng)
	c := NewChains(k, p, from)
	c.Settings = p.settings(k)
	c.Run(1, rng)
	var went [side * side][side * side]float64
	for i, y := range c.Y {
		went[cell(from[i])][cell(y)]++
	}
	chi2, pairs := 0., 0.
	for a := range went {
		for b := range a {
			if there, back := went[a][b], went[b][a]; there+back > 0 {
				chi2 += (there - back) * (there - back) / (there + back)
				pairs++
			}
		}
	}
	return (chi2 - pairs) / math.Sqrt(2*pairs)
}

var exact = []string{NameRandomWalk, NameMALA, NameHMC}

func TestChainsVisitTheGibbsDensity(t *testing.T) {
	for _, p := range planes() {
		for _, name := range exact {
			if what, z := visits(kernel(t, name), p); !(z < limit) {
				t.Errorf("%s on %s: the %s is off by %.1f standard errors", name, p.name, what, z)
			}
		}
	}
}

func TestDetailedBalance(t *testing.T) {
	for _, p := range planes() {
		for _, name := range exact {
			if z := imbalance(kernel(t, name), p); !(z < limit) {
				t.Errorf("%s on %s: χ² of the traffic between cells is %.1f standard errors too large", name, p.name, z)
			}
		}
	}
}

// withRule is a kernel with another rule of acceptance.
type withRule struct {
	Kernel
	logAlpha func(before Walkers, next Proposals, noise []r2.Vec, i int) float64
}

func (j withRule) Step(w Walkers, next Proposals, t Target, noise []r2.Vec, u []float64) (accepted int) {
	before := NewWalkers(len(w.Y))
	copy(before.Y, w.Y)
	copy(before.E, w.E)
	copy(before.G, w.G)
	j.Kernel.Step(w, next, t, noise, make([]float64, len(u))) // with u = 0 all go that do not leave the box
	copy(w.Y, before.Y)
	copy(w.E, before.E)
	copy(w.G, before.G)
	for i, in := range next.Accepted {
		accepted += next.decide(w, i, in && math.Log(u[i]) < j.logAlpha(before, next, noise, i))
	}
	return accepted
}

// noReversal is HMC that reflects the place at an edge but does not reverse the momentum.
type noReversal struct{ *HMC }

func (h noReversal) Step(w Walkers, next Proposals, t Target, noise []r2.Vec, u []float64) (accepted int) {
	copy(next.From, w.Y)
	copy(next.Y, w.Y)
	copy(next.G, w.G)
	copy(next.P, noise)
	for range h.Leaps {
		h.kick(next, .5)
		for i, p := range next.P {
			next.Y[i] = Reflect(r2.Add(next.Y[i], r2.Scale(h.Eps, p)))
		}
		next.Update(t)
		h.kick(next, .5)
	}
	for i := range next.Y {
		accepted += next.decide(w, i, math.Log(u[i]) < -h.DeltaH(w, next, noise, i))
	}
	return accepted
}

// TestChecksFindBrokenKernels: kernels with a mistake fail the two checks above; the same
// kernels without it pass.
func TestChecksFindBrokenKernels(t *testing.T) {
	// In one step of the last the traffic hardly shows the mistake; the density after many does.
	sound, broken, skewed := [2]bool{true, true}, [2]bool{false, false}, [2]bool{false, true}
	m, r, h := new(MALA), new(RandomWalk), new(HMC)
	for _, c := range []struct {
		name   string
		on     string
		kernel Kernel
		passes [2]bool // which of both checks
	}{
		{"MALA", "banana", withRule{m, func(before Walkers, next Proposals, _ []r2.Vec, i int) float64 {
			return m.LogAlpha(before, next.Walkers, i)
		}}, sound},
		{"MALA without the proposal densities", "banana", withRule{m, func(before Walkers, next Proposals, _ []r2.Vec, i int) float64 {
			return -m.Beta * (next.E[i] - before.E[i])
		}}, broken},
		{"MALA with the proposal densities swapped", "banana", withRule{m, func(before Walkers, next Proposals, _ []r2.Vec, i int) float64 {
			return -2*m.Beta*(next.E[i]-before.E[i]) - m.LogAlpha(before, next.Walkers, i)
		}}, broken},
		{"random walk", "ring", withRule{r, func(before Walkers, next Proposals, _ []r2.Vec, i int) float64 {
			return r.LogAlpha(before, next.Walkers, i)
		}}, sound},
		{"random walk that rejects nothing", "ring", withRule{r, func(Walkers, Proposals, []r2.Vec, int) float64 { return 0 }}, broken},
		{"random walk without β", "ring", withRule{r, func(before Walkers, next Proposals, _ []r2.Vec, i int) float64 {
			return before.E[i] - next.E[i]
		}}, broken},
		{"HMC", "banana", withRule{h, func(before Walkers, next Proposals, p []r2.Vec, i int) float64 {
			return -h.DeltaH(before, next, p, i)
		}}, sound},
		{"HMC with the wrong sign of ΔH", "banana", withRule{h, func(before Walkers, next Proposals, p []r2.Vec, i int) float64 {
			return h.DeltaH(before, next, p, i)
		}}, broken},
		{"HMC that rejects nothing", "banana", withRule{h, func(Walkers, Proposals, []r2.Vec, int) float64 { return 0 }}, broken},
		{"HMC that does not reverse at the edges", "slope", noReversal{h}, skewed},
	} {
		what, z := visits(c.kernel, named(c.on))
		traffic := imbalance(c.kernel, named(c.on))
		if passes := [2]bool{z < limit, traffic < limit}; passes != c.passes {
			t.Errorf("%s: passes %v, want %v; the %s is off by %.1f standard errors, χ² of the traffic %.1f too large",
				c.name, passes, c.passes, what, z, traffic)
		}
	}
}
