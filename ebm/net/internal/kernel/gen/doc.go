// Command gen writes the assembly of package kernel with avo: each kernel twice, for
// AVX2 with FMA and for AVX-512. It is a module of its own, so that only who changes a
// kernel needs avo. From the folder above: go generate.
//
// All matrices have rows of 64 float32, the lanes of a block. Nothing here checks a
// length: the methods of kernel.Set do.
package main
