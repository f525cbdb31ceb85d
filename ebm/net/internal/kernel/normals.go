package kernel

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
	"gonum.org/v1/gonum/spatial/r2"
)

// Normals fills dst with points whose coordinates are standard normal numbers, by the method
// of Box and Muller:
//
//	√(-2 log u) (cos πw, sin πw),  u uniform on (0, 1), w on (-1, 1)
//
// The numbers depend on the seed and their place alone: u and w are made of two hashes of it.
// They go to 6.6, and have the precision of a float32.
//
// Source: G. E. P. Box and M. E. Muller, A note on the generation of random normal deviates,
// 1958; the hash is C. Wellons' lowbias32, 2018.
func (s *Set[T]) Normals(dst []r2.Vec, seed uint64) {
	if len(dst) > 0 {
		s.normals(dst, uint32(seed), uint32(seed>>32))
	}
}

// hash mixes the bits of x.
func hash(x uint32) uint32 {
	x ^= x >> 16
	x *= poly.Hash1
	x ^= x >> 15
	x *= poly.Hash2
	x ^= x >> 16
	return x
}

// normals64 is the definition.
func normals64(dst []r2.Vec, low, high uint32) {
	for i := range dst {
		u := (float64(hash(low)>>1) + .5) / (1 << 31)
		sin, cos := math.Sincos(math.Pi * float64(int32(hash(high))) / (1 << 31))
		r := math.Sqrt(-2 * math.Log(u))
		dst[i] = r2.Vec{X: r * cos, Y: r * sin}
		low, high = low+poly.Stride1, high+poly.Stride2
	}
}

func normals32(dst []r2.Vec, low, high uint32) {
	for i := range dst {
		u := float32(int32(hash(low)>>1))*(1./(1<<31)) + .5/(1<<31)
		sin, cos := sincos32(float32(int32(hash(high))) * (1. / (1 << 31)))
		r := float32(math.Sqrt(float64(max(-2*log32(u), 0))))
		dst[i] = r2.Vec{X: float64(r * cos), Y: float64(r * sin)}
		low, high = low+poly.Stride1, high+poly.Stride2
	}
}

// log32 returns log u for a normal number u > 0, with an error of 1e-7 of 1.
func log32(u float32) float32 {
	bits := math.Float32bits(u)
	f := math.Float32frombits(bits&(1<<23-1)|127<<23) - 1 // u = 2ⁿ (1+f)
	n := float32(int32(bits>>23) - 127)
	c := &log1p
	return n*poly.Ln2 + f*(c[0]+f*(c[1]+f*(c[2]+f*(c[3]+f*(c[4]+f*(c[5]+f*(c[6]+f*(c[7]+f*c[8]))))))))
}
