package main

import (
	"fmt"
	"log"
)

// threeSame holds the words of the instructions on three vectors of four lanes, with
// registers of 0. They are written d, n, m: what becomes of n and m is put, or for fmla and
// fmls added, to d. bit and bsl keep bits of d, see their use. From the Arm Architecture
// Reference Manual, C7.2, "AdvSIMD three same".
var threeSame = map[string]uint32{
	"fadd":   0x4e20d400,
	"fsub":   0x4ea0d400,
	"fmul":   0x6e20dc00,
	"fdiv":   0x6e20fc00,
	"fmla":   0x4e20cc00, // d += n m
	"fmls":   0x4ea0cc00, // d -= n m
	"fmax":   0x4e20f400, // a NaN wins
	"fmin":   0x4ea0f400,
	"fmaxnm": 0x4e20c400, // a number wins
	"fcmgt":  0x6ea0e400,
	"faddp":  0x6e20d400, // the sums of pairs of n, then of m
	"sub":    0x6ea08400, // of whole numbers

	"and": 0x4e201c00,
	"orr": 0x4ea01c00,
	"eor": 0x6e201c00,
	"bit": 0x6ea01c00, // bits of n into d where m has ones
	"bsl": 0x6e601c00, // bits of n where d has ones, else of m
}

// ofBits are those of threeSame that take a vector as 128 bits.
var ofBits = map[string]bool{"and": true, "orr": true, "eor": true, "bit": true, "bsl": true}

// vec are registers that go together: each holds four of as many points side by side. One
// register is also taken for all of a larger vec, such as a constant.
type vec []int

// of returns the register of v that goes with the ith of others.
func (v vec) of(i int) int {
	if len(v) == 1 {
		return v[0]
	}
	return v[i]
}

// op writes an instruction on three vectors.
func (k *kernel) op(name string, d, n, m vec) {
	base, ok := threeSame[name]
	if !ok {
		log.Fatalf("there is no instruction %s", name)
	}
	kind := "4s"
	if ofBits[name] {
		kind = "16b"
	}
	for i, d := range d {
		n, m := n.of(i), m.of(i)
		k.word(base|uint32(m<<16|n<<5|d), "%s v%d.%s, v%d.%s, v%d.%s", name, d, kind, n, kind, m, kind)
	}
}

// fmlaLane adds n times the first lane of m to d.
func (k *kernel) fmlaLane(d, n, m vec) {
	for i, d := range d {
		n, m := n.of(i), m.of(i)
		k.word(0x4f801000|uint32(m<<16|n<<5|d), "fmla v%d.4s, v%d.4s, v%d.s[0]", d, n, m)
	}
}

// spread copies the first lane of n to every lane of d.
func (k *kernel) spread(d, n vec) {
	for i, d := range d {
		k.word(0x4e040400|uint32(n.of(i)<<5|d), "dup v%d.4s, v%d.s[0]", d, n.of(i))
	}
}

// shl shifts the bits of each lane up.
func (k *kernel) shl(d, n vec, bits int) {
	for i, d := range d {
		k.word(0x4f005400|uint32((32+bits)<<16|n.of(i)<<5|d), "shl v%d.4s, v%d.4s, #%d", d, n.of(i), bits)
	}
}

// ushr shifts the bits of each lane down.
func (k *kernel) ushr(d, n vec, bits int) {
	for i, d := range d {
		k.word(0x6f000400|uint32((64-bits)<<16|n.of(i)<<5|d), "ushr v%d.4s, v%d.4s, #%d", d, n.of(i), bits)
	}
}

// scvtf converts whole numbers.
func (k *kernel) scvtf(d, n vec) {
	for i, d := range d {
		k.word(0x4e21d800|uint32(n.of(i)<<5|d), "scvtf v%d.4s, v%d.4s", d, n.of(i))
	}
}

// signs makes each lane of d ones where n has its sign bit, else zeros.
func (k *kernel) signs(d, n vec) {
	for i, d := range d {
		k.word(0x4f210400|uint32(n.of(i)<<5|d), "sshr v%d.4s, v%d.4s, #31", d, n.of(i))
	}
}

// clear makes each lane 0.
func (k *kernel) clear(d vec) {
	for _, d := range d {
		k.word(0x4f000400|uint32(d), "movi v%d.4s, #0", d)
	}
}

// largest puts the largest lane of n, numbers before NaN, into the first of d.
func (k *kernel) largest(d, n vec) {
	k.word(0x6e30c800|uint32(n[0]<<5|d[0]), "fmaxnmv s%d, v%d.4s", d[0], n[0])
}

// word writes an instruction that Go's assembler does not know, and which it is.
func (k *kernel) word(w uint32, format string, args ...any) {
	k.line("WORD $%#08x // %s", w, fmt.Sprintf(format, args...))
}
