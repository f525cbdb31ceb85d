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

// sparseAt returns sparse coding on the data with the atoms w.
func sparseAt(t interface{ Fatal(...any) }, data []r2.Vec, w prototypes) *sparse {
	m := newSparse()
	m.k = len(w.x)
	m.Init(data, rand.New(rand.NewPCG(1, 1)))
	if err := m.SetState(ebm.State{Params: map[string]ebm.Tensor{"W": w.tensor()}}); err != nil {
		t.Fatal(err)
	}
	return m
}

// energyOf is E(y, z), from its definition.
func (m *sparse) energyOf(y r2.Vec, z []float64) float64 {
	e := r2.Norm2(r2.Sub(y, m.w.mix(z)))
	for _, c := range z {
		e += m.lambda * math.Abs(c)
	}
	return e
}

func refSparse(t *testing.T) {
	type iterates struct {
		Lam, L float64
		Iters  []struct {
			Z   [][]float64
			Obj []float64
		}
	}
	var c struct {
		ref.Tolerance
		W, Queries [][]float64
		Cases      []struct {
			Lam    float64
			NonNeg bool
			F      []float64
			Z      [][]float64
			Recon  [][]float64
			GradY  [][]float64 `json:"grad_y"`
			GradW  [][]float64 `json:"grad_W_mean"`
		}
		ISTA, FISTA iterates
	}
	ref.Load(t, "sparse_coding", &c)
	w, at := prototypes{c.W[0], c.W[1]}, ref.Vecs(c.Queries)
	energy, points, z := make([]float64, len(at)), make([]r2.Vec, len(at)), make([]float64, len(w.x))
	nearZ := func(t *testing.T, i int, want []float64) {
		for k, v := range z {
			c.Near(t, fmt.Sprintf("z_%d[%d]", k, i), v, want[k])
		}
	}
	for _, want := range c.Cases {
		t.Run(fmt.Sprintf("lambda=%g,nonneg=%v", want.Lam, want.NonNeg), func(t *testing.T) {
			m := sparseAt(t, at, w)
			m.lambda, m.nonneg = want.Lam, want.NonNeg
			m.Energy(energy, at)
			m.Grad(points, at)
			nearRows(t, c.Tolerance, "∂F/∂y", points, want.GradY)
			m.Reconstruct(points, at)
			nearRows(t, c.Tolerance, "Wz", points, want.Recon)
			for i, y := range at {
				c.Near(t, fmt.Sprintf("F[%d]", i), energy[i], want.F[i])
				m.infer(z, y)
				nearZ(t, i, want.Z[i])
			}
			m.batch, m.eta, m.normalise = len(at), 1, false // so that the step is the gradient
			m.Step(ebm.NewUpdate(&inOrder{}))
			for k := range w.x {
				c.Near(t, fmt.Sprintf("∂F/∂w_%d1", k), m.before.x[k]-m.w.x[k], want.GradW[0][k])
				c.Near(t, fmt.Sprintf("∂F/∂w_%d2", k), m.before.y[k]-m.w.y[k], want.GradW[1][k])
			}
		})
	}
	for how, want := range map[string]iterates{inferISTA: c.ISTA, inferFISTA: c.FISTA} {
		t.Run(how, func(t *testing.T) {
			m := sparseAt(t, at, w)
			m.lambda, m.inference = want.Lam, how
			c.Near(t, "ℓ", m.lipschitz, want.L)
			for n, it := range want.Iters {
				m.iterations = n + 1
				m.Energy(energy, at)
				for i, y := range at {
					c.Near(t, fmt.Sprintf("E after %d [%d]", n+1, i), energy[i], it.Obj[i])
					m.infer(z, y)
					nearZ(t, i, it.Z[i])
				}
			}
		})
	}
}

