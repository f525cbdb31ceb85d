package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

//go:embed BENCHMARKS.md.tmpl
var page string

// table is a table of Markdown: the first column on the left, numbers on the right.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) String() string {
	if len(t.rows) == 0 {
		return "Not measured."
	}
	lines := []string{row(t.head), "|---" + strings.Repeat("|--:", len(t.head)-1) + "|"}
	for _, cells := range t.rows {
		lines = append(lines, row(cells))
	}
	return strings.Join(lines, "\n")
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// report is what the page shows.
type report struct {
	About    map[string]string
	Versions string
	Sets     string
	Measured []occasion
	LeftOut  []string
	Goals    *table
	Grid     *table
	CD20     *table
	KMeans   *table
	Train    *table
	Methods  *table
	Slow     []string
	Frames   *table
	Points   *table
	Width    *table
}

// names of what the libraries are called in their own lines.
var called = map[string]string{
	"go": "Go", "torch": "PyTorch", "onnxruntime-node": "onnxruntime-node", "tfjs": "TensorFlow.js",
	"scikit-learn": "scikit-learn", "scipy": "SciPy",
}

// write writes BENCHMARKS.md and its plots.
func write(root string, sets []string, r *results) error {
	text, err := render(sets, r)
	if err != nil {
		return err
	}
	for _, s := range []series{byPoints, byWidth} {
		if err := s.draw(r, sets, filepath.Join(root, "bench", "plots")); err != nil {
			return err
		}
	}
	name := filepath.Join(root, "BENCHMARKS.md")
	old, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(name, append(text, loadSection(old)...), 0o644)
}

// loadSection returns what `make load` has written at the end of a page.
func loadSection(page []byte) []byte {
	i := bytes.Index(page, []byte("\n## Many viewers\n"))
	if i < 0 {
		return nil
	}
	return page[i:]
}

func render(sets []string, r *results) ([]byte, error) {
	t, err := template.New("page").Parse(page)
	if err != nil {
		return nil, err
	}
	p := report{
		About: r.about, Versions: versions(r), Sets: strings.Join(sets, " and "), Measured: r.measured, LeftOut: leftOut(r, sets),
		Goals: goalTable(r, sets), Grid: gridTable(r, sets), CD20: cd20Table(r, sets), KMeans: kmeansTable(r, sets),
		Train: trainTable(r, sets), Methods: methodTable(r, sets), Slow: slow(r, sets), Frames: frameTable(r, sets),
		Points: growth(r, sets, byPoints), Width: growth(r, sets, byWidth),
	}
	var out bytes.Buffer
	err = t.Execute(&out, p)
	return out.Bytes(), err
}

func versions(r *results) string {
	var list []string
	for _, key := range libraries {
		if v := r.about[key]; v != "" {
			list = append(list, called[key]+" "+v)
		}
	}
	return strings.Join(list, ", ")
}

// leftOut says in sentences what is missing here, and why.
func leftOut(r *results, sets []string) []string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(r.failed)) {
		experiment, who, _ := strings.Cut(key, " ")
		list = append(list, fmt.Sprintf("%s has no numbers for %s: %s.", who, experiment, strings.TrimSuffix(r.failed[key], ".")))
	}
	if len(r.names) > 0 && !slices.Contains(sets, "avx512") {
		list = append(list, fmt.Sprintf("Nothing was measured with AVX-512: the kernels here are %s.", strings.Join(sets, " and ")))
	}
	for _, e := range plan {
		if len(r.under(e.name, "")) == 0 {
			list = append(list, fmt.Sprintf("The experiment %s has not been run.", e.name))
		}
	}
	return list
}

func goalTable(r *results, sets []string) *table {
	t := &table{head: []string{"what", "kernels", "required", "measured", ""}}
	for _, g := range goals(r, sets) {
		t.add(g.cells()...)
	}
	return t
}

// number shows three digits or so.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}

// cell shows what a work reached in a unit, times a factor, and in which way if there are several.
func (r *results) cell(w work, unit string, factor float64) string {
	t, ok := r.best(w)
	if !ok || len(t.values(unit)) == 0 {
		return "–"
	}
	text := number(median(t.values(unit)) * factor)
	if len(r.of[w]) > 1 && unit != "auc" {
		text += " " + strings.NewReplacer("-", " ", "=", " of ").Replace(t.way)
	}
	return strings.TrimSpace(text)
}

// rates shows how often a second a work was done.
func (r *results) rates(w work) string {
	t, ok := r.best(w)
	if !ok {
		return "–"
	}
	return number(1 / t.seconds())
}

// compared shows how many times as long a took as b.
func (r *results) compared(a, b work) string {
	got, ok := r.over(a, b)
	if !ok {
		return "–"
	}
	return number(got.median) + times
}
