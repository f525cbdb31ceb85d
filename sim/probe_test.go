package sim

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
)

// TestProbeOfAWell compares with the closed forms for F = scale ‖y - w‖².
func TestProbeOfAWell(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"scale": 20.0}}, ebm.Serial)
	w, y := toyOf(r).W[0], r2.Vec{X: 0.9, Y: -0.7}
	p := r.Probe(y, ProbeOptions{})
	near := func(what string, got, want, tol float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tol) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("F", p.Energy, 20*r2.Norm2(r2.Sub(y, w)), 1e-12)
	near("∂F/∂y1", p.Gradient.X, 40*(y.X-w.X), 1e-6)
	near("∂F/∂y2", p.Gradient.Y, 40*(y.Y-w.Y), 1e-6)

	end := p.Path[len(p.Path)-1]
	near("the end of the path", r2.Norm(r2.Sub(end, w)), 0, 1e-3)
	if len(p.Path) > 501 || p.Path[0] != y {
		t.Errorf("the path has %d points and begins at %v", len(p.Path), p.Path[0])
	}
	for i := 1; i < len(p.Path); i++ {
		if toyOf(r).Well(p.Path[i]) >= toyOf(r).Well(p.Path[i-1]) {
			t.Fatalf("the path goes uphill at point %d", i)
		}
	}

	// Along y1 = 0.9 the density is Gaussian with variance 1/40 around w2.
	s := p.Slice
	if len(s.Other) != 201 || s.Other[0] != -ebm.L || s.Other[200] != ebm.L || s.Value != 0.9 || len(s.Minima) != 1 {
		t.Fatalf("%d points from %v to %v at %v with minima %v", len(s.Other), s.Other[0], s.Other[200], s.Value, s.Minima)
	}
	near("the minimum", s.Minima[0], w.Y, 1e-9) // a parabola through three points of a parabola
	near("the mean", s.Mean, w.Y, 1e-6)
	for i, y2 := range s.Other {
		near("the density", s.Density[i], math.Exp(-20*(y2-w.Y)*(y2-w.Y))*math.Sqrt(20/math.Pi), 1e-6)
	}
	if p.Reconstruct != nil || p.Latents != nil || p.Best != -1 || !math.IsNaN(p.FreeEnergy) {
		t.Error("a well has no latents and no reconstruction")
	}
	if y2, ok := infer.Regression(r.Points(), y.X); !ok || p.Regression == nil || *p.Regression != y2 {
		t.Errorf("the regression is %v, want %v", p.Regression, y2)
	}
}

func TestProbeOfPrototypes(t *testing.T) {
	r := mustRun(t, Config{Model: "kmeans", Knobs: map[string]any{"k": 6}}, ebm.Serial)
	mustStep(t, r, 30)
	p := r.Probe(r2.Vec{X: 0.3, Y: 0.1}, ProbeOptions{})
	if len(p.Latents) != 6 || p.Best < 0 {
		t.Fatalf("%d latents, best %v", len(p.Latents), p.Best)
	}
	best := p.Latents[p.Best]
	if math.Abs(best.E-p.Energy) > 1e-6 /* F is computed in float32 */ || best.Y != *p.Reconstruct || best.Y != p.Path[len(p.Path)-1] {
		t.Errorf("the best is %+v; F %v, reconstruction %v, the path ends at %v", best, p.Energy, *p.Reconstruct, p.Path[len(p.Path)-1])
	}
}

// TestProbeOptions descends the gradient of a model that has a reconstruction, at a greater β.
func TestProbeOptions(t *testing.T) {
	r := mustRun(t, Config{Model: "kmeans", Knobs: map[string]any{"k": 6}}, ebm.Serial)
	mustStep(t, r, 30)
	y := r2.Vec{X: 0.3, Y: 0.1}
	plain := r.Probe(y, ProbeOptions{})
	one, large := r.Probe(y, ProbeOptions{Beta: 1, Path: infer.Reconstruction}), r.Probe(y, ProbeOptions{Beta: 1e4, Path: infer.Descent})
	if !reflect.DeepEqual(plain, one) {
		t.Error("the default is not β = 1 and the reconstruction")
	}
	if len(plain.Path) != 2 || len(large.Path) < 3 {
		t.Errorf("the reconstruction has %d steps, the descent %d", len(plain.Path)-1, len(large.Path)-1)
	}
	if off := r2.Norm(r2.Sub(plain.Path[1], large.Path[len(large.Path)-1])); off > 1e-5 {
		t.Errorf("they end %v apart", off)
	}
	lowest := slices.Index(plain.Slice.F, slices.Min(plain.Slice.F))
	if got := large.Slice.Mean; math.Abs(got-plain.Slice.Other[lowest]) > 0.0075 {
		t.Errorf("at β = 1e4 the mean is %v, the lowest point %v", got, plain.Slice.Other[lowest])
	}
	if plain.Across.Value != y.Y || len(plain.Across.Other) != len(plain.Across.F) {
		t.Errorf("given y2 = %v the slice is at %v", y.Y, plain.Across.Value)
	}
	for i, v := range plain.Across.Other[:3] {
		if f := r.Probe(r2.Vec{X: v, Y: y.Y}, ProbeOptions{}).Energy; f != plain.Across.F[i] {
			t.Errorf("across at y1 = %v the energy is %v, the probe says %v", v, plain.Across.F[i], f)
		}
	}
	least, sum := math.Inf(1), 0.
	for _, z := range plain.Latents {
		least, sum = min(least, z.E), sum+z.E
	}
	mean := sum / float64(len(plain.Latents))
	if !(least <= large.FreeEnergy && large.FreeEnergy < one.FreeEnergy && one.FreeEnergy < mean) {
		t.Errorf("the free energies %v and, at β = 1e4, %v must lie between %v and %v", one.FreeEnergy, large.FreeEnergy, least, mean)
	}
}

// TestProbeChangesNothing probes between steps.
func TestProbeChangesNothing(t *testing.T) {
	a, b := mustRun(t, Config{Model: "dae"}, ebm.Serial), mustRun(t, Config{Model: "dae"}, ebm.Serial)
	for range 5 {
		a.Probe(r2.Vec{X: 0.5}, ProbeOptions{})
		mustStep(t, a, 1)
		mustStep(t, b, 1)
	}
	if digest(t, a) != digest(t, b) {
		t.Error("a probe changed the run")
	}
}
