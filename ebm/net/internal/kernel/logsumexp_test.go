package kernel

import (
	"fmt"
	"math"
	"testing"
)

// checkLogSumExp compares each set with the definition in float64.
func checkLogSumExp(t *testing.T, n int, scale float64, seed uint64) {
	t.Helper()
	b, x, y := numbers(seed, n, scale), numbers(seed+1, n, 1), numbers(seed+2, n, 1)
	b[n-1] = float32(math.Inf(-1))
	const u, v = 3.25, -1.5
	m, size := math.Inf(-1), 1.
	e := make([]float64, n)
	for j := range e {
		e[j] = float64(b[j]) + u*float64(x[j]) + v*float64(y[j])
		m = max(m, e[j])
		if j < n-1 {
			size = max(size, math.Abs(float64(b[j]))+u*math.Abs(float64(x[j]))-v*math.Abs(float64(y[j])))
		}
	}
	sum := 0.
	for _, e := range e {
		sum += math.Exp(e - m)
	}
	for _, s := range Sets {
		top, total := s.LogSumExp(b, x, y, u, v)
		got := []float32{top, top + float32(math.Log(float64(total)))}
		near(t, fmt.Sprintf("%s: LogSumExp of %d", s.Name, n), got, []float64{m, m + math.Log(sum)}, []float64{size, size}, 1e-6)
		if lone := 1 + 1e-6; float64(total) > lone*float64(n) || !(float64(total)*lone >= 1) {
			t.Errorf("%s: %d terms of at most 1, the largest 1, have the sum %v", s.Name, n, total)
		}
	}
}

func TestLogSumExp(t *testing.T) {
	for n := Terms; n <= 40*Terms; n += Terms {
		for _, scale := range []float64{.01, 1, 30, 1e4} {
			checkLogSumExp(t, n, scale, uint64(n))
		}
	}
	checkLogSumExp(t, 4096, 5, 1)
}

// TestLogSumExpPrecision: equal terms, and terms that all count, to a few bits.
func TestLogSumExpPrecision(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		b, zero := make([]float32, 1024), make([]float32, 1024)
		if m, sum := s.LogSumExp(b, zero, zero, 1, 1); m != 0 || sum != 1024 {
			t.Errorf("1024 terms of 1 have the sum %v at %v", sum, m)
		}
		want := 0.
		for j := range b {
			b[j] = -20 * float32(j) / 1024
			want += math.Exp(float64(b[j]))
		}
		if _, sum := s.LogSumExp(b, zero, zero, 1, 1); !(math.Abs(float64(sum)/want-1) < 5e-7) {
			t.Errorf("the sum is %v, want %v", sum, want)
		}
		nan := float32(math.NaN())
		if _, sum := s.LogSumExp(b, zero, zero, nan, 1); sum == sum {
			t.Errorf("a direction of NaN gives the sum %v", sum)
		}
	})
}

func TestLogSumExpLengths(t *testing.T) {
	x := make([]float32, 2*Terms)
	for name, call := range map[string]func(){
		"none": func() { Fast.LogSumExp(nil, nil, nil, 0, 0) },
		"b":    func() { Fast.LogSumExp(x[:Terms+1], x, x, 0, 0) },
		"x":    func() { Fast.LogSumExp(x, x[:Terms], x, 0, 0) },
		"y":    func() { Fast.LogSumExp(x, x, x[:Terms], 0, 0) },
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

func BenchmarkLogSumExp(b *testing.B) {
	e, x, y := numbers(1, 512, 3), numbers(2, 512, 1), numbers(3, 512, 1)
	for _, s := range Sets {
		b.Run(s.Name, func(b *testing.B) {
			for b.Loop() {
				s.LogSumExp(e, x, y, 1, -1)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(e)), "ns/term")
		})
	}
}
