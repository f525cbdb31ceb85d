package kernel

import (
	"fmt"

	"gonum.org/v1/gonum/spatial/r2"
)

// Float is the type of a parameter: float32 runs, float64 is checked.
type Float interface{ float32 | float64 }

// Block is the number of points that the kernels take at once.
const Block = 64

// Activation numbers the functions that Activate applies.
type Activation uint8

const (
	SiLU     Activation = iota // z σ(z)
	Tanh                       // tanh z
	Softplus                   // log(1 + e^z)
	ReLU                       // max(z, 0)
)

// Set is one implementation of the kernels. Its methods check that the slices are long
// enough, and panic otherwise: the functions behind them do not look.
type Set[T Float] struct {
	Name string // "go", "avx2", "avx512" or "neon"

	gemm     func(c, a []T, ra, ca int, b, bias, times []T, m, k int)
	dots     func(c []T, ldc int, a, b []T, m, n int)
	activate func(f Activation, a, d, z []T)
	exp      func(a, z []T)
	add      func(c, a []T)
	adam     func(theta, m, v, g []T, rate, unbias T)
	features func(f []T, lanes, harmonics int, half T)
	fold     func(g, f, df []T, lanes, harmonics int, c T)

	peak func(rounds int) (flops int)

	nearest func(dst []float64, at []r2.Vec, x, y []float64)
	softMin func(dst []float64, at []r2.Vec, x, y []float64, shapes []Shape, beta float64)

	shrink  func(c *Codes[T], low, cut, momentum T)
	simplex func(c *Codes[T], momentum T)

	normals func(dst []r2.Vec, low, high uint32)

	powers func(dst, b, x, u []T)
	outer  func(c, a, b []T, m, n int)
}

// Peak does nothing but floating-point arithmetic, as fast as this set's instructions can,
// and returns how many operations that was: what benchmarks compare themselves with. It is
// 0 for a set that is not in assembly.
func (s *Set[T]) Peak(rounds int) (flops int) {
	if s.peak == nil || rounds < 1 {
		return 0
	}
	return s.peak((rounds + 3) &^ 3)
}

// Gemm writes the product of a matrix A of m × k weights with k rows of a block, plus a
// bias for each row of the result (nil: none):
//
//	c[i][p] = bias[i] + Σ_j a[i*ra+j*ca] b[j][p]
//
// ra and ca are the strides of A: swapping them multiplies with its transpose.
func (s *Set[T]) Gemm(c, a []T, ra, ca int, b, bias []T, m, k int) {
	if m < 1 || k < 1 || ra < 0 || ca < 0 || len(c) < m*Block || len(b) < k*Block ||
		len(a) <= (m-1)*ra+(k-1)*ca || bias != nil && len(bias) < m {
		panic(fmt.Sprintf("kernel: Gemm of %d×%d (strides %d, %d) with slices of %d, %d, %d, %d", m, k, ra, ca, len(c), len(a), len(b), len(bias)))
	}
	s.gemm(c, a, ra, ca, b, bias, nil, m, k)
}

// GemmMul is Gemm without a bias, and multiplies the result with the rows of another block:
//
//	c[i][p] = times[i][p] Σ_j a[i*ra+j*ca] b[j][p]
func (s *Set[T]) GemmMul(c, a []T, ra, ca int, b, times []T, m, k int) {
	if m < 1 || k < 1 || ra < 0 || ca < 0 || len(c) < m*Block || len(b) < k*Block ||
		len(a) <= (m-1)*ra+(k-1)*ca || len(times) < m*Block {
		panic(fmt.Sprintf("kernel: GemmMul of %d×%d (strides %d, %d) with slices of %d, %d, %d, %d", m, k, ra, ca, len(c), len(a), len(b), len(times)))
	}
	s.gemm(c, a, ra, ca, b, nil, times, m, k)
}

// Dots adds the products of m rows of one block with n rows of another, summed over the
// points, to a matrix whose rows lie ldc apart:
//
//	c[i*ldc+j] += Σ_p a[i][p] b[j][p]
func (s *Set[T]) Dots(c []T, ldc int, a, b []T, m, n int) {
	if m < 1 || n < 1 || ldc < n || len(c) < (m-1)*ldc+n || len(a) < m*Block || len(b) < n*Block {
		panic(fmt.Sprintf("kernel: Dots of %d×%d (stride %d) with slices of %d, %d, %d", m, n, ldc, len(c), len(a), len(b)))
	}
	s.dots(c, ldc, a, b, m, n)
}

