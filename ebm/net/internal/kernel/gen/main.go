package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	block = 64        // lanes of a row
	row   = block * 4 // its bytes
)

// vector is an instruction set: what its registers are and how many bytes they hold.
type vector struct {
	name  string
	bytes int
}

func (v vector) wide() bool { return v.bytes == 64 }

// lanes is the number of float32 in a register.
func (v vector) lanes() int { return v.bytes / 4 }

func (v vector) reg() VecVirtual {
	if v.wide() {
		return ZMM()
	}
	return YMM()
}

func (v vector) regs(n int) []VecVirtual {
	list := make([]VecVirtual, n)
	for i := range list {
		list[i] = v.reg()
	}
	return list
}

// load returns a new register filled from memory.
func (v vector) load(m Mem) VecVirtual {
	r := v.reg()
	VMOVUPS(m, r)
	return r
}

// fill returns a new register with the number in every lane.
func (v vector) fill(m Mem) VecVirtual {
	r := v.reg()
	VBROADCASTSS(m, r)
	return r
}

// zero returns a new register of zeros.
func (v vector) zero() VecVirtual {
	r := v.reg()
	v.clear([]VecVirtual{r})
	return r
}

// clear sets registers to zeros.
func (v vector) clear(list []VecVirtual) {
	for _, r := range list {
		if v.wide() {
			VPXORD(r, r, r)
		} else {
			VXORPS(r, r, r)
		}
	}
}

// constants holds what has been written to the read-only data: one word for a fill, a
// whole vector for an operand in memory.
var constants = map[string]Mem{}

func word(bits uint32, lanes int) Mem {
	name := fmt.Sprintf("k%08xx%d", bits, lanes)
	m, ok := constants[name]
	if !ok {
		m = GLOBL(name, RODATA|NOPTR)
		for i := range lanes {
			DATA(4*i, U32(bits))
		}
		constants[name] = m
	}
	return m
}

// pool gives a kernel its constants. AVX-512 has registers enough to hold them all
// through the loop; AVX2 reads them from memory, which costs little.
type pool struct {
	v     vector
	held  map[uint32]Op
	table [tableSize][2]VecVirtual // the coefficients of tanh, for AVX-512
}

func newPool(v vector) *pool { return &pool{v: v, held: map[uint32]Op{}} }

// hold brings constants into registers before the loop: all of them for AVX-512, for
// AVX2 only what must be in one.
func (p *pool) hold(must bool, list ...float64) {
	for _, c := range list {
		bits := math.Float32bits(float32(c))
		if _, ok := p.held[bits]; !ok && (must || p.v.wide()) {
			p.held[bits] = p.v.fill(word(bits, 1))
		}
	}
}

// k returns the constant as an operand: a register if it is held, memory otherwise.
func (p *pool) k(c float64) Op {
	bits := math.Float32bits(float32(c))
	if r, ok := p.held[bits]; ok {
		return r
	}
	return word(bits, p.v.lanes())
}

// function opens a function; the stub gets its doc comment.
func function(v vector, name, signature, doc string) string {
	name += v.name
	TEXT(name, NOSPLIT, signature)
	Pragma("noescape")
	Doc(name + " " + doc)
	return name
}

// argument loads an argument into a register.
func argument(name string) Register { return Load(Param(name), GP64()) }

// end closes a function.
func end() {
	VZEROUPPER()
	RET()
}

func main() {
	ConstraintExpr("amd64")
	for _, v := range []vector{{"AVX2", 32}, {"AVX512", 64}} {
		if !v.wide() {
			tile(v, 6)
		}
		tile(v, 4)
		tile(v, 2)
		tile(v, 1)
		panels(v)
		dot4(v)
		adam(v)
		activations(v)
		exponentials(v)
		features(v)
		fold(v)
		shrink(v)
		simplex(v)
		powers(v)
		outer(v)
		peak(v)
		nearest(v)
		softMin(v)
		add(v)
	}
	points(vector{"AVX2", 32})
	normals(vector{"AVX2", 32})
	Generate()
}
