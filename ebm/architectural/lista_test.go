package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

func TestRefLISTA(t *testing.T) {
	t.Run("lista", func(t *testing.T) {
		t.Run("float64", refLISTA[float64])
		t.Run("float32", refLISTA[float32])
	})
}

func refLISTA[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		We, S, W, Y [][]float64
		Theta       []float64
		Z           [][][]float64 `json:"z_iters"`
		Energy      []float64
		Lam         float64
	}
	ref.Load(t, "lista", &c)
	near, at := ref.Checker[T](t, c.Tolerance), ref.Vecs(c.Y)
	m := newLISTA[T]()
	m.variant, m.k, m.depth, m.lambda = variantLISTA, len(c.Theta), len(c.Z)-1, c.Lam
	m.begin(net.Spec{}, at)
	load(&m.Learner, slices.Concat(slices.Concat(c.W...), slices.Concat(c.We...), slices.Concat(c.S...), c.Theta), 1, 1)
	m.tabulate()

	e := make([]float64, len(at))
	m.Energy(e, at)
	near.List("energy", e, c.Energy)
	for i, y := range at {
		var p tape
		m.shown.predict(&p, y, m.depth, m.lambda)
		for s, z := range c.Z {
			near.List(fmt.Sprintf("z_%d of point %d", s, i), p.z[s], z[i])
		}
	}
}

// TestLISTABeginsAsISTA: before it learns, the unrolled network is ISTA to the last digit.
func TestLISTABeginsAsISTA(t *testing.T) {
	for depth := 1; depth <= 8; depth++ {
		m := newLISTA[float64]()
		m.variant, m.depth = variantLISTA, depth
		m.Init(nil, rand.New(rand.NewPCG(4, 4)))
		m.exactCode.lambda, m.exactCode.inference = m.lambda, inferISTA
		z := make([]float64, m.k)
		for _, y := range scatter(50, 1) {
			var p tape
			_, e := m.shown.predict(&p, y, depth, m.lambda)
			m.exactCode.iterations = depth + 1
			if want := m.exactCode.freeEnergy(z, y); math.Abs(e-want) > 1e-12 {
				t.Fatalf("depth %d: E(%v) = %v, with ISTA %v", depth, y, e, want)
			}
			for k := range z {
				if math.Abs(p.z[depth][k]-z[k]) > 1e-12 {
					t.Fatalf("depth %d: z = %v, of ISTA %v", depth, p.z[depth], z)
				}
			}
		}
	}
}

func TestLISTAGradient(t *testing.T) {
	at := scatter(6, 3)
	spec := net.Spec{In: 2, Harmonics: 1, Hidden: []int{4}, Out: 5, Act: net.Tanh}
	for _, variant := range []string{variantLCC, variantLISTA} {
		t.Run(variant, func(t *testing.T) {
			start := func() *lista[float64] {
				m := newLISTA[float64]()
				m.variant, m.k = variant, 5
				m.begin(spec, at)
				m.exactCode.Init(nil, rand.New(rand.NewPCG(1, 1)))
				return m
			}
			params := make([]float64, len(start().Params))
			rng := rand.New(rand.NewPCG(6, 6))
			for i := range params {
				params[i] = .5 * rng.NormFloat64()
			}
			if variant == variantLISTA {
				for i := range 5 {
					params[len(params)-1-i] = .03 * float64(i)
				}
			}
			slopes(t, params, func(params []float64) (*learn.Learner[float64], float64) {
				m := start()
				load(&m.Learner, params, 1e-2, len(at))
				m.Step(ebm.NewUpdate(&inOrder{}))
				return &m.Learner, m.loss
			})
		})
	}
}

// TestPredictionIsNeverBetterThanTheBestCode holds F_am to the exact F of the same anchors or
// atoms, everywhere, and the reported gap with the exact one.
func TestPredictionIsNeverBetterThanTheBestCode(t *testing.T) {
	at := scatter(500, 1)
	e := make([]float64, len(at))
	for _, variant := range []string{variantLCC, variantLISTA} {
		m := newLISTA[float32]()
		m.variant = variant
		onSpiral(t, m, 1)
		var s [3]float64
		m.Scalars(s[:])
		first := s[1]
		for range 100 {
			steps(m, 1, uint64(m.ScheduleStep()))
			if m.Scalars(s[:]); s[1] < -1e-12 {
				t.Fatalf("%s: the gap is %v", variant, s[1])
			}
		}
		if !(s[1] < .7*first) {
			t.Errorf("%s: the gap was %v and is %v after 100 steps", variant, first, s[1])
		}
		best := func(y r2.Vec) float64 {
			free := lcc{k: m.k, lambda: m.lambda, w: m.shown.w}
			return free.exact(y).e
		}
		if variant == variantLISTA {
			m.exactCode.w.copyFrom(m.shown.w)
			m.exactCode.inference = inferExact
			m.exactCode.tabulate()
			best = func(y r2.Vec) float64 { return m.exactCode.freeEnergy(make([]float64, m.k), y) }
			if !(s[0] < s[2]) {
				t.Errorf("the trained guess costs %v, ISTA's %v", s[0], s[2])
			}
		}
		m.Energy(e, at)
		for i, y := range at {
			if f := best(y); e[i] < f-1e-12 {
				t.Fatalf("%s: the guessed code of %v costs %v, the best one %v", variant, y, e[i], f)
			}
		}
	}
}

// TestProjection: atoms keep the length 1 and no threshold is negative, whatever is learnt.
func TestProjection(t *testing.T) {
	m := newLISTA[float64]()
	m.variant, m.LR = variantLISTA, .1
	onSpiral(t, m, 5)
	thresholds := m.Arrays[3].Values
	for i := range thresholds {
		thresholds[i] = -1 // a step of Adam does not bring it above 0
	}
	steps(m, 1, 3)
	m.loadAverages()
	for k, theta := range m.learnt.theta {
		if n := r2.Norm(m.learnt.w.at(k)); math.Abs(n-1) > 1e-12 || theta != 0 {
			t.Errorf("atom %d has length %v and the threshold %v", k, n, theta)
		}
		if m.shown.theta[k] < 0 {
			t.Errorf("atom %d is shown with the threshold %v", k, m.shown.theta[k])
		}
	}
}

func BenchmarkLISTAEnergy(b *testing.B) {
	for _, variant := range []string{variantLCC, variantLISTA} {
		b.Run(variant, func(b *testing.B) {
			m := newLISTA[float32]()
			m.variant = variant
			onSpiral(b, m, 100)
			at := grid(128)
			dst := make([]float64, len(at))
			for b.Loop() {
				m.Energy(dst, at)
			}
		})
	}
}
