package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
	"pgregory.net/rapid"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
)

// lccAt returns local coordinate coding with the anchors w and the penalty lambda.
func lccAt(t interface{ Fatal(...any) }, data []r2.Vec, w prototypes, lambda float64) *lcc {
	m := newLCC()
	m.k, m.lambda = len(w.x), lambda
	m.Init(data, rand.New(rand.NewPCG(1, 1)))
	if err := m.SetState(ebm.State{Params: map[string]ebm.Tensor{"W": w.tensor()}}); err != nil {
		t.Fatal(err)
	}
	return m
}

// energyOf is E(y, z), from its definition.
func (m *lcc) energyOf(y r2.Vec, z []float64) float64 {
	e := r2.Norm2(r2.Sub(y, m.w.mix(z)))
	for k, c := range z {
		e += m.lambda * c * m.w.squared(k, y)
	}
	return e
}

func refLCC(t *testing.T) {
	var c struct {
		ref.Tolerance
		Centers, Queries, Z [][]float64
		Lam                 float64
		F                   []float64
		Simplex             struct{ V, Proj [][]float64 } `json:"simplex_proj"`
	}
	ref.Load(t, "lcc_simplex", &c)
	w := newPrototypes(len(c.Centers))
	for k, p := range ref.Vecs(c.Centers) {
		w.set(k, p)
	}
	m := lccAt(t, nil, w, c.Lam)
	at := ref.Vecs(c.Queries)
	energy, z := make([]float64, len(at)), make([]float64, m.k)
	m.Energy(energy, at)
	for i, y := range at {
		c.Near(t, fmt.Sprintf("F[%d]", i), energy[i], c.F[i])
		_, e := m.infer(z, y)
		c.Near(t, fmt.Sprintf("E[%d]", i), e, c.F[i])
		for k, v := range z {
			c.Near(t, fmt.Sprintf("z_%d[%d]", k, i), v, c.Z[i][k])
		}
	}
	for i, v := range c.Simplex.V {
		projectSimplex(v)
		for k := range v {
			c.Near(t, fmt.Sprintf("projection[%d][%d]", i, k), v[k], c.Simplex.Proj[i][k])
		}
	}
}

// drawAnchors draws anchors spread out, on a lattice, where many circles go through four
// of them and many lines through three, on one line, or in pairs at one place.
func drawAnchors(t *rapid.T) prototypes {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	w := newPrototypes(rapid.IntRange(2, 40).Draw(t, "K"))
	how := rapid.SampledFrom([]string{"spread", "lattice", "line", "pairs"}).Draw(t, "anchors")
	for k := range w.x {
		p := r2.Vec{X: 3*rng.Float64() - 1.5, Y: 3*rng.Float64() - 1.5}
		switch {
		case how == "lattice":
			p = r2.Vec{X: float64(k%5)/2 - 1, Y: float64(k/5)/4 - 1}
		case how == "line":
			p.Y = 0.5 * p.X
		case how == "pairs" && k%2 == 1:
			p = w.at(k - 1)
		}
		w.set(k, p)
	}
	return w
}

// TestLCCIsExact holds the code to its certificate: it is on the simplex, has at most
// three anchors, and no direction leads down, Σ z_k G_k <= G_j for all j, where G = ∂E/∂z;
// the difference bounds how far E can be above F, for E is convex in z.
func TestLCCIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lambda := rapid.SampledFrom([]float64{1e-3, 0.03, 0.3, 1, 5}).Draw(t, "lambda")
		m := lccAt(t, nil, drawAnchors(t), lambda)
		z := make([]float64, m.k)
		for _, y := range append(scatter(20, rapid.Uint64().Draw(t, "points")), m.w.at(0), r2.Scale(0.5, r2.Add(m.w.at(0), m.w.at(1)))) {
			r, e := m.infer(z, y)
			sum, active, mean, least := 0.0, 0, 0.0, math.Inf(1)
			for k, c := range z {
				if c < 0 {
					t.Fatalf("z_%d = %v at %v", k, c, y)
				}
				if sum += c; c > 0 {
					active++
				}
				g := 2*r2.Dot(m.w.at(k), r) + lambda*m.w.squared(k, y)
				mean += c * g
				least = min(least, g)
			}
			if math.Abs(sum-1) > 1e-12 || active > 3 {
				t.Fatalf("the code of %v has %d anchors and sums to %v", y, active, sum)
			}
			if gap := mean - least; gap > 1e-10 {
				t.Fatalf("the energy %v at %v may be %v above the least", e, y, gap)
			}
			if want := m.energyOf(y, z); math.Abs(e-want) > 1e-12*(1+want) {
				t.Fatalf("F(%v) = %v, but its code costs %v", y, e, want)
			}
		}
	})
}

