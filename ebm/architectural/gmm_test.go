package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
)

var covariances = []string{covarianceShared, covarianceSpherical, covarianceFull}

// meanEnergy is the mean of F over all points, however many there are.
func meanEnergy(m ebm.Model, at []r2.Vec) (mean float64) {
	e := make([]float64, len(at))
	m.Energy(e, at)
	for _, v := range e {
		mean += v / float64(len(e))
	}
	return mean
}

// gmmAt returns a mixture on the data with these means, equal weights and one variance.
func gmmAt(t testing.TB, covariance string, data []r2.Vec, means [][]float64, variance float64) *gmm {
	t.Helper()
	m := newGMM()
	m.k, m.covariance, m.floor, m.empty = len(means), covariance, 0, emptyKeep
	m.Init(data, rand.New(rand.NewPCG(1, 1)))
	s := stateOf(means)
	pi := make([]float64, m.k)
	for k := range pi {
		pi[k] = 1 / float64(m.k)
	}
	s.Params["var"], s.Params["pi"] = ebm.Scalar(variance), ebm.Tensor{Shape: []int{m.k}, Values: pi}
	if err := m.SetState(s); err != nil {
		t.Fatal(err)
	}
	return m
}

func refGMM(t *testing.T) {
	var c struct {
		ref.Tolerance
		Points [][]float64
		Init   [][]float64 `json:"init_means"`
		Shared struct {
			Variance float64 `json:"init_var"`
			Traj     []struct {
				LogLik  float64 `json:"loglik_before"`
				Means   [][]float64
				Weights []float64
				Var     float64
			}
		}
		Fixed struct {
			Beta float64
			Traj []struct {
				Means      [][]float64
				FreeEnergy float64 `json:"free_energy_sum"`
			}
		}
		Spherical struct {
			Variance  float64 `json:"init_var"`
			Snapshots []struct {
				Iters         int
				Means         [][]float64
				Weights, Vars []float64
				Score         float64 `json:"score_mean_loglik"`
			}
		} `json:"sklearn_spherical"`
	}
	ref.Load(t, "gmm_em", &c)
	data := ref.Vecs(c.Points)
	weights := func(t *testing.T, m *gmm, want []float64) {
		for k, v := range m.State().Params["pi"].Values {
			c.Near(t, fmt.Sprintf("π_%d", k), v, want[k])
		}
	}

	t.Run("shared", func(t *testing.T) {
		m := gmmAt(t, covarianceShared, data, c.Init, c.Shared.Variance)
		for i, want := range c.Shared.Traj {
			c.Near(t, fmt.Sprintf("log likelihood before step %d", i), -meanEnergy(m, data), want.LogLik)
			m.Step(ebm.NewUpdate(nil))
			nearPrototypes(t, c.Tolerance, "W", m.w, want.Means)
			weights(t, m, want.Weights)
			c.Near(t, "σ²", m.State().Params["var"].Values[0], want.Var)
		}
	})
	t.Run("fixed", func(t *testing.T) { // is soft K-means
		m := newSoftKMeans()
		m.k, m.beta, m.eta = len(c.Init), c.Fixed.Beta, 1
		m.Init(data, rand.New(rand.NewPCG(1, 1)))
		if err := m.SetState(stateOf(c.Init)); err != nil {
			t.Fatal(err)
		}
		for i, want := range c.Fixed.Traj {
			m.Step(ebm.NewUpdate(&inOrder{})) // whose jitter is 0
			nearPrototypes(t, c.Tolerance, fmt.Sprintf("W after step %d", i), m.w, want.Means)
			sum := float64(len(data)) * (meanEnergy(m, data) - math.Log(float64(m.k))/m.beta)
			c.Near(t, "ΣF", sum, want.FreeEnergy)
		}
	})
	t.Run("spherical", func(t *testing.T) {
		m, done := gmmAt(t, covarianceSpherical, data, c.Init, c.Spherical.Variance), 0
		for _, want := range c.Spherical.Snapshots {
			for ; done < want.Iters; done++ {
				m.Step(ebm.NewUpdate(nil))
			}
			nearPrototypes(t, c.Tolerance, fmt.Sprintf("W after %d steps", done), m.w, want.Means)
			weights(t, m, want.Weights)
			for k, v := range m.State().Params["var"].Values {
				c.Near(t, fmt.Sprintf("σ²_%d", k), v, want.Vars[k])
			}
			c.Near(t, "log likelihood", -meanEnergy(m, data), want.Score)
		}
	})
}

