package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
)

// inOrder is an ebm.Rand that draws 0, 1, 2, …
type inOrder struct{ next int }

func (o *inOrder) Float64() float64     { return 0.5 }
func (o *inOrder) NormFloat64() float64 { return 0 }
func (o *inOrder) IntN(n int) int       { o.next++; return (o.next - 1) % n }

// kmeansAt returns a K-means on the data whose prototypes stand at init.
func kmeansAt(t testing.TB, data []r2.Vec, init [][]float64, update string) *kmeans {
	t.Helper()
	m := newKMeans()
	m.k, m.update, m.empty = len(init), update, emptyKeep
	m.Init(data, rand.New(rand.NewPCG(1, 1)))
	if err := m.SetState(stateOf(init)); err != nil {
		t.Fatal(err)
	}
	return m
}

// stateOf is a checkpoint that holds nothing but these prototypes.
func stateOf(rows [][]float64) ebm.State {
	w := newPrototypes(len(rows))
	for k, p := range ref.Vecs(rows) {
		w.set(k, p)
	}
	return ebm.State{Params: map[string]ebm.Tensor{"W": w.tensor()}}
}

func nearRows(t *testing.T, tol ref.Tolerance, what string, got []r2.Vec, want [][]float64) {
	t.Helper()
	for i, p := range ref.Vecs(want) {
		tol.Near(t, fmt.Sprintf("%s[%d].y1", what, i), got[i].X, p.X)
		tol.Near(t, fmt.Sprintf("%s[%d].y2", what, i), got[i].Y, p.Y)
	}
}

func nearPrototypes(t *testing.T, tol ref.Tolerance, what string, w prototypes, want [][]float64) {
	t.Helper()
	got := make([]r2.Vec, len(w.x))
	for k := range got {
		got[k] = w.at(k)
	}
	nearRows(t, tol, what, got, want)
}

// loss is the first scalar: the mean energy of the training points.
func loss(m ebm.Scalarer) float64 {
	var s [3]float64
	m.Scalars(s[:])
	return s[0]
}

type kmeansCase struct {
	ref.Tolerance
	Points          [][]float64
	Init            [][]float64
	Queries         [][]float64
	QueryEnergy     []float64   `json:"query_energy"`
	QueryAssign     []int       `json:"query_assign"`
	QueryGrad       [][]float64 `json:"query_grad_y"`
	Assign0         []int
	Inertia0        float64
	Lloyd1          [][]float64
	InertiaPerIter  []float64   `json:"inertia_per_iter"`
	ConvergedSum    float64     `json:"converged_inertia"`
	ConvergedAt     [][]float64 `json:"converged_centers"`
	ConvergedLabels []int       `json:"converged_labels"`
	Online          struct {
		Eta     float64
		Centers [][]float64
	}
	MiniBatch struct {
		Grad [][]float64
	} `json:"minibatch_grad"`
	MacQueen struct {
		Centers [][]float64
	}
}

// TestRef compares with the reference numbers, a subtest for each file.
func TestRef(t *testing.T) {
	t.Run("kmeans", refKMeans)
	t.Run("kmeans_empty", refKMeansEmpty)
	t.Run("fbeta", refFBeta)
	t.Run("gmm_em", refGMM)
	t.Run("pca", refPCA)
	t.Run("sparse_coding", refSparse)
	t.Run("lcc_simplex", refLCC)
}

func refKMeans(t *testing.T) {
	var c kmeansCase
	ref.Load(t, "kmeans", &c)
	data, n := ref.Vecs(c.Points), float64(len(c.Points))

	t.Run("queries", func(t *testing.T) {
		m := kmeansAt(t, data, c.Init, updateLloyd)
		at := ref.Vecs(c.Queries)
		energy, grad := make([]float64, len(at)), make([]r2.Vec, len(at))
		m.Energy(energy, at)
		m.Grad(grad, at)
		nearRows(t, c.Tolerance, "grad", grad, c.QueryGrad)
		m.Reconstruct(grad, at)
		for i, want := range c.QueryEnergy {
			c.Near(t, fmt.Sprintf("F[%d]", i), energy[i], want)
			nearRows(t, c.Tolerance, "w_z*", grad[i:i+1], c.Init[c.QueryAssign[i]:c.QueryAssign[i]+1])
			c.Near(t, "E(y,z*)", m.Latents(at[i])[c.QueryAssign[i]].E, want)
		}
	})
	t.Run("lloyd", func(t *testing.T) {
		m := kmeansAt(t, data, c.Init, updateLloyd)
		c.Near(t, "inertia0", n*loss(m), c.Inertia0)
		for i, want := range c.InertiaPerIter {
			c.Near(t, fmt.Sprintf("inertia[%d]", i), n*loss(m), want)
			m.Step(ebm.NewUpdate(nil))
			if i == 0 {
				nearPrototypes(t, c.Tolerance, "lloyd1", m.w, c.Lloyd1)
				if !slices.Equal(m.z, c.Assign0) {
					t.Errorf("assign0 = %v, want %v", m.z, c.Assign0)
				}
			}
		}
		for m.Step(ebm.NewUpdate(nil)); m.moved > 0; m.Step(ebm.NewUpdate(nil)) {
		}
		c.Near(t, "converged inertia", n*loss(m), c.ConvergedSum)
		nearPrototypes(t, c.Tolerance, "converged", m.w, c.ConvergedAt)
		if !slices.Equal(m.z, c.ConvergedLabels) {
			t.Errorf("labels = %v, want %v", m.z, c.ConvergedLabels)
		}
	})
	t.Run("online", func(t *testing.T) {
		m := kmeansAt(t, data, c.Init, updateOnline)
		m.eta = c.Online.Eta
		u := ebm.NewUpdate(&inOrder{})
		for range 10 {
			m.Step(u)
		}
		nearPrototypes(t, c.Tolerance, "W", m.w, c.Online.Centers)
	})
	t.Run("macqueen", func(t *testing.T) {
		m := kmeansAt(t, data, c.Init, updateMacQueen)
		u := ebm.NewUpdate(&inOrder{})
		for range 20 {
			m.Step(u)
		}
		nearPrototypes(t, c.Tolerance, "W", m.w, c.MacQueen.Centers)
	})
	t.Run("minibatch", func(t *testing.T) {
		m := kmeansAt(t, data, c.Init, updateMiniBatch)
		m.batch, m.lr = 32, 1 // so that the step is the gradient itself
		m.Step(ebm.NewUpdate(&inOrder{}))
		grad := make([]r2.Vec, m.k)
		for k := range grad {
			grad[k] = r2.Sub(m.before.at(k), m.w.at(k))
		}
		nearRows(t, c.Tolerance, "∂F/∂w", grad, c.MiniBatch.Grad)
	})
}

