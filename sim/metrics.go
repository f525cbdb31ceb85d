package sim

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
)

// commonScalars are the scalars that every model has besides its own.
var commonScalars = []string{"auc", "auc_ceiling", "nll", "vol95", "mean_data", "mean_uniform", "nll_true"}

// ScalarNames lists the scalars of a model: its own, then the common ones.
func ScalarNames(card ebm.Card) []string {
	names := slices.Clone(card.Scalars)
	for _, name := range commonScalars {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// ColumnNames returns the names of a model's scalars as names of columns, some of which are taken by
// the format of a file: a scalar of such a name is called by its model as well, as in "cd.step".
func ColumnNames(model string, names []string, taken ...string) []string {
	names = slices.Clone(names)
	for i, name := range names {
		if slices.Contains(taken, name) {
			names[i] = model + "." + name
		}
	}
	return names
}

// metrics are the scalars of a run over its steps.
type metrics struct {
	names   []string
	own     int      // how many of them are the model's
	common  []int    // which of the common ones follow
	every   uint64   // the common ones are measured each so many steps
	history *history // nil until the first restart

	suite   *measure.Suite
	suiteOf *dataset
	energy  measure.Energy
	row     []float64

	now MetricsState
}

// MetricsState is what the metrics have gathered apart from their history. It depends on the steps
// and the changes alone, not on who looks, so that each picture can be made again.
type MetricsState struct {
	Values  [7]float64 // the common scalars in their order; NaN where one does not apply
	Beta    float64    // at which β times the energy is -log p, 0 if unknown
	Stale   bool       // a change was made since the last measurement
	Pending bool       // so the next step measures, whatever its number
	Parts   int        // how much of the oracle is evaluated
}

func (m *metrics) init(card ebm.Card) {
	m.names = ScalarNames(card)
	m.own = len(card.Scalars)
	for i, name := range commonScalars {
		if !slices.Contains(card.Scalars, name) {
			m.common = append(m.common, i)
		}
	}
	m.every = uint64(max(1, card.Steps/100))
	m.row = make([]float64, len(m.names))
}

func (m *metrics) reset() {
	m.now = MetricsState{Stale: true, Pending: true, Parts: oracleParts}
	m.history = newHistory(m.names)
}

// invalidate notes that the values no longer hold.
func (m *metrics) invalidate() { m.now.Stale, m.now.Pending = true, true }

// restartOracle has the oracle of a new dataset evaluated part by part.
func (m *metrics) restartOracle() { m.now.Parts = 0 }

// liveSuite returns the live measures of the present dataset.
func (r *Run) liveSuite() *measure.Suite {
	m := &r.metrics
	if m.suiteOf != r.dataset {
		m.suiteOf, m.suite = r.dataset, r.dataset.newSuite(withoutDensity{r.dataset.set})
		if r.dataset.oracle == nil {
			r.dataset.oracle = newOracle(r.dataset.set, m.suite.Test())
		}
	}
	if m.energy == nil {
		m.energy = func(dst []float64, at []r2.Vec) { r.evaluator.evaluate(r.state.model, dst, at) }
	}
	return m.suite
}

// measureStep measures where it is due, and adds to the history.
func (r *Run) measureStep() {
	m := &r.metrics
	if m.now.Pending || r.step%m.every == 0 {
		m.now.Parts = min(m.now.Parts+1, oracleParts) // here, so that it does not depend on how often Scalars is called
		r.measureNow()
		m.now.Pending = false
	}
	if m.history.wants(r.step) {
		r.Scalars(m.row)
		m.history.add(r.step, m.row, r.dataset.testSet())
	}
}

func (r *Run) measureNow() {
	m := &r.metrics
	live := r.liveSuite().Live(m.energy, r.card.Beta(r.state.model))
	ceiling, least := r.dataset.oracle.upTo(m.now.Parts)
	m.now.Values = [7]float64{live.AUC, ceiling, live.NLL, live.Vol95, live.MeanData, live.MeanUniform, least}
	m.now.Beta = live.Beta
	m.now.Stale = false
}

// ScalarNames returns the names of the numbers that Scalars gives: the model's own, of which the
// loss is the first, then auc, auc_ceiling, nll, vol95, mean_data, mean_uniform and nll_true.
func (r *Run) ScalarNames() []string { return r.metrics.names }

// Scalars writes the numbers of the present step to dst; NaN means that one does not apply. The
// common ones are measured each hundredth of the card's steps and after a change.
func (r *Run) Scalars(dst []float64) {
	m := &r.metrics
	if m.now.Stale {
		r.measureNow()
	}
	own := dst[:m.own]
	if model, ok := r.state.model.(ebm.Scalarer); ok {
		model.Scalars(own)
	} else {
		for i := range own {
			own[i] = math.NaN()
		}
	}
	for i, j := range m.common {
		dst[m.own+i] = m.now.Values[j]
	}
}

// History returns the scalars over the steps.
func (r *Run) History() History { return r.metrics.history.copy() }
