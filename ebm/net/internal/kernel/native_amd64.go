package kernel

import "golang.org/x/sys/cpu"

// native returns the sets in assembly that this processor and its system can run.
func native() (sets []*Set[float32]) {
	x := &cpu.X86
	if !x.HasAVX2 || !x.HasFMA {
		return nil
	}
	sets = append(sets, assembly("avx2", simd{}))
	if x.HasAVX512F && x.HasAVX512VL && x.HasAVX512DQ {
		sets = append(sets, assembly("avx512", simd{wide: true}))
	}
	return sets
}

func assembly(name string, v simd) *Set[float32] {
	return &Set[float32]{
		Name: name, gemm: v.gemm, dots: v.dots, activate: v.activate,
		exp: v.exp, add: v.add, adam: v.adam, features: v.features, fold: v.fold,
		peak:    v.peak,
		nearest: v.nearest, softMin: v.softMin,
		shrink: v.shrink, simplex: v.simplex,
		normals: v.normals,
		powers:  v.powers, outer: v.outer,
	}
}

// row is the number of bytes from one row of a block to the next.
const row = Block * 4

// simd cuts the work of the methods of Set into the tiles that the assembly takes.
type simd struct {
	wide bool // AVX-512 rather than AVX2
}

// lanes is the number of float32 in a register.
func (v simd) lanes() int { return 8 << v.set() }

// set numbers the two.
func (v simd) set() int {
	if v.wide {
		return 1
	}
	return 0
}

// tile is a kernel that writes so many rows of a product at once.
type tile struct {
	rows int
	run  func(c, a, b, bias, times *float32, k, ra, ca, tiles int)
}

// The tiles of AVX2 and of AVX-512, the highest first: as many sums as there are registers
// for, and more than the latency of a fused multiply-add needs.
var tiles = [2][]tile{
	{{6, tile6AVX2}, {4, tile4AVX2}, {2, tile2AVX2}, {1, tile1AVX2}},
	{{4, tile4AVX512}, {2, tile2AVX512}, {1, tile1AVX512}},
}

// gemm takes as many rows at a time as it can.
func (v simd) gemm(c, a []float32, ra, ca int, b, bias, times []float32, m, k int) {
	i := 0
	for _, t := range tiles[v.set()] {
		n := (m - i) / t.rows
		if n == 0 {
			continue
		}
		var start, factor *float32
		if bias != nil {
			start = &bias[i]
		}
		if times != nil {
			factor = &times[i*Block]
		}
		t.run(&c[i*Block], &a[i*ra], &b[0], start, factor, k, 4*ra, 4*ca, n)
		i += n * t.rows
	}
}

// dots takes panels of as many columns as a register has lanes, and the columns and rows that
// are left over one by one.
func (v simd) dots(c []float32, ldc int, a, b []float32, m, n int) {
	wide := 0
	if m > 3 { // else a panel is not worth its turning
		lanes := v.lanes()
		if wide = n - n%lanes; wide > 0 {
			v.panels(&c[0], &a[0], &b[0], m, wide/lanes, 4*ldc)
		}
	}
	if wide > 0 || m > n {
		for j := wide; j < n; j++ {
			v.column(c[j:], ldc, &b[j*Block], a, m)
		}
		return
	}
	for i := range m {
		v.column(c[i*ldc:], 1, &a[i*Block], b, n)
	}
}

// column adds the products of one row with n others to every stepth number of c.
func (v simd) column(c []float32, step int, x *float32, y []float32, n int) {
	if four := n - n%4; step == 1 && four > 0 {
		v.dot4(&c[0], x, &y[0], four/4, row)
		c, y, n = c[four:], y[four*Block:], n-four
	}
	for i := 0; i < n; {
		var sums [16]float32
		few := min(n-i, len(sums))
		if four := few - few%4; four > 0 {
			few = four
			v.dot4(&sums[0], x, &y[i*Block], four/4, row)
		} else {
			few = 1
			v.dot4(&sums[0], x, &y[i*Block], 1, 0)
		}
		for j := range few {
			c[(i+j)*step] += sums[j]
		}
		i += few
	}
}

func (v simd) panels(c, a, b *float32, m, n, ldc int) {
	if v.wide {
		panelsAVX512(c, a, b, m, n, ldc)
	} else {
		panelsAVX2(c, a, b, m, n, ldc)
	}
}

func (v simd) dot4(c, x, y *float32, groups, ldy int) {
	if v.wide {
		dot4AVX512(c, x, y, groups, ldy)
	} else {
		dot4AVX2(c, x, y, groups, ldy)
	}
}

// The functions by Activation, for AVX2 and AVX-512.
var (
	values = [2][4]func(a, z *float32, n int){
		{siluAVX2, tanhAVX2, softplusAVX2, reluAVX2},
		{siluAVX512, tanhAVX512, softplusAVX512, reluAVX512},
	}
	slopes = [2][4]func(a, d, z *float32, n int){
		{siluSlopeAVX2, tanhSlopeAVX2, softplusSlopeAVX2, reluSlopeAVX2},
		{siluSlopeAVX512, tanhSlopeAVX512, softplusSlopeAVX512, reluSlopeAVX512},
	}
)

func (v simd) activate(f Activation, a, d, z []float32) {
	if d == nil {
		values[v.set()][f](&a[0], &z[0], len(z))
	} else {
		slopes[v.set()][f](&a[0], &d[0], &z[0], len(z))
	}
}

func (v simd) exp(a, z []float32) {
	if v.wide {
		expAVX512(&a[0], &z[0], len(z))
	} else {
		expAVX2(&a[0], &z[0], len(z))
	}
}

func (v simd) add(c, a []float32) {
	n := len(c) - len(c)%Block
	switch {
	case n == 0:
	case v.wide:
		addAVX512(&c[0], &c[0], &a[0], n)
	default:
		addAVX2(&c[0], &c[0], &a[0], n)
	}
	add(c[n:], a[n:])
}

func (v simd) adam(theta, m, s, g []float32, rate, unbias float32) {
	n := len(g) - len(g)%16
	switch {
	case n == 0:
	case v.wide:
		adamAVX512(&theta[0], &m[0], &s[0], &g[0], n, rate, unbias)
	default:
		adamAVX2(&theta[0], &m[0], &s[0], &g[0], n, rate, unbias)
	}
	adam(theta[n:], m[n:], s[n:], g[n:], rate, unbias)
}

func (v simd) features(f []float32, lanes, harmonics int, half float32) {
	if v.wide {
		featuresAVX512(&f[0], lanes, harmonics, 1/half)
	} else {
		featuresAVX2(&f[0], lanes, harmonics, 1/half)
	}
}

func (v simd) fold(g, f, df []float32, lanes, harmonics int, c float32) {
	switch {
	case harmonics == 0:
		copy(g[:lanes], df)
	case v.wide:
		foldAVX512(&g[0], &f[0], &df[0], lanes, harmonics, c)
	default:
		foldAVX2(&g[0], &f[0], &df[0], lanes, harmonics, c)
	}
}

// peak makes 12 fused multiply-adds of whole registers in each round.
func (v simd) peak(rounds int) (flops int) {
	if v.wide {
		peakAVX512(rounds)
		return rounds * 12 * 16 * 2
	}
	peakAVX2(rounds)
	return rounds * 12 * 8 * 2
}
