package measure

import "math"

// ColourRange returns the energies between which a landscape is coloured. Far from the
// data energies may be arbitrarily large, so colours from least to greatest would hide the
// valleys:
//
//	lo = the 0.1 % quantile of the grid
//	hi = the lesser of its 90 % quantile and median E(data) + 10/β, at least its 30 % quantile
//
// β is that of the model's density, or the calibrated one; where it is not known, 0 or NaN, hi is
// the 90 % quantile. Where the data lie in a canyon that covers little of the plane, the 30 %
// quantile shows its walls: three tenths of the plane are coloured at least. hi is above lo by a ten-thousandth of it at least, even on a flat
// landscape. Values that are not finite are skipped. It allocates nothing.
func ColourRange(grid []float32, data []float64, beta float64) (lo, hi float64) {
	if q, found := quantiles(grid, [2]float64{0.001, 0.9}); found {
		lo, hi = q[0], q[1]
	}
	if m, found := quantiles(data, [2]float64{0.5, 0.5}); found && beta > 0 && m[0]+10/beta < hi {
		hi = m[0] + 10/beta
		if q, found := quantiles(grid, [2]float64{least, least}); found {
			hi = max(hi, q[0])
		}
	}
	// The frame holds float32 values, and the page writes the energies as text: in both, lo and hi
	// must differ.
	return lo, max(hi, lo+1e-4*max(math.Abs(lo), 1e-3))
}

// least is the share of the plane that lies within the range, at least.
const least = 0.3

// digits are the bits that each round of quantiles looks at.
var digits = [3]struct{ shift, bits uint }{{21, 11}, {10, 11}, {0, 10}}

// enough values for a quantile that is accurate to less than a shade of colour.
const enough = 1 << 16

// histogram counts values by their next bits.
type histogram [1 << 11]uint32

// quantiles returns two quantiles of the finite values, to float32, and whether
// there are any. It is a radix select: each of three rounds counts the values by their
// next bits, among those that agree with the bits known so far. So it neither copies nor
// sorts, and takes the same time whatever the order. Of many values it uses a part, which
// gives the same colours to the eye.
func quantiles[T float32 | float64](values []T, p [2]float64) (q [2]float64, found bool) {
	step := len(values)/enough | 1 // odd, so that all columns of a grid have their share
	var count [2]histogram
	n := start(&count[0], &count[1], values, step)
	if n == 0 {
		return q, false
	}
	count[1] = count[0]
	var known [2]uint32 // the leading bits of each answer
	var rank [2]int     // how many of the values that agree with them lie below it
	for i := range p {
		rank[i] = max(0, int(math.Ceil(p[i]*float64(n)))-1)
	}
	for round, d := range digits {
		if round > 0 {
			clear(count[0][:])
			clear(count[1][:])
			agree, last := d.shift+d.bits, uint32(1)<<d.bits-1
			one, two := known[0]>>agree, known[1]>>agree
			for j := 0; j < len(values); j += step {
				k := key(float32(values[j]))
				if k>>agree == one {
					count[0][k>>d.shift&last]++
				}
				if k>>agree == two {
					count[1][k>>d.shift&last]++
				}
			}
		}
		for i := range count {
			digit := 0
			for rank[i] >= int(count[i][digit]) {
				rank[i] -= int(count[i][digit])
				digit++
			}
			known[i] |= uint32(digit) << d.shift
		}
	}
	return [2]float64{unkey(known[0]), unkey(known[1])}, true
}

// start counts in t each finite value by its first bits and returns how many there are. It
// alternates with a second histogram: neighbours have similar values, and adding to the
// counter that was just changed would wait for that addition.
func start[T float32 | float64](t, other *histogram, values []T, step int) (n int) {
	j := 0
	for ; j < len(values)-step; j += 2 * step {
		t[key(float32(values[j]))>>21]++
		other[key(float32(values[j+step]))>>21]++
	}
	if j < len(values) {
		t[key(float32(values[j]))>>21]++
	}
	for i := range t {
		t[i] += other[i]
		if i < 4 || i >= len(t)-4 { // -∞, ∞ and NaN
			t[i] = 0
		}
		n += int(t[i])
	}
	return n
}

// key maps a float32 to bits that are ordered as the numbers are.
func key(v float32) uint32 {
	b := math.Float32bits(v)
	return b ^ (uint32(int32(b)>>31) | 1<<31)
}

// unkey is the inverse of key.
func unkey(bits uint32) float64 {
	if bits>>31 == 1 {
		return float64(math.Float32frombits(bits &^ (1 << 31)))
	}
	return float64(math.Float32frombits(^bits))
}
