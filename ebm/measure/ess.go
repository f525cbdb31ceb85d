package measure

import (
	"math"
	"slices"
)

// ESS returns the effective sample size of points with the given logarithms of weights. It is
// n for n points of equal weight, and 1 if one point has all the weight.
//
//	ESS = (Σ w)² / Σ w²
//
// The greatest weight is taken as 1 first, so nothing overflows. Without any weight above
// 0 it is 0; NaN if the greatest is infinite.
//
// Source: Kong, A note on importance sampling using standardized weights, 1992.
func ESS(logWeights []float64) float64 {
	if len(logWeights) == 0 {
		return 0
	}
	most := slices.Max(logWeights)
	if math.IsInf(most, -1) {
		return 0
	}
	sum, squares := 0.0, 0.0
	for _, l := range logWeights {
		w := math.Exp(l - most)
		sum += w
		squares += w * w
	}
	return sum * sum / squares
}
