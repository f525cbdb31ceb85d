package architectural

import "math"

// cutoff is the exponent beyond which a term of a sum of exponentials is omitted: e^-40 of the
// largest changes no digit of a float64 sum that is at least 1.
const cutoff = 40

const powersPerOctave = 32

// powers[n] is 2^(-n/32), down to e^-40.
var powers = func() (t [1 + cutoff*powersPerOctave*3/2]float64) {
	for n := range t {
		t[n] = math.Exp2(-float64(n) / powersPerOctave)
	}
	return t
}()

// decay returns exp(-a) for 0 <= a < cutoff with a relative error below 2e-14, at about
// half the cost of math.Exp: the nearest power from the table, and Taylor's series for
// what remains,
//
//	exp(-a) = 2^(-n/32) exp(r),   r = n (log 2)/32 - a,   |r| <= 0.011
func decay(a float64) float64 {
	n := int(a*(powersPerOctave/math.Ln2) + 0.5)
	r := float64(n)*(math.Ln2/powersPerOctave) - a
	return powers[n] * (1 + r*(1+r*(1./2+r*(1./6+r*(1./24+r*(1./120))))))
}