// Activate writes f(z) to a and, unless d is nil, f'(z) to d. a may be z itself. The
// length is a multiple of Block.
func (s *Set[T]) Activate(f Activation, a, d, z []T) {
	if len(z)%Block != 0 || len(a) != len(z) || d != nil && len(d) != len(z) || f > ReLU {
		panic(fmt.Sprintf("kernel: Activate %d with slices of %d, %d, %d", f, len(a), len(d), len(z)))
	}
	if len(z) > 0 {
		s.activate(f, a, d, z)
	}
}

// Exp writes e^z to a, which may be z itself, z being cut to ±87 for float32. The length is a
// multiple of Block.
func (s *Set[T]) Exp(a, z []T) {
	if len(z)%Block != 0 || len(a) != len(z) {
		panic(fmt.Sprintf("kernel: Exp with slices of %d, %d", len(a), len(z)))
	}
	if len(z) > 0 {
		s.exp(a, z)
	}
}

// Add adds a[i] to c[i], for any length.
func (s *Set[T]) Add(c, a []T) {
	if len(a) != len(c) {
		panic(fmt.Sprintf("kernel: Add with slices of %d, %d", len(c), len(a)))
	}
	s.add(c, a)
}

// Adam moves parameters down a gradient g by the rule of that name, with the moments m and v:
//
//	m ← β1 m + (1-β1) g,  v ← β2 v + (1-β2) g²,  θ ← θ - rate m/(√(unbias v) + ε)
//
// for any length.
func (s *Set[T]) Adam(theta, m, v, g []T, rate, unbias T) {
	if len(theta) != len(g) || len(m) != len(g) || len(v) != len(g) {
		panic(fmt.Sprintf("kernel: Adam with slices of %d, %d, %d, %d", len(theta), len(m), len(v), len(g)))
	}
	s.adam(theta, m, v, g, rate, unbias)
}

// Split writes the coordinates of the points to the first len(at) numbers of two rows.
//
// Neither it nor Widen calls a function of the set: what they are given would be moved to
// the heap, and many callers keep it on the stack.
func (s *Set[T]) Split(x, y []T, at []r2.Vec) {
	if len(x) < len(at) || len(y) < len(at) {
		panic(fmt.Sprintf("kernel: Split of %d points to slices of %d, %d", len(at), len(x), len(y)))
	}
	if x, ok := any(x).([]float32); ok {
		split32(x, any(y).([]float32), at)
		return
	}
	split(x, y, at)
}

// Widen writes the first len(dst) numbers of a to dst.
func (s *Set[T]) Widen(dst []float64, a []T) {
	if len(a) < len(dst) {
		panic(fmt.Sprintf("kernel: Widen of %d numbers from a slice of %d", len(dst), len(a)))
	}
	if a, ok := any(a).([]float32); ok {
		widen32(dst, a)
		return
	}
	widen(dst, a)
}

// Features completes the Fourier features of points whose in coordinates are the first
// in rows of f. After them come, for k = 1 … harmonics, in rows of sin(k π y/half) and in
// rows of cos(k π y/half). One sine and cosine per coordinate is computed; the multiples
// follow from
//
//	sin((k+1)x) = sin(kx) cos(x) + cos(kx) sin(x)
func (s *Set[T]) Features(f []T, in, harmonics int, half T) {
	if in < 1 || harmonics < 0 || half == 0 || len(f) < in*(1+2*harmonics)*Block {
		panic(fmt.Sprintf("kernel: Features of %d coordinates, %d harmonics with a slice of %d", in, harmonics, len(f)))
	}
	if harmonics > 0 {
		s.features(f, in*Block, harmonics, half)
	}
}

// Fold takes a gradient with respect to the features, df, to one with respect to the
// coordinates, f being what Features wrote and c = π/half:
//
//	g = df_0 + Σ_k k c (cos(k c y) df_sin,k - sin(k c y) df_cos,k)
func (s *Set[T]) Fold(g, f, df []T, in, harmonics int, c T) {
	n := in * (1 + 2*harmonics) * Block
	if in < 1 || harmonics < 0 || len(g) < in*Block || len(f) < n || len(df) < n {
		panic(fmt.Sprintf("kernel: Fold of %d coordinates, %d harmonics with slices of %d, %d, %d", in, harmonics, len(g), len(f), len(df)))
	}
	s.fold(g, f, df, in*Block, harmonics, c)
}
