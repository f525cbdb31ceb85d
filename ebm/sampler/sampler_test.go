package sampler

import (
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"gonum.org/v1/gonum/spatial/r2"
)

// bowl is E(y) = |y - at|²/2s²: a Gaussian of width s at β = 1.
type bowl struct {
	at r2.Vec
	s  float64
}

func (b bowl) EnergyGrad(e []float64, g, at []r2.Vec) {
	for i, y := range at {
		d := r2.Sub(y, b.at)
		e[i] = r2.Norm2(d) / (2 * b.s * b.s)
		g[i] = r2.Scale(1/(b.s*b.s), d)
	}
}

// slope is E(y) = g·y, whose Gibbs density leans against the walls.
type slope r2.Vec

func (s slope) EnergyGrad(e []float64, g, at []r2.Vec) {
	for i, y := range at {
		e[i], g[i] = r2.Dot(r2.Vec(s), y), r2.Vec(s)
	}
}

func TestReflectStaysInTheBox(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		y := r2.Vec{X: 5 * rng.NormFloat64(), Y: 5 * rng.NormFloat64()}
		got := Reflect(y)
		if !inside(got) {
			t.Fatalf("Reflect(%v) = %v lies outside the box", y, got)
		}
		if inside(y) && got != y {
			t.Fatalf("Reflect moved %v, which is inside, to %v", y, got)
		}
	}
}

func TestDescentEndsInTheValley(t *testing.T) {
	valley := bowl{at: r2.Vec{X: .4, Y: -.7}, s: .5}
	w := NewWalkers(2)
	w.Y[0], w.Y[1] = r2.Vec{X: -1.4, Y: 1.4}, r2.Vec{X: 1.5, Y: -1.5}
	next := NewProposals(2)
	for range 300 {
		Descent{Eta: .05, Clip: 50}.Step(w, next, valley, nil, nil)
	}
	for _, y := range w.Y {
		if r2.Norm(r2.Sub(y, valley.at)) > 1e-9 {
			t.Errorf("the descent ended at %v, not at the bottom %v", y, valley.at)
		}
	}
}

func TestDescentClips(t *testing.T) {
	w := NewWalkers(1)
	Descent{Eta: .1, Clip: 2}.Step(w, NewProposals(1), slope{X: 30, Y: 40}, nil, nil)
	if want := (r2.Vec{X: -.12, Y: -.16}); r2.Norm(r2.Sub(w.Y[0], want)) > 1e-15 {
		t.Errorf("one clipped step went to %v, want %v", w.Y[0], want)
	}
}

// TestMALAVisitsTheGibbsDensity runs many walkers until they are independent of their starts
// and compares the
// moments of where they are with the exact ones. The second target leans on the walls.
func TestMALAVisitsTheGibbsDensity(t *testing.T) {
	for _, c := range []struct {
		name   string
		target Target
		beta   float64
		mean   r2.Vec
		sd     r2.Vec
	}{
		{"Gaussian", bowl{s: .3}, 1, r2.Vec{}, r2.Vec{X: .3, Y: .3}},
		{"Gaussian at β = 4", bowl{at: r2.Vec{X: .5}, s: .3}, 4, r2.Vec{X: .5}, r2.Vec{X: .15, Y: .15}},
		// Exponential on [-L, L]: mean 1/λ - L·coth(λL) with the sign of -λ, here λ = 2.
		{"slope", slope{X: 1}, 2, r2.Vec{X: 1./2 - ebm.L/math.Tanh(2*ebm.L)}, r2.Vec{X: math.Sqrt(1./4 - ebm.L*ebm.L/math.Pow(math.Sinh(2*ebm.L), 2)), Y: ebm.L / math.Sqrt(3)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			const n = 2500
			rng := rand.New(rand.NewPCG(3, 4))
			w, next, noise, u := NewWalkers(n), NewProposals(n), make([]r2.Vec, n), make([]float64, n)
			w.Update(c.target)
			m := MALA{Eta: .05, Beta: c.beta}
			for range 200 {
				Normal(noise, rng)
				Uniform(u, rng)
				m.Step(w, next, c.target, noise, u)
			}
			var mean, sd r2.Vec
			for _, y := range w.Y {
				mean = r2.Add(mean, r2.Scale(1./n, y))
			}
			for _, y := range w.Y {
				sd.X += (y.X - mean.X) * (y.X - mean.X) / n
				sd.Y += (y.Y - mean.Y) * (y.Y - mean.Y) / n
			}
			sd = r2.Vec{X: math.Sqrt(sd.X), Y: math.Sqrt(sd.Y)}
			within := func(what string, got, want, scale float64) {
				if math.Abs(got-want) > 4*scale/math.Sqrt(n) { // four standard errors
					t.Errorf("%s = %.4f, want %.4f", what, got, want)
				}
			}
			within("mean of y1", mean.X, c.mean.X, c.sd.X)
			within("mean of y2", mean.Y, c.mean.Y, c.sd.Y)
			within("spread of y1", sd.X, c.sd.X, c.sd.X)
			within("spread of y2", sd.Y, c.sd.Y, c.sd.Y)
		})
	}
}

