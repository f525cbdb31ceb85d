package main

import (
	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// activation builds a and, if slope, d = da/dz from x = z in registers.
type activation func(p *pool, x VecVirtual, slope bool) (a, d VecVirtual)

// activations writes each function with its slope and without.
func activations(v vector) {
	exponential := append([]float64{poly.Log2E, poly.Ln2, negativeZero}, poly.Expm1...)
	bounds := []float64{1, poly.MaxExp, -poly.MaxExp, poly.MagicExp}
	for _, f := range []struct {
		name      string
		body      activation
		must, may []float64 // constants that must, and that may, be in a register
	}{
		{"silu", silu, bounds, exponential},
		{"tanh", tanh, []float64{poly.MaxTanh, -poly.MaxTanh}, []float64{negativeZero, maxTable, scale, poly.Magic, 1}},
		{"softplus", softplus, append(bounds, 0), append(exponential, poly.Log1p...)},
		{"relu", relu, []float64{0, 1}, nil},
	} {
		for _, slope := range []bool{false, true} {
			p := newPool(v)
			activate(p, f.name, f.body, slope, func() {
				p.hold(true, f.must...)
				p.hold(false, f.may...)
				if v.wide() && f.name == "tanh" {
					p.holdTable()
				}
			})
		}
	}
}

// exponentials writes e^z.
func exponentials(v vector) {
	p := newPool(v)
	body := func(p *pool, x VecVirtual, _ bool) (a, d VecVirtual) {
		s, t := exponential(p, atLeast(p, atMost(p, x, poly.MaxExp), -poly.MaxExp))
		VFMADD213PS(s, s, t)
		return t, d
	}
	activate(p, "exp", body, false, func() {
		p.hold(true, poly.MaxExp, -poly.MaxExp, poly.MagicExp)
		p.hold(false, poly.Log2E, poly.Ln2)
		p.hold(false, poly.Expm1...)
	})
}

func activate(p *pool, name string, body activation, slope bool, hold func()) {
	v := p.v
	signature, doc := "func(a, z *float32, n int)", "writes the function of n numbers, a multiple of 32."
	if slope {
		name += "Slope"
		signature, doc = "func(a, d, z *float32, n int)", "writes the function of n numbers, a multiple of 32, and its slope."
	}
	name = function(v, name, signature, doc)
	ap, zp, n := argument("a"), argument("z"), argument("n")
	var dp Register
	if slope {
		dp = argument("d")
	}
	hold()
	at := GP64()
	XORQ(at, at)
	SHLQ(Imm(2), n)

	Label(name + "Loop")
	for i := range 2 {
		by := func(p Register) Mem { return Mem{Base: p, Index: at, Scale: 1, Disp: i * v.bytes} }
		a, d := body(p, v.load(by(zp)), slope)
		VMOVUPS(a, by(ap))
		if slope {
			VMOVUPS(d, by(dp))
		}
	}
	ADDQ(U32(2*v.bytes), at)
	CMPQ(at, n)
	JB(LabelRef(name + "Loop"))
	end()
}

// horner evaluates a polynomial, lowest power first.
func horner(p *pool, x VecVirtual, c []float64) VecVirtual {
	y := p.v.reg()
	VMOVUPS(p.k(c[len(c)-1]), y)
	for i := len(c) - 2; i >= 0; i-- {
		VFMADD213PS(p.k(c[i]), x, y)
	}
	return y
}

// exponential returns e^x = s + s t, where s is a power of two and t = e^r - 1, for
// |x| <= MaxExp. The rounding to whole powers is that of a sum with MagicExp, whose low bits
// are then moved to where a float32 keeps its exponent.
func exponential(p *pool, x VecVirtual) (s, t VecVirtual) {
	n, s := p.v.reg(), p.v.reg()
	VMOVUPS(p.k(poly.MagicExp), n)
	VFMADD231PS(p.k(poly.Log2E), x, n)
	VPSLLD(Imm(23), n, s)
	VSUBPS(p.k(poly.MagicExp), n, n)
	VFNMADD231PS(p.k(poly.Ln2), n, x)
	t = horner(p, x, poly.Expm1)
	VMULPS(x, t, t)
	return s, t
}

// reciprocal returns 1/x. For AVX-512, whose division takes twice as long, one step of
// Newton's method follows the estimate of 14 bits.
func reciprocal(p *pool, x VecVirtual) VecVirtual {
	r := p.v.reg()
	if !p.v.wide() {
		VDIVPS(x, p.k(1).(VecVirtual), r)
		return r
	}
	VRCP14PS(x, r)
	VFNMADD213PS(p.k(1), r, x)
	VFMADD213PS(r, x, r)
	return r
}

// The minimum and maximum of two numbers, one of them NaN, is the second source, which
// avo writes first: a NaN must stay one, so that a network that has diverged can be seen to.
func atMost(p *pool, x VecVirtual, limit float64) VecVirtual {
	r := p.v.reg()
	VMINPS(x, p.k(limit).(VecVirtual), r)
	return r
}

func atLeast(p *pool, x VecVirtual, limit float64) VecVirtual {
	r := p.v.reg()
	VMAXPS(x, p.k(limit).(VecVirtual), r)
	return r
}

// silu takes u = e^x: a = x u/(1+u), d = (u + a)/(1+u).
func silu(p *pool, x VecVirtual, slope bool) (a, d VecVirtual) {
	s, u := exponential(p, atLeast(p, atMost(p, x, poly.MaxExp), -poly.MaxExp))
	VFMADD213PS(s, s, u)
	d = p.v.reg()
	VADDPS(p.k(1), u, d)
	r := reciprocal(p, d)
	a = p.v.reg()
	VMULPS(u, r, a)
	VMULPS(x, a, a)
	if slope {
		VADDPS(u, a, d)
		VMULPS(r, d, d)
	}
	return a, d
}

// minusAbs returns -|x| and the bits by which it differs from x: the sign of x > 0.
func minusAbs(p *pool, x VecVirtual) (m, flip VecVirtual) {
	m, flip = p.v.reg(), p.v.reg()
	if p.v.wide() {
		VPORD(p.k(negativeZero), x, m)
		VPXORD(x, m, flip)
	} else {
		VORPS(p.k(negativeZero), x, m)
		VXORPS(x, m, flip)
	}
	return m, flip
}

// tanh is a polynomial looked up in a table for AVX-512 (see tabulated) and a quotient of two
// polynomials for AVX2, which takes a third fewer instructions than the exponential. Its
// slope is 1 - tanh².
func tanh(p *pool, x VecVirtual, slope bool) (a, d VecVirtual) {
	if p.v.wide() {
		a = tabulated(p, x)
	} else {
		x = atLeast(p, atMost(p, x, poly.MaxTanh), -poly.MaxTanh)
		q := p.v.reg()
		VMULPS(x, x, q)
		a = horner(p, q, poly.TanhTop)
		VMULPS(x, a, a)
		VDIVPS(horner(p, q, poly.TanhBottom), a, a)
	}
	if slope {
		d = p.v.reg()
		VMOVUPS(p.k(1), d)
		VFNMADD231PS(a, a, d)
	}
	return a, d
}

// softplus takes u = e^-|x|: a = max(x, 0) + log(1+u), d = 1/(1+u) or u/(1+u) by the sign.
func softplus(p *pool, x VecVirtual, slope bool) (a, d VecVirtual) {
	m, _ := minusAbs(p, x)
	s, u := exponential(p, atLeast(p, m, -poly.MaxExp))
	VFMADD213PS(s, s, u)
	a = horner(p, u, poly.Log1p)
	VFMADD213PS(atLeast(p, x, 0), u, a)
	if !slope {
		return a, d
	}
	one := p.k(1).(VecVirtual)
	d, top := p.v.reg(), p.v.reg()
	VADDPS(one, u, d)
	r := reciprocal(p, d)
	if p.v.wide() {
		VPSRAD(Imm(31), x, top)
		VPTERNLOGD(Imm(0xca), one, u, top) // by each bit of top: u, else one
	} else {
		VBLENDVPS(x, u, one, top)
	}
	d = p.v.reg()
	VMULPS(r, top, d)
	return a, d
}

func relu(p *pool, x VecVirtual, slope bool) (a, d VecVirtual) {
	const above = 0x1e // "greater than", false for NaN
	a = atLeast(p, x, 0)
	if !slope {
		return a, d
	}
	d = p.v.reg()
	if p.v.wide() {
		yes := K()
		VCMPPS(Imm(above), p.k(0), x, yes)
		VMOVAPS_Z(p.k(1), yes, d)
	} else {
		VCMPPS(Imm(above), p.k(0), x, d)
		VANDPS(p.k(1), d, d)
	}
	return a, d
}
