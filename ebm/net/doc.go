// Package net is the small network that the energies are made of: Fourier features, a few
// layers, and the optimiser that moves them.
package net
