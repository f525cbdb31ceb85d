package kernel

import (
	"fmt"
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
)

// Side is how many lines Powers takes, and Outer both ways.
const Side = 16

// Powers writes e^(b_j + x_j u_i) to dst[j*Side+i], for as many j as there are b and x and
// for Side numbers u. For float32 the exponents are cut to ±87.
func (s *Set[T]) Powers(dst, b, x, u []T) {
	if len(x) != len(b) || len(dst) < len(b)*Side || len(u) < Side {
		panic(fmt.Sprintf("kernel: Powers with slices of %d, %d, %d, %d", len(dst), len(b), len(x), len(u)))
	}
	if len(b) > 0 {
		s.powers(dst, b, x, u)
	}
}

// Outer adds the products of rows, one for each of n terms, to the first m rows of c:
//
//	c[i*Side+p] += Σ_j a[j*Side+i] b[j*Side+p]
//
// It may write further rows of c, which has Side of them.
func (s *Set[T]) Outer(c, a, b []T, m, n int) {
	if m < 1 || m > Side || n < 0 || len(c) < Side*Side || len(a) < n*Side || len(b) < n*Side {
		panic(fmt.Sprintf("kernel: Outer of %d rows, %d terms with slices of %d, %d, %d", m, n, len(c), len(a), len(b)))
	}
	if n > 0 {
		s.outer(c, a, b, m, n)
	}
}

func powers64(dst, b, x, u []float64) {
	for j, b := range b {
		for i, u := range u[:Side] {
			dst[j*Side+i] = math.Exp(b + x[j]*u)
		}
	}
}

func powers32(dst, b, x, u []float32) {
	for j, b := range b {
		for i, u := range u[:Side] {
			s, t := exp32(min32(max32(b+x[j]*u, -poly.MaxExp), poly.MaxExp))
			dst[j*Side+i] = s + t
		}
	}
}

// outer takes four columns at a time.
func outer[T Float](c, a, b []T, m, n int) {
	for i := range m {
		for p := 0; p < Side; p += 4 {
			var s0, s1, s2, s3 T
			for j := range n {
				x, y := a[j*Side+i], (*[4]T)(b[j*Side+p:])
				s0 += x * y[0]
				s1 += x * y[1]
				s2 += x * y[2]
				s3 += x * y[3]
			}
			row := (*[4]T)(c[i*Side+p:])
			row[0] += s0
			row[1] += s1
			row[2] += s2
			row[3] += s3
		}
	}
}
