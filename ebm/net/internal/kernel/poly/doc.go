// Package poly holds the coefficients of the float32 approximations, so that the Go
// loops and the generator of the assembly share one copy. Each polynomial interpolates
// its function at Chebyshev nodes, computed with forty digits; the rational function is
// the minimax one. Lowest power first.
package poly
