package sim

import (
	"fmt"
	"strings"
	"testing"

	"ebmviz/ebm"
)

// How many cores the benchmarks have is told by the environment, GOMAXPROCS=1 or 2: with
// -cpu 1,2 a benchmark that has a Loop makes the first of its measurements with all cores.

// learnt returns the run of a method that has made 200 steps with its defaults.
func learnt(b testing.TB, card ebm.Card) *Run {
	b.Helper()
	r := mustRun(b, Config{Model: card.ID}, Parallel())
	mustStep(b, r, 200)
	return r
}

// methods calls f for every method but the toys of the tests.
func methods(f func(card ebm.Card)) {
	for _, card := range ebm.Cards() {
		if !strings.HasPrefix(card.ID, "toy") {
			f(card)
		}
	}
}

// BenchmarkLandscape evaluates the energy on the grid of a frame, for every method.
func BenchmarkLandscape(b *testing.B) {
	methods(func(card ebm.Card) {
		for _, n := range []int{128, 256} {
			b.Run(fmt.Sprintf("%s/%d", card.ID, n), func(b *testing.B) {
				r := learnt(b, card)
				l := newLattice(n)
				r.survey(&l)
				b.ReportAllocs()
				for b.Loop() {
					if !r.survey(&l) {
						b.Fatal("the landscape cannot be shown")
					}
				}
				b.ReportMetric(float64(n*n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
			})
		}
	})
}

// BenchmarkStep makes one step, for every method, and reports how long its whole training
// takes.
func BenchmarkStep(b *testing.B) {
	methods(func(card ebm.Card) {
		b.Run(card.ID, func(b *testing.B) {
			r := learnt(b, card)
			b.ReportAllocs()
			for b.Loop() {
				r.update.Trace.Reset()
				r.model.Step(r.update)
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*float64(card.Steps), "s/training")
		})
	})
}

// BenchmarkFrame makes a frame, from the grid to the bytes; and, of that, the encoding
// alone.
func BenchmarkFrame(b *testing.B) {
	for _, n := range []int{128, 256} {
		for _, model := range []string{"kmeans", "cd", "dae"} {
			b.Run(fmt.Sprintf("%s/%d", model, n), func(b *testing.B) { benchmarkFrame(b, model, n, true) })
		}
		b.Run(fmt.Sprintf("encode/%d", n), func(b *testing.B) { benchmarkFrame(b, "cd", n, false) })
	}
}

func benchmarkFrame(b *testing.B, model string, n int, anew bool) {
	card, err := ebm.Lookup(model)
	if err != nil {
		b.Fatal(err)
	}
	r := learnt(b, card)
	var e easel
	p, err := e.paint(r, n)
	b.ReportAllocs()
	for b.Loop() {
		if anew {
			p, err = e.paint(r, n)
		}
		if err != nil {
			b.Fatal(err)
		}
		Encode(p)
	}
}