// drawAtoms draws atoms: unit ones or of any length, some of them equal or nearly so, in
// all directions or in a narrow fan, perhaps one that is zero.
func drawAtoms(t *rapid.T) prototypes {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	w := newPrototypes(rapid.IntRange(1, 24).Draw(t, "K"))
	fan := rapid.SampledFrom([]float64{2 * math.Pi, 1, 1e-3}).Draw(t, "fan")
	unit := rapid.Bool().Draw(t, "unit")
	apart := rapid.SampledFrom([]float64{1, 1, 1e-6, 1e-9, 1e-12, 1e-15, 0}).Draw(t, "twins apart by")
	for k := range w.x {
		sin, cos := math.Sincos(fan * rng.Float64())
		length := 1.0
		if !unit {
			length = math.Exp(rng.NormFloat64())
		}
		w.set(k, r2.Vec{X: length * cos, Y: length * sin})
		if apart < 1 && k%2 == 1 {
			w.set(k, r2.Add(w.at(k-1), r2.Scale(apart, r2.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64()})))
		}
	}
	if rapid.IntRange(0, 9).Draw(t, "zero") == 0 {
		w.set(0, r2.Vec{})
	}
	return w
}

// certify holds the code of y to its certificate: the residual v is within all bounds, an
// atom in use is at its bound with the sign of its coefficient, and E(y, z) is F. These
// conditions are necessary and sufficient.
func certify(t interface{ Fatalf(string, ...any) }, m *sparse, y r2.Vec) {
	z := make([]float64, m.k)
	v, f := m.infer(z, y), m.freeEnergy(nil, y)
	if e := m.energyOf(y, z); math.Abs(e-f) > 1e-7*(1+f) {
		t.Fatalf("E(y, z*) = %v at %v, but F = %v", e, y, f)
	}
	for k, c := range z {
		bound := 2 * r2.Dot(m.w.at(k), v)
		over := math.Abs(bound)
		if m.nonneg {
			over = bound
		}
		if slack := 1e-7 * (1 + r2.Norm(m.w.at(k))); over > m.lambda+slack || math.Abs(c) > 1e-6 && math.Abs(bound-math.Copysign(m.lambda, c)) > slack {
			t.Fatalf("2 w_%d·v = %v with λ = %v and z_%d = %v at %v", k, bound, m.lambda, k, c, y)
		}
	}
}

// TestSparseIsExact certifies codes of any atoms. A long run of FISTA, which knows no
// polygon, must not find less.
func TestSparseIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sparseAt(t, nil, drawAtoms(t))
		m.lambda = rapid.SampledFrom([]float64{1e-3, 0.05, 0.2, 1, 5}).Draw(t, "lambda")
		m.nonneg = rapid.Bool().Draw(t, "nonneg")
		other := make([]float64, m.k)
		for _, y := range scatter(20, rapid.Uint64().Draw(t, "points")) {
			certify(t, m, y)
			f := m.freeEnergy(nil, y)
			m.inference, m.iterations = inferFISTA, 300
			m.infer(other, y)
			if e := m.energyOf(y, other); e < f-1e-9 {
				t.Fatalf("FISTA finds %v at %v, less than F = %v", e, y, f)
			}
			m.inference = inferExact
		}
	})
}

// TestTwinAtoms has pairs of atoms that are all but the same. The lines that bound the
// residual cross then at a place that rounding decides, if at all.
func TestTwinAtoms(t *testing.T) {
	for _, apart := range []float64{1e-6, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-14, 1e-15, 1e-16, 0} {
		for seed := range uint64(30) {
			w := newPrototypes(8)
			by := scatter(4, seed+50)
			for k, p := range scatter(4, seed) {
				w.set(2*k, p)
				w.set(2*k+1, r2.Add(p, r2.Scale(apart, by[k])))
			}
			m := sparseAt(t, nil, w)
			for _, y := range scatter(20, seed+100) {
				certify(t, m, y)
			}
		}
	}
}

