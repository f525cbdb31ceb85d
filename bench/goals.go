package main

import (
	"fmt"
	"slices"
)

// ours is our part of an experiment, on one core.
func ours(experiment, name, set string) work { return work{experiment, name, "ebmviz", set, 1} }

// torch is PyTorch with the same instructions.
func torch(experiment, name, set string) work { return work{experiment, name, "PyTorch", set, 1} }

// other is a library that chooses its instructions itself.
func other(experiment, name, who string) work { return work{experiment, name, who, "", 1} }

// goal is something that has to be shown, and what was measured.
type goal struct {
	what  string
	set   string // of kernels
	want  float64
	most  bool // want is the most there may be, rather than the least
	unit  string
	got   ratio
	known bool
}

// verdict says in a word whether the goal was met.
func (g goal) verdict() string {
	switch {
	case !g.known:
		return "not measured"
	case g.most && g.got.median > g.want, !g.most && g.got.median < g.want:
		return "**not met**"
	}
	return "met"
}

// cells are the goal's row in its table.
func (g goal) cells() []string {
	bound := "≥ "
	if g.most {
		bound = "≤ "
	}
	got := "–"
	if g.known {
		got = number(g.got.median) + g.unit
	}
	if g.known && g.got.least < g.got.most {
		got += fmt.Sprintf(" (%s to %s)", number(g.got.least), number(g.got.most))
	}
	return []string{g.what, g.set, fmt.Sprint(bound, g.want, g.unit), got, g.verdict()}
}

// The units of goals.
const times, percent, milliseconds = "×", " %", " ms"

// bar is a least value with one set of kernels.
type bar struct {
	set  string
	want float64
}

// both is the same bar for both sets.
func both(want float64) []bar { return []bar{{"avx2", want}, {"avx512", want}} }

// goals is what the benchmarks have to show.
func goals(r *results, sets []string) []goal {
	var list []goal
	faster := func(what string, slow func(set string) work, fast func(set string) work, bars ...bar) {
		for _, b := range bars {
			got, known := r.over(slow(b.set), fast(b.set))
			list = append(list, goal{what: what, set: b.set, want: b.want, unit: times, got: got, known: known})
		}
	}
	const tanh64 = "Grid/H=64/act=tanh"
	for _, b := range both(60) {
		got, known := r.peak(ours("grid", tanh64, b.set))
		list = append(list, goal{what: "grid, H=64 tanh: of the FMA peak", set: b.set, want: b.want, unit: percent, got: got, known: known})
	}
	grid := func(name string) func(set string) work {
		return func(set string) work { return ours("grid", name, set) }
	}
	faster("grid, H=64 tanh: speed over PyTorch", func(set string) work { return torch("grid", tanh64, set) }, grid(tanh64), bar{"avx2", 3})
	faster("grid, H=64 tanh: over onnxruntime", func(string) work { return other("grid", tanh64, "onnxruntime") }, grid(tanh64), bar{"avx512", 1.5})
	faster("grid, H=64 tanh: over TensorFlow.js", func(string) work { return other("grid", tanh64, "TensorFlow.js") }, grid(tanh64), both(15)...)
	for _, h := range []int{32, 64, 128} {
		name := fmt.Sprintf("Grid/H=%d/act=silu", h)
		faster(fmt.Sprintf("grid, H=%d SiLU: over PyTorch", h), func(set string) work { return torch("grid", name, set) }, grid(name), both(1)...)
	}
	for _, b := range []int{128, 512, 1024} {
		name := fmt.Sprintf("CD20/H=64/B=%d", b)
		one := func(set string) work { return ours("cd20", name, set) }
		faster(fmt.Sprintf("CD20, H=64 B=%d: over PyTorch by hand", b), func(set string) work { return torch("cd20", name, set) }, one, bar{"avx2", 2.5}, bar{"avx512", 4.5})
		two := func(set string) work { return work{"cd20", name, "ebmviz", set, 2} }
		faster(fmt.Sprintf("CD20, H=64 B=%d: two cores over one", b), one, two, both(1.8)...)
	}
	for _, m := range []struct{ id, what string }{{"kmeans", "predict"}, {"softkmeans", "transform and logsumexp"}} {
		name := "Landscape/" + m.id + "/256"
		faster(m.id+" energy, k=32: over scikit-learn's "+m.what, func(string) work { return other("kmeans", name, "scikit-learn") },
			func(set string) work { return ours("kmeans", name, set) }, both(10)...)
	}
	for _, id := range []string{"maxlik", "cd", "pcd", "dae", "nce"} {
		name := "Train/" + id
		faster("training of "+id+": over PyTorch", func(set string) work { return torch("train", name, set) },
			func(set string) work { return ours("train", name, set) }, both(3)...)
	}
	for _, set := range sets {
		list = append(list, cliffs(r, set)...)
		list = append(list, slowest(r, set))
	}
	return list
}

// peak is the share of the processor's peak that our benchmark reports.
func (r *results) peak(w work) (ratio, bool) {
	t, ok := r.best(w)
	if !ok || len(t.values("%peak")) == 0 {
		return ratio{}, false
	}
	return spread(t.values("%peak")), true
}

// cliff is how much more than in proportion the time may grow from one size to the next.
const cliff = 1.25

// cliffs are the goals of how time grows: in proportion to the points, and at most to H²
// (for small H the activations, of which there are as many as units, take most of it).
func cliffs(r *results, set string) []goal {
	var list []goal
	for _, s := range []series{byPoints, byWidth} {
		g := goal{what: s.goal, set: set, want: cliff, most: true, unit: times}
		x, y := s.curve(r, set)
		for i := 1; i < len(x); i++ {
			grown := (y[i] / y[i-1]) / s.ideal(x[i]/x[i-1])
			g.known, g.got.median = true, max(g.got.median, grown)
		}
		g.got.least, g.got.most = g.got.median, g.got.median
		list = append(list, g)
	}
	return list
}

// budget is how long a landscape may take on two cores, in milliseconds: a frame of 60 a second.
const budget = 16

// slowest is the goal for the method whose landscape takes longest.
func slowest(r *results, set string) goal {
	g := goal{what: "every method's landscape at 256², two cores", set: set, want: budget, most: true, unit: milliseconds}
	for _, id := range methods(r) {
		if t, ok := r.best(work{"methods", "Landscape/" + id + "/256", "ebmviz", set, 2}); ok {
			if ms := t.seconds() * 1e3; ms > g.got.median {
				g.got = ratio{ms, ms, ms}
				g.known = true
			}
		}
	}
	return g
}

// methods returns the names of all methods that were measured.
func methods(r *results) []string {
	var list []string
	for _, name := range r.under("methods", "Step/") {
		list = append(list, name[len("Step/"):])
	}
	slices.Sort(list)
	return list
}
