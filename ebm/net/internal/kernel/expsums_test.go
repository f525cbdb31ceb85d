package kernel

import (
	"fmt"
	"math"
	"testing"
)

// checkPowers compares each set with the definition in float64.
func checkPowers(t *testing.T, n int, scale float64, seed uint64) {
	t.Helper()
	b, x, u := numbers(seed, n, scale), numbers(seed+1, n, scale), numbers(seed+2, Side, 1)
	want, size := make([]float64, n*Side), make([]float64, n*Side)
	for j := range b {
		for i, u := range u {
			e := float64(b[j]) + float64(x[j])*float64(u)
			want[j*Side+i] = math.Exp(min(max(e, -87), 87))
			size[j*Side+i] = want[j*Side+i] * (1 + math.Abs(float64(b[j])) + math.Abs(float64(x[j])*float64(u)))
		}
	}
	for _, s := range Sets {
		dst := guarded(make([]float32, n*Side))
		s.Powers(dst, b, x, u)
		intact(t, dst)
		near(t, fmt.Sprintf("%s: Powers of %d", s.Name, n), dst, want, size, 3e-7)
	}
}

func TestPowers(t *testing.T) {
	for n := 1; n <= 20; n++ {
		for _, scale := range []float64{1e-30, .1, 3, 30} {
			checkPowers(t, n, scale, uint64(n))
		}
	}
	everySet(t, func(t *testing.T, s *Set[float32]) {
		nan, inf := float32(math.NaN()), float32(math.Inf(1))
		dst, u := make([]float32, 4*Side), make([]float32, Side)
		for i := range u {
			u[i] = 1
		}
		s.Powers(dst, []float32{nan, -inf, inf, 0}, make([]float32, 4), u)
		for i := range Side {
			if nan, small, large, one := dst[i], dst[Side+i], dst[2*Side+i], dst[3*Side+i]; nan == nan || !(small < 1e-37) || !(large > 1e37) || one != 1 {
				t.Errorf("e to the NaN, -∞, ∞, 0 is %v, %v, %v, %v", nan, small, large, one)
			}
		}
	})
}

// checkOuter compares each set with the definition in float64. The first m rows of the
// result are so much, whatever m is.
func checkOuter(t *testing.T, m, n int, seed uint64) {
	t.Helper()
	a, b, start := numbers(seed, n*Side, 1), numbers(seed+1, n*Side, 1), numbers(seed+2, Side*Side, 1)
	want, size := make([]float64, m*Side), make([]float64, m*Side)
	for i := range want {
		want[i] = float64(start[i])
		size[i] = math.Abs(want[i])
		for j := range n {
			v := float64(a[j*Side+i/Side]) * float64(b[j*Side+i%Side])
			want[i] += v
			size[i] += math.Abs(v)
		}
	}
	for _, s := range Sets {
		c, all := guarded(start), guarded(start)
		s.Outer(c, a, b, m, n)
		s.Outer(all, a, b, Side, n)
		intact(t, c)
		near(t, fmt.Sprintf("%s: Outer of %d rows, %d terms", s.Name, m, n), c[:m*Side], want, size, 1e-6)
		for i := range want {
			if c[i] != all[i] {
				t.Fatalf("%s: Outer of %d rows, %d terms has %v at %d, with all rows %v", s.Name, m, n, c[i], i, all[i])
			}
		}
	}
}

func TestOuter(t *testing.T) {
	for m := 1; m <= Side; m++ {
		for _, n := range []int{0, 1, 2, 63, 64, 65} {
			checkOuter(t, m, n, uint64(m))
		}
	}
}

func FuzzExpSums(f *testing.F) {
	f.Add(uint8(1), uint8(1), uint64(1))
	f.Fuzz(func(t *testing.T, m, n uint8, seed uint64) {
		checkPowers(t, 1+int(n), 3, seed)
		checkOuter(t, 1+int(m)%Side, int(n), seed)
	})
}

func TestExpSumsLengths(t *testing.T) {
	x := make([]float32, Side*Side)
	for name, call := range map[string]func(){
		"Powers: dst": func() { Fast.Powers(x[:2*Side-1], x[:2], x[:2], x) },
		"Powers: x":   func() { Fast.Powers(x, x[:2], x[:1], x) },
		"Powers: u":   func() { Fast.Powers(x, x[:2], x[:2], x[:Side-1]) },
		"Outer: m":    func() { Fast.Outer(x, x, x, Side+1, 1) },
		"Outer: c":    func() { Fast.Outer(x[1:], x, x, 1, 1) },
		"Outer: a":    func() { Fast.Outer(x, x[:2*Side-1], x, 1, 2) },
		"Outer: b":    func() { Fast.Outer(x, x, x[:2*Side-1], 1, 2) },
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

func BenchmarkExpSums(b *testing.B) {
	const n = 256
	e, x, u := numbers(1, n, 1), numbers(2, n, 1), numbers(3, Side, 1)
	p, q, c := make([]float32, n*Side), make([]float32, n*Side), make([]float32, Side*Side)
	for _, s := range Sets {
		b.Run("powers/"+s.Name, func(b *testing.B) {
			for b.Loop() {
				s.Powers(p, e, x, u)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*n*Side), "ns/power")
		})
		s.Powers(q, e, x, u)
		b.Run("outer/"+s.Name, func(b *testing.B) {
			for b.Loop() {
				s.Outer(c, p, q, Side, n)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*n*Side*Side), "ns/product")
		})
	}
}
