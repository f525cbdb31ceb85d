// Package kernel implements the inner loops of package net: matrix products, activations and
// Fourier features over blocks of 64 points, free energies, sparse codes and random numbers.
//
// A matrix of activations has one row for each unit and one column (a lane) for each
// point of the block: x[unit*Block+point]. Lanes never mix but in [Set.Dots], which sums
// over them, so what a point gets does not depend on which lane it lies in or on its
// neighbours.
//
// There is one set of kernels in Go for float64, whose functions are those of package
// math, and up to three for float32: in Go, and in assembly for AVX2 with FMA and for
// AVX-512, or for NEON on arm64. The float32 functions are polynomials with a relative
// error below 5e-6. The assembly is written by the module in gen; run go generate after a
// change there.
package kernel
