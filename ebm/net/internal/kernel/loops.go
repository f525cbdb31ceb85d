package kernel

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
	"gonum.org/v1/gonum/spatial/r2"
)

// gemm takes two rows of the result at a time and four columns of A, so that each number
// read is used more than once. The order of the sums is the same in every row.
func gemm[T Float](c, a []T, ra, ca int, b, bias, times []T, m, k int) {
	for i := range m {
		row := (*[Block]T)(c[i*Block:])
		var start T
		if bias != nil {
			start = bias[i]
		}
		for p := range row {
			row[p] = start
		}
	}
	i := 0
	for ; i+2 <= m; i += 2 {
		gemm2(c[i*Block:], a[i*ra:], ra, ca, b, k)
	}
	if i < m {
		gemm1(c[i*Block:], a[i*ra:], ca, b, k)
	}
	for i, v := range times[:min(len(times), m*Block)] {
		c[i] *= v
	}
}

// gemm2 adds two rows of A times b to two rows of c.
func gemm2[T Float](c, a []T, ra, ca int, b []T, k int) {
	c0, c1 := (*[Block]T)(c), (*[Block]T)(c[Block:])
	j := 0
	for ; j+4 <= k; j += 4 {
		b0, b1 := (*[Block]T)(b[j*Block:]), (*[Block]T)(b[(j+1)*Block:])
		b2, b3 := (*[Block]T)(b[(j+2)*Block:]), (*[Block]T)(b[(j+3)*Block:])
		x, y := a[j*ca:], a[ra+j*ca:]
		x0, x1, x2, x3 := x[0], x[ca], x[2*ca], x[3*ca]
		y0, y1, y2, y3 := y[0], y[ca], y[2*ca], y[3*ca]
		for p := range c0 {
			c0[p] = chain(c0[p], x0, b0[p], x1, b1[p], x2, b2[p], x3, b3[p])
			c1[p] = chain(c1[p], y0, b0[p], y1, b1[p], y2, b2[p], y3, b3[p])
		}
	}
	for ; j < k; j++ {
		b0 := (*[Block]T)(b[j*Block:])
		x, y := a[j*ca], a[ra+j*ca]
		for p := range c0 {
			c0[p] += x * b0[p]
			c1[p] += y * b0[p]
		}
	}
}

// chain adds four products one after the other. Where the compiler fuses an addition with
// a multiplication, which the language allows, there is then but one way to do so, and
// every row has the same bits.
func chain[T Float](s, x0, b0, x1, b1, x2, b2, x3, b3 T) T {
	s += x0 * b0
	s += x1 * b1
	s += x2 * b2
	return s + x3*b3
}

// gemm1 adds one row of A times b to one row of c.
func gemm1[T Float](c, a []T, ca int, b []T, k int) {
	c0 := (*[Block]T)(c)
	j := 0
	for ; j+4 <= k; j += 4 {
		b0, b1 := (*[Block]T)(b[j*Block:]), (*[Block]T)(b[(j+1)*Block:])
		b2, b3 := (*[Block]T)(b[(j+2)*Block:]), (*[Block]T)(b[(j+3)*Block:])
		x := a[j*ca:]
		x0, x1, x2, x3 := x[0], x[ca], x[2*ca], x[3*ca]
		for p := range c0 {
			c0[p] = chain(c0[p], x0, b0[p], x1, b1[p], x2, b2[p], x3, b3[p])
		}
	}
	for ; j < k; j++ {
		b0, x := (*[Block]T)(b[j*Block:]), a[j*ca]
		for p := range c0 {
			c0[p] += x * b0[p]
		}
	}
}

// dots sums a row of a with four rows of b at a time.
func dots[T Float](c []T, ldc int, a, b []T, m, n int) {
	for i := range m {
		a0, row := (*[Block]T)(a[i*Block:]), c[i*ldc:][:n]
		j := 0
		for ; j+4 <= n; j += 4 {
			b0, b1 := (*[Block]T)(b[j*Block:]), (*[Block]T)(b[(j+1)*Block:])
			b2, b3 := (*[Block]T)(b[(j+2)*Block:]), (*[Block]T)(b[(j+3)*Block:])
			var s0, s1, s2, s3 T
			for p, x := range a0 {
				s0 += x * b0[p]
				s1 += x * b1[p]
				s2 += x * b2[p]
				s3 += x * b3[p]
			}
			row[j] += s0
			row[j+1] += s1
			row[j+2] += s2
			row[j+3] += s3
		}
		for ; j < n; j++ {
			b0 := (*[Block]T)(b[j*Block:])
			var s T
			for p, x := range a0 {
				s += x * b0[p]
			}
			row[j] += s
		}
	}
}

func add[T Float](c, a []T) {
	a = a[:len(c)]
	for i := range c {
		c[i] += a[i]
	}
}

// multiples fills in the features of k = 2 … harmonics from those of k = 1.
func multiples[T Float](f []T, lanes, harmonics int) {
	s1, c1 := f[lanes:][:lanes], f[2*lanes:][:lanes]
	for k := 2; k <= harmonics; k++ {
		s, c := f[(2*k-3)*lanes:][:lanes], f[(2*k-2)*lanes:][:lanes]
		sn, cn := f[(2*k-1)*lanes:][:lanes], f[2*k*lanes:][:lanes]
		for p := range s1 {
			sn[p] = s[p]*c1[p] + c[p]*s1[p]
			cn[p] = c[p]*c1[p] - s[p]*s1[p]
		}
	}
}

func fold[T Float](g, f, df []T, lanes, harmonics int, c T) {
	g = g[:lanes]
	copy(g, df)
	for k := 1; k <= harmonics; k++ {
		s, co := f[(2*k-1)*lanes:][:lanes], f[2*k*lanes:][:lanes]
		ds, dc := df[(2*k-1)*lanes:][:lanes], df[2*k*lanes:][:lanes]
		w := T(k) * c
		for p := range g {
			g[p] += w * (co[p]*ds[p] - s[p]*dc[p])
		}
	}
}

func adam[T Float](theta, m, v, g []T, rate, unbias T) {
	theta, m, v = theta[:len(g)], m[:len(g)], v[:len(g)]
	for i, g := range g {
		m[i] = poly.Beta1*m[i] + (1-poly.Beta1)*g
		v[i] = poly.Beta2*v[i] + (1-poly.Beta2)*g*g
		theta[i] -= rate * m[i] / (T(math.Sqrt(float64(v[i]*unbias))) + poly.Epsilon)
	}
}

func split[T Float](x, y []T, at []r2.Vec) {
	x, y = x[:len(at)], y[:len(at)]
	for i, p := range at {
		x[i], y[i] = T(p.X), T(p.Y)
	}
}

func widen[T Float](dst []float64, a []T) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = float64(v)
	}
}
