package sim

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"
)

// The true density is slow to evaluate: where the noise is broad, a tenth of a second for all
// points. While a knob of the dataset is dragged that would freeze the picture, so it is evaluated
// part by part, one with each measurement.
const (
	oracleSide  = 64  // of the lattice of a live measurement
	oraclePart  = 256 // points of a part
	oracleParts = (1500 + oracleSide*oracleSide + oraclePart - 1) / oraclePart
)

// oracle holds the metrics of the best of all energies, the true -log p of a dataset.
type oracle struct {
	set      data.Set
	tests    int
	at       []r2.Vec // test points, then the lattice
	energies []float64
	done     int // how many are evaluated
	ceiling  float64
	nll      float64
}

func newOracle(set data.Set, tests []r2.Vec) *oracle {
	o := &oracle{set: set, tests: len(tests), at: append(append([]r2.Vec(nil), tests...), measure.Grid(oracleSide)...)}
	o.energies = make([]float64, len(o.at))
	return o
}

// complete reports whether all parts are evaluated.
func (o *oracle) complete() bool { return o.done == len(o.at) }

// upTo evaluates the first parts. It returns the AUC and the NLL of the true density, NaN until
// all parts are evaluated and where there is no density.
func (o *oracle) upTo(parts int) (ceiling, nll float64) {
	want := min(parts*oraclePart, len(o.at))
	if o.done < want {
		o.set.LogDensity(o.energies[o.done:want], o.at[o.done:want])
		for i := o.done; i < want; i++ {
			o.energies[i] = -o.energies[i]
		}
		o.done = want
		if want == len(o.at) {
			o.conclude()
		}
	}
	if want < len(o.at) {
		return math.NaN(), math.NaN()
	}
	return o.ceiling, o.nll
}

func (o *oracle) conclude() {
	for _, e := range o.energies[:o.tests] {
		o.nll += e / float64(o.tests)
	}
	o.ceiling = measure.AUC(o.energies[:o.tests], o.energies[o.tests:])
	if math.IsNaN(o.nll) {
		o.ceiling = math.NaN()
	}
}

// withoutDensity is a dataset whose density is not evaluated. Live measures use it; the oracle
// evaluates the density instead.
type withoutDensity struct{ data.Set }

func (withoutDensity) LogDensity(dst []float64, _ []r2.Vec) {
	for i := range dst {
		dst[i] = math.NaN()
	}
}
