package kernel

func (v simd) powers(dst, b, x, u []float32) {
	if v.wide {
		powersAVX512(&dst[0], &b[0], &x[0], len(b), &u[0])
	} else {
		powersAVX2(&dst[0], &b[0], &x[0], len(b), &u[0])
	}
}

// outer takes four or eight rows at a time.
func (v simd) outer(c, a, b []float32, m, n int) {
	tile, rows := outerAVX2, 4
	if v.wide {
		tile, rows = outerAVX512, 8
	}
	for i := 0; i < m; i += rows {
		tile(&c[i*Side], &a[i], &b[0], n)
	}
}
