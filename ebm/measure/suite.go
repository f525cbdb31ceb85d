package measure

import (
	"math"
	"math/rand/v2"
	"slices"

	"ebmviz/ebm"
	"ebmviz/ebm/data"

	"gonum.org/v1/gonum/spatial/r2"
)

const (
	testPoints  = 1500
	mostGiven   = 4000 // test points of a suite of given points
	uniformRows = 50   // of 80 points each
	uniformCols = 80
	gridSide    = 100
	liveSide    = 64
	finer       = 4 // how many times as many cells a side there are where wells are too narrow
)

// testSeed gives a typical test set: the NLL and AUC of the true density on it are within
// 0.01 and 0.001 of their expectations.
const testSeed = 8

// Energy writes F(at[i]) to dst[i]. It is called with all points of one set at once.
type Energy func(dst []float64, at []r2.Vec)

// sample is one set of points and the energies last measured there.
type sample struct {
	at     []r2.Vec
	e      []float64
	sorted []float64
}

func newSample(at []r2.Vec) sample {
	return sample{at, make([]float64, len(at)), make([]float64, len(at))}
}

func (s *sample) measure(energy Energy) {
	energy(s.e, s.at)
	copy(s.sorted, s.e)
	slices.Sort(s.sorted)
}

// quantile returns the least of the energies that the part p of them does not exceed.
func (s *sample) quantile(p float64) float64 {
	i := int(math.Ceil(p*float64(len(s.sorted)))) - 1
	return s.sorted[max(0, min(i, len(s.sorted)-1))]
}

// Suite holds the test set of a dataset, uniform points and a grid. One goroutine owns it; it can
// measure any number of models.
type Suite struct {
	set                 data.Set // nil if the distribution of the test points is not known
	on                  TestSet
	test, uniform, grid sample
	liveGrid            sample  // the coarse grid of a live measurement
	fineGrid            sample  // for wells that are too narrow for either; empty until it is needed
	oracle              *oracle // nil until it is needed
	ceiling             float64 // of a live measurement; NaN without a density
	ceilingKnown        bool    // whether ceiling is
}

// NewSuite returns a suite of fresh samples of a dataset, points that no model was trained on. It
// draws them for the present knobs of the set, from seeds of its own. The set must not change
// while the suite is used.
func NewSuite(set data.Set) *Suite {
	rng := rand.New(rand.NewPCG(testSeed, 0x7e57))
	test := make([]r2.Vec, testPoints)
	set.Sample(test, rng)
	return newSuite(set, FreshSamples, test, rng)
}

// NewSuiteOn returns a suite of given points, at least one. Their distribution is not known, so a
// report has nothing that is compared with the true density: no ceiling, TrueNLL, OffMass, FarMin,
// KL or Floor. Of more than 4000 points a part is used, spread over the list.
func NewSuiteOn(points []r2.Vec, on TestSet) *Suite {
	test := slices.Clone(points)
	if len(points) > mostGiven {
		test = test[:mostGiven]
		for i := range test {
			test[i] = points[i*len(points)/mostGiven]
		}
	}
	return newSuite(nil, on, test, rand.New(rand.NewPCG(testSeed, 0x7e57)))
}

// newSuite draws the uniform points.
func newSuite(set data.Set, on TestSet, test []r2.Vec, rng ebm.Rand) *Suite {
	return &Suite{
		set: set, on: on, test: newSample(test), uniform: newSample(stratified(rng)),
		grid: newSample(Grid(gridSide)), liveGrid: newSample(Grid(liveSide)),
	}
}

// stratified returns 4000 uniform points, one in each of as many equal cells, which have less
// variance than independent ones.
func stratified(rng ebm.Rand) []r2.Vec {
	at := make([]r2.Vec, 0, uniformRows*uniformCols)
	for j := range uniformRows {
		for i := range uniformCols {
			at = append(at, r2.Vec{
				X: ebm.L * (2*(float64(i)+rng.Float64())/uniformCols - 1),
				Y: ebm.L * (2*(float64(j)+rng.Float64())/uniformRows - 1),
			})
		}
	}
	return at
}

// Test returns the test points. They are not to be changed.
func (s *Suite) Test() []r2.Vec { return s.test.at }

