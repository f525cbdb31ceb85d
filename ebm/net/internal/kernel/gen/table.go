package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// The table of tanh has 32 pieces, as many as one instruction of AVX-512 can choose from.
// They grow with |x|: eight over each octave of |x| + ½ from ½ to 8. Which piece it is
// stands in that float32 itself, in the five bits from bit 20 on.
const (
	pieces   = 32
	maxTable = 7.4999 // beyond, tanh is as good as 1
)

// cubics returns, for each piece and lowest power first, the polynomial in |x| that meets
// tanh at the Chebyshev nodes. The first piece has no constant term, so that tanh is
// precise in relation to its size near 0. The relative error is 1e-6 at most.
func cubics() (c [4][pieces]float64) {
	for i := range pieces {
		octave := math.Exp2(float64(i/8) - 1)
		half := octave / 16
		mid := octave*(1+float64(i%8)/8) + half - .5
		place := int(math.Float32bits(float32(mid+.5))>>20) % pieces
		if i == 0 {
			fit := interpolate(mid, half, 3, func(x float64) float64 { return math.Tanh(x) / x })
			c[1][place], c[2][place], c[3][place] = fit[0], fit[1], fit[2]
			continue
		}
		for k, v := range interpolate(mid, half, 4, math.Tanh) {
			c[k][place] = v
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
	for k, values := range cubics() {
		t := GLOBL(fmt.Sprintf("tanhTable%d", k), RODATA|NOPTR)
		for i, v := range values {
			DATA(4*i, U32(math.Float32bits(float32(v))))
		}
		p.table[k] = [2]VecVirtual{p.v.load(t), p.v.load(t.Offset(p.v.bytes))}
	}
}

// tabulatedTanh returns tanh(x): the polynomial of the piece that |x| lies in, with the
// sign of x.
func tabulatedTanh(p *pool, x VecVirtual) VecVirtual {
	v, sign := p.v, p.k(negativeZero)
	y, piece := v.reg(), v.reg()
	VPANDND(x, sign, y)
	y = atMost(p, y, maxTable)
	VADDPS(p.k(.5), y, piece)
	VPSRLD(Imm(20), piece, piece)
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
