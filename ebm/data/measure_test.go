package data_test

import (
	"math"
	"testing"

	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"

	"gonum.org/v1/gonum/spatial/r2"
)

// A density that is 0 in places is valid too: all that is measured against it are
// numbers.
func TestOwnDensityHasNoDivergence(t *testing.T) {
	for _, id := range []string{"checkerboard", "horn", "pinwheel", "ellipse"} {
		card, err := data.Lookup(id)
		if err != nil {
			t.Fatal(err)
		}
		set := card.New()
		bowl := func(dst []float64, at []r2.Vec) {
			for i, y := range at {
				dst[i] = r2.Norm2(y)
			}
		}
		suite := measure.NewSuite(set)
		r := suite.Measure(bowl, 1)
		for what, v := range map[string]float64{"AUC ceiling": r.AUCCeiling, "true NLL": r.TrueNLL, "KL": r.KL, "NLL": r.NLL} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("%s: %s is %v", id, what, v)
			}
		}
		if r.KL < 0.05 || r.AUC >= r.AUCCeiling || r.NLL <= r.TrueNLL || math.IsNaN(suite.Live(bowl, 1).AUCCeiling) {
			t.Errorf("%s: a bowl is judged %+v", id, r)
		}
		r = suite.Measure(func(dst []float64, at []r2.Vec) {
			set.LogDensity(dst, at)
			for i := range dst {
				dst[i] = -dst[i]
			}
		}, 1)
		if !(math.Abs(r.KL) < 1e-9) || r.AUC != r.AUCCeiling || !(math.Abs(r.NLL-r.TrueNLL) < 0.02) {
			t.Errorf("%s: the truth is judged %+v", id, r)
		}
	}
}
