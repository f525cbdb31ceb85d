package measure

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/spatial/r2"
)

// Distances says in three ways how far two sets of points lie apart. Each sees what the
// others miss: Chamfer where points lie and none should, or none and some should; MMD2
// how many lie in each neighbourhood; W2 how far they would have to be carried.
type Distances struct {
	Chamfer float64 // by [Chamfer]
	MMD2    float64 // by [MMD2], on neighbourhoods as wide as an arm of the spiral
	W2      float64 // by [SlicedW2]: there are too many points for [W2]
}

const (
	neighbourhood = 0.1 // the bandwidth of MMD2
	directions    = 32  // of SlicedW2
)

var noDistances = Distances{math.NaN(), math.NaN(), math.NaN()}

func distances(x, z []r2.Vec) Distances {
	return Distances{Chamfer(x, z), MMD2(x, z, neighbourhood), SlicedW2(x, z, directions)}
}

// The seeds of the points that are compared with the test points. Between two sets of the
// same kind W2 and MMD2 are mostly chance; these seeds are typical: on the datasets with
// their defaults W2 is within a quarter of what it is on average over many.
const (
	modelSeed   = 44
	dataSeed    = 41
	dataRepeats = 2
)

// modelDistances returns how far points of the model, as many as test points, are from these. The
// grid's energies are those of the model.
func (s *Suite) modelDistances(beta float64) Distances {
	at := make([]r2.Vec, len(s.test.at))
	if !Draw(at, s.grid.e, beta, rand.New(rand.NewPCG(modelSeed, 0x7e57))) {
		return noDistances
	}
	return distances(at, s.test.at)
}

// dataDistances returns how far as many fresh points of the dataset are from the test points, on
// average.
func (s *Suite) dataDistances() (mean Distances) {
	at, rng := make([]r2.Vec, len(s.test.at)), rand.New(rand.NewPCG(dataSeed, 0x7e57))
	for range dataRepeats {
		s.set.Sample(at, rng)
		d := distances(at, s.test.at)
		mean.Chamfer += d.Chamfer / dataRepeats
		mean.MMD2 += d.MMD2 / dataRepeats
		mean.W2 += d.W2 / dataRepeats
	}
	return mean
}
