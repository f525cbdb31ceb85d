// Command neon writes the kernels for arm64, which avo does not know. The assembler of Go
// has memory, branches and whole numbers, but hardly any vector arithmetic: that stands in
// the text as words, each with the instruction beside it (encode.go), and a test of
// package kernel has GNU as make the words again. From two folders above: go generate.
//
// All matrices have rows of 64 float32, the lanes of a block. Nothing here checks a
// length: the methods of kernel.Set do.
package main
