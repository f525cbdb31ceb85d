package main

import (
	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// adam moves parameters, a register at a time.
func adam(v vector) {
	name := function(v, "adam", "func(theta, m, v, grad *float32, n int, rate, unbias float32)",
		"is kernel.Set.Adam for n numbers, a multiple of 16.")
	theta, mp, vp, gp, n := argument("theta"), argument("m"), argument("v"), argument("grad"), argument("n")
	spread := func(arg string) VecVirtual {
		x := v.reg()
		VBROADCASTSS(Load(Param(arg), XMM()), x)
		return x
	}
	rate, unbias := spread("rate"), spread("unbias")
	p := newPool(v)
	p.hold(true, poly.Beta1, 1-poly.Beta1, poly.Beta2, 1-poly.Beta2, poly.Epsilon)

	at := GP64()
	XORQ(at, at)
	SHLQ(Imm(2), n)
	Label(name + "Loop")
	for i := range 16 / v.lanes() {
		by := func(p Register) Mem { return Mem{Base: p, Index: at, Scale: 1, Disp: i * v.bytes} }
		g, m, s := v.load(by(gp)), v.reg(), v.reg()
		VMULPS(by(mp), p.k(poly.Beta1).(VecVirtual), m)
		VFMADD231PS(p.k(1-poly.Beta1), g, m)
		VMOVUPS(m, by(mp))
		VMULPS(g, g, g)
		VMULPS(by(vp), p.k(poly.Beta2).(VecVirtual), s)
		VFMADD231PS(p.k(1-poly.Beta2), g, s)
		VMOVUPS(s, by(vp))
		VMULPS(s, unbias, s)
		VSQRTPS(s, s)
		VADDPS(p.k(poly.Epsilon), s, s)
		VMULPS(rate, m, m)
		VDIVPS(s, m, m)
		x := v.load(by(theta))
		VSUBPS(m, x, x)
		VMOVUPS(x, by(theta))
	}
	ADDQ(U32(64), at)
	CMPQ(at, n)
	JB(LabelRef(name + "Loop"))
	end()
}
