package net

import "ebmviz/ebm/net/internal/kernel"

// Exp makes each number of a, as many as a multiple of [Block], its exponential. In float32 exponents
// are cut to ±87.
func Exp[T Float](a []T) { kernel.For[T]().Exp(a, a) }

// Logistic writes σ(a) = 1/(1 + e^-a) to sigma, and ζ(a) = log(1 + e^a), whose slope σ is,
// to zeta, which may be a itself. All are as long, a multiple of [Block].
func Logistic[T Float](sigma, zeta, a []T) {
	kernel.For[T]().Activate(kernel.Softplus, zeta, sigma, a)
}