// TestMixtureIsADensity: the energy is -log p in nats, so e^-F sums to one.
func TestMixtureIsADensity(t *testing.T) {
	for _, covariance := range covariances {
		m := newGMM()
		m.k, m.covariance = 7, covariance
		m.Init(scatter(300, 1), rand.New(rand.NewPCG(1, 0)))
		steps(m, 10, 1)
		const n, half = 400, 4 // points a side, over [-half, half]²
		at, sum := grid(n), 0.0
		for i := range at {
			at[i] = r2.Scale(half/ebm.L, at[i])
		}
		e := make([]float64, len(at))
		m.Energy(e, at)
		for _, v := range e {
			sum += math.Exp(-v) * (2 * half / float64(n)) * (2 * half / float64(n))
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("%s: e^-F sums to %v, want 1", covariance, sum)
		}
	}
}

// TestFloor puts a component on a single point far from the others: its variance must
// stop at the floor, and so must that of one on two points in the direction across them.
func TestFloor(t *testing.T) {
	data := append(scatter(200, 1), r2.Vec{X: 4, Y: 4}, r2.Vec{X: -4, Y: 4}, r2.Vec{X: -4.2, Y: 4.2})
	for _, covariance := range covariances[1:] {
		m := gmmAt(t, covariance, data, [][]float64{{0, 0}, {4, 4}, {-4.1, 4.1}}, 0.1)
		m.floor = 1e-4
		steps(m, 50, 1)
		var s [4]float64
		if m.Scalars(s[:]); math.Abs(s[1]-0.01) > 1e-9 {
			t.Errorf("%s: the narrowest component has σ = %v, want 0.01", covariance, s[1])
		}
		along, across := r2.Vec{X: -1, Y: 1}, r2.Vec{X: 1, Y: 1}
		spread := func(d r2.Vec) float64 {
			c := m.cov[2]
			return (c.xx*d.X*d.X + 2*c.xy*d.X*d.Y + c.yy*d.Y*d.Y) / r2.Norm2(d)
		}
		want := [2]float64{0.01, 0.01} // half of the squared distance 0.02 from their middle
		if covariance == covarianceFull {
			want = [2]float64{0.02, 1e-4}
		}
		if got := [2]float64{spread(along), spread(across)}; math.Abs(got[0]-want[0]) > 1e-9 || math.Abs(got[1]-want[1]) > 1e-9 {
			t.Errorf("%s: the variances along and across two points are %v, want %v", covariance, got, want)
		}
	}
}

// TestEmptyComponents puts two components where no point calls for them.
func TestEmptyComponents(t *testing.T) {
	for _, covariance := range covariances {
		for _, policy := range []string{emptyReseed, emptyKeep} {
			data := scatter(100, 1)
			m := gmmAt(t, covariance, data, [][]float64{{0, 0}, {40, 40}, {1, 1}, {50, 50}}, 0.1)
			m.empty, m.floor = policy, 1e-4
			steps(m, 1, 1)
			away, total := 0, 0.0
			for k, x := range m.w.x {
				if x > 10 {
					away++
				}
				total += m.pi[k]
			}
			steps(m, 5, 1)
			want := map[string]int{emptyReseed: 0, emptyKeep: 2}[policy]
			if away != want || m.reseeded != 2-want || math.Abs(total-1) > 1e-12 {
				t.Errorf("%s, %s: %d components are still away, %d were re-seeded, the weights sum to %v; want %d, %d, 1",
					covariance, policy, away, m.reseeded, total, want, 2-want)
			}
			if policy == emptyReseed && m.w.squared(1, m.w.at(3)) < 1e-6 {
				t.Errorf("%s: both empty components were moved to one place", covariance)
			}
			if n := len(m.Latents(data[0])); n != 4-want {
				t.Errorf("%s, %s: %d values of z, want those %d that have weight", covariance, policy, n, 4-want)
			}
			if e := meanEnergy(m, data); math.IsNaN(e) || math.IsInf(e, 0) {
				t.Errorf("%s, %s: the mean energy is %v", covariance, policy, e)
			}
		}
	}
}

