package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/infer"
	"ebmviz/ebm/internal/learn"
	"ebmviz/ebm/internal/ref"
	"ebmviz/ebm/net"
)

func TestRefGLO(t *testing.T) {
	t.Run("glo", func(t *testing.T) {
		t.Run("float64", refGLO[float64])
		t.Run("float32", refGLO[float32])
	})
}

// rescaled undoes, in the weights of the first layer, that codes are stretched before
// the network sees them; by 1/stretch it turns the gradient back.
func (l layers) rescaled(by float64) []float64 {
	flat := slices.Clone(l.flat())
	for i := range l[0].W {
		flat[i] *= by
	}
	return flat
}

// gloAt returns a GLO over so many codes whose curve is the reference's.
func gloAt[T net.Float](data []r2.Vec, l layers, grid int) *glo[T] {
	m := newGLO[T]()
	m.grid, m.start = grid, codesRandom
	m.begin(l.spec(net.Tanh), data)
	load(&m.Learner, l.rescaled(1/codeScale), 1e-3, len(data))
	m.z = make([]float64, len(data))
	m.tabulate(ebm.Serial)
	return m
}

func refGLO[T net.Float](t *testing.T) {
	var c struct {
		ref.Tolerance
		Layers  layers
		Queries [][]float64
		N       int       `json:"z_grid_n"`
		Argmin  []int     `json:"grid_argmin"`
		F       []float64 `json:"grid_F"`
		GradZ   []float64 `json:"grad_z_at_argmin"`
		Grad    layers    `json:"grad_theta"`
		ExactF  []float64 `json:"exact_F"`
		ExactZ  []float64 `json:"exact_z"`
		Beta    float64
		FBeta   []float64
	}
	ref.Load(t, "glo", &c)
	near, at := ref.Checker[T](t, c.Tolerance), ref.Vecs(c.Queries)

	m := gloAt[T](at, c.Layers, c.N)
	var f, gradZ, free []float64
	var codes []int
	for _, y := range at {
		all, best := infer.Latents(m, y)
		e := make([]float64, len(all))
		for k, l := range all {
			e[k] = l.E
		}
		codes, f, free = append(codes, best), append(f, all[best].E), append(free, infer.FreeEnergy(e, c.Beta))
		slope := r2.Scale(float64(c.N-1)/2, m.curve.slope.at(best))
		gradZ = append(gradZ, 2*r2.Dot(r2.Sub(all[best].Y, y), slope))
	}
	if !slices.Equal(codes, c.Argmin) {
		t.Errorf("best codes %v, want %v", codes, c.Argmin)
	}
	near.List("F over the grid", f, c.F)
	near.List("∂E/∂z", gradZ, c.GradZ)
	near.List("F_β", free, c.FBeta)

	m.steps = initialCodeSteps
	m.Step(ebm.NewUpdate(&inOrder{}))
	for i, k := range c.Argmin {
		near.One("z of the batch", m.codes[i], gridCode(k, c.N))
	}
	grad := ref.Wide(m.Gradient)
	for i := range c.Layers[0].W {
		grad[i] /= codeScale
	}
	near.List("∂L/∂θ", grad, c.Grad.flat())

	// In between the nodes: F and z are to be right to 1e-7 and 1e-5.
	m = gloAt[T](at, c.Layers, 801)
	exact := near
	if _, double := any(m).(*glo[float64]); double {
		exact = ref.Check{T: t, Tol: func([]float64) ref.Tolerance { return ref.Tolerance{Abs: 1e-7} }}
	}
	var z []float64
	f = make([]float64, len(at))
	m.Energy(f, at)
	for _, y := range at {
		z = append(z, 2*m.curve.nearest(y).t/800-1)
	}
	exact.List("F", f, c.ExactF)
	if _, double := any(m).(*glo[float64]); double {
		exact = ref.Check{T: t, Tol: func([]float64) ref.Tolerance { return ref.Tolerance{Abs: 1e-5} }}
	}
	exact.List("z", z, c.ExactZ)
}

