package kernel

// native returns the set for NEON, which every arm64 processor has. What is not in
// assembly is that of Go.
func native() []*Set[float32] {
	s, v := *Go, neon{}
	s.Name = "neon"
	s.gemm, s.dots, s.activate = v.gemm, v.dots, v.activate
	s.add = v.add
	s.features, s.fold = v.features, v.fold
	s.nearest, s.softMin = v.nearest, v.softMin
	s.peak = v.peak
	return []*Set[float32]{&s}
}

// neon cuts the work of the methods of Set into the tiles that the assembly takes.
type neon struct{}

// gemm takes four rows at a time. The last four may overlap the ones before them, which
// are then written twice with the same numbers.
func (neon) gemm(c, a []float32, ra, ca int, b, bias, times []float32, m, k int) {
	tile, step := tile4NEON, 4
	if m < 4 {
		tile, step = tile1NEON, 1
	}
	for i := 0; i < m; i += step {
		i := min(i, m-step)
		var start, factor *float32
		if bias != nil {
			start = &bias[i]
		}
		if times != nil {
			factor = &times[i*Block]
		}
		tile(&c[i*Block], &a[i*ra], &b[0], start, factor, k, 4*ra, 4*ca)
	}
}

// dots takes whole tiles straight to c, and what is cut off by the end of the rows or
// columns by way of a tile of its own.
func (neon) dots(c []float32, ldc int, a, b []float32, m, n int) {
	for i := 0; i < m; {
		r, j := cut(i, m), 0
		if r.count == 4 && n >= 4 {
			dotsNEON(&c[i*ldc], &a[i*Block], &b[0], n/4, r.stride, r.stride, 4*ldc)
			j = n - n%4
		}
		for j < n {
			q := cut(j, n)
			var tile [4][4]float32
			dotsNEON(&tile[0][0], &a[r.start*Block], &b[q.start*Block], 1, r.stride, q.stride, 16)
			for x := 4 - r.count; x < 4; x++ {
				for y := 4 - q.count; y < 4; y++ {
					c[(i+x-4+r.count)*ldc+j+y-4+q.count] += tile[x][y]
				}
			}
			j += q.count
		}
		i += r.count
	}
}

// four are the rows of a block that a tile of dots takes: from start, stride bytes apart,
// of which the last count are wanted.
type four struct{ start, stride, count int }

// cut returns the four rows that have row i, of m: the last four where there are no
// further ones, and the one row four times where there are not even four.
func cut(i, m int) four {
	if m < 4 {
		return four{i, 0, 1}
	}
	start := min(i, m-4)
	return four{start, 4 * Block, start + 4 - i}
}

// The functions by Activation.
var (
	values = [4]func(a, z *float32, n int){siluNEON, tanhNEON, softplusNEON, reluNEON}
	slopes = [4]func(a, d, z *float32, n int){siluSlopeNEON, tanhSlopeNEON, softplusSlopeNEON, reluSlopeNEON}
)

func (neon) activate(f Activation, a, d, z []float32) {
	if d == nil {
		values[f](&a[0], &z[0], len(z))
	} else {
		slopes[f](&a[0], &d[0], &z[0], len(z))
	}
}

func (neon) add(c, a []float32) {
	n := len(c) - len(c)%Block
	if n > 0 {
		addNEON(&c[0], &c[0], &a[0], n)
	}
	add(c[n:], a[n:])
}

func (neon) features(f []float32, lanes, harmonics int, half float32) {
	featuresNEON(&f[0], lanes, harmonics, 1/half)
}

func (neon) fold(g, f, df []float32, lanes, harmonics int, c float32) {
	if harmonics == 0 {
		copy(g[:lanes], df)
		return
	}
	foldNEON(&g[0], &f[0], &df[0], lanes, harmonics, c)
}

// peak makes 16 fused multiply-adds of four lanes in each round.
func (neon) peak(rounds int) (flops int) {
	peakNEON(rounds)
	return rounds * 16 * 4 * 2
}
