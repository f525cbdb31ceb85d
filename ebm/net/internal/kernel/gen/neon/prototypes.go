package main

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
)

// points are the coordinates of as many points as go into a vec, and far, which is +∞ for
// each of them, or NaN for one that is not finite.
type points struct{ x, y, far vec }

func (k *kernel) points(x, y string) points {
	p := points{k.vec(), k.vec(), k.vec()}
	k.load(p.x, x, 0)
	k.load(p.y, y, 0)
	t := k.vec()
	k.op("fsub", p.far, p.x, p.x)
	k.op("fsub", t, p.y, p.y)
	k.op("fadd", p.far, p.far, t)
	k.fill(t, math.Inf(1))
	k.op("fadd", p.far, p.far, t)
	k.free(t)
	return p
}

// numbers reads the next of a table, each into all lanes of a register.
func (k *kernel) numbers(at string, n int) []vec {
	list := make([]vec, n)
	for i := range list {
		list[i] = k.some(1)
		k.line("VLD1R.P 4(%s), [V%d.S4]", at, list[i][0])
	}
	return list
}

// each runs body for each of the prototypes.
func (k *kernel) each(label, at, left string, body func()) {
	k.line("MOVD table+%d(FP), %s", k.offsets["table"], at)
	k.line("MOVD n+%d(FP), %s", k.offsets["n"], left)
	k.label(label)
	body()
	k.again(label, left, 1)
}

// lower puts d into least where it is less. A NaN of d is passed over, one of least stays.
func (k *kernel) lower(least, d vec) {
	less := k.vec()
	k.op("fcmgt", less, least, d)
	k.op("bit", least, d, less)
	k.free(less)
}

// nearest finds the least squared distance from a table of x, y.
func nearest(f *file) {
	k := f.open("nearest", "writes the least squared distances of 64 points from n > 0 prototypes: see kernel.Set.Nearest.",
		4, "out x y table", "n", "")
	out, x, y := k.arg("out"), k.arg("x"), k.arg("y")
	groups, at, left := k.reg(), k.reg(), k.reg()
	k.hold()
	k.line("MOVD $%d, %s", block/(4*k.wide), groups)

	k.label("group")
	p := k.points(x, y)
	k.each("prototype", at, left, func() {
		w, dx, dy := k.numbers(at, 2), k.vec(), k.vec()
		k.op("fsub", dx, p.x, w[0])
		k.op("fsub", dy, p.y, w[1])
		k.op("fmul", dx, dx, dx)
		k.op("fmla", dx, dy, dy)
		k.lower(p.far, dx)
	})
	k.store(p.far, out, 0)
	k.advance(out, x, y)
	k.again("group", groups, 1)
	k.end()
}

// bowl returns the energies of the next prototype in a table of x, y, lift, a, b, c.
func (k *kernel) bowl(p points, at string) vec {
	w, dx, dy, e := k.numbers(at, 6), k.vec(), k.vec(), k.vec()
	lift, a, b, c := w[2], w[3], w[4], w[5]
	k.op("fsub", dx, p.x, w[0])
	k.op("fsub", dy, p.y, w[1])
	k.op("fmul", dx, dx, a)
	k.op("fmla", dx, dy, b)
	k.op("fmul", dy, dy, c)
	k.op("orr", e, lift, lift)
	k.op("fmla", e, dx, dx)
	k.op("fmla", e, dy, dy)
	k.free(w...)
	k.free(dx, dy)
	return e
}

// softMin goes over the prototypes twice, for the least energy and for the sum: see
// softMin32 of package kernel.
func softMin(f *file) {
	k := f.open("softMin", "writes the free energy of 64 points over n > 0 prototypes: see kernel.Set.SoftMin.",
		2, "out x y table", "n", "beta")
	out, x, y, beta := k.arg("out"), k.arg("x"), k.arg("y"), k.number("beta")
	groups, at, left := k.reg(), k.reg(), k.reg()
	k.hold(1, -poly.Faint, poly.Log2E, poly.MagicExp, poly.Ln2)
	k.line("MOVD $%d, %s", block/(4*k.wide), groups)

	k.label("group")
	p := k.points(x, y)
	least := p.far
	k.each("least", at, left, func() {
		e := k.bowl(p, at)
		k.lower(least, e)
		k.free(e)
	})
	lost := k.vec()
	k.clear(lost)
	k.each("sum", at, left, func() {
		e := k.bowl(p, at)
		k.op("fsub", e, least, e)
		k.op("fmul", e, e, beta)
		k.op("fmaxnm", e, e, k.k(-poly.Faint))
		s, t := exponential(k, e)
		rest := k.vec()
		k.op("fsub", rest, k.k(1), s)
		k.op("fmls", rest, s, t)
		k.op("fadd", lost, lost, rest)
		k.free(s, t, rest)
	})
	sum := k.vec()
	k.line("MOVD n+%d(FP), %s", k.offsets["n"], left)
	k.line("SCVTFS %s, F%d", left, sum[0])
	k.spread(sum, sum[:1])
	k.op("fsub", sum, sum, lost)
	k.op("fdiv", lost, lost, sum)
	log := log1p(k, lost)
	k.op("fdiv", log, log, beta)
	k.op("fadd", log, log, least)
	k.store(log, out, 0)
	k.advance(out, x, y)
	k.again("group", groups, 1)
	k.end()
}

// log1p returns log(1 + r), r >= 0: see log1p32 of package kernel.
func log1p(k *kernel, r vec) vec {
	whole := func(n uint32) float64 { return float64(math.Float32frombits(n)) }
	n, scale, f := k.vec(), k.vec(), k.vec()
	k.op("fadd", n, r, k.k(1))
	k.ushr(n, n, 23)
	k.fill(scale, whole(254))
	k.op("sub", scale, scale, n)
	k.shl(scale, scale, 23)
	k.fill(f, whole(127))
	k.op("sub", n, n, f)
	k.scvtf(n, n)
	k.op("fsub", f, scale, k.k(1))
	k.op("fmla", f, r, scale)
	log := horner(k, f, poly.Log1p)
	k.op("fmul", log, log, f)
	k.op("fmla", log, n, k.k(poly.Ln2))
	k.free(n, scale, f)
	return log
}
