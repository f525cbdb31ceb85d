package main

import (
	"fmt"
	"strings"
)

// gridTable has millions of points a second.
func gridTable(r *results, sets []string) *table {
	t := &table{head: []string{"network"}}
	for _, set := range sets {
		t.head = append(t.head, "ours "+set, "of the peak", "PyTorch "+set, "ours / PyTorch")
	}
	t.head = append(t.head, "onnxruntime", "TensorFlow.js")
	for _, name := range r.under("grid", "Grid/") {
		cells := []string{strings.NewReplacer("Grid/", "", "/", " ", "act=", "").Replace(name)}
		for _, set := range sets {
			us, them := ours("grid", name, set), torch("grid", name, set)
			cells = append(cells, r.cell(us, "Mpoints/s", 1), r.cell(us, "%peak", 1), r.cell(them, "Mpoints/s", 1), r.compared(them, us))
		}
		for _, who := range []string{"onnxruntime", "TensorFlow.js"} {
			cells = append(cells, r.cell(other("grid", name, who), "Mpoints/s", 1))
		}
		t.add(cells...)
	}
	return t
}

// cd20Table has steps a second.
func cd20Table(r *results, sets []string) *table {
	t := &table{head: []string{"network, batch"}}
	for _, set := range sets {
		t.head = append(t.head, "ours "+set, "two cores", "PyTorch "+set+" by hand", "autograd", "ours / by hand")
	}
	for _, name := range r.under("cd20", "CD20/") {
		cells := []string{strings.NewReplacer("CD20/", "", "/", " ").Replace(name)}
		for _, set := range sets {
			us, them := ours("cd20", name, set), torch("cd20", name, set)
			two := us
			two.cores = 2
			cells = append(cells, r.rates(us), r.rates(two), r.rates(them), r.rateBy(them, "autograd"), r.compared(them, us))
		}
		t.add(cells...)
	}
	return t
}

// rateBy shows how often a second a work was done in one way.
func (r *results) rateBy(w work, way string) string {
	for _, t := range r.of[w] {
		if t.way == way {
			return number(1 / t.seconds())
		}
	}
	return "–"
}

// kmeansTable has milliseconds for 65,536 points.
func kmeansTable(r *results, sets []string) *table {
	t := &table{head: []string{"energy", "scikit-learn"}}
	for _, set := range sets {
		t.head = append(t.head, "ours "+set, "scikit-learn / ours")
	}
	for _, name := range r.under("kmeans", "Landscape/") {
		them := other("kmeans", name, "scikit-learn")
		cells := []string{"`" + strings.Split(name, "/")[1] + "`", r.cell(them, "sec/op", 1e3)}
		for _, set := range sets {
			us := ours("kmeans", name, set)
			cells = append(cells, r.cell(us, "sec/op", 1e3), r.compared(them, us))
		}
		t.add(cells...)
	}
	return t
}

// trainTable has the seconds of a training, and the AUC it reaches.
func trainTable(r *results, sets []string) *table {
	t := &table{head: []string{"method"}}
	for _, set := range sets {
		t.head = append(t.head, "ours "+set, "AUC", "PyTorch "+set, "AUC", "PyTorch / ours")
	}
	for _, name := range r.under("train", "Train/") {
		cells := []string{"`" + strings.TrimPrefix(name, "Train/") + "`"}
		for _, set := range sets {
			us, them := ours("train", name, set), torch("train", name, set)
			for _, w := range []work{us, them} {
				cells = append(cells, r.cell(w, "sec/op", 1), r.cell(w, "auc", 1))
			}
			cells = append(cells, r.compared(them, us))
		}
		t.add(cells...)
	}
	return t
}

// methodTable has milliseconds on one core and on two, for every method.
func methodTable(r *results, sets []string) *table {
	t := &table{head: []string{"method"}}
	for _, set := range sets {
		t.head = append(t.head, "128² "+set, "256² "+set, "step "+set)
	}
	for _, id := range methods(r) {
		cells := []string{"`" + id + "`"}
		for _, set := range sets {
			cells = append(cells, r.onCores("methods", "Landscape/"+id+"/128", set), r.onCores("methods", "Landscape/"+id+"/256", set), r.onCores("methods", "Step/"+id, set))
		}
		t.add(cells...)
	}
	return t
}

// onCores shows milliseconds on one core and on two.
func (r *results) onCores(experiment, name, set string) string {
	one, two := ours(experiment, name, set), ours(experiment, name, set)
	two.cores = 2
	text := r.cell(one, "sec/op", 1e3) + ", " + r.cell(two, "sec/op", 1e3)
	if t, ok := r.best(two); ok && strings.HasSuffix(name, "/256") && t.seconds()*1e3 > budget {
		text = "**" + text + "**"
	}
	return text
}

// reasons says of methods whose landscape takes longer than the budget why that is so.
var reasons = map[string]string{}

// slow lists the methods whose landscape takes longer than the budget on two cores.
func slow(r *results, sets []string) []string {
	var list []string
	for _, id := range methods(r) {
		for _, set := range sets {
			t, ok := r.best(work{"methods", "Landscape/" + id + "/256", "ebmviz", set, 2})
			if ms := t.seconds; ok && ms()*1e3 > budget {
				why := reasons[id]
				if why == "" {
					why = "why is still open"
				}
				list = append(list, fmt.Sprintf("`%s` takes %s ms with %s: %s.", id, number(ms()*1e3), set, why))
			}
		}
	}
	return list
}

// frameTable has milliseconds from the grid to the bytes.
func frameTable(r *results, sets []string) *table {
	t := &table{head: []string{"frame"}}
	for _, set := range sets {
		t.head = append(t.head, set)
	}
	for _, name := range r.under("frames", "Frame/") {
		parts := strings.Split(name, "/")
		what := "`" + parts[1] + "`"
		if parts[1] == "encode" {
			what = "encoding alone"
		}
		cells := []string{what + ", " + parts[2] + "²"}
		for _, set := range sets {
			cells = append(cells, r.onCores("frames", name, set))
		}
		t.add(cells...)
	}
	return t
}

// growth has the milliseconds of a grid, and how the time grows from row to row: 1 is in
// proportion to the ideal.
func growth(r *results, sets []string, s series) *table {
	t := &table{head: []string{s.label}}
	for _, set := range sets {
		t.head = append(t.head, set, "growth / ideal")
	}
	for i, size := range s.sizes {
		cells := []string{fmt.Sprintf("%.0f", s.x(size))}
		for _, set := range sets {
			x, y := s.curve(r, set)
			if len(x) < len(s.sizes) {
				return &table{}
			}
			grown := ""
			if i > 0 {
				grown = number((y[i] / y[i-1]) / s.ideal(x[i]/x[i-1]))
			}
			cells = append(cells, number(1e3*y[i]), grown)
		}
		t.add(cells...)
	}
	return t
}
