package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
)

// solvedPCA is the line that is best for the data, found in one step.
func solvedPCA(data []r2.Vec) *pca {
	m := newPCA()
	m.update, m.eta = updateEigen, 1
	m.Init(data, rand.New(rand.NewPCG(1, 1)))
	m.Step(ebm.NewUpdate(nil))
	return m
}

func refPCA(t *testing.T) {
	var c struct {
		ref.Tolerance
		Points, Queries [][]float64
		Mean, U         []float64
		Variance        []float64 `json:"var_explained"`
		Energy, Z       []float64
		Grad            [][]float64 `json:"grad_y"`
		Recon           [][]float64
	}
	ref.Load(t, "pca", &c)
	data, at := ref.Vecs(c.Points), ref.Vecs(c.Queries)
	m := solvedPCA(data)
	p := m.State().Params
	sign := 1.0
	if c.U[0]*p["u"].Values[0]+c.U[1]*p["u"].Values[1] < 0 {
		sign = -1
	}
	for i := range 2 {
		c.Near(t, "μ", p["mu"].Values[i], c.Mean[i])
		c.Near(t, "u", sign*p["u"].Values[i], c.U[i])
	}
	energy, points := make([]float64, len(at)), make([]r2.Vec, len(at))
	m.Grad(points, at)
	nearRows(t, c.Tolerance, "∂F/∂y", points, c.Grad)
	m.Reconstruct(points, at)
	nearRows(t, c.Tolerance, "r(y)", points, c.Recon)
	m.Energy(energy, at)
	for i, want := range c.Energy {
		c.Near(t, fmt.Sprintf("F[%d]", i), energy[i], want)
		c.Near(t, fmt.Sprintf("z[%d]", i), sign*r2.Dot(m.u, r2.Sub(points[i], m.mu)), c.Z[i])
	}
	variance := 0.0 // along the line, of the projected points
	m.Reconstruct(data, data)
	for _, y := range data {
		variance += r2.Norm2(r2.Sub(y, m.mu)) / float64(len(data)-1)
	}
	c.Near(t, "variance", variance, c.Variance[0])
}

// cloud returns n points of an oblong cloud at an angle.
func cloud(n int, seed uint64, angle float64) []r2.Vec {
	rng := rand.New(rand.NewPCG(seed, 1))
	sin, cos := math.Sincos(angle)
	at := make([]r2.Vec, n)
	for i := range at {
		a, b := 0.6*rng.NormFloat64(), 0.3*rng.NormFloat64()
		at[i] = r2.Vec{X: 0.2 + cos*a - sin*b, Y: -0.3 + sin*a + cos*b}
	}
	return at
}

// TestAxis compares the closed form with gonum's eigenvectors, at all angles.
func TestAxis(t *testing.T) {
	for i := range 16 {
		data := cloud(50, uint64(i), float64(i)*math.Pi/8)
		m := solvedPCA(data)
		_, xx, xy, yy := covariance(data)
		var eigen mat.EigenSym
		if !eigen.Factorize(mat.NewSymDense(2, []float64{xx, xy, xy, yy}), true) {
			t.Fatal("no eigenvectors")
		}
		var v mat.Dense
		eigen.VectorsTo(&v) // the larger eigenvalue is the last
		if dot := v.At(0, 1)*m.u.X + v.At(1, 1)*m.u.Y; math.Abs(math.Abs(dot)-1) > 1e-12 {
			t.Errorf("angle %d/8 π: u = %v, gonum has (%v, %v)", i, m.u, v.At(0, 1), v.At(1, 1))
		}
		if got := r2.Norm2(r2.Vec{X: xx*m.u.X + xy*m.u.Y, Y: xy*m.u.X + yy*m.u.Y}); math.Abs(math.Sqrt(got)-eigen.Values(nil)[1]) > 1e-12 {
			t.Errorf("angle %d/8 π: Cov u has length %v, want the eigenvalue %v", i, math.Sqrt(got), eigen.Values(nil)[1])
		}
	}
}

// TestOjaReachesAxis: the default rule converges to the closed form, up to the
// noise of its batches, from wherever it begins.
func TestOjaReachesAxis(t *testing.T) {
	card, err := ebm.Lookup("pca")
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(10) {
		data := cloud(1000, seed, float64(seed))
		m := newPCA()
		m.Init(data, rand.New(rand.NewPCG(seed, 0)))
		steps(m, card.Steps, seed)
		want := solvedPCA(data)
		if angle := math.Abs(math.Asin(r2.Cross(m.u, want.u))); angle > 0.03 {
			t.Errorf("seed %d: Oja's line is %.3f rad from the eigenvector", seed, angle)
		}
		if d := r2.Norm(r2.Sub(m.mu, want.mu)); d > 0.02 {
			t.Errorf("seed %d: its mean is %.3f from that of the data", seed, d)
		}
	}
}

// TestEigenShare: with a small share the line swings to the eigenvector without going past it,
// and in the shorter direction.
func TestEigenShare(t *testing.T) {
	data := cloud(200, 1, 1)
	want := solvedPCA(data)
	for seed := range uint64(10) {
		m := newPCA()
		m.update, m.eta = updateEigen, 0.1
		m.Init(data, rand.New(rand.NewPCG(seed, 0)))
		last, side := math.Pi/2, 0.0
		for n := range 100 {
			sin := r2.Cross(m.u, want.u) * math.Copysign(1, r2.Dot(m.u, want.u))
			if angle := math.Abs(math.Asin(sin)); angle > last+1e-12 || sin*side < -1e-12 {
				t.Fatalf("seed %d, step %d: the angle to the eigenvector went from %v to %v", seed, n, last, angle)
			} else {
				last, side = angle, sin
			}
			steps(m, 1, 1)
		}
		if last > 1e-4 {
			t.Errorf("seed %d: still %v rad away", seed, last)
		}
	}
}

// TestTwoComponents is the collapse: nothing is left out, and the energy is exactly zero.
func TestTwoComponents(t *testing.T) {
	m := newPCA()
	m.components = 2
	m.Init(cloud(100, 1, 1), rand.New(rand.NewPCG(1, 0)))
	steps(m, 5, 1)
	at := scatter(100, 2)
	e := make([]float64, len(at))
	m.Energy(e, at)
	for i, v := range e {
		if v != 0 {
			t.Fatalf("F(%v) = %v with two components, want 0", at[i], v)
		}
	}
	var s [3]float64
	if m.Scalars(s[:]); s[0] != 0 || s[1] != 1 {
		t.Errorf("loss %v and explained %v with two components, want 0 and 1", s[0], s[1])
	}
}
