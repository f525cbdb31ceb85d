package main

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
)

// logSumExp goes over the terms twice: for the largest exponent, and for the sum.
func logSumExp(f *file) {
	k := f.open("logSumExp", "writes the largest of n exponents, a multiple of 8, to out[0] and the sum to out[1]: see kernel.Set.LogSumExp.",
		2, "out b x y", "n", "u v")
	out, u, v := k.arg("out"), k.number("u"), k.number("v")
	b, x, y, n := k.reg(), k.reg(), k.reg(), k.reg()
	k.hold(-poly.MaxExp, poly.Log2E, poly.MagicExp, poly.Ln2)

	// loop runs body on the exponents.
	loop := func(label string, body func(e vec)) {
		for i, r := range []string{b, x, y, n} {
			name := []string{"b", "x", "y", "n"}[i]
			k.line("MOVD %s+%d(FP), %s", name, k.offsets[name], r)
		}
		k.label(label)
		e, xs, ys := k.vec(), k.vec(), k.vec()
		k.load(e, b, 0)
		k.load(xs, x, 0)
		k.load(ys, y, 0)
		k.op("fmla", e, xs, u)
		k.op("fmla", e, ys, v)
		k.free(xs, ys)
		body(e)
		k.advance(b, x, y)
		k.again(label, n, 4*k.wide)
	}

	top := k.vec()
	k.fill(top, math.Inf(-1))
	loop("max", func(e vec) {
		k.op("fmaxnm", top, top, e)
		k.free(e)
	})
	k.op("fmaxnm", top[:1], top[:1], top[1:])
	k.largest(top[:1], top[:1])
	k.line("FMOVS F%d, (%s)", top[0], out)
	k.spread(top, top[:1])

	sum := k.vec()
	k.clear(sum)
	loop("sum", func(e vec) {
		k.op("fsub", e, e, top)
		k.op("fmax", e, e, k.k(-poly.MaxExp))
		s, t := exponential(k, e)
		k.op("fadd", sum, sum, s)
		k.op("fmla", sum, s, t)
		k.free(s, t)
	})
	k.op("fadd", sum[:1], sum[:1], sum[1:])
	k.op("faddp", sum[:1], sum[:1], sum[:1])
	k.op("faddp", sum[:1], sum[:1], sum[:1])
	k.line("FMOVS F%d, 4(%s)", sum[0], out)
	k.end()
}
