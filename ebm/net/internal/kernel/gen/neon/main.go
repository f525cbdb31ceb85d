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
