package main

import "fmt"

// tile writes rows rows of a product, wide registers of lanes at a time: for each column of
// A its numbers, one per row, are multiplied with the same lanes of b. What is multiplied
// is the first lane of a register, so that nothing has to be spread.
func tile(f *file, rows, wide int) {
	k := f.open(fmt.Sprintf("tile%d", rows),
		fmt.Sprintf("writes %d rows of kernel.Set.Gemm; ra and ca are in bytes, bias and times may be nil.", rows),
		wide, "c a b bias times", "k ra ca", "")
	c, a, b0, bias, times := k.arg("c"), k.arg("a"), k.arg("b"), k.arg("bias"), k.arg("times")
	ra, ca := k.arg("ra"), k.arg("ca")
	ra2, ra3, n := k.reg(), k.reg(), k.reg()
	columns, ap, bp := k.reg(), k.reg(), k.reg()
	sums, x := make([]vec, rows), make([]vec, rows)
	for r := range sums {
		sums[r], x[r] = k.vec(), k.some(1)
	}
	lanes := k.vec()
	if rows == 4 {
		k.line("ADD %s, %s, %s", ra, ra, ra2)
		k.line("ADD %s, %s, %s", ra, ra2, ra3)
	}
	k.line("MOVD $%d, %s", block/(4*wide), n)

	k.label("lanes")
	k.line("CBZ %s, bare", bias)
	for r := range sums {
		k.line("FMOVS %d(%s), F%d", 4*r, bias, x[r][0])
		k.spread(sums[r], x[r])
	}
	k.line("JMP start")
	k.label("bare")
	for r := range sums {
		k.clear(sums[r])
	}
	k.label("start")
	k.line("MOVD k+%d(FP), %s", k.offsets["k"], columns)
	k.line("MOVD %s, %s", a, ap)
	k.line("MOVD %s, %s", b0, bp)

	k.label("columns")
	k.load(lanes, bp, 0)
	for r, at := range []string{"", ra, ra2, ra3}[:rows] {
		if r > 0 {
			at = "(" + at + ")"
		}
		k.line("FMOVS (%s)%s, F%d", ap, at, x[r][0])
	}
	for r := range sums {
		k.fmlaLane(sums[r], lanes, x[r])
	}
	k.line("ADD $%d, %s", row, bp)
	k.line("ADD %s, %s", ca, ap)
	k.again("columns", columns, 1)

	k.line("CBZ %s, store", times)
	for r := range sums {
		k.load(lanes, times, r*row)
		k.op("fmul", sums[r], sums[r], lanes)
	}
	k.advance(times)
	k.label("store")
	for r := range sums {
		k.store(sums[r], c, r*row)
	}
	k.advance(c, b0)
	k.again("lanes", n, 1)
	k.end()
}

// dots adds the products of four rows of a with groups of four rows of b to c. Its 32
// registers are 16 sums, and two for each row.
func dots(f *file) {
	const rows = 4
	k := f.open("dots", "adds four rows of kernel.Set.Dots, four columns for each group, to c; the strides are in bytes, and 0 repeats a row.",
		2, "c a b", "groups lda ldb ldc", "")
	c, b, groups := k.arg("c"), k.arg("b"), k.arg("groups")
	lda, ldb, ldc := k.arg("lda"), k.arg("ldb"), k.arg("ldc")
	n, ap, bp := k.reg(), make([]string, rows), make([]string, rows)
	x, y, sums := make([]vec, rows), make([]vec, rows), make([]vec, rows)
	for r := range rows {
		ap[r], bp[r] = k.reg(), k.reg()
		x[r], y[r], sums[r] = k.vec(), k.vec(), k.some(rows)
	}

	k.label("group")
	k.line("MOVD a+%d(FP), %s", k.offsets["a"], ap[0])
	k.line("MOVD %s, %s", b, bp[0])
	for r := 1; r < rows; r++ {
		k.line("ADD %s, %s, %s", lda, ap[r-1], ap[r])
		k.line("ADD %s, %s, %s", ldb, bp[r-1], bp[r])
	}
	k.line("ADD %s, %s, %s", ldb, bp[rows-1], b)
	for r := range sums {
		k.clear(sums[r])
	}
	k.line("MOVD $%d, %s", block, n)

	k.label("lanes")
	for r := range rows {
		k.line("FLDPQ.P 32(%s), (F%d, F%d)", bp[r], y[r][0], y[r][1])
		k.line("FLDPQ.P 32(%s), (F%d, F%d)", ap[r], x[r][0], x[r][1])
	}
	for half := range 2 {
		for r := range rows {
			for j := range rows {
				k.op("fmla", sums[r][j:j+1], x[r][half:half+1], y[j][half:half+1])
			}
		}
	}
	k.again("lanes", n, 8)

	at := k.reg()
	k.line("MOVD %s, %s", c, at)
	for r, s := range sums {
		k.op("faddp", s[:1], s[:1], s[1:2])
		k.op("faddp", s[2:3], s[2:3], s[3:4])
		k.op("faddp", s[:1], s[:1], s[2:3])
		k.line("FMOVQ (%s), F%d", at, s[1])
		k.op("fadd", s[:1], s[:1], s[1:2])
		k.line("FMOVQ F%d, (%s)", s[0], at)
		if r+1 < rows {
			k.line("ADD %s, %s", ldc, at)
		}
	}
	k.line("ADD $16, %s", c)
	k.again("group", groups, 1)
	k.end()
}

// peak is nothing but fused multiply-adds: as many side by side as four units, each with
// four under way, take at once.
func peak(f *file) {
	k := f.open("peak", "makes 16 fused multiply-adds of whole registers n times.", 16, "", "n", "")
	n, x, sums := k.arg("n"), k.some(1), k.vec()
	k.clear(x)
	k.clear(sums)
	k.label("loop")
	k.op("fmla", sums, x, x)
	k.again("loop", n, 1)
	k.end()
}
