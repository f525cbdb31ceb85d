package main

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

var negativeZero = math.Copysign(0, -1) // the sign bit alone

// xor flips the bits of x.
func xor(v vector, flip, x VecVirtual) {
	if v.wide() {
		VPXORD(flip, x, x)
	} else {
		VXORPS(flip, x, x)
	}
}

// features writes sines and cosines, counting in half-turns: see sincos32 of package kernel.
func features(v vector) {
	name := function(v, "features", "func(f *float32, lanes, harmonics int, turn float32)",
		"completes the Fourier features of lanes coordinates, harmonics > 0; turn is 1/half.")
	f, n, count := argument("f"), argument("lanes"), argument("harmonics")
	turn, err := Param("turn").Resolve()
	if err != nil {
		panic(err)
	}
	t := v.fill(turn.Addr)
	stride := GP64()
	MOVQ(n, stride)
	SHLQ(Imm(2), stride)
	p := newPool(v)
	p.hold(false, poly.Magic)
	p.hold(false, poly.Sin...)
	p.hold(false, poly.Cos...)

	Label(name + "Lanes")
	r := v.reg()
	VMULPS(Mem{Base: f}, t, r)
	s1, c1 := sincos(p, r)
	s, c := v.reg(), v.reg()
	VMOVAPS(s1, s)
	VMOVAPS(c1, c)
	at, k := GP64(), GP64()
	LEAQ(Mem{Base: f, Index: stride, Scale: 1}, at)
	MOVQ(count, k)
	JMP(LabelRef(name + "Store"))

	Label(name + "Multiples")
	sn, cn := v.reg(), v.reg()
	VMULPS(c, s1, sn)
	VFMADD231PS(s, c1, sn)
	VMULPS(s, s1, cn)
	VFMSUB231PS(c, c1, cn)
	VMOVAPS(sn, s)
	VMOVAPS(cn, c)
	Label(name + "Store")
	VMOVUPS(s, Mem{Base: at})
	VMOVUPS(c, Mem{Base: at, Index: stride, Scale: 1})
	LEAQ(Mem{Base: at, Index: stride, Scale: 2}, at)
	DECQ(k)
	JNZ(LabelRef(name + "Multiples"))

	ADDQ(U32(v.bytes), f)
	SUBQ(U32(v.lanes()), n)
	JNZ(LabelRef(name + "Lanes"))
	end()
}

// sincos returns sin(πr) and cos(πr), and changes r.
func sincos(p *pool, r VecVirtual) (s, c VecVirtual) {
	v := p.v
	n, flip, q := v.reg(), v.reg(), v.reg()
	VADDPS(p.k(poly.Magic), r, n)
	VPSLLD(Imm(31), n, flip)
	VSUBPS(p.k(poly.Magic), n, n)
	VSUBPS(n, r, r)
	VMULPS(r, r, q)
	s, c = horner(p, q, poly.Sin), horner(p, q, poly.Cos)
	VMULPS(r, s, s)
	xor(v, flip, s)
	xor(v, flip, c)
	return s, c
}

// fold takes a gradient by the features to one by the coordinates.
func fold(v vector) {
	name := function(v, "fold", "func(dst, f, df *float32, lanes, harmonics int, c float32)",
		"is kernel.Set.Fold for harmonics > 0.")
	dst, f, df := argument("dst"), argument("f"), argument("df")
	n, count := argument("lanes"), argument("harmonics")
	c, err := Param("c").Resolve()
	if err != nil {
		panic(err)
	}
	unit := v.fill(c.Addr)
	stride := GP64()
	MOVQ(n, stride)
	SHLQ(Imm(2), stride)

	Label(name + "Lanes")
	sum, w, m, x := v.load(Mem{Base: df}), v.reg(), v.reg(), v.reg()
	VMOVAPS(unit, w)
	fp, dp, k := GP64(), GP64(), GP64()
	LEAQ(Mem{Base: f, Index: stride, Scale: 1}, fp)
	LEAQ(Mem{Base: df, Index: stride, Scale: 1}, dp)
	MOVQ(count, k)
	Label(name + "Multiples")
	next := func(p Register) Mem { return Mem{Base: p, Index: stride, Scale: 1} }
	VMOVUPS(next(fp), m)
	VMULPS(Mem{Base: dp}, m, m)
	VMOVUPS(Mem{Base: fp}, x)
	VFNMADD231PS(next(dp), x, m)
	VFMADD231PS(w, m, sum)
	VADDPS(unit, w, w)
	LEAQ(Mem{Base: fp, Index: stride, Scale: 2}, fp)
	LEAQ(Mem{Base: dp, Index: stride, Scale: 2}, dp)
	DECQ(k)
	JNZ(LabelRef(name + "Multiples"))

	VMOVUPS(sum, Mem{Base: dst})
	for _, p := range []Register{dst, f, df} {
		ADDQ(U32(v.bytes), p)
	}
	SUBQ(U32(v.lanes()), n)
	JNZ(LabelRef(name + "Lanes"))
	end()
}

// add adds two vectors.
func add(v vector) {
	name := function(v, "add", "func(c, a, b *float32, n int)",
		"writes a[i] + b[i] to c[i] for i < n, a multiple of 64.")
	c, a, b, n := argument("c"), argument("a"), argument("b"), argument("n")
	Label(name + "Loop")
	x := v.regs(row / v.bytes)
	for i, r := range x {
		VMOVUPS(Mem{Base: a, Disp: i * v.bytes}, r)
		VADDPS(Mem{Base: b, Disp: i * v.bytes}, r, r)
	}
	for i, r := range x {
		VMOVUPS(r, Mem{Base: c, Disp: i * v.bytes})
	}
	for _, p := range []Register{c, a, b} {
		ADDQ(U32(row), p)
	}
	SUBQ(U32(block), n)
	JNZ(LabelRef(name + "Loop"))
	end()
}
