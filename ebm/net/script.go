package net

import _ "embed"

// Script is a network in Python: mlp(x, prefix) of the parameters P and the knobs K of a
// checkpoint, as [ebm.Card] wants it.
//
//go:embed script.py
var Script string

// The energy of a network in Python: its output, or the squared distance of its output from y.
const (
	EnergyScript = `def energy(y):
    return mlp(y)[:, 0]
`
	ResidualScript = `def energy(y):
    """The squared distance of y from its reconstruction r(y)."""
    return np.sum((y - mlp(y)) ** 2, axis=1)
`
)
