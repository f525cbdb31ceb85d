package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// numbers returns n normal numbers of that size.
func numbers(seed uint64, n int, scale float64) []float32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(scale * rng.NormFloat64())
	}
	return x
}

// guarded returns a copy of x followed by a word that a kernel must not write.
func guarded(x []float32) []float32 { return append(append([]float32(nil), x...), guard)[:len(x)] }

const guard = 12345

// intact fails the test if the word behind x was written.
func intact(t *testing.T, x []float32) {
	t.Helper()
	if x[:len(x)+1][len(x)] != guard {
		t.Fatalf("the word behind a slice of %d was written", len(x))
	}
}

// near fails the test where |got - want| > tol·size.
func near(t *testing.T, what string, got []float32, want, size []float64, tol float64) {
	t.Helper()
	t.Helper()
	for i, g := range got {
		if !(math.Abs(float64(g)-want[i]) <= tol*size[i]) {
			t.Fatalf("%s[%d] = %v, want %v (off by %.2g of %v)", what, i, g, want[i], math.Abs(float64(g)-want[i]), size[i])
		}
	}
}

// everySet runs the test for each set of this machine.
func everySet(t *testing.T, body func(t *testing.T, s *Set[float32])) {
	for _, s := range Sets {
		t.Run(s.Name, func(t *testing.T) { body(t, s) })
	}
}

// checkGemm compares each set's product with the definition in float64.
func checkGemm(t *testing.T, m, k int, transposed, biased bool, seed uint64) {
	t.Helper()
	a, b := numbers(seed, m*k, 1), numbers(seed+1, k*Block, 1)
	var bias []float32
	if biased {
		bias = numbers(seed+2, m, 1)
	}
	ra, ca := k, 1
	if transposed {
		ra, ca = 1, m
	}
	want, size := make([]float64, m*Block), make([]float64, m*Block)
	for i := range m {
		for p := range Block {
			n := i*Block + p
			if biased {
				want[n] = float64(bias[i])
			}
			size[n] = 1 + math.Abs(want[n])
			for j := range k {
				v := float64(a[i*ra+j*ca]) * float64(b[j*Block+p])
				want[n] += v
				size[n] += math.Abs(v)
			}
		}
	}
	for _, s := range Sets {
		c := guarded(numbers(seed+3, m*Block, 100))
		s.Gemm(c, a, ra, ca, b, bias, m, k)
		intact(t, c)
		near(t, fmt.Sprintf("%s: Gemm %d×%d", s.Name, m, k), c, want, size, 1e-6)
		if !biased {
			times, d := numbers(seed+4, m*Block, 1), guarded(numbers(seed+3, m*Block, 100))
			s.GemmMul(d, a, ra, ca, b, times, m, k)
			intact(t, d)
			for i := range d {
				if d[i] != c[i]*times[i] {
					t.Fatalf("%s: GemmMul %d×%d [%d] = %v, want %v", s.Name, m, k, i, d[i], c[i]*times[i])
				}
			}
		}
	}
}

func TestGemm(t *testing.T) {
	for n := 1; n <= 65; n++ {
		for _, o := range []int{1, 2, 3, 5, 18} {
			checkGemm(t, n, o, n%2 == 0, o%2 == 0, uint64(n))
			checkGemm(t, o, n, n%2 == 1, n%3 == 0, uint64(n))
		}
	}
	checkGemm(t, 65, 64, false, true, 1)
	checkGemm(t, 128, 128, true, false, 2)
}

// checkDots compares each set's sums over the points with the definition in float64. The
// columns of c behind the nth must stay as they are.
func checkDots(t *testing.T, m, n, pad int, seed uint64) {
	t.Helper()
	ldc := n + pad
	a, b := numbers(seed, m*Block, 1), numbers(seed+1, n*Block, 1)
	start := numbers(seed+2, (m-1)*ldc+n, 1)
	want, size := make([]float64, len(start)), make([]float64, len(start))
	for i, v := range start {
		want[i], size[i] = float64(v), 1e-30+math.Abs(float64(v))
	}
	for i := range m {
		for j := range n {
			for p := range Block {
				v := float64(a[i*Block+p]) * float64(b[j*Block+p])
				want[i*ldc+j] += v
				size[i*ldc+j] += math.Abs(v)
			}
		}
	}
	for _, s := range Sets {
		c := guarded(start)
		s.Dots(c, ldc, a, b, m, n)
		intact(t, c)
		near(t, fmt.Sprintf("%s: Dots %d×%d", s.Name, m, n), c, want, size, 1e-6)
	}
}

