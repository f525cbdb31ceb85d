package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// peakSums is how many sums are made side by side: more than the fused multiply-adds that
// a processor has under way at once.
const peakSums = 12

// peak is nothing but fused multiply-adds, none of which waits for another for long.
func peak(v vector) {
	name := function(v, "peak", "func(n int)", "makes 12 fused multiply-adds of whole registers n times.")
	n := argument("n")
	x, sums := v.zero(), v.regs(peakSums)
	for _, s := range sums {
		VMOVAPS(x, s)
	}
	Label(name + "Loop")
	for range 4 {
		for _, s := range sums {
			VFMADD231PS(x, x, s)
		}
	}
	SUBQ(Imm(4), n)
	JA(LabelRef(name + "Loop"))
	end()
}
