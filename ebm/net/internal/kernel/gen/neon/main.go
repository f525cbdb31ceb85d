// Command neon writes the kernels for arm64, which avo does not know. The assembler of Go
// has memory, branches and whole numbers, but hardly any vector arithmetic: that stands in
// the text as words, each with the instruction beside it (encode.go), and a test of
// package kernel has GNU as make the words again. From two folders above: go generate.
//
// All matrices have rows of 64 float32, the lanes of a block. Nothing here checks a
// length: the methods of kernel.Set do.
package main

import (
	"flag"
	"log"
	"os"
)

const (
	block = 64        // lanes of a row
	row   = block * 4 // its bytes
)

func main() {
	out := flag.String("out", "kernel_arm64.s", "the file for the assembly")
	stubs := flag.String("stubs", "stubs_arm64.go", "the file for the declarations in Go")
	flag.Parse()

	var f file
	tile(&f, 4, 4)
	tile(&f, 1, 8)
	dots(&f)
	activations(&f)
	features(&f)
	fold(&f)
	nearest(&f)
	softMin(&f)
	peak(&f)
	add(&f)

	write(*out, f.assembly())
	write(*stubs, f.declarations())
}

func write(name, text string) {
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
}