func TestDots(t *testing.T) {
	for n := 1; n <= 65; n++ {
		for _, o := range []int{1, 2, 3, 4, 5, 7} {
			checkDots(t, n, o, n%3, uint64(n))
			checkDots(t, o, n, n%2, uint64(n))
		}
	}
	checkDots(t, 65, 64, 1, 1)
	checkDots(t, 128, 42, 0, 2)
}

func FuzzProducts(f *testing.F) {
	f.Add(uint8(32), uint8(18), uint8(1), uint64(1))
	f.Add(uint8(1), uint8(64), uint8(0), uint64(2))
	f.Fuzz(func(t *testing.T, m, k, flags uint8, seed uint64) {
		rows, columns := 1+int(m)%130, 1+int(k)%130
		checkGemm(t, rows, columns, flags&1 != 0, flags&2 != 0, seed)
		checkDots(t, rows, columns, int(flags>>2)%4, seed)
	})
}

// TestAdam compares a few steps of each set with those in float64, for lengths with and without
// a rest, and for gradients from next to nothing to huge.
func TestAdam(t *testing.T) {
	for n := 1; n <= 70; n++ {
		g, theta := numbers(uint64(n), n, 1), numbers(uint64(n)+1, n, 1)
		for i := range g {
			g[i] *= float32(math.Pow(10, float64(i%9-4)))
		}
		m, v, x, y := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = float64(theta[i]), float64(g[i])
		}
		for range 3 {
			Exact.Adam(x, m, v, y, .01, 20)
		}
		for _, s := range Sets {
			got, sm, sv := guarded(theta), guarded(make([]float32, n)), guarded(make([]float32, n))
			for range 3 {
				s.Adam(got, sm, sv, g, .01, 20)
			}
			for _, part := range []struct {
				what string
				got  []float32
				want []float64
			}{{"θ", got, x}, {"m", sm, m}, {"v", sv, v}} {
				intact(t, part.got)
				size := make([]float64, n)
				for i, w := range part.want {
					size[i] = 1e-30 + math.Abs(w)
					if part.what == "θ" {
						size[i] += math.Abs(float64(theta[i]))
					}
				}
				near(t, fmt.Sprintf("%s: %s of Adam with %d numbers", s.Name, part.what, n), part.got, part.want, size, 2e-6)
			}
		}
	}
}

// TestLanes makes sure that a point gets the same bits in every lane and every row.
func TestLanes(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		const in, harmonics, k, m = 2, 4, 18, 7
		f := make([]float32, k*Block)
		for p := range Block {
			f[p], f[Block+p] = .3, -.7
		}
		s.Features(f, in, harmonics, 3)
		w := make([]float32, m*k)
		for i := range w {
			w[i] = float32(math.Sin(float64(i % k)))
		}
		z, d := make([]float32, m*Block), make([]float32, m*Block)
		s.Gemm(z, w, k, 1, f, nil, m, k)
		for act := SiLU; act <= ReLU; act++ {
			a := make([]float32, m*Block)
			s.Activate(act, a, d, z)
			for i := range a {
				if a[i] != a[0] || d[i] != d[0] {
					t.Fatalf("%s: row %d, lane %d differs from the first", activationNames[act], i/Block, i%Block)
				}
			}
		}
	})
}

