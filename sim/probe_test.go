package sim

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/infer"
)

// TestProbeOfAWell compares with what is known of F = scale ‖y - w‖².
func TestProbeOfAWell(t *testing.T) {
	r := mustRun(t, Config{Model: "toy", Knobs: map[string]any{"scale": 20.0}}, ebm.Serial)
	w, y := r.state.model.(*toy.Model).W[0], r2.Vec{X: 0.9, Y: -0.7}
	p := r.Probe(y)
	near := func(what string, got, want, tol float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tol) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("F", p.F, 20*r2.Norm2(r2.Sub(y, w)), 1e-12)
	near("dF1", p.Grad[0], 40*(y.X-w.X), 1e-6)
	near("dF2", p.Grad[1], 40*(y.Y-w.Y), 1e-6)

	end := p.Path[len(p.Path)-1]
	near("the end of the path", math.Hypot(end[0]-w.X, end[1]-w.Y), 0, 1e-3)
	if len(p.Path) > 501 || p.Path[0] != [2]float64{y.X, y.Y} {
		t.Errorf("the path has %d points and begins at %v", len(p.Path), p.Path[0])
	}
	for i := 1; i < len(p.Path); i++ {
		if r.state.model.(*toy.Model).Well(r2.Vec{X: p.Path[i][0], Y: p.Path[i][1]}) >= r.state.model.(*toy.Model).Well(r2.Vec{X: p.Path[i-1][0], Y: p.Path[i-1][1]}) {
			t.Fatalf("the path goes uphill at point %d", i)
		}
	}

	// Along y1 = 0.9 the density is Gaussian with variance 1/40 around w2.
	s := p.Slice
	if len(s.Y2) != 201 || s.Y2[0] != -ebm.L || s.Y2[200] != ebm.L || s.Y1 != 0.9 || len(s.Minima) != 1 {
		t.Fatalf("%d points from %v to %v at %v with minima %v", len(s.Y2), s.Y2[0], s.Y2[200], s.Y1, s.Minima)
	}
	near("the minimum", s.Minima[0], w.Y, 1e-9) // a parabola through three points of a parabola
	near("the mean", *s.Mean, w.Y, 1e-6)
	for i, y2 := range s.Y2 {
		near("the density", s.Density[i], math.Exp(-20*(y2-w.Y)*(y2-w.Y))*math.Sqrt(20/math.Pi), 1e-6)
	}
	if p.Reconstruct != nil || p.Latents != nil || p.Best != nil {
		t.Error("a well has no latents and reconstructs nothing")
	}
}

func TestProbeOfPrototypes(t *testing.T) {
	r := mustRun(t, Config{Model: "kmeans", Knobs: map[string]any{"k": 6}}, ebm.Serial)
	mustStep(t, r, 30)
	p := r.Probe(r2.Vec{X: 0.3, Y: 0.1})
	if len(p.Latents) != 6 || p.Best == nil {
		t.Fatalf("%d latents, best %v", len(p.Latents), p.Best)
	}
	best := p.Latents[*p.Best]
	if math.Abs(best.E-p.F) > 1e-6 /* F is drawn in float32 */ || best.Y != *p.Reconstruct || best.Y != p.Path[len(p.Path)-1] {
		t.Errorf("the best is %+v; F %v, reconstruction %v, the path ends at %v", best, p.F, *p.Reconstruct, p.Path[len(p.Path)-1])
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"y", "F", "grad", "reconstruct", "latents", "best", "path", "slice"} {
		if _, ok := keys[k]; !ok {
			t.Errorf("%s is missing in %.80s…", k, text)
		}
	}
}

