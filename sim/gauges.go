package sim

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/measure"
)

// common are the numbers that every model has besides its own.
var common = []string{"auc", "auc_ceiling", "nll", "vol95", "mean_data", "mean_uniform", "nll_true"}

// scalarNames lists the numbers of a model: its own, then the common ones.
func scalarNames(card ebm.Card) []string {
	names := slices.Clone(card.Scalars)
	for _, name := range common {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// gauges are the numbers of a run that are drawn over its steps.
type gauges struct {
	names   []string
	own     int      // how many of them are the model's
	shown   []int    // which of the common ones follow
	stride  uint64   // the common ones are measured each so many steps
	history *history // nil until the first restart

	suite  *measure.Suite
	judged *cloud // whose suite it is
	energy measure.Energy
	row    []float64

	reading
}

// reading is what the gauges show. It depends on the steps and the moved knobs alone, not
// on who looks, so that any frame can be made again.
type reading struct {
	common [7]float64
	beta   float64 // at which the energy is -log p, 0 if not known
	stale  bool    // a knob was moved, or nothing has been measured yet
	due    bool    // so the next step measures, whatever its number
	parts  int     // how much of the truth is to be seen
}

func (g *gauges) init(card ebm.Card) {
	g.names = scalarNames(card)
	g.own = len(card.Scalars)
	for i, name := range common {
		if !slices.Contains(card.Scalars, name) {
			g.shown = append(g.shown, i)
		}
	}
	g.stride = uint64(max(1, card.Steps/100))
	g.row = make([]float64, len(g.names))
}

func (g *gauges) reset() {
	g.reading = reading{stale: true, due: true, parts: truthParts}
	g.history = newHistory(g.names)
}

// spoil notes that what was measured no longer holds.
func (g *gauges) spoil() { g.stale, g.due = true, true }

// judge returns the live measures of the present dataset.
func (r *Run) judge() *measure.Suite {
	if r.judged != r.cloud {
		r.judged, r.suite = r.cloud, measure.NewSuite(silent{r.cloud.set})
		if r.cloud.truth == nil {
			r.cloud.truth = newTruth(r.cloud.set, r.suite.Test())
		}
	}
	if r.energy == nil {
		r.energy = func(dst []float64, at []r2.Vec) { r.spread(r.model, dst, at) }
	}
	return r.suite
}

// readGauges measures where it is due, and writes the history.
func (r *Run) readGauges() {
	if r.due || r.step%r.stride == 0 {
		r.parts = min(r.parts+1, truthParts) // here, and not whenever somebody looks
		r.measureNow()
		r.due = false
	}
	if r.history.wants(r.step) {
		r.Scalars(r.row)
		r.history.add(r.step, r.row)
	}
}

func (r *Run) measureNow() {
	m := r.judge().Live(r.energy, r.card.IsNegLogProb)
	ceiling, least := r.cloud.truth.upTo(r.parts)
	r.common = [7]float64{m.AUC, ceiling, m.NLL, m.Vol95, m.MeanData, m.MeanUniform, least}
	r.beta = m.BetaCalibrated
	if r.card.IsNegLogProb {
		r.beta = 1
	}
	r.stale = false
}

// ScalarNames returns the names of the numbers that Scalars gives: the model's own, of
// which the loss is the first, then auc, auc_ceiling, nll, vol95, mean_data,
// mean_uniform and nll_true.
func (r *Run) ScalarNames() []string { return r.names }

// Scalars writes the numbers of the present step to dst; NaN means that one does not
// apply. The common ones are measured each hundredth of the card's steps and after a
// knob has been moved.
func (r *Run) Scalars(dst []float64) {
	if r.stale {
		r.measureNow()
	}
	own := dst[:r.own]
	if m, ok := r.model.(ebm.Scalarer); ok {
		m.Scalars(own)
	} else {
		for i := range own {
			own[i] = math.NaN()
		}
	}
	for i, j := range r.shown {
		dst[r.own+i] = r.common[j]
	}
}

// History returns the numbers as they went.
func (r *Run) History() History { return r.history.copy() }
