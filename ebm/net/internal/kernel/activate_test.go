package kernel

import (
	"math"
	"testing"
)

var activationNames = [...]string{"silu", "tanh", "softplus", "relu"}

// TestActivate compares values and slopes with package math, everywhere from where the
// exponential vanishes to where it would overflow.
func TestActivate(t *testing.T) {
	z := make([]float32, 0, 1<<16)
	for i := range cap(z) / 2 {
		x := math.Exp(-20 + 25*float64(i)/float64(cap(z)/2)) // 2e-9 … 148
		z = append(z, float32(x), float32(-x))
	}
	copy(z, []float32{0, 1, -1, 87, -87, 88, -88, 1000, -1000, float32(math.Copysign(0, -1))})
	exact := [...]func(float64) (float64, float64){silu64, tanh64, softplus64, relu64}
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for f, name := range activationNames {
			t.Run(name, func(t *testing.T) {
				a, d := guarded(z), guarded(z)
				s.Activate(Activation(f), a, d, z)
				intact(t, a)
				intact(t, d)
				value, slope := 0.0, 0.0
				for i, x := range z {
					v, w := exact[f](float64(x))
					// e^-87 = 1.6e-38 is the smallest that the approximations tell from 0.
					value = max(value, math.Abs(float64(a[i])-v)/(math.Abs(v)+1e-29))
					slope = max(slope, math.Abs(float64(d[i])-w))
				}
				if t.Logf("relative error %.2g, error of the slope %.2g", value, slope); value > 5e-6 || slope > 1e-6 {
					t.Errorf("off by %.2g relative, slope by %.2g; at most 5e-6 and 1e-6 are allowed", value, slope)
				}
				only := guarded(z)
				s.Activate(Activation(f), only, nil, only)
				intact(t, only)
				for i := range only {
					if only[i] != a[i] {
						t.Fatalf("without the slope, and in place, f(%v) = %v; with it %v", z[i], only[i], a[i])
					}
				}
			})
		}
	})
}

// TestActivateNaN makes sure that a net that has blown up shows it.
func TestActivateNaN(t *testing.T) {
	everySet(t, func(t *testing.T, s *Set[float32]) {
		for f, name := range activationNames {
			z, d := make([]float32, Block), make([]float32, Block)
			z[5], z[6], z[7] = float32(math.NaN()), float32(math.Inf(1)), -float32(math.NaN())
			a := make([]float32, Block)
			s.Activate(Activation(f), a, d, z)
			if !math.IsNaN(float64(a[5])) || !math.IsNaN(float64(a[7])) {
				t.Errorf("%s of NaN is %v", name, a[5])
			}
			if Activation(f) != Tanh && !math.IsInf(float64(a[6]), 1) && !math.IsNaN(float64(a[6])) {
				t.Errorf("%s of Inf is %v", name, a[6])
			}
		}
	})
}
