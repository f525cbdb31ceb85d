package contrastive

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
	"ebmviz/ebm/sampler"
	"gonum.org/v1/gonum/spatial/r2"
)

func TestRefHinge(t *testing.T) {
	t.Run("hinge", func(t *testing.T) {
		t.Run("float64", refHinge[float64])
		t.Run("float32", refHinge[float32])
	})
}

func refHinge[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers layers
		Act    string
		Y, Neg [][]float64
		M      float64
		EPos   []float64 `json:"E_pos"`
		ENeg   []float64 `json:"E_neg"`
		Active []bool
		Loss   float64
		Grad   layers
	}
	ref.Load(t, "hinge", &c)
	near := ref.Checker[T](t, c.Tolerance)
	h := newHinge[T]()
	h.m, h.r = c.M, 0
	h.begin(c.Layers.spec(c.Act), ref.Vecs(c.Y))
	load(&h.network, c.Layers, .1, len(c.Y))
	h.Step(ebm.NewUpdate(&scriptedPoints{at: c.Neg}))
	near.Points("paired with", h.walkers.Y, c.Neg)
	near.List("E(y)", h.low, c.EPos)
	near.List("E(ȳ)", h.high, c.ENeg)
	if !slices.Equal(h.active, c.Active) {
		t.Errorf("active pairs %v, want %v", h.active, c.Active)
	}
	near.One("loss", h.loss, c.Loss)
	near.List("gradient", ref.Wide(h.Gradient), c.Grad.flat())
}

func TestGradientOfHinge(t *testing.T) {
	h := newHinge[float64]()
	h.r, h.m, h.Batch = .02, .1, 9
	u := ebm.NewUpdate(rand.New(rand.NewPCG(1, 2)))
	h.begin(small, spiral(t))
	h.randomise(u.Rand)
	h.Draw(u.Rand)
	h.pair(u)
	h.contrast(ebm.Serial)
	if h.share == 0 || h.share == 1 {
		t.Fatalf("%v of the pairs are active: the test has no kink to be wrong at", h.share)
	}
	checkSlope(t, h.mlp.Params(), slices.Clone(h.Gradient), func() float64 {
		h.contrast(ebm.Serial)
		return h.loss
	})
}

// TestHardNegatives computes the perturbed points step by step.
func TestHardNegatives(t *testing.T) {
	h := newHinge[float64]()
	r := start(t, h, 1, "negatives", negativesHard, "chain", 7).steps(30)
	rng := rand.New(rand.NewPCG(8, 8))
	r.u.Rand = rng
	h.Draw(rng)
	h.pair(r.u)

	rng = rand.New(rand.NewPCG(8, 8))
	for range h.Y {
		rng.IntN(len(h.Data))
	}
	perturbNoise := make([]r2.Vec, len(h.Y))
	sampler.Normal(perturbNoise, rng)
	e, g := make([]float64, 1), make([]r2.Vec, 1)
	w := net.NewWorkspace[float64](h.mlp.Spec())
	for i, y := range h.Y {
		at := sampler.Reflect(r2.Add(y, r2.Scale(h.perturbSize, perturbNoise[i])))
		for range 7 {
			h.mlp.EnergyGrad(w, e, g, []r2.Vec{at})
			step := r2.Scale(h.eta*min(1, h.clip/r2.Norm(g[0])), g[0])
			at = sampler.Reflect(r2.Sub(at, step))
		}
		if d := r2.Norm(r2.Sub(at, h.walkers.Y[i])); d > 1e-9 {
			t.Fatalf("point %d ran to %v, want %v", i, h.walkers.Y[i], at)
		}
	}
}

// TestHingeTrace: of each pair that is pushed apart, the trace has the way of the partner: from the
// training point to the perturbed one and down to where the energy is pushed up.
func TestHingeTrace(t *testing.T) {
	for _, chain := range []int{0, 3} {
		h := newHinge[float32]()
		r := start(t, h, 1, "negatives", negativesHard, "batch", 200, "chain", chain).steps(200)
		if h.share == 1 {
			t.Fatal("every pair is pushed apart: the test would not see the numbers of the others")
		}
		var ups []ebm.Push
		for _, p := range r.u.Trace.Pushes {
			if p.Amount > 0 {
				ups = append(ups, p)
			}
		}
		paths := map[int][]r2.Vec{}
		for _, v := range r.u.Trace.Visits {
			paths[v.Path] = append(paths[v.Path], v.At)
		}
		if len(paths) == 0 || len(paths) > ebm.MaxPaths {
			t.Fatalf("%d paths", len(paths))
		}
		for k := range len(paths) {
			way := paths[k]
			if len(way) != chain+2 || way[0] != ups[k].From || way[len(way)-1] != ups[k].At || way[1] == way[0] {
				t.Fatalf("with %d steps, path %d is %v; the energy is pushed up at %v, from %v", chain, k, way, ups[k].At, ups[k].From)
			}
		}
	}
}

// TestPairsAMarginApartAreNotPushed trains with both kinds of places: the trace shows the pairs that are
// pushed, and no others, and they become fewer.
func TestPairsAMarginApartAreNotPushed(t *testing.T) {
	for _, negatives := range []string{negativesUniform, negativesHard} {
		t.Run(negatives, func(t *testing.T) {
			h := newHinge[float32]()
			r := start(t, h, 1, "negatives", negatives, "batch", 100, "m", 2., "r", .03).steps(1)
			first := h.share
			r.steps(300)
			if h.share > .8*first {
				t.Errorf("%v of the pairs were active at first, %v are now", first, h.share)
			}
			down, up, count := 0., 0., 0
			for _, p := range r.u.Trace.Pushes {
				if p.Amount < 0 {
					down -= p.Amount
					continue
				}
				up += p.Amount
				count++
				i := slices.Index(h.walkers.Y, p.At)
				if i < 0 || !h.active[i] {
					t.Fatalf("a push up at %v, where no active pair is", p.At)
				}
				if negatives == negativesHard && p.From != h.Y[i] {
					t.Fatalf("the place %v came from %v, not from %v", p.At, h.Y[i], p.From)
				}
			}
			if math.Abs(float64(count)-100*h.share) > 1e-9 || math.Abs(up-1) > 1e-9 || math.Abs(down-1) > 1e-9 {
				t.Errorf("%d pairs shown of %v, weighing %v up and %v down", count, 100*h.share, up, down)
			}
		})
	}
}
