package main

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// group is how many registers of points go together, so that a number of a prototype is
// fetched once for all of them.
type group struct {
	v    vector
	x, y []Mem // the coordinates of the points
	next []Register
}

func newGroup(v vector, n int, x, y, out Register) group {
	g := group{v: v, next: []Register{x, y, out}}
	for i := range n {
		g.x = append(g.x, Mem{Base: x, Disp: i * v.bytes})
		g.y = append(g.y, Mem{Base: y, Disp: i * v.bytes})
	}
	return g
}

// over runs body for each group of a block.
func (g group) over(label string, body func()) {
	left := GP64()
	MOVQ(U32(block/(len(g.x)*g.v.lanes())), left)
	Label(label)
	body()
	for _, p := range g.next {
		ADDQ(U32(len(g.x)*g.v.bytes), p)
	}
	DECQ(left)
	JNZ(LabelRef(label))
}

// each runs body for each of the prototypes, which lie stride bytes apart.
func (g group) each(label, table, count string, stride int, body func(table Register)) {
	at, left := argument(table), argument(count)
	Label(label)
	body(at)
	ADDQ(U32(stride), at)
	DECQ(left)
	JNZ(LabelRef(label))
}

// minus returns the coordinates less the number.
func (g group) minus(points []Mem, number Mem) []VecVirtual {
	n, d := g.v.fill(number), g.v.regs(len(points))
	for i, p := range points {
		VMOVUPS(p, d[i])
		VSUBPS(n, d[i], d[i])
	}
	return d
}

// far returns +∞ for each point, or NaN for one that is not finite.
func (g group) far() []VecVirtual {
	far, t := g.v.regs(len(g.x)), g.v.reg()
	for i, r := range far {
		VMOVUPS(g.x[i], r)
		VSUBPS(r, r, r)
		VMOVUPS(g.y[i], t)
		VSUBPS(t, t, t)
		VADDPS(t, r, r)
		VADDPS(word(math.Float32bits(float32(math.Inf(1))), g.v.lanes()), r, r)
	}
	return far
}

// nearest finds the least squared distance from a table of x, y.
func nearest(v vector) {
	name := function(v, "nearest", "func(out, x, y, table *float32, n int)",
		"writes the least squared distances of 64 points from n > 0 prototypes: see kernel.Set.Nearest.")
	out, x, y := argument("out"), argument("x"), argument("y")
	g := newGroup(v, 4, x, y, out)
	g.over(name+"Group", func() {
		least := g.far()
		g.each(name+"Each", "table", "n", 8, func(w Register) {
			dx, dy := g.minus(g.x, Mem{Base: w}), g.minus(g.y, Mem{Base: w, Disp: 4})
			for i, r := range least {
				VMULPS(dx[i], dx[i], dx[i])
				VFMADD231PS(dy[i], dy[i], dx[i])
				VMINPS(r, dx[i], r) // a NaN of r stays
			}
		})
		for i, r := range least {
			VMOVUPS(r, Mem{Base: out, Disp: i * v.bytes})
		}
	})
	end()
}

// bowl returns the energies of one prototype, a table of x, y, lift, a, b, c.
func (g group) bowl(w Register) []VecVirtual {
	dx, dy := g.minus(g.x, Mem{Base: w}), g.minus(g.y, Mem{Base: w, Disp: 4})
	number := func(i int) VecVirtual { return g.v.fill(Mem{Base: w, Disp: 4 * i}) }
	a, b := number(3), number(4)
	for i := range dx {
		VMULPS(a, dx[i], dx[i])
		VFMADD231PS(b, dy[i], dx[i])
	}
	lift, c := number(2), number(5)
	for i := range dx {
		VMULPS(c, dy[i], dy[i])
		VFMADD213PS(lift, dx[i], dx[i])
		VFMADD231PS(dy[i], dy[i], dx[i])
	}
	return dx
}

// softMin goes over the prototypes twice, for the least energy and for the sum: see
// softMin32 of package kernel.
func softMin(v vector) {
	name := function(v, "softMin", "func(out, x, y, table *float32, n int, beta float32)",
		"writes the free energy of 64 points over n > 0 prototypes: see kernel.Set.SoftMin.")
	const stride = 24
	out, x, y := argument("out"), argument("x"), argument("y")
	n := 2
	if v.wide() {
		n = 4
	}
	g := newGroup(v, n, x, y, out)
	p := newPool(v)
	p.hold(true, 1, -poly.Faint)
	p.hold(false, poly.Magic, poly.Log2E, poly.Ln2)
	p.hold(false, poly.Expm1...)
	one := p.k(1).(VecVirtual)
	g.over(name+"Group", func() {
		least := g.far()
		g.each(name+"Min", "table", "n", stride, func(w Register) {
			for i, e := range g.bowl(w) {
				VMINPS(least[i], e, least[i])
			}
		})
		lost := make([]VecVirtual, n)
		for i := range lost {
			lost[i] = v.zero()
		}
		beta := number(v, "beta")
		g.each(name+"Sum", "table", "n", stride, func(w Register) {
			for i, e := range g.bowl(w) {
				VSUBPS(e, least[i], e)
				VMULPS(beta, e, e)
				VMAXPS(p.k(-poly.Faint), e, e)
				s, t := exponential(p, e)
				VSUBPS(s, one, e)
				VFNMADD231PS(s, t, e)
				VADDPS(e, lost[i], lost[i])
			}
		})
		count := v.reg()
		terms := argument("n")
		converted := XMM()
		VXORPS(converted, converted, converted)
		VCVTSI2SSQ(terms, converted, converted)
		VBROADCASTSS(converted, count)
		for i, r := range lost {
			sum := v.reg()
			VSUBPS(r, count, sum)
			VDIVPS(sum, r, r)
			log := log1p(p, r)
			VDIVPS(number(v, "beta"), log, log)
			VADDPS(least[i], log, log)
			VMOVUPS(log, Mem{Base: out, Disp: i * v.bytes})
		}
	})
	end()
}

// number spreads a float32 argument over a register.
func number(v vector, name string) VecVirtual {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return v.fill(c.Addr)
}

// log1p returns log(1 + r), r >= 0: see log1p32 of package kernel.
func log1p(p *pool, r VecVirtual) VecVirtual {
	v := p.v
	whole := func(n uint32) Mem { return word(n, v.lanes()) }
	n, scale, f := v.reg(), v.reg(), v.reg()
	VADDPS(p.k(1), r, n)
	VPSRLD(Imm(23), n, n)
	VMOVUPS(whole(254), scale)
	VPSUBD(n, scale, scale)
	VPSLLD(Imm(23), scale, scale)
	VPSUBD(whole(127), n, n)
	VCVTDQ2PS(n, n)
	VSUBPS(p.k(1), scale, f)
	VFMADD231PS(r, scale, f)
	log := horner(p, f, poly.Log1p)
	VMULPS(f, log, log)
	VFMADD231PS(p.k(poly.Ln2), n, log)
	return log
}
