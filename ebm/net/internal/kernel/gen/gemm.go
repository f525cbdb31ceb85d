package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// unroll is how many columns of A are taken in one turn of the loop, so that its end can be
// foreseen.
const unroll = 4

// tile writes rows of a product, a few at a time: for each column of A its numbers, one per
// row, are spread over a register each and multiplied with the same lanes of b. As many
// lanes are taken at once as there are registers for the sums. One call takes many tiles, so
// that the processor begins the next while it ends the last.
func tile(v vector, rows int) {
	wide := 4 // registers of lanes: 4 × 4 sums of 32 registers, 6 × 2 of 16
	if !v.wide() && rows >= 4 {
		wide = 2
	}
	name := function(v, fmt.Sprintf("tile%d", rows), "func(c, a, b, bias, times *float32, k, ra, ca, tiles int)",
		"writes tiles of rows of kernel.Set.Gemm or GemmMul; ra and ca are in bytes, bias and times may be nil.")
	c, a, bias, times := argument("c"), argument("a"), argument("bias"), argument("times")
	ra, ca, tiles := argument("ra"), argument("ca"), argument("tiles")
	b0 := GP64()
	ra3, ra5, n := GP64(), GP64(), GP64()
	if rows > 3 {
		LEAQ(Mem{Base: ra, Index: ra, Scale: 2}, ra3)
	}
	if rows > 5 {
		LEAQ(Mem{Base: ra, Index: ra, Scale: 4}, ra5)
	}
	item := func(base Register, r int) Mem {
		switch r {
		case 4:
			return Mem{Base: base, Index: ra, Scale: 4}
		case 5:
			return Mem{Base: base, Index: ra5, Scale: 1}
		}
		return strided(base, ra, ra3, r)
	}
	sums := make([][]VecVirtual, rows)
	for r := range sums {
		sums[r] = v.regs(wide)
	}

	Label(name + "Tile")
	Load(Param("b"), b0)
	MOVQ(U32(block/(wide*v.lanes())), n)

	Label(name + "Lanes")
	TESTQ(bias, bias)
	JZ(LabelRef(name + "Bare"))
	for r := range sums {
		for _, s := range sums[r] { // a load each: a copy would take a place where a product could be
			VBROADCASTSS(Mem{Base: bias, Disp: 4 * r}, s)
		}
	}
	JMP(LabelRef(name + "Start"))
	Label(name + "Bare")
	for r := range sums {
		v.clear(sums[r])
	}
	Label(name + "Start")
	k, ap, bp := GP64(), GP64(), GP64()
	MOVQ(a, ap)
	MOVQ(b0, bp)
	lanes := v.regs(wide)
	column := func(j int) {
		for i, l := range lanes {
			VMOVUPS(Mem{Base: bp, Disp: j*row + i*v.bytes}, l)
		}
		for r := range sums {
			x := v.fill(item(ap, r))
			for i, s := range sums[r] {
				VFMADD231PS(lanes[i], x, s)
			}
		}
		ADDQ(ca, ap)
	}

	Load(Param("k"), k)
	SUBQ(Imm(unroll), k)
	JB(LabelRef(name + "Rest"))
	Label(name + "Columns")
	for i := range unroll {
		column(i)
	}
	ADDQ(U32(unroll*row), bp)
	SUBQ(Imm(unroll), k)
	JAE(LabelRef(name + "Columns"))
	Label(name + "Rest")
	ADDQ(Imm(unroll), k)
	JZ(LabelRef(name + "Store"))
	Label(name + "Column")
	column(0)
	ADDQ(U32(row), bp)
	DECQ(k)
	JNZ(LabelRef(name + "Column"))

	Label(name + "Store")
	each := func(do func(s VecVirtual, disp int)) {
		for r := range sums {
			for i, s := range sums[r] {
				do(s, r*row+i*v.bytes)
			}
		}
	}
	TESTQ(times, times)
	JZ(LabelRef(name + "Plain"))
	each(func(s VecVirtual, disp int) { VMULPS(Mem{Base: times, Disp: disp}, s, s) })
	ADDQ(U32(wide*v.bytes), times)
	Label(name + "Plain")
	each(func(s VecVirtual, disp int) { VMOVUPS(s, Mem{Base: c, Disp: disp}) })
	ADDQ(U32(wide*v.bytes), c)
	ADDQ(U32(wide*v.bytes), b0)
	DECQ(n)
	JNZ(LabelRef(name + "Lanes"))

	next := 4 * rows // bytes of the bias of a tile, where there is one
	down := GP64()
	LEAQ(Mem{Base: bias, Disp: next}, down)
	TESTQ(bias, bias)
	CMOVQNE(down, bias)
	LEAQ(Mem{Base: times, Disp: (rows - 1) * row}, down)
	TESTQ(times, times)
	CMOVQNE(down, times)
	ADDQ(U32((rows-1)*row), c)
	LEAQ(item(a, rows-1), a)
	ADDQ(ra, a)
	DECQ(tiles)
	JNZ(LabelRef(name + "Tile"))
	end()
}

