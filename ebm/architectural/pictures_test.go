package architectural

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"ebmviz/ebm"
)

// TestPictures: the landscape that is seen, in float32, is the exact one to a few digits:
// over prototypes of every kind, after some learning.
func TestPictures(t *testing.T) {
	at := append(grid(32), scatter(300, 1)...)
	for _, c := range []struct {
		id, knob string
		value    any
	}{
		{"kmeans", "k", 1}, {"kmeans", "k", 33}, {"kmeans", "k", maxK},
		{"softkmeans", "beta", 1e-2}, {"softkmeans", "beta", 50.}, {"softkmeans", "beta", 1e4}, {"softkmeans", "k", 1}, {"softkmeans", "k", maxK},
		{"gmm", "covariance", covarianceShared}, {"gmm", "covariance", covarianceSpherical}, {"gmm", "covariance", covarianceFull},
	} {
		t.Run(fmt.Sprintf("%s/%s=%v", c.id, c.knob, c.value), func(t *testing.T) {
			card, err := ebm.Lookup(c.id)
			if err != nil {
				t.Fatal(err)
			}
			energies := [2][]float64{}
			for i, m := range []ebm.Model{card.New(), card.NewExact()} {
				k := ebm.NewKnobs(c.id)
				m.Knobs(k)
				if err := k.Set(c.knob, c.value); err != nil {
					t.Fatal(err)
				}
				m.Init(scatter(300, 1), rand.New(rand.NewPCG(1, 1)))
				steps(m, 10, 1)
				energies[i] = make([]float64, len(at))
				m.Energy(energies[i], at)
			}
			for i, want := range energies[1] {
				if got := energies[0][i]; !(math.Abs(got-want) <= 5e-6*(1+math.Abs(want))) {
					t.Fatalf("%v is drawn at %v, where the energy is %v", got, at[i], want)
				}
			}
		})
	}
}
