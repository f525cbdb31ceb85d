package measure

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/spatial/r2"
)

// Distances are three distances between two sets of points. Chamfer detects points where the
// other set has none; MMD2 compares how many lie in each neighbourhood; W2 measures how far
// the points would have to be moved.
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

// The seeds of the points that are compared with the test points. Between two samples of the
// same distribution W2 and MMD2 are mostly noise; these seeds are typical: on the datasets
// with their defaults W2 is within a quarter of its average over many seeds.
const (
	modelSeed   = 44
	dataSeed    = 41
	dataRepeats = 2
)

// modelDistances returns the distances between samples of the model, as many as there are test
// points, and the test points. The grid holds the energies of the model.
func (s *Suite) modelDistances(beta float64) Distances {
	at := make([]r2.Vec, len(s.test.at))
	if !Draw(at, s.grid.e, beta, rand.New(rand.NewPCG(modelSeed, 0x7e57))) {
		return noDistances
	}
	return distances(at, s.test.at)
}

// dataDistances returns the distances between fresh points of the dataset and the test points,
// averaged over a few samples.
func (s *Suite) dataDistances() (mean Distances) {
	if s.set == nil {
		return noDistances
	}
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