// TestProjectedFISTA: the general method, which knows nothing of the plane, comes down to
// the exact energy as its iterations grow.
func TestProjectedFISTA(t *testing.T) {
	for _, lambda := range []float64{1e-3, 0.3, 5} {
		m := newLCC()
		m.lambda = lambda
		m.Init(scatter(200, 1), rand.New(rand.NewPCG(1, 1)))
		at := scatter(50, 2)
		exact := meanEnergy(m, at)
		m.inference = inferFISTA
		last := math.Inf(1)
		for _, n := range []int{1, 10, 100, 1000} {
			m.iterations = n
			now := meanEnergy(m, at) - exact
			if !(now < last && now > -1e-12) {
				t.Errorf("λ = %v: %v above the exact energy after %d iterations, %v before", lambda, now, n, last)
			}
			last = now
		}
		if last > 1e-5 {
			t.Errorf("λ = %v: still %v above the exact energy", lambda, last)
		}
	}
}

// TestProjectSimplex holds the projection p of v to its certificate: it is on the simplex,
// and (v - p)·(q - p) <= 0 for every corner q.
func TestProjectSimplex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Float64Range(-10, 10), 1, 30).Draw(t, "v")
		p := append([]float64(nil), v...)
		projectSimplex(p)
		sum, at := 0.0, 0.0
		for k, c := range p {
			if c < 0 {
				t.Fatalf("coordinate %v of the projection of %v", c, v)
			}
			sum += c
			at += (v[k] - c) * c
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("the projection of %v sums to %v", v, sum)
		}
		for k, c := range p {
			if v[k]-c > at+1e-11 {
				t.Fatalf("%v is not the point nearest to %v: corner %d lies on the same side", p, v, k)
			}
		}
	})
}

// TestLCCStepDescends: with η = 1 a step at fixed codes does not raise the energy of its
// batch, whatever λ is, and better codes only lower it further.
func TestLCCStepDescends(t *testing.T) {
	data := scatter(300, 1)
	for _, lambda := range []float64{1e-3, 0.3, 1, 5} {
		m := newLCC()
		m.lambda, m.eta, m.batch, m.start = lambda, 1, len(data), startRandom
		m.Init(data, rand.New(rand.NewPCG(1, 0)))
		last := meanEnergy(m, data)
		for n := range 30 {
			m.Step(ebm.NewUpdate(&inOrder{})) // which goes through all points once
			now := meanEnergy(m, data)
			if now > last+1e-12 {
				t.Fatalf("λ = %v: step %d raised the mean energy from %v to %v", lambda, n, last, now)
			}
			last = now
		}
	}
}

// TestDistancePenalty is what the slider shows: for next to nothing the whole hull of the
// anchors is low; at a high penalty every anchor is a well of its own, (1 + λ) times that of
// K-means, and only the middle between two is lower than there.
func TestDistancePenalty(t *testing.T) {
	square := prototypes{[]float64{-1, 1, 1, -1}, []float64{-1, -1, 1, 1}}
	e := make([]float64, 1)
	m := lccAt(t, nil, square, 1e-3)
	for _, y := range scatter(100, 1) {
		inside := math.Max(math.Abs(y.X), math.Abs(y.Y)) < 0.99
		if m.Energy(e, []r2.Vec{y}); inside && e[0] > 2*m.lambda || !inside && e[0] < 1e-6 {
			t.Errorf("F(%v) = %v at λ = %v", y, e[0], m.lambda)
		}
	}
	m = lccAt(t, nil, square, 5)
	for _, y := range scatter(100, 2) {
		y = r2.Add(square.at(0), r2.Scale(0.1, y))
		if m.Energy(e, []r2.Vec{y}); math.Abs(e[0]-6*square.squared(0, y)) > 1e-12 {
			t.Errorf("F(%v) = %v near an anchor, want %v", y, e[0], 6*square.squared(0, y))
		}
	}
}