// TestOutlines: each outline is closed and lies where a component has sunk by two
// standard deviations.
func TestOutlines(t *testing.T) {
	m := newGMM()
	m.k, m.covariance = 5, covarianceFull
	m.Init(scatter(300, 1), rand.New(rand.NewPCG(1, 0)))
	steps(m, 20, 1)
	vertices := map[int][]r2.Vec{}
	for _, mark := range m.Marks(nil) {
		if mark.Kind == ebm.MarkLine {
			vertices[mark.Group] = append(vertices[mark.Group], mark.At)
		}
	}
	for k := range m.k {
		v := vertices[k]
		if len(v) < 10 || r2.Norm(r2.Sub(v[0], v[len(v)-1])) > 1e-12 {
			t.Fatalf("the outline of component %d has %d vertices and is not closed", k, len(v))
		}
		for _, at := range v {
			if down := m.gaussians[k].top - m.gaussians[k].joint(at); math.Abs(down-2) > 1e-9 { // ½ 2²
				t.Errorf("component %d: its outline is %v nats down at %v, want 2", k, down, at)
			}
		}
	}
}

// TestCovarianceGrows changes the kind of covariance while the model learns: the outlines
// go on from what they are, and each greater freedom only helps.
func TestCovarianceGrows(t *testing.T) {
	data := scatter(300, 1)
	for i := range data {
		data[i].Y *= 0.2 + data[i].X*data[i].X
	}
	m := newGMM()
	m.k = 6
	m.Init(data, rand.New(rand.NewPCG(1, 0)))
	last := math.Inf(1)
	for _, covariance := range covariances {
		m.covariance = covariance
		for range 20 {
			steps(m, 1, 1)
			if now := loss4(m); now > last+1e-12 {
				t.Errorf("%s: the loss rose from %v to %v", covariance, last, now)
			} else {
				last = now
			}
		}
	}
}

// TestMixtureSetStateErrors: the error names what makes a state invalid.
func TestMixtureSetStateErrors(t *testing.T) {
	m := newGMM()
	m.k, m.covariance = 2, covarianceFull
	m.Init(scatter(50, 1), rand.New(rand.NewPCG(1, 0)))
	for name, bad := range map[string]ebm.Tensor{
		"pi":  {Shape: []int{2}, Values: []float64{1.5, -0.5}},
		"pi ": {Shape: []int{2}, Values: []float64{0.5, 0.6}},
		"var": {Shape: []int{2, 2, 2}, Values: []float64{1, 2, 2, 1, 1, 0, 0, 1}},
		// not symmetric, not positive, of no length
		"var ":   {Shape: []int{2, 2, 2}, Values: []float64{1, 0, 0.5, 1, 1, 0, 0, 1}},
		"var  ":  {Shape: []int{2}, Values: []float64{1, -1}},
		"var   ": {Shape: []int{1}, Values: []float64{0}},
	} {
		name = strings.TrimSpace(name)
		s := m.State()
		s.Params[name] = bad
		if err := m.SetState(s); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Errorf("%s = %v gives the error %v, want one that names it", name, bad.Values, err)
		}
	}
}

// loss4 is the first of four scalars.
func loss4(m ebm.Scalarer) float64 {
	var s [4]float64
	m.Scalars(s[:])
	return s[0]
}

// TestMixtureIsSoftKMeans: with equal weights and one variance 1/2β the energy of the mixture is β
// times that of soft K-means, and the constant of the normal density.
func TestMixtureIsSoftKMeans(t *testing.T) {
	means := [][]float64{{.3, -.2}, {-.7, .5}, {.1, .9}}
	for _, beta := range []float64{.5, 5, 50} {
		mixture := gmmAt(t, covarianceShared, scatter(10, 1), means, 1/(2*beta))
		soft := newSoftKMeans()
		soft.k, soft.beta = len(means), beta
		soft.Init(scatter(10, 1), rand.New(rand.NewPCG(1, 1)))
		if err := soft.SetState(stateOf(means)); err != nil {
			t.Fatal(err)
		}
		at := scatter(50, 2)
		f, g := make([]float64, len(at)), make([]float64, len(at))
		mixture.Energy(f, at)
		soft.Energy(g, at)
		for i := range at {
			if want := beta*g[i] + math.Log(math.Pi/beta); !(math.Abs(f[i]-want) < 1e-9*(1+math.Abs(want))) {
				t.Errorf("β = %v: F(%v) = %v, soft K-means gives %v", beta, at[i], f[i], want)
			}
		}
	}
}
