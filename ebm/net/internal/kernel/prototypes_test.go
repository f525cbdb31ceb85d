package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// single are n normal numbers of that size that a float32 can hold.
func single(rng *rand.Rand, n int, scale float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(float32(scale * rng.NormFloat64()))
	}
	return x
}

// prototypeCase is a call of Nearest or SoftMin.
type prototypeCase struct {
	at     []r2.Vec
	x, y   []float64
	shapes []Shape
	beta   float64
}

func newPrototypeCase(points, k int, scale float64, shaped bool, beta float64, seed uint64) prototypeCase {
	rng := rand.New(rand.NewPCG(seed, 3))
	c := prototypeCase{x: single(rng, k, scale), y: single(rng, k, scale), beta: float64(float32(beta))}
	px, py := single(rng, points, scale), single(rng, points, scale)
	for i := range points {
		c.at = append(c.at, r2.Vec{X: px[i], Y: py[i]})
	}
	if points > 2 { // one point on a prototype, one near it
		c.at[1], c.at[2] = r2.Vec{X: c.x[0], Y: c.y[0]}, r2.Vec{X: float64(float32(c.x[0] + scale/1024)), Y: c.y[0]}
	}
	if shaped {
		for range k {
			n := single(rng, 4, 1)
			c.shapes = append(c.shapes, Shape{Offset: n[0], A: 3 * n[1], B: 3 * n[2], C: 3 * n[3]})
		}
	}
	return c
}

// run returns what a set makes of the case, and fails the test if it writes elsewhere.
func (c prototypeCase) run(t testing.TB, nearest func(dst []float64, at []r2.Vec, x, y []float64), softMin func(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64)) (least, free []float64) {
	t.Helper()
	least, free = make([]float64, len(c.at)+1), make([]float64, len(c.at)+1)
	least[len(c.at)], free[len(c.at)] = guard, guard
	nearest(least[:len(c.at)], c.at, c.x, c.y)
	softMin(free[:len(c.at)], c.at, c.x, c.y, c.shapes, c.beta)
	if least[len(c.at)] != guard || free[len(c.at)] != guard {
		t.Fatalf("the word behind %d results was written", len(c.at))
	}
	return least[:len(c.at)], free[:len(c.at)]
}

// size is what the error of a free energy f is relative to: f, or the sums that cancel in
// the energies of shaped prototypes which have a part in it.
func (c prototypeCase) size(p r2.Vec, f float64) float64 {
	size := math.Abs(f)
	for k, s := range c.shapes {
		dx, dy := p.X-c.x[k], p.Y-c.y[k]
		one := well[float64]{c.x[k], c.y[k], s.Offset, s.A, s.B, s.C}
		if one.energy(p.X, p.Y) < f+20/c.beta {
			u, v := math.Abs(s.A*dx)+math.Abs(s.B*dy), s.C*dy
			size = max(size, math.Abs(s.Offset)+u*u+v*v)
		}
	}
	return size
}

// check compares each set with the definition in float64, to a relative error of 5e-6.
func (c prototypeCase) check(t testing.TB) {
	t.Helper()
	d, f := c.run(t, Exact.Nearest, Exact.SoftMin)
	for _, s := range Sets {
		least, free := c.run(t, s.Nearest, s.SoftMin)
		for i := range c.at {
			what := fmt.Sprintf("%s: point %d of %d, K = %d, shaped %v, β = %v", s.Name, i, len(c.at), len(c.x), c.shapes != nil, c.beta)
			if !(math.Abs(least[i]-d[i]) <= 5e-6*d[i]+1e-37) {
				t.Fatalf("%s: Nearest %v, want %v", what, least[i], d[i])
			}
			size := c.size(c.at[i], f[i])
			if !(math.Abs(free[i]-f[i]) <= 5e-6*size+1e-37) {
				t.Fatalf("%s: SoftMin %v, want %v (off by %.2g)", what, free[i], f[i], (free[i]-f[i])/size)
			}
		}
	}
}

func TestPrototypes(t *testing.T) {
	for _, points := range []int{0, 1, 2, 7, 63, 64, 65, 130} {
		for _, k := range []int{1, 2, 3, 31, 32, 33, 100, MaxPrototypes} {
			for _, beta := range []float64{1e-2, 1, 50, 1e4} {
				for _, scale := range []float64{1e-15, 1e-3, 1, 1e3} {
					newPrototypeCase(points, k, scale, false, beta, uint64(points+k)).check(t)
				}
				newPrototypeCase(points, k, 1, true, beta, uint64(points+k)).check(t)
			}
		}
	}
}

func FuzzPrototypes(f *testing.F) {
	f.Add(uint8(64), uint8(32), false, 50., uint64(1))
	f.Add(uint8(65), uint8(7), true, 1., uint64(2))
	f.Fuzz(func(t *testing.T, points, k uint8, shaped bool, beta float64, seed uint64) {
		if !(beta >= 1e-2 && beta <= 1e4) {
			t.Skip()
		}
		newPrototypeCase(int(points), 1+int(k)%MaxPrototypes, 1, shaped, beta, seed).check(t)
	})
}

