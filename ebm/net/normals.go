package net

import (
	"ebmviz/ebm/net/internal/kernel"
	"gonum.org/v1/gonum/spatial/r2"
)

// Normals fills dst with points whose coordinates are standard normal numbers. They follow from
// the seed and their place; on one machine with one set of kernels they are always the same.
func Normals(dst []r2.Vec, seed uint64) { kernel.Fast.Normals(dst, seed) }