func TestFeatures(t *testing.T) {
	const half = 3
	rng := rand.New(rand.NewPCG(7, 7))
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for in := 1; in <= 2; in++ {
			for harmonics := 0; harmonics <= 10; harmonics++ {
				rows := in * (1 + 2*harmonics)
				f := make([]float32, rows*Block+1)
				f[rows*Block] = guard
				f = f[:rows*Block]
				for i := range in * Block {
					f[i] = float32(3 * (rng.Float64() - .5))
				}
				f[3], f[4], f[5] = 30, -40, 0
				want, size := make([]float64, len(f)), make([]float64, len(f))
				for i := range size {
					size[i] = 1
				}
				for i, y := range f[:in*Block] {
					want[i] = float64(y)
					for k := 1; k <= harmonics; k++ {
						sin, cos := math.Sincos(float64(k) * math.Pi / half * float64(y))
						want[(2*k-1)*in*Block+i], want[2*k*in*Block+i] = sin, cos
						size[(2*k-1)*in*Block+i] = float64(k) * max(1, math.Abs(float64(y)))
						size[2*k*in*Block+i] = size[(2*k-1)*in*Block+i]
					}
				}
				s.Features(f, in, harmonics, half)
				intact(t, f)
				near(t, fmt.Sprintf("features (%d, %d)", in, harmonics), f, want, size, 5e-7)
			}
		}
	})
}

// TestSincos measures the relative error inside the box, near the zeros too.
func TestSincos(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		worst := 0.0
		for start := 0; start < 1<<14; start += Block {
			f := make([]float32, 3*Block)
			for p := range Block {
				f[p] = 1.5 * float32(start+p-1<<13) / (1 << 13)
			}
			s.Features(f, 1, 1, 3)
			for p, y := range f[:Block] {
				sin, cos := math.Sincos(math.Pi / 3 * float64(y))
				worst = max(worst, math.Abs(float64(f[Block+p])-sin)/(math.Abs(sin)+1e-30), math.Abs(float64(f[2*Block+p])-cos)/(math.Abs(cos)+.05))
			}
		}
		if t.Logf("relative error %.2g", worst); worst > 5e-6 {
			t.Errorf("relative error %.2g, at most 5e-6 is allowed", worst)
		}
	})
}

func TestFold(t *testing.T) {
	const c = 1.25
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for in := 1; in <= 2; in++ {
			for harmonics := 0; harmonics <= 10; harmonics++ {
				n, lanes := in*(1+2*harmonics)*Block, in*Block
				f, df := numbers(8, n, 1), numbers(9, n, 1)
				want, size := make([]float64, lanes), make([]float64, lanes)
				for p := range lanes {
					want[p] = float64(df[p])
					size[p] = 1 + math.Abs(want[p])
					for k := 1; k <= harmonics; k++ {
						i, j := (2*k-1)*lanes+p, 2*k*lanes+p
						u, v := float64(k)*c*float64(f[j])*float64(df[i]), float64(k)*c*float64(f[i])*float64(df[j])
						want[p] += u - v
						size[p] += math.Abs(u) + math.Abs(v)
					}
				}
				g := guarded(make([]float32, lanes))
				s.Fold(g, f, df, in, harmonics, c)
				intact(t, g)
				near(t, fmt.Sprintf("fold (%d, %d)", in, harmonics), g, want, size, 1e-6)
			}
		}
	})
}

func TestAdd(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for _, n := range []int{0, 1, 63, 64, 65, 1697} {
			a, start := numbers(10, n, 1), numbers(11, n, 1)
			c := guarded(start)
			s.Add(c, a)
			intact(t, c)
			for i := range c {
				if c[i] != start[i]+a[i] {
					t.Fatalf("Add of %d: [%d] = %v, want %v", n, i, c[i], start[i]+a[i])
				}
			}
		}
	})
}

// TestPoints takes points apart and widens numbers, as many as there are.
func TestPoints(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for n := range 2*Block + 2 {
			at, dst := make([]r2.Vec, n), make([]float64, n+1)
			for i := range at {
				at[i] = r2.Vec{X: float64(i) + .1, Y: -float64(i)}
			}
			x, y := guarded(make([]float32, n)), guarded(make([]float32, n))
			s.Split(x, y, at)
			intact(t, x)
			intact(t, y)
			s.Widen(dst[:n], x)
			for i, p := range at {
				if x[i] != float32(p.X) || y[i] != float32(p.Y) || dst[i] != float64(x[i]) {
					t.Fatalf("point %d of %d, %v, is %v, %v and widened %v", i, n, p, x[i], y[i], dst[i])
				}
			}
			if dst[n] != 0 {
				t.Fatalf("Widen of %d wrote one more", n)
			}
		}
	})
}

