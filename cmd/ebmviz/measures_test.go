package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r2"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
	"ebmviz/ebm/data/table"
	ebmmeasure "ebmviz/ebm/measure"
	"ebmviz/sim"
	"ebmviz/sim/export"
	"ebmviz/sim/sched"
)

// situation is one in which the measures of a run are computed again.
type situation struct {
	name   string
	config sim.Config
	steps  int
	on     ebmmeasure.TestSet
	beta   float64 // of the model's own density; 0 if it has none
}

// situations lists built-in data, a knob β, and a user's points: many, few, equal, and two.
func situations(t *testing.T) []situation {
	t.Helper()
	many, few := tablePoints(t, "held.csv"), tablePoints(t, "train40.csv")
	equal := make([]r2.Vec, 200)
	for i := range equal {
		equal[i] = r2.Vec{X: .3, Y: -.2}
	}
	two := []r2.Vec{{X: -.5, Y: .25}, {X: .75, Y: 1}}
	built := func(model string, knobs map[string]any, beta float64) situation {
		return situation{fmt.Sprint(model, knobs), sim.Config{Model: model, Knobs: knobs}, 150, ebmmeasure.FreshSamples, beta}
	}
	own := func(model, name string, points []r2.Vec, knobs map[string]any, on ebmmeasure.TestSet, beta float64) situation {
		return situation{fmt.Sprint(model, " on ", name, knobs), sim.Config{Model: model, Data: "custom", Points: points, Knobs: knobs}, 100, on, beta}
	}
	const held, training = ebmmeasure.HeldOutPoints, ebmmeasure.TrainingPoints
	return []situation{
		built("maxlik", nil, 1), built("nce", nil, 1), built("gmm", nil, 1), built("dsm", nil, 1),
		built("maxlik", set{"beta": 3.}, 3), built("mc", set{"beta": .5}, .5), built("mcmc", set{"beta": 2.}, 2),
		built("pcd", set{"beta": 2.}, 2), built("hmc", set{"beta": 2.}, 2), built("cd", set{"variant": "mala", "beta": 3.}, 3),
		built("cd", set{"beta": 3.}, 1), // the walk of the lecture has no β
		built("masked", set{"energy": "chain"}, 1), built("masked", set{"energy": "independent"}, 1), built("masked", nil, 0),
		built("kmeans", nil, 0), built("dae", nil, 0), built("lcc", nil, 0), built("hinge", nil, 0),
		built("softkmeans", set{"beta": 7.}, 0), built("latent", set{"inference": "soft", "beta": 50.}, 0), // β of a soft minimum
		own("gmm", "2000 points", many, nil, held, 1), own("kmeans", "2000 points", many, nil, held, 0),
		own("maxlik", "2000 points", many, set{"beta": 3.}, held, 3), own("gmm", "2000 points", many, set{"data.noise": .05}, held, 1),
		own("gmm", "99 points", many[:99], nil, training, 1), own("gmm", "100 points", many[:100], nil, held, 1),
		own("gmm", "40 points", few, set{"k": 20., "covariance": "full"}, training, 1), own("kmeans", "40 points", few, set{"k": 20.}, training, 0),
		own("maxlik", "40 points", few, set{"beta": .5}, training, .5),
		own("gmm", "equal points", equal, nil, training, 1), own("kmeans", "equal points", equal, nil, training, 0),
		own("gmm", "two points", two, nil, training, 1), own("kmeans", "two points", two, nil, training, 0), own("maxlik", "two points", two, nil, training, 1),
	}
}

