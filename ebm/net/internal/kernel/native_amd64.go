package kernel

import "golang.org/x/sys/cpu"

// native returns the sets in assembly that this processor and its system can run.
func native() (sets []*Set[float32]) {
	x := &cpu.X86
	if !x.HasAVX2 || !x.HasFMA {
		return nil
	}
	sets = append(sets, assembly("avx2", simd{rows: 2}))
	if x.HasAVX512F && x.HasAVX512VL && x.HasAVX512DQ {
		sets = append(sets, assembly("avx512", simd{wide: true, rows: 4}))
	}
	return sets
}

func assembly(name string, v simd) *Set[float32] {
	return &Set[float32]{
		Name: name, gemm: v.gemm, dots: v.dots, activate: v.activate,
		add: v.add, features: v.features, fold: v.fold,
		peak:    v.peak,
		nearest: v.nearest, softMin: v.softMin,
		shrink: v.shrink, simplex: v.simplex,
		powers: v.powers, outer: v.outer,
	}
}

// row is the number of bytes from one row of a block to the next.
const row = Block * 4

// simd cuts the work of the methods of Set into the tiles that the assembly takes.
type simd struct {
	wide bool // AVX-512 rather than AVX2
	rows int  // of a tile of dots
}

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
		if t.rows == 6 && (m-i)%6 == 2 && n > 0 {
			n-- // what is left is two tiles of 4
		}
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

// dots takes whole tiles straight to c and the rows and columns that are left over one
// by one.
func (v simd) dots(c []float32, ldc int, a, b []float32, m, n int) {
	groups, whole := n/4, m-m%v.rows
	for i := 0; i < whole; i += v.rows {
		if groups > 0 {
			v.dotTile(&c[i*ldc], &a[i*Block], &b[0], groups, row, row, 4*ldc)
		}
		for j := 4 * groups; j < n; j++ {
			v.dotEdge(c[i*ldc+j:], ldc, &a[i*Block], &b[j*Block], v.rows, 1)
		}
	}
	for i := whole; i < m; i++ {
		j := 0
		for ; j < 4*groups; j += 4 {
			v.dotEdge(c[i*ldc+j:], ldc, &a[i*Block], &b[j*Block], 1, 4)
		}
		for ; j < n; j++ {
			v.dotEdge(c[i*ldc+j:], ldc, &a[i*Block], &b[j*Block], 1, 1)
		}
	}
}

// dotEdge adds a part of a tile to c: where there is one row or column only, a stride of
// 0 repeats it in place of those that are missing.
func (v simd) dotEdge(c []float32, ldc int, a, b *float32, m, n int) {
	var tile [4][4]float32
	lda, ldb := row, row
	if m == 1 {
		lda = 0
	}
	if n == 1 {
		ldb = 0
	}
	v.dotTile(&tile[0][0], a, b, 1, lda, ldb, 16)
	for i := range m {
		for j := range n {
			c[i*ldc+j] += tile[i&3][j&3]
		}
	}
}

func (v simd) dotTile(c, a, b *float32, groups, lda, ldb, ldc int) {
	if v.wide {
		dotsAVX512(c, a, b, groups, lda, ldb, ldc)
	} else {
		dotsAVX2(c, a, b, groups, lda, ldb, ldc)
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
