package conformance_test

import (
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/measure"
)

// learnt returns a method that has made 200 steps with its defaults on its own data.
func learnt(b *testing.B, card ebm.Card) (ebm.Model, *ebm.Update) {
	b.Helper()
	c, err := data.Lookup(card.Data)
	if err != nil {
		b.Fatal(err)
	}
	set := c.New()
	set.Knobs(ebm.NewKnobs(c.ID))
	m, rng := card.New(), rand.New(rand.NewPCG(1, 1))
	m.Knobs(ebm.NewKnobs(card.ID))
	m.Init(set.Points(), rng)
	u := ebm.NewUpdate(rng)
	for range 200 {
		u.Trace.Reset()
		m.Step(u)
	}
	return m, u
}

// BenchmarkLandscape evaluates a grid of 128² points on one core, for every method.
func BenchmarkLandscape(b *testing.B) {
	at := measure.Grid(128)
	dst := make([]float64, len(at))
	for _, card := range ebm.Cards() {
		b.Run(card.ID, func(b *testing.B) {
			m, _ := learnt(b, card)
			for b.Loop() {
				m.Energy(dst, at)
			}
			b.ReportMetric(float64(len(at))*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
		})
	}
}

// BenchmarkStep makes one step on one core, for every method, and reports how long its
// whole training takes.
func BenchmarkStep(b *testing.B) {
	for _, card := range ebm.Cards() {
		b.Run(card.ID, func(b *testing.B) {
			m, u := learnt(b, card)
			for b.Loop() {
				u.Trace.Reset()
				m.Step(u)
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*float64(card.Steps), "s/training")
		})
	}
}