// strided addresses item i < 4 of a series that begins at base, stride and 3 stride being
// in registers.
func strided(base, stride, stride3 Register, i int) Mem {
	switch i {
	case 1:
		return Mem{Base: base, Index: stride, Scale: 1}
	case 2:
		return Mem{Base: base, Index: stride, Scale: 2}
	case 3:
		return Mem{Base: base, Index: stride3, Scale: 1}
	}
	return Mem{Base: base}
}

// dots adds the products of a few rows of a (4 for AVX-512, 2 for AVX2) with groups of 4
// rows of b to c.
func dots(v vector) {
	rows := 4
	if !v.wide() {
		rows = 2
	}
	name := function(v, "dots", "func(c, a, b *float32, groups, lda, ldb, ldc int)",
		"adds a few rows of kernel.Set.Dots, four columns for each group, to c; the strides are in bytes, and 0 repeats a row.")
	c, a, b, groups := argument("c"), argument("a"), argument("b"), argument("groups")
	lda, ldb, ldc := argument("lda"), argument("ldb"), argument("ldc")
	lda3, ldb3 := GP64(), GP64()
	LEAQ(Mem{Base: lda, Index: lda, Scale: 2}, lda3)
	LEAQ(Mem{Base: ldb, Index: ldb, Scale: 2}, ldb3)

	Label(name + "Group")
	sums := make([][]VecVirtual, rows)
	for at := 0; at < row; at += v.bytes {
		cols := v.regs(4)
		for i := range cols {
			m := strided(b, ldb, ldb3, i)
			m.Disp = at
			VMOVUPS(m, cols[i])
		}
		for r := range sums {
			m := strided(a, lda, lda3, r)
			m.Disp = at
			x := v.load(m)
			if at == 0 {
				sums[r] = v.regs(4)
			}
			for i, s := range sums[r] {
				if at == 0 {
					VMULPS(cols[i], x, s)
				} else {
					VFMADD231PS(cols[i], x, s)
				}
			}
		}
	}
	for r := range sums {
		across(v, sums[r])
	}
	cp := GP64()
	MOVQ(c, cp)
	for r, four := range lower(v, sums) {
		VADDPS(Mem{Base: cp}, four, four)
		VMOVUPS(four, Mem{Base: cp})
		if r+1 < rows {
			ADDQ(ldc, cp)
		}
	}
	ADDQ(Imm(16), c)
	LEAQ(Mem{Base: b, Index: ldb, Scale: 4}, b)
	DECQ(groups)
	JNZ(LabelRef(name + "Group"))
	end()
}

// across adds within each 128 bits: s[0] then holds there the sums of s[0] … s[3].
func across(v vector, s []VecVirtual) {
	t := v.reg()
	for _, i := range []int{0, 2} {
		VUNPCKLPS(s[i+1], s[i], t)
		VUNPCKHPS(s[i+1], s[i], s[i])
		VADDPS(t, s[i], s[i])
	}
	VUNPCKLPD(s[2], s[0], t)
	VUNPCKHPD(s[2], s[0], s[0])
	VADDPS(t, s[0], s[0])
}

// lower adds the parts of 128 bits of each row's first register and returns the four
// sums of each row.
func lower(v vector, rows [][]VecVirtual) []VecVirtual {
	out := make([]VecVirtual, len(rows))
	for r := range out {
		out[r] = XMM()
	}
	if !v.wide() {
		for r, s := range rows {
			VEXTRACTF128(Imm(1), s[0], out[r])
			VADDPS(s[0].AsX(), out[r], out[r])
		}
		return out
	}
	t := v.reg()
	for _, r := range []int{0, 2} {
		VSHUFF32X4(Imm(0x44), rows[r+1][0], rows[r][0], t)
		VSHUFF32X4(Imm(0xee), rows[r+1][0], rows[r][0], rows[r][0])
		VADDPS(t, rows[r][0], rows[r][0])
	}
	all := rows[0][0]
	VSHUFF32X4(Imm(0x88), rows[2][0], all, t)
	VSHUFF32X4(Imm(0xdd), rows[2][0], all, all)
	VADDPS(t, all, all)
	for r := range out {
		VEXTRACTF32X4(Imm(uint64(r)), all, out[r])
	}
	return out
}