func TestGLOGradient(t *testing.T) {
	at := scatter(5, 3)
	spec := net.Spec{In: 1, Harmonics: 2, Hidden: []int{4}, Out: 2, Act: net.SiLU}
	params := make([]float64, spec.Params())
	rng := rand.New(rand.NewPCG(5, 5))
	for i := range params {
		params[i] = rng.NormFloat64()
	}
	slopes(t, params, func(params []float64) (*learn.Learner[float64], float64) {
		m := newGLO[float64]()
		m.begin(spec, at)
		load(&m.Learner, params, 1e-2, len(at))
		m.z = []float64{-1, -.3, .1, .5, 1}
		m.Step(ebm.NewUpdate(&inOrder{}))
		return &m.Learner, m.loss
	})
}

// onSpiral is a method after so many steps on the spiral.
func onSpiral(t testing.TB, m ebm.Model, n int) ebm.Model {
	t.Helper()
	return onData(t, m, "spiral", n)
}

func onData(t testing.TB, m ebm.Model, id string, n int) ebm.Model {
	t.Helper()
	card, err := data.Lookup(id)
	if err != nil {
		t.Fatal(err)
	}
	set := card.New()
	set.Knobs(ebm.NewKnobs(id))
	m.Init(set.Points(), rand.New(rand.NewPCG(1, 1)))
	steps(m, n, 2)
	return m
}

// TestGLONearest compares the nearest point of the curve with the least of many points of
// the network's own curve, on the canyon, between its arms and beyond its ends.
func TestGLONearest(t *testing.T) {
	const fine = 20_001
	for _, start := range []string{codesGeodesic, codesRandom} {
		trained := newGLO[float32]()
		trained.start = start
		params := ebm.State{Params: onSpiral(t, trained, 250).(ebm.Stater).State().Params}
		with := func(grid int) *glo[float64] {
			m := newGLO[float64]()
			m.grid = grid
			m.Init(nil, rand.New(rand.NewPCG(1, 1)))
			if err := m.SetState(params); err != nil {
				t.Fatal(err)
			}
			return m
		}
		m, dense := with(201), with(fine)
		at := append(scatter(60, 1), trained.Data[:30]...)
		e := make([]float64, len(at))
		m.Energy(e, at)
		for i, y := range at {
			_, want := dense.curve.point.nearest(y)
			if !(math.Abs(e[i]-want) < 1e-6) {
				t.Errorf("%s: F(%v) = %v, but the nearest of %d points of the curve gives %v", start, y, e[i], fine, want)
			}
		}
	}
}

// TestGLOSearch compares the search by pieces with one that leaves no piece out.
func TestGLOSearch(t *testing.T) {
	m := newGLO[float32]()
	m.start, m.grid = codesRandom, 174 // the last piece is shorter
	onSpiral(t, m, 300)
	for _, y := range append(scatter(1000, 1), m.Data...) {
		want := curvePoint{d2: math.Inf(1)}
		for i := range m.curve.pieces {
			m.curve.search(i, y, &want)
		}
		if got := m.curve.nearest(y); got.d2 != want.d2 {
			t.Fatalf("the nearest point to %v is %v, but %v among all pieces", y, got, want)
		}
		if _, d2 := m.curve.point.nearest(y); want.d2 > d2 {
			t.Fatalf("the squared distance of %v is %v, but %v from a node", y, want.d2, d2)
		}
	}
}

// TestInitialCodes: along the spiral, whose radius grows all the way, codes must rise or fall.
func TestInitialCodes(t *testing.T) {
	for _, n := range []int{1000, 20_000} {
		card, _ := data.Lookup("spiral")
		set := card.New()
		knobs := ebm.NewKnobs("spiral")
		set.Knobs(knobs)
		if err := knobs.Set("data.n", n); err != nil {
			t.Fatal(err)
		}
		at := set.Points()
		for _, how := range []string{codesGeodesic, codesSpectral} {
			z := initialCodes(how, at, nil)
			var zs, rs, zz, rr, zr float64
			for i, y := range at {
				r := r2.Norm2(y) // = s0² + (1-s0²) u, straight in arc length
				zs, rs, zz, rr, zr = zs+z[i], rs+r, zz+z[i]*z[i], rr+r*r, zr+z[i]*r
			}
			k := float64(n)
			if c := math.Abs(zr-zs*rs/k) / math.Sqrt((zz-zs*zs/k)*(rr-rs*rs/k)); c < .97 {
				t.Errorf("%s of %d points: the correlation of codes and arc length is %.3f", how, n, c)
			}
			if lo, hi := slices.Min(z), slices.Max(z); lo != -1 && how == codesGeodesic || lo < -1 || hi > 1 || hi-lo < 1.9 {
				t.Errorf("%s of %d points: codes from %v to %v", how, n, lo, hi)
			}
		}
	}
}

