package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// panels adds the products of m rows of a with panels of as many rows of b as a register has
// lanes. A panel is first laid on its side, a register for each point; then its registers are
// multiplied with the numbers of a at that point, one per row, as in a product of matrices:
// the sums over the points need no adding up of lanes.
func panels(v vector) {
	heights := []int{12, 8, 4, 1} // of the tiles: sums of 16 registers, or of 32
	if v.wide() {
		heights = []int{16, 4, 1}
	}
	name := "panels" + v.name
	TEXT(name, 0, "func(c, a, b *float32, m, panels, ldc int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds the products of m rows with panels of %d rows to c, for kernel.Set.Dots; ldc is in bytes.", name, v.lanes()))
	c, a, b := argument("c"), argument("a"), argument("b")
	m, n, ldc := argument("m"), argument("panels"), argument("ldc")
	t := GP64() // the panel on its side; its registers lie on lines of the cache
	LEAQ(AllocLocal(block*v.bytes+v.bytes).Offset(v.bytes), t)
	ANDQ(I8(int8(-v.bytes)), t)

	Label(name + "Panel")
	onItsSide(v, name, b, t)
	left, ap, cp := GP64(), GP64(), GP64()
	MOVQ(m, left)
	MOVQ(a, ap)
	MOVQ(c, cp)
	for _, h := range heights {
		tile := fmt.Sprintf("%s%d", name, h)
		SUBQ(Imm(uint64(h)), left)
		JB(LabelRef(tile + "Rest"))
		Label(tile)
		sums := v.regs(h)
		v.clear(sums)
		at, from, points := GP64(), GP64(), GP64()
		MOVQ(t, at)
		MOVQ(ap, from)
		MOVQ(U32(block/2), points)
		Label(tile + "Points")
		for p := range 2 {
			lanes := v.load(Mem{Base: at, Disp: p * v.bytes})
			for r, s := range sums {
				x := Mem{Base: from, Disp: r*row + 4*p}
				if v.wide() {
					VFMADD231PS_BCST(x, lanes, s)
				} else {
					VFMADD231PS(v.fill(x), lanes, s)
				}
			}
		}
		ADDQ(U32(2*v.bytes), at)
		ADDQ(Imm(8), from)
		DECQ(points)
		JNZ(LabelRef(tile + "Points"))
		for _, s := range sums {
			VADDPS(Mem{Base: cp}, s, s)
			VMOVUPS(s, Mem{Base: cp})
			ADDQ(ldc, cp)
		}
		ADDQ(U32(uint32(h*row)), ap)
		SUBQ(Imm(uint64(h)), left)
		JAE(LabelRef(tile))
		Label(tile + "Rest")
		ADDQ(Imm(uint64(h)), left)
	}
	ADDQ(U32(uint32(v.lanes()*row)), b)
	ADDQ(U32(uint32(v.bytes)), c)
	DECQ(n)
	JNZ(LabelRef(name + "Panel"))
	end()
}

// onItsSide writes for each point the numbers of as many rows of b as there are lanes to a
// register at t. The rows are taken four points at a time, those of which the numbers will lie
// in the same place of 128 bits together.
func onItsSide(v vector, name string, b, t Register) {
	from, to, points := GP64(), GP64(), GP64()
	MOVQ(b, from)
	MOVQ(t, to)
	MOVQ(U32(block/4), points)
	Label(name + "Four")
	var x [4]VecVirtual
	for r := range x {
		x[r] = v.reg()
		VMOVUPS(Mem{Base: from, Disp: r * row}, x[r].AsX())
		for l := 1; l < v.bytes/16; l++ {
			m := Mem{Base: from, Disp: (4*l + r) * row}
			if v.wide() {
				VINSERTF32X4(Imm(uint64(l)), m, x[r], x[r])
			} else {
				VINSERTF128(Imm(uint64(l)), m, x[r], x[r])
			}
		}
	}
	var y [4]VecVirtual
	for i := range y {
		y[i] = v.reg()
	}
	VUNPCKLPS(x[1], x[0], y[0])
	VUNPCKHPS(x[1], x[0], y[1])
	VUNPCKLPS(x[3], x[2], y[2])
	VUNPCKHPS(x[3], x[2], y[3])
	for p := range 4 {
		low, high := y[p/2], y[2+p/2]
		out := v.reg()
		if p%2 == 0 {
			VUNPCKLPD(high, low, out)
		} else {
			VUNPCKHPD(high, low, out)
		}
		VMOVUPS(out, Mem{Base: to, Disp: p * v.bytes})
	}
	ADDQ(Imm(16), from)
	ADDQ(U32(uint32(4*v.bytes)), to)
	DECQ(points)
	JNZ(LabelRef(name + "Four"))
}

// dot4 adds the products of one row with groups of four to c, four numbers for each group.
func dot4(v vector) {
	name := function(v, "dot4", "func(c, x, y *float32, groups, ldy int)",
		"adds the products of a row with groups of four rows to c, for kernel.Set.Dots; ldy is in bytes, and 0 repeats a row.")
	c, xp, y := argument("c"), argument("x"), argument("y")
	groups, ldy := argument("groups"), argument("ldy")
	ldy3 := GP64()
	LEAQ(Mem{Base: ldy, Index: ldy, Scale: 2}, ldy3)
	x := v.regs(row / v.bytes)
	for i := range x {
		VMOVUPS(Mem{Base: xp, Disp: i * v.bytes}, x[i])
	}
	Label(name + "Group")
	sums := v.regs(4)
	for i := range x {
		for r, s := range sums {
			m := strided(y, ldy, ldy3, r)
			m.Disp = i * v.bytes
			if i == 0 {
				VMULPS(m, x[i], s)
			} else {
				VFMADD231PS(m, x[i], s)
			}
		}
	}
	four := across(v, sums)
	VADDPS(Mem{Base: c}, four, four)
	VMOVUPS(four, Mem{Base: c})
	ADDQ(Imm(16), c)
	LEAQ(Mem{Base: y, Index: ldy, Scale: 4}, y)
	DECQ(groups)
	JNZ(LabelRef(name + "Group"))
	end()
}

// across returns the sums over the lanes of four registers.
func across(v vector, s []VecVirtual) VecVirtual {
	t := v.reg()
	for _, i := range []int{0, 2} {
		VUNPCKLPS(s[i+1], s[i], t)
		VUNPCKHPS(s[i+1], s[i], s[i])
		VADDPS(t, s[i], s[i])
	}
	VUNPCKLPD(s[2], s[0], t)
	VUNPCKHPD(s[2], s[0], s[0])
	VADDPS(t, s[0], s[0])
	half, low, four := s[0].AsY(), s[0].AsX(), XMM()
	if v.wide() {
		upper := YMM()
		VEXTRACTF64X4(Imm(1), s[0], upper)
		VADDPS(upper, half, half)
	}
	VEXTRACTF128(Imm(1), half, four)
	VADDPS(low, four, four)
	return four
}
