package sampler

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

func TestNew(t *testing.T) {
	for _, name := range Names() {
		k := kernel(t, name)
		if got := k.Traits().Name; got != name {
			t.Errorf("%q is called %q", name, got)
		}
		asNew := fmt.Sprint(k)
		if k.Set(k.Traits().Settings); fmt.Sprint(k) != asNew {
			t.Errorf("a new %s has the settings %s, not those of its traits, %v", name, asNew, k)
		}
	}
	if _, err := New("mela"); err == nil || !strings.Contains(err.Error(), `did you mean "mala"?`) {
		t.Errorf("a kernel that does not exist: %v", err)
	}
}

// TestProposals: after a step of any kernel, next holds where each walker was, where
// it was about to go, and whether it did.
func TestProposals(t *testing.T) {
	const n = 64
	for _, name := range Names() {
		rng := rand.New(rand.NewPCG(23, 24))
		k, p := kernel(t, name), named("banana")
		s := p.settings(k)
		s.Size *= 2
		k.Set(s)
		w, next, noise, u := NewWalkers(n), NewProposals(n), make([]r2.Vec, n), make([]float64, n)
		next.KeepPaths(n/2, s.Leaps)
		copy(w.Y, p.draw(n, rng))
		k.Begin(w, p)
		refused := 0
		for range 10 {
			Normal(noise, rng)
			Uniform(u, rng)
			before := append([]r2.Vec(nil), w.Y...)
			went := k.Step(w, next, p, noise, u)
			trace := ebm.NewTrace()
			next.Record(trace)
			for i, proposal := range trace.Proposals {
				if proposal.From != before[i] || proposal.Accepted && w.Y[i] != proposal.To || !proposal.Accepted && w.Y[i] != before[i] {
					t.Fatalf("%s: a walker went from %v to %v, and the trace has %+v", name, before[i], w.Y[i], proposal)
				}
				if proposal.Accepted {
					went--
				} else {
					refused++
				}
				if name == NameHMC && i < n/2 && (next.Path[i][0] != proposal.From || next.Path[i][s.Leaps] != proposal.To) {
					t.Fatalf("the path %v does not lead from %v to %v", next.Path[i], proposal.From, proposal.To)
				}
			}
			if went != 0 {
				t.Errorf("%s counts %+d walkers too many", name, went)
			}
		}
		if certain := k.Traits().Acceptance == 0; certain != (refused == 0) {
			t.Errorf("%s refused %d proposals", name, refused)
		}
	}
}

// TestWalkersStayInTheBox on a landscape of cliffs, with steps far too long.
func TestWalkersStayInTheBox(t *testing.T) {
	for _, name := range Names() {
		for _, size := range []float64{.5, 1e3, 1e300} {
			rng := rand.New(rand.NewPCG(25, 26))
			c := NewChains(kernel(t, name), slope{X: 300, Y: -500}, make([]r2.Vec, 100))
			c.Settings.Size, c.Settings.Leaps = size, 30
			for range 20 {
				c.Run(1, rng)
				for _, y := range c.Y {
					if !inside(y) {
						t.Fatalf("%s with steps of size %g went to %v", name, size, y)
					}
				}
			}
		}
	}
}

// hole is a bowl whose energy is NaN right of the middle. It fails the test if it is evaluated
// at NaN.
type hole struct {
	bowl
	t *testing.T
}

func (h hole) EnergyGrad(e []float64, g, at []r2.Vec) {
	h.bowl.EnergyGrad(e, g, at)
	for i, y := range at {
		if math.IsNaN(y.X + y.Y) {
			h.t.Fatalf("evaluated at %v", y)
		}
		if y.X > 0 {
			e[i], g[i] = math.NaN(), r2.Vec{X: math.NaN(), Y: math.Inf(1)}
		}
	}
}

func TestNonFinitePlacesAreRejected(t *testing.T) {
	for _, name := range exact {
		starts := make([]r2.Vec, 64)
		for i := range starts {
			starts[i].X = -.3
		}
		c := NewChains(kernel(t, name), hole{bowl{s: .3}, t}, starts)
		c.Settings.Size = .1
		c.Run(100, rand.New(rand.NewPCG(27, 28)))
		for i, y := range c.Y {
			if !(y.X <= 0) || math.IsNaN(c.E[i]) {
				t.Errorf("%s went to %v, where the energy is %g", name, y, c.E[i])
			}
		}
	}
}

// flat has energies only.
type flat struct{ t *testing.T }

func (f flat) Energy(e []float64, at []r2.Vec) { clear(e) }

func (f flat) EnergyGrad(e []float64, g, at []r2.Vec) { f.t.Error("the gradient is computed") }

func TestRandomWalkNeedsNoGradient(t *testing.T) {
	k := kernel(t, NameRandomWalk)
	if k.Traits().Gradient {
		t.Error("it says that it needs one")
	}
	NewChains(k, flat{t}, make([]r2.Vec, 3)).Run(3, rand.New(rand.NewPCG(1, 1)))
}