func TestInitialCodesOfFewPoints(t *testing.T) {
	for _, at := range [][]r2.Vec{nil, {{X: 1}}, {{X: 1}, {X: 1}}, {{}, {X: 1}, {X: 2}}, make([]r2.Vec, 50)} {
		for _, how := range []string{codesGeodesic, codesSpectral, codesAngle, codesRandom} {
			z := initialCodes(how, at, rand.New(rand.NewPCG(1, 1)))
			for i, v := range z {
				if !(math.Abs(v) <= 1) {
					t.Errorf("%s of %d points: z[%d] = %v", how, len(at), i, v)
				}
			}
			if len(at) == 3 && how == codesGeodesic && math.Abs(z[1]) > 1e-12 {
				t.Errorf("the middle of three points has code %v", z[1])
			}
		}
	}
}

// TestNeighbourGraphIsConnected: two clusters of points are linked by their shortest gap only.
func TestNeighbourGraphIsConnected(t *testing.T) {
	at := scatter(40, 1)
	for i := range at {
		at[i] = r2.Scale(.1, at[i])
		if i%2 == 1 {
			at[i].X++
		}
	}
	gap := math.Inf(1)
	for i := 0; i < len(at); i += 2 {
		for j := 1; j < len(at); j += 2 {
			gap = min(gap, r2.Norm(r2.Sub(at[i], at[j])))
		}
	}
	var across []string
	for edges := neighbourGraph(at).WeightedEdges(); edges.Next(); {
		if e := edges.WeightedEdge(); (e.From().ID()+e.To().ID())%2 == 1 {
			across = append(across, fmt.Sprint(e.Weight()))
		}
	}
	if !slices.Equal(across, []string{fmt.Sprint(gap)}) {
		t.Errorf("the clusters are linked by edges of length %v; their gap is %v", across, gap)
	}
}

// TestGLOKeepsTheInitialCodes: codes stay for as long as the curve needs to take shape, then follow it,
// at once in a model that was restored without its past.
func TestGLOKeepsTheInitialCodes(t *testing.T) {
	m := newGLO[float32]()
	onSpiral(t, m, initialCodeSteps)
	first := initialCodes(codesGeodesic, m.Data, nil)
	if !slices.Equal(m.z, first) {
		t.Error("codes change before their time")
	}
	params := m.State().Params
	if steps(m, 1, 3); slices.Equal(m.z, first) {
		t.Error("codes do not follow the curve")
	}
	if err := m.SetState(ebm.State{Params: params}); err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(m.z)
	if steps(m, 1, 4); slices.Equal(m.z, before) {
		t.Error("codes do not follow the curve of a restored model")
	}
}

func BenchmarkGLOEnergy(b *testing.B) {
	m := onSpiral(b, newGLO[float32](), 300)
	at := grid(128)
	dst := make([]float64, len(at))
	for b.Loop() {
		m.Energy(dst, at)
	}
}

func BenchmarkInitialCodes(b *testing.B) {
	at := scatter(data.MaxPoints, 1)
	for _, how := range []string{codesGeodesic, codesSpectral} {
		b.Run(how, func(b *testing.B) {
			for b.Loop() {
				initialCodes(how, at, nil)
			}
		})
	}
}

// TestGLODistances: where the search begins changes nothing, whether the points are
// neighbours or far from each other.
func TestGLODistances(t *testing.T) {
	m := newGLO[float32]()
	m.grid = 200
	onSpiral(t, m, 100)
	at := append(grid(32), scatter(500, 2)...)
	got := make([]float64, len(at))
	m.curve.distances(got, at)
	for i, y := range at {
		if want := m.curve.nearest(y).d2; got[i] != want {
			t.Fatalf("the squared distance of %v is %v after another point, but %v alone", y, got[i], want)
		}
	}
}
