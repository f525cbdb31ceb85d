package infer

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
)

// Latents returns E(y, z) for all z, in the order of z, and the index of z*, the first of the
// least; -1 if none is below +∞.
func Latents(m ebm.Latent, y r2.Vec) (all []ebm.LatentEnergy, best int) {
	all, best = m.Latents(y), -1
	least := math.Inf(1)
	for i, l := range all {
		if l.E < least {
			best, least = i, l.E
		}
	}
	return all, best
}

// FreeEnergy returns the soft minimum over finitely many z of their energies e, in the
// form that takes the mean: it is their mean as β → 0, their least as β → ∞, and never
// rises in between.
//
//	F_β = -(1/β) log (1/K) Σ_z e^{-βE(z)}
//
// It is accurate for all β, 0 and +∞ included. With m the least energy,
//
//	F_β = m - (1/β) log1p( (1/K) Σ_z expm1(-β(E(z) - m)) )
//
// Over no z at all it is +∞.
func FreeEnergy(e []float64, beta float64) float64 {
	if len(e) == 0 {
		return math.Inf(1)
	}
	least := slices.Min(e)
	if math.IsInf(least, 0) || math.IsInf(beta, 1) {
		return least
	}
	n, sum := float64(len(e)), 0.0
	if beta == 0 {
		for _, v := range e {
			sum += v / n
		}
		return sum
	}
	for _, v := range e {
		sum += math.Expm1(-beta * (v - least))
	}
	return least - math.Log1p(sum/n)/beta
}

// FreeEnergySum is the free energy in the form that takes the sum, as the likelihood of a
// mixture does:
//
//	F_β = -(1/β) log Σ_z e^{-βE(z)}
//
// It lies (log K)/β below [FreeEnergy], and so below the least energy; as β → 0 it falls
// without end.
func FreeEnergySum(e []float64, beta float64) float64 {
	if len(e) <= 1 { // nothing to choose from, whatever β
		return FreeEnergy(e, beta)
	}
	return FreeEnergy(e, beta) - math.Log(float64(len(e)))/beta
}
