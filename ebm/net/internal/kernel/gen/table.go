package main

import (
	"fmt"
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The table of tanh has 32 pieces of the same width, as many as one instruction of AVX-512
// can choose from. Half of the first one lies below 0, where no x is.
const (
	pieces    = 32
	maxTable  = 8.33 // beyond, tanh is as good as 1
	scale     = (pieces - 1) / maxTable
	tableSize = 5 // coefficients of a piece
)

// quartics returns, for each piece and lowest power first, the polynomial in |x| that meets
// tanh at the Chebyshev nodes. The first piece has no constant term, so that tanh is
// precise in relation to its size near 0.
func quartics() (c [tableSize][pieces]float64) {
	const half = .5 / scale
	for k, v := range interpolate(half/2, half/2, tableSize-1, func(x float64) float64 { return math.Tanh(x) / x }) {
		c[k+1][0] = v
	}
	for i := 1; i < pieces; i++ {
		for k, v := range interpolate(float64(i)/scale, half, tableSize, math.Tanh) {
			c[k][i] = v
		}
	}
	return c
}

// interpolate returns the polynomial with n coefficients, lowest power first, that meets f
// at the Chebyshev nodes of [mid-half, mid+half].
func interpolate(mid, half float64, n int, f func(float64) float64) []float64 {
	x, d := make([]float64, n), make([]float64, n)
	for i := range n {
		x[i] = mid + half*math.Cos(math.Pi*(float64(i)+.5)/float64(n))
		d[i] = f(x[i])
	}
	for k := 1; k < n; k++ { // Newton's divided differences
		for i := n - 1; i >= k; i-- {
			d[i] = (d[i] - d[i-1]) / (x[i] - x[i-k])
		}
	}
	c := make([]float64, n)
	for k := n - 1; k >= 0; k-- { // c ← c·(x - x_k) + d_k
		for i := n - 1; i > 0; i-- {
			c[i] = c[i-1] - x[k]*c[i]
		}
		c[0] = d[k] - x[k]*c[0]
	}
	return c
}

// holdTable brings the coefficients of tanh into registers, before the loop.
func (p *pool) holdTable() {
	for k, values := range quartics() {
		name := fmt.Sprintf("tanh%d", k)
		t, ok := constants[name]
		if !ok {
			t = GLOBL(name, RODATA|NOPTR)
			for i, v := range values {
				DATA(4*i, U32(math.Float32bits(float32(v))))
			}
			constants[name] = t
		}
		p.table[k] = [2]VecVirtual{p.v.load(t), p.v.load(t.Offset(p.v.bytes))}
	}
}

// tabulated returns tanh(x): the polynomial of the piece that |x| lies in, with the
// sign of x. Which piece it is stands in the low bits of a sum with Magic, which rounds.
func tabulated(p *pool, x VecVirtual) VecVirtual {
	v, sign := p.v, p.k(negativeZero)
	y, piece := v.reg(), v.reg()
	VPANDND(x, sign, y)
	y = atMost(p, y, maxTable)
	VMOVAPS(p.k(poly.Magic), piece)
	VFMADD231PS(p.k(scale), y, piece)
	pick := func(k int) VecVirtual {
		c := v.reg()
		VMOVAPS(piece, c)
		VPERMI2PS(p.table[k][1], p.table[k][0], c)
		return c
	}
	a := pick(len(p.table) - 1)
	for k := len(p.table) - 2; k >= 0; k-- {
		VFMADD213PS(pick(k), y, a)
	}
	VPTERNLOGD(Imm(0xf8), sign, x, a) // a, or the sign of x
	return a
}
