package main

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
)

// activation builds a and, if slope, d = da/dz from x = z in registers. The formulas are
// those of package kernel, in fast.go.
type activation func(k *kernel, x vec, slope bool) (a, d vec)

// signBit is the number whose bits are the sign bit alone.
var signBit = math.Copysign(0, -1)

// activations writes each function with its slope and without.
func activations(f *file) {
	for _, fn := range []struct {
		name string
		body activation
		held []float64
	}{
		{"silu", silu, []float64{poly.MaxExp, -poly.MaxExp, poly.Log2E, poly.MagicExp, poly.Ln2, 1}},
		{"tanh", tanh, []float64{-poly.MaxTanh, poly.MaxTanh}},
		{"softplus", softplus, []float64{-poly.MaxExp, poly.Log2E, poly.MagicExp, poly.Ln2, 1, 0, signBit}},
		{"relu", relu, []float64{1, 0}},
	} {
		activate(f, fn.name, "writes the function of n numbers, a multiple of 8.", fn.body, fn.held, false)
		activate(f, fn.name+"Slope", "writes the function of n numbers, a multiple of 8, and its slope.", fn.body, fn.held, true)
	}
}

func activate(f *file, name, doc string, body activation, held []float64, slope bool) {
	pointers := "a z"
	if slope {
		pointers = "a d z"
	}
	k := f.open(name, doc, 2, pointers, "n", "")
	ap, zp, n := k.arg("a"), k.arg("z"), k.arg("n")
	dp := ""
	if slope {
		dp = k.arg("d")
	}
	k.hold(held...)

	k.label("loop")
	x := k.vec()
	k.load(x, zp, 0)
	a, d := body(k, x, slope)
	k.store(a, ap, 0)
	if slope {
		k.store(d, dp, 0)
		k.advance(dp)
	}
	k.advance(ap, zp)
	k.again("loop", n, 4*k.wide)
	k.end()
}

// horner evaluates a polynomial, lowest power first.
func horner(k *kernel, x vec, c []float64) vec {
	y, next := k.vec(), k.vec()
	k.fill(y, c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		k.fill(next, c[i])
		k.op("fmla", next, x, y)
		y, next = next, y
	}
	k.free(next)
	return y
}

// exponential returns e^x = s + s t, where s is a power of two and t = e^r - 1, for
// |x| <= MaxExp, in place of x. The rounding to whole powers is that of a sum with a number
// so large that it keeps no fraction; its low bits are then moved to where a float32 has
// its exponent.
func exponential(k *kernel, x vec) (s, t vec) {
	n, s := k.vec(), k.vec()
	k.fill(n, poly.MagicExp)
	k.op("fmla", n, x, k.k(poly.Log2E))
	k.shl(s, n, 23)
	k.op("fsub", n, n, k.k(poly.MagicExp))
	k.op("fmls", x, n, k.k(poly.Ln2))
	t = horner(k, x, poly.Expm1)
	k.op("fmul", t, t, x)
	k.free(n, x)
	return s, t
}

// silu takes u = e^x: a = x u/(1+u), d = (u + a)/(1+u).
func silu(k *kernel, x vec, slope bool) (a, d vec) {
	m := k.vec()
	k.op("fmin", m, x, k.k(poly.MaxExp))
	k.op("fmax", m, m, k.k(-poly.MaxExp))
	u, t := exponential(k, m)
	k.op("fmla", u, u, t)
	r := t
	k.op("fadd", r, u, k.k(1))
	k.op("fdiv", r, k.k(1), r)
	a = k.vec()
	k.op("fmul", a, u, r)
	k.op("fmul", a, a, x)
	if slope {
		k.op("fadd", u, u, a)
		k.op("fmul", u, u, r)
	}
	return a, u
}

// tanh is a quotient of polynomials in x²: d = 1 - a².
func tanh(k *kernel, x vec, slope bool) (a, d vec) {
	q := k.vec()
	k.op("fmin", x, x, k.k(poly.MaxTanh))
	k.op("fmax", x, x, k.k(-poly.MaxTanh))
	k.op("fmul", q, x, x)
	a, bottom := horner(k, q, poly.TanhTop), horner(k, q, poly.TanhBottom)
	k.op("fmul", a, a, x)
	k.op("fdiv", a, a, bottom)
	if slope {
		d = k.vec()
		k.fill(d, 1)
		k.op("fmls", d, a, a)
	}
	return a, d
}

// softplus takes u = e^-|x|: a = max(x, 0) + log(1+u), d = 1/(1+u) or u/(1+u) by the sign.
func softplus(k *kernel, x vec, slope bool) (a, d vec) {
	m := k.vec()
	k.op("orr", m, x, k.k(signBit))
	k.op("fmax", m, m, k.k(-poly.MaxExp))
	u, t := exponential(k, m)
	k.op("fmla", u, u, t)
	p := horner(k, u, poly.Log1p)
	a, d = k.vec(), t
	k.op("fmax", a, x, k.k(0))
	k.op("fmla", a, u, p)
	if slope {
		r := p
		k.op("fadd", r, u, k.k(1))
		k.op("fdiv", r, k.k(1), r)
		k.signs(d, x)
		k.op("bsl", d, u, k.k(1))
		k.op("fmul", d, d, r)
	}
	return a, d
}

func relu(k *kernel, x vec, slope bool) (a, d vec) {
	a, d = k.vec(), k.vec()
	k.op("fmax", a, x, k.k(0))
	if slope {
		k.op("fcmgt", d, x, k.k(0)) // false for NaN
		k.op("and", d, d, k.k(1))
	}
	return a, d
}
