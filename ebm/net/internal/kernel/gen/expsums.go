package main

import (
	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const side = 16 // lines of powers and of outer

// powers writes exponentials of products.
func powers(v vector) {
	name := function(v, "powers", "func(dst, b, x *float32, n int, u *float32)",
		"is kernel.Set.Powers for n > 0 terms.")
	dst, b, x, n, up := argument("dst"), argument("b"), argument("x"), argument("n"), argument("u")
	var lines []VecVirtual
	for i := range side / v.lanes() {
		lines = append(lines, v.load(Mem{Base: up, Disp: i * v.bytes}))
	}
	p := newPool(v)
	p.hold(true, poly.MaxExp, -poly.MaxExp)
	p.hold(false, poly.MagicExp, poly.Log2E, poly.Ln2)
	p.hold(false, poly.Expm1...)

	Label(name + "Terms")
	shift, factor := v.fill(Mem{Base: b}), v.fill(Mem{Base: x})
	for i, u := range lines {
		e := v.reg()
		VMOVAPS(shift, e)
		VFMADD231PS(factor, u, e)
		s, t := exponential(p, atLeast(p, atMost(p, e, poly.MaxExp), -poly.MaxExp))
		VFMADD213PS(s, s, t)
		VMOVUPS(t, Mem{Base: dst, Disp: i * v.bytes})
	}
	ADDQ(Imm(4), b)
	ADDQ(Imm(4), x)
	ADDQ(U32(4*side), dst)
	DECQ(n)
	JNZ(LabelRef(name + "Terms"))
	end()
}

// outer has as many rows at a time as make eight sums: fewer would wait for each other.
func outer(v vector) {
	name := function(v, "outer", "func(c, a, b *float32, n int)",
		"is kernel.Set.Outer for a few rows and n > 0 terms.")
	c, a, b, n := argument("c"), argument("a"), argument("b"), argument("n")
	wide := side / v.lanes()
	sums := make([][]VecVirtual, 8/wide)
	for r := range sums {
		for range wide {
			sums[r] = append(sums[r], v.zero())
		}
	}
	Label(name + "Terms")
	lanes := make([]VecVirtual, wide)
	for i := range lanes {
		lanes[i] = v.load(Mem{Base: b, Disp: i * v.bytes})
	}
	for r := range sums {
		x := v.fill(Mem{Base: a, Disp: 4 * r})
		for i, s := range sums[r] {
			VFMADD231PS(lanes[i], x, s)
		}
	}
	ADDQ(U32(4*side), a)
	ADDQ(U32(4*side), b)
	DECQ(n)
	JNZ(LabelRef(name + "Terms"))
	for r := range sums {
		for i, s := range sums[r] {
			at := Mem{Base: c, Disp: 4*side*r + i*v.bytes}
			VADDPS(at, s, s)
			VMOVUPS(s, at)
		}
	}
	end()
}
