package architectural

import (
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"
)

// TestQuality trains each method with its defaults on the spiral. The figures it must
// reach were measured by another program on other points, where the best possible AUC was
// 0.945; here it is the ceiling that the suite knows, so the gap below it is compared.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("trains models")
	}
	const ceiling, tolerance = 0.945, 0.01
	wanted := map[string]struct{ auc, nll float64 }{
		"kmeans":     {0.923, 0.61},
		"softkmeans": {0.930, 0.515},
	}
	card, err := data.Lookup("spiral")
	if err != nil {
		t.Fatal(err)
	}
	set := card.New()
	set.Knobs(ebm.NewKnobs(card.ID))
	suite := measure.NewSuite(set)
	for _, c := range ebm.Cards() {
		want, ok := wanted[c.ID]
		if !ok {
			continue
		}
		for seed := range uint64(3) {
			m := c.New()
			rng := rand.New(rand.NewPCG(seed, 0))
			m.Init(set.Points(), rng)
			u := ebm.NewUpdate(rng)
			for range c.Steps {
				u.Trace.Reset()
				m.Step(u)
			}
			r := suite.Measure(m.Energy, c.Nats)
			t.Logf("%-10s seed %d, %d steps: AUC %.4f of %.4f (%.3f of %.3f), NLL %.3f at β=%.3g (%.3f), vol95 %.3f",
				c.ID, seed, c.Steps, r.AUC, r.AUCCeiling, want.auc, ceiling, r.NLLCalibrated, r.BetaCalibrated, want.nll, r.Vol95)
			if gap := r.AUCCeiling - r.AUC; gap > ceiling-want.auc+tolerance {
				t.Errorf("%s, seed %d: AUC %.4f is %.4f below the ceiling, want %.4f", c.ID, seed, r.AUC, gap, ceiling-want.auc)
			}
			if r.NLLCalibrated > want.nll+0.15 {
				t.Errorf("%s, seed %d: NLL %.3f, want %.3f", c.ID, seed, r.NLLCalibrated, want.nll)
			}
		}
	}
}