// TestAsk goes down the slope of a model that has a way of its own, and asks colder.
func TestAsk(t *testing.T) {
	r := mustRun(t, Config{Model: "kmeans", Knobs: map[string]any{"k": 6}}, ebm.Serial)
	mustStep(t, r, 30)
	y := r2.Vec{X: 0.3, Y: 0.1}
	plain, hot, cold := r.Probe(y), r.Ask(y, Asking{Beta: 1, Way: infer.Reconstruction}), r.Ask(y, Asking{Beta: 1e4, Way: infer.Descent})
	if !reflect.DeepEqual(plain, hot) {
		t.Error("Probe does not ask at β = 1 for the reconstruction")
	}
	if len(plain.Path) != 2 || len(cold.Path) < 3 {
		t.Errorf("the reconstruction takes %d moves, the descent %d", len(plain.Path)-1, len(cold.Path)-1)
	}
	from, to := plain.Path[1], cold.Path[len(cold.Path)-1]
	if off := math.Hypot(from[0]-to[0], from[1]-to[1]); off > 1e-5 {
		t.Errorf("they end %v apart", off)
	}
	lowest := slices.Index(plain.Slice.F, slices.Min(plain.Slice.F))
	if got := *cold.Slice.Mean; math.Abs(got-plain.Slice.Y2[lowest]) > 0.0075 {
		t.Errorf("in the cold the mean is %v, the lowest point %v", got, plain.Slice.Y2[lowest])
	}
	if plain.Across.Y2 != y.Y || len(plain.Across.Y1) != len(plain.Across.F) {
		t.Errorf("given y2 = %v the slice is at %v", y.Y, plain.Across.Y2)
	}
	for i, v := range plain.Across.Y1[:3] {
		if f := r.Probe(r2.Vec{X: v, Y: y.Y}).F; f != plain.Across.F[i] {
			t.Errorf("across at y1 = %v the energy is %v, the probe says %v", v, plain.Across.F[i], f)
		}
	}
	least, sum := math.Inf(1), 0.
	for _, z := range plain.Latents {
		least, sum = min(least, z.E), sum+z.E
	}
	mean := sum / float64(len(plain.Latents))
	if !(least <= *cold.Free && *cold.Free < *hot.Free && *hot.Free < mean) {
		t.Errorf("free energies %v and, in the cold, %v should lie between %v and %v", *hot.Free, *cold.Free, least, mean)
	}
}

// TestProbeIsAlwaysJSON probes where energies overflow, and all of a trained net.
func TestProbeIsAlwaysJSON(t *testing.T) {
	r := mustRun(t, Config{Model: "toy"}, ebm.Serial)
	r.state.model.(*toy.Model).Scale = math.MaxFloat64
	text, err := json.Marshal(r.Probe(r2.Vec{X: 1e3}))
	if err != nil || strings.Contains(string(text), "slice") {
		t.Errorf("%v, %s", err, text)
	}
	for _, model := range []string{"cd", "dae", "softkmeans"} {
		r := mustRun(t, Config{Model: model}, ebm.Serial)
		mustStep(t, r, 10)
		for _, y := range []r2.Vec{{}, {X: 1.5, Y: -1.5}, {X: 100, Y: 100}} {
			if _, err := json.Marshal(r.Probe(y)); err != nil {
				t.Errorf("%s at %v: %v", model, y, err)
			}
		}
	}
}

func TestCatalog(t *testing.T) {
	text, err := json.Marshal(Catalog())
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Models   []map[string]any
		Datasets []map[string]any
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Models) != len(ebm.Cards()) {
		t.Errorf("%d models of %d", len(c.Models), len(ebm.Cards()))
	}
	for _, m := range c.Models {
		for _, k := range []string{"id", "title", "family", "strategy", "summary", "formulas", "data", "steps", "knobs", "scalars", "nats"} {
			if _, ok := m[k]; !ok {
				t.Errorf("%v lacks %s", m["id"], k)
			}
		}
		scalars := m["scalars"].([]any)
		if scalars[0] != "loss" || !slices.Contains(scalars, any("auc")) {
			t.Errorf("the scalars of %v are %v", m["id"], scalars)
		}
		if m["id"] == "toy" {
			k := m["knobs"].([]any)[0].(map[string]any)
			if k["name"] != "rate" || k["kind"] != "float" || k["scale"] != "log" || k["default"] != 0.05 || k["restart"] != false {
				t.Errorf("the first knob of toy is %v", k)
			}
		}
	}
	for _, d := range c.Datasets {
		if own := d["id"] == "custom"; own != (d["own"] == true) {
			t.Errorf("%v: own points are %v", d["id"], d["own"])
		}
		if len(d["knobs"].([]any)) < 2 || d["axes"].(map[string]any)["scale"] == nil {
			t.Errorf("%v", d)
		}
	}
}
