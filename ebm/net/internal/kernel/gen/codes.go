package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// greater is the comparison that is false for NaN.
const greater = 0x1e

// codes are the registers of kernel.Set.Shrink and Simplex: two of lanes at a time.
type codes struct {
	v                  vector
	z, q, pull, target Register
	w1, w2, k          Register
	at, row            Register // the atom, as an index and in bytes of rows
}

// lanesAtOnce is how many registers of lanes a loop over the atoms takes.
const lanesAtOnce = 2

// newCodes loads what both kernels have.
func newCodes(v vector) *codes {
	return &codes{v, argument("z"), argument("q"), argument("pull"), argument("y"), argument("w1"), argument("w2"), argument("k"), GP64(), GP64()}
}

// spread returns an argument in all lanes.
func spread(v vector, name string) VecVirtual {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return v.fill(c.Addr)
}

// lanes runs the body for all lanes of a block, and moves on the pointers by as many.
func (c *codes) lanes(label string, pointers []Register, body func()) {
	n := GP64()
	MOVQ(U32(block/(lanesAtOnce*c.v.lanes())), n)
	Label(label)
	body()
	for _, p := range pointers {
		ADDQ(U32(lanesAtOnce*c.v.bytes), p)
	}
	DECQ(n)
	JNZ(LabelRef(label))
}

// atoms runs the body for all atoms.
func (c *codes) atoms(label string, body func()) {
	XORQ(c.at, c.at)
	XORQ(c.row, c.row)
	Label(label)
	body()
	ADDQ(U32(row), c.row)
	INCQ(c.at)
	CMPQ(c.at, c.k)
	JNE(LabelRef(label))
}

// number is that of the present atom, spread; lane is register i of its row.
func (c *codes) number(of Register) VecVirtual {
	return c.v.fill(Mem{Base: of, Index: c.at, Scale: 4})
}

func (c *codes) lane(of Register, i int) Mem {
	return Mem{Base: of, Index: c.row, Scale: 1, Disp: i * c.v.bytes}
}

// pulls loads the two rows of the pull.
func (c *codes) pulls() (pull [2][]VecVirtual) {
	for r := range pull {
		for i := range lanesAtOnce {
			pull[r] = append(pull[r], c.v.load(Mem{Base: c.pull, Disp: r*row + i*c.v.bytes}))
		}
	}
	return pull
}

// zeros returns registers of zeros.
func (c *codes) zeros() (x []VecVirtual) {
	for range lanesAtOnce {
		x = append(x, c.v.zero())
	}
	return x
}

// step stores z' and q' and adds the atom times q' to the sums.
func (c *codes) step(i int, next, momentum VecVirtual, x [2]VecVirtual, sums [2][]VecVirtual) {
	ahead := c.v.reg()
	VSUBPS(c.lane(c.z, i), next, ahead)
	VMOVUPS(next, c.lane(c.z, i))
	VFMADD213PS(next, momentum, ahead)
	VMOVUPS(ahead, c.lane(c.q, i))
	for r := range sums {
		VFMADD231PS(ahead, x[r], sums[r][i])
	}
}

// aim stores the pull that belongs to W q, the sums.
func (c *codes) aim(sums [2][]VecVirtual) {
	rate := spread(c.v, "rate")
	for r := range sums {
		for i, w := range sums[r] {
			d := c.v.load(Mem{Base: c.target, Disp: r*row + i*c.v.bytes})
			VSUBPS(w, d, d)
			VMULPS(rate, d, d)
			VMOVUPS(d, Mem{Base: c.pull, Disp: r*row + i*c.v.bytes})
		}
	}
}

func shrink(v vector) {
	name := function(v, "shrink", "func(z, q, pull, y, w1, w2 *float32, k int, rate, momentum, low, cut float32)",
		"is kernel.Set.Shrink for k atoms.")
	c := newCodes(v)
	momentum, low, cut := spread(v, "momentum"), spread(v, "low"), spread(v, "cut")
	c.lanes(name+"Lanes", []Register{c.z, c.q, c.pull, c.target}, func() {
		pull, sums := c.pulls(), [2][]VecVirtual{c.zeros(), c.zeros()}
		c.atoms(name+"Atoms", func() {
			x := [2]VecVirtual{c.number(c.w1), c.number(c.w2)}
			for i := range lanesAtOnce {
				u, t := v.load(c.lane(c.q, i)), v.reg()
				VFMADD231PS(x[0], pull[0][i], u)
				VFMADD231PS(x[1], pull[1][i], u)
				VMAXPS(u, low, t)
				VMINPS(t, cut, t)
				VSUBPS(t, u, u)
				c.step(i, u, momentum, x, sums)
			}
		})
		c.aim(sums)
	})
	end()
}