// TestPrototypeLanes: a point gets the same bits wherever it lies in a block.
func TestPrototypeLanes(t *testing.T) {
	c := newPrototypeCase(150, 37, 1, true, 3, 5)
	everySet(t, func(t *testing.T, s *Set[float32]) {
		least, free := c.run(t, s.Nearest, s.SoftMin)
		for i := range c.at {
			one := c
			one.at = c.at[i : i+1]
			if d, f := one.run(t, s.Nearest, s.SoftMin); d[0] != least[i] || f[0] != free[i] {
				t.Fatalf("point %d alone gets %v and %v, among others %v and %v", i, d[0], f[0], least[i], free[i])
			}
		}
	})
}

// TestPrototypeExtremes: what is not a number is seen at a point and passed over in a
// prototype; what is too large becomes infinite, not small.
func TestPrototypeExtremes(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	everySet(t, func(t *testing.T, s *Set[float32]) {
		at := []r2.Vec{{X: nan}, {Y: nan}, {X: inf}, {Y: -inf}, {X: 1e30}, {X: 3, Y: 4}, {X: 1e-42, Y: -1e-42}}
		for bad := range 3 {
			x, y := []float64{0, 0, 0}, []float64{0, 0, 0}
			shapes := slices.Repeat([]Shape{Round}, 3)
			x[bad], shapes[(bad+1)%3].Offset = nan, inf
			d, f := prototypeCase{at: at, x: x, y: y, shapes: shapes, beta: 2}.run(t, s.Nearest, s.SoftMin)
			for i := range at {
				if i < 4 && !(math.IsNaN(d[i]) && math.IsNaN(f[i])) || i == 4 && (d[i] < 1e37 || f[i] < 1e37) {
					t.Errorf("prototype %d is none: %v gets %v and %v", bad, at[i], d[i], f[i])
				}
			}
			few := math.Log(3) / 2 // two terms of three are none
			if d[5] != 25 || !(math.Abs(f[5]-25-few) <= 1e-5) || d[6] != 0 || !(math.Abs(f[6]-few) <= 1e-6) {
				t.Errorf("prototype %d is none: distances %v, free energies %v", bad, d[5:], f[5:])
			}
		}
		d, f := []float64{0}, []float64{0}
		s.Nearest(d, at[5:6], []float64{nan}, []float64{0})
		s.SoftMin(f, at[5:6], []float64{nan}, []float64{0}, nil, 1)
		if d[0] < 1e37 || f[0] < 1e37 {
			t.Errorf("without a prototype the energies are %v and %v", d, f)
		}
	})
}

func TestPrototypeLengths(t *testing.T) {
	x, at := make([]float64, MaxPrototypes+1), make([]r2.Vec, 5)
	for name, call := range map[string]func(){
		"Nearest dst":    func() { Fast.Nearest(x[:4], at, x[:3], x[:3]) },
		"Nearest y":      func() { Fast.Nearest(x[:5], at, x[:3], x[:2]) },
		"Nearest none":   func() { Fast.Nearest(x[:5], at, nil, nil) },
		"Nearest many":   func() { Fast.Nearest(x[:5], at, x, x) },
		"SoftMin dst":    func() { Fast.SoftMin(x[:4], at, x[:3], x[:3], nil, 1) },
		"SoftMin y":      func() { Fast.SoftMin(x[:5], at, x[:3], x[:4], nil, 1) },
		"SoftMin none":   func() { Fast.SoftMin(x[:5], at, nil, nil, nil, 1) },
		"SoftMin many":   func() { Fast.SoftMin(x[:5], at, x, x, nil, 1) },
		"SoftMin shapes": func() { Fast.SoftMin(x[:5], at, x[:3], x[:3], make([]Shape, 2), 1) },
		"SoftMin β":      func() { Fast.SoftMin(x[:5], at, x[:3], x[:3], nil, math.NaN()) },
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

func TestPrototypeAllocs(t *testing.T) {
	c, dst := newPrototypeCase(200, 32, 1, true, 3, 5), make([]float64, 200)
	everySet(t, func(t *testing.T, s *Set[float32]) {
		if n := testing.AllocsPerRun(20, func() {
			s.Nearest(dst, c.at, c.x, c.y)
			s.SoftMin(dst, c.at, c.x, c.y, c.shapes, c.beta)
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

func BenchmarkPrototypes(b *testing.B) {
	c, dst := newPrototypeCase(512, 32, 1, false, 50, 5), make([]float64, 512)
	for _, s := range Sets {
		for name, call := range map[string]func(){
			"Nearest": func() { s.Nearest(dst, c.at, c.x, c.y) },
			"SoftMin": func() { s.SoftMin(dst, c.at, c.x, c.y, nil, c.beta) },
		} {
			b.Run(s.Name+"/"+name, func(b *testing.B) {
				for b.Loop() {
					call()
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(c.at)*len(c.x)), "ns/term")
			})
		}
	}
}
