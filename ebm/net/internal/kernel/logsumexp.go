package kernel

import (
	"fmt"
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
)

// LogSumExp takes the exponents e_j = b_j + u x_j + v y_j, whose number is a multiple of
// Terms, and returns the largest of them, m, and Σ_j e^(e_j - m). An exponent of -∞ stands
// for no term.
func (s *Set[T]) LogSumExp(b, x, y []T, u, v T) (m, sum T) {
	if len(b) == 0 || len(b)%Terms != 0 || len(x) != len(b) || len(y) != len(b) {
		panic(fmt.Sprintf("kernel: LogSumExp with slices of %d, %d, %d", len(b), len(x), len(y)))
	}
	return s.logSumExp(b, x, y, u, v)
}

// Terms is the number of terms that LogSumExp takes at once.
const Terms = 16

// largest returns the largest exponent.
func largest[T Float](b, x, y []T, u, v T) T {
	x, y = x[:len(b)], y[:len(b)]
	m := T(math.Inf(-1))
	for j, e := range b {
		if e += u*x[j] + v*y[j]; e > m {
			m = e
		}
	}
	return m
}

func logSumExp64(b, x, y []float64, u, v float64) (m, sum float64) {
	m = largest(b, x, y, u, v)
	x, y = x[:len(b)], y[:len(b)]
	for j, e := range b {
		sum += math.Exp(e + (u*x[j] + v*y[j]) - m)
	}
	return m, sum
}

// logSumExp32 adds in float64: there may be thousands of terms.
func logSumExp32(b, x, y []float32, u, v float32) (m, sum float32) {
	m = largest(b, x, y, u, v)
	x, y = x[:len(b)], y[:len(b)]
	total := 0.
	for j, e := range b {
		s, t := exp32(max32(e+(u*x[j]+v*y[j])-m, -poly.MaxExp))
		total += float64(s + t)
	}
	return m, float32(total)
}