func simplex(v vector) {
	name := function(v, "simplex", "func(z, q, pull, y, threshold, w1, w2, b *float32, k int, rate, momentum float32)",
		"is kernel.Set.Simplex for k atoms.")
	c := newCodes(v)
	thresholds, b := argument("threshold"), argument("b")
	p := newPool(v)
	p.hold(false, 1)
	c.lanes(name+"Lanes", []Register{c.z, c.q, c.pull, c.target, thresholds}, func() {
		threshold, above := v.regs(lanesAtOnce), newAbove(c, p)
		for i, s := range threshold {
			VMOVUPS(Mem{Base: thresholds, Disp: i * v.bytes}, s)
		}
		pull := c.pulls()
		c.atoms(name+"Pull", func() {
			x, y, b := c.number(c.w1), c.number(c.w2), c.number(b)
			for i := range lanesAtOnce {
				u := v.reg()
				VADDPS(c.lane(c.q, i), b, u)
				VFMADD231PS(x, pull[0][i], u)
				VFMADD231PS(y, pull[1][i], u)
				VMOVUPS(u, c.lane(c.q, i))
				above.count(i, u, threshold[i])
			}
		})
		for i, next := range above.newton() {
			VMOVAPS(next, threshold[i])
		}

		Label(name + "Newton")
		above.clear()
		c.atoms(name+"Above", func() {
			for i := range lanesAtOnce {
				above.count(i, v.load(c.lane(c.q, i)), threshold[i])
			}
		})
		more := v.moved(above.newton(), threshold)
		TESTL(more, more)
		JNZ(LabelRef(name + "Newton"))
		for i, s := range threshold {
			VMOVUPS(s, Mem{Base: thresholds, Disp: i * v.bytes})
		}

		p := newPool(v) // where there are few registers, they are free again
		p.hold(true, 0)
		momentum, sums := spread(v, "momentum"), [2][]VecVirtual{c.zeros(), c.zeros()}
		c.atoms(name+"Atoms", func() {
			x := [2]VecVirtual{c.number(c.w1), c.number(c.w2)}
			for i := range lanesAtOnce {
				u := v.load(c.lane(c.q, i))
				VSUBPS(threshold[i], u, u)
				c.step(i, atLeast(p, u, 0), momentum, x, sums)
			}
		})
		c.aim(sums)
	})
	end()
}

// above are the sum and the number of what lies above a bound, in each lane.
type above struct {
	v      vector
	p      *pool
	sum, n []VecVirtual // n is an integer for AVX2
}

func newAbove(c *codes, p *pool) *above { return &above{c.v, p, c.zeros(), c.zeros()} }

func (a *above) clear() {
	for _, r := range append(a.sum, a.n...) {
		if a.v.wide() {
			VPXORD(r, r, r)
		} else {
			VXORPS(r, r, r)
		}
	}
}

func (a *above) count(i int, u, bound VecVirtual) {
	if a.v.wide() {
		yes := K()
		VCMPPS(Imm(greater), bound, u, yes)
		VADDPS(u, a.sum[i], yes, a.sum[i])
		VADDPS(a.p.k(1), a.n[i], yes, a.n[i])
		return
	}
	yes, t := a.v.reg(), a.v.reg()
	VCMPPS(Imm(greater), bound, u, yes)
	VANDPS(yes, u, t)
	VADDPS(t, a.sum[i], a.sum[i])
	VPSUBD(yes, a.n[i], a.n[i]) // true is -1
}

// newton returns (sum - 1)/n.
func (a *above) newton() []VecVirtual {
	for i, s := range a.sum {
		if !a.v.wide() {
			VCVTDQ2PS(a.n[i], a.n[i])
		}
		VSUBPS(a.p.k(1), s, s)
		VDIVPS(a.n[i], s, s)
	}
	return a.sum
}

// moved raises x to next where that is above, and returns whether it was anywhere.
func (v vector) moved(next, x []VecVirtual) Register {
	any, bits := GP32(), GP32()
	XORL(any, any)
	for i := range x {
		if v.wide() {
			yes := K()
			VCMPPS(Imm(greater), x[i], next[i], yes)
			KMOVW(yes, bits)
		} else {
			yes := v.reg()
			VCMPPS(Imm(greater), x[i], next[i], yes)
			VMOVMSKPS(yes, bits)
		}
		ORL(bits, any)
		VMAXPS(x[i], next[i], x[i]) // x where next is NaN
	}
	return any
}
