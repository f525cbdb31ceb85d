package architectural

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"
)

// How the code of a point is found.
const (
	inferExact = "exact"
	inferISTA  = "ista"
	inferFISTA = "fista"
)

const iterationsHelp = "How often the code is improved before its energy is taken. Few: it is not the best one and the energy comes out too high. Many: as the exact one."

// energies writes energies, as the method of a model does.
type energies func(dst []float64, at []r2.Vec)

func (e energies) Energy(dst []float64, at []r2.Vec) { e(dst, at) }

// differences writes the slope of m's energy at at[i] to dst[i] by central differences. A
// code that is found in finitely many steps gives an energy with many faint kinks: the
// slope is meant over a step that is small for the picture.
func differences(m interface{ Energy([]float64, []r2.Vec) }, dst, at []r2.Vec) {
	const h = 1e-5
	for i, y := range at {
		var e [4]float64
		m.Energy(e[:], []r2.Vec{{X: y.X + h, Y: y.Y}, {X: y.X - h, Y: y.Y}, {X: y.X, Y: y.Y + h}, {X: y.X, Y: y.Y - h}})
		dst[i] = r2.Vec{X: (e[0] - e[1]) / (2 * h), Y: (e[2] - e[3]) / (2 * h)}
	}
}

// largest is the larger eigenvalue of the matrix [xx xy; xy yy].
func largest(xx, xy, yy float64) float64 { return (xx+yy)/2 + math.Hypot((xx-yy)/2, xy) }

// fallsThere ends the sentence of the last stage of a method that pushes nothing up.
const fallsThere = ": {down|the energy falls there}. Nothing is pushed up."
