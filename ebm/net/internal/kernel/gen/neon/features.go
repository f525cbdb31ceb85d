package main

import "ebmviz/ebm/net/internal/kernel/poly"

// features writes sines and cosines, counting in half-turns: see sincos32 of package kernel.
func features(f *file) {
	k := f.open("features", "completes the Fourier features of lanes coordinates, harmonics > 0; turn is 1/half.",
		2, "f", "lanes harmonics", "turn")
	at0, n, count, turn := k.arg("f"), k.arg("lanes"), k.arg("harmonics"), k.number("turn")
	stride, at, left := k.reg(), k.reg(), k.reg()
	k.line("LSL $2, %s, %s", n, stride)
	k.hold(poly.Magic)

	k.label("lanes")
	r, n0, flip, q := k.vec(), k.vec(), k.vec(), k.vec()
	k.load(r, at0, 0)
	k.op("fmul", r, r, turn)
	k.op("fadd", n0, r, k.k(poly.Magic))
	k.shl(flip, n0, 31)
	k.op("fsub", n0, n0, k.k(poly.Magic))
	k.op("fsub", r, r, n0)
	k.op("fmul", q, r, r)
	s1, c1 := horner(k, q, poly.Sin), horner(k, q, poly.Cos)
	k.op("fmul", s1, s1, r)
	k.op("eor", s1, s1, flip)
	k.op("eor", c1, c1, flip)
	s, c, sn, cn := r, n0, flip, q
	k.op("orr", s, s1, s1)
	k.op("orr", c, c1, c1)
	k.line("ADD %s, %s, %s", stride, at0, at)
	k.line("MOVD %s, %s", count, left)
	k.line("JMP store")

	k.label("multiples")
	k.op("fmul", sn, c, s1)
	k.op("fmla", sn, s, c1)
	k.op("fmul", cn, c, c1)
	k.op("fmls", cn, s, s1)
	k.op("orr", s, sn, sn)
	k.op("orr", c, cn, cn)
	k.label("store")
	k.store(s, at, 0)
	k.line("ADD %s, %s", stride, at)
	k.store(c, at, 0)
	k.line("ADD %s, %s", stride, at)
	k.again("multiples", left, 1)

	k.advance(at0)
	k.again("lanes", n, 4*k.wide)
	k.end()
}

// fold takes a gradient by the features to one by the coordinates.
func fold(f *file) {
	k := f.open("fold", "is kernel.Set.Fold for harmonics > 0.", 2, "dst f df", "lanes harmonics", "c")
	dst, f0, df := k.arg("dst"), k.arg("f"), k.arg("df")
	n, count, unit := k.arg("lanes"), k.arg("harmonics"), k.number("c")
	stride, fp, dp, left := k.reg(), k.reg(), k.reg(), k.reg()
	sum, s, ds, c, dc, w := k.vec(), k.vec(), k.vec(), k.vec(), k.vec(), k.some(1)
	k.line("LSL $2, %s, %s", n, stride)

	k.label("lanes")
	k.load(sum, df, 0)
	k.op("orr", w, unit, unit)
	k.line("ADD %s, %s, %s", stride, f0, fp)
	k.line("ADD %s, %s, %s", stride, df, dp)
	k.line("MOVD %s, %s", count, left)
	k.label("multiples")
	for _, part := range [][2]vec{{s, ds}, {c, dc}} {
		k.load(part[0], fp, 0)
		k.load(part[1], dp, 0)
		k.line("ADD %s, %s", stride, fp)
		k.line("ADD %s, %s", stride, dp)
	}
	k.op("fmul", c, c, ds)
	k.op("fmls", c, s, dc)
	k.op("fmla", sum, c, w)
	k.op("fadd", w, w, unit)
	k.again("multiples", left, 1)

	k.store(sum, dst, 0)
	k.advance(dst, f0, df)
	k.again("lanes", n, 4*k.wide)
	k.end()
}

// add is the sum of two series.
func add(f *file) {
	k := f.open("add", "writes a[i] + b[i] to c[i] for i < n, a multiple of 16.", 4, "c a b", "n", "")
	c, a, b, n := k.arg("c"), k.arg("a"), k.arg("b"), k.arg("n")
	x, y := k.vec(), k.vec()
	k.label("loop")
	k.load(x, a, 0)
	k.load(y, b, 0)
	k.op("fadd", x, x, y)
	k.store(x, c, 0)
	k.advance(c, a, b)
	k.again("loop", n, 4*k.wide)
	k.end()
}
