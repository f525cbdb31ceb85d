package net_test

import (
	"fmt"
	"math/rand/v2"

	"ebmviz/ebm"
	"ebmviz/ebm/net"
	"gonum.org/v1/gonum/spatial/r2"
)

// One point is pushed down and another up, a hundred times.
func Example() {
	spec := net.Spec{In: 2, Harmonics: 4, Hidden: []int{32, 32}, Out: 1, Act: net.SiLU}
	m, runner, o := net.New[float32](spec), net.NewRunner[float32](spec), net.NewOptim[float32](spec.Params())
	m.Init(rand.New(rand.NewPCG(1, 2)))

	data, away := []r2.Vec{{X: .5, Y: .5}}, []r2.Vec{{X: -1, Y: 0}}
	down := func(_ int, e float64) float64 { return 1 + .1*e } // the term with e keeps energies bounded
	up := func(_ int, e float64) float64 { return -1 + .1*e }
	grad := make([]float32, spec.Params())
	for t := range 100 {
		clear(grad)
		runner.Accumulate(ebm.Serial, m, grad, data, down)
		runner.Accumulate(ebm.Serial, m, grad, away, up)
		o.Step(net.Adam, m.Params(), grad, net.Rate(1e-2, t), 10)
	}

	e := make([]float64, 2)
	m.Energy(e, append(data, away...))
	fmt.Printf("%.0f at the data, %.0f away from it\n", e[0], e[1])
	// Output: -10 at the data, 10 away from it
}