func TestMALAIsReversible(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	target := bowl{at: r2.Vec{X: .2, Y: .1}, s: .4}
	a, b := NewWalkers(50), NewWalkers(50)
	Normal(a.Y, rng)
	Normal(b.Y, rng)
	a.Update(target)
	b.Update(target)
	m := MALA{Eta: .02, Beta: 3}
	for i := range a.Y {
		if there, back := m.LogAlpha(a, b, i), m.LogAlpha(b, a, i); math.Abs(there+back) > 1e-9*(1+math.Abs(there)) {
			t.Errorf("log α there %.12g and back %.12g are not opposite", there, back)
		}
	}
}

func TestAdaptFindsTheTarget(t *testing.T) {
	const n = 256
	rng := rand.New(rand.NewPCG(7, 8))
	target := bowl{s: .04}
	w, next, noise, u := NewWalkers(n), NewProposals(n), make([]r2.Vec, n), make([]float64, n)
	w.Update(target)
	eta, share := .5, 0.
	for range 1000 {
		Normal(noise, rng)
		Uniform(u, rng)
		share = float64(MALA{Eta: eta, Beta: 1}.Step(w, next, target, noise, u)) / n
		eta = Adapt(eta, share, AcceptanceMALA)
	}
	if math.Abs(share-AcceptanceMALA) > .1 {
		t.Errorf("%.2f of the steps are accepted at η = %.3g, want about %.2f", share, eta, AcceptanceMALA)
	}
	if low, high := Adapt(1e-5, 0, .57), Adapt(.5, 1, .57); low != 1e-5 || high != .5 {
		t.Errorf("η left its range: %g, %g", low, high)
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	w, next, noise, u := NewWalkers(64), NewProposals(64), make([]r2.Vec, 64), make([]float64, 64)
	next.KeepPaths(64, 4)
	trace := ebm.NewTrace()
	var target Target = &bowl{s: .1}
	for _, name := range Names() {
		k := kernel(t, name)
		allocs := testing.AllocsPerRun(20, func() {
			Normal(noise, rng)
			Uniform(u, rng)
			Perturb(w.Y, w.Y, noise, .1)
			k.Set(k.Traits().Settings)
			k.Begin(w.Slice(8, 64), target)
			k.Step(w.Slice(8, 64), next.Slice(8, 64), target, noise[8:], u[8:])
			trace.Reset()
			next.Record(trace)
		})
		if allocs != 0 {
			t.Errorf("a step of %s allocates %v times", name, allocs)
		}
	}
}

func kernel(t testing.TB, name string) Kernel {
	t.Helper()
	k, err := New(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