// Measure evaluates an energy on the test points, 4000 uniform points and a 100×100 grid, or,
// where wells are too narrow for that, a 400×400 grid for the NLL at the model's own β. NLL,
// KL, OffMass and Samples are those of the density e^{-βF} / Z at the given β, which is that of
// the model ([ebm.Card.Beta]), or at the calibrated one if it is 0.
func (s *Suite) Measure(energy Energy, beta float64) Report {
	if s.oracle == nil {
		s.oracle = s.newOracle()
	}
	s.test.measure(energy)
	s.uniform.measure(energy)
	s.grid.measure(energy)
	r := emptyReport()
	r.On = s.on
	r.AUC = sortedAUC(s.test.sorted, s.uniform.sorted)
	r.MeanData, r.MeanUniform = mean(s.test.e), mean(s.uniform.e)
	r.Vol95 = volume(s.grid.sorted, s.test.quantile(0.95))
	r.BetaCalibrated, r.NLLCalibrated = Calibrate(s.test.e, s.grid.e)
	r.Beta, r.NLL = r.BetaCalibrated, r.NLLCalibrated
	if beta > 0 {
		r.Beta, r.NLL = beta, s.nll(energy, &s.grid, beta)
	}
	r.AUCCeiling, r.TrueNLL = s.oracle.ceiling, s.oracle.nll
	r.KL = KL(s.oracle.negLogDensity, s.grid.e, r.Beta)
	r.OffMass, r.FarMin = s.oracle.far(s.grid.e, r.Beta, s.test.quantile(0.5))
	r.Samples, r.Floor = s.modelDistances(r.Beta), s.oracle.floor
	return r
}

// Live measures an energy quickly, while it learns: AUC, ceiling, β, NLL, Vol95 and the two
// means. The given β is that of Measure. It uses the test points, and a 64×64 grid in place of
// the uniform points: with 1500 test points, 5596 energies. So its values differ a little from
// those of Measure; the ceiling is that of the same points. After the first call it allocates
// nothing.
func (s *Suite) Live(energy Energy, beta float64) Report {
	if !s.ceilingKnown {
		s.ceiling, s.ceilingKnown = s.oracleAUC(&s.liveGrid), true
	}
	s.test.measure(energy)
	s.liveGrid.measure(energy)
	r := emptyReport()
	r.On = s.on
	r.AUC, r.AUCCeiling = sortedAUC(s.test.sorted, s.liveGrid.sorted), s.ceiling
	r.MeanData, r.MeanUniform = mean(s.test.e), mean(s.liveGrid.e)
	r.Vol95 = volume(s.liveGrid.sorted, s.test.quantile(0.95))
	if beta > 0 {
		r.Beta, r.NLL = beta, s.nll(energy, &s.liveGrid, beta)
		return r
	}
	r.BetaCalibrated, r.NLLCalibrated = calibrateFast(s.test.e, s.liveGrid.e)
	r.Beta, r.NLL = r.BetaCalibrated, r.NLLCalibrated
	return r
}

// nll returns the NLL of the test points at β. The grid has been measured; if it is too coarse,
// the energy is evaluated on one that is four times finer.
func (s *Suite) nll(energy Energy, grid *sample, beta float64) float64 {
	if !resolved(grid.e, beta) {
		if n := finer * finer * len(grid.at); len(s.fineGrid.at) != n {
			s.fineGrid.at, s.fineGrid.e = Grid(int(math.Sqrt(float64(n)))), make([]float64, n)
		}
		grid = &s.fineGrid
		energy(grid.e, grid.at)
	}
	return NLL(s.test.e, grid.e, beta)
}

// oracleAUC returns the AUC of the true -log p against the given points, and leaves its values
// in both samples; NaN if the dataset has no density.
func (s *Suite) oracleAUC(uniform *sample) float64 {
	s.test.measure(s.negLogDensity)
	uniform.measure(s.negLogDensity)
	if math.IsNaN(s.test.sorted[0]) { // NaN sorts first
		return math.NaN()
	}
	return sortedAUC(s.test.sorted, uniform.sorted)
}

// negLogDensity is the energy -log p of the dataset, NaN if it is not known.
func (s *Suite) negLogDensity(dst []float64, at []r2.Vec) {
	if s.set == nil {
		for i := range dst {
			dst[i] = math.NaN()
		}
		return
	}
	s.set.LogDensity(dst, at)
	for i := range dst {
		dst[i] = -dst[i]
	}
}

// volume returns the part of the sorted energies that is not above level.
func volume(sorted []float64, level float64) float64 {
	n, _ := slices.BinarySearchFunc(sorted, level, func(e, level float64) int {
		if e <= level {
			return -1
		}
		return 1
	})
	return float64(n) / float64(len(sorted))
}
