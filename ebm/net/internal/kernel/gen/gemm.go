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
