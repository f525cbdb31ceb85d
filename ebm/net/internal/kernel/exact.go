package kernel

import "math"

// Exact is the set for float64, built on package math.
var Exact = &Set[float64]{
	Name: "go", gemm: gemm[float64], dots: dots[float64], activate: activate64,
	exp: exp64, add: add[float64], adam: adam[float64], features: features64, fold: fold[float64],
	nearest: nearest[float64], softMin: softMin64,
	shrink: shrink[float64], simplex: simplex[float64],
	normals: normals64,
	powers:  powers64, outer: outer[float64],
}

func exp64(a, z []float64) {
	for i, x := range z {
		a[i] = math.Exp(x)
	}
}

func activate64(f Activation, a, d, z []float64) {
	value := [...]func(z float64) (a, d float64){silu64, tanh64, softplus64, relu64}[f]
	for i, x := range z {
		v, slope := value(x)
		a[i] = v
		if d != nil {
			d[i] = slope
		}
	}
}

// sigmoid64 returns 1/(1+e^-z). For z far below zero e^-z is infinite and the result 0.
func sigmoid64(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func silu64(z float64) (a, d float64) {
	s := sigmoid64(z)
	return z * s, s + z*s*(1-s)
}

func tanh64(z float64) (a, d float64) {
	a = math.Tanh(z)
	return a, 1 - a*a
}

// softplus64 takes the exponential of -|z| only, which cannot overflow:
//
//	log(1 + e^z) = max(z, 0) + log(1 + e^-|z|)
func softplus64(z float64) (a, d float64) {
	return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))), sigmoid64(z)
}

func relu64(z float64) (a, d float64) {
	if z > 0 {
		return z, 1
	}
	return max(z, 0), 0 // not 0: max keeps a NaN
}

func features64(f []float64, lanes, harmonics int, half float64) {
	for p, y := range f[:lanes] {
		f[lanes+p], f[2*lanes+p] = math.Sincos(math.Pi / half * y)
	}
	multiples(f, lanes, harmonics)
}