// tablePoints reads the points of a table that is in the units of the plane.
func tablePoints(t *testing.T, name string) []r2.Vec {
	t.Helper()
	f, err := os.Open(filepath.Join("../../ebm/data/table/testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read, err := table.Read(f, table.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return read.Points
}

// TestMeasures computes the measures of each situation again, from their formulas, and holds the report,
// the scalars on the page, and what they are called to that. Its Python part has the exported script's
// energy and β.
func TestMeasures(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute, and starts Python")
	}
	python := numpy(t)
	for _, s := range situations(t) {
		t.Run(s.name, func(t *testing.T) {
			run, err := sim.NewRun(s.config, sched.Parallel())
			if err != nil {
				t.Fatal(err)
			}
			every := max(1, run.Card().Steps/100) // the page's scalars are of the last step that this divides
			for range (s.steps + every - 1) / every * every {
				if err := run.Step(); err != nil {
					t.Fatal(err)
				}
			}
			c := newByHand(t, run, s)
			report := run.Measure()
			c.check(t, report)
			c.checkNames(t, report)
			c.checkPython(t, python, report)
		})
	}
}

// byHand has what the measures are computed from: energies at the test points and on a grid that is
// finer than that of any report.
type byHand struct {
	s       situation
	run     *sim.Run
	set     data.Set // nil for a user's points
	test    []r2.Vec
	e       []float64 // energies of the test points
	cells   []r2.Vec
	grid    []float64 // energies of the cells
	logArea float64   // of a cell
}

const handSide = 300

func newByHand(t *testing.T, run *sim.Run, s situation) *byHand {
	t.Helper()
	c := &byHand{s: s, run: run}
	switch s.on {
	case ebmmeasure.FreshSamples:
		card, err := data.Lookup(run.Config().Data)
		if err != nil {
			t.Fatal(err)
		}
		c.set = card.New()
		c.set.Knobs(ebm.NewKnobs("data"))
		c.test = ebmmeasure.NewSuite(c.set).Test() // the points alone; what is measured on them is computed here
	case ebmmeasure.TrainingPoints:
		c.test = run.Points()
		if run.Held() != nil {
			t.Errorf("%d points are held out", len(run.Held()))
		}
	default:
		for _, i := range run.Held() {
			c.test = append(c.test, run.Points()[i])
		}
		if share := float64(len(c.test)) / float64(len(run.Points())); share < .1 || share > .3 {
			t.Errorf("%.2f of the points are held out", share)
		}
	}
	for j := range handSide {
		for i := range handSide {
			c.cells = append(c.cells, r2.Vec{X: 3 * ((float64(i)+.5)/handSide - .5), Y: 3 * ((float64(j)+.5)/handSide - .5)})
		}
	}
	c.logArea = 2 * math.Log(3./handSide)
	c.e, c.grid = make([]float64, len(c.test)), make([]float64, len(c.cells))
	run.ExactEnergy(c.e, c.test)
	run.ExactEnergy(c.grid, c.cells)
	return c
}

func average(x []float64) float64 {
	sum := 0.
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// logZ is log ∫ e^{-βF}.
func (c *byHand) logZ(beta float64) float64 {
	least := slices.Min(c.grid)
	sum := 0.
	for _, f := range c.grid {
		sum += math.Exp(-beta * (f - least))
	}
	return math.Log(sum) + c.logArea - beta*least
}

func (c *byHand) nll(beta float64) float64 { return beta*average(c.e) + c.logZ(beta) }

// bestNLL is the least NLL over all β up to the given one.
func (c *byHand) bestNLL(upTo float64) float64 {
	best := math.Inf(1)
	for x := math.Log(upTo); x >= math.Log(1e-2); x -= .1 {
		best = min(best, c.nll(math.Exp(x)))
	}
	return best
}

// auc is the probability that a test point lies lower than a point of the plane, of which every fourth
// row and column is compared.
func auc(test, grid []float64) float64 {
	wins, n := 0., 0.
	for j := 1; j < handSide; j += 4 {
		for i := 1; i < handSide; i += 4 {
			f := grid[j*handSide+i]
			for _, e := range test {
				n++
				if e < f {
					wins++
				} else if e == f {
					wins += .5
				}
			}
		}
	}
	return wins / n
}

// low is the part of the plane that is no higher than 95 % of the test points.
func (c *byHand) low() float64 {
	sorted := slices.Sorted(slices.Values(c.e))
	level, n := sorted[int(math.Ceil(.95*float64(len(sorted))))-1], 0.
	for _, f := range c.grid {
		if f <= level {
			n++
		}
	}
	return n / float64(len(c.grid))
}

// far is the mass of e^{-βF} farther than 5σ from the data's skeleton, and how much lower than the median
// test point it gets there, on the 100×100 cells of a report.
func (c *byHand) far(beta float64) (mass, least float64) {
	skeleton, ok := c.set.(data.Skeleton)
	if !ok {
		return math.NaN(), math.NaN()
	}
	var cells []r2.Vec
	for j := range 100 {
		for i := range 100 {
			cells = append(cells, r2.Vec{X: .03*float64(i) - 1.485, Y: .03*float64(j) - 1.485})
		}
	}
	f, distance := make([]float64, len(cells)), make([]float64, len(cells))
	c.run.ExactEnergy(f, cells)
	skeleton.Distance(distance, cells)
	logZ := c.logZ(beta)
	least = math.Inf(1)
	for i, f := range f {
		if distance[i] > 5 {
			mass += math.Exp(-beta*f-logZ) * .03 * .03
			least = min(least, f)
		}
	}
	sorted := slices.Sorted(slices.Values(c.e))
	return mass, least - sorted[(len(sorted)-1)/2]
}

// truths are the energies -log p of each dataset that was used, on the cells.
var truths = map[string][]float64{}

// truthOnCells has the energies -log p of the data on the cells.
func (c *byHand) truthOnCells() []float64 {
	if c.set == nil {
		return c.truth(c.cells)
	}
	name := c.run.Config().Data
	if truths[name] == nil {
		truths[name] = c.truth(c.cells)
	}
	return truths[name]
}

// truth has the energies -log p of the data.
func (c *byHand) truth(at []r2.Vec) []float64 {
	e := make([]float64, len(at))
	for i := range e {
		e[i] = math.NaN()
	}
	if c.set != nil {
		c.set.LogDensity(e, at)
		for i := range e {
			e[i] = -e[i]
		}
	}
	return e
}

// kl is ∫ p log(p / q), with q = e^{-βF} / Z.
func (c *byHand) kl(beta float64) float64 {
	logZ, sum := c.logZ(beta), 0.
	for i, s := range c.truthOnCells() {
		if p := math.Exp(-s + c.logArea); p > 0 || math.IsNaN(p) {
			sum += p * (-s + beta*c.grid[i] + logZ)
		}
	}
	return sum
}

// near reports a number that is not what was computed by hand; both may be NaN.
func near(t *testing.T, name string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(want) && math.IsNaN(got) {
		return
	}
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.6g, by hand %.6g", name, got, want)
	}
}

// check holds the report, and the scalars that are measured while the model learns.
func (c *byHand) check(t *testing.T, r ebmmeasure.Report) {
	t.Helper()
	beta := c.s.beta
	if beta == 0 { // judged at the best β
		beta = r.BetaCalibrated
		near(t, "NLL", r.NLL, r.NLLCalibrated, 0)
	}
	near(t, "β", r.Beta, beta, 0)
	tolerance := .01
	if c.s.config.Model == "masked" {
		tolerance = .05 // its pixels are not those of the grid
	}
	off, far := c.far(beta)
	uniform := average(c.grid)
	level := auc(c.e, c.grid)
	near(t, "NLL", r.NLL, c.nll(beta), tolerance)
	near(t, "least NLL", r.NLLCalibrated, c.bestNLL(r.BetaCalibrated*1.02), tolerance+.02)
	near(t, "AUC", r.AUC, level, .006)
	near(t, "vol95", r.Vol95, c.low(), .008)
	near(t, "mean of the data", r.MeanData, average(c.e), 1e-9)
	near(t, "mean of the plane", r.MeanUniform, uniform, .03*math.Abs(uniform)+.01)
	near(t, "mass far off", r.OffMass, off, .003)
	near(t, "depth far off", r.FarMin, far, .03*math.Abs(far)+.01)
	near(t, "KL", r.KL, c.kl(beta), tolerance+.01)
	truth := c.truth(c.test)
	near(t, "NLL of the truth", r.TrueNLL, average(truth), 1e-9)
	ceiling := math.NaN()
	if c.set != nil {
		ceiling = auc(truth, c.truthOnCells())
	}
	near(t, "ceiling", r.AUCCeiling, ceiling, .006)
	c.checkSamples(t, r, beta)

	values := make([]float64, len(c.run.ScalarNames()))
	c.run.Scalars(values)
	scalar := func(name string) float64 { return values[slices.Index(c.run.ScalarNames(), name)] }
	live := c.nll(beta)
	if c.s.beta == 0 { // the coarser grid bounds β more
		live = c.nll(r.BetaCalibrated)
		if few := len(c.test) < 100 || c.s.on == ebmmeasure.TrainingPoints; few {
			live = scalar("nll")
		}
	}
	near(t, "nll on the page", scalar("nll"), live, tolerance+.01)
	near(t, "auc on the page", scalar("auc"), level, .008)
	near(t, "vol95 on the page", scalar("vol95"), c.low(), .012)
	near(t, "mean_data on the page", scalar("mean_data"), average(c.e), 1e-3*math.Abs(average(c.e))+1e-3)
	near(t, "mean_uniform on the page", scalar("mean_uniform"), uniform, .03*math.Abs(uniform)+.01)
	near(t, "nll_true on the page", scalar("nll_true"), average(truth), 1e-9)
	near(t, "auc_ceiling on the page", scalar("auc_ceiling"), ceiling, .008)
}

// checkSamples draws from e^{-βF} on its own, and compares with the test points by plain loops. Both are
// random, so the two agree about.
func (c *byHand) checkSamples(t *testing.T, r ebmmeasure.Report, beta float64) {
	t.Helper()
	if len(c.test) < 40 {
		return // too few to agree
	}
	rng, drawn := rand.New(rand.NewPCG(5, 5)), make([]r2.Vec, len(c.test))
	upTo, sum, logZ := make([]float64, len(c.grid)), 0., c.logZ(beta)
	for i, f := range c.grid {
		sum += math.Exp(-beta*f - logZ + c.logArea)
		upTo[i] = sum
	}
	for k := range drawn {
		i, _ := slices.BinarySearch(upTo, sum*rng.Float64())
		drawn[k] = c.cells[min(i, len(c.cells)-1)]
	}
	nearest := func(a, b []r2.Vec) float64 {
		sum := 0.
		for _, y := range a {
			d := math.Inf(1)
			for _, z := range b {
				d = min(d, math.Hypot(y.X-z.X, y.Y-z.Y))
			}
			sum += d
		}
		return sum / float64(len(a))
	}
	kernel := func(a, b []r2.Vec) float64 {
		sum := 0.
		for _, y := range a {
			for _, z := range b {
				sum += math.Exp(-((y.X-z.X)*(y.X-z.X) + (y.Y-z.Y)*(y.Y-z.Y)) / (2 * .1 * .1))
			}
		}
		return sum / float64(len(a)*len(b))
	}
	chamfer := nearest(drawn, c.test) + nearest(c.test, drawn)
	mmd := kernel(drawn, drawn) + kernel(c.test, c.test) - 2*kernel(drawn, c.test)
	near(t, "Chamfer", r.Samples.Chamfer, chamfer, .25*chamfer)
	near(t, "MMD²", r.Samples.MMD2, mmd, .4*mmd+.004) // the report draws within cells of .03
	if known := !math.IsNaN(r.Floor.W2); known != (c.set != nil) || math.IsNaN(r.Samples.W2) {
		t.Errorf("W2 is %v with a floor of %v", r.Samples.W2, r.Floor.W2)
	}
}

// checkNames holds what files and JSON say of the measures.
func (c *byHand) checkNames(t *testing.T, r ebmmeasure.Report) {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var has map[string]any
	if err := json.Unmarshal(text, &has); err != nil {
		t.Fatal(err)
	}
	if has["on"] != string(c.s.on) || c.run.TestSet() != c.s.on {
		t.Errorf("measured on %v, the report says %v, want %s", c.run.TestSet(), has["on"], c.s.on)
	}
	for _, name := range []string{"auc_ceiling", "true_nll", "kl", "off_mass", "far_min", "chamfer_floor"} {
		if _, ok := has[name]; ok != (c.set != nil) {
			t.Errorf("%s is there: %v, on %s", name, ok, c.s.on)
		}
	}
	format, _ := export.Lookup("curves.csv")
	var curves strings.Builder
	if err := format.Write(&curves, export.Source{Checkpoint: c.run.Checkpoint(), History: c.run.History()}, ebm.Serial); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(curves.String()), "\n")
	header, last := strings.Split(lines[0], ","), strings.Split(lines[len(lines)-1], ",")
	at := slices.Index(header, "measured_on")
	if own := c.set == nil; own != (at >= 0) || own && last[at] != string(c.s.on) {
		t.Errorf("curves.csv has the columns %s, and its last line is %s", lines[0], lines[len(lines)-1])
	}
}

