package kernel

import (
	"ebmviz/ebm/net/internal/kernel/poly"
	"gonum.org/v1/gonum/spatial/r2"
)

// normals takes eight points at a time, for AVX-512 too.
func (simd) normals(dst []r2.Vec, low, high uint32) {
	n := len(dst) &^ 7
	if n > 0 {
		normalsAVX2(&dst[0].X, n, low, high)
	}
	if n < len(dst) {
		var last [8]r2.Vec
		normalsAVX2(&last[0].X, 8, low+uint32(n)*poly.Stride1, high+uint32(n)*poly.Stride2)
		copy(dst[n:], last[:])
	}
}