// TestFISTAReachesExact: the energy of the iterated codes falls to the exact one, and
// momentum gets there sooner.
func TestFISTAReachesExact(t *testing.T) {
	m := newSparse()
	m.Init(nil, rand.New(rand.NewPCG(1, 1)))
	at := scatter(50, 2)
	exact := meanEnergy(m, at)
	excess := map[string]float64{}
	for _, how := range []string{inferISTA, inferFISTA} {
		m.inference = how
		last := math.Inf(1)
		for _, n := range []int{1, 3, 10, 30, 100, 300, 3000} {
			m.iterations = n
			now := meanEnergy(m, at) - exact
			if !(now < last && now > -1e-12) {
				t.Errorf("%s: %v above the exact energy after %d iterations, %v before", how, now, n, last)
			}
			if last = now; n == 30 {
				excess[how] = now
			}
		}
		if limit := map[string]float64{inferISTA: 1e-3, inferFISTA: 1e-5}[how]; last > limit {
			t.Errorf("%s: still %v above the exact energy", how, last)
		}
	}
	if excess[inferFISTA] > excess[inferISTA]/2 {
		t.Errorf("after 30 iterations FISTA is %v above, ISTA %v", excess[inferFISTA], excess[inferISTA])
	}
}

// TestFreeCodes is the first pathology: at λ = 0 two atoms rebuild every point for
// nothing, and one atom all of its line.
func TestFreeCodes(t *testing.T) {
	for _, w := range []prototypes{{[]float64{1, 0.6, -0.8}, []float64{0, 0.8, 0.6}}, {[]float64{0.6}, []float64{0.8}}} {
		m := sparseAt(t, nil, w)
		m.lambda = 0
		for _, y := range scatter(20, 1) {
			want := 0.0
			if m.k == 1 {
				want = math.Pow(r2.Cross(m.w.at(0), y), 2)
			}
			if f := m.freeEnergy(nil, y); math.Abs(f-want) > 1e-15 {
				t.Errorf("K = %d: F(%v) = %v at λ = 0, want %v", m.k, y, f, want)
			}
			z := make([]float64, m.k)
			if r := m.infer(z, y); math.Abs(m.energyOf(y, z)-want) > 1e-12 || math.Abs(r2.Norm2(r)-want) > 1e-12 {
				t.Errorf("K = %d: the code %v of %v costs %v at λ = 0, want %v", m.k, z, y, m.energyOf(y, z), want)
			}
		}
	}
	m := sparseAt(t, nil, prototypes{[]float64{1, 0}, []float64{0, 1}})
	m.lambda, m.nonneg = 0, true
	if f := m.freeEnergy(nil, r2.Vec{X: -0.5, Y: 0.7}); math.Abs(f-0.25) > 1e-15 {
		t.Errorf("F = %v at λ = 0 with codes >= 0, want the squared distance 0.25 from the quadrant", f)
	}
}

// TestUnnormalised is the second: atoms of any length grow, and the energy of all points
// goes with them; the switch brings them back.
func TestUnnormalised(t *testing.T) {
	data := scatter(200, 1)
	loss := map[bool]float64{}
	for _, on := range []bool{true, false} {
		m := newSparse()
		m.normalise, m.eta = on, 10
		m.Init(data, rand.New(rand.NewPCG(1, 1)))
		steps(m, 1000, 1)
		var s [4]float64
		m.Scalars(s[:])
		if loss[on] = s[0]; on != (math.Abs(s[2]-1) < 1e-12) {
			t.Errorf("normalise = %v: the longest atom has length %v", on, s[2])
		}
		m.normalise = true
		steps(m, 1, 1)
		if m.Scalars(s[:]); math.Abs(s[2]-1) > 1e-12 {
			t.Errorf("switched on again: the longest atom has length %v, want 1", s[2])
		}
	}
	if loss[false] > loss[true]/2 {
		t.Errorf("the loss is %v with free atoms and %v with unit ones", loss[false], loss[true])
	}
}
