package contrastive

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/internal/learn"
	"gonum.org/v1/gonum/spatial/r2"
)

// TestStartAtTwoWells: every method with a network can start at the landscape of the lecture's
// figures, from the same random weights, and the data have nothing to do with it.
func TestStartAtTwoWells(t *testing.T) {
	card, err := data.Lookup("topographic")
	if err != nil {
		t.Fatal(err)
	}
	box := func(v1, v2 float64) r2.Vec { // from the units of the figures
		return r2.Vec{X: (v1 - card.Axes.Offset[0]) / card.Axes.Scale[0], Y: (v2 - card.Axes.Offset[1]) / card.Axes.Scale[1]}
	}
	left, right, saddle, example := box(0, 0), box(2, 2), box(1, 1.2), box(-1.74, 3)
	n := 0
	for _, c := range ebm.Cards() {
		knobs := ebm.NewKnobs(c.ID)
		m := c.New()
		m.Knobs(knobs)
		if k, err := knobs.Lookup("start"); err != nil || !slices.Contains(k.Choices, learn.StartTwoWells) {
			continue
		}
		n++
		if knobs.Values()["start"] != learn.StartRandom {
			t.Errorf("%s starts at %v by default", c.ID, knobs.Values()["start"])
		}
		if err := knobs.Set("start", learn.StartTwoWells); err != nil {
			t.Fatal(err)
		}
		for _, points := range [][]r2.Vec{nil, spiral(t)} {
			m.Init(points, rand.New(rand.NewPCG(1, 1)))
			e := make([]float64, 4)
			m.Energy(e, []r2.Vec{left, right, saddle, example})
			depth := e[3] - e[1]
			if depth < .05 || e[0]-e[1] > .15*depth || e[2]-e[1] < .3*depth || e[3]-e[2] < .2*depth {
				t.Errorf("%s: the energy is %.3f at the well on the left, %.3f at that on the right, %.3f between them and %.3f at the example", c.ID, e[0], e[1], e[2], e[3])
			}
		}
	}
	if n < 11 {
		t.Errorf("%d methods can start at two wells", n)
	}
}