// measureScript computes the measures from the exported script's energy and β.
const measureScript = `
import json
import numpy as np
import model
test = np.loadtxt("test.csv", delimiter=",", ndmin=2)
def plane(side):
    line = 3 * ((np.arange(side) + .5) / side - .5)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
e, f = (np.concatenate([model.energy(part) for part in np.array_split(y, 1 + len(y) // 5000)]) for y in (test, plane(200)))
def nll(beta):
    least = f.min()
    return beta * (e.mean() - least) + np.log(np.mean(np.exp(-beta * (f - least))) * 9)
s = np.sort(f)
above = len(f) - np.searchsorted(s, e, "right")
ties = np.searchsorted(s, e, "right") - np.searchsorted(s, e, "left")
print(json.dumps({
    "beta": model.BETA, "nll": nll(model.BETA or float(open("beta").read())),
    "auc": np.mean(above + ties / 2) / len(f), "mean_data": e.mean(),
    "vol95": np.mean(f <= np.sort(e)[int(np.ceil(.95 * len(e))) - 1]),
}))
`

// checkPython holds the report to what numpy computes from the exported script.
func (c *byHand) checkPython(t *testing.T, python string, r ebmmeasure.Report) {
	t.Helper()
	if c.s.config.Model == "lcc" {
		return // its script takes a millisecond for each point
	}
	format, _ := export.Lookup("model.py")
	var script, points strings.Builder
	if err := format.Write(&script, export.Source{Checkpoint: c.run.Checkpoint()}, ebm.Serial); err != nil {
		t.Fatal(err)
	}
	for _, y := range c.test {
		fmt.Fprintf(&points, "%.17g,%.17g\n", y.X, y.Y)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"model.py": script.String(), "test.csv": points.String(), "measure.py": measureScript, "beta": strconv.FormatFloat(r.Beta, 'g', -1, 64),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(python, "measure.py")
	command.Dir, command.Stderr = dir, os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Beta     *float64
		NLL, AUC float64
		MeanData float64 `json:"mean_data"`
		Vol95    float64
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if own := got.Beta != nil; own != (c.s.beta > 0) || own && *got.Beta != c.s.beta {
		t.Errorf("the script says %s, want β = %v", out, c.s.beta)
	}
	tolerance := .01
	if c.s.config.Model == "masked" {
		tolerance = .05
	} else if c.s.on == ebmmeasure.TrainingPoints {
		tolerance = .1 // a grid of 200 cells a side is coarse for the narrowest wells
	}
	near(t, "NLL by Python", r.NLL, got.NLL, tolerance)
	near(t, "AUC by Python", r.AUC, got.AUC, .006)
	near(t, "vol95 by Python", r.Vol95, got.Vol95, .008)
	near(t, "mean of the data by Python", r.MeanData, got.MeanData, 1e-5*math.Abs(got.MeanData)+1e-5)
}
