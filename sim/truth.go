package sim

import (
	"math"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"
)

// The true density is slow to evaluate: where the noise is broad, a tenth of a second
// for all points that are needed. While somebody drags a knob of the data that would
// freeze the picture, so then it is done bit by bit, a part with each measurement.
const (
	truthSide  = 64  // of the lattice of a live measurement
	truthPart  = 256 // points at a time
	truthParts = (1500 + truthSide*truthSide + truthPart - 1) / truthPart
)

// truth is what the best of all energies, the true -log p, would reach on a dataset.
type truth struct {
	set      data.Set
	tests    int
	at       []r2.Vec // test points, then the lattice
	surprise []float64
	done     int // how many are known
	ceiling  float64
	nll      float64
}

func newTruth(set data.Set, tests []r2.Vec) *truth {
	t := &truth{set: set, tests: len(tests), at: append(append([]r2.Vec(nil), tests...), measure.Grid(truthSide)...)}
	t.surprise = make([]float64, len(t.at))
	return t
}

// upTo makes sure that the first parts are known. It returns the AUC and the NLL of the
// true density, NaN as long as they are not known and where there is no density.
func (t *truth) upTo(parts int) (ceiling, nll float64) {
	want := min(parts*truthPart, len(t.at))
	if t.done < want {
		t.set.LogDensity(t.surprise[t.done:want], t.at[t.done:want])
		for i := t.done; i < want; i++ {
			t.surprise[i] = -t.surprise[i]
		}
		t.done = want
		if want == len(t.at) {
			t.conclude()
		}
	}
	if want < len(t.at) {
		return math.NaN(), math.NaN()
	}
	return t.ceiling, t.nll
}

func (t *truth) conclude() {
	for _, s := range t.surprise[:t.tests] {
		t.nll += s / float64(t.tests)
	}
	t.ceiling = measure.AUC(t.surprise[:t.tests], t.surprise[t.tests:])
	if math.IsNaN(t.nll) {
		t.ceiling = math.NaN()
	}
}

// silent is a dataset that keeps its density to itself, for a suite of live measures:
// the truth is evaluated here.
type silent struct{ data.Set }

func (silent) LogDensity(dst []float64, _ []r2.Vec) {
	for i := range dst {
		dst[i] = math.NaN()
	}
}
