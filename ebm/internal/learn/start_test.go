package learn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// fitted returns a learner of one network that starts at two wells.
func fitted[T net.Float](s net.Spec, seed uint64) *Learner[T] {
	l := New[T]()
	l.Begin(nil, Part{Net: s})
	l.Randomise(rand.New(rand.NewPCG(seed, 1)))
	l.FitTwoWells()
	return &l
}

// TestFitTwoWells states the error of the fit over the whole box, in parts of the depth of the
// wells, for the shapes that the methods have by default and for the harder ones.
func TestFitTwoWells(t *testing.T) {
	for _, c := range []struct {
		name      string
		out       int
		harmonics int
		act       net.Activation
		rms, most float64
	}{
		{"an energy", 1, 4, net.SiLU, .003, .02},
		{"an energy of softplus", 1, 4, net.Softplus, .004, .03},
		{"an energy of tanh", 1, 4, net.Tanh, .003, .02},
		{"an energy of facets", 1, 4, net.ReLU, .006, .05},
		{"an energy without harmonics", 1, 0, net.SiLU, .01, .1},
		{"an autoencoder", 2, 6, net.Tanh, .02, .1},
	} {
		t.Run(c.name, func(t *testing.T) {
			spec := net.Spec{In: 2, Harmonics: c.harmonics, Hidden: []int{32, 32}, Out: c.out, Act: c.act}
			for seed := range uint64(3) {
				rms, most := fitError(fitted[float32](spec, seed).Nets[0].MLP)
				if !(rms < c.rms && most < c.most) {
					t.Errorf("seed %d: the error is %.4f on average and at most %.4f of the depth, want less than %v and %v", seed, rms, most, c.rms, c.most)
				}
			}
		})
	}
}

// fitError compares the energy of a network with TwoWells at 100 × 100 places.
func fitError(m *net.MLP[float32]) (rms, most float64) {
	at, e := make([]r2.Vec, 10_000), make([]float64, 10_000)
	for i := range at {
		at[i] = r2.Vec{X: -ebm.L + .03*(float64(i%100)+.5), Y: -ebm.L + .03*(float64(i/100)+.5)}
	}
	outputs := m.Spec().Out
	if outputs == 1 {
		m.Energy(e, at)
	} else {
		m.Residual(e, at)
	}
	depth := TwoWells(outputs, r2.Vec{X: -1.5, Y: 1.5}) - TwoWells(outputs, wellBottom)
	for i, y := range at {
		d := math.Abs(e[i]-TwoWells(outputs, y)) / depth
		rms += d * d / float64(len(at))
		most = max(most, d)
	}
	return math.Sqrt(rms), most
}

// TestTwoWells compares the energy with the lecture's formula in the units of topographic's axes.
func TestTwoWells(t *testing.T) {
	card, err := data.Lookup("topographic")
	if err != nil {
		t.Fatal(err)
	}
	least, bottom := math.Inf(1), r2.Vec{}
	for i := range 300 * 300 {
		y := r2.Vec{X: -ebm.L + .01*float64(i%300), Y: -ebm.L + .01*float64(i/300)}
		v := card.Axes.Units(y)
		want := -4 * (math.Exp(-math.Pow(v.X/1.5, 2)-math.Pow(v.Y/2, 2)) + math.Exp(-math.Pow(v.X-2, 2)-math.Pow(v.Y-2, 2)))
		if e := TwoWells(1, y); math.Abs(e-want) > 1e-12 {
			t.Fatalf("E%v = %v, want %v", v, e, want)
		}
		if e := TwoWells(2, y); e < 0 || math.Abs(e*3.6*3.6-want/4-wellMax) > 1e-4 {
			t.Fatalf("E%v of an autoencoder is %v", v, e)
		}
		if e := TwoWells(2, y); e < least {
			least, bottom = e, y
		}
	}
	if least > 1e-5 || r2.Norm(r2.Sub(bottom, wellBottom)) > .01 {
		t.Errorf("the least energy is %v at %v, want 0 at %v", least, bottom, wellBottom)
	}
}

func TestFitTwoWellsIsDeterministic(t *testing.T) {
	spec := net.Spec{In: 2, Harmonics: 4, Hidden: []int{32, 32}, Out: 1, Act: net.SiLU}
	a, b, c := fitted[float32](spec, 1), fitted[float32](spec, 1), fitted[float32](spec, 2)
	if !slices.Equal(a.Params, b.Params) {
		t.Error("two fits from one seed differ")
	}
	if slices.Equal(a.Params, c.Params) {
		t.Error("the weights do not depend on the seed")
	}
	if slices.ContainsFunc(a.Gradient, func(g float32) bool { return g != 0 }) {
		t.Error("the fit leaves a gradient")
	}
}
