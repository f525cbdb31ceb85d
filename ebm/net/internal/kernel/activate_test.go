package kernel

import (
	"math"
	"testing"

	"ebmviz/ebm/net/internal/kernel/poly"
)

var activationNames = [...]string{"silu", "tanh", "softplus", "relu"}

// TestActivate compares values and slopes with package math, everywhere from where the
// exponential vanishes to where it would overflow.
func TestActivate(t *testing.T) {
	z := make([]float32, 0, 1<<14)
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
					// e^-87 = 1.6e-38 is the smallest that the approximations do not round to 0.
					value = max(value, math.Abs(float64(a[i])-v)/(math.Abs(v)+1e-29))
					slope = max(slope, math.Abs(float64(d[i])-w))
				}
				if t.Logf("relative error %.2g, error of the slope %.2g", value, slope); !(value <= 5e-6 && slope <= 1e-6) {
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

// TestExp compares exponentials with package math.
func TestExp(t *testing.T) {
	z := make([]float32, 4096)
	for i := range z {
		z[i] = float32(i-2048) * (86.9 / 2048)
	}
	copy(z, []float32{0, 1e-8, -1e-8, float32(math.NaN()), 1000, -1000, float32(math.Inf(-1))})
	everySet(t, func(t *testing.T, s *Set[float32]) {
		a := guarded(z)
		s.Exp(a, a)
		intact(t, a)
		for i, x := range z {
			want := math.Exp(min(max(float64(x), -poly.MaxExp), poly.MaxExp))
			if !(math.Abs(float64(a[i])-want) <= 1e-6*want) && !(math.IsNaN(want) && math.IsNaN(float64(a[i]))) {
				t.Fatalf("e^%v is %v, want %v", x, a[i], want)
			}
		}
	})
}

// TestExact compares the functions of float64 with values computed with forty digits.
func TestExact(t *testing.T) {
	for _, c := range []struct {
		f           Activation
		z, a, slope float64
	}{
		{SiLU, 0, 0, .5},
		{SiLU, 1.5, 1.2263617142904655, 1.0412941542991429},
		{SiLU, -1.5, -.27363828570953451, -.041294154299142944},
		{SiLU, 1000, 1000, 1},
		{SiLU, -1000, 0, 0},
		{Tanh, .5, .46211715726000976, .78644773296592741},
		{Tanh, -30, -1, 0},
		{Softplus, 0, math.Ln2, .5},
		{Softplus, 2, 2.1269280110429725, .88079707797788243},
		{Softplus, -40, 4.248354255291589e-18, 4.248354255291589e-18},
		{Softplus, 1000, 1000, 1},
		{Softplus, -1000, 0, 0},
		{ReLU, 2, 2, 1},
		{ReLU, -2, 0, 0},
		{ReLU, 0, 0, 0},
	} {
		a, d, z := make([]float64, Block), make([]float64, Block), make([]float64, Block)
		z[9] = c.z
		Exact.Activate(c.f, a, d, z)
		if math.Abs(a[9]-c.a) > 1e-15*math.Abs(c.a) || math.Abs(d[9]-c.slope) > 1e-15*math.Abs(c.slope) {
			t.Errorf("%s of %v is %.17g, slope %.17g; want %.17g and %.17g", activationNames[c.f], c.z, a[9], d[9], c.a, c.slope)
		}
	}
}

// TestActivateNaN checks that the NaN of a network that has diverged is not hidden.
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

// FuzzActivate compares every set with the one in Go, on whatever bits a float32 can hold.
func FuzzActivate(f *testing.F) {
	for _, z := range []float64{0, 1, -1, 87.5, -87.5, 1e-40, 1e20, math.Inf(-1), math.NaN()} {
		f.Add(math.Float32bits(float32(z)), uint8(3))
	}
	f.Fuzz(func(t *testing.T, bits uint32, lane uint8) {
		at := int(lane) % Block
		z, a, d := make([]float32, Block), make([]float32, Block), make([]float32, Block)
		z[at] = math.Float32frombits(bits)
		if math.Abs(float64(z[at])) > 1e30 {
			return // past all meaning, and a little later past float32
		}
		for f, name := range activationNames {
			Go.Activate(Activation(f), a, d, z)
			value, slope := a[at], d[at]
			for _, s := range Sets {
				s.Activate(Activation(f), a, d, z)
				// Where tanh is all but 1, its slope is the rounding of 1 - tanh².
				near := agree(d[at], slope, 1e-5) || Activation(f) == Tanh && math.Abs(float64(d[at]-slope)) <= 1e-6
				if !agree(a[at], value, 5e-6) || !near {
					t.Errorf("%s of %v is %v, slope %v; %s says %v and %v", name, z[at], value, slope, s.Name, a[at], d[at])
				}
			}
		}
	})
}

// agree reports whether two numbers are near each other in relation to their size, or
// both NaN.
func agree(a, b float32, tol float64) bool {
	x, y := float64(a), float64(b)
	return x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= tol*max(math.Abs(x), math.Abs(y), 1e-30)
}
