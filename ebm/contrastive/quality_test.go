package contrastive

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"
)

// TestQuality trains each method with its defaults on the spiral and compares how well
// the AUC of the landscape, and its NLL, with what the method should reach.
// The table it logs is worth a look: go test -run Quality -v.
func TestQuality(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("trains for some seconds, many times longer under the race detector")
	}
	card, err := data.Lookup("spiral")
	if err != nil {
		t.Fatal(err)
	}
	set := card.New()
	set.Knobs(ebm.NewKnobs("spiral"))
	points, suite := set.Points(), measure.NewSuite(set)

	for _, c := range []struct {
		method, variant string
		auc, nll        float64
	}{
		{"maxlik", "", .942, .32},
		{"dae", "", .905, .81},
		{"cd", variantLecture, .9315, .56},
		{"cd", variantMALA, .941, .33},
	} {
		card, err := ebm.Lookup(c.method)
		if err != nil {
			t.Fatal(err)
		}
		auc, nll := 0., 0.
		const seeds = 3
		for seed := range uint64(seeds) {
			m := card.New()
			knobs := ebm.NewKnobs(card.ID)
			m.Knobs(knobs)
			if c.variant != "" {
				if err := knobs.Set("variant", c.variant); err != nil {
					t.Fatal(err)
				}
			}
			rng := rand.New(rand.NewPCG(seed, 1))
			m.Init(points, rng)
			u := ebm.NewUpdate(rng)
			start := time.Now()
			for range card.Steps {
				u.Trace.Reset()
				m.Step(u)
			}
			seconds := time.Since(start).Seconds()
			r := suite.Measure(m.Energy, card.Beta(m))
			t.Logf("%-6s %-7s seed %d  %4d steps %5.2f s  AUC %.3f of %.3f  NLL %.3f of %.3f (at β = %.2f: %.3f)  vol95 %.3f  far mass %.1e  far min %.2f  data %.2f uniform %.2f",
				c.method, c.variant, seed, card.Steps, seconds, r.AUC, r.AUCCeiling, r.NLL, r.TrueNLL, r.BetaCalibrated, r.NLLCalibrated, r.Vol95, r.OffMass, r.FarMin, r.MeanData, r.MeanUniform)
			auc += r.AUC / seeds
			nll += r.NLL / seeds
		}
		if auc < c.auc-.01 || math.IsNaN(auc) {
			t.Errorf("%s %s: AUC %.3f, want about %.3f", c.method, c.variant, auc, c.auc)
		}
		if nll > c.nll+.15 || math.IsNaN(nll) {
			t.Errorf("%s %s: NLL %.3f, want about %.3f", c.method, c.variant, nll, c.nll)
		}
	}
}
