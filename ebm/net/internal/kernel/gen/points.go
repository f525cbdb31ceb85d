package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// points converts points of the plane to rows of coordinates, and numbers back. Both are
// no more than reading and writing, so AVX-512 uses those of AVX2.
func points(v vector) {
	name := function(v, "split", "func(x, y *float32, at *float64, n int)",
		"writes the coordinates of n points, a multiple of 4, to two rows: see kernel.Set.Split.")
	x, y, at, n := argument("x"), argument("y"), argument("at"), argument("n")
	Label(name + "Loop")
	a, b, t := XMM(), XMM(), XMM()
	VCVTPD2PSY(Mem{Base: at}, a)           // x0 y0 x1 y1
	VCVTPD2PSY(Mem{Base: at, Disp: 32}, b) // x2 y2 x3 y3
	VSHUFPS(Imm(0x88), b, a, t)
	VMOVUPS(t, Mem{Base: x})
	VSHUFPS(Imm(0xdd), b, a, t)
	VMOVUPS(t, Mem{Base: y})
	ADDQ(Imm(64), at)
	ADDQ(Imm(16), x)
	ADDQ(Imm(16), y)
	SUBQ(Imm(4), n)
	JNZ(LabelRef(name + "Loop"))
	end()

	name = function(v, "widen", "func(dst *float64, a *float32, n int)",
		"writes n numbers, a multiple of 4, as float64: see kernel.Set.Widen.")
	dst, src, left := argument("dst"), argument("a"), argument("n")
	Label(name + "Loop")
	wide := YMM()
	VCVTPS2PD(Mem{Base: src}, wide)
	VMOVUPD(wide, Mem{Base: dst})
	ADDQ(Imm(16), src)
	ADDQ(Imm(32), dst)
	SUBQ(Imm(4), left)
	JNZ(LabelRef(name + "Loop"))
	end()
}
