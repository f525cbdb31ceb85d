package kernel

import (
	"math"

	"ebmviz/ebm/net/internal/kernel/poly"
)

// Go is the set for float32 in Go, which every machine has and every other set is
// compared with.
var Go = &Set[float32]{
	Name: "go", gemm: gemm[float32], dots: dots[float32], activate: activate32,
	exp: exps32, add: add[float32], adam: adam[float32], features: features32, fold: fold[float32],
	nearest: nearest[float32], softMin: softMin32,
	shrink: shrink[float32], simplex: simplex[float32],
	normals: normals32,
	powers:  powers32, outer: outer[float32],
}

// The coefficients as float32 values.
var (
	expm1 = [6]float32(narrow(poly.Expm1))
	log1p = [9]float32(narrow(poly.Log1p))
	sin   = [5]float32(narrow(poly.Sin))
	cos   = [6]float32(narrow(poly.Cos))

	tanhTop    = [4]float32(narrow(poly.TanhTop))
	tanhBottom = [5]float32(narrow(poly.TanhBottom))
)

func narrow(c []float64) []float32 {
	out := make([]float32, len(c))
	for i, v := range c {
		out[i] = float32(v)
	}
	return out
}

// exp32 returns e^x for |x| <= poly.MaxExp in two parts, e^x = s + t, where s is a power
// of two and t is small next to it: near x = 0, where s = 1, t is e^x - 1 to full
// precision. A NaN gives NaN.
func exp32(x float32) (s, t float32) {
	n := x*poly.Log2E + poly.MagicExp
	s = math.Float32frombits(math.Float32bits(n) << 23)
	n -= poly.MagicExp
	r := x - n*poly.Ln2Hi - n*poly.Ln2Lo
	c := &expm1
	return s, s * r * (c[0] + r*(c[1]+r*(c[2]+r*(c[3]+r*(c[4]+r*c[5])))))
}

func exps32(a, z []float32) {
	for i, x := range z {
		s, t := exp32(min32(max32(x, -poly.MaxExp), poly.MaxExp))
		a[i] = s + t
	}
}

// max32 and min32 are the larger and the smaller of two numbers, or x where x is NaN.
func max32(x, least float32) float32 {
	if x < least {
		return least
	}
	return x
}

func min32(x, most float32) float32 {
	if x > most {
		return most
	}
	return x
}

func activate32(f Activation, a, d, z []float32) {
	if d == nil {
		d = a // written first, then overwritten by the value
	}
	a, d = a[:len(z)], d[:len(z)]
	switch f {
	case SiLU:
		for i, x := range z {
			d[i], a[i] = silu32(x)
		}
	case Tanh:
		for i, x := range z {
			d[i], a[i] = tanh32(x)
		}
	case Softplus:
		for i, x := range z {
			d[i], a[i] = softplus32(x)
		}
	case ReLU:
		for i, x := range z {
			d[i], a[i] = relu32(x)
		}
	}
}

// silu32 takes u = e^x: x u/(1+u), with slope (u + silu)/(1+u).
func silu32(x float32) (d, a float32) {
	s, t := exp32(min32(max32(x, -poly.MaxExp), poly.MaxExp))
	u := s + t
	r := 1 / (1 + u)
	a = x * (u * r)
	return r * (u + a), a
}

const signBit = 1 << 31

// minusAbs32 returns -|x|, never above 0 and never below -MaxExp, and the sign bit of x.
func minusAbs32(x float32) (m float32, sign uint32) {
	bits := math.Float32bits(x)
	return max32(math.Float32frombits(bits|signBit), -poly.MaxExp), bits & signBit
}

// relu32 is max(x, 0), a NaN staying one.
func relu32(x float32) (d, a float32) {
	if x > 0 {
		return 1, x
	}
	return 0, max32(x, 0)
}

// tanh32 is a quotient of polynomials; its slope is 1 - tanh².
func tanh32(x float32) (d, a float32) {
	x = min32(max32(x, -poly.MaxTanh), poly.MaxTanh)
	q := x * x
	t, b := &tanhTop, &tanhBottom
	a = x * (t[0] + q*(t[1]+q*(t[2]+q*t[3])))
	a /= b[0] + q*(b[1]+q*(b[2]+q*(b[3]+q*b[4])))
	return 1 - a*a, a
}

// softplus32 is max(x, 0) + log(1 + u) with u = e^-|x|; its slope is 1/(1+u) or, left of
// 0, u/(1+u).
func softplus32(x float32) (d, a float32) {
	m, sign := minusAbs32(x)
	s, t := exp32(m)
	u := s + t
	c := &log1p
	a = u * (c[0] + u*(c[1]+u*(c[2]+u*(c[3]+u*(c[4]+u*(c[5]+u*(c[6]+u*(c[7]+u*c[8]))))))))
	d = 1 / (1 + u)
	if sign != 0 {
		return u * d, a
	}
	return d, x + a
}

func features32(f []float32, lanes, harmonics int, half float32) {
	turn := 1 / half
	for p, y := range f[:lanes] {
		f[lanes+p], f[2*lanes+p] = sincos32(y * turn)
	}
	multiples(f, lanes, harmonics)
}

// sincos32 returns sin(πw) and cos(πw), |w| < 2²². Counting in half-turns makes the
// reduction to |r| <= 1/2 exact; an odd number of half-turns flips both signs.
func sincos32(w float32) (float32, float32) {
	n := w + poly.Magic
	flip := math.Float32bits(n) << 31
	r := w - (n - poly.Magic)
	q := r * r
	s, c := &sin, &cos
	sw := r * (s[0] + q*(s[1]+q*(s[2]+q*(s[3]+q*s[4]))))
	cw := c[0] + q*(c[1]+q*(c[2]+q*(c[3]+q*(c[4]+q*c[5]))))
	return math.Float32frombits(math.Float32bits(sw) ^ flip), math.Float32frombits(math.Float32bits(cw) ^ flip)
}