func refKMeansEmpty(t *testing.T) {
	var c struct {
		ref.Tolerance
		Points, Init [][]float64
		Assign0      []int
		Keep         [][]float64 `json:"lloyd1_keep"`
		Empty        []int
	}
	ref.Load(t, "kmeans_empty", &c)
	for _, policy := range []string{emptyKeep, emptyReseed} {
		t.Run(policy, func(t *testing.T) {
			m := kmeansAt(t, ref.Vecs(c.Points), c.Init, updateLloyd)
			m.empty = policy
			m.Step(ebm.NewUpdate(nil))
			if !slices.Equal(m.z, c.Assign0) {
				t.Errorf("assign = %v, want %v", m.z, c.Assign0)
			}
			for k := range c.Init {
				if policy == emptyKeep || !slices.Contains(c.Empty, k) {
					nearRows(t, c.Tolerance, fmt.Sprintf("w_%d", k), []r2.Vec{m.w.at(k)}, c.Keep[k:k+1])
				}
			}
			if policy == emptyReseed && m.reseeded != len(c.Empty) {
				t.Errorf("%d prototypes re-seeded, want %d", m.reseeded, len(c.Empty))
			}
		})
	}
}

func refFBeta(t *testing.T) {
	var c struct {
		ref.Tolerance
		Prototypes, Queries [][]float64
		Cases               []struct {
			Beta  float64
			FSum  []float64   `json:"F_sum"`
			FMean []float64   `json:"F_mean"`
			Resp  [][]float64 `json:"resp"`
			GradY [][]float64 `json:"grad_y"`
			GradW [][]float64 `json:"grad_W_mean"`
		}
	}
	ref.Load(t, "fbeta", &c)
	at := ref.Vecs(c.Queries)
	for _, want := range c.Cases {
		t.Run(fmt.Sprintf("beta=%g", want.Beta), func(t *testing.T) {
			m := newSoftKMeans()
			m.k, m.beta = len(c.Prototypes), want.Beta
			m.Init(at, rand.New(rand.NewPCG(1, 1)))
			if err := m.SetState(stateOf(c.Prototypes)); err != nil {
				t.Fatal(err)
			}
			energy, grad, weights := make([]float64, len(at)), make([]r2.Vec, len(at)), make([]float64, m.k)
			m.Energy(energy, at)
			m.Grad(grad, at)
			nearRows(t, c.Tolerance, "∂F/∂y", grad, want.GradY)
			for i, y := range at { // the sum form is lower by (log K)/β
				c.Near(t, fmt.Sprintf("F_mean[%d]", i), energy[i], want.FMean[i])
				c.Near(t, fmt.Sprintf("F_sum[%d]", i), energy[i]-math.Log(float64(m.k))/m.beta, want.FSum[i])
				sum, _, _ := m.weigh(weights, y)
				for k, r := range want.Resp[i] {
					c.Near(t, fmt.Sprintf("r_%d[%d]", k, i), weights[k]/sum, r)
				}
			}
			m.gatherAll(ebm.Serial)
			gradW := make([]r2.Vec, m.k) // ∂/∂w_k of the mean of F is (2/n) Σ r_k (w_k - y)
			for k := range gradW {
				w, r, n := m.w.at(k), m.pull[k], float64(len(at))
				gradW[k] = r2.Scale(2/n, r2.Vec{X: r*w.X - m.pull[m.k+k], Y: r*w.Y - m.pull[2*m.k+k]})
			}
			nearRows(t, c.Tolerance, "∂F/∂W", gradW, want.GradW)
		})
	}
}
