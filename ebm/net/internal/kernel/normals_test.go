package kernel

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"
)

// TestNormals compares each set with the definition in float64, for numbers of points with and
// without a rest, and makes sure that nothing is written behind them.
func TestNormals(t *testing.T) {
	guard := r2.Vec{X: 77, Y: -77}
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for _, n := range []int{0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 5000} {
			got, want := make([]r2.Vec, n+1), make([]r2.Vec, n)
			got[n] = guard
			seed := uint64(n) * 0xc0ffee1234567
			s.Normals(got[:n], seed)
			Exact.Normals(want, seed)
			if got[n] != guard {
				t.Fatalf("%d points: one more is written", n)
			}
			for i, w := range want {
				// The logarithm is precise to 3e-7, so the radius, its root, less near 0.
				r := math.Hypot(w.X, w.Y)
				if off := math.Hypot(got[i].X-w.X, got[i].Y-w.Y); !(off < 1e-6*(r+1/r)) {
					t.Fatalf("%d points: number %d is %v, want %v", n, i, got[i], w)
				}
			}
		}
	})
}

// TestNormalsAreNormal looks at moments, at how often a number is far out, and at whether
// neighbours, coordinates and seeds that follow each other have anything to do with each other.
func TestNormalsAreNormal(t *testing.T) {
	const n, seeds = 100_000, 10
	var last []r2.Vec
	var m [5]float64 // mean powers
	var beyond [5]float64
	var same, next, across float64
	for seed := range uint64(seeds) {
		y := make([]r2.Vec, n)
		Fast.Normals(y, seed|seed<<32)
		for i, v := range y {
			for _, x := range []float64{v.X, v.Y} {
				power := 1.
				for k := range m {
					m[k] += power / (2 * n * seeds)
					power *= x
				}
				for k := range beyond {
					if math.Abs(x) > float64(k) {
						beyond[k] += 1. / (2 * n * seeds)
					}
				}
			}
			same += v.X * v.Y / (n * seeds)
			if i > 0 {
				next += (v.X*y[i-1].X + v.X*v.X*y[i-1].X*y[i-1].X - 1) / (n * seeds)
			}
			if last != nil {
				across += (v.X*last[i].X + v.Y*last[i].Y) / (n * seeds)
			}
		}
		last = y
	}
	for _, c := range []struct {
		what      string
		got, want float64
		deviation float64 // of one number
	}{
		{"the mean", m[1], 0, 1}, {"the variance", m[2], 1, math.Sqrt(2)}, {"the skew", m[3], 0, math.Sqrt(15)}, {"the fourth moment", m[4], 3, math.Sqrt(96)},
		{"beyond 1", beyond[1], .317311, .47}, {"beyond 2", beyond[2], .0455003, .21}, {"beyond 3", beyond[3], .0026998, .052}, {"beyond 4", beyond[4], 6.334e-5, .008},
		{"X with Y", same, 0, 1}, {"neighbours", next, 0, 3.5}, {"seeds", across, 0, 1.4},
	} {
		if z := (c.got - c.want) / c.deviation * math.Sqrt(n*seeds); math.Abs(z) > 4 {
			t.Errorf("%s: %v, want %v, which is %.1f standard deviations off", c.what, c.got, c.want, z)
		}
	}
}

func BenchmarkNormals(b *testing.B) {
	dst := make([]r2.Vec, 1024)
	for _, s := range Sets {
		b.Run(s.Name, func(b *testing.B) {
			for b.Loop() {
				s.Normals(dst, 5)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(2*b.N*len(dst)), "ns/number")
		})
	}
}
