package main

import (
	"fmt"

	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// normals writes points of normal numbers. What it takes is mostly the hashes, whose
// multiplications are slow.
func normals(v vector) {
	name := function(v, "normals", "func(dst *float64, n int, low, high uint32)",
		"is kernel.Set.Normals for n points, a multiple of 8.")
	dst, n := argument("dst"), argument("n")
	p := newPool(v)
	bits := func(b uint32) Mem { return word(b, v.lanes()) }
	places := func(arg string, stride uint32) VecVirtual {
		first, x := XMM(), v.reg()
		VMOVD(Load(Param(arg), GP32()), first)
		VPBROADCASTD(first, x)
		VPADDD(ladder(stride, v.lanes()), x, x)
		return x
	}
	low, high := places("low", poly.Stride1), places("high", poly.Stride2)
	one := v.fill(word(0x3f800000, 1))

	Label(name + "Loop")
	hash := func(from VecVirtual, stride uint32) VecVirtual {
		x, t := v.reg(), v.reg()
		VPSRLD(Imm(16), from, t)
		VPXOR(from, t, x)
		VPMULLD(bits(poly.Hash1), x, x)
		VPSRLD(Imm(15), x, t)
		VPXOR(x, t, x)
		VPMULLD(bits(poly.Hash2), x, x)
		VPSRLD(Imm(16), x, t)
		VPXOR(x, t, x)
		VPADDD(bits(stride*uint32(v.lanes())), from, from)
		return x
	}
	// -2 log u, u = 2ⁿ (1+f)
	u, e, f, r := hash(low, poly.Stride1), v.reg(), v.reg(), v.reg()
	VPSRLD(Imm(1), u, u)
	VCVTDQ2PS(u, u)
	VMOVUPS(p.k(.5/(1<<31)), r)
	VFMADD231PS(p.k(1./(1<<31)), u, r)
	VPSRLD(Imm(23), r, e)
	VPSUBD(bits(127), e, e)
	VCVTDQ2PS(e, e)
	VPAND(bits(1<<23-1), r, f)
	VPOR(one, f, f)
	VSUBPS(one, f, f)
	log := horner(p, f, poly.Log1p)
	VMULPS(f, log, log)
	VFMADD231PS(p.k(poly.Ln2), e, log)
	VMULPS(p.k(-2), log, log)
	VXORPS(r, r, r)
	VMAXPS(log, r, r)
	VSQRTPS(r, r)

	w := hash(high, poly.Stride2)
	VCVTDQ2PS(w, w)
	VMULPS(p.k(1./(1<<31)), w, w)
	sin, cos := sincos(p, w)
	VMULPS(r, sin, sin)
	VMULPS(r, cos, cos)
	near, far := v.reg(), v.reg()
	VUNPCKLPS(sin, cos, near) // points 0, 1 and 4, 5
	VUNPCKHPS(sin, cos, far)  // points 2, 3 and 6, 7
	for i, two := range []VecVirtual{near, far} {
		upper, wide := XMM(), YMM()
		VEXTRACTF128(Imm(1), two, upper)
		VCVTPS2PD(two.AsX(), wide)
		VMOVUPD(wide, Mem{Base: dst, Disp: 32 * i})
		VCVTPS2PD(upper, wide)
		VMOVUPD(wide, Mem{Base: dst, Disp: 64 + 32*i})
	}
	ADDQ(U32(16*v.lanes()), dst)
	SUBQ(Imm(uint64(v.lanes())), n)
	JNZ(LabelRef(name + "Loop"))
	end()
}

// ladder is a vector of 0, step, 2 step, ….
func ladder(step uint32, lanes int) Mem {
	m := GLOBL(fmt.Sprintf("ladder%08x", step), RODATA|NOPTR)
	for i := range lanes {
		DATA(4*i, U32(uint32(i)*step))
	}
	return m
}
