package main

import (
	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// logSumExp goes over the terms twice: for the largest exponent, and for the sum.
func logSumExp(v vector) {
	name := function(v, "logSumExp", "func(out, b, x, y *float32, n int, u, v float32)",
		"writes the largest of n exponents, a multiple of 16, to out[0] and the sum to out[1]: see kernel.Set.LogSumExp.")
	out, n := argument("out"), argument("n")
	factors := make([]VecVirtual, 2)
	for i, name := range []string{"u", "v"} {
		c, err := Param(name).Resolve()
		if err != nil {
			panic(err)
		}
		factors[i] = v.fill(c.Addr)
	}
	p := newPool(v)
	p.hold(true, -poly.MaxExp)
	p.hold(false, poly.MagicExp, poly.Log2E, poly.Ln2)
	p.hold(false, poly.Expm1...)

	// loop runs body on the exponents, a register at a time.
	loop := func(label string, body func(e VecVirtual)) {
		b, x, y, left := argument("b"), argument("x"), argument("y"), GP64()
		MOVQ(n, left)
		Label(label)
		e := v.load(Mem{Base: b})
		VFMADD231PS(Mem{Base: x}, factors[0], e)
		VFMADD231PS(Mem{Base: y}, factors[1], e)
		body(e)
		for _, p := range []Register{b, x, y} {
			ADDQ(U32(v.bytes), p)
		}
		SUBQ(U32(v.lanes()), left)
		JNZ(LabelRef(label))
	}

	top := v.reg()
	VMOVUPS(word(0xff800000, v.lanes()), top) // -∞
	loop(name+"Max", func(e VecVirtual) { VMAXPS(top, e, top) })
	throughout(v, top, VMAXPS)
	VMOVSS(top.AsX(), Mem{Base: out})

	sum := v.zero()
	loop(name+"Sum", func(e VecVirtual) {
		VSUBPS(top, e, e)
		s, t := exponential(p, atLeast(p, e, -poly.MaxExp))
		VADDPS(s, sum, sum)
		VFMADD231PS(s, t, sum)
	})
	throughout(v, sum, VADDPS)
	VMOVSS(sum.AsX(), Mem{Base: out, Disp: 4})
	end()
}

// throughout leaves in every lane of x what op makes of all of them.
func throughout(v vector, x VecVirtual, op func(...Op)) {
	t := v.reg()
	if v.wide() {
		for _, swap := range []uint64{0x4e, 0xb1} {
			VSHUFF32X4(Imm(swap), x, x, t)
			op(t, x, x)
		}
	} else {
		VPERM2F128(Imm(1), x, x, t)
		op(t, x, x)
	}
	for _, swap := range []uint64{0x4e, 0xb1} {
		VPERMILPS(Imm(swap), x, t)
		op(t, x, x)
	}
}