// TestLengths makes sure that no kernel is called with a slice that is too short.
func TestLengths(t *testing.T) {
	x := make([]float32, 3*Block)
	w := make([]float32, 6)
	s := Fast
	for name, call := range map[string]func(){
		"Gemm c":        func() { s.Gemm(x[:2*Block-1], w, 3, 1, x, nil, 2, 3) },
		"Gemm a":        func() { s.Gemm(x, w[:5], 3, 1, x, nil, 2, 3) },
		"Gemm a turned": func() { s.Gemm(x, w[:5], 1, 2, x, nil, 2, 3) },
		"Gemm b":        func() { s.Gemm(x, w, 3, 1, x[:3*Block-1], nil, 2, 3) },
		"Gemm bias":     func() { s.Gemm(x, w, 3, 1, x, w[:1], 2, 3) },
		"Gemm 0 rows":   func() { s.Gemm(x, w, 3, 1, x, nil, 0, 3) },
		"Gemm 0 sums":   func() { s.Gemm(x, w, 3, 1, x, nil, 2, 0) },
		"Dots c":        func() { s.Dots(w[:5], 3, x, x, 2, 3) },
		"Dots stride":   func() { s.Dots(w, 2, x, x, 2, 3) },
		"Dots a":        func() { s.Dots(w, 3, x[:2*Block-1], x, 2, 3) },
		"Dots b":        func() { s.Dots(w, 3, x, x[:3*Block-1], 2, 3) },
		"Activate a":    func() { s.Activate(SiLU, x[:Block], nil, x) },
		"Activate d":    func() { s.Activate(SiLU, x, x[:Block], x) },
		"Activate n":    func() { s.Activate(SiLU, x[:5], nil, x[:5]) },
		"Activate f":    func() { s.Activate(ReLU+1, x, nil, x) },
		"GemmMul a":     func() { s.GemmMul(x, w[:5], 3, 1, x, x, 2, 3) },
		"GemmMul times": func() { s.GemmMul(x, w, 3, 1, x, x[:2*Block-1], 2, 3) },
		"Split":         func() { s.Split(x, x[:1], make([]r2.Vec, 2)) },
		"Widen":         func() { s.Widen(make([]float64, 2), x[:1]) },
		"Add":           func() { s.Add(x, x[:Block]) },
		"Features":      func() { s.Features(x, 2, 1, 3) },
		"Fold g":        func() { s.Fold(x[:Block-1], x, x, 1, 1, 1) },
		"Fold f":        func() { s.Fold(x, x[:Block], x, 1, 1, 1) },
		"Fold df":       func() { s.Fold(x, x, x[:Block], 1, 1, 1) },
	} {
		func() {
			defer func() {
				if _, ok := recover().(string); !ok {
					t.Errorf("%s: no complaint of its own", name)
				}
			}()
			call()
		}()
	}
}

func TestAllocs(t *testing.T) {
	x, y, c := numbers(1, 32*Block, 1), numbers(2, 32*Block, 1), make([]float32, 32*Block)
	everySet(t, func(t *testing.T, s *Set[float32]) {
		if n := testing.AllocsPerRun(20, func() {
			s.Gemm(c, x[:21*18], 18, 1, y, x[:21], 21, 18)
			s.Dots(c, 18, x, y, 21, 18)
			s.Activate(Softplus, c, y, x)
			s.Activate(Tanh, c, nil, x)
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func TestChoose(t *testing.T) {
	for _, s := range Sets {
		if got := choose(s.Name); got != s {
			t.Errorf("choose(%q) = %s", s.Name, got.Name)
		}
	}
	if got := choose(""); got != Sets[len(Sets)-1] {
		t.Errorf("the default is %s, not the fastest", got.Name)
	}
	if For[float32]() != Fast || For[float64]() != Exact {
		t.Error("For gives another set than the one in use")
	}
}
