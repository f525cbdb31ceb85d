package wire

import "math"

// The codes of an energy at the finest: fineBelow of them are for what is less than lo, fineLinear for
// [lo, hi], fineAbove for what is more than hi. Coarser codes are these without their last bits; as
// all three are multiples of 64, no coarser code is for two of the parts.
const (
	fineBits   = 12
	fineBelow  = 128
	fineLinear = 3072
	fineAbove  = 1<<fineBits - fineBelow - fineLinear
)

// scale maps energies to codes. With b bits, w = hi-lo, and min and max the least and the greatest energy
// of the grid, the code of v stands for a value that differs from v by at most
//
//	w/(1.5·2^b)                                              where lo ≤ v ≤ hi
//	(w + v-hi) · ((1 + (max-hi)/w)^(2^(11-b)/896) - 1)   where v > hi
//	(w + lo-v) · ((1 + (lo-min)/w)^(2^(11-b)/128) - 1)   where v < lo
//
// which is half a step, and by the rounding of float32. Beyond the colour range the codes are
// logarithmic: where max is 10 w above hi, 10 bits keep v to 0.5 % of its distance from hi - w.
type scale struct {
	lo, hi, width float64
	below, above  float64 // logarithms of 1 + the distances of min and max from [lo, hi], in widths
}

func newScale(least, lo, hi, most float32) scale {
	s := scale{lo: float64(lo), hi: float64(hi)}
	if !(s.hi > s.lo) {
		s.hi = s.lo
	}
	s.width = max(s.hi-s.lo, 1e-30)
	s.below = math.Log1p(max(s.lo-float64(least), 0) / s.width)
	s.above = math.Log1p(max(float64(most)-s.hi, 0) / s.width)
	return s
}

// codes writes the finest code of each value.
func (s *scale) codes(dst []uint16, values []float32) {
	linear, below, above := fineLinear/s.width, 0., 0.
	if s.below > 0 {
		below = fineBelow / s.below
	}
	if s.above > 0 {
		above = fineAbove / s.above
	}
	for i, f := range values {
		v := float64(f)
		switch {
		case v >= s.lo && v <= s.hi:
			dst[i] = uint16(fineBelow + min(linear*(v-s.lo), fineLinear-1))
		case v < s.lo:
			dst[i] = uint16(max(0, fineBelow-below*math.Log(1+(s.lo-v)/s.width)))
		case v <= math.MaxFloat32:
			dst[i] = uint16(min(fineBelow+fineLinear+above*math.Log(1+(v-s.hi)/s.width), 1<<fineBits-1))
		default: // infinite or not a number
			dst[i] = 1<<fineBits - 1
		}
	}
}

// values appends what each code of so many bits stands for: the middle of its step.
func (s *scale) values(dst []float32, bits int) []float32 {
	step := float64(int(1) << (fineBits - bits))
	for c := range 1 << bits {
		x := (float64(c) + .5) * step
		var v float64
		switch {
		case x < fineBelow:
			v = s.lo - s.width*math.Expm1(s.below*(fineBelow-x)/fineBelow)
		case x < fineBelow+fineLinear:
			v = s.lo + s.width*(x-fineBelow)/fineLinear
		default:
			v = s.hi + s.width*math.Expm1(s.above*(x-fineBelow-fineLinear)/fineAbove)
		}
		dst = append(dst, float32(v))
	}
	return dst
}

// span returns the least and the greatest of the finite values, 0 and 0 if there are none.
func span(values []float32) (least, most float32) {
	least, most = math.MaxFloat32, -math.MaxFloat32
	for _, v := range values {
		if v < least && v >= -math.MaxFloat32 {
			least = v
		}
		if v > most && v <= math.MaxFloat32 {
			most = v
		}
	}
	if least > most {
		return 0, 0
	}
	return least, most
}
