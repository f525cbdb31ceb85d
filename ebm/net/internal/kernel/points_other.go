//go:build !amd64

package kernel

import "gonum.org/v1/gonum/spatial/r2"

func split32(x, y []float32, at []r2.Vec) { split(x, y, at) }

func widen32(dst []float64, a []float32) { widen(dst, a) }
