package kernel

import (
	"golang.org/x/sys/cpu"
	"gonum.org/v1/gonum/spatial/r2"
)

// Conversions have the same bits in every set, so they are not part of one.

func split32(x, y []float32, at []r2.Vec) {
	n := 0
	if cpu.X86.HasAVX2 && len(at) >= 4 {
		n = len(at) &^ 3
		splitAVX2(&x[0], &y[0], &at[0].X, n)
	}
	split(x[n:], y[n:], at[n:])
}

func widen32(dst []float64, a []float32) {
	n := 0
	if cpu.X86.HasAVX2 && len(dst) >= 4 {
		n = len(dst) &^ 3
		widenAVX2(&dst[0], &a[0], n)
	}
	widen(dst[n:], a[n:])
}
