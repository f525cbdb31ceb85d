package sim

import (
	"testing"

	"ebmviz/ebm"
)

// BenchmarkTrain trains every method with its defaults, from the first weights to the last
// step and on one core, and reports the AUC that it reaches: the mean over the trainings,
// each of which has a seed of its own. What a training costs besides its steps, the trace
// of each and the numbers of the card, is part of it; measuring is not.
func BenchmarkTrain(b *testing.B) {
	methods(func(card ebm.Card) {
		b.Run(card.ID, func(b *testing.B) {
			auc := 0.
			for i := range b.N {
				b.StopTimer()
				r := mustRun(b, Config{Model: card.ID, Seed: uint64(1 + i)}, ebm.Serial)
				b.StartTimer()
				r.model.Init(r.Points(), r.rng)
				for range card.Steps {
					r.update.Trace.Reset()
					r.model.Step(r.update)
				}
				b.StopTimer()
				auc += r.Measure().AUC
				b.StartTimer()
			}
			b.ReportMetric(auc/float64(b.N), "auc")
		})
	})
}
