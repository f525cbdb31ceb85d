package sim

import (
	"fmt"
	"testing"

	"ebmviz/ebm"
	"ebmviz/sim/sched"
)

// The environment sets how many cores the benchmarks use, GOMAXPROCS=1 or 2: with -cpu 1,2 a
// benchmark that has a Loop makes the first of its measurements with all cores.

// trained returns the run of a method after 200 steps with its defaults.
func trained(b testing.TB, card ebm.Card) *Run {
	b.Helper()
	r := mustRun(b, Config{Model: card.ID}, sched.Parallel())
	mustStep(b, r, 200)
	return r
}

// BenchmarkLandscape evaluates the energy on the grid of a picture, for every method.
func BenchmarkLandscape(b *testing.B) {
	methods(func(card ebm.Card) {
		for _, n := range []int{128, 256} {
			b.Run(fmt.Sprintf("%s/%d", card.ID, n), func(b *testing.B) {
				r := trained(b, card)
				l := newLattice(n)
				b.ReportAllocs()
				for b.Loop() {
					r.evaluator.evaluate(r.state.model, l.values, l.cells)
				}
				if !allInRange(l.values) {
					b.Fatal("an energy is not finite")
				}
				b.ReportMetric(float64(n*n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
			})
		}
	})
}

// BenchmarkStep makes one step, for every method, and reports how long its whole training takes.
func BenchmarkStep(b *testing.B) {
	methods(func(card ebm.Card) {
		b.Run(card.ID, func(b *testing.B) {
			r := trained(b, card)
			b.ReportAllocs()
			for b.Loop() {
				r.update.Trace.Reset()
				r.state.model.Step(r.update)
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*float64(card.Steps), "s/training")
		})
	})
}

// BenchmarkTrain trains every method with its defaults, from the initial parameters to the last
// step, on one core, and reports the mean AUC of the trainings, each of which has a seed of its
// own. The trace and the scalars of each step are part of the time; measuring is not.
func BenchmarkTrain(b *testing.B) {
	methods(func(card ebm.Card) {
		b.Run(card.ID, func(b *testing.B) {
			auc := 0.
			for i := range b.N {
				b.StopTimer()
				r := mustRun(b, Config{Model: card.ID, Seed: uint64(1 + i)}, ebm.Serial)
				b.StartTimer()
				r.state.model.Init(r.Points(), r.state.rng)
				for range card.Steps {
					r.update.Trace.Reset()
					r.state.model.Step(r.update)
				}
				b.StopTimer()
				auc += r.Measure().AUC
				b.StartTimer()
			}
			b.ReportMetric(auc/float64(b.N), "auc")
		})
	})
}
